/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk-a11y.h>
#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * AtlasBarAccessible:
 * An AtlasBar as assistive technology sees it: a list named like the bar, with an item for each
 * segment that can be selected.
 */
#define ATLAS_TYPE_BAR_ACCESSIBLE (atlas_bar_accessible_get_type ())
G_DECLARE_FINAL_TYPE (AtlasBarAccessible, atlas_bar_accessible, ATLAS, BAR_ACCESSIBLE,
                      GtkWidgetAccessible)

/* The segments are others than before: their items are told to be gone. */
void atlas_bar_accessible_segments_changed (AtlasBarAccessible *accessible);

/* The keyboard is on segment @current now, -1: on none. */
void atlas_bar_accessible_cursor_moved (AtlasBarAccessible *accessible, gint previous,
                                        gint current);

void atlas_bar_accessible_selection_changed (AtlasBarAccessible *accessible);

G_END_DECLS
