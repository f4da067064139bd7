/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Locale first, then the command line, which opens the window where one is asked for.
 */

#include "config.h"

#include "cli/cli.h"
#if ATLAS_HAVE_GUI
#include "gui/gui.h"
#endif

#include <glib/gi18n.h>
#include <locale.h>

int
main (int argc, char **argv)
{
  /* The build tree has its translations elsewhere; build-aux/run says where. */
  const char *locale_dir = g_getenv ("MEMATLAS_LOCALE_DIR");

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locale_dir != NULL ? locale_dir : ATLAS_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

#if ATLAS_HAVE_GUI
  return atlas_cli_main (argc, argv, atlas_gui_run);
#else
  return atlas_cli_main (argc, argv, NULL);
#endif
}
