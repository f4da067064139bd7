/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The window with the text that "mematlas --help" prints. One window for the program. Main thread.
 */

#include "config.h"

#include "gui/command-line-help.h"

#include "cli/cli.h"
#include "gui/help-window.h"

#include <glib/gi18n.h>

static GtkWidget *window; /* NULL: not shown */

static GtkWidget *
new_window (void)
{
  GtkWidget *scrolled = gtk_scrolled_window_new (NULL, NULL);
  GtkWidget *view = gtk_text_view_new ();

  g_object_set (view, "editable", FALSE, "cursor-visible", TRUE, "monospace", TRUE, "left-margin",
                12, "right-margin", 12, "top-margin", 12, "bottom-margin", 12, "accepts-tab", FALSE,
                NULL);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), atlas_cli_get_help (),
                            -1);
  atk_object_set_name (gtk_widget_get_accessible (view), _ ("Command-line options"));
  gtk_container_add (GTK_CONTAINER (scrolled), view);
  return atlas_help_window_new (_ ("Command-line Options"), NULL, scrolled, 760, 520);
}

void
atlas_command_line_help_show (GtkWindow *parent)
{
  atlas_help_window_show (&window, new_window, parent);
}
