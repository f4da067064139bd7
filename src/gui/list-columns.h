/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/column.h"
#include "core/snapshot.h"
#include "gui/preferences.h"
#include "util/text.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * AtlasListColumns: the columns of one list, made from the table of columns: which are seen, in
 * which order, how wide; remembered under one key of the preferences. Lives as long as its view.
 */
typedef struct _AtlasListColumns AtlasListColumns;

/* Fills a cell: renderer is the text renderer or, in the Type column, an AtlasCellSwatch as well.
 */
typedef void (*AtlasCellFunc) (GtkTreeView *view, AtlasColumn column, GtkCellRenderer *cell,
                               GtkTreeModel *model, GtkTreeIter *iter);

/*
 * atlas_list_columns_new:
 * @where: ATLAS_COLUMN_IN_SUMMARY or ATLAS_COLUMN_IN_DETAILS
 * @key: of the preferences; also the prefix of the actions
 *
 * Adds the columns to @view, as they were left. Returns: (transfer none).
 */
AtlasListColumns *atlas_list_columns_new (GtkTreeView *view, AtlasPreferences *preferences,
                                          const char *key, AtlasColumnFlags where,
                                          AtlasCellFunc func);

/* Returns: (transfer none) (nullable): the view's column, NULL where the list has no such one. */
GtkTreeViewColumn *atlas_list_columns_get (AtlasListColumns *self, AtlasColumn column);

/* The cell that a tooltip at @x, @y is for, or at the cursor where it was asked for by a key. */
gboolean atlas_list_columns_get_tooltip_cell (GtkTreeView *view, gint x, gint y, gboolean keyboard,
                                              GtkTreePath **out_path, AtlasColumn *out_column);

/* Which column of the table @column is; ATLAS_N_COLUMNS: the empty one at the end. */
AtlasColumn atlas_list_columns_identify (GtkTreeViewColumn *column);

void atlas_list_columns_set_visible (AtlasListColumns *self, AtlasColumn column, gboolean visible);

/* The visible columns in their order; NULL-terminated by ATLAS_N_COLUMNS; n is returned. */
guint atlas_list_columns_get_visible (AtlasListColumns *self,
                                      AtlasColumn out_columns[ATLAS_N_COLUMNS + 1]);

/* Makes the columns of amounts wide enough for the sums of @type, which no single row exceeds; what
 * the user has resized stays. */
void atlas_list_columns_fit_totals (AtlasListColumns *self, AtlasSnapshot *snapshot, AtlasType type,
                                    AtlasUnit unit);

/* Shows by which column the list is sorted. */
void atlas_list_columns_set_sort (AtlasListColumns *self, AtlasColumn column, gboolean descending);

/* Measures again what the program chose: the font has changed. */
void atlas_list_columns_refit (AtlasListColumns *self);

/* Default order, widths and visibility. */
void atlas_list_columns_reset (AtlasListColumns *self);

/* Writes the present state to the preferences. */
void atlas_list_columns_save (AtlasListColumns *self);

/* Adds one boolean action a column to @map and gives the menu of them, for a "win." map. */
GMenuModel *atlas_list_columns_add_actions (AtlasListColumns *self, GActionMap *map);

G_END_DECLS
