/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/column.h"
#include "core/snapshot.h"

G_BEGIN_DECLS

/**
 * AtlasRow:
 * A row of the Details list: a region, one of its blocks, or a free range; 4 bytes, so that a list
 * of all of them is a plain array that can be sorted and filtered quickly.
 */
typedef guint32 AtlasRow;

typedef enum
{
  ATLAS_ROW_REGION,
  ATLAS_ROW_BLOCK,
  ATLAS_ROW_FREE,
} AtlasRowKind;

#define ATLAS_ROW(kind, index)   ((AtlasRow)(kind) << 30 | (index))
#define ATLAS_ROW_GET_KIND(row)  ((AtlasRowKind)((row) >> 30))
#define ATLAS_ROW_GET_INDEX(row) ((row)&0x3fffffffu)

/* Bit set of types: 1 << AtlasType; 0 or the bit of TOTAL: all. */
typedef guint32 AtlasTypeSet;

/** atlas_type_set_has: Returns whether @type passes the filter @set. */
gboolean atlas_type_set_has (AtlasTypeSet set, AtlasType type);

/**
 * AtlasRows:
 * The top-level rows of a snapshot after filter and sort. Owns its arrays, references the snapshot;
 * immutable after it was made, so that a worker thread can make it.
 */
typedef struct _AtlasRows AtlasRows;

/**
 * atlas_rows_new:
 * @types: which types pass
 * @show_free: whether free ranges are rows (they pass the filter as FREE)
 * @sort: column to sort by; ADDRESS is the natural order. Sorting is stable, unknown figures last
 * @descending: reverse order
 *
 * Returns: (transfer full): the region rows (and free rows) of @snapshot. Kernel memory without
 * address comes after everything that has one when sorted by address.
 */
AtlasRows *atlas_rows_new (AtlasSnapshot *snapshot, AtlasTypeSet types, gboolean show_free,
                           AtlasColumn sort, gboolean descending);
AtlasRows *atlas_rows_ref (AtlasRows *rows);
void atlas_rows_unref (AtlasRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasRows, atlas_rows_unref)

AtlasSnapshot *atlas_rows_get_snapshot (const AtlasRows *rows);
guint atlas_rows_get_length (const AtlasRows *rows);

/** atlas_rows_get: Returns top-level row @index. */
AtlasRow atlas_rows_get (const AtlasRows *rows, guint index);

/** atlas_rows_find: Returns the index of the top-level row @row, or -1 where the filter hides it.
 */
gint atlas_rows_find (const AtlasRows *rows, AtlasRow row);

/** atlas_rows_find_address: Returns the index of the row whose range holds @address, or -1. */
gint atlas_rows_find_address (const AtlasRows *rows, guint64 address);

/** atlas_rows_get_range: The addresses of @row; FALSE where it has none (kernel memory). */
gboolean atlas_rows_get_range (const AtlasRows *rows, AtlasRow row, guint64 *out_start,
                               guint64 *out_end);

/** atlas_rows_get_figures: The figures of @row; a free range has Size only. */
void atlas_rows_get_figures (const AtlasRows *rows, AtlasRow row, AtlasFigures *out_figures);

/** atlas_rows_get_type: The type of @row; a block has its region's. */
AtlasType atlas_rows_get_type (const AtlasRows *rows, AtlasRow row);

/** atlas_rows_get_details: Returns: (transfer none) (nullable): label of a region or block. */
const char *atlas_rows_get_details (const AtlasRows *rows, AtlasRow row);

/** atlas_rows_get_region: The region of @row or of the block @row; -1 for a free range. */
gint atlas_rows_get_region (const AtlasRows *rows, AtlasRow row);

/** atlas_rows_get_protection: Or-ed protections of the blocks of @row. */
guint8 atlas_rows_get_protection (const AtlasRows *rows, AtlasRow row);

/**
 * atlas_rows_search:
 * @text: a substring of address, type, protection, details or path, case folded (ASCII), or a
 *   hexadecimal address inside a row
 * @from: first index looked at; wraps around
 * @forward: direction
 *
 * Returns the next top-level row that matches, or -1. A match in a child gives @out_block, the
 * index of that block, else -1.
 */
gint atlas_rows_search (const AtlasRows *rows, const char *text, guint from, gboolean forward,
                        gint *out_block);

G_END_DECLS
