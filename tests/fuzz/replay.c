/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Runs a fuzzer over the files of a directory, one test a file, so that what was found once is
 * checked by the ordinary tests.
 *
 *   replay DIRECTORY
 */

#include "config.h"

#include "fuzz.h"

#include <glib.h>
#include <string.h>

static void
replay_file (gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  g_file_get_contents (data, &text, &size, &error);
  g_assert_no_error (error);
  /* A copy without the NUL behind it, so that a reader that goes too far is caught. */
  g_autofree guint8 *exact = g_memdup2 (text, size);
  LLVMFuzzerTestOneInput (exact != NULL ? exact : (const guint8 *)"", size);
}

static void
replay_empty (void)
{
  LLVMFuzzerTestOneInput ((const guint8 *)"", 0);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  g_autofree char *name = g_path_get_basename (argv[1]);
  g_autoptr (GDir) directory = g_dir_open (argv[1], 0, &error);
  g_assert_no_error (error);
  guint n = 0;
  for (const char *file; (file = g_dir_read_name (directory)) != NULL; n++)
    {
      g_autofree char *test = g_strdup_printf ("/fuzz/%s/%s", name, file);
      g_test_add_data_func_full (test, g_build_filename (argv[1], file, NULL), replay_file, g_free);
    }
  g_assert_cmpuint (n, >, 0);
  g_autofree char *empty = g_strdup_printf ("/fuzz/%s/nothing", name);
  g_test_add_func (empty, replay_empty);
  return g_test_run ();
}
