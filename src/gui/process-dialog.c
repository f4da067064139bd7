/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The dialog that lists the processes of a source and lets one be chosen. The list is read in a
 * worker thread every two seconds as long as the dialog is there; the worker holds the source,
 * never the dialog. Main thread.
 */

#include "config.h"

#include "gui/process-dialog.h"

#include "gui/process-columns.h"
#include "gui/process-icon.h"
#include "gui/process-model.h"
#include "gui/resources.h"

#include <glib/gi18n.h>

#define REFRESH_SECONDS 2

struct _AtlasProcessDialog
{
  GtkDialog parent;

  AtlasSource *source;
  AtlasProcessModel *model;
  GCancellable *cancellable; /* of the list that is being read; NULL: none is */
  guint timer;
  gboolean listed; /* a list has come */
  char *searched;  /* what the list is filtered by */

  GtkStack *states;
  GtkSearchEntry *search;
  GtkTreeView *list;
  GtkTreeSelection *selection;
  GtkImage *message_icon;
  GtkLabel *message_title;
  GtkLabel *message_text;
  GtkRevealer *reason_revealer;
  GtkLabel *reason;
  GtkRevealer *warning_revealer;
  GtkLabel *warning;
};

G_DEFINE_TYPE (AtlasProcessDialog, atlas_process_dialog, GTK_TYPE_DIALOG)

enum
{
  SIGNAL_PROCESS_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void start_listing (AtlasProcessDialog *self);

static const AtlasProcess *
get_selected (AtlasProcessDialog *self)
{
  GtkTreeIter iter;

  if (!gtk_tree_selection_get_selected (self->selection, NULL, &iter))
    return NULL;
  return atlas_process_model_get (self->model, &iter);
}

static void
update_selection (AtlasProcessDialog *self)
{
  const AtlasProcess *process = get_selected (self);
  const char *reason = process != NULL ? process->unreadable : NULL;

  gtk_dialog_set_response_sensitive (GTK_DIALOG (self), GTK_RESPONSE_ACCEPT,
                                     process != NULL && reason == NULL);
  if (reason != NULL && g_strcmp0 (gtk_label_get_text (self->reason), reason) != 0)
    gtk_label_set_text (self->reason, reason);
  gtk_revealer_set_reveal_child (self->reason_revealer, reason != NULL);
}

static void
show_message (AtlasProcessDialog *self, const char *icon, const char *title, const char *text)
{
  gtk_image_set_from_icon_name (self->message_icon, icon, GTK_ICON_SIZE_DIALOG);
  gtk_label_set_text (self->message_title, title);
  gtk_label_set_text (self->message_text, text);
  gtk_stack_set_visible_child_name (self->states, "message");
}

static void
update_state (AtlasProcessDialog *self)
{
  const char *text = gtk_entry_get_text (GTK_ENTRY (self->search));

  if (!self->listed)
    return;
  if (atlas_process_model_get_length (self->model) > 0)
    gtk_stack_set_visible_child_name (self->states, "list");
  else if (*text != '\0')
    show_message (self, "edit-find-symbolic", _ ("No process found"),
                  _ ("No name, PID, user or command line holds what you typed."));
  else
    show_message (self, "edit-find-symbolic", _ ("No processes"),
                  _ ("There is no process in this list."));
  update_selection (self);
}

/* Puts the selection on the first process that can be opened, so that Enter does what is meant. */
static void
select_row (AtlasProcessDialog *self, GtkTreeIter *iter)
{
  g_autoptr (GtkTreePath) path = gtk_tree_model_get_path (GTK_TREE_MODEL (self->model), iter);

  /* Before the list has its size, GTK would scroll it to where the row is out of sight. */
  if (gtk_widget_get_allocated_height (GTK_WIDGET (self->list)) > 1)
    gtk_tree_view_set_cursor (self->list, path, NULL, FALSE);
  else
    gtk_tree_selection_select_path (self->selection, path);
}

/* Puts the selection on the first process that can be opened, so that Enter does what is meant;
   where none can, on the first, which says why. */
static void
select_first (AtlasProcessDialog *self)
{
  GtkTreeModel *model = GTK_TREE_MODEL (self->model);
  GtkTreeIter iter;

  for (gboolean more = gtk_tree_model_get_iter_first (model, &iter); more;
       more = gtk_tree_model_iter_next (model, &iter))
    if (atlas_process_model_get (self->model, &iter)->unreadable == NULL)
      {
        select_row (self, &iter);
        return;
      }
  if (gtk_tree_model_get_iter_first (model, &iter))
    select_row (self, &iter);
}

/* ---- Reading the list ---- */

static void
list_in_thread (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  GPtrArray *processes;

  atlas_process_icon_prepare ();
  processes = atlas_source_list (data, cancellable, &error);
  if (processes == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, processes, (GDestroyNotify)g_ptr_array_unref);
}

static gboolean
on_timer (gpointer data)
{
  AtlasProcessDialog *self = data;

  self->timer = 0;
  start_listing (self);
  return G_SOURCE_REMOVE;
}

static void
show_failure (AtlasProcessDialog *self, const GError *error)
{
  if (self->listed)
    {
      /* What was read before is still of use; say that it is old. */
      g_autofree char *text =
        g_strdup_printf (_ ("The list is not up to date: %s"), error->message);

      gtk_label_set_text (self->warning, text);
      gtk_revealer_set_reveal_child (self->warning_revealer, TRUE);
    }
  else
    show_message (self, "dialog-error-symbolic", _ ("The processes could not be listed"),
                  error->message);
}

/* The y of the row at @path, where 0 is the top of the whole list. */
static int
get_row_y (AtlasProcessDialog *self, GtkTreePath *path)
{
  GdkRectangle area;
  int y;

  gtk_tree_view_get_background_area (self->list, path, NULL, &area);
  gtk_tree_view_convert_bin_window_to_tree_coords (self->list, 0, area.y, NULL, &y);
  return y;
}

/* Takes the new list so that the rows in sight stay where they are, where GTK would keep the pixel;
 * at the top the list stays at the top, whatever comes and goes there. */
static void
replace_processes (AtlasProcessDialog *self, GPtrArray *processes)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->list));
  g_autoptr (GtkTreePath) top = NULL;
  g_autoptr (GtkTreeRowReference) reference = NULL;
  int before = 0;

  if (gtk_tree_view_get_visible_range (self->list, &top, NULL) &&
      gtk_tree_path_get_indices (top)[0] > 0)
    {
      reference = gtk_tree_row_reference_new (GTK_TREE_MODEL (self->model), top);
      before = get_row_y (self, top);
    }
  double value = gtk_adjustment_get_value (adjustment);
  atlas_process_model_take (self->model, processes);
  if (reference == NULL || !gtk_tree_row_reference_valid (reference))
    return;
  g_autoptr (GtkTreePath) path = gtk_tree_row_reference_get_path (reference);
  int moved = get_row_y (self, path) - before;
  if (moved != 0)
    gtk_adjustment_set_value (adjustment, value + moved);
}

static void
on_listed (GObject *object, GAsyncResult *result, gpointer data)
{
  GWeakRef *weak = data;
  g_autoptr (AtlasProcessDialog) self = g_weak_ref_get (weak);
  g_autoptr (GPtrArray) processes = NULL;
  g_autoptr (GError) error = NULL;

  g_weak_ref_clear (weak);
  g_free (weak);
  processes = g_task_propagate_pointer (G_TASK (result), &error);
  if (self == NULL || self->cancellable == NULL ||
      g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;

  g_clear_object (&self->cancellable);
  if (processes != NULL)
    {
      gboolean first = !self->listed;

      self->listed = TRUE;
      gtk_revealer_set_reveal_child (self->warning_revealer, FALSE);
      replace_processes (self, g_steal_pointer (&processes));
      update_state (self);
      if (first)
        select_first (self);
    }
  else
    show_failure (self, error);
  self->timer = g_timeout_add_seconds (REFRESH_SECONDS, on_timer, self);
}

static void
start_listing (AtlasProcessDialog *self)
{
  g_autoptr (GTask) task = NULL;
  GWeakRef *weak;

  if (self->cancellable != NULL)
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  weak = g_new (GWeakRef, 1);
  g_weak_ref_init (weak, self);
  self->cancellable = g_cancellable_new ();
  task = g_task_new (NULL, self->cancellable, on_listed, weak);
  g_task_set_task_data (task, g_object_ref (self->source), g_object_unref);
  g_task_run_in_thread (task, list_in_thread);
}

/* ---- What the user does ---- */

static void
open_selected (AtlasProcessDialog *self)
{
  const AtlasProcess *process = get_selected (self);

  if (process == NULL || process->unreadable != NULL)
    gtk_widget_error_bell (GTK_WIDGET (self));
  else
    gtk_dialog_response (GTK_DIALOG (self), GTK_RESPONSE_ACCEPT);
}

/* Connected before anybody else can be, so that it runs before a handler that destroys the dialog.
 */
static void
on_response (AtlasProcessDialog *self, int response)
{
  const AtlasProcess *process = get_selected (self);

  if (response == GTK_RESPONSE_ACCEPT && process != NULL && process->unreadable == NULL)
    g_signal_emit (self, signals[SIGNAL_PROCESS_CHOSEN], 0, process->pid);
}

static void
on_search_changed (AtlasProcessDialog *self)
{
  const char *text = gtk_entry_get_text (GTK_ENTRY (self->search));

  if (g_strcmp0 (text, self->searched) == 0)
    return;
  g_free (self->searched);
  self->searched = g_strdup (text);
  atlas_process_model_set_filter (self->model, text);
  update_state (self);
  select_first (self);
}

static void
on_search_activate (AtlasProcessDialog *self)
{
  /* The entry tells of its changes a moment late. */
  on_search_changed (self);
  open_selected (self);
}

static void
on_stop_search (AtlasProcessDialog *self)
{
  if (*gtk_entry_get_text (GTK_ENTRY (self->search)) != '\0')
    gtk_entry_set_text (GTK_ENTRY (self->search), "");
  else
    gtk_dialog_response (GTK_DIALOG (self), GTK_RESPONSE_CANCEL);
}

static gboolean
on_search_key_press (AtlasProcessDialog *self, GdkEventKey *event)
{
  if (event->keyval != GDK_KEY_Down && event->keyval != GDK_KEY_KP_Down &&
      event->keyval != GDK_KEY_Page_Down)
    return GDK_EVENT_PROPAGATE;
  if (get_selected (self) == NULL)
    select_first (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
  return GDK_EVENT_STOP;
}

static gboolean
on_key_press (AtlasProcessDialog *self, GdkEventKey *event)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (event->keyval == GDK_KEY_F5)
    {
      start_listing (self);
      return GDK_EVENT_STOP;
    }
  if (event->keyval == GDK_KEY_f && (event->state & GDK_CONTROL_MASK) != 0)
    {
      gtk_widget_grab_focus (GTK_WIDGET (self->search));
      return GDK_EVENT_STOP;
    }
  if (focus == GTK_WIDGET (self->search) || event->keyval == GDK_KEY_space ||
      event->keyval == GDK_KEY_Escape || (event->state & (GDK_CONTROL_MASK | GDK_MOD1_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  if (gtk_search_entry_handle_event (self->search, (GdkEvent *)event) != GDK_EVENT_STOP)
    return GDK_EVENT_PROPAGATE;
  gtk_entry_grab_focus_without_selecting (GTK_ENTRY (self->search));
  return GDK_EVENT_STOP;
}

static void
on_kernel_threads_toggled (AtlasProcessDialog *self, GtkToggleButton *button)
{
  atlas_process_model_set_show_kernel_threads (self->model, gtk_toggle_button_get_active (button));
  update_state (self);
}

static void
on_refresh_clicked (AtlasProcessDialog *self)
{
  start_listing (self);
}

static void
on_row_activated (AtlasProcessDialog *self)
{
  open_selected (self);
}

static void
on_selection_changed (AtlasProcessDialog *self)
{
  update_selection (self);
}

static gboolean
on_query_tooltip (AtlasProcessDialog *self, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  g_autoptr (GtkTreePath) path = NULL;
  const AtlasProcess *process;
  GtkTreeIter iter;

  if (!gtk_tree_view_get_tooltip_context (self->list, &x, &y, keyboard, NULL, &path, &iter))
    return FALSE;
  process = atlas_process_model_get (self->model, &iter);
  if (process->unreadable != NULL)
    gtk_tooltip_set_text (tooltip, process->unreadable);
  else
    {
      g_autofree char *line = NULL;

      gtk_tree_model_get (GTK_TREE_MODEL (self->model), &iter, ATLAS_PROCESS_COLUMN_COMMAND_LINE,
                          &line, -1);
      if (line == NULL || *line == '\0')
        return FALSE;
      gtk_tooltip_set_text (tooltip, line);
    }
  gtk_tree_view_set_tooltip_row (self->list, tooltip, path);
  return TRUE;
}

/* ---- The object ---- */

static void
atlas_process_dialog_dispose (GObject *object)
{
  AtlasProcessDialog *self = ATLAS_PROCESS_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->timer, g_source_remove);
  G_OBJECT_CLASS (atlas_process_dialog_parent_class)->dispose (object);
  g_clear_object (&self->model);
  g_clear_object (&self->source);
}

static void
atlas_process_dialog_finalize (GObject *object)
{
  g_free (ATLAS_PROCESS_DIALOG (object)->searched);
  G_OBJECT_CLASS (atlas_process_dialog_parent_class)->finalize (object);
}

static void
atlas_process_dialog_class_init (AtlasProcessDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = atlas_process_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = atlas_process_dialog_finalize;

  signals[SIGNAL_PROCESS_CHOSEN] =
    g_signal_new ("process-chosen", ATLAS_TYPE_PROCESS_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 1, G_TYPE_INT);

  g_resources_register (atlas_get_resource ());
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/mematlas/MemoryAtlas/process-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, AtlasProcessDialog, states);
  gtk_widget_class_bind_template_child (widget_class, AtlasProcessDialog, search);
  gtk_widget_class_bind_template_child (widget_class, AtlasProcessDialog, list);
  gtk_widget_class_bind_template_child (widget_class, AtlasProcessDialog, selection);
  gtk_widget_class_bind_template_child (widget_class, AtlasProcessDialog, message_icon);
  gtk_widget_class_bind_template_child (widget_class, AtlasProcessDialog, message_title);
  gtk_widget_class_bind_template_child (widget_class, AtlasProcessDialog, message_text);
  gtk_widget_class_bind_template_child (widget_class, AtlasProcessDialog, reason_revealer);
  gtk_widget_class_bind_template_child (widget_class, AtlasProcessDialog, reason);
  gtk_widget_class_bind_template_child (widget_class, AtlasProcessDialog, warning_revealer);
  gtk_widget_class_bind_template_child (widget_class, AtlasProcessDialog, warning);
  gtk_widget_class_bind_template_callback (widget_class, on_key_press);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_search_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_search_key_press);
  gtk_widget_class_bind_template_callback (widget_class, on_stop_search);
  gtk_widget_class_bind_template_callback (widget_class, on_kernel_threads_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_refresh_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_selection_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_query_tooltip);
}

static void
atlas_process_dialog_init (AtlasProcessDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "response", G_CALLBACK (on_response), NULL);
  self->searched = g_strdup ("");
  self->model = atlas_process_model_new ();
  atlas_process_columns_add (self->list);
  gtk_tree_view_set_model (self->list, GTK_TREE_MODEL (self->model));
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

GtkWidget *
atlas_process_dialog_new (GtkWindow *parent, AtlasSource *source)
{
  AtlasProcessDialog *self = g_object_new (ATLAS_TYPE_PROCESS_DIALOG, "use-header-bar", TRUE,
                                           "transient-for", parent, "modal", parent != NULL, NULL);

  self->source = g_object_ref (source);
  start_listing (self);
  return GTK_WIDGET (self);
}
