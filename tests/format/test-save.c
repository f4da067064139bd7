/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Saving and choosing a format: an existing file is whole or replaced, nothing is left behind, and
 * a message names the file and what to do.
 */

#include "config.h"

#include "fixture.h"

#include "format/format.h"
#include "util/error.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  AtlasHistory *history;
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->history = fixture_new_history (2);
  fixture->folder = g_dir_make_tmp ("mematlas-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "test.csv", NULL);
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_unlink (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0); /* fails where something was left behind */
  g_free (fixture->path);
  g_free (fixture->folder);
  atlas_history_unref (fixture->history);
}

static gboolean
save (Fixture *fixture, const char *path, GError **error)
{
  return atlas_format_save (atlas_format_from_key ("csv"), fixture->history, 1, path, NULL, error);
}

static void
test_new_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  struct stat status;
  mode_t before = umask (027);

  g_assert_true (save (fixture, fixture->path, &error));
  umask (before);
  g_assert_no_error (error);
  g_assert_cmpint (stat (fixture->path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 07777, ==, 0640);
  g_assert_cmpint (status.st_size, >, 100);
  g_assert_cmpuint (count_files (fixture->folder), ==, 1);
}

static void
test_existing_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  struct stat status;

  g_assert_true (g_file_set_contents (fixture->path, "old", -1, NULL));
  g_assert_cmpint (chmod (fixture->path, 0604), ==, 0);
  g_assert_true (save (fixture, fixture->path, &error));
  g_assert_no_error (error);
  g_assert_cmpint (stat (fixture->path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 07777, ==, 0604);
  g_assert_cmpint (status.st_size, >, 100);
}

static void
test_symbolic_link (Fixture *fixture, gconstpointer data)
{
  g_autofree char *link = g_build_filename (fixture->folder, "link.csv", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (symlink ("test.csv", link), ==, 0);
  for (guint i = 0; i < 2; i++) /* the link dangles, then it does not */
    {
      g_assert_true (save (fixture, link, &error));
      g_assert_no_error (error);
      g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
      g_assert_true (g_file_test (fixture->path, G_FILE_TEST_IS_REGULAR));
    }
  g_assert_cmpint (g_unlink (link), ==, 0);
  g_assert_cmpint (symlink ("link.csv", link), ==, 0);
  g_assert_false (save (fixture, link, &error));
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_IO);
  g_assert_cmpint (g_unlink (link), ==, 0);
}

static void
assert_message (const GError *error, AtlasError code, const char *path, const char *hint)
{
  g_assert_error (error, ATLAS_ERROR, (gint)code);
  g_assert_true (g_str_has_prefix (error->message, path));
  g_assert_nonnull (strstr (error->message, hint));
}

static void
test_bad_places (Fixture *fixture, gconstpointer data)
{
  g_autofree char *missing = g_build_filename (fixture->folder, "none", "test.csv", NULL);
  g_autofree char *below = g_build_filename (fixture->path, "test.csv", NULL);
  g_autofree char *name = g_strnfill (300, 'x');
  g_autofree char *longest = g_build_filename (fixture->folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (save (fixture, missing, &error));
  assert_message (error, ATLAS_ERROR_NOT_FOUND, missing, "no such file or folder");
  g_clear_error (&error);
  g_assert_false (save (fixture, fixture->folder, &error));
  assert_message (error, ATLAS_ERROR_IO, fixture->folder, "this is a folder");
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (fixture->path, "file", -1, NULL));
  g_assert_false (save (fixture, below, &error));
  assert_message (error, ATLAS_ERROR_NOT_FOUND, below, "not a folder");
  g_clear_error (&error);
  g_assert_false (save (fixture, longest, &error));
  assert_message (error, ATLAS_ERROR_IO, longest, "too long");
  g_assert_cmpuint (count_files (fixture->folder), ==, 1);
}

/* As somebody who may not write: root may everywhere, so in a child that is nobody. */
static void
test_no_permission (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  if (g_test_subprocess ())
    {
      g_assert_cmpint (chdir (g_getenv ("TEST_FOLDER")), ==, 0);
      if (geteuid () == 0)
        g_assert_cmpint (seteuid (65534), ==, 0);
      g_assert_false (save (fixture, "locked.csv", &error));
      g_printerr ("%s\n", error->message);
      g_clear_error (&error);
      g_assert_false (save (fixture, "new.csv", &error));
      g_printerr ("%s\n", error->message);
      if (geteuid () != getuid ())
        g_assert_cmpint (seteuid (getuid ()), ==, 0);
      return;
    }
  g_autofree char *locked = g_build_filename (fixture->folder, "locked.csv", NULL);
  g_assert_true (g_file_set_contents (locked, "mine", -1, NULL));
  g_assert_cmpint (chmod (locked, 0444), ==, 0);
  g_assert_cmpint (chmod (fixture->folder, 0555), ==, 0);
  g_setenv ("TEST_FOLDER", fixture->folder, TRUE);
  g_test_trap_subprocess (NULL, 20 * G_USEC_PER_SEC, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*locked.csv: permission denied*check the rights*");
  g_test_trap_assert_stderr ("*new.csv: permission denied*check the rights*");
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (locked, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "mine");
  g_assert_cmpint (chmod (fixture->folder, 0755), ==, 0);
  g_assert_cmpint (g_unlink (locked), ==, 0);
}

/* A limit in the middle of the file, whose signal would end the program: what was there stays. */
static void
test_no_room (Fixture *fixture, gconstpointer data)
{
  struct rlimit before;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_assert_true (g_file_set_contents (fixture->path, "old", -1, NULL));
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  struct rlimit limit = { 1000, before.rlim_max };
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  gboolean saved = save (fixture, fixture->path, &error);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_false (saved);
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_IO);
  g_assert_true (g_str_has_prefix (error->message, fixture->path));
  g_assert_true (g_file_get_contents (fixture->path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "old");
  g_assert_cmpuint (count_files (fixture->folder), ==, 1);
}

static void
test_full_device (Fixture *fixture, gconstpointer data)
{
  guint n;
  const AtlasFormat *formats = atlas_format_get_all (&n);

  if (!g_file_test ("/dev/full", G_FILE_TEST_EXISTS))
    {
      g_test_skip ("there is no /dev/full here");
      return;
    }
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_false (
        atlas_format_save (&formats[i], fixture->history, 0, "/dev/full", NULL, &error));
      assert_message (error, ATLAS_ERROR_IO, "/dev/full", "the disk is full");
      g_clear_error (&error);
      g_assert_true (
        atlas_format_save (&formats[i], fixture->history, 0, "/dev/null", NULL, &error));
      g_assert_no_error (error);
    }
  struct stat status;
  g_assert_cmpint (stat ("/dev/null", &status), ==, 0);
  g_assert_true (S_ISCHR (status.st_mode));
}

/* Into a pipe somebody reads: straight, no temporary file. */
static void
test_pipe (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  char beginning[11];

  g_assert_cmpint (mkfifo (fixture->path, 0600), ==, 0);
  int reader = open (fixture->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  g_assert_cmpint (reader, >=, 0);
  g_assert_true (save (fixture, fixture->path, &error));
  g_assert_no_error (error);
  g_assert_cmpint (read (reader, beginning, sizeof beginning), ==, sizeof beginning);
  g_assert_cmpmem (beginning, sizeof beginning, "\"Process:\",", 11);
  g_assert_cmpint (close (reader), ==, 0);
  g_assert_cmpuint (count_files (fixture->folder), ==, 1);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *text = NULL;
  guint n;
  const AtlasFormat *formats = atlas_format_get_all (&n);

  g_assert_true (g_file_set_contents (fixture->path, "old", -1, NULL));
  g_cancellable_cancel (cancellable);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_false (
        atlas_format_save (&formats[i], fixture->history, 0, fixture->path, cancellable, &error));
      g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_CANCELLED);
    }
  g_assert_true (g_file_get_contents (fixture->path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "old");
  g_assert_cmpuint (count_files (fixture->folder), ==, 1);
}

static void
test_nothing_to_save (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AtlasHistory) empty = atlas_history_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (
    atlas_format_save (atlas_format_from_key ("mmp"), empty, 0, fixture->path, NULL, &error));
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_NOT_FOUND);
}

static void
test_choice (void)
{
  static const struct
  {
    const char *output, *key, *format, *path;
  } cases[] = {
    { "-", NULL, "txt", NULL },
    { "-", "mmp", "mmp", NULL },
    { "out", NULL, "mmp", "out.mmp" },
    { "out.mmp", NULL, "mmp", "out.mmp" },
    { "out.MMP", NULL, "mmp", "out.MMP" },
    { "out.csv", NULL, "csv", "out.csv" },
    { "out.Csv", NULL, "csv", "out.Csv" },
    { "out.txt", NULL, "txt", "out.txt" },
    { "out.log", NULL, "txt", "out.log" },
    { "a.b/out", NULL, "mmp", "a.b/out.mmp" },
    { ".hidden", NULL, "mmp", ".hidden.mmp" },
    { "out", "mmp", "mmp", "out.mmp" },
    { "out", "csv", "csv", "out" },
    { "out.txt", "mmp", "mmp", "out.txt" },
    { "out.mmp", "txt", "txt", "out.mmp" },
    { "/dev/null", NULL, "mmp", "/dev/null" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *path = NULL;
      const AtlasFormat *format =
        atlas_format_for_output (cases[i].output, cases[i].key, &path, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (format->key, ==, cases[i].format);
      g_assert_cmpstr (path, ==, cases[i].path);
    }
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  g_assert_null (atlas_format_for_output ("out", "pdf", &path, &error));
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_USAGE);
  g_assert_null (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add ("/save/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("new-file", test_new_file);
  ADD ("existing-file", test_existing_file);
  ADD ("symbolic-link", test_symbolic_link);
  ADD ("bad-places", test_bad_places);
  ADD ("no-permission", test_no_permission);
  ADD ("no-room", test_no_room);
  ADD ("full-device", test_full_device);
  ADD ("pipe", test_pipe);
  ADD ("cancelled", test_cancelled);
  ADD ("nothing-to-save", test_nothing_to_save);
  g_test_add_func ("/save/choice", test_choice);
  return g_test_run ();
}
