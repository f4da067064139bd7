/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The strokes of an AtlasBar: trough, segments in the colours of their types, what is selected,
 * breaks, hatching for what is unknown, and the ring of the keyboard. Owns nothing; main thread.
 */

#include "config.h"

#include "gui/bar-paint.h"

#include "gui/type-color.h"

#define RADIUS      3.0
#define DIMMED      0.38
#define HATCH_STEP  6.0
#define BREAK_WIDTH 6.0

/* The two colours that stand out against each other in every theme. */
typedef struct
{
  GdkRGBA ink;
  GdkRGBA paper;
} Colors;

static void
colors_init (Colors *colors, GtkWidget *widget)
{
  GtkStyleContext *style = gtk_widget_get_style_context (widget);

  gtk_style_context_get_color (style, gtk_style_context_get_state (style), &colors->ink);
  colors->ink.alpha = 1;
  if (atlas_widget_is_dark (widget))
    colors->paper = (GdkRGBA){ 0.10, 0.10, 0.10, 1 };
  else
    colors->paper = (GdkRGBA){ 1, 1, 1, 1 };
}

static void
set_source (cairo_t *cr, const GdkRGBA *color, double alpha)
{
  cairo_set_source_rgba (cr, color->red, color->green, color->blue, alpha);
}

static void
rounded_rectangle (cairo_t *cr, double x, double y, double width, double height, double radius)
{
  radius = MIN (radius, MIN (width, height) / 2);
  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc (cr, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc (cr, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, x + radius, y + radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
}

void
atlas_bar_paint_get_area (GtkWidget *widget, const AtlasBarPaint *paint, guint segment,
                          double *out_x, double *out_y, double *out_width, double *out_height)
{
  const AtlasBarSegment *shape = &paint->geometry->segments[segment];
  double left = paint->trough.x + 1;

  *out_x = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL
             ? left + paint->geometry->width - shape->x - shape->width
             : left + shape->x;
  *out_y = paint->trough.y + 1;
  *out_width = shape->width;
  *out_height = paint->trough.height - 2;
}

/* Two slanted edges with a gap between them, as on an axis that is cut. */
static void
paint_break (cairo_t *cr, const Colors *colors, double x, double y, double width, double height)
{
  double middle = x + width / 2, half = BREAK_WIDTH / 2, slant = height / 4;

  cairo_move_to (cr, middle - half + slant, y);
  cairo_line_to (cr, middle + half + slant, y);
  cairo_line_to (cr, middle + half - slant, y + height);
  cairo_line_to (cr, middle - half - slant, y + height);
  cairo_close_path (cr);
  set_source (cr, &colors->paper, 1);
  cairo_fill (cr);

  set_source (cr, &colors->ink, 0.8);
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, middle - half + slant, y);
  cairo_line_to (cr, middle - half - slant, y + height);
  cairo_move_to (cr, middle + half + slant, y);
  cairo_line_to (cr, middle + half - slant, y + height);
  cairo_stroke (cr);
}

static void
paint_hatch (cairo_t *cr, const Colors *colors, double x, double y, double width, double height)
{
  cairo_save (cr);
  cairo_rectangle (cr, x, y, width, height);
  cairo_clip (cr);
  for (double at = x - height; at < x + width; at += HATCH_STEP)
    {
      cairo_move_to (cr, at, y + height);
      cairo_line_to (cr, at + height, y);
    }
  set_source (cr, &colors->ink, 0.45);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
  cairo_restore (cr);
}

/* A ring that shows on every colour: ink outside, paper inside. */
static void
paint_ring (cairo_t *cr, const Colors *colors, double x, double y, double width, double height,
            double thickness)
{
  double inset = thickness / 2;

  set_source (cr, &colors->ink, 1);
  cairo_set_line_width (cr, thickness);
  cairo_rectangle (cr, x + inset, y + inset, MAX (width - thickness, 0),
                   MAX (height - thickness, 0));
  cairo_stroke (cr);
  if (width <= 2 * thickness + 2)
    return;
  set_source (cr, &colors->paper, 0.9);
  cairo_set_line_width (cr, 1);
  cairo_rectangle (cr, x + thickness + 0.5, y + thickness + 0.5, width - 2 * thickness - 1,
                   height - 2 * thickness - 1);
  cairo_stroke (cr);
}

static void
paint_segment (GtkWidget *widget, cairo_t *cr, const AtlasBarPaint *paint, const Colors *colors,
               guint segment)
{
  const AtlasBarSegment *shape = &paint->geometry->segments[segment];
  gboolean picking = paint->selected != 0 && !(paint->selected & 1u << ATLAS_TYPE_TOTAL);
  gboolean selected = picking && (paint->selected & 1u << shape->type);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  double x, y, width, height;
  GdkRGBA color;

  atlas_bar_paint_get_area (widget, paint, segment, &x, &y, &width, &height);
  if (!gdk_cairo_get_clip_rectangle (cr, NULL) || width <= 0)
    return;
  atlas_widget_get_type_color (widget, shape->type, &color);
  cairo_rectangle (cr, x, y, width, height);
  set_source (cr, &color, picking && !selected ? DIMMED : 1);
  cairo_fill (cr);
  if ((gint)segment == paint->hover)
    {
      cairo_rectangle (cr, x, y, width, height);
      set_source (cr, &colors->ink, 0.14);
      cairo_fill (cr);
    }
  if (shape->broken && width > 3 * BREAK_WIDTH)
    paint_break (cr, colors, x, y, width, height);

  /* Neighbours of similar lightness must be told apart without their colours. */
  double edge = 1.0 / gtk_widget_get_scale_factor (widget);
  cairo_rectangle (cr, rtl ? x : x + width - edge, y, edge, height);
  set_source (cr, &colors->ink, 0.6);
  cairo_fill (cr);
  if (selected)
    {
      set_source (cr, &colors->ink, 1);
      cairo_rectangle (cr, x, y, width, 2);
      cairo_rectangle (cr, x, y + height - 2, width, 2);
      cairo_fill (cr);
    }
}

void
atlas_bar_paint (GtkWidget *widget, cairo_t *cr, const AtlasBarPaint *paint)
{
  const AtlasBarGeometry *geometry = paint->geometry;
  const GdkRectangle *trough = &paint->trough;
  Colors colors;

  colors_init (&colors, widget);
  cairo_save (cr);
  rounded_rectangle (cr, trough->x, trough->y, trough->width, trough->height, RADIUS);
  set_source (cr, &colors.ink, 0.07);
  cairo_fill_preserve (cr);
  cairo_clip (cr);
  for (guint i = 0; i < geometry->n_segments; i++)
    paint_segment (widget, cr, paint, &colors, i);
  if (geometry->unknown)
    {
      gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;

      paint_hatch (cr, &colors, trough->x + 1 + (rtl ? 0 : geometry->end), trough->y,
                   geometry->width - geometry->end, trough->height);
    }
  cairo_restore (cr);

  rounded_rectangle (cr, trough->x + 0.5, trough->y + 0.5, trough->width - 1, trough->height - 1,
                     RADIUS);
  set_source (cr, &colors.ink, 0.5);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);

  if (!paint->focus)
    return;
  if (paint->cursor >= 0 && paint->cursor < (gint)geometry->n_segments)
    {
      double x, y, width, height;

      atlas_bar_paint_get_area (widget, paint, (guint)paint->cursor, &x, &y, &width, &height);
      paint_ring (cr, &colors, x - 1, y - 1, width + 1, height + 2, 2);
    }
  else
    paint_ring (cr, &colors, trough->x, trough->y, trough->width, trough->height, 2);
}
