/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/rows.h"
#include "gui/list-view.h"
#include "util/text.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ATLAS_TYPE_DETAILS_LIST (atlas_details_list_get_type ())
G_DECLARE_FINAL_TYPE (AtlasDetailsList, atlas_details_list, ATLAS, DETAILS_LIST, AtlasListView)

/*
 * AtlasDetailsList: regions and their blocks. Selection, scroll position and what is expanded are
 * kept by address through every change of snapshot, filter and order.
 *
 * Signals: "row-changed": another row is selected, or the same of another snapshot;
 * "order-changed": the user chose another order.
 */
GtkWidget *atlas_details_list_new (AtlasPreferences *preferences);

/* What rows the list would show of @snapshot now; may be made in a worker from these. */
typedef struct
{
  AtlasTypeSet types;
  gboolean show_free;
  AtlasColumn sort;
  gboolean descending;
} AtlasDetailsQuery;

AtlasDetailsQuery atlas_details_list_get_query (AtlasDetailsList *self);
AtlasRows *atlas_details_query_run (const AtlasDetailsQuery *query, AtlasSnapshot *snapshot);

/* @rows: (nullable): made with the present query; NULL: nothing to show. */
void atlas_details_list_set_rows (AtlasDetailsList *self, AtlasRows *rows);

/* Shows @snapshot; NULL: nothing. */
void atlas_details_list_set_snapshot (AtlasDetailsList *self, AtlasSnapshot *snapshot);

/* Forgets selection, scroll position and what is expanded: another process comes. */
void atlas_details_list_forget (AtlasDetailsList *self);

void atlas_details_list_set_types (AtlasDetailsList *self, AtlasTypeSet types);
void atlas_details_list_set_show_free (AtlasDetailsList *self, gboolean show_free);
void atlas_details_list_set_unit (AtlasDetailsList *self, AtlasUnit unit);
void atlas_details_list_set_sort (AtlasDetailsList *self, AtlasColumn column, gboolean descending);

AtlasRows *atlas_details_list_get_rows (AtlasDetailsList *self);
AtlasListColumns *atlas_details_list_get_columns (AtlasDetailsList *self);

/* The selected row; FALSE: none. */
gboolean atlas_details_list_get_selected (AtlasDetailsList *self, AtlasRow *out_row);

/* Selects and shows top-level row @index, or its block @block where that is not -1. */
void atlas_details_list_select (AtlasDetailsList *self, gint index, gint block);

/* Index of the top-level row that is selected or holds what is; -1: none. */
gint atlas_details_list_get_selected_index (AtlasDetailsList *self);

void atlas_details_list_expand_all (AtlasDetailsList *self);
void atlas_details_list_collapse_all (AtlasDetailsList *self);

/* The visible cells of the selected row, separated by tabs; NULL: none is selected. */
char *atlas_details_list_dup_row_text (AtlasDetailsList *self);

G_END_DECLS
