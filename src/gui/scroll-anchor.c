/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Keeps the scroll position of a list of fixed row height through another model. Main thread.
 */

#include "config.h"

#include "gui/scroll-anchor.h"

GtkTreePath *
atlas_scroll_anchor_get (GtkTreeView *view, gint *out_hidden)
{
  GtkTreePath *path = NULL;
  GdkRectangle row;

  if (!gtk_widget_get_realized (GTK_WIDGET (view)) ||
      !gtk_tree_view_get_visible_range (view, &path, NULL))
    return NULL;
  gtk_tree_view_get_background_area (view, path, NULL, &row);
  *out_hidden = MAX (0, -row.y);
  return path;
}

/* The row is at the edge now: hide as much of it as was hidden. */
static void
allocated (GtkTreeView *view, GdkRectangle *allocation, gpointer data)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view));

  g_signal_handlers_disconnect_by_func (view, allocated, data);
  gtk_adjustment_set_value (adjustment,
                            gtk_adjustment_get_value (adjustment) + GPOINTER_TO_INT (data));
}

void
atlas_scroll_anchor_set (GtkTreeView *view, GtkTreePath *path, gint hidden)
{
  /* No row of a new model has a height before the next layout, which does the scrolling. */
  gtk_tree_view_scroll_to_cell (view, path, NULL, TRUE, 0, 0);
  if (hidden > 0)
    g_signal_connect_after (view, "size-allocate", G_CALLBACK (allocated),
                            GINT_TO_POINTER (hidden));
}
