/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/column.h"
#include "core/snapshot.h"

G_BEGIN_DECLS

/**
 * AtlasReportRow:
 * What the exporters print as one line of the details: a region, one of its blocks, or a free
 * range.
 */
typedef struct
{
  const AtlasRegion *region; /* NULL: a free range */
  const AtlasBlock *block;   /* NULL: the region itself */
  gboolean has_address;      /* FALSE: kernel memory */
  guint64 start;             /* bytes; 0 for kernel memory */
  guint64 end;
  AtlasType type;
  AtlasFigures figures; /* of a free range: Size only, the others 0 */
} AtlasReportRow;

/** AtlasReportRowFunc: Takes one row; FALSE stops. */
typedef gboolean (*AtlasReportRowFunc) (const AtlasReportRow *row, gpointer data);

/**
 * atlas_report_foreach_row:
 * Calls @func for every region and, behind each, its blocks, with the free ranges between them in
 * order of address; kernel memory, which has no address, comes last. Returns FALSE where @func did.
 */
gboolean atlas_report_foreach_row (const AtlasSnapshot *snapshot, AtlasReportRowFunc func,
                                   gpointer data);

/**
 * AtlasReportNote:
 * One line about figures that are not known.
 */
typedef struct
{
  char *what; /* title of a column, or what could not be read; English */
  char *text; /* one sentence */
} AtlasReportNote;

/**
 * atlas_report_dup_notes:
 * @with_numa: whether the format has the column NUMA, so that its emptiness needs a word
 * Returns: (transfer full) (element-type AtlasReportNote): a note for every column that holds an
 * unknown figure, then one for everything that could not be read.
 */
GPtrArray *atlas_report_dup_notes (const AtlasSnapshot *snapshot, gboolean with_numa);

/**
 * atlas_report_dup_numa:
 * Returns: (transfer full): KiB by node of @n_blocks blocks from @first_block on, "0=4 1=8"; ""
 * where nothing is resident or numa_maps was not read.
 */
char *atlas_report_dup_numa (const AtlasSnapshot *snapshot, guint first_block, guint n_blocks);

/** atlas_report_dup_type_numa: The same of all blocks of @type (TOTAL: of every type). */
char *atlas_report_dup_type_numa (const AtlasSnapshot *snapshot, AtlasType type);

/** atlas_report_get_bits: Returns 32 or 64: how wide the addresses of @snapshot are printed. */
guint atlas_report_get_bits (const AtlasSnapshot *snapshot);

/** atlas_report_kib: Returns @bytes in KiB, rounded up, so that nothing that exists reads as 0. */
static inline guint64
atlas_report_kib (guint64 bytes)
{
  return bytes / 1024 + (bytes % 1024 != 0);
}

G_END_DECLS
