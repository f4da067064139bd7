/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The window with the text that "mematlas --help" prints. One window for the program. Main thread.
 */

#include "config.h"

#include "gui/command-line-help.h"

#include "cli/cli.h"

#include <glib/gi18n.h>

static GtkWidget *window; /* NULL: not shown */

static gboolean
on_key_press (GtkWidget *widget, GdkEventKey *event)
{
  if (event->keyval != GDK_KEY_Escape)
    return GDK_EVENT_PROPAGATE;
  gtk_window_close (GTK_WINDOW (widget));
  return GDK_EVENT_STOP;
}

static GtkWidget *
new_window (void)
{
  GtkWidget *self = gtk_window_new (GTK_WINDOW_TOPLEVEL);
  GtkWidget *header = gtk_header_bar_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new (NULL, NULL);
  GtkWidget *view = gtk_text_view_new ();

  g_object_set (view, "editable", FALSE, "cursor-visible", TRUE, "monospace", TRUE, "left-margin",
                12, "right-margin", 12, "top-margin", 12, "bottom-margin", 12, "accepts-tab", FALSE,
                NULL);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), atlas_cli_get_help (),
                            -1);
  atk_object_set_name (gtk_widget_get_accessible (view), _ ("Command-line options"));
  gtk_container_add (GTK_CONTAINER (scrolled), view);
  gtk_header_bar_set_title (GTK_HEADER_BAR (header), _ ("Command-line Options"));
  gtk_header_bar_set_show_close_button (GTK_HEADER_BAR (header), TRUE);
  gtk_window_set_titlebar (GTK_WINDOW (self), header);
  gtk_window_set_title (GTK_WINDOW (self), _ ("Command-line Options"));
  gtk_window_set_default_size (GTK_WINDOW (self), 760, 520);
  gtk_window_set_type_hint (GTK_WINDOW (self), GDK_WINDOW_TYPE_HINT_DIALOG);
  gtk_container_add (GTK_CONTAINER (self), scrolled);
  g_signal_connect (self, "key-press-event", G_CALLBACK (on_key_press), NULL);
  gtk_widget_show_all (header);
  gtk_widget_show_all (scrolled);
  return self;
}

void
atlas_command_line_help_show (GtkWindow *parent)
{
  if (window == NULL)
    {
      window = new_window ();
      g_signal_connect (window, "destroy", G_CALLBACK (gtk_widget_destroyed), &window);
    }
  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (window), TRUE);
  gtk_window_present (GTK_WINDOW (window));
}
