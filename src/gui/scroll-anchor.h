/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Keeps a list where it is scrolled to while its model is replaced, to the pixel. */

/* The row at the upper edge, and how many pixels of it are above the edge; NULL: none. */
GtkTreePath *atlas_scroll_anchor_get (GtkTreeView *view, gint *out_hidden);

/* Puts @path of the new model there, before anything is painted. */
void atlas_scroll_anchor_set (GtkTreeView *view, GtkTreePath *path, gint hidden);

G_END_DECLS
