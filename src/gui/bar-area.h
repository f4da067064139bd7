/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "gui/bar.h"

G_BEGIN_DECLS

#define ATLAS_N_BARS 3

#define ATLAS_TYPE_BAR_AREA (atlas_bar_area_get_type ())
G_DECLARE_FINAL_TYPE (AtlasBarArea, atlas_bar_area, ATLAS, BAR_AREA, GtkBox)

/*
 * AtlasBarArea: the bars Committed, Private Bytes and Working Set below one another, on one scale.
 *
 * Signal "type-activated" (guint type, gboolean extend): as of AtlasBar, from any of them.
 */

/* Nothing of @snapshot is kept. */
void atlas_bar_area_set_snapshot (AtlasBarArea *self, AtlasSnapshot *snapshot, AtlasUnit unit);
void atlas_bar_area_set_selected (AtlasBarArea *self, AtlasTypeSet selected);

/* Compact: each bar on one line with its caption and its total, for low windows. */
void atlas_bar_area_set_compact (AtlasBarArea *self, gboolean compact);

AtlasBar *atlas_bar_area_get_bar (AtlasBarArea *self, guint index);

G_END_DECLS
