/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A recorded tree is data from somebody else: nothing outside of it is opened.
 */

#include "config.h"

#include "scan/procfs.h"
#include "util/error.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  char *root;
  AtlasProcfs *procfs;
} Fixture;

static void
put (Fixture *fixture, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (fixture->root, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->root = g_dir_make_tmp ("procfs-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->procfs = atlas_procfs_open (fixture->root, &error);
  g_assert_no_error (error);
  g_autofree char *process = g_build_filename (fixture->root, "42", NULL);
  g_assert_cmpint (g_mkdir (process, 0700), ==, 0);
  put (fixture, "42/stat", "text");
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) directory =
    g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);

  for (const char *name; directory != NULL && (name = g_dir_read_name (directory)) != NULL;)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      remove_all (child);
    }
  g_remove (path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  atlas_procfs_unref (fixture->procfs);
  remove_all (fixture->root);
  g_free (fixture->root);
}

static void
add_link (Fixture *fixture, const char *target, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->root, name, NULL);

  g_assert_cmpint (symlink (target, path), ==, 0);
}

static void
assert_closed (Fixture *fixture, const char *path)
{
  int fd = atlas_procfs_openat (fixture->procfs, path);

  if (fd >= 0)
    g_error ("%s was opened", path);
}

static void
test_read (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gsize length;
  g_autofree char *text = atlas_procfs_read (fixture->procfs, 42, "stat", 4, &length, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "text");
  g_assert_cmpuint (length, ==, 4);
  g_assert_false (atlas_procfs_is_live (fixture->procfs));
  g_assert_false (atlas_procfs_has_own_pids (fixture->procfs));

  g_assert_null (atlas_procfs_read (fixture->procfs, 42, "stat", 3, NULL, &error));
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_null (atlas_procfs_read (fixture->procfs, 43, "stat", 3, NULL, &error));
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_GONE);
  g_assert_nonnull (strstr (error->message, "43/stat"));
}

static void
test_escapes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *fifo = g_build_filename (fixture->root, "42/fifo", NULL);
  g_autoptr (GError) error = NULL;

  add_link (fixture, "/etc/passwd", "42/absolute");
  add_link (fixture, "../../../../../../../../etc/passwd", "42/relative");
  add_link (fixture, "/etc", "42/directory");
  add_link (fixture, "loop", "42/loop");
  add_link (fixture, "/usr/bin/program (deleted)", "42/exe");
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);

  assert_closed (fixture, "42/absolute");
  assert_closed (fixture, "42/relative");
  assert_closed (fixture, "42/directory/passwd");
  assert_closed (fixture, "42/../../etc/passwd");
  assert_closed (fixture, "../../../../../../etc/passwd");
  assert_closed (fixture, "42/loop");
  assert_closed (fixture, "42/fifo");
  g_assert_cmpint (atlas_procfs_open_regular (fixture->procfs, "42/fifo"), ==, -1);

  /* The message says what to do, not that devices are crossed. */
  g_assert_null (atlas_procfs_read (fixture->procfs, 42, "absolute", 100, NULL, &error));
  g_assert_nonnull (strstr (error->message, "42/absolute: a link that leads out"));
  g_clear_error (&error);
  g_assert_null (atlas_procfs_read (fixture->procfs, 42, "fifo", 100, NULL, &error));
  g_assert_nonnull (strstr (error->message, "42/fifo: neither a file nor"));
  g_clear_error (&error);

  /* The text of a link is data and may be read. */
  g_autofree char *target = atlas_procfs_readlink (fixture->procfs, 42, "exe", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (target, ==, "/usr/bin/program (deleted)");
  g_assert_null (atlas_procfs_readlink (fixture->procfs, 42, "stat", &error));
  g_assert_nonnull (error);
}

static void
test_ids (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  put (fixture, "7", "");
  put (fixture, "0", "");
  put (fixture, "12x", "");
  put (fixture, "99999999999999999999", "");
  put (fixture, "4294967297", "");
  g_autoptr (GArray) ids = atlas_procfs_list_ids (fixture->procfs, "", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ids->len, ==, 2);
  g_assert_cmpint (g_array_index (ids, gint, 0), ==, 7);
  g_assert_cmpint (g_array_index (ids, gint, 1), ==, 42);

  g_assert_null (atlas_procfs_list_ids (fixture->procfs, "8", &error));
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_GONE);
}

static void
test_open (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (atlas_procfs_open ("/nonexistent/proc", &error));
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_autoptr (AtlasProcfs) machine = atlas_procfs_open (NULL, &error);
  g_assert_no_error (error);
  g_assert_true (atlas_procfs_is_live (machine));
  g_assert_true (atlas_procfs_has_own_pids (machine));
  g_autofree char *device = g_strdup_printf ("%d/root/dev/null", getpid ());
  g_assert_cmpint (atlas_procfs_open_regular (machine, device), ==, -1);
  g_assert_cmpint (errno, ==, ENXIO);
  int fd = atlas_procfs_open_regular (machine, "self/exe");
  g_assert_cmpint (fd, >=, 0);
  close (fd);
  g_autoptr (AtlasProcfs) named = atlas_procfs_open ("/proc", &error);
  g_assert_true (atlas_procfs_is_live (named));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/procfs/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("read", test_read);
  ADD ("escapes", test_escapes);
  ADD ("ids", test_ids);
  ADD ("open", test_open);
  return g_test_run ();
}
