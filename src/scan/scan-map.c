/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The part of a scan that reads the memory map, and finds out whether the process was the same all
 * the while. Works on the AtlasScan of its caller; one thread, but for the one inside the reader.
 */

#include "config.h"

#include "scan/process-scan-private.h"

#include "scan/access.h"
#include "scan/private-ws.h"
#include "scan/smaps-reader.h"
#include "util/error.h"
#include "util/fd.h"
#include "util/text.h"

#include <glib/gi18n.h>
#include <unistd.h>

/* A kernel does not contradict itself, but a recording may be damaged: its figures are unknown
 * then, for no snapshot may break the rules. */
static void
distrust (AtlasScan *scan, const AtlasBlock *block, AtlasCounters *counters)
{
  AtlasFigures figures;

  atlas_figures_of_block (block, counters, &figures);
  if (atlas_figures_find_contradiction (&figures) == NULL)
    return;
  for (guint i = 0; i < ATLAS_N_COUNTERS; i++)
    counters->value[i] = ATLAS_UNKNOWN;
  scan->n_impossible++;
}

static void
on_block (const AtlasBlock *block, AtlasCounters *counters, gpointer data)
{
  AtlasScan *scan = data;
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
  if (!atlas_procfs_is_live (scan->procfs))
    distrust (scan, block, counters);
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
  AtlasScan *scan = data;
  guint64 expected = scan->process->working_set;
  double fraction = -1;

  if (expected != ATLAS_UNKNOWN && expected > 0)
    fraction = MIN ((double)scan->rss / (double)expected, 1.0) * 0.7;
  atlas_scan_report_progress (scan, fraction, N_ ("Reading the memory map"));
}

/*
 * An mm that is gone gives no blocks any more: reading stopped early though it met no error. The
 * maps that is asked was opened ahead of smaps: while its mm lives, smaps belongs to the same one.
 * It is asked and not smaps itself, because a first block of terabytes would be walked once more.
 */
static gboolean
is_map_alive (AtlasScan *scan)
{
  char byte;

  return scan->maps < 0 || !atlas_procfs_is_live (scan->procfs) ||
         pread (scan->maps, &byte, 1, 0) == 1;
}

AtlasFate
atlas_scan_find_fate (AtlasScan *scan)
{
  AtlasIdentity now;

  if (!atlas_process_reader_identify (scan->reader, scan->origin.files, &now, NULL) ||
      now.start_ticks != scan->origin.identity.start_ticks || now.state == 'Z' || now.state == 'X')
    return ATLAS_FATE_ENDED;
  if (now.start_code != scan->origin.identity.start_code ||
      now.start_stack != scan->origin.identity.start_stack || !is_map_alive (scan))
    return ATLAS_FATE_OTHER_PROGRAM;
  return ATLAS_FATE_SAME;
}

static gboolean
set_gone_error (AtlasScan *scan, GError **error)
{
  g_autofree char *name = atlas_bytes_dup_display (scan->process->name);

  g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_GONE, _ ("Process %d (%s) has ended"),
               scan->process->pid, name);
  return FALSE;
}

static gboolean
set_empty_error (AtlasScan *scan, const AtlasSmapsReport *report, GError **error)
{
  g_autofree char *name = atlas_bytes_dup_display (scan->process->name);

  if (report->n_damaged > 0)
    g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT,
                 _ ("Process %d (%s): no line of its %s is of the form that the kernel writes"),
                 scan->process->pid, name, scan->is_smaps ? "smaps" : "maps");
  else
    g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_UNSUPPORTED,
                 _ ("Process %d (%s) has no memory map: it is a kernel thread or about to end"),
                 scan->process->pid, name);
  return FALSE;
}

/* Says of which process the limit is that was reached. */
static gboolean
prefix_error (AtlasScan *scan, GError **error)
{
  g_autofree char *name = atlas_bytes_dup_display (scan->process->name);

  if (error != NULL && !g_error_matches (*error, ATLAS_ERROR, ATLAS_ERROR_CANCELLED))
    g_prefix_error (error, _ ("Process %d (%s): "), scan->process->pid, name);
  return FALSE;
}

static void
report_map (AtlasScan *scan, const AtlasSmapsReport *report, int read_errno)
{
  const char *file = scan->is_smaps ? "smaps" : "maps";

  if (read_errno != 0)
    {
      char address[ATLAS_ADDRESS_TEXT_SIZE];
      g_autofree char *what = g_strdup_printf (
        _ ("%s from %s on"), file, atlas_address_to_text (report->last_end, 64, address));
      atlas_scan_add_missing (scan, what, _ ("Reading stopped: %s"), g_strerror (read_errno));
    }
  if (report->n_damaged > 0)
    atlas_scan_add_missing (scan, _ ("some lines of the memory map"),
                            _ ("%lu lines of %s are not of the form that the kernel writes"),
                            (gulong)report->n_damaged, file);
  if (report->n_out_of_order > 0)
    atlas_scan_add_missing (scan, _ ("some blocks of the memory map"),
                            _ ("%lu blocks of %s begin before the one ahead of them ends"),
                            (gulong)report->n_out_of_order, file);
  if (scan->n_impossible > 0)
    atlas_scan_add_missing (scan, _ ("some figures of the memory map"),
                            _ ("The figures of %u blocks contradict each other (more in RAM than "
                               "the size, for one): the recording is damaged"),
                            scan->n_impossible);
  if (!report->has_counters && scan->is_smaps)
    atlas_scan_add_missing (scan, "smaps", _ ("smaps has no counters"));
  else if (!report->has_counters)
    atlas_scan_add_missing (scan, "smaps",
                            _ ("There is only maps (a kernel without CONFIG_PROC_PAGE_MONITOR, or "
                               "a recording without smaps): no working set is known"));
}

/* Something was read of a process that is not what it was any more. */
static void
report_fate (AtlasScan *scan, AtlasFate fate, guint64 last_end)
{
  char address[ATLAS_ADDRESS_TEXT_SIZE];
  g_autofree char *what = g_strdup_printf (_ ("the memory map, perhaps, from %s on"),
                                           atlas_address_to_text (last_end, 64, address));

  if (fate == ATLAS_FATE_ENDED)
    atlas_scan_add_missing (scan, what, _ ("The process ended while it was read"));
  else if (fate == ATLAS_FATE_OTHER_PROGRAM)
    atlas_scan_add_missing (scan, what,
                            _ ("The process went on to run another program, several times"));
}

gboolean
atlas_scan_read_map (AtlasScan *scan, gboolean last_attempt, GError **error)
{
  AtlasStringPool *pool = atlas_snapshot_builder_get_pool (scan->builder);
  g_autofree char *maps_path = g_strdup_printf ("%d/maps", scan->origin.files);
  scan->maps = atlas_procfs_openat (scan->procfs, maps_path);
  atlas_autofd fd =
    atlas_access_open_map (scan->procfs, scan->process, scan->origin.files, &scan->is_smaps, error);
  if (fd < 0)
    return FALSE;

  g_autoptr (AtlasSmapsParser) parser = atlas_smaps_parser_new (pool, on_block, scan);
  int read_errno;
  if (!atlas_smaps_reader_run (fd, parser, on_tick, scan, scan->cancellable, &read_errno, error))
    return prefix_error (scan, error);

  const AtlasSmapsReport *report = atlas_smaps_parser_get_report (parser);
  AtlasFate fate = atlas_scan_find_fate (scan);
  if (fate == ATLAS_FATE_OTHER_PROGRAM && !last_attempt)
    return FALSE;
  if (report->n_blocks == 0)
    {
      if (fate != ATLAS_FATE_SAME)
        return set_gone_error (scan, error);
      return set_empty_error (scan, report, error);
    }
  report_map (scan, report, read_errno);
  if (fate != ATLAS_FATE_SAME)
    report_fate (scan, fate, report->last_end);
  return TRUE;
}
