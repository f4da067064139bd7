/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/rows.h"
#include "util/text.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ATLAS_TYPE_REGION_PANE (atlas_region_pane_get_type ())
G_DECLARE_FINAL_TYPE (AtlasRegionPane, atlas_region_pane, ATLAS, REGION_PANE, GtkScrolledWindow)

/* AtlasRegionPane: everything that is known about one row of Details. */

/* @rows: (nullable): NULL: no row is selected. Nothing of it is kept. */
void atlas_region_pane_set_row (AtlasRegionPane *self, const AtlasRows *rows, AtlasRow row,
                                AtlasUnit unit);

/* What the pane shows, as lines "caption TAB value"; for tests. */
char *atlas_region_pane_dup_text (AtlasRegionPane *self);

G_END_DECLS
