/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Shared by the files of the window: window.c (what is seen), window-messages.c (bars above it),
 * window-jobs.c (scan, load, save), window-commands.c (actions), window-find.c (search). */

#include "gui/bar-area.h"
#include "gui/details-list.h"
#include "gui/process-header.h"
#include "gui/region-pane.h"
#include "gui/summary-list.h"
#include "gui/window.h"

G_BEGIN_DECLS

/* One bar of each kind may stand in the message area. */
typedef enum
{
  ATLAS_MESSAGE_ERROR,   /* the last command failed */
  ATLAS_MESSAGE_ENDED,   /* the process is gone */
  ATLAS_MESSAGE_PARTIAL, /* something could not be read */
  ATLAS_MESSAGE_FILE,    /* the file was damaged */
  ATLAS_N_MESSAGES
} AtlasMessageKind;

typedef struct _AtlasJob AtlasJob;

struct _AtlasWindow
{
  GtkApplicationWindow parent;
  AtlasSource *source;
  AtlasPreferences *preferences;

  /* What is shown. */
  AtlasHistory *history;   /* nullable */
  AtlasSnapshot *snapshot; /* the newest of history; nullable */
  GIcon *icon;             /* of the process; nullable */
  gboolean from_file;      /* history was opened: nothing to scan again */
  gboolean ended;          /* the process has gone since */
  char *path;              /* of the file it came from or was saved to; nullable */
  guint saved_length;      /* snapshots of history that are in the file */
  char *missing_seen;      /* what the user has dismissed of what is missing */
  AtlasUnit unit;

  /* Work in other threads. */
  AtlasJob *job;       /* the one that runs; nullable */
  GCancellable *watch; /* of the query that runs; nullable */
  guint watch_timeout;
  guint pane_idle;
  guint divider_idle;
  gboolean closing;   /* close as soon as the save is done */
  gboolean destroyed; /* the widgets are gone, only jobs hold the object */
  gint auto_summary;  /* position of the divider that the program chose; 0: none yet, -1: it is the
                         user's */
  guint fit_idle;
  gboolean low;         /* too low for the bars as they are */
  gboolean narrow;      /* too narrow for the details pane, unless the user wants it */
  gboolean pane_placed; /* the details pane has had its first width */

  GtkWidget *message_area;
  GtkWidget *messages[ATLAS_N_MESSAGES];
  GtkWidget *stack;
  GtkWidget *header;
  GtkWidget *bar_area;
  GtkWidget *summary_paned;
  GtkWidget *summary_scroller;
  GtkWidget *summary;
  GtkWidget *details_paned;
  GtkWidget *details_scroller;
  GtkWidget *details;
  GtkWidget *region_pane;
  GtkWidget *search_bar;
  GtkWidget *search_entry;
  GtkWidget *search_label;
  GtkWidget *snapshot_label;
  GtkWidget *count_label;
  GtkWidget *progress_box;
  GtkWidget *progress_label;
  GtkWidget *progress_bar;
  GtkWidget *cancel_button;
  GtkWidget *empty_select_button;
  GMenu *recent_menu;
};

/* window-messages.c */
void atlas_window_show_message (AtlasWindow *self, AtlasMessageKind kind, GtkMessageType type,
                                const char *text, const char *more);
void atlas_window_hide_message (AtlasWindow *self, AtlasMessageKind kind);
void atlas_window_hide_all_messages (AtlasWindow *self);
/* Says what could not be read of the snapshot that is shown, unless the user has put that away. */
void atlas_window_show_missing (AtlasWindow *self);

/* window.c */

/*
 * atlas_window_present_history:
 * @history: its newest snapshot is shown; the one of the window or another one
 * @rows: (nullable): made of that snapshot for the present query
 */
void atlas_window_present_history (AtlasWindow *self, AtlasHistory *history, AtlasRows *rows,
                                   GIcon *icon, const char *path);
void atlas_window_set_ended (AtlasWindow *self);
void atlas_window_update_header (AtlasWindow *self);

/* window-jobs.c */
void atlas_window_refresh (AtlasWindow *self);
void atlas_window_save (AtlasWindow *self, const char *path, const char *format_key);
void atlas_window_cancel_job (AtlasWindow *self);
/* The window is destroyed: a job that runs comes back to nobody. */
void atlas_window_leave_job (AtlasWindow *self);
gboolean atlas_window_is_saving (AtlasWindow *self);
void atlas_window_start_watch (AtlasWindow *self);
void atlas_window_stop_watch (AtlasWindow *self);

/* window-commands.c */
void atlas_window_add_commands (AtlasWindow *self);
void atlas_window_update_commands (AtlasWindow *self);
/* Asks what to do with snapshots the file lacks; FALSE: the window must stay. */
gboolean atlas_window_confirm_close (AtlasWindow *self);

/* window-find.c */
void atlas_window_init_find (AtlasWindow *self);

/* In window-find.c: names the button of GTK's own that closes a search or message bar. */
void atlas_window_name_close_button (GtkWidget *bar, const char *name);
void atlas_window_find (AtlasWindow *self);
void atlas_window_find_again (AtlasWindow *self, gboolean forward);

G_END_DECLS
