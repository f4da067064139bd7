/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/type.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Whether @widget is drawn light on dark. */
gboolean atlas_widget_is_dark (GtkWidget *widget);

/* The colour of @type that fits @widget's theme. */
void atlas_widget_get_type_color (GtkWidget *widget, AtlasType type, GdkRGBA *out_color);

G_END_DECLS
