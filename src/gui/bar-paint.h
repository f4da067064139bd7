/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/rows.h"
#include "gui/bar-geometry.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What is to be drawn of an AtlasBar, below its texts. */
typedef struct
{
  const AtlasBarGeometry *geometry;
  GdkRectangle trough; /* with its border of one pixel; in the widget */
  AtlasTypeSet selected;
  gint hover;  /* segment below the pointer, -1 */
  gint cursor; /* segment of the keyboard, -1 */
  gboolean focus;
} AtlasBarPaint;

/* Strokes only: everything that can be computed before is in @paint. */
void atlas_bar_paint (GtkWidget *widget, cairo_t *cr, const AtlasBarPaint *paint);

/* The area of @segment in the widget; mirrored where text runs from right to left. */
void atlas_bar_paint_get_area (GtkWidget *widget, const AtlasBarPaint *paint, guint segment,
                               double *out_x, double *out_y, double *out_width, double *out_height);

G_END_DECLS
