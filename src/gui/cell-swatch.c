/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cell renderer of the coloured square before a type's name: seen on selected rows as well, where
 * the row's own colour is not. Main thread.
 */

#include "config.h"

#include "gui/cell-swatch.h"

#define SWATCH_SIZE 11

struct _AtlasCellSwatch
{
  GtkCellRenderer parent;
  GdkRGBA color;
};

G_DEFINE_TYPE (AtlasCellSwatch, atlas_cell_swatch, GTK_TYPE_CELL_RENDERER)

static void
get_preferred_size (GtkCellRenderer *cell, GtkWidget *widget, gint *minimum, gint *natural)
{
  if (minimum != NULL)
    *minimum = SWATCH_SIZE + 4;
  if (natural != NULL)
    *natural = SWATCH_SIZE + 4;
}

void
atlas_swatch_draw (cairo_t *cr, double x, double y, double size, const GdkRGBA *color)
{
  cairo_save (cr);
  cairo_set_line_width (cr, 1);
  cairo_rectangle (cr, x + 0.5, y + 0.5, size - 1, size - 1);
  gdk_cairo_set_source_rgba (cr, color);
  cairo_fill_preserve (cr);
  cairo_set_source_rgba (cr, color->red * 0.55, color->green * 0.55, color->blue * 0.55, 1);
  cairo_stroke (cr);
  cairo_restore (cr);
}

static void
render (GtkCellRenderer *cell, cairo_t *cr, GtkWidget *widget, const GdkRectangle *background_area,
        const GdkRectangle *cell_area, GtkCellRendererState flags)
{
  AtlasCellSwatch *self = ATLAS_CELL_SWATCH (cell);

  atlas_swatch_draw (cr, cell_area->x + (cell_area->width - SWATCH_SIZE) / 2,
                     cell_area->y + (cell_area->height - SWATCH_SIZE) / 2, SWATCH_SIZE,
                     &self->color);
}

static void
atlas_cell_swatch_class_init (AtlasCellSwatchClass *klass)
{
  GtkCellRendererClass *cell_class = GTK_CELL_RENDERER_CLASS (klass);

  cell_class->get_preferred_width = get_preferred_size;
  cell_class->get_preferred_height = get_preferred_size;
  cell_class->render = render;
}

static void
atlas_cell_swatch_init (AtlasCellSwatch *self)
{
  self->color = (GdkRGBA){ 0.5, 0.5, 0.5, 1 };
}

GtkCellRenderer *
atlas_cell_swatch_new (void)
{
  return g_object_new (ATLAS_TYPE_CELL_SWATCH, NULL);
}

void
atlas_cell_swatch_set_color (AtlasCellSwatch *self, const GdkRGBA *color)
{
  self->color = *color;
}
