/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/block.h"
#include "core/process.h"
#include "core/type.h"

G_BEGIN_DECLS

/**
 * AtlasSnapshot:
 * Immutable result of one scan of one process: blocks in order of address (kernel memory without
 * address last), regions made of neighbouring blocks, totals by type, facts of the process, and
 * what could not be read and why. Refcounted; any thread may read it.
 */
typedef struct _AtlasSnapshot AtlasSnapshot;

/* A region: blocks that belong together. Its children are its blocks. */
typedef struct
{
  guint32 first_block;   /* index */
  guint32 n_blocks;      /* at least 1 */
  AtlasStringId details; /* the label: path, "Thread ID: 12 (worker)", "Heap ID: 2"; 0: none */
  AtlasStringId reason;  /* why this type and this label; never 0 */
  guint32 owner;         /* thread id of a Stack, number of a Heap; 0: none */
  guint8 type;           /* AtlasType, IMAGE..SYSTEM */
  guint8 guess;          /* 1: by shape alone, nothing proves it; the reason says so */
  guint16 padding;
} AtlasRegion;

/* A gap between regions. */
typedef struct
{
  guint64 start, end; /* bytes */
} AtlasFreeRange;

/* Something that could not be read. */
typedef struct
{
  char *what; /* "pagemap", "smaps from 7F00…" */
  char *why;  /* message for the user, with what would help */
} AtlasMissing;

/* The sums of one type. */
typedef struct
{
  AtlasFigures figures;
  guint64 largest; /* bytes: Size of the largest region; of Total: of the largest but Free */
  guint n_regions;
} AtlasTotals;

AtlasSnapshot *atlas_snapshot_ref (AtlasSnapshot *snapshot);
void atlas_snapshot_unref (AtlasSnapshot *snapshot);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasSnapshot, atlas_snapshot_unref)

/** atlas_snapshot_get_process: Returns: (transfer none): facts at the time of the scan. */
const AtlasProcess *atlas_snapshot_get_process (const AtlasSnapshot *snapshot);

/** atlas_snapshot_get_threads: Returns: (transfer none): the threads; n in @out_n. */
const AtlasThread *atlas_snapshot_get_threads (const AtlasSnapshot *snapshot, guint *out_n);

/** atlas_snapshot_get_time: Returns µs since 1970 at the start of the scan. */
gint64 atlas_snapshot_get_time (const AtlasSnapshot *snapshot);

/** atlas_snapshot_get_duration: Returns how long the scan took, µs. */
gint64 atlas_snapshot_get_duration (const AtlasSnapshot *snapshot);

/** atlas_snapshot_get_host: Returns: (transfer none) (nullable): host name of the machine. */
const char *atlas_snapshot_get_host (const AtlasSnapshot *snapshot);

/** atlas_snapshot_get_kernel: Returns: (transfer none) (nullable): "Linux 6.18.4". */
const char *atlas_snapshot_get_kernel (const AtlasSnapshot *snapshot);

/** atlas_snapshot_get_pool: Returns: (transfer none): the pool that the string ids belong to. */
AtlasStringPool *atlas_snapshot_get_pool (const AtlasSnapshot *snapshot);

/** atlas_snapshot_get_string: Returns: (transfer none) (nullable): the text of @id; NULL for 0. */
const char *atlas_snapshot_get_string (const AtlasSnapshot *snapshot, AtlasStringId id);

guint atlas_snapshot_get_n_blocks (const AtlasSnapshot *snapshot);
guint atlas_snapshot_get_n_regions (const AtlasSnapshot *snapshot);

/** atlas_snapshot_get_block: Returns: (transfer none): block @index, below n_blocks. */
const AtlasBlock *atlas_snapshot_get_block (const AtlasSnapshot *snapshot, guint index);

/** atlas_snapshot_get_region: Returns: (transfer none): region @index, below n_regions. */
const AtlasRegion *atlas_snapshot_get_region (const AtlasSnapshot *snapshot, guint index);

/** atlas_snapshot_get_region_start: Returns the first address, or 0 for kernel memory. */
guint64 atlas_snapshot_get_region_start (const AtlasSnapshot *snapshot, const AtlasRegion *region);

/** atlas_snapshot_get_region_end: Returns the first address behind the region's last block. */
guint64 atlas_snapshot_get_region_end (const AtlasSnapshot *snapshot, const AtlasRegion *region);

/** atlas_snapshot_region_is_kernel: Returns whether the region is kernel memory without address. */
gboolean atlas_snapshot_region_is_kernel (const AtlasSnapshot *snapshot, const AtlasRegion *region);

/** atlas_snapshot_region_get_protection: Returns the protections of the blocks, or-ed. */
guint8 atlas_snapshot_region_get_protection (const AtlasSnapshot *snapshot,
                                             const AtlasRegion *region);

/** atlas_snapshot_get_counters: Unpacks the counters of @block into @out_counters. */
void atlas_snapshot_get_counters (const AtlasSnapshot *snapshot, const AtlasBlock *block,
                                  AtlasCounters *out_counters);

/** atlas_snapshot_get_block_figures: Derives the figures of @block. */
void atlas_snapshot_get_block_figures (const AtlasSnapshot *snapshot, const AtlasBlock *block,
                                       AtlasFigures *out_figures);

/** atlas_snapshot_get_region_figures: Sums the figures of the blocks of @region. */
void atlas_snapshot_get_region_figures (const AtlasSnapshot *snapshot, const AtlasRegion *region,
                                        AtlasFigures *out_figures);

/**
 * atlas_snapshot_get_totals:
 * Returns: (transfer none): the sums of @type. FREE has Size and Blocks (the number of gaps); its
 * Size is unknown where the end of the address space is.
 */
const AtlasTotals *atlas_snapshot_get_totals (const AtlasSnapshot *snapshot, AtlasType type);

/**
 * atlas_snapshot_get_free_ranges:
 * Returns: (transfer full) (element-type AtlasFreeRange): the gaps, ascending; with the regions
 * they tile the user address space (mappings beyond its end, vsyscall, are outside of it).
 */
GArray *atlas_snapshot_get_free_ranges (const AtlasSnapshot *snapshot);

/** atlas_snapshot_get_missing: Returns: (transfer none) (element-type AtlasMissing). */
const GPtrArray *atlas_snapshot_get_missing (const AtlasSnapshot *snapshot);

/** atlas_snapshot_is_partial: Returns whether something is missing. */
gboolean atlas_snapshot_is_partial (const AtlasSnapshot *snapshot);

/** atlas_snapshot_has_numa: Returns whether numa_maps was read for this snapshot. */
gboolean atlas_snapshot_has_numa (const AtlasSnapshot *snapshot);

/**
 * atlas_snapshot_find_region:
 * Returns the index of the region that holds @address, or -1.
 */
gint atlas_snapshot_find_region (const AtlasSnapshot *snapshot, guint64 address);

/** atlas_snapshot_find_region_of_block: Returns the index of the region that @block belongs to. */
guint atlas_snapshot_find_region_of_block (const AtlasSnapshot *snapshot, guint block);

/** atlas_snapshot_find_block: Returns the index of the block that holds @address, or -1. */
gint atlas_snapshot_find_block (const AtlasSnapshot *snapshot, guint64 address);

/** atlas_snapshot_get_memory: Returns the bytes this snapshot takes, its pool not counted. */
gsize atlas_snapshot_get_memory (const AtlasSnapshot *snapshot);

/**
 * atlas_snapshot_get_numa_text:
 * Returns: (transfer full): bytes by node of @n_blocks blocks from @first_block on, "0=4096
 * 1=8192",
 * "" where nothing is resident; NULL where numa_maps was not read.
 */
char *atlas_snapshot_get_numa_text (const AtlasSnapshot *snapshot, guint first_block,
                                    guint n_blocks);

/**
 * atlas_snapshot_check:
 * Verifies the invariants of docs/semantics.md that need nothing but the snapshot: order, tiling,
 * sums, WS = Private + Shareable, Private <= Committed <= Size. Used by the tests and on every file
 * that is opened. Returns FALSE with the first violation in @error.
 */
gboolean atlas_snapshot_check (const AtlasSnapshot *snapshot, GError **error);

G_END_DECLS
