/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/source.h"
#include "scan/process-reader.h"

G_BEGIN_DECLS

/**
 * atlas_process_scan:
 * Makes a snapshot of a process; see atlas_source_scan() for @request and the errors. A process
 * that runs another program in the middle of it is scanned again.
 */
AtlasSnapshot *atlas_process_scan (AtlasProcfs *procfs, AtlasProcessReader *reader,
                                   const AtlasScanRequest *request, GCancellable *cancellable,
                                   GError **error);

G_END_DECLS
