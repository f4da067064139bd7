/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/rows.h"
#include "util/text.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ATLAS_TYPE_DETAILS_MODEL (atlas_details_model_get_type ())
G_DECLARE_FINAL_TYPE (AtlasDetailsModel, atlas_details_model, ATLAS, DETAILS_MODEL, GObject)

/*
 * AtlasDetailsModel: the rows of Details as an immutable GtkTreeModel of two levels, regions and
 * their blocks. Column N of the model is AtlasColumn N, a string made when it is asked for.
 */
AtlasDetailsModel *atlas_details_model_new (AtlasRows *rows, AtlasUnit unit);

AtlasRows *atlas_details_model_get_rows (AtlasDetailsModel *self);
AtlasRow atlas_details_model_get_row (AtlasDetailsModel *self, GtkTreeIter *iter);

/* The type of the row, without making text. */
AtlasType atlas_details_model_get_row_type (AtlasDetailsModel *self, GtkTreeIter *iter);

/* The figures of the row, from a small cache; valid until the next call. */
const AtlasFigures *atlas_details_model_get_figures (AtlasDetailsModel *self, AtlasRow row);

/* Text of a cell; NULL: blank. */
char *atlas_details_model_dup_text (AtlasDetailsModel *self, GtkTreeIter *iter, AtlasColumn column);

/* What is said of a row under the pointer: what it is and why; in an unknown figure, why it is
 * unknown. @column: ATLAS_N_COLUMNS where it does not matter. */
char *atlas_details_model_dup_tooltip (AtlasDetailsModel *self, GtkTreeIter *iter,
                                       AtlasColumn column);

/* The cells of a row, separated by tabs. @columns: ended by ATLAS_N_COLUMNS. */
char *atlas_details_model_dup_row_text (AtlasDetailsModel *self, GtkTreeIter *iter,
                                        const AtlasColumn *columns);

/* The path of top-level row @index, or of block @block (an index of the snapshot, or -1) in it. */
GtkTreePath *atlas_details_model_new_path (AtlasDetailsModel *self, gint index, gint block);

G_END_DECLS
