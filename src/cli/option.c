/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table of options and the parser that works by it. Own parser because of -64 and of arguments
 * that are bytes, not text: names of processes and files need not be UTF-8. No state.
 */

#include "config.h"

#include "cli/command.h"
#include "util/error.h"
#include "util/text.h"

#include <glib/gi18n.h>
#include <string.h>

static const AtlasOption option_table[] = {
  { "--process", "-p", N_ ("PID|NAME"),
    N_ ("the process: its PID, or the beginning of its name, or a part of its command line"),
    G_STRUCT_OFFSET (AtlasOptions, process) },
  { "--open", "-o", N_ ("FILE"), N_ ("open a saved file (.mmp)"),
    G_STRUCT_OFFSET (AtlasOptions, input) },
  { "--largest", NULL, NULL, N_ ("the process with the largest working set that may be read"),
    G_STRUCT_OFFSET (AtlasOptions, largest) },
  { "--format", "-f", N_ ("FORMAT"),
    N_ ("format of OUTPUT, whatever its name: mmp, csv or txt; of the list: txt, csv or json"),
    G_STRUCT_OFFSET (AtlasOptions, format) },
  { "--numa", NULL, NULL, N_ ("find out on which NUMA nodes the memory lies, too; takes longer"),
    G_STRUCT_OFFSET (AtlasOptions, numa) },
  { "--proc", NULL, N_ ("DIR"), N_ ("read a recorded /proc tree in place of this machine's"),
    G_STRUCT_OFFSET (AtlasOptions, proc_root) },
  { "-64", NULL, NULL, N_ ("accepted for the sake of old scripts; does nothing"), 0 },
  { "--help", "-h", NULL, N_ ("print this text"), G_STRUCT_OFFSET (AtlasOptions, help) },
  { "--version", NULL, NULL, N_ ("print the version"), G_STRUCT_OFFSET (AtlasOptions, version) },
};

const AtlasOption *
atlas_option_get_all (guint *out_n)
{
  *out_n = G_N_ELEMENTS (option_table);
  return option_table;
}

/* Finds the option that @word names; @out_value: what is glued to it ("--x=VALUE", "-pVALUE"). */
static const AtlasOption *
find_option (const char *word, const char **out_value)
{
  *out_value = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (option_table); i++)
    {
      const AtlasOption *option = &option_table[i];
      gsize length = strlen (option->name);

      if (strcmp (word, option->name) == 0 || g_strcmp0 (word, option->letter) == 0)
        return option;
      if (g_str_has_prefix (word, option->name) && word[length] == '=')
        {
          *out_value = word + length + 1;
          return option;
        }
      if (option->letter != NULL && option->argument != NULL &&
          g_str_has_prefix (word, option->letter))
        {
          *out_value = word + strlen (option->letter);
          return option;
        }
    }
  return NULL;
}

/* Takes the option at @argv[*at] and what belongs to it; leaves *at on the last word taken. */
static gboolean
take_option (int argc, char **argv, int *at, AtlasOptions *options, GError **error)
{
  const char *value;
  const AtlasOption *option = find_option (argv[*at], &value);

  if (option == NULL)
    {
      g_autofree char *word = atlas_bytes_dup_display (argv[*at]);
      g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_USAGE, _ ("Unknown option %s"), word);
      return FALSE;
    }
  if (option->argument == NULL)
    {
      if (value != NULL)
        {
          g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_USAGE, _ ("%s takes no value"),
                       option->name);
          return FALSE;
        }
      if (option->field != 0)
        G_STRUCT_MEMBER (gboolean, options, option->field) = TRUE;
      return TRUE;
    }

  if (value == NULL && *at + 1 < argc)
    value = argv[++*at];
  if (value == NULL || *value == '\0')
    {
      g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_USAGE, _ ("%s needs a value: %s"),
                   option->letter != NULL ? option->letter : option->name, _ (option->argument));
      return FALSE;
    }
  if (G_STRUCT_MEMBER (const char *, options, option->field) != NULL)
    {
      g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_USAGE, _ ("%s is given twice"), option->name);
      return FALSE;
    }
  G_STRUCT_MEMBER (const char *, options, option->field) = value;
  return TRUE;
}

/* A word that is no option: a verb, OUTPUT, or a file to open. */
static gboolean
take_words (GPtrArray *words, AtlasOptions *options, GError **error)
{
  gboolean chosen = options->process != NULL || options->input != NULL || options->largest;
  guint n_commands;
  const AtlasCommand *commands = atlas_command_get_all (&n_commands);
  guint used = 0;

  for (guint i = 0; i < words->len; i++)
    if (*(const char *)g_ptr_array_index (words, i) == '\0')
      {
        g_set_error_literal (error, ATLAS_ERROR, ATLAS_ERROR_USAGE,
                             _ ("An argument is empty: a file needs a name (is a variable not "
                                "set?)"));
        return FALSE;
      }
  for (guint i = 0; words->len > 0 && !chosen && i < n_commands; i++)
    if (strcmp (g_ptr_array_index (words, 0), commands[i].name) == 0)
      {
        options->command = &commands[i];
        used = 1;
      }
  if (words->len > used && options->command == NULL)
    {
      const char *word = g_ptr_array_index (words, used++);
      if (chosen)
        options->output = word;
      else
        {
          options->input = word;
          options->input_is_word = TRUE;
        }
    }
  if (words->len > used)
    {
      g_autofree char *word = atlas_bytes_dup_display (g_ptr_array_index (words, used));
      g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_USAGE, _ ("“%s” is one argument too many"),
                   word);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_together (const AtlasOptions *options, GError **error)
{
  guint sources =
    (options->process != NULL) + (options->input != NULL) + (options->largest ? 1 : 0);

  if (sources > 1)
    {
      g_set_error_literal (error, ATLAS_ERROR, ATLAS_ERROR_USAGE,
                           _ ("Only one of -p, --largest and a file to open can be given"));
      return FALSE;
    }
  if (options->format != NULL && options->output == NULL && options->command == NULL)
    {
      g_set_error_literal (error, ATLAS_ERROR, ATLAS_ERROR_USAGE,
                           _ ("--format needs an OUTPUT that it is the format of"));
      return FALSE;
    }
  return TRUE;
}

gboolean
atlas_options_parse (int argc, char **argv, AtlasOptions *out_options, GError **error)
{
  AtlasOptions options = { .program_name = argc > 0 ? argv[0] : "mematlas" };
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  gboolean only_words = FALSE;

  for (int i = 1; i < argc; i++)
    {
      if (only_words || argv[i][0] != '-' || argv[i][1] == '\0')
        g_ptr_array_add (words, argv[i]);
      else if (strcmp (argv[i], "--") == 0)
        only_words = TRUE;
      else if (!take_option (argc, argv, &i, &options, error))
        return FALSE;
    }
  /* Whoever asks for help gets it, whatever else stands there. */
  if (!options.help && !options.version &&
      (!take_words (words, &options, error) || !check_together (&options, error)))
    return FALSE;
  *out_options = options;
  return TRUE;
}
