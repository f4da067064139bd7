/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The text of --help, made from the tables of options and verbs.
 */

#include "config.h"

#include "cli/command.h"

#include <glib/gi18n.h>

#define HELP_COLUMN 26
#define HELP_WIDTH  79

/* The forms of the command line, each with what it does. */
static const struct
{
  const char *form;
  const char *help;
} forms[] = {
  { "mematlas", N_ ("open a window and choose a process") },
  { "mematlas -p PID|NAME", N_ ("open a window on a process") },
  { N_ ("mematlas -p PID|NAME OUTPUT"), N_ ("scan a process, save the result, exit") },
  { N_ ("mematlas -o FILE"), N_ ("open a window on a saved file") },
  { N_ ("mematlas -o FILE OUTPUT"), N_ ("write a saved file in another format") },
  { "mematlas --largest -", N_ ("print the map of the largest process as text") },
};

/* Appends @left and, from HELP_COLUMN on, @text in lines of at most HELP_WIDTH columns. */
static void
append_entry (GString *out, const char *left, const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  glong column = g_utf8_strlen (left, -1);

  g_string_append (out, left);
  if (column >= HELP_COLUMN)
    {
      g_string_append_c (out, '\n');
      column = 0;
    }
  g_string_append_printf (out, "%*s", (int)(HELP_COLUMN - column), "");
  column = HELP_COLUMN;
  for (guint i = 0; words[i] != NULL; i++)
    {
      glong length = g_utf8_strlen (words[i], -1);
      if (column > HELP_COLUMN && column + 1 + length > HELP_WIDTH)
        {
          g_string_append_printf (out, "\n%*s", HELP_COLUMN, "");
          column = HELP_COLUMN;
        }
      if (column > HELP_COLUMN)
        {
          g_string_append_c (out, ' ');
          column++;
        }
      g_string_append (out, words[i]);
      column += length;
    }
  g_string_append_c (out, '\n');
}

static void
append_options (GString *out)
{
  guint n_options;
  const AtlasOption *options = atlas_option_get_all (&n_options);

  for (guint i = 0; i < n_options; i++)
    {
      const AtlasOption *option = &options[i];
      g_autoptr (GString) left = g_string_new ("  ");

      if (option->letter != NULL)
        g_string_append_printf (left, "%s, ", option->letter);
      g_string_append (left, option->name);
      if (option->argument != NULL)
        g_string_append_printf (left, "=%s", _ (option->argument));
      append_entry (out, left->str, _ (option->help));
    }
}

static char *
make_help (void)
{
  GString *out = g_string_new (NULL);
  guint n_commands;
  const AtlasCommand *commands = atlas_command_get_all (&n_commands);

  g_string_append (out, _ ("Memory Atlas shows where the memory of a process goes."));
  g_string_append_printf (out, "\n\n%s\n", _ ("Usage:"));
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autofree char *left = g_strdup_printf ("  %s", _ (forms[i].form));
      append_entry (out, left, _ (forms[i].help));
    }
  for (guint i = 0; i < n_commands; i++)
    {
      g_autofree char *left = g_strdup_printf ("  mematlas %s", commands[i].synopsis);
      append_entry (out, left, _ (commands[i].help));
    }

  g_string_append_printf (out, "\n%s\n", _ ("Options:"));
  append_options (out);

  g_string_append_printf (out, "\n%s\n", _ ("OUTPUT:"));
  append_entry (out, "  NAME, NAME.mmp", _ ("the program's own format, which it can open again"));
  append_entry (out, "  NAME.csv", _ ("a table for spreadsheets and scripts"));
  append_entry (out, _ ("  any other name"), _ ("text, aligned for reading"));
  append_entry (out, "  -", _ ("text on standard output"));

  g_string_append_printf (out, "\n%s\n", _ ("Exit status:"));
  append_entry (out, "  0", _ ("done"));
  append_entry (out, "  1", _ ("failed; the message says why"));
  append_entry (out, "  2", _ ("the command line is wrong"));
  append_entry (out, "  3", _ ("done, but something could not be read; the messages say what"));
  g_string_append_printf (
    out, "\n%s\n",
    _ ("What each column and type means: the manual, mematlas(1), and Quick Help in the window."));
  return g_string_free (out, FALSE);
}

const char *
atlas_cli_get_help (void)
{
  static char *help = NULL;

  if (g_once_init_enter (&help))
    g_once_init_leave (&help, make_help ());
  return help;
}
