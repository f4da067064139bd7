/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The command line: which command the arguments mean.
 */

#include "config.h"

#include "cli/cli.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/output.h"

#include <glib/gi18n.h>
#include <signal.h>
#include <string.h>

static const AtlasCommand command_table[] = {
  { "list", "list", N_ ("print the processes"), atlas_command_list },
};

const AtlasCommand *
atlas_command_get_all (guint *out_n)
{
  *out_n = G_N_ELEMENTS (command_table);
  return command_table;
}

static int
print (const char *text)
{
  g_autoptr (GError) error = NULL;

  if (!atlas_output_print (text, strlen (text), &error))
    return atlas_message_error (error);
  return ATLAS_EXIT_OK;
}

int
atlas_cli_main (int argc, char **argv, AtlasOpenWindow open_window)
{
  g_autoptr (GError) error = NULL;
  AtlasOptions options;

  /* A reader that goes away is an error of write() like any other. */
  signal (SIGPIPE, SIG_IGN);

  if (!atlas_options_parse (argc, argv, &options, &error))
    return atlas_message_usage (error);
  if (options.help)
    return print (atlas_cli_get_help ());
  if (options.version)
    return print ("mematlas " ATLAS_VERSION "\n");
  if (options.command != NULL)
    return options.command->run (&options);
  if (options.output == NULL)
    return atlas_command_window (&options, open_window);
  return options.input != NULL ? atlas_command_convert (&options) : atlas_command_scan (&options);
}
