/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/column.h"
#include "core/snapshot.h"
#include "util/text.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ATLAS_TYPE_SUMMARY_MODEL (atlas_summary_model_get_type ())
G_DECLARE_FINAL_TYPE (AtlasSummaryModel, atlas_summary_model, ATLAS, SUMMARY_MODEL, GtkListStore)

/*
 * AtlasSummaryModel: one row a type, Total first, in the fixed order. The rows stay when the
 * snapshot is another one, so that a selection does.
 */
AtlasSummaryModel *atlas_summary_model_new (void);

void atlas_summary_model_set_snapshot (AtlasSummaryModel *self, AtlasSnapshot *snapshot);
void atlas_summary_model_set_unit (AtlasSummaryModel *self, AtlasUnit unit);
AtlasUnit atlas_summary_model_get_unit (AtlasSummaryModel *self);
AtlasSnapshot *atlas_summary_model_get_snapshot (AtlasSummaryModel *self);
AtlasType atlas_summary_model_get_row_type (AtlasSummaryModel *self, GtkTreeIter *iter);
char *atlas_summary_model_dup_text (AtlasSummaryModel *self, GtkTreeIter *iter, AtlasColumn column);

G_END_DECLS
