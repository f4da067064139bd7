/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/history.h"
#include "core/source.h"
#include "gui/preferences.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ATLAS_TYPE_WINDOW (atlas_window_get_type ())
G_DECLARE_FINAL_TYPE (AtlasWindow, atlas_window, ATLAS, WINDOW, GtkApplicationWindow)

/*
 * AtlasWindow: the memory map of one process, live or from a file. Signal "shown": the map of
 * another snapshot is in the lists, not yet painted.
 */
AtlasWindow *atlas_window_new (GtkApplication *application, AtlasSource *source,
                               AtlasPreferences *preferences);

/* Scans process @pid and shows it. */
void atlas_window_show_process (AtlasWindow *self, gint pid);

/* Opens the file at @path. */
void atlas_window_show_file (AtlasWindow *self, const char *path);

/* Asks for a process. */
void atlas_window_select_process (AtlasWindow *self);

/* Shows the newest snapshot of @history, as if it had just been scanned. */
void atlas_window_take_history (AtlasWindow *self, AtlasHistory *history);

G_END_DECLS
