/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/rows.h"
#include "core/snapshot.h"
#include "gui/bar-geometry.h"
#include "gui/type-color.h"
#include "util/text.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ATLAS_TYPE_BAR (atlas_bar_get_type ())
G_DECLARE_FINAL_TYPE (AtlasBar, atlas_bar, ATLAS, BAR, GtkWidget)

/**
 * AtlasBar:
 * One figure of a snapshot as a bar with a segment for each type: caption on the left, total on the
 * right, never cut off, the bar below them or, compact, between them.
 *
 * Signal "type-activated" (guint type, gboolean extend): a segment was clicked, or chosen by Enter
 * or Space; @extend where Ctrl or Shift was held: add to the selection rather than replace it.
 *
 * CSS: node "atlasbar"; the trough is its border colour.
 */

GtkWidget *atlas_bar_new (void);

/* @title without a colon, translated: "Private Bytes"; the accessible name as well. */
void atlas_bar_set_title (AtlasBar *bar, const char *title);

/* @scale_bytes: from atlas_bars_scale(), the same for all bars that are compared; 0: a scale of its
 * own, on which the figure fills the bar. NULL empties the bar. */
void atlas_bar_set_snapshot (AtlasBar *bar, AtlasSnapshot *snapshot, AtlasFigure figure,
                             guint64 scale_bytes);

/* Types that are selected elsewhere; 0 or with TOTAL: none is picked out. */
void atlas_bar_set_selected (AtlasBar *bar, AtlasTypeSet selected);
AtlasTypeSet atlas_bar_get_selected (AtlasBar *bar);

void atlas_bar_set_unit (AtlasBar *bar, AtlasUnit unit);

/* What the caption and the total take, in logical pixels. */
void atlas_bar_get_text_widths (AtlasBar *bar, int *out_caption, int *out_total);

/* One line for everything, with room of @caption and @total pixels for the texts, which are the
 * same for bars below one another. Widths are ignored where @compact is FALSE. */
void atlas_bar_set_compact (AtlasBar *bar, gboolean compact, int caption, int total);

/* The scale common to Committed, Private Bytes and Working Set of @snapshot: the bytes that the
 * whole length of a bar stands for. */
guint64 atlas_bars_scale (AtlasSnapshot *snapshot);

/* For the accessible: the segments as they are drawn, what is to be said of one, and choosing. */
const AtlasBarGeometry *atlas_bar_get_geometry (AtlasBar *bar);
void atlas_bar_get_segment_area (AtlasBar *bar, guint segment, GdkRectangle *out_area);
char *atlas_bar_dup_segment_text (AtlasBar *bar, guint segment);
char *atlas_bar_dup_description (AtlasBar *bar);
gint atlas_bar_get_cursor (AtlasBar *bar);
void atlas_bar_set_cursor (AtlasBar *bar, gint segment);
void atlas_bar_activate_segment (AtlasBar *bar, guint segment, gboolean extend);

G_END_DECLS
