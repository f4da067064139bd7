/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The dialog with version and licence. Main thread.
 */

#include "config.h"

#include "gui/about.h"

#include <glib/gi18n.h>

void
atlas_about_show (GtkWindow *parent)
{
  static const char *const authors[] = { N_ ("The Memory Atlas contributors"), NULL };
  const char *translated[] = { _ (authors[0]), NULL };

  gtk_show_about_dialog (parent, "program-name", _ ("Memory Atlas"), "version", ATLAS_VERSION,
                         "logo-icon-name", ATLAS_APPLICATION_ID, "comments",
                         _ ("See where the memory of a process goes"), "copyright",
                         _ ("© The Memory Atlas contributors"), "license-type", GTK_LICENSE_GPL_3_0,
                         "authors", translated,
                         /* Translators: put your names here, one a line */
                         "translator-credits", _ ("translator-credits"), "modal", TRUE,
                         "destroy-with-parent", TRUE, NULL);
}
