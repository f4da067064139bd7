/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One scan of one process, from its files to a snapshot. The Scan lives on the stack of the caller;
 * the snapshot's builder is filled by the parser while another thread reads. What the process does
 * meanwhile (exit, exec) is found out afterwards, never taken for granted.
 */

#include "config.h"

#include "scan/process-scan.h"

#include "scan/access.h"
#include "scan/classify.h"
#include "scan/elf-kind.h"
#include "scan/kernel-memory.h"
#include "scan/numa-maps.h"
#include "scan/private-ws.h"
#include "scan/scan-limits.h"
#include "scan/smaps-reader.h"
#include "scan/threads.h"
#include "util/error.h"
#include "util/fd.h"

#include <elf.h>
#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#define ATTEMPTS          3                     /* at a process that keeps running other programs */
#define PROGRESS_INTERVAL (G_USEC_PER_SEC / 20) /* µs */
#define USER_HALF         (G_GUINT64_CONSTANT (1) << 63)

typedef struct
{
  AtlasProcfs *procfs;
  AtlasProcessReader *reader;
  const AtlasScanRequest *request;
  GCancellable *cancellable;
  AtlasSnapshotBuilder *builder;
  AtlasProcess *process; /* until the builder takes it */
  AtlasIdentity identity;
  guint machine; /* EM_* */
  GArray *threads;
  GArray *mixed; /* of guint32: blocks whose private working set smaps leaves open */
  gboolean is_smaps;
  gint64 last_progress; /* µs, monotonic */
  guint64 rss;          /* bytes, of the blocks so far */
} Scan;

static void
scan_clear (Scan *scan)
{
  g_clear_pointer (&scan->builder, atlas_snapshot_builder_free);
  g_clear_pointer (&scan->process, atlas_process_free);
  g_clear_pointer (&scan->threads, g_array_unref);
  g_clear_pointer (&scan->mixed, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scan, scan_clear)

static void
report_progress (Scan *scan, double fraction, const char *phase)
{
  gint64 now = g_get_monotonic_time ();

  if (scan->request->progress == NULL || now - scan->last_progress < PROGRESS_INTERVAL)
    return;
  scan->last_progress = now;
  scan->request->progress (fraction, phase, scan->request->progress_data);
}

static void
add_missing (Scan *scan, const char *what, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *why = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  atlas_snapshot_builder_add_missing (scan->builder, what, why);
}

static void
on_block (const AtlasBlock *block, AtlasCounters *counters, gpointer data)
{
  Scan *scan = data;
  AtlasStringPool *pool = atlas_snapshot_builder_get_pool (scan->builder);
  guint64 low, high;
  gboolean is_mixed = FALSE;

  if (atlas_private_ws_bounds (block, counters, atlas_private_ws_is_hugetlb_file (pool, block),
                               &low, &high))
    {
      /* Of mixed blocks this keeps the place; atlas_private_ws_complete() puts the figure there. */
      is_mixed = low != high;
      counters->value[ATLAS_COUNTER_PRIVATE_WS] = high;
    }
  guint32 index = atlas_snapshot_builder_add_block (scan->builder, block, counters);
  if (is_mixed)
    g_array_append_val (scan->mixed, index);
  if (counters->value[ATLAS_COUNTER_RSS] != ATLAS_UNKNOWN)
    scan->rss += counters->value[ATLAS_COUNTER_RSS];
}

/* Most of the time goes into walking the resident pages, so these measure the progress. */
static void
on_tick (gpointer data)
{
  Scan *scan = data;
  guint64 expected = scan->process->working_set;
  double fraction = -1;

  if (expected != ATLAS_UNKNOWN && expected > 0)
    fraction = MIN ((double)scan->rss / (double)expected, 1.0) * 0.7;
  report_progress (scan, fraction, N_ ("Reading the memory map"));
}

/*
 * An mm that is gone gives no blocks any more: reading stopped early though it met no error. @maps
 * was opened along with smaps and belongs to the same mm; it is asked and not smaps itself, because
 * a first block of terabytes would be walked once more.
 */
static gboolean
is_map_alive (Scan *scan, int maps)
{
  char byte;

  return maps < 0 || !atlas_procfs_is_live (scan->procfs) || pread (maps, &byte, 1, 0) == 1;
}

typedef enum
{
  SAME,
  ENDED,
  OTHER_PROGRAM,
} Fate;

/* What became of the process since the scan began. */
static Fate
find_fate (Scan *scan, int maps)
{
  AtlasIdentity now;

  if (!atlas_process_reader_identify (scan->reader, scan->request->pid, &now, NULL) ||
      now.start_ticks != scan->identity.start_ticks || now.state == 'Z' || now.state == 'X')
    return ENDED;
  if (now.start_code != scan->identity.start_code ||
      now.start_stack != scan->identity.start_stack || !is_map_alive (scan, maps))
    return OTHER_PROGRAM;
  return SAME;
}

static gboolean
set_gone_error (Scan *scan, GError **error)
{
  g_autofree char *name = g_filename_display_name (scan->process->name);

  g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_GONE, _ ("Process %d (%s) has ended"),
               scan->process->pid, name);
  return FALSE;
}

static void
report_map (Scan *scan, const AtlasSmapsReport *report, int read_errno)
{
  const char *file = scan->is_smaps ? "smaps" : "maps";

  if (read_errno != 0)
    {
      g_autofree char *what =
        g_strdup_printf (_ ("%s from %" G_GINT64_MODIFIER "X on"), file, report->last_end);
      add_missing (scan, what, _ ("Reading stopped: %s"), g_strerror (read_errno));
    }
  if (report->n_damaged > 0)
    add_missing (scan, _ ("some lines of the memory map"),
                 _ ("%" G_GUINT64_FORMAT " lines of %s are not of the form that the kernel writes"),
                 report->n_damaged, file);
  if (report->n_out_of_order > 0)
    add_missing (scan, _ ("some blocks of the memory map"),
                 _ ("%" G_GUINT64_FORMAT " blocks overlap the one before them in %s"),
                 report->n_out_of_order, file);
  if (!report->has_counters && report->n_blocks > 0)
    add_missing (scan, "smaps",
                 scan->is_smaps
                   ? _ ("smaps has no counters")
                   : _ ("There is only maps (a kernel without CONFIG_PROC_PAGE_MONITOR, "
                        "or a recording without smaps): no working set is known"));
}

/* Fills the builder with the blocks. FALSE without @error: another program, start again. */
static gboolean
read_map (Scan *scan, gboolean last_attempt, GError **error)
{
  AtlasStringPool *pool = atlas_snapshot_builder_get_pool (scan->builder);
  atlas_autofd fd = atlas_access_open_map (scan->procfs, scan->process, &scan->is_smaps, error);
  if (fd < 0)
    return FALSE;
  g_autofree char *maps_path = g_strdup_printf ("%d/maps", scan->request->pid);
  atlas_autofd maps = atlas_procfs_openat (scan->procfs, maps_path);

  g_autoptr (AtlasSmapsParser) parser = atlas_smaps_parser_new (pool, on_block, scan);
  int read_errno;
  if (!atlas_smaps_reader_run (fd, parser, on_tick, scan, scan->cancellable, &read_errno, error))
    return FALSE;

  const AtlasSmapsReport *report = atlas_smaps_parser_get_report (parser);
  Fate fate = find_fate (scan, maps);
  if (fate == OTHER_PROGRAM && !last_attempt)
    return FALSE;
  if (report->n_blocks == 0)
    {
      if (fate == ENDED)
        return set_gone_error (scan, error);
      g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_UNSUPPORTED,
                   _ ("Process %d (%s) has no memory map: it is a kernel thread or about to end"),
                   scan->process->pid, scan->process->name);
      return FALSE;
    }

  report_map (scan, report, read_errno);
  if (fate != SAME)
    {
      g_autofree char *what = g_strdup_printf (
        _ ("the memory map, perhaps, from %" G_GINT64_MODIFIER "X on"), report->last_end);
      add_missing (scan, what, "%s",
                   fate == ENDED ? _ ("The process ended while it was read")
                                 : _ ("The process went on to run another program, several times"));
    }
  return TRUE;
}

/* A recording may lack auxv; the smallest page that smaps tells of is the machine's then. */
static void
complete_page_size (Scan *scan)
{
  guint shift = 0;

  if (scan->process->page_size != 0)
    return;
  for (guint i = 0; i < atlas_snapshot_builder_get_n_blocks (scan->builder); i++)
    {
      guint8 one = atlas_snapshot_builder_get_block (scan->builder, i)->page_shift;
      if (one != 0 && (shift == 0 || one < shift))
        shift = one;
    }
  if (shift != 0 && shift < 31)
    scan->process->page_size = 1u << shift;
}

static void
read_numa (Scan *scan)
{
  gsize length;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = atlas_procfs_read (scan->procfs, scan->request->pid, "numa_maps",
                                             ATLAS_LIMIT_NUMA_MAPS, &length, &error);
  if (text == NULL)
    {
      if (g_error_matches (error, ATLAS_ERROR, ATLAS_ERROR_GONE))
        add_missing (scan, "numa_maps", "%s",
                     _ ("There is no numa_maps: the kernel is built without CONFIG_NUMA, or the "
                        "process has ended"));
      else
        add_missing (scan, "numa_maps", "%s", error->message);
      return;
    }
  guint page_size = scan->process->page_size != 0 ? scan->process->page_size : 4096;
  guint n_missed = atlas_numa_maps_apply (scan->builder, text, length, page_size);
  atlas_snapshot_builder_set_has_numa (scan->builder, TRUE);
  if (n_missed > 0)
    add_missing (scan, "numa_maps",
                 _ ("%u blocks are not in numa_maps: the process changed while it was read"),
                 n_missed);
}

/* Reads what is read of single blocks, after the map. */
static void
read_more (Scan *scan)
{
  char *why = NULL;

  complete_page_size (scan);
  report_progress (scan, 0.7, N_ ("Counting private pages"));
  atlas_private_ws_complete (scan->builder, scan->procfs, scan->request->pid,
                             scan->process->page_size, scan->mixed, scan->cancellable);
  if ((scan->request->flags & ATLAS_SCAN_NUMA) != 0)
    {
      report_progress (scan, 0.75, N_ ("Reading the memory nodes"));
      read_numa (scan);
    }
  report_progress (scan, 0.8, N_ ("Reading the threads"));
  scan->threads = atlas_threads_read (scan->procfs, scan->request->pid, scan->cancellable, &why);
  if (why != NULL)
    atlas_snapshot_builder_add_missing (scan->builder, _ ("threads"), why);
  g_free (why);
}

/* The page for system calls of old, which only x86-64 has, always at this place. */
static gboolean
has_vsyscall (AtlasSnapshotBuilder *builder)
{
  guint n_blocks = atlas_snapshot_builder_get_n_blocks (builder);

  return n_blocks > 0 && atlas_snapshot_builder_get_block (builder, n_blocks - 1)->start ==
                           G_GUINT64_CONSTANT (0xffffffffff600000);
}

/* What can be said of the address space only once the blocks are known. */
static void
complete_process (Scan *scan)
{
  AtlasProcess *process = scan->process;
  guint64 highest = 0;

  for (guint i = atlas_snapshot_builder_get_n_blocks (scan->builder); i > 0; i--)
    {
      const AtlasBlock *block = atlas_snapshot_builder_get_block (scan->builder, i - 1);
      if (block->end <= USER_HALF)
        {
          highest = block->end;
          break;
        }
    }
  if (process->bits == 0 && highest > G_MAXUINT32)
    process->bits = 64;
  if (scan->machine == EM_NONE && has_vsyscall (scan->builder))
    scan->machine = EM_X86_64;
  process->address_limit = atlas_address_limit (scan->machine, process->bits, highest);
  process->n_threads = MAX (process->n_threads, scan->threads->len);
}

static void
set_machine (Scan *scan)
{
  g_autofree char *host =
    atlas_procfs_read (scan->procfs, 0, "sys/kernel/hostname", ATLAS_LIMIT_SMALL_FILE, NULL, NULL);
  g_autofree char *type =
    atlas_procfs_read (scan->procfs, 0, "sys/kernel/ostype", ATLAS_LIMIT_SMALL_FILE, NULL, NULL);
  g_autofree char *release =
    atlas_procfs_read (scan->procfs, 0, "sys/kernel/osrelease", ATLAS_LIMIT_SMALL_FILE, NULL, NULL);
  g_autofree char *kernel = NULL;

  if (release != NULL)
    kernel =
      g_strdup_printf ("%s %s", type != NULL ? g_strchomp (type) : "Linux", g_strchomp (release));
  atlas_snapshot_builder_set_machine (scan->builder, host != NULL ? g_strchomp (host) : NULL,
                                      kernel);
}

/* Neighbouring blocks with the same group, and addresses that touch, are one region. */
static void
add_regions (AtlasScene *scene)
{
  for (guint first = 0; first < scene->n_blocks;)
    {
      const AtlasClaim *claim = &scene->claims[first];
      guint64 end = atlas_scene_get_block (scene, first)->end;
      guint next = first + 1;

      for (; next < scene->n_blocks && scene->claims[next].group == claim->group; next++)
        {
          const AtlasBlock *block = atlas_scene_get_block (scene, next);
          if (block->start != end)
            break;
          end = block->end;
        }
      AtlasRegion region = {
        .first_block = first,
        .n_blocks = next - first,
        .details = claim->details,
        .reason = claim->reason,
        .owner = claim->owner,
        .type = claim->type,
        .guess = claim->guess,
      };
      atlas_snapshot_builder_add_region (scene->builder, &region);
      first = next;
    }
}

static void
classify (Scan *scan)
{
  guint n_blocks = atlas_snapshot_builder_get_n_blocks (scan->builder);
  g_autofree AtlasClaim *claims = g_new0 (AtlasClaim, n_blocks);
  g_autoptr (AtlasMemory) memory = atlas_memory_new (scan->procfs, scan->request->pid);
  AtlasScene scene = {
    .builder = scan->builder,
    .pool = atlas_snapshot_builder_get_pool (scan->builder),
    .n_blocks = n_blocks,
    .claims = claims,
    .process = scan->process,
    .threads = scan->threads,
    .procfs = scan->procfs,
    .memory = memory,
    .cancellable = scan->cancellable,
  };

  atlas_classify (&scene);
  add_regions (&scene);
}

static gboolean
begin (Scan *scan, GError **error)
{
  scan_clear (scan);
  scan->mixed = g_array_new (FALSE, FALSE, sizeof (guint32));
  scan->rss = 0;
  scan->process = atlas_process_reader_read (scan->reader, scan->request->pid, &scan->identity,
                                             &scan->machine, error);
  if (scan->process == NULL)
    return FALSE;
  if (scan->request->start_ticks != 0 && scan->request->start_ticks != scan->identity.start_ticks)
    {
      g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_GONE,
                   _ ("The process with the pid %d has ended; another one has its pid now"),
                   scan->request->pid);
      return FALSE;
    }
  return TRUE;
}

/* Everything about one program that the process runs. FALSE without @error: it runs another one. */
static gboolean
attempt (Scan *scan, AtlasStringPool *pool, gboolean is_last, GError **error)
{
  if (!begin (scan, error))
    return FALSE;
  scan->builder = atlas_snapshot_builder_new (pool);
  if (!read_map (scan, is_last, error))
    return FALSE;
  read_more (scan);
  complete_process (scan);
  report_progress (scan, 0.85, N_ ("Finding out what it is"));
  classify (scan);
  atlas_kernel_memory_add (scan->builder, scan->procfs, scan->request->pid,
                           scan->process->n_threads);
  if (atlas_set_error_if_cancelled (g_cancellable_is_cancelled (scan->cancellable), error))
    return FALSE;

  /* What was read after the map belongs to the same program only if it still runs. */
  Fate fate = find_fate (scan, -1);
  if (fate == OTHER_PROGRAM && !is_last)
    return FALSE;
  if (fate != SAME)
    add_missing (scan, _ ("threads and labels, perhaps"), "%s",
                 fate == ENDED ? _ ("The process ended while it was looked at")
                               : _ ("The process runs another program by now"));
  return TRUE;
}

static AtlasSnapshot *
finish (Scan *scan, gint64 time, gint64 started, GError **error)
{
  set_machine (scan);
  for (guint i = 0; i < scan->threads->len; i++)
    {
      const AtlasSceneThread *thread = &g_array_index (scan->threads, AtlasSceneThread, i);
      atlas_snapshot_builder_add_thread (scan->builder, thread->tid, thread->name);
    }
  atlas_snapshot_builder_take_process (scan->builder, g_steal_pointer (&scan->process));
  atlas_snapshot_builder_set_time (scan->builder, time, g_get_monotonic_time () - started);
  return atlas_snapshot_builder_finish (scan->builder, error);
}

AtlasSnapshot *
atlas_process_scan (AtlasProcfs *procfs, AtlasProcessReader *reader,
                    const AtlasScanRequest *request, GCancellable *cancellable, GError **error)
{
  g_auto (Scan) scan = {
    .procfs = procfs,
    .reader = reader,
    .request = request,
    .cancellable = cancellable,
  };
  g_autoptr (AtlasStringPool) pool =
    request->pool != NULL ? atlas_string_pool_ref (request->pool) : atlas_string_pool_new ();
  gint64 time = g_get_real_time (), started = g_get_monotonic_time ();

  for (guint i = 1;; i++)
    {
      GError *failed = NULL;
      if (attempt (&scan, pool, i == ATTEMPTS, &failed))
        return finish (&scan, time, started, error);
      if (failed != NULL)
        {
          g_propagate_error (error, failed);
          return NULL;
        }
    }
}
