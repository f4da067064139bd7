/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ATLAS_TYPE_CELL_SWATCH (atlas_cell_swatch_get_type ())
G_DECLARE_FINAL_TYPE (AtlasCellSwatch, atlas_cell_swatch, ATLAS, CELL_SWATCH, GtkCellRenderer)

/* AtlasCellSwatch: a small square in a colour, before the name of a type. */
GtkCellRenderer *atlas_cell_swatch_new (void);

void atlas_cell_swatch_set_color (AtlasCellSwatch *self, const GdkRGBA *color);

/* Draws the same square elsewhere, @size pixels wide with its corner at x, y. */
void atlas_swatch_draw (cairo_t *cr, double x, double y, double size, const GdkRGBA *color);

G_END_DECLS
