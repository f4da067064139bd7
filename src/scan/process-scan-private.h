/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/snapshot-builder.h"
#include "core/source.h"
#include "scan/process-reader.h"

G_BEGIN_DECLS

/* One scan in the making: on the stack of atlas_process_scan(), used by one thread. */
typedef struct
{
  AtlasProcfs *procfs;
  AtlasProcessReader *reader;
  const AtlasScanRequest *request;
  GCancellable *cancellable;
  AtlasSnapshotBuilder *builder;
  AtlasProcess *process; /* until the builder takes it */
  AtlasProcessOrigin origin;
  GArray *threads;
  GArray *mixed; /* of guint32: blocks whose private working set smaps leaves open */
  gboolean is_smaps;
  int maps; /* opened before smaps, so that it tells whether that memory still lives; -1: none */
  gint64 last_progress; /* µs, monotonic */
  guint64 rss;          /* bytes, of the blocks so far */
  guint n_impossible;   /* blocks whose recorded figures contradict each other */
} AtlasScan;

/* What became of the process since the scan began. */
typedef enum
{
  ATLAS_FATE_SAME,
  ATLAS_FATE_ENDED,
  ATLAS_FATE_OTHER_PROGRAM,
} AtlasFate;

/** atlas_scan_report_progress: Calls the function of the request, not too often. */
void atlas_scan_report_progress (AtlasScan *scan, double fraction, const char *phase);

/** atlas_scan_add_missing: Notes what could not be read; @format gives the reason. */
void atlas_scan_add_missing (AtlasScan *scan, const char *what, const char *format, ...)
  G_GNUC_PRINTF (3, 4);

/**
 * atlas_scan_find_fate:
 * Returns whether the process still runs the program that it ran when the scan began, in the
 * memory whose map was read.
 */
AtlasFate atlas_scan_find_fate (AtlasScan *scan);

/**
 * atlas_scan_read_map:
 * @last_attempt: whether to make do with the map of a process that runs another program by now
 * Fills the builder with the blocks, and says what is missing of them. Returns FALSE with @error,
 * or without one where the process runs another program by now and should be scanned anew.
 */
gboolean atlas_scan_read_map (AtlasScan *scan, gboolean last_attempt, GError **error);

G_END_DECLS
