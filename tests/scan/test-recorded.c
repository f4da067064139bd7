/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The recorded trees of tests/data, whole: what is read of processes and kernels that the machine
 * which runs the tests does not have, and what is said of what cannot be read.
 */

#include "config.h"

#include "scan/machine-source.h"
#include "util/error.h"

#include <string.h>

#define KIB  G_GUINT64_CONSTANT (1024)
#define MIB  (1024 * KIB)
#define NONE ATLAS_UNKNOWN

static AtlasSource *
open_tree (const char *tree)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (g_getenv ("ATLAS_TEST_DATA"), tree, NULL);
  AtlasSource *source = atlas_machine_source_new (path, &error);

  g_assert_no_error (error);
  return source;
}

static AtlasSnapshot *
scan (const char *tree, gint pid, AtlasScanFlags flags)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasSource) source = open_tree (tree);
  AtlasScanRequest request = { .pid = pid, .flags = flags };
  AtlasSnapshot *snapshot = atlas_source_scan (source, &request, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (atlas_snapshot_check (snapshot, &error));
  g_assert_no_error (error);
  return snapshot;
}

static guint64
total (AtlasSnapshot *snapshot, AtlasFigure figure)
{
  return atlas_snapshot_get_totals (snapshot, ATLAS_TYPE_TOTAL)->figures.value[figure];
}

static guint64
counter (AtlasSnapshot *snapshot, guint64 address, AtlasCounter which)
{
  AtlasCounters counters;
  gint index = atlas_snapshot_find_block (snapshot, address);

  g_assert_cmpint (index, >=, 0);
  atlas_snapshot_get_counters (snapshot, atlas_snapshot_get_block (snapshot, (guint)index),
                               &counters);
  return counters.value[which];
}

static const char *
path_at (AtlasSnapshot *snapshot, guint64 address)
{
  gint index = atlas_snapshot_find_block (snapshot, address);

  g_assert_cmpint (index, >=, 0);
  return atlas_snapshot_get_string (snapshot,
                                    atlas_snapshot_get_block (snapshot, (guint)index)->path);
}

/* Whether something is missing whose name or reason holds @text. */
static gboolean
is_missing (AtlasSnapshot *snapshot, const char *text)
{
  const GPtrArray *missing = atlas_snapshot_get_missing (snapshot);

  for (guint i = 0; i < missing->len; i++)
    {
      const AtlasMissing *one = g_ptr_array_index (missing, i);
      g_assert_cmpuint (strlen (one->why), >, 10);
      if (strstr (one->what, text) != NULL || strstr (one->why, text) != NULL)
        return TRUE;
    }
  return FALSE;
}

/* What every tree says of its process and its address space. */
static void
test_facts (void)
{
  static const struct
  {
    const char *tree, *name, *architecture, *kernel;
    gint pid;
    guint bits, n_threads, n_missing;
    guint64 limit;
  } cases[] = {
    { "proc-3.10", "httpd", NULL, "Linux 3.10.0-1160.el7.x86_64", 1234, 64, 2, 0, 0x7ffffffff000 },
    { "proc-32bit", "target-plain-32", "i386", "Linux 6.18.44", 2812, 32, 1, 0, 0xffffe000 },
    { "proc-5level", "big", "x86-64", "Linux 6.10.3", 99, 64, 1, 0, 0xfffffffffff000 },
    { "proc-hugetlb", "db", "x86-64", "Linux 6.1.90", 777, 64, 1, 1, 0x7ffffffff000 },
    { "proc-numa", "solver", "x86-64", "Linux 6.8.0", 31, 64, 1, 0, 0x7ffffffff000 },
    { "proc-strange", "a) b (c", "x86-64", "Linux 7.3.0-rc1", 10, 64, 1, 2, 0x7ffffffff000 },
    { "proc-swap", "app", "x86-64", "Linux 6.6.21-android15", 4242, 64, 1, 0, 0x7ffffffff000 },
    { "proc-threads", "target-threads", "x86-64", "Linux 6.18.44", 2884, 64, 9, 0, 0x7ffffffff000 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].tree);
      g_autoptr (AtlasSnapshot) snapshot = scan (cases[i].tree, cases[i].pid, 0);
      const AtlasProcess *process = atlas_snapshot_get_process (snapshot);
      guint n_threads;

      g_assert_cmpstr (process->name, ==, cases[i].name);
      g_assert_cmpstr (process->architecture, ==, cases[i].architecture);
      g_assert_cmpuint (process->bits, ==, cases[i].bits);
      g_assert_cmpuint (process->page_size, ==, 4096);
      g_assert_cmphex (process->address_limit, ==, cases[i].limit);
      g_assert_cmpint (process->start_time, >, 0);
      g_assert_cmpstr (atlas_snapshot_get_kernel (snapshot), ==, cases[i].kernel);
      g_assert_cmpstr (atlas_snapshot_get_host (snapshot), ==, "recorded");
      atlas_snapshot_get_threads (snapshot, &n_threads);
      g_assert_cmpuint (n_threads, ==, cases[i].n_threads);
      g_assert_cmpuint (process->n_threads, ==, n_threads);
      g_assert_cmpuint (atlas_snapshot_get_missing (snapshot)->len, ==, cases[i].n_missing);
      g_assert_nonnull (process->cgroup);
      g_assert_nonnull (process->executable);
      g_assert_nonnull (process->command_line);
    }
}

/* Fields that this kernel does not have are unknown; the others are there. */
static void
test_old_kernel (void)
{
  g_autoptr (AtlasSnapshot) snapshot = scan ("proc-3.10", 1234, 0);
  const AtlasProcess *process = atlas_snapshot_get_process (snapshot);

  g_assert_cmpstr (process->cgroup, ==, "/system.slice/httpd.service");
  g_assert_true (process->private_bytes == NONE);
  g_assert_cmpuint (process->uid, ==, 48);
  g_assert_cmpstr (process->user, ==, "48");
  g_assert_true (total (snapshot, ATLAS_FIGURE_SWAP_PSS) == NONE);
  g_assert_true (total (snapshot, ATLAS_FIGURE_KSM) == NONE);
  g_assert_true (total (snapshot, ATLAS_FIGURE_PRIVATE_WS) != NONE);
  g_assert_cmpuint (counter (snapshot, 0x1a3c000, ATLAS_COUNTER_RSS), ==, 900 * KIB);
  g_assert_cmpuint (counter (snapshot, 0x1a3c000, ATLAS_COUNTER_PRIVATE_WS), ==, 900 * KIB);
  g_assert_true (counter (snapshot, 0x1a3c000, ATLAS_COUNTER_LAZY_FREE) == NONE);
  g_assert_cmpstr (path_at (snapshot, 0xffffffffff600000), ==, "[vsyscall]");

  /* The kernel of that time named the stacks of threads. */
  gint index = atlas_snapshot_find_region (snapshot, 0x7f20d7fff000);
  const AtlasRegion *stack = atlas_snapshot_get_region (snapshot, (guint)index);
  g_assert_cmpint (stack->type, ==, ATLAS_TYPE_STACK);
  g_assert_cmpuint (stack->owner, ==, 1236);
  g_assert_cmpuint (stack->n_blocks, ==, 2);
  g_assert_cmpstr (atlas_snapshot_get_string (snapshot, stack->details), ==,
                   "Thread ID: 1236 (httpd)");
}

static void
test_swap (void)
{
  g_autoptr (AtlasSnapshot) snapshot = scan ("proc-swap", 4242, 0);

  g_assert_cmpuint (total (snapshot, ATLAS_FIGURE_SWAP), ==, (8192 + 64 + 256 + 1024) * KIB);
  g_assert_cmpuint (total (snapshot, ATLAS_FIGURE_SWAP_PSS), ==, (8192 + 32 + 1024) * KIB);
  g_assert_cmpuint (total (snapshot, ATLAS_FIGURE_KSM), ==, 2 * MIB);
  g_assert_cmpuint (total (snapshot, ATLAS_FIGURE_LAZY_FREE), ==, 128 * KIB);
  g_assert_cmpuint (total (snapshot, ATLAS_FIGURE_HUGE), ==, 16 * MIB);
  /* Merged by KSM: of the 3 MiB only what nobody else maps. */
  g_assert_cmpuint (counter (snapshot, 0x70000000, ATLAS_COUNTER_PRIVATE_WS), ==, MIB);
  g_assert_cmpstr (path_at (snapshot, 0x12c00000), ==, "[anon:dalvik-main space (region space)]");
}

static void
test_hugetlb (void)
{
  g_autoptr (AtlasSnapshot) snapshot = scan ("proc-hugetlb", 777, 0);

  /* Rss leaves huge pages out. Those of a private anonymous mapping are the process's own; those of
   * a private mapping of a file may be the file's, which only pagemap tells. */
  g_assert_cmpuint (counter (snapshot, 0x7f0000000000, ATLAS_COUNTER_PRIVATE_WS), ==, 6 * MIB);
  g_assert_cmpuint (counter (snapshot, 0x7f0000800000, ATLAS_COUNTER_PRIVATE_WS), ==, 0);
  g_assert_true (counter (snapshot, 0x7f0001000000, ATLAS_COUNTER_PRIVATE_WS) == NONE);
  g_assert_true (is_missing (snapshot, "pagemap"));
  g_assert_true (total (snapshot, ATLAS_FIGURE_PRIVATE_WS) == NONE);
  g_assert_cmpuint (total (snapshot, ATLAS_FIGURE_LOCKED_WS), ==, 15 * MIB);
}

static void
test_numa (void)
{
  g_autoptr (AtlasSnapshot) with = scan ("proc-numa", 31, ATLAS_SCAN_NUMA);
  g_autoptr (AtlasSnapshot) without = scan ("proc-numa", 31, 0);
  g_autoptr (AtlasSnapshot) lacking = scan ("proc-swap", 4242, ATLAS_SCAN_NUMA);
  static const struct
  {
    guint64 address;
    const char *nodes;
  } cases[] = {
    { 0x681000, "0=40960 1=20480" },           { 0x1000000, "0=2097152 1=2097152" },
    { 0x7f3000000000, "1=4194304" },           { 0x7f3000400000, NULL },
    { 0x7f3000800000, "0=2097152 1=2097152" },
  };

  g_assert_true (atlas_snapshot_has_numa (with));
  g_assert_false (atlas_snapshot_has_numa (without));
  g_assert_false (atlas_snapshot_has_numa (lacking));
  g_assert_true (is_missing (lacking, "numa_maps"));
  g_assert_false (is_missing (with, "numa_maps"));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint index = atlas_snapshot_find_block (with, cases[i].address);
      const AtlasBlock *block = atlas_snapshot_get_block (with, (guint)index);
      g_assert_cmpstr (atlas_snapshot_get_string (with, block->numa), ==, cases[i].nodes);
    }
}

static void
test_strange_names (void)
{
  g_autoptr (AtlasSnapshot) snapshot = scan ("proc-strange", 10, 0);
  const AtlasProcess *process = atlas_snapshot_get_process (snapshot);

  g_assert_cmpstr (path_at (snapshot, 0x7f0000000000), ==, "/tmp/a\nb (deleted)");
  g_assert_cmpstr (path_at (snapshot, 0x7f0000001000), ==, "/tmp/caf\xe9 \xff\xfe");
  g_assert_cmpstr (path_at (snapshot, 0x7f0000002000), ==, "/tmp/spaces  in //name ");
  g_assert_cmpstr (process->executable, ==, "/usr/bin/odd (deleted)");
  g_assert_cmpstr (process->command_line, ==, "odd '--name=it'\\''s' 'two words' '' \xff x");
  g_assert_true (is_missing (snapshot, "kernel stacks"));
  g_assert_true (is_missing (snapshot, "pagemap"));
  g_assert_false (is_missing (snapshot, "lines"));
  g_assert_cmpuint (counter (snapshot, 0x400000, ATLAS_COUNTER_PSS_DIRTY), ==, 0);
  g_assert_cmpuint (counter (snapshot, 0x400000, ATLAS_COUNTER_PRIVATE_CLEAN), ==, 300 * KIB);
}

static void
test_strange_files (void)
{
  g_autoptr (AtlasSnapshot) upside_down = scan ("proc-strange", 11, 0);
  g_autoptr (AtlasSnapshot) maps_only = scan ("proc-strange", 12, 0);
  g_autoptr (AtlasSnapshot) damaged = scan ("proc-strange", 13, 0);

  g_assert_cmpuint (counter (upside_down, 0x681000, ATLAS_COUNTER_ANONYMOUS), ==, 60 * KIB);
  g_assert_false (is_missing (upside_down, "smaps"));

  g_assert_true (is_missing (maps_only, "smaps"));
  g_assert_true (counter (maps_only, 0x681000, ATLAS_COUNTER_RSS) == NONE);
  g_assert_true (total (maps_only, ATLAS_FIGURE_TOTAL_WS) == NONE);
  g_assert_true (total (maps_only, ATLAS_FIGURE_SIZE) == total (upside_down, ATLAS_FIGURE_SIZE));

  g_assert_true (is_missing (damaged, "3 lines"));
  g_assert_true (is_missing (damaged, "1 blocks"));
  g_assert_true (counter (damaged, 0x67f000, ATLAS_COUNTER_RSS) == NONE);
  g_assert_cmpuint (counter (damaged, 0x681000, ATLAS_COUNTER_RSS), ==, 60 * KIB);
}

static void
test_errors (void)
{
  static const struct
  {
    gint pid;
    AtlasError code;
    const char *text;
  } cases[] = {
    { 2, ATLAS_ERROR_UNSUPPORTED, "kernel thread" },
    { 20, ATLAS_ERROR_UNSUPPORTED, "zombie" },
    { 21, ATLAS_ERROR_UNSUPPORTED, "leaving" },
    { 22, ATLAS_ERROR_FORMAT, "22/stat" },
    { 23, ATLAS_ERROR_GONE, "23" },
    { -1, ATLAS_ERROR_GONE, "-1" },
  };
  g_autoptr (AtlasSource) source = open_tree ("proc-strange");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      AtlasScanRequest request = { .pid = cases[i].pid };
      g_assert_null (atlas_source_scan (source, &request, NULL, &error));
      g_assert_error (error, ATLAS_ERROR, (gint)cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].text));
    }

  g_autoptr (GError) error = NULL;
  AtlasScanRequest other = { .pid = 11, .start_ticks = 1 };
  g_assert_null (atlas_source_scan (source, &other, NULL, &error));
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_GONE);
  g_clear_error (&error);

  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  AtlasScanRequest good = { .pid = 11, .start_ticks = 4711 };
  g_cancellable_cancel (cancellable);
  g_assert_null (atlas_source_scan (source, &good, cancellable, &error));
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_CANCELLED);
}

static void
test_list (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasSource) source = open_tree ("proc-strange");
  g_autoptr (GPtrArray) processes = atlas_source_list (source, NULL, &error);
  static const struct
  {
    gint pid;
    gboolean readable;
  } cases[] = { { 2, FALSE }, { 10, TRUE },  { 11, TRUE }, { 12, TRUE },
                { 13, TRUE }, { 20, FALSE }, { 21, TRUE }, { 22, FALSE } };

  g_assert_no_error (error);
  g_assert_cmpuint (processes->len, ==, G_N_ELEMENTS (cases));
  for (guint i = 0; i < processes->len; i++)
    {
      const AtlasProcess *process = g_ptr_array_index (processes, i);
      g_assert_cmpint (process->pid, ==, cases[i].pid);
      g_assert_cmpint (process->unreadable == NULL, ==, cases[i].readable);
    }

  g_autoptr (AtlasProcess) one = atlas_source_query (source, 10, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (one->name, ==, "a) b (c");
  g_assert_cmpuint (one->private_bytes, ==, 96 * KIB);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recorded/facts", test_facts);
  g_test_add_func ("/recorded/old-kernel", test_old_kernel);
  g_test_add_func ("/recorded/swap", test_swap);
  g_test_add_func ("/recorded/hugetlb", test_hugetlb);
  g_test_add_func ("/recorded/numa", test_numa);
  g_test_add_func ("/recorded/strange-names", test_strange_names);
  g_test_add_func ("/recorded/strange-files", test_strange_files);
  g_test_add_func ("/recorded/errors", test_errors);
  g_test_add_func ("/recorded/list", test_list);
  return g_test_run ();
}
