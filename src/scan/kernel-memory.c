/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Kernel memory that exists because of a process. It has no addresses in it and is not charged to
 * the commit limit, but it is memory that would be free without the process.
 */

#include "config.h"

#include "scan/kernel-memory.h"

#include "scan/digits.h"
#include "scan/scan-limits.h"
#include "scan/proc-stat.h"

#include <glib/gi18n.h>
#include <string.h>

#define SMALLEST_STACK 4096
#define LARGEST_STACK  (64 * 1024)

/* "0.66 0.20 0.07 1/93 11691": runnable/all tasks. */
static guint64
parse_task_count (const char *loadavg, gsize length)
{
  const char *slash = memchr (loadavg, '/', length);
  guint64 n_tasks;

  if (slash == NULL)
    return 0;
  slash++;
  return atlas_digits_decimal (&slash, loadavg + length, &n_tasks) ? n_tasks : 0;
}

guint64
atlas_kernel_stack_size (const char *meminfo, gsize meminfo_length, const char *loadavg,
                         gsize loadavg_length, guint64 *out_kernel_stack, guint64 *out_n_tasks)
{
  guint64 all = atlas_proc_key_kib (meminfo, meminfo_length, "KernelStack:");
  guint64 n_tasks = parse_task_count (loadavg, loadavg_length);

  if (all == ATLAS_UNKNOWN || all == 0 || n_tasks == 0)
    return 0;
  guint64 quotient = all / n_tasks;
  for (guint64 size = SMALLEST_STACK; size <= LARGEST_STACK; size *= 2)
    if (quotient >= size / 4 * 3 && quotient < size / 2 * 3)
      {
        *out_kernel_stack = all;
        *out_n_tasks = n_tasks;
        return size;
      }
  return 0;
}

static void
add_region (AtlasSnapshotBuilder *builder, guint64 size, const char *details, const char *reason)
{
  AtlasStringPool *pool = atlas_snapshot_builder_get_pool (builder);
  AtlasBlock block = { .end = size, .flags = ATLAS_BLOCK_KERNEL };
  AtlasCounters counters = { { 0 } };

  counters.value[ATLAS_COUNTER_RSS] = size;
  counters.value[ATLAS_COUNTER_PRIVATE_DIRTY] = size;
  counters.value[ATLAS_COUNTER_PRIVATE_WS] = size;
  AtlasRegion region = {
    .first_block = atlas_snapshot_builder_add_block (builder, &block, &counters),
    .n_blocks = 1,
    .details = atlas_string_pool_intern (pool, details, -1),
    .reason = atlas_string_pool_intern (pool, reason, -1),
    .type = ATLAS_TYPE_SYSTEM,
  };
  atlas_snapshot_builder_add_region (builder, &region);
}

static void
add_page_tables (AtlasSnapshotBuilder *builder, AtlasProcfs *procfs, gint pid)
{
  gsize length;
  AtlasProcStatus status;
  g_autoptr (GError) error = NULL;
  g_autofree char *text =
    atlas_procfs_read (procfs, pid, "status", ATLAS_LIMIT_SMALL_FILE, &length, &error);

  if (text == NULL)
    {
      atlas_snapshot_builder_add_missing (builder, _ ("page tables"), error->message);
      return;
    }
  atlas_proc_status_parse (text, length, &status);
  if (status.vm_pte == ATLAS_UNKNOWN)
    atlas_snapshot_builder_add_missing (builder, _ ("page tables"),
                                        _ ("The status file of the process has no VmPTE line"));
  else if (status.vm_pmd != ATLAS_UNKNOWN && status.vm_pte + status.vm_pmd > 0)
    add_region (builder, status.vm_pte + status.vm_pmd, "Page tables",
                _ ("Page tables of the process: VmPTE + VmPMD of its status file"));
  else if (status.vm_pte > 0)
    add_region (builder, status.vm_pte, "Page tables",
                _ ("Page tables of the process: VmPTE of its status file"));
}

static void
add_stacks (AtlasSnapshotBuilder *builder, AtlasProcfs *procfs, guint n_threads)
{
  gsize meminfo_length, loadavg_length;
  g_autoptr (GError) error = NULL;
  g_autofree char *meminfo =
    atlas_procfs_read (procfs, 0, "meminfo", ATLAS_LIMIT_SMALL_FILE, &meminfo_length, &error);
  g_autofree char *loadavg =
    meminfo != NULL
      ? atlas_procfs_read (procfs, 0, "loadavg", ATLAS_LIMIT_SMALL_FILE, &loadavg_length, &error)
      : NULL;
  if (loadavg == NULL)
    {
      atlas_snapshot_builder_add_missing (builder, _ ("kernel stacks"), error->message);
      return;
    }

  guint64 all, n_tasks;
  guint64 size =
    atlas_kernel_stack_size (meminfo, meminfo_length, loadavg, loadavg_length, &all, &n_tasks);
  if (size == 0 || n_threads == 0)
    {
      atlas_snapshot_builder_add_missing (
        builder, _ ("kernel stacks"),
        n_threads == 0
          ? _ ("The number of threads is not known")
          : _ ("The size of a kernel stack cannot be told: KernelStack of meminfo divided "
               "by the number of tasks in loadavg is not near a power of two"));
      return;
    }
  g_autofree char *reason = g_strdup_printf (
    _ ("Kernel stacks: %u threads × %lu KiB. The size of one is measured: all kernel stacks of the "
       "machine (KernelStack of meminfo, %lu KiB) divided by its tasks (loadavg, %lu), to the "
       "nearest "
       "power of two"),
    n_threads, (gulong)(size >> 10), (gulong)(all >> 10), (gulong)n_tasks);
  add_region (builder, n_threads * size, "Kernel stacks", reason);
}

void
atlas_kernel_memory_add (AtlasSnapshotBuilder *builder, AtlasProcfs *procfs, gint pid,
                         guint n_threads)
{
  add_page_tables (builder, procfs, pid);
  add_stacks (builder, procfs, n_threads);
}
