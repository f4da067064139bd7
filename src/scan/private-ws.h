/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/snapshot-builder.h"
#include "scan/pagemap.h"
#include "scan/procfs.h"

G_BEGIN_DECLS

/**
 * atlas_private_ws_bounds:
 * @out_low, @out_high: bytes, between which ATLAS_COUNTER_PRIVATE_WS lies
 *
 * What smaps alone says of the resident anonymous pages that no other process maps. In most blocks
 * both bounds are the same and nothing else need be read. Returns FALSE where smaps says nothing.
 */
gboolean atlas_private_ws_bounds (const AtlasBlock *block, const AtlasCounters *counters,
                                  gboolean is_hugetlb_file, guint64 *out_low, guint64 *out_high);

/**
 * atlas_private_ws_is_hugetlb_file:
 * Returns whether @block maps a file of hugetlbfs, whose pages may be the file's or, once written,
 * the process's own.
 */
gboolean atlas_private_ws_is_hugetlb_file (AtlasStringPool *pool, const AtlasBlock *block);

/**
 * atlas_private_ws_count:
 * @ahead: see atlas_pagemap_get()
 * @out_bytes: what is present, not of a file, and mapped once
 *
 * Counts by pagemap alone, page by page. Returns FALSE with errno set; ECANCELED.
 */
gboolean atlas_private_ws_count (AtlasPagemap *pagemap, guint page_size, guint64 start, guint64 end,
                                 guint64 ahead, GCancellable *cancellable, guint64 *out_bytes);

/**
 * atlas_private_ws_complete:
 * @mixed: (element-type guint32): ascending indices of blocks whose counter smaps leaves open
 *
 * Sets the counter of each of these blocks from pagemap; where that cannot be read it becomes
 * unknown and the snapshot says so. Stops early, with the counters undefined, when cancelled.
 */
void atlas_private_ws_complete (AtlasSnapshotBuilder *builder, AtlasProcfs *procfs, gint pid,
                                guint page_size, const GArray *mixed, GCancellable *cancellable);

G_END_DECLS
