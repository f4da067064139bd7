/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The bars above the map: errors, what is missing, that the process has ended. Main thread.
 */

#include "config.h"

#include "gui/window-private.h"

#include <glib/gi18n.h>

static void
message_response (GtkInfoBar *bar, gint response, AtlasWindow *self)
{
  for (guint kind = 0; kind < ATLAS_N_MESSAGES; kind++)
    if (self->messages[kind] == GTK_WIDGET (bar))
      {
        /* What was read and put away is not shown again by every refresh. */
        if (kind == ATLAS_MESSAGE_PARTIAL && self->snapshot != NULL)
          {
            g_free (self->missing_seen);
            self->missing_seen = g_strdup (g_object_get_data (G_OBJECT (bar), "atlas-more"));
          }
        atlas_window_hide_message (self, kind);
      }
}

static const char *
get_icon_name (GtkMessageType type)
{
  switch (type)
    {
    case GTK_MESSAGE_ERROR:
      return "dialog-error-symbolic";
    case GTK_MESSAGE_WARNING:
      return "dialog-warning-symbolic";
    default:
      return "dialog-information-symbolic";
    }
}

void
atlas_window_show_message (AtlasWindow *self, AtlasMessageKind kind, GtkMessageType type,
                           const char *text, const char *more)
{
  GtkWidget *bar, *box, *label;

  if (self->destroyed)
    return;
  atlas_window_hide_message (self, kind);
  bar = gtk_info_bar_new ();
  gtk_info_bar_set_message_type (GTK_INFO_BAR (bar), type);
  gtk_info_bar_set_show_close_button (GTK_INFO_BAR (bar), TRUE);
  gtk_container_add (GTK_CONTAINER (gtk_info_bar_get_content_area (GTK_INFO_BAR (bar))),
                     gtk_image_new_from_icon_name (get_icon_name (type), GTK_ICON_SIZE_BUTTON));
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_line_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_container_add (GTK_CONTAINER (box), label);
  atk_object_set_role (gtk_widget_get_accessible (bar), ATK_ROLE_INFO_BAR);
  atk_object_set_name (gtk_widget_get_accessible (bar), text);
  if (more != NULL)
    {
      GtkWidget *second = gtk_label_new (more);

      gtk_style_context_add_class (gtk_widget_get_style_context (label), "atlas-strong");
      gtk_label_set_xalign (GTK_LABEL (second), 0);
      gtk_label_set_line_wrap (GTK_LABEL (second), TRUE);
      gtk_label_set_line_wrap_mode (GTK_LABEL (second), PANGO_WRAP_WORD_CHAR);
      gtk_label_set_selectable (GTK_LABEL (second), TRUE);
      gtk_label_set_lines (GTK_LABEL (second), 4);
      gtk_label_set_ellipsize (GTK_LABEL (second), PANGO_ELLIPSIZE_END);
      gtk_widget_set_tooltip_text (second, more);
      gtk_style_context_add_class (gtk_widget_get_style_context (second), "atlas-more");
      gtk_container_add (GTK_CONTAINER (box), second);
      g_object_set_data_full (G_OBJECT (bar), "atlas-more", g_strdup (more), g_free);
    }
  gtk_container_add (GTK_CONTAINER (gtk_info_bar_get_content_area (GTK_INFO_BAR (bar))), box);
  atlas_window_name_close_button (bar, _ ("Close the message"));
  g_signal_connect (bar, "response", G_CALLBACK (message_response), self);
  gtk_container_add (GTK_CONTAINER (self->message_area), bar);
  gtk_widget_show_all (bar);
  self->messages[kind] = bar;
}

void
atlas_window_hide_message (AtlasWindow *self, AtlasMessageKind kind)
{
  if (self->messages[kind] != NULL)
    gtk_widget_destroy (self->messages[kind]);
  self->messages[kind] = NULL;
}

void
atlas_window_hide_all_messages (AtlasWindow *self)
{
  for (guint kind = 0; kind < ATLAS_N_MESSAGES; kind++)
    atlas_window_hide_message (self, kind);
}

void
atlas_window_show_missing (AtlasWindow *self)
{
  const GPtrArray *missing = atlas_snapshot_get_missing (self->snapshot);
  g_autoptr (GString) more = g_string_new (NULL);

  if (missing->len == 0)
    {
      atlas_window_hide_message (self, ATLAS_MESSAGE_PARTIAL);
      return;
    }
  for (guint i = 0; i < missing->len; i++)
    {
      const AtlasMissing *item = g_ptr_array_index (missing, i);
      g_autofree char *what = atlas_bytes_dup_display (item->what);
      g_autofree char *why = atlas_bytes_dup_display (item->why);

      g_string_append_printf (more, "%s%s: %s", i > 0 ? "\n" : "", what, why);
    }
  if (g_strcmp0 (more->str, self->missing_seen) == 0)
    return;
  atlas_window_show_message (
    self, ATLAS_MESSAGE_PARTIAL, GTK_MESSAGE_WARNING,
    _ ("Not everything could be read; figures that are not known are shown as a dash."), more->str);
}
