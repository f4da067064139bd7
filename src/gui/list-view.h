/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "gui/list-columns.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_LIST_VIEW (atlas_list_view_get_type ())
G_DECLARE_DERIVABLE_TYPE (AtlasListView, atlas_list_view, ATLAS, LIST_VIEW, GtkTreeView)

/*
 * AtlasListView: what Summary and Details have in common: columns of the table of columns, rows in
 * the colour of their type, tooltips.
 */
struct _AtlasListViewClass
{
  GtkTreeViewClass parent_class;

  /* Of a row of the view's model, which must be set when these are called. */
  AtlasType (*get_row_type) (AtlasListView *self, GtkTreeIter *iter);
  char *(*dup_text) (AtlasListView *self, GtkTreeIter *iter, AtlasColumn column);
  /* @column may be ATLAS_N_COLUMNS: none of the table. */
  char *(*dup_tooltip) (AtlasListView *self, GtkTreeIter *iter, AtlasColumn column);
};

/* To be called once, by the one who makes the list; as atlas_list_columns_new(). */
void atlas_list_view_add_columns (AtlasListView *self, AtlasPreferences *preferences,
                                  const char *key, AtlasColumnFlags where);

/* Returns: (transfer none) (nullable): NULL before they are added. */
AtlasListColumns *atlas_list_view_get_columns (AtlasListView *self);

G_END_DECLS
