/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "gui/details-model.h"
#include "gui/row-key.h"

G_BEGIN_DECLS

/*
 * AtlasDetailsPlace: where the user is in the Details list: which regions are open, which row is
 * selected, which stands at the upper edge; by address, so that it holds for other rows as well.
 */
typedef struct
{
  GHashTable *expanded; /* guint64 first address → itself */
  AtlasRowKey selected;
  AtlasRowKey top; /* from atlas_details_place_take_scroll() to atlas_details_place_restore() */
  gint hidden;     /* pixels of it that are above the edge */
} AtlasDetailsPlace;

void atlas_details_place_init (AtlasDetailsPlace *place);
void atlas_details_place_clear (AtlasDetailsPlace *place);

/* Nothing is open or selected. */
void atlas_details_place_forget (AtlasDetailsPlace *place);

void atlas_details_place_set_expanded (AtlasDetailsPlace *place, AtlasDetailsModel *model,
                                       GtkTreeIter *iter, gboolean expanded);
void atlas_details_place_collapse_all (AtlasDetailsPlace *place);

/* @rows: (nullable): NULL: no row is selected. */
void atlas_details_place_set_selected (AtlasDetailsPlace *place, AtlasRows *rows, AtlasRow row);

/* Before the model of @view, @model (nullable), is taken away. */
void atlas_details_place_take_scroll (AtlasDetailsPlace *place, GtkTreeView *view,
                                      AtlasDetailsModel *model);

/* After @view has another model, @model: opens, selects and scrolls as before. */
void atlas_details_place_restore (AtlasDetailsPlace *place, GtkTreeView *view,
                                  AtlasDetailsModel *model);

G_END_DECLS
