/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One scan of one process, from its files to a snapshot. The AtlasScan lives on this stack; the
 * snapshot's builder is filled by the parser while another thread reads. What the process does
 * meanwhile (exit, exec) is found out afterwards, never taken for granted.
 */

#include "config.h"

#include "scan/process-scan.h"

#include "scan/classify.h"
#include "scan/elf-kind.h"
#include "scan/kernel-memory.h"
#include "scan/numa-maps.h"
#include "scan/private-ws.h"
#include "scan/process-scan-private.h"
#include "scan/scan-limits.h"
#include "scan/threads.h"
#include "util/error.h"
#include "util/fd.h"

#include <elf.h>
#include <glib/gi18n.h>

#define ATTEMPTS          3                     /* at a process that keeps running other programs */
#define PROGRESS_INTERVAL (G_USEC_PER_SEC / 20) /* µs */
#define USER_HALF         (G_GUINT64_CONSTANT (1) << 63)

void
atlas_scan_report_progress (AtlasScan *scan, double fraction, const char *phase)
{
  gint64 now = g_get_monotonic_time ();

  if (scan->request->progress == NULL || now - scan->last_progress < PROGRESS_INTERVAL)
    return;
  scan->last_progress = now;
  scan->request->progress (fraction, phase, scan->request->progress_data);
}

void
atlas_scan_add_missing (AtlasScan *scan, const char *what, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *why = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  atlas_snapshot_builder_add_missing (scan->builder, what, why);
}

static void
scan_clear (AtlasScan *scan)
{
  g_clear_pointer (&scan->builder, atlas_snapshot_builder_free);
  g_clear_pointer (&scan->process, atlas_process_free);
  g_clear_pointer (&scan->threads, g_array_unref);
  g_clear_pointer (&scan->mixed, g_array_unref);
  atlas_fd_clear (&scan->maps);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AtlasScan, scan_clear)

/* A recording may lack auxv; the smallest page that smaps tells of is the machine's then. */
static void
complete_page_size (AtlasScan *scan)
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
read_numa (AtlasScan *scan)
{
  gsize length;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = atlas_procfs_read (scan->procfs, scan->origin.files, "numa_maps",
                                             ATLAS_LIMIT_NUMA_MAPS, &length, &error);
  if (text == NULL)
    {
      if (g_error_matches (error, ATLAS_ERROR, ATLAS_ERROR_GONE))
        atlas_scan_add_missing (
          scan, "numa_maps", "%s",
          _ ("There is no numa_maps: the kernel is built without CONFIG_NUMA, or the "
             "process has ended"));
      else
        atlas_scan_add_missing (scan, "numa_maps", "%s", error->message);
      return;
    }
  /* Where it is not known, only the lines that name their page size count. */
  guint n_missed = atlas_numa_maps_apply (scan->builder, text, length, scan->process->page_size);
  atlas_snapshot_builder_set_has_numa (scan->builder, TRUE);
  if (n_missed > 0)
    atlas_scan_add_missing (
      scan, "numa_maps",
      _ ("%u blocks are not in numa_maps: the process changed while it was read"), n_missed);
}

/* Reads what is read of single blocks, after the map. */
static void
read_more (AtlasScan *scan)
{
  char *why = NULL;

  complete_page_size (scan);
  atlas_scan_report_progress (scan, 0.7, N_ ("Counting private pages"));
  atlas_private_ws_complete (scan->builder, scan->procfs, scan->origin.files,
                             scan->process->page_size, scan->mixed, scan->cancellable);
  if ((scan->request->flags & ATLAS_SCAN_NUMA) != 0)
    {
      atlas_scan_report_progress (scan, 0.75, N_ ("Reading the memory nodes"));
      read_numa (scan);
    }
  atlas_scan_report_progress (scan, 0.8, N_ ("Reading the threads"));
  scan->threads = atlas_threads_read (scan->procfs, scan->origin.files, scan->cancellable, &why);
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
complete_process (AtlasScan *scan)
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
  if (scan->origin.machine == EM_NONE && has_vsyscall (scan->builder))
    scan->origin.machine = EM_X86_64;
  process->address_limit = atlas_address_limit (scan->origin.machine, process->bits, highest);
  process->n_threads = MAX (process->n_threads, scan->threads->len);
}

static void
set_machine (AtlasScan *scan)
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
classify (AtlasScan *scan)
{
  guint n_blocks = atlas_snapshot_builder_get_n_blocks (scan->builder);
  g_autofree AtlasClaim *claims = g_new0 (AtlasClaim, n_blocks);
  g_autoptr (AtlasMemory) memory = atlas_memory_new (scan->procfs, scan->origin.files);
  AtlasScene scene = {
    .builder = scan->builder,
    .pool = atlas_snapshot_builder_get_pool (scan->builder),
    .n_blocks = n_blocks,
    .claims = claims,
    .process = scan->process,
    .files = scan->origin.files,
    .threads = scan->threads,
    .procfs = scan->procfs,
    .memory = memory,
    .cancellable = scan->cancellable,
  };

  atlas_classify (&scene);
  add_regions (&scene);
}

static gboolean
begin (AtlasScan *scan, GError **error)
{
  scan_clear (scan);
  scan->mixed = g_array_new (FALSE, FALSE, sizeof (guint32));
  scan->rss = 0;
  scan->n_impossible = 0;
  scan->process =
    atlas_process_reader_read (scan->reader, scan->request->pid, &scan->origin, error);
  if (scan->process == NULL)
    return FALSE;
  if (scan->request->start_ticks != 0 && scan->request->start_ticks != scan->process->start_ticks)
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
attempt (AtlasScan *scan, AtlasStringPool *pool, gboolean is_last, GError **error)
{
  if (!begin (scan, error))
    return FALSE;
  scan->builder = atlas_snapshot_builder_new (pool);
  if (!atlas_scan_read_map (scan, is_last, error))
    return FALSE;
  read_more (scan);
  complete_process (scan);
  atlas_scan_report_progress (scan, 0.85, N_ ("Finding out what it is"));
  classify (scan);
  atlas_kernel_memory_add (scan->builder, scan->procfs, scan->origin.files,
                           scan->process->n_threads);
  if (atlas_set_error_if_cancelled (g_cancellable_is_cancelled (scan->cancellable), error))
    return FALSE;

  /* What was read after the map belongs to the same program only if it still runs. */
  AtlasFate fate = atlas_scan_find_fate (scan);
  if (fate == ATLAS_FATE_OTHER_PROGRAM && !is_last)
    return FALSE;
  if (fate != ATLAS_FATE_SAME)
    atlas_scan_add_missing (scan, _ ("threads and labels, perhaps"), "%s",
                            fate == ATLAS_FATE_ENDED
                              ? _ ("The process ended while it was looked at")
                              : _ ("The process runs another program by now"));
  return TRUE;
}

static AtlasSnapshot *
finish (AtlasScan *scan, gint64 time, gint64 started, GError **error)
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
  g_auto (AtlasScan) scan = {
    .procfs = procfs,
    .reader = reader,
    .request = request,
    .cancellable = cancellable,
    .maps = -1,
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
