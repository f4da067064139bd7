/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/type.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * Colours of the types. They come from the table of types and are given to GTK as CSS colours
 * "atlas_image" and "atlas_image_text", so that a user's gtk.css can say otherwise.
 */

/* How the rows of a type look in the present theme. */
typedef struct
{
  GdkRGBA background;
  GdkRGBA text;   /* at least 4.5:1 on background */
  GdkRGBA swatch; /* a stronger tone of the same hue, for small marks */
} AtlasTypeLook;

/* Loads style.css and the colours for the default screen, once, and follows the theme. */
void atlas_style_init (void);

/* Whether a high-contrast theme is in use: rows are not coloured then, only the swatches. */
gboolean atlas_style_is_high_contrast (void);

/* Looks up how @type looks on @widget; all ATLAS_N_TYPES at once into @out_looks. */
void atlas_style_get_looks (GtkWidget *widget, AtlasTypeLook out_looks[ATLAS_N_TYPES]);

/* Sets the font of all lists from a Pango description; empty or NULL: the font of the theme. */
void atlas_style_set_font (const char *description);

/* WCAG contrast ratio of two opaque colours, 1..21. */
double atlas_style_get_contrast (const GdkRGBA *a, const GdkRGBA *b);

G_END_DECLS
