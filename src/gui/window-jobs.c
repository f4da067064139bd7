/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a window does in other threads: scan, load, save, copy, and asking whether the process still
 * lives. A job belongs to its GTask, works on data that nobody changes and tells its progress under
 * a lock; the application stays until the last job has come back.
 */

#define G_LOG_DOMAIN "atlas-gui"

#include "config.h"

#include "gui/window-private.h"

#include "format/format.h"
#include "gui/process-icon.h"
#include "util/error.h"

#include <glib/gi18n.h>

/* Shorter work shows no progress: it would only flicker. */
#define PROGRESS_DELAY_MS    300
#define PROGRESS_INTERVAL_MS 100
#define WATCH_INTERVAL_MS    2000

typedef enum
{
  JOB_SCAN,
  JOB_LOAD,
  JOB_SAVE,
  JOB_COPY,
} JobKind;

struct _AtlasJob
{
  JobKind kind;
  GApplication *application; /* held */
  GCancellable *cancellable;
  guint timeout;
  gint64 started; /* µs, monotonic */

  /* Told by the worker. */
  GMutex lock;
  double fraction;
  const char *phase; /* English, static */

  /* What to do; not changed while the worker runs. */
  AtlasSource *source;
  AtlasHistory *history; /* scanned into (by the main thread), saved, or the result of a load */
  gint pid;
  guint64 start_ticks;
  AtlasScanFlags flags;
  AtlasDetailsQuery query;
  char *path;
  const AtlasFormat *format;

  /* What came of it. */
  AtlasSnapshot *snapshot;
  AtlasRows *rows;
  GIcon *icon;
  char *message;
  GBytes *text;
};

static void
job_free (AtlasJob *job)
{
  g_clear_object (&job->cancellable);
  g_clear_object (&job->source);
  g_clear_pointer (&job->history, atlas_history_unref);
  g_clear_pointer (&job->snapshot, atlas_snapshot_unref);
  g_clear_pointer (&job->rows, atlas_rows_unref);
  g_clear_object (&job->icon);
  g_clear_pointer (&job->text, g_bytes_unref);
  g_free (job->path);
  g_free (job->message);
  g_mutex_clear (&job->lock);
  g_free (job);
}

/* --- In the worker --- */

static void
set_progress (double fraction, const char *phase, gpointer data)
{
  AtlasJob *job = data;

  g_mutex_lock (&job->lock);
  job->fraction = fraction;
  job->phase = phase;
  g_mutex_unlock (&job->lock);
}

static void
set_load_progress (double fraction, gpointer data)
{
  set_progress (fraction, NULL, data);
}

static gboolean
run_scan (AtlasJob *job, GError **error)
{
  AtlasScanRequest request = {
    .pid = job->pid,
    .start_ticks = job->start_ticks,
    .flags = job->flags,
    .pool = atlas_history_get_pool (job->history),
    .progress = set_progress,
    .progress_data = job,
  };

  job->snapshot = atlas_source_scan (job->source, &request, job->cancellable, error);
  if (job->snapshot == NULL)
    return FALSE;
  job->rows = atlas_details_query_run (&job->query, job->snapshot);
  return TRUE;
}

static gboolean
run_load (AtlasJob *job, GError **error)
{
  g_auto (AtlasLoadResult) result = { 0 };

  job->history =
    atlas_mmp_load (job->path, set_load_progress, job, job->cancellable, &result, error);
  if (job->history == NULL)
    return FALSE;
  job->message = g_steal_pointer (&result.message);
  job->rows = atlas_details_query_run (&job->query, atlas_history_get_last (job->history));
  return TRUE;
}

static gboolean
run_copy (AtlasJob *job, GError **error)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();

  if (!job->format->write (job->history, atlas_history_get_length (job->history) - 1, stream,
                           job->cancellable, error) ||
      !g_output_stream_close (stream, NULL, error))
    return FALSE;
  job->text = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (stream));
  return TRUE;
}

static void
run (GTask *task, gpointer window, gpointer data, GCancellable *cancellable)
{
  AtlasJob *job = data;
  GError *error = NULL;
  gboolean done = FALSE;
  AtlasSnapshot *snapshot;

  switch (job->kind)
    {
    case JOB_SCAN:
      done = run_scan (job, &error);
      break;
    case JOB_LOAD:
      done = run_load (job, &error);
      break;
    case JOB_SAVE:
      done =
        atlas_format_save (job->format, job->history, atlas_history_get_length (job->history) - 1,
                           job->path, job->cancellable, &error);
      break;
    case JOB_COPY:
      done = run_copy (job, &error);
      break;
    }
  snapshot = job->snapshot;
  if (done && snapshot == NULL && job->kind == JOB_LOAD)
    snapshot = atlas_history_get_last (job->history);
  if (done && snapshot != NULL)
    {
      atlas_process_icon_prepare ();
      g_set_object (&job->icon, atlas_process_icon_get (atlas_snapshot_get_process (snapshot)));
    }
  if (done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* --- In the main thread --- */

static const char *
default_phase (JobKind kind)
{
  switch (kind)
    {
    case JOB_SCAN:
      return _ ("Scanning");
    case JOB_LOAD:
      return _ ("Opening");
    case JOB_SAVE:
      return _ ("Saving");
    case JOB_COPY:
    default:
      return _ ("Copying");
    }
}

static gboolean
update_progress (gpointer data)
{
  AtlasWindow *self = data;
  AtlasJob *job = self->job;
  const char *phase;
  double fraction;

  if (g_get_monotonic_time () - job->started < PROGRESS_DELAY_MS * 1000)
    return G_SOURCE_CONTINUE;
  g_mutex_lock (&job->lock);
  fraction = job->fraction;
  phase = job->phase;
  g_mutex_unlock (&job->lock);
  gtk_label_set_text (GTK_LABEL (self->progress_label),
                      phase != NULL ? _ (phase) : default_phase (job->kind));
  if (fraction >= 0)
    gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress_bar), MIN (fraction, 1.0));
  else
    gtk_progress_bar_pulse (GTK_PROGRESS_BAR (self->progress_bar));
  gtk_widget_show (self->progress_box);
  return G_SOURCE_CONTINUE;
}

static void
show_error (AtlasWindow *self, AtlasJob *job, GError *error)
{
  const char *title;

  if (g_error_matches (error, ATLAS_ERROR, ATLAS_ERROR_CANCELLED) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (job->kind == JOB_SCAN && job->history == self->history &&
      g_error_matches (error, ATLAS_ERROR, ATLAS_ERROR_GONE))
    {
      atlas_window_set_ended (self);
      return;
    }
  switch (job->kind)
    {
    case JOB_SCAN:
      title = _ ("The process could not be read.");
      break;
    case JOB_LOAD:
      title = _ ("The file could not be opened.");
      break;
    case JOB_SAVE:
      title = _ ("The snapshots could not be saved.");
      break;
    case JOB_COPY:
    default:
      title = _ ("The snapshot could not be copied.");
      break;
    }
  atlas_window_show_message (self, ATLAS_MESSAGE_ERROR, GTK_MESSAGE_ERROR, title, error->message);
}

static void
remember_recent (const char *path)
{
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  GtkRecentData data = {
    .mime_type = (char *)"application/x-mematlas",
    .app_name = (char *)"mematlas",
    .app_exec = (char *)"mematlas -o %f",
  };

  if (uri != NULL)
    gtk_recent_manager_add_full (gtk_recent_manager_get_default (), uri, &data);
}

static void
finish_save (AtlasWindow *self, AtlasJob *job)
{
  if (job->format->whole)
    {
      remember_recent (job->path);
      g_free (self->path);
      self->path = g_strdup (job->path);
      self->saved_length = atlas_history_get_length (job->history);
      atlas_window_update_header (self);
    }
  atlas_window_hide_message (self, ATLAS_MESSAGE_ERROR);
}

static void
finish (AtlasWindow *self, AtlasJob *job)
{
  switch (job->kind)
    {
    case JOB_SCAN:
      atlas_history_add (job->history, job->snapshot);
      atlas_window_present_history (self, job->history, job->rows, job->icon, NULL);
      atlas_window_start_watch (self);
      break;
    case JOB_LOAD:
      atlas_window_stop_watch (self);
      atlas_window_present_history (self, job->history, job->rows, job->icon, job->path);
      if (job->message != NULL)
        atlas_window_show_message (self, ATLAS_MESSAGE_FILE, GTK_MESSAGE_WARNING, job->message,
                                   NULL);
      remember_recent (job->path);
      break;
    case JOB_SAVE:
      finish_save (self, job);
      break;
    case JOB_COPY:
      gtk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self), GDK_SELECTION_CLIPBOARD),
                              g_bytes_get_data (job->text, NULL), g_bytes_get_size (job->text));
      break;
    }
}

static void
job_done (GObject *object, GAsyncResult *result, gpointer data)
{
  AtlasWindow *self = ATLAS_WINDOW (object);
  AtlasJob *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GApplication) application = job->application;
  g_autoptr (GError) error = NULL;
  gboolean done = g_task_propagate_boolean (G_TASK (result), &error);

  g_clear_handle_id (&job->timeout, g_source_remove);
  self->job = NULL;
  if (!self->destroyed)
    {
      gtk_widget_hide (self->progress_box);
      if (done)
        finish (self, job);
      else
        show_error (self, job, error);
      atlas_window_update_commands (self);
      /* A save that was waited for closes the window; one that failed keeps it. */
      if (self->closing && done)
        gtk_widget_destroy (GTK_WIDGET (self));
      self->closing = FALSE;
    }
  g_application_release (application);
}

static AtlasJob *
job_new (AtlasWindow *self, JobKind kind)
{
  AtlasJob *job = g_new0 (AtlasJob, 1);

  job->kind = kind;
  job->fraction = -1;
  job->cancellable = g_cancellable_new ();
  job->source = g_object_ref (self->source);
  job->query = atlas_details_list_get_query (ATLAS_DETAILS_LIST (self->details));
  g_mutex_init (&job->lock);
  return job;
}

static void
job_start (AtlasWindow *self, AtlasJob *job)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, job_done, NULL);

  job->application = g_object_ref (G_APPLICATION (gtk_window_get_application (GTK_WINDOW (self))));
  g_application_hold (job->application);
  job->started = g_get_monotonic_time ();
  job->timeout = g_timeout_add (PROGRESS_INTERVAL_MS, update_progress, self);
  self->job = job;
  atlas_window_update_commands (self);
  g_task_set_task_data (task, job, (GDestroyNotify)job_free);
  g_task_run_in_thread (task, run);
}

void
atlas_window_cancel_job (AtlasWindow *self)
{
  if (self->job != NULL)
    g_cancellable_cancel (self->job->cancellable);
}

void
atlas_window_leave_job (AtlasWindow *self)
{
  if (self->job == NULL)
    return;
  /* The widgets that the timer writes to are gone before the worker comes back. */
  g_clear_handle_id (&self->job->timeout, g_source_remove);
  /* What is being saved is saved to its end. */
  if (!atlas_window_is_saving (self))
    atlas_window_cancel_job (self);
}

gboolean
atlas_window_is_saving (AtlasWindow *self)
{
  return self->job != NULL && self->job->kind == JOB_SAVE;
}

static AtlasScanFlags
get_scan_flags (AtlasWindow *self)
{
  AtlasListColumns *columns = atlas_details_list_get_columns (ATLAS_DETAILS_LIST (self->details));
  GtkTreeViewColumn *numa = atlas_list_columns_get (columns, ATLAS_COLUMN_NUMA);

  /* One more page walk in the target: only for who looks at it. */
  return numa != NULL && gtk_tree_view_column_get_visible (numa) ? ATLAS_SCAN_NUMA : 0;
}

void
atlas_window_show_process (AtlasWindow *self, gint pid)
{
  AtlasJob *job;

  if (self->job != NULL)
    return;
  job = job_new (self, JOB_SCAN);
  job->history = atlas_history_new ();
  job->pid = pid;
  job->flags = get_scan_flags (self);
  job_start (self, job);
}

void
atlas_window_refresh (AtlasWindow *self)
{
  const AtlasProcess *process;
  AtlasJob *job;

  if (self->job != NULL || self->snapshot == NULL || self->from_file)
    return;
  process = atlas_snapshot_get_process (self->snapshot);
  job = job_new (self, JOB_SCAN);
  job->history = atlas_history_ref (self->history);
  job->pid = process->pid;
  job->start_ticks = process->start_ticks;
  job->flags = get_scan_flags (self);
  job_start (self, job);
}

void
atlas_window_show_file (AtlasWindow *self, const char *path)
{
  AtlasJob *job;

  if (self->job != NULL)
    return;
  job = job_new (self, JOB_LOAD);
  job->path = g_strdup (path);
  job_start (self, job);
}

void
atlas_window_save (AtlasWindow *self, const char *path, const char *format_key)
{
  AtlasJob *job;

  if (self->job != NULL || self->history == NULL)
    return;
  job = job_new (self, path != NULL ? JOB_SAVE : JOB_COPY);
  job->history = atlas_history_dup_shallow (self->history);
  job->path = g_strdup (path);
  job->format = atlas_format_from_key (format_key);
  job_start (self, job);
}

/* --- Does the process still live? --- */

typedef struct
{
  AtlasSource *source;
  gint pid;
  guint64 start_ticks;
} Watch;

static void
watch_free (Watch *watch)
{
  g_object_unref (watch->source);
  g_free (watch);
}

static void
run_watch (GTask *task, gpointer window, gpointer data, GCancellable *cancellable)
{
  const Watch *watch = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasProcess) process =
    atlas_source_query (watch->source, watch->pid, cancellable, &error);
  gboolean ended;

  if (process == NULL)
    ended = g_error_matches (error, ATLAS_ERROR, ATLAS_ERROR_GONE) ||
            g_error_matches (error, ATLAS_ERROR, ATLAS_ERROR_NOT_FOUND);
  else
    ended = process->state == 'Z' || process->state == 'X' ||
            (watch->start_ticks != 0 && process->start_ticks != 0 &&
             process->start_ticks != watch->start_ticks);
  g_task_return_boolean (task, ended);
}

static void
watch_done (GObject *object, GAsyncResult *result, gpointer data)
{
  AtlasWindow *self = ATLAS_WINDOW (object);
  g_autoptr (GApplication) application = data;
  GCancellable *cancellable = g_task_get_cancellable (G_TASK (result));
  gboolean ended = g_task_propagate_boolean (G_TASK (result), NULL);

  /* An answer about a process that is not shown any more is not this window's business. */
  if (self->watch == cancellable)
    {
      g_clear_object (&self->watch);
      if (ended && !self->destroyed)
        {
          atlas_window_stop_watch (self);
          atlas_window_set_ended (self);
        }
    }
  g_application_release (application);
}

static gboolean
watch_again (gpointer data)
{
  AtlasWindow *self = data;
  const AtlasProcess *process = atlas_snapshot_get_process (self->snapshot);
  GApplication *application = G_APPLICATION (gtk_window_get_application (GTK_WINDOW (self)));
  g_autoptr (GTask) task = NULL;
  Watch *watch;

  /* A source that is slow is not asked twice at once. */
  if (self->watch != NULL || self->job != NULL)
    return G_SOURCE_CONTINUE;
  self->watch = g_cancellable_new ();
  watch = g_new0 (Watch, 1);
  watch->source = g_object_ref (self->source);
  watch->pid = process->pid;
  watch->start_ticks = process->start_ticks;
  g_application_hold (application);
  task = g_task_new (self, self->watch, watch_done, g_object_ref (application));
  g_task_set_task_data (task, watch, (GDestroyNotify)watch_free);
  g_task_run_in_thread (task, run_watch);
  return G_SOURCE_CONTINUE;
}

void
atlas_window_start_watch (AtlasWindow *self)
{
  atlas_window_stop_watch (self);
  self->watch_timeout = g_timeout_add (WATCH_INTERVAL_MS, watch_again, self);
}

void
atlas_window_stop_watch (AtlasWindow *self)
{
  g_clear_handle_id (&self->watch_timeout, g_source_remove);
  if (self->watch != NULL)
    g_cancellable_cancel (self->watch);
  g_clear_object (&self->watch);
}
