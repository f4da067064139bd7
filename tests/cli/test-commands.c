/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The program itself, run on a recorded tree: what it prints, what it writes, how it ends.
 */

#include "config.h"

#include "recorded-tree.h"
#include "run.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  char *tree;
  char *directory; /* for what the program writes */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->tree = recorded_tree_new ();
  fixture->directory = g_dir_make_tmp ("mematlas-cli-XXXXXX", &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  recorded_tree_free (fixture->tree);
  remove_tree (fixture->directory);
  g_free (fixture->directory);
}

static char *
dup_path (Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->directory, name, NULL);
}

static char *
dup_contents (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *contents;

  g_file_get_contents (path, &contents, NULL, &error);
  g_assert_no_error (error);
  return contents;
}

static guint
count_files (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  guint count = 0;

  while (g_dir_read_name (dir) != NULL)
    count++;
  return count;
}

static void
test_help (Fixture *fixture, gconstpointer data)
{
  g_auto (Run) run = { 0 };
  g_auto (Run) second = { 0 };

  run_program (&run, "--help", NULL);
  assert_status (&run, 0);
  g_assert_cmpstr (run.err, ==, "");
  assert_holds (run.out, "-p, --process=PID|NAME");
  assert_holds (run.out, "Exit status:");
  for (const char *line = run.out; *line != '\0'; line = strchr (line, '\n') + 1)
    g_assert_cmpint (strchr (line, '\n') - line, <, 100);

  run_program (&second, "-p", "1", "-h", "much", "more", NULL);
  assert_status (&second, 0);
  g_assert_cmpstr (run.out, ==, second.out);
}

static void
test_version (Fixture *fixture, gconstpointer data)
{
  g_auto (Run) run = { 0 };

  run_program (&run, "--version", NULL);
  assert_status (&run, 0);
  g_assert_cmpstr (run.out, ==, "mematlas " ATLAS_VERSION "\n");
}

static void
test_usage (Fixture *fixture, gconstpointer data)
{
  g_auto (Run) run = { 0 };

  run_program (&run, "--nonsense", NULL);
  assert_status (&run, 2);
  g_assert_cmpstr (run.out, ==, "");
  assert_holds (run.err, "--nonsense");
  assert_holds (run.err, "mematlas --help");

  run_program (&run, "lsit", NULL);
  assert_status (&run, 2);
  assert_holds (run.err, "“lsit”");

  run_program (&run, "list", "--format=xml", NULL);
  assert_status (&run, 2);
  assert_holds (run.err, "xml");

  run_program (&run, "--proc", fixture->tree, "-p", "100", "-", "--format=xml", NULL);
  assert_status (&run, 2);
  assert_holds (run.err, "xml");
}

static void
test_no_display (Fixture *fixture, gconstpointer data)
{
  g_auto (Run) run = { 0 };

  run_program (&run, NULL);
  assert_status (&run, 1);
  assert_holds (run.err, ATLAS_HAVE_GUI ? "WAYLAND_DISPLAY" : "without its window");

  run_program (&run, "--proc", fixture->tree, "-p", "100", NULL);
  assert_status (&run, 1);

  /* Digits are a pid, never a part of somebody's command line. */
  run_program (&run, "--proc", fixture->tree, "-p", "0", "-", NULL);
  assert_status (&run, 1);
  assert_holds (run.err, "no process 0");
  run_program (&run, "--proc", fixture->tree, "-p", "99999999999", "-", NULL);
  assert_status (&run, 1);
  assert_holds (run.err, "no process 99999999999");

  run_program (&run, "--proc", fixture->directory, "list", NULL);
  assert_status (&run, 1);
  assert_holds (run.err, fixture->directory);

  run_program (&run, "-o", "/nonexistent/file.mmp", NULL);
  assert_status (&run, 1);
  assert_holds (run.err, "/nonexistent/file.mmp");
}

static void
test_list_text (Fixture *fixture, gconstpointer data)
{
  static const char *const expected =
    "PID  USER  NAME       PRIVATE/KiB  WORKING-SET/KiB  ARCH  READABLE\n"
    "  2  root  kthreadd             -                -  -     no: kernel thread\n"
    "100  root  worker             400              400  -     yes\n"
    "110  root  partial            200              200  -     yes\n"
    "200  root  worker2            200              200  -     yes\n"
    "300  root  other              200              200  -     yes\n"
    "400  root  od\"d,\\012          200              200  -     yes\n";
  g_auto (Run) run = { 0 };

  run_program (&run, "--proc", fixture->tree, "list", NULL);
  assert_status (&run, 0);
  g_assert_cmpstr (run.out, ==, expected);
  g_assert_cmpstr (run.err, ==, "");
}

/* A line has room for a few words only; CSV has the whole sentence. */
static void
test_list_reason (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = dup_path (fixture, "7");
  g_autofree char *stat = g_build_filename (folder, "stat", NULL);
  g_auto (Run) run = { 0 };

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (
    stat, "7 (dead) Z 1 7 7 0 -1 4 0 0 0 0 0 0 0 0 20 0 1 0 100 0 0\n", -1, NULL));
  run_program (&run, "--proc", fixture->directory, "list", NULL);
  assert_status (&run, 0);
  g_assert_true (
    g_str_has_suffix (run.out, "no: has ended (zombie, not yet collected by its parent 1)\n"));

  run_program (&run, "--proc", fixture->directory, "list", "--format=csv", NULL);
  assert_status (&run, 0);
  assert_holds (run.out,
                "\"Process 7 (dead) has ended (zombie, not yet collected by its parent 1): "
                "its memory is gone\"");
}

/* More in RAM than there is room for is the recording's fault, and is said. */
static void
test_impossible (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = dup_path (fixture, "8");
  g_autofree char *stat = g_build_filename (folder, "stat", NULL);
  g_autofree char *smaps = g_build_filename (folder, "smaps", NULL);
  g_auto (Run) run = { 0 };

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (
    stat, "8 (odd) S 1 8 8 0 -1 4 0 0 0 0 0 0 0 0 20 0 1 0 100 0 0\n", -1, NULL));
  g_assert_true (g_file_set_contents (smaps,
                                      "1000-2000 r--p 00000000 00:00 0\n"
                                      "Rss:                   8 kB\n"
                                      "VmFlags: rd mr\n",
                                      -1, NULL));
  run_program (&run, "--proc", fixture->directory, "-p", "8", "-", NULL);
  assert_status (&run, 3);
  assert_holds (run.err, "contradict each other");

  /* What is saved of it can be opened. */
  g_autofree char *saved = dup_path (fixture, "saved.mmp");
  run_program (&run, "--proc", fixture->directory, "-p", "8", saved, NULL);
  assert_status (&run, 3);
  run_program (&run, "-o", saved, "-", NULL);
  assert_status (&run, 3);
  assert_holds (run.out, "contradict each other");

  g_assert_true (g_file_set_contents (smaps, "garbage\n", -1, NULL));
  run_program (&run, "--proc", fixture->directory, "-p", "8", "-", NULL);
  assert_status (&run, 1);
  assert_holds (run.err, "Process 8 (odd): no line of its smaps");
}

static void
test_list_csv (Fixture *fixture, gconstpointer data)
{
  g_auto (Run) run = { 0 };

  run_program (&run, "list", "--format=csv", "--proc", fixture->tree, NULL);
  assert_status (&run, 0);
  g_assert_true (g_str_has_prefix (run.out,
                                   "\"PID\",\"User\",\"Name\",\"Private Bytes\",\"Working Set\","
                                   "\"Architecture\",\"Readable\",\"Reason\",\"Command Line\"\n"
                                   "2,\"root\",\"kthreadd\",,,\"\",\"no\",\""));
  assert_holds (run.out, "\n100,\"root\",\"worker\",400,400,\"\",\"yes\",\"\","
                         "\"/usr/bin/worker --name alpha\"\n");
  assert_holds (run.out, "\n400,\"root\",\"od\"\"d,\\012\",200,200,");
}

/* What a JSON parser of somebody else reads in it. */
static void
test_list_json (Fixture *fixture, gconstpointer data)
{
  g_auto (Run) run = { 0 };
  g_autofree char *tool = g_find_program_in_path ("jq");

  if (tool == NULL)
    {
      g_test_skip ("jq is not installed");
      return;
    }
  g_autofree char *command = g_strdup_printf (
    "\"$MEMATLAS\" list --format=json --proc '%s' | jq -c 'length, (.[0] | .pid, .working_set, "
    ".readable), (.[1] | .pid, .user, .name, .private_bytes, .working_set, .readable, .reason, "
    ".command_line), .[5].name'",
    fixture->tree);
  run_shell (&run, command);
  assert_status (&run, 0);
  g_assert_cmpstr (run.out, ==,
                   "6\n2\nnull\nfalse\n100\n\"root\"\n\"worker\"\n409600\n409600\ntrue\nnull\n"
                   "\"/usr/bin/worker --name alpha\"\n\"od\\\"d,\\\\012\"\n");
}

static void
test_scan_text (Fixture *fixture, gconstpointer data)
{
  g_auto (Run) run = { 0 };

  run_program (&run, "--proc", fixture->tree, "-64", "-p", "100", "-", NULL);
  assert_status (&run, 0);
  assert_holds (run.out, "worker");
  assert_holds (run.out, "0000000010000000");
  assert_holds (run.out, "00007FFC00000000");
}

static void
test_scan_outputs (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *output;
    const char *format; /* NULL: none given */
    const char *file;
    const char *beginning;
  } rows[] = {
    { "a.csv", NULL, "a.csv", "\"Process:\",\"worker\"\n\"PID:\",\"100\"\n\n" },
    { "a.txt", NULL, "a.txt", "Process:" },
    { "a.log", NULL, "a.log", "Process:" },
    { "b.txt", "csv", "b.txt", "\"Process:\"," },
    { "b.csv", "txt", "b.csv", "Process:" },
    { "with blank.and.dots.csv", NULL, "with blank.and.dots.csv", "\"Process:\"," },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Run) run = { 0 };
      g_autofree char *output = dup_path (fixture, rows[i].output);
      g_autofree char *file = dup_path (fixture, rows[i].file);

      g_test_message ("%s", rows[i].output);
      if (rows[i].format != NULL)
        run_program (&run, "--proc", fixture->tree, "-p", "100", "-f", rows[i].format, output,
                     NULL);
      else
        run_program (&run, "--proc", fixture->tree, "-p", "100", output, NULL);
      assert_status (&run, 0);
      g_assert_cmpstr (run.out, ==, "");
      g_autofree char *contents = dup_contents (file);
      g_assert_true (g_str_has_prefix (contents, rows[i].beginning));
      g_assert_cmpuint (count_files (fixture->directory), ==, i + 1);
    }
}

static void
test_scan_stdout_formats (Fixture *fixture, gconstpointer data)
{
  g_auto (Run) run = { 0 };

  run_program (&run, "--proc", fixture->tree, "-p", "100", "-", "--format=csv", NULL);
  assert_status (&run, 0);
  g_assert_true (g_str_has_prefix (run.out, "\"Process:\",\"worker\"\n"));
}

static void
test_partial (Fixture *fixture, gconstpointer data)
{
  g_auto (Run) run = { 0 };
  g_autofree char *output = dup_path (fixture, "partial.csv");

  run_program (&run, "--proc", fixture->tree, "-p", "110", output, NULL);
  assert_status (&run, 3);
  assert_holds (run.err, "mematlas: Process 110 (partial): not read: smaps");
  g_assert_true (g_file_test (output, G_FILE_TEST_EXISTS));
}

static void
test_failures (Fixture *fixture, gconstpointer data)
{
  g_auto (Run) run = { 0 };
  g_autofree char *output = dup_path (fixture, "out.txt");

  run_program (&run, "--proc", fixture->tree, "-p", "999", output, NULL);
  assert_status (&run, 1);
  assert_holds (run.err, "999");

  run_program (&run, "--proc", fixture->tree, "-p", "99999999999999999999", output, NULL);
  assert_status (&run, 1);
  assert_holds (run.err, "99999999999999999999");

  run_program (&run, "--proc", fixture->tree, "-p", "2", output, NULL);
  assert_status (&run, 1);
  assert_holds (run.err, "kthreadd");

  run_program (&run, "--proc", fixture->tree, "-p", "nobody-has-this-name", output, NULL);
  assert_status (&run, 1);
  assert_holds (run.err, "nobody-has-this-name");
  assert_holds (run.err, "mematlas list");

  run_program (&run, "--proc", "/nonexistent", "list", NULL);
  assert_status (&run, 1);
  assert_holds (run.err, "/nonexistent");

  g_assert_cmpuint (count_files (fixture->directory), ==, 0);
}

static void
test_names (Fixture *fixture, gconstpointer data)
{
  g_auto (Run) run = { 0 };

  /* The beginning of two names: the lowest PID, both listed. */
  run_program (&run, "--proc", fixture->tree, "-p", "work", "-", "-f", "csv", NULL);
  assert_status (&run, 0);
  assert_holds (run.out, "\"PID:\",\"100\"");
  assert_holds (run.err, "2 processes match “work”");
  assert_holds (run.err, "100  worker");
  assert_holds (run.err, "200  worker2");

  /* One name. */
  run_program (&run, "--proc", fixture->tree, "-p", "worker2", "-", "-f", "csv", NULL);
  assert_status (&run, 0);
  assert_holds (run.out, "\"PID:\",\"200\"");
  g_assert_cmpstr (run.err, ==, "");

  /* No name, but a part of two command lines. */
  run_program (&run, "--proc", fixture->tree, "-p", "needle", "-", "-f", "csv", NULL);
  assert_status (&run, 0);
  assert_holds (run.out, "\"PID:\",\"200\"");
  assert_holds (run.err, "300  other");

  /* In the middle of a name is not at its beginning, and no command line holds it. */
  run_program (&run, "--proc", fixture->tree, "-p", "threadd", "-", NULL);
  assert_status (&run, 1);
}

static void
test_largest (Fixture *fixture, gconstpointer data)
{
  g_auto (Run) run = { 0 };

  run_program (&run, "--proc", fixture->tree, "--largest", "-", "-f", "csv", NULL);
  assert_status (&run, 0);
  assert_holds (run.out, "\"PID:\",\"100\"");
}

/* Looking for a text that only we ourselves, and the shell that starts us, hold finds nothing. */
static void
test_never_ourselves (Fixture *fixture, gconstpointer data)
{
  g_auto (Run) run = { 0 };

  run_shell (&run, "\"$MEMATLAS\" -p only-we-say-4711 -; status=$?; : mematlas; exit $status");
  assert_status (&run, 1);
  assert_holds (run.err, "only-we-say-4711");
}

static void
test_existing_file (Fixture *fixture, gconstpointer data)
{
  g_auto (Run) run = { 0 };
  g_autofree char *output = dup_path (fixture, "kept.csv");

  g_assert_true (g_file_set_contents (output, "precious", -1, NULL));
  run_program (&run, "--proc", fixture->tree, "-p", "999", output, NULL);
  assert_status (&run, 1);
  g_autofree char *kept = dup_contents (output);
  g_assert_cmpstr (kept, ==, "precious");

  g_assert_cmpint (g_chmod (output, 0640), ==, 0);
  run_program (&run, "--proc", fixture->tree, "-p", "100", output, NULL);
  assert_status (&run, 0);
  g_autofree char *replaced = dup_contents (output);
  g_assert_true (g_str_has_prefix (replaced, "\"Process:\","));
  GStatBuf status;
  g_assert_cmpint (g_stat (output, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0640);
  g_assert_cmpuint (count_files (fixture->directory), ==, 1);
}

static void
test_bad_output (Fixture *fixture, gconstpointer data)
{
  g_auto (Run) run = { 0 };
  g_autofree char *missing = dup_path (fixture, "no/such/directory/out.csv");

  run_program (&run, "--proc", fixture->tree, "-p", "100", missing, NULL);
  assert_status (&run, 1);
  assert_holds (run.err, "out.csv");

  run_program (&run, "--proc", fixture->tree, "-p", "100", fixture->directory, "-f", "csv", NULL);
  assert_status (&run, 1);
  assert_holds (run.err, fixture->directory);
  g_assert_cmpuint (count_files (fixture->directory), ==, 0);
}

/* A pipe that is named as OUTPUT is written to, not replaced by a file. */
static void
test_output_pipe (Fixture *fixture, gconstpointer data)
{
  g_auto (Run) run = { 0 };
  g_autofree char *command = g_strdup_printf (
    "mkfifo '%s/pipe.csv' && { timeout 20 head -n 1 '%s/pipe.csv' & } && timeout 20 \"$MEMATLAS\" "
    "--proc '%s' -p 100 '%s/pipe.csv'; wait; test -p '%s/pipe.csv'",
    fixture->directory, fixture->directory, fixture->tree, fixture->directory, fixture->directory);

  run_shell (&run, command);
  assert_status (&run, 0);
  g_assert_cmpstr (run.out, ==, "\"Process:\",\"worker\"\n");
}

static void
test_stdout_full (Fixture *fixture, gconstpointer data)
{
  static const char *const arguments[] = { "list", "--help", "--version", "-p 100 -" };

  for (guint i = 0; i < G_N_ELEMENTS (arguments); i++)
    {
      g_auto (Run) run = { 0 };
      g_autofree char *command =
        g_strdup_printf ("\"$MEMATLAS\" --proc '%s' %s >/dev/full", fixture->tree, arguments[i]);
      run_shell (&run, command);
      assert_status (&run, 1);
      assert_holds (run.err, "No space left on device");
    }
}

/* Whoever reads our output may stop at any time: that is no news and no crash. */
static void
test_stdout_closed (Fixture *fixture, gconstpointer data)
{
  static const char *const arguments[] = { "list", "--help", "-p 100 -" };

  for (guint i = 0; i < G_N_ELEMENTS (arguments); i++)
    {
      g_auto (Run) run = { 0 };
      /* The reader ends before we begin. */
      g_autofree char *command =
        g_strdup_printf ("{ sleep 0.2; \"$MEMATLAS\" --proc '%s' %s; echo $? >&2; } | true",
                         fixture->tree, arguments[i]);
      run_shell (&run, command);
      g_assert_cmpstr (run.err, ==, "1\n");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function)                                                                        \
  g_test_add ("/commands/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("help", test_help);
  ADD ("version", test_version);
  ADD ("usage", test_usage);
  ADD ("no-display", test_no_display);
  ADD ("list/text", test_list_text);
  ADD ("list/reason", test_list_reason);
  ADD ("impossible", test_impossible);
  ADD ("list/csv", test_list_csv);
  ADD ("list/json", test_list_json);
  ADD ("scan/text", test_scan_text);
  ADD ("scan/outputs", test_scan_outputs);
  ADD ("scan/stdout-formats", test_scan_stdout_formats);
  ADD ("scan/partial", test_partial);
  ADD ("scan/failures", test_failures);
  ADD ("scan/names", test_names);
  ADD ("scan/largest", test_largest);
  ADD ("scan/never-ourselves", test_never_ourselves);
  ADD ("output/existing", test_existing_file);
  ADD ("output/bad", test_bad_output);
  ADD ("output/pipe", test_output_pipe);
  ADD ("output/full", test_stdout_full);
  ADD ("output/closed", test_stdout_closed);
#undef ADD
  return g_test_run ();
}
