/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which of its two colours a type has in the theme of a widget. No state; main thread.
 */

#include "config.h"

#include "gui/type-color.h"

gboolean
atlas_widget_is_dark (GtkWidget *widget)
{
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  GdkRGBA text;

  gtk_style_context_get_color (style, gtk_style_context_get_state (style), &text);
  return 0.299 * text.red + 0.587 * text.green + 0.114 * text.blue > 0.5;
}

void
atlas_widget_get_type_color (GtkWidget *widget, AtlasType type, GdkRGBA *out_color)
{
  const AtlasTypeInfo *info = atlas_type_get_info (type);
  gboolean parsed =
    gdk_rgba_parse (out_color, atlas_widget_is_dark (widget) ? info->dark : info->light);

  g_return_if_fail (parsed);
}
