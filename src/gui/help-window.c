/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the windows of the Help menu have in common. Each is there once for the program and belongs
 * to GTK. Main thread.
 */

#include "config.h"

#include "gui/help-window.h"

static gboolean
on_key_press (GtkWidget *widget, GdkEventKey *event)
{
  if (event->keyval != GDK_KEY_Escape)
    return GDK_EVENT_PROPAGATE;
  gtk_window_close (GTK_WINDOW (widget));
  return GDK_EVENT_STOP;
}

GtkWidget *
atlas_help_window_new (const char *title, GtkWidget *switcher, GtkWidget *child, gint width,
                       gint height)
{
  GtkWidget *self = gtk_window_new (GTK_WINDOW_TOPLEVEL);
  GtkWidget *header = gtk_header_bar_new ();

  if (switcher != NULL)
    gtk_header_bar_set_custom_title (GTK_HEADER_BAR (header), switcher);
  else
    gtk_header_bar_set_title (GTK_HEADER_BAR (header), title);
  gtk_header_bar_set_show_close_button (GTK_HEADER_BAR (header), TRUE);
  gtk_window_set_titlebar (GTK_WINDOW (self), header);
  gtk_window_set_title (GTK_WINDOW (self), title);
  gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  gtk_window_set_type_hint (GTK_WINDOW (self), GDK_WINDOW_TYPE_HINT_DIALOG);
  gtk_container_add (GTK_CONTAINER (self), child);
  g_signal_connect (self, "key-press-event", G_CALLBACK (on_key_press), NULL);
  gtk_widget_show_all (header);
  gtk_widget_show_all (child);
  return self;
}

void
atlas_help_window_show (GtkWidget **window, GtkWidget *(*make) (void), GtkWindow *parent)
{
  if (*window == NULL)
    {
      *window = make ();
      g_signal_connect (*window, "destroy", G_CALLBACK (gtk_widget_destroyed), window);
    }
  gtk_window_set_transient_for (GTK_WINDOW (*window), parent);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (*window), TRUE);
  gtk_window_present (GTK_WINDOW (*window));
}
