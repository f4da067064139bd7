/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/rows.h"
#include "gui/list-view.h"
#include "util/text.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ATLAS_TYPE_SUMMARY_LIST (atlas_summary_list_get_type ())
G_DECLARE_FINAL_TYPE (AtlasSummaryList, atlas_summary_list, ATLAS, SUMMARY_LIST, AtlasListView)

/*
 * AtlasSummaryList: the totals by type. Signal "types-changed": another set of types is selected.
 */
GtkWidget *atlas_summary_list_new (AtlasPreferences *preferences);

void atlas_summary_list_set_snapshot (AtlasSummaryList *self, AtlasSnapshot *snapshot);
void atlas_summary_list_set_unit (AtlasSummaryList *self, AtlasUnit unit);

/* The selected types; only the bit of TOTAL where all are shown. */
AtlasTypeSet atlas_summary_list_get_types (AtlasSummaryList *self);
void atlas_summary_list_set_types (AtlasSummaryList *self, AtlasTypeSet types);

AtlasListColumns *atlas_summary_list_get_columns (AtlasSummaryList *self);

/* The height in which every row is seen. */
gint atlas_summary_list_get_full_height (AtlasSummaryList *self);

G_END_DECLS
