/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A real process, this one: scanned several times while its memory changes, saved, opened, equal.
 */

#include "config.h"

#include "fixture.h"

#include "format/format.h"
#include "scan/machine-source.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void
scan_into (AtlasHistory *history, AtlasSource *source)
{
  AtlasScanRequest request = { .pid = getpid (),
                               .flags = ATLAS_SCAN_NUMA,
                               .pool = atlas_history_get_pool (history) };
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasSnapshot) snapshot = atlas_source_scan (source, &request, NULL, &error);

  g_assert_no_error (error);
  atlas_history_add (history, snapshot);
}

static void
test_self (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasSource) source = atlas_machine_source_new (NULL, &error);
  g_autoptr (AtlasHistory) history = atlas_history_new ();
  g_autofree char *folder = g_dir_make_tmp ("mematlas-XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, "self.mmp", NULL);
  gsize size = 8 << 20;

  g_assert_no_error (error);
  scan_into (history, source);
  char *memory = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  g_assert_true (memory != MAP_FAILED);
  scan_into (history, source);
  memset (memory, 1, size / 2);
  scan_into (history, source);
  g_assert_cmpint (munmap (memory, size), ==, 0);
  g_assert_true (atlas_format_save (atlas_format_from_key ("mmp"), history, 0, path, NULL, &error));
  scan_into (history, source);
  g_assert_true (atlas_mmp_append (history, 3, path, NULL, &error));
  g_assert_no_error (error);

  g_auto (AtlasLoadResult) result = { FALSE, NULL };
  g_autoptr (AtlasHistory) loaded = atlas_mmp_load (path, NULL, NULL, NULL, &result, &error);
  g_assert_no_error (error);
  g_assert_false (result.truncated);
  fixture_assert_same_history (history, loaded);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mmp/self", test_self);
  return g_test_run ();
}
