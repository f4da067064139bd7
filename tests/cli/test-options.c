/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The parser of the command line, without running anything.
 */

#include "config.h"

#include "cli/command.h"
#include "util/error.h"

#include <string.h>

#define MAX_ARGUMENTS 8

/* Splits @line at blanks; "''" is an empty argument. */
static gboolean
parse (const char *line, AtlasOptions *options, GError **error)
{
  static char *kept[MAX_ARGUMENTS + 2];
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  int argc = 0;

  kept[argc++] = (char *)"mematlas";
  for (guint i = 0; words[i] != NULL && *words[0] != '\0'; i++)
    kept[argc++] = (char *)g_intern_string (strcmp (words[i], "''") == 0 ? "" : words[i]);
  g_assert_cmpint (argc, <=, MAX_ARGUMENTS);
  kept[argc] = NULL;
  return atlas_options_parse (argc, kept, options, error);
}

static void
test_good (void)
{
  static const struct
  {
    const char *line;
    AtlasOptions expected;
  } rows[] = {
    { "", { 0 } },
    { "-64", { 0 } },
    { "-p 42", { .process = "42" } },
    { "-p42", { .process = "42" } },
    { "-p -64", { .process = "-64" } },
    { "--process=a=b", { .process = "a=b" } },
    { "-64 -p name out.csv", { .process = "name", .output = "out.csv" } },
    { "out -p name", { .process = "name", .output = "out" } },
    { "-p name - --format=csv", { .process = "name", .output = "-", .format = "csv" } },
    { "-p name -f mmp x", { .process = "name", .output = "x", .format = "mmp" } },
    { "-o f.mmp", { .input = "f.mmp" } },
    { "-o f.mmp f.csv", { .input = "f.mmp", .output = "f.csv" } },
    { "f.mmp", { .input = "f.mmp", .input_is_word = TRUE } },
    { "-- -f.mmp", { .input = "-f.mmp", .input_is_word = TRUE } },
    { "-o f.mmp -- --help", { .input = "f.mmp", .output = "--help" } },
    { "--largest", { .largest = TRUE } },
    { "--largest - --numa", { .largest = TRUE, .output = "-", .numa = TRUE } },
    { "--proc /tree -p 1", { .proc_root = "/tree", .process = "1" } },
    { "--proc=/tree", { .proc_root = "/tree" } },
    { "-p 1 list", { .process = "1", .output = "list" } },
    { "--help", { .help = TRUE } },
    { "-h too many words", { .help = TRUE } },
    { "--version", { .version = TRUE } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AtlasOptions options;
      g_autoptr (GError) error = NULL;
      const AtlasOptions *expected = &rows[i].expected;

      g_test_message ("%s", rows[i].line);
      g_assert_true (parse (rows[i].line, &options, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (options.program_name, ==, "mematlas");
      g_assert_cmpstr (options.process, ==, expected->process);
      g_assert_cmpstr (options.input, ==, expected->input);
      g_assert_cmpstr (options.output, ==, expected->output);
      g_assert_cmpstr (options.format, ==, expected->format);
      g_assert_cmpstr (options.proc_root, ==, expected->proc_root);
      g_assert_cmpint (options.input_is_word, ==, expected->input_is_word);
      g_assert_cmpint (options.largest, ==, expected->largest);
      g_assert_cmpint (options.numa, ==, expected->numa);
      g_assert_cmpint (options.help, ==, expected->help);
      g_assert_cmpint (options.version, ==, expected->version);
      g_assert_null (options.command);
    }
}

static void
test_verbs (void)
{
  static const char *const lines[] = { "list", "list --format=json", "--proc /tree list" };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      AtlasOptions options;
      g_autoptr (GError) error = NULL;
      g_assert_true (parse (lines[i], &options, &error));
      g_assert_no_error (error);
      g_assert_nonnull (options.command);
      g_assert_cmpstr (options.command->name, ==, "list");
      g_assert_null (options.input);
    }
}

static void
test_bad (void)
{
  /* Each with a word that the message must hold. */
  static const struct
  {
    const char *line;
    const char *word;
  } rows[] = {
    { "-p", "-p" },
    { "-p ''", "-p" },
    { "--process=", "PID|NAME" },
    { "-o", "FILE" },
    { "--proc", "DIR" },
    { "-x", "-x" },
    { "-6", "-6" },
    { "-645", "-645" },
    { "--proces 1", "--proces" },
    { "--help=yes", "--help" },
    { "-p 1 -p 2", "--process" },
    { "-p 1 -o f", "-p" },
    { "-p 1 --largest", "--largest" },
    { "--largest -o f", "--largest" },
    { "-p 1 ''", "empty" },
    { "''", "empty" },
    { "-p 1 a b", "b" },
    { "a b", "b" },
    { "list a", "a" },
    { "-p 1 --format=csv", "OUTPUT" },
    { "--format=csv", "OUTPUT" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AtlasOptions options = { .process = "untouched" };
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", rows[i].line);
      g_assert_false (parse (rows[i].line, &options, &error));
      g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_USAGE);
      g_assert_nonnull (strstr (error->message, rows[i].word));
      g_assert_cmpstr (options.process, ==, "untouched");
    }
}

/* Each option of the table can be given, in each of its forms. */
static void
test_table (void)
{
  guint n_options;
  const AtlasOption *table = atlas_option_get_all (&n_options);

  for (guint i = 0; i < n_options; i++)
    {
      const char *names[] = { table[i].name, table[i].letter };
      for (guint j = 0; j < G_N_ELEMENTS (names); j++)
        {
          char *argv[] = { (char *)"mematlas", (char *)names[j], (char *)"value", NULL };
          int argc = table[i].argument != NULL ? 3 : 2;
          AtlasOptions options = { 0 };
          g_autoptr (GError) error = NULL;

          if (names[j] == NULL)
            continue;
          gboolean good = atlas_options_parse (argc, argv, &options, &error);
          /* --format alone has nothing to be the format of. */
          if (strcmp (table[i].name, "--format") == 0)
            {
              g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_USAGE);
              continue;
            }
          g_assert_no_error (error);
          g_assert_true (good);
          if (table[i].argument != NULL)
            g_assert_cmpstr (G_STRUCT_MEMBER (char *, &options, table[i].field), ==, "value");
          else if (table[i].field != 0)
            g_assert_true (G_STRUCT_MEMBER (gboolean, &options, table[i].field));
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/options/good", test_good);
  g_test_add_func ("/options/verbs", test_verbs);
  g_test_add_func ("/options/bad", test_bad);
  g_test_add_func ("/options/table", test_table);
  return g_test_run ();
}
