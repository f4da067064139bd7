/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The program's own format by way of the command line: saved, opened again, written as another.
 */

#include "config.h"

#include "recorded-tree.h"
#include "run.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char *tree;
  char *directory;
  char *saved; /* process 100, as .mmp */
} Fixture;

static char *
dup_path (Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->directory, name, NULL);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_auto (Run) run = { 0 };
  g_autoptr (GError) error = NULL;

  fixture->tree = recorded_tree_new ();
  fixture->directory = g_dir_make_tmp ("mematlas-cli-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->saved = dup_path (fixture, "saved.mmp");
  g_autofree char *without_extension = dup_path (fixture, "saved");
  run_program (&run, "--proc", fixture->tree, "-p", "100", without_extension, NULL);
  assert_status (&run, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  recorded_tree_free (fixture->tree);
  remove_tree (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->saved);
}

/* ".mmp" was added, and what is there is what gzip and a JSON parser of others can read. */
static void
test_saved (Fixture *fixture, gconstpointer data)
{
  g_auto (Run) run = { 0 };
  g_autofree char *tool = g_find_program_in_path ("jq");
  g_autofree char *command = NULL;

  g_assert_true (g_file_test (fixture->saved, G_FILE_TEST_IS_REGULAR));
  if (tool == NULL)
    {
      g_test_skip ("jq is not installed");
      return;
    }
  command = g_strdup_printf ("zcat '%s' | jq -s 'length > 2'", fixture->saved);
  run_shell (&run, command);
  assert_status (&run, 0);
  g_assert_cmpstr (run.out, ==, "true\n");
}

/* The same CSV from the file as from the process itself. */
static void
test_same (Fixture *fixture, gconstpointer data)
{
  g_auto (Run) direct = { 0 };
  g_auto (Run) converted = { 0 };

  run_program (&direct, "--proc", fixture->tree, "-p", "100", "-", "--format=csv", NULL);
  run_program (&converted, "-o", fixture->saved, "-", "--format=csv", NULL);
  assert_status (&direct, 0);
  assert_status (&converted, 0);
  g_assert_cmpstr (direct.out, ==, converted.out);
  g_assert_cmpstr (converted.err, ==, "");
}

/* Through the format itself and back, over itself, too. */
static void
test_again (Fixture *fixture, gconstpointer data)
{
  g_auto (Run) run = { 0 };
  g_auto (Run) first = { 0 };
  g_auto (Run) second = { 0 };
  g_autofree char *copy = dup_path (fixture, "copy.mmp");

  run_program (&first, "-o", fixture->saved, "-", "-f", "csv", NULL);
  run_program (&run, "-o", fixture->saved, copy, NULL);
  assert_status (&run, 0);
  run_program (&run, "-o", copy, copy, NULL);
  assert_status (&run, 0);
  run_program (&second, "-o", copy, "-", "-f", "csv", NULL);
  assert_status (&second, 0);
  g_assert_cmpstr (first.out, ==, second.out);
}

static void
test_stdout (Fixture *fixture, gconstpointer data)
{
  g_auto (Run) run = { 0 };
  g_autofree char *command = g_strdup_printf (
    "\"$MEMATLAS\" --proc '%s' -p 100 - -f mmp | zcat | head -n 1 | grep -q '^{'", fixture->tree);

  run_shell (&run, command);
  assert_status (&run, 0);
}

/* What was missing at the scan is missing still. */
static void
test_partial (Fixture *fixture, gconstpointer data)
{
  g_auto (Run) run = { 0 };
  g_autofree char *partial = dup_path (fixture, "partial.mmp");

  run_program (&run, "--proc", fixture->tree, "-p", "110", partial, NULL);
  assert_status (&run, 3);
  run_program (&run, "-o", partial, "-", NULL);
  assert_status (&run, 3);
  assert_holds (run.err, "Process 110 (partial): not read: smaps");
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_auto (Run) run = { 0 };
  g_autofree char *damaged = dup_path (fixture, "damaged.mmp");
  g_autofree char *output = dup_path (fixture, "out.csv");

  g_assert_true (g_file_set_contents (output, "precious", -1, NULL));
  g_assert_true (g_file_set_contents (damaged, "this is no such file\n", -1, NULL));
  run_program (&run, "-o", damaged, output, NULL);
  assert_status (&run, 1);
  assert_holds (run.err, "damaged.mmp");

  run_program (&run, "-o", "/nonexistent.mmp", output, NULL);
  assert_status (&run, 1);
  assert_holds (run.err, "/nonexistent.mmp");

  g_autofree char *kept = NULL;
  g_assert_true (g_file_get_contents (output, &kept, NULL, NULL));
  g_assert_cmpstr (kept, ==, "precious");
}

/* A file that breaks off inside its last record, behind a whole snapshot. */
static void
test_truncated (Fixture *fixture, gconstpointer data)
{
  g_auto (Run) run = { 0 };
  g_autofree char *broken = dup_path (fixture, "broken.mmp");
  g_autofree char *command = g_strdup_printf (
    "{ zcat '%s'; zcat '%s' | tail -n 1 | head -c 9; } | gzip >'%s' && \"$MEMATLAS\" -o '%s' - -f "
    "csv",
    fixture->saved, fixture->saved, broken, broken);

  run_shell (&run, command);
  assert_status (&run, 3);
  assert_holds (run.err, "broken.mmp");
  assert_holds (run.out, "\"PID:\",\"100\"");
}

static void
test_closed (Fixture *fixture, gconstpointer data)
{
  g_auto (Run) run = { 0 };
  g_autofree char *command = g_strdup_printf (
    "{ sleep 0.2; \"$MEMATLAS\" -o '%s' - -f mmp; echo $? >&2; } | true", fixture->saved);

  run_shell (&run, command);
  g_assert_cmpstr (run.err, ==, "1\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function)                                                                        \
  g_test_add ("/convert/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("saved", test_saved);
  ADD ("same", test_same);
  ADD ("again", test_again);
  ADD ("stdout", test_stdout);
  ADD ("partial", test_partial);
  ADD ("damaged", test_damaged);
  ADD ("truncated", test_truncated);
  ADD ("closed", test_closed);
#undef ADD
  return g_test_run ();
}
