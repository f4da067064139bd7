/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/rows.h"
#include "util/text.h"

G_BEGIN_DECLS

/* What stands in the cells of the lists: text made when it is painted, never kept. No GTK here. */

/* A numeric cell: NULL (blank) for 0, an en dash for an unknown figure. */
char *atlas_figure_dup_text (guint64 value, AtlasColumnKind kind, AtlasUnit unit);

/*
 * atlas_row_dup_text:
 * @figures: (nullable): those of @row; NULL where @column is text
 *
 * Text of one cell of Details; NULL: blank.
 */
char *atlas_row_dup_text (const AtlasRows *rows, AtlasRow row, const AtlasFigures *figures,
                          AtlasColumn column, AtlasUnit unit);

/* Text of one cell of Summary; NULL: blank. */
char *atlas_totals_dup_text (AtlasSnapshot *snapshot, AtlasType type, AtlasColumn column,
                             AtlasUnit unit);

/* The value of a numeric cell of Summary. */
guint64 atlas_totals_get_value (AtlasSnapshot *snapshot, AtlasType type, AtlasColumn column);

/* The first address of @row as text, padded as the process needs; NULL where it has none. */
char *atlas_row_dup_address (const AtlasRows *rows, AtlasRow row);

/* The file of @row, or NULL: the path of the block, or the one path of all blocks of a region. */
const char *atlas_row_get_path (const AtlasRows *rows, AtlasRow row);

/* Why the row has its type and label; NULL for a free range. */
const char *atlas_row_get_reason (const AtlasRows *rows, AtlasRow row);

/* What could not be read, for a tooltip of an unknown figure; never NULL. */
char *atlas_snapshot_dup_unknown_reason (AtlasSnapshot *snapshot);

/* The address space of the process: 32 or 64 digits' worth of bits. */
guint atlas_snapshot_get_bits (AtlasSnapshot *snapshot);

G_END_DECLS
