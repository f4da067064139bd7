/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Shared by bar.c (layout and painting) and bar-input.c (pointer and keyboard). */

#include "gui/bar.h"
#include "gui/bar-values.h"

G_BEGIN_DECLS

struct _AtlasBar
{
  GtkWidget parent;

  GdkWindow *events; /* input only */
  AtlasBarValues values;
  PangoLayout *caption;
  PangoLayout *total;
  AtlasBarGeometry geometry;
  AtlasTypeSet selected;
  gboolean compact;
  int caption_room; /* compact: pixels for the caption, and likewise for the total */
  int total_room;
  gint hover;
  gint cursor;
};

gboolean atlas_bar_is_rtl (AtlasBar *self);

/* Where the bar itself is in the widget. */
void atlas_bar_get_trough (AtlasBar *self, GdkRectangle *out_trough);

/* The segment at @x, @y of the widget, or -1. */
gint atlas_bar_hit (AtlasBar *self, double x, double y);

void atlas_bar_class_init_input (GtkWidgetClass *widget_class);

G_END_DECLS
