/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * atlas_help_window_new:
 * @switcher: (nullable): stands in the title bar in place of the title
 * @child: what the window shows
 *
 * A window of the Help menu, not yet shown: a title bar of its own, closed by Escape.
 */
GtkWidget *atlas_help_window_new (const char *title, GtkWidget *switcher, GtkWidget *child,
                                  gint width, gint height);

/* Shows the one window that @window points to over @parent, made by @make where it is NULL; a
 * window that is closed sets it to NULL again. */
void atlas_help_window_show (GtkWidget **window, GtkWidget *(*make) (void), GtkWindow *parent);

G_END_DECLS
