/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The commands of a window: what each action of the table does, and when it can be done. Main
 * thread.
 */

#define G_LOG_DOMAIN "atlas-gui"

#include "config.h"

#include "gui/window-private.h"

#include "format/format.h"
#include "gui/about.h"
#include "gui/actions.h"
#include "gui/command-line-help.h"
#include "gui/process-dialog.h"
#include "gui/quick-help.h"
#include "gui/row-text.h"
#include "gui/shortcuts-window.h"
#include "gui/style.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_RECENT 10

#define COMMAND(name) static void name (GSimpleAction *action, GVariant *parameter, gpointer data)

/* --- File --- */

static void
process_chosen (GtkWidget *dialog, gint pid, AtlasWindow *self)
{
  atlas_window_show_process (self, pid);
}

COMMAND (select_process)
{
  atlas_window_select_process (data);
}

static gboolean
destroy_dialog (gpointer dialog)
{
  gtk_widget_destroy (dialog);
  return G_SOURCE_REMOVE;
}

/* The key that chose is still on its way through the dialog's widgets: they go when it is done. */
static void
process_dialog_responded (GtkWidget *dialog)
{
  gtk_widget_hide (dialog);
  g_idle_add_full (G_PRIORITY_HIGH_IDLE, destroy_dialog, g_object_ref (dialog), g_object_unref);
}

void
atlas_window_select_process (AtlasWindow *self)
{
  GtkWidget *dialog = atlas_process_dialog_new (GTK_WINDOW (self), self->source);

  g_signal_connect_object (dialog, "process-chosen", G_CALLBACK (process_chosen), self, 0);
  g_signal_connect (dialog, "response", G_CALLBACK (process_dialog_responded), NULL);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
add_filter (GtkFileChooser *chooser, const char *title, const char *pattern, const char *key)
{
  GtkFileFilter *filter = gtk_file_filter_new ();
  g_autofree char *name =
    pattern != NULL ? g_strdup_printf ("%s (%s)", title, pattern) : g_strdup (title);

  gtk_file_filter_set_name (filter, name);
  gtk_file_filter_add_pattern (filter, pattern != NULL ? pattern : "*");
  g_object_set_data (G_OBJECT (filter), "atlas-format", (gpointer)key);
  gtk_file_chooser_add_filter (chooser, filter);
}

COMMAND (open_file)
{
  AtlasWindow *self = data;
  g_autoptr (GtkFileChooserNative) native = gtk_file_chooser_native_new (
    _ ("Open Snapshots"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  g_autofree char *path = NULL;

  add_filter (GTK_FILE_CHOOSER (native), _ ("Memory Atlas snapshots"), "*.mmp", NULL);
  add_filter (GTK_FILE_CHOOSER (native), _ ("All files"), NULL, NULL);
  if (gtk_native_dialog_run (GTK_NATIVE_DIALOG (native)) != GTK_RESPONSE_ACCEPT)
    return;
  path = gtk_file_chooser_get_filename (GTK_FILE_CHOOSER (native));
  if (path != NULL)
    atlas_window_show_file (self, path);
}

COMMAND (open_uri)
{
  g_autofree char *path = g_filename_from_uri (g_variant_get_string (parameter, NULL), NULL, NULL);

  if (path != NULL)
    atlas_window_show_file (data, path);
}

/* "python3-1234.mmp" */
static char *
suggest_name (AtlasWindow *self)
{
  const AtlasProcess *process = atlas_snapshot_get_process (self->snapshot);
  g_autofree char *name = atlas_process_dup_display_name (process);

  g_strdelimit (name, "/\\:*?\"<>| ", '_');
  return g_strdup_printf ("%s-%d.mmp", name, process->pid);
}

static void
filter_changed (GtkFileChooser *chooser)
{
  GtkFileFilter *filter = gtk_file_chooser_get_filter (chooser);
  const char *key = filter != NULL ? g_object_get_data (G_OBJECT (filter), "atlas-format") : NULL;
  const AtlasFormat *format = key != NULL ? atlas_format_from_key (key) : NULL;
  g_autofree char *name = gtk_file_chooser_get_current_name (chooser);
  char *dot;

  if (format == NULL || name == NULL)
    return;
  dot = strrchr (name, '.');
  if (dot != NULL)
    *dot = '\0';
  g_autofree char *changed = g_strconcat (name, format->extension, NULL);
  gtk_file_chooser_set_current_name (chooser, changed);
}

COMMAND (save_as)
{
  AtlasWindow *self = data;
  GtkWidget *dialog = gtk_file_chooser_dialog_new (
    _ ("Save Snapshots"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Cancel"),
    GTK_RESPONSE_CANCEL, _ ("_Save"), GTK_RESPONSE_ACCEPT, NULL);
  GtkFileChooser *chooser = GTK_FILE_CHOOSER (dialog);
  g_autofree char *name = suggest_name (self);
  g_autofree char *path = NULL;
  g_autofree char *real_path = NULL;
  const AtlasFormat *formats, *format;
  guint n_formats;

  formats = atlas_format_get_all (&n_formats);
  for (guint i = 0; i < n_formats; i++)
    {
      g_autofree char *pattern = g_strconcat ("*", formats[i].extension, NULL);
      add_filter (chooser, _ (formats[i].title), pattern, formats[i].key);
    }
  gtk_file_chooser_set_do_overwrite_confirmation (chooser, TRUE);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_ACCEPT);
  if (self->path != NULL)
    gtk_file_chooser_set_filename (chooser, self->path);
  else
    gtk_file_chooser_set_current_name (chooser, name);
  g_signal_connect (dialog, "notify::filter", G_CALLBACK (filter_changed), NULL);
  if (gtk_dialog_run (GTK_DIALOG (dialog)) == GTK_RESPONSE_ACCEPT)
    path = gtk_file_chooser_get_filename (chooser);
  gtk_widget_destroy (dialog);
  if (path == NULL)
    return;
  /* The name says the format, by the rule of the command line. */
  format = atlas_format_for_output (path, NULL, &real_path, NULL);
  if (format != NULL)
    atlas_window_save (self, real_path, format->key);
}

COMMAND (save)
{
  AtlasWindow *self = data;

  if (self->path == NULL)
    save_as (action, NULL, data);
  else
    atlas_window_save (self, self->path, "mmp");
}

gboolean
atlas_window_confirm_close (AtlasWindow *self)
{
  GtkWidget *dialog;
  g_autofree char *file = NULL;
  gint response;

  /* Looking at a process leaves nothing behind and asks nothing. Who has saved it once and then
   * scanned again has begun a record, and would miss the rest of it. */
  if (self->history == NULL || self->path == NULL ||
      self->saved_length >= atlas_history_get_length (self->history))
    return TRUE;
  file = g_path_get_basename (self->path);
  dialog = gtk_message_dialog_new (GTK_WINDOW (self), GTK_DIALOG_MODAL, GTK_MESSAGE_QUESTION,
                                   GTK_BUTTONS_NONE, _ ("Save the new snapshots to “%s”?"), file);
  gtk_message_dialog_format_secondary_text (
    GTK_MESSAGE_DIALOG (dialog), "%s",
    _ ("The process was scanned again after it had been saved."));
  gtk_dialog_add_buttons (GTK_DIALOG (dialog), _ ("Close _Without Saving"), GTK_RESPONSE_NO,
                          _ ("_Cancel"), GTK_RESPONSE_CANCEL, _ ("_Save"), GTK_RESPONSE_YES, NULL);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_YES);
  response = gtk_dialog_run (GTK_DIALOG (dialog));
  gtk_widget_destroy (dialog);
  if (response == GTK_RESPONSE_YES && self->job == NULL)
    {
      atlas_window_save (self, self->path, "mmp");
      self->closing = TRUE;
      return FALSE;
    }
  return response == GTK_RESPONSE_NO;
}

COMMAND (close_window)
{
  gtk_window_close (GTK_WINDOW (data));
}

/* --- Edit --- */

static void
set_clipboard (AtlasWindow *self, const char *text)
{
  GtkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (self), GDK_SELECTION_CLIPBOARD);

  if (text != NULL)
    gtk_clipboard_set_text (clipboard, text, -1);
}

COMMAND (copy_address)
{
  AtlasWindow *self = data;
  AtlasDetailsList *details = ATLAS_DETAILS_LIST (self->details);
  g_autofree char *address = NULL;
  AtlasRow row;

  if (!atlas_details_list_get_selected (details, &row))
    return;
  address = atlas_row_dup_address (atlas_details_list_get_rows (details), row);
  set_clipboard (self, address);
}

COMMAND (copy_row)
{
  AtlasWindow *self = data;
  g_autofree char *text = atlas_details_list_dup_row_text (ATLAS_DETAILS_LIST (self->details));

  set_clipboard (self, text);
}

COMMAND (copy_all)
{
  atlas_window_save (data, NULL, "txt");
}

COMMAND (find)
{
  atlas_window_find (data);
}

COMMAND (find_next)
{
  atlas_window_find_again (data, TRUE);
}

COMMAND (find_previous)
{
  atlas_window_find_again (data, FALSE);
}

/* --- View, Options --- */

COMMAND (refresh)
{
  atlas_window_refresh (data);
}

COMMAND (expand_all)
{
  atlas_details_list_expand_all (ATLAS_DETAILS_LIST (ATLAS_WINDOW (data)->details));
}

COMMAND (collapse_all)
{
  atlas_details_list_collapse_all (ATLAS_DETAILS_LIST (ATLAS_WINDOW (data)->details));
}

COMMAND (cancel)
{
  atlas_window_cancel_job (data);
}

/* From now on the width of the window does not decide any more. */
static void
change_details (GSimpleAction *action, GVariant *state, gpointer data)
{
  atlas_preferences_set_string (ATLAS_WINDOW (data)->preferences, "details-pane",
                                g_variant_get_boolean (state) ? "shown" : "hidden");
}

static void
change_boolean (GSimpleAction *action, GVariant *state, gpointer data)
{
  AtlasWindow *self = data;

  g_simple_action_set_state (action, state);
  atlas_preferences_set_boolean (self->preferences, g_action_get_name (G_ACTION (action)),
                                 g_variant_get_boolean (state));
}

static void
change_unit (GSimpleAction *action, GVariant *state, gpointer data)
{
  AtlasWindow *self = data;

  g_simple_action_set_state (action, state);
  atlas_preferences_set_string (self->preferences, "unit", g_variant_get_string (state, NULL));
}

COMMAND (choose_font)
{
  AtlasWindow *self = data;
  GtkWidget *dialog = gtk_font_chooser_dialog_new (_ ("Font of the Lists"), GTK_WINDOW (self));
  g_autofree char *font = atlas_preferences_dup_string (self->preferences, "font");

  if (*font == '\0')
    {
      g_free (font);
      g_object_get (gtk_widget_get_settings (dialog), "gtk-font-name", &font, NULL);
    }
  gtk_font_chooser_set_font (GTK_FONT_CHOOSER (dialog), font);
  if (gtk_dialog_run (GTK_DIALOG (dialog)) == GTK_RESPONSE_OK)
    {
      g_autofree char *chosen = gtk_font_chooser_get_font (GTK_FONT_CHOOSER (dialog));

      if (chosen != NULL)
        atlas_preferences_set_string (self->preferences, "font", chosen);
    }
  gtk_widget_destroy (dialog);
}

COMMAND (reset_font)
{
  atlas_preferences_set_string (ATLAS_WINDOW (data)->preferences, "font", "");
}

/* --- Help --- */

COMMAND (quick_help)
{
  atlas_quick_help_show (data);
}

COMMAND (keyboard_shortcuts)
{
  atlas_shortcuts_show (data);
}

COMMAND (command_line_help)
{
  atlas_command_line_help_show (data);
}

COMMAND (about)
{
  atlas_about_show (data);
}

/* --- Which can be done --- */

static void
enable (AtlasWindow *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  if (action != NULL)
    g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

void
atlas_window_update_commands (AtlasWindow *self)
{
  gboolean idle = self->job == NULL;
  gboolean shown = self->snapshot != NULL;
  gboolean selected, address = FALSE;
  guint64 start, end;
  AtlasRow row;

  if (self->destroyed)
    return;
  selected = atlas_details_list_get_selected (ATLAS_DETAILS_LIST (self->details), &row);
  if (selected)
    address = atlas_rows_get_range (
      atlas_details_list_get_rows (ATLAS_DETAILS_LIST (self->details)), row, &start, &end);
  enable (self, "select-process", idle);
  enable (self, "open", idle);
  enable (self, "open-uri", idle);
  enable (self, "save", idle && shown);
  enable (self, "save-as", idle && shown);
  enable (self, "copy-address", selected && address);
  enable (self, "copy-row", selected);
  enable (self, "copy-all", idle && shown);
  enable (self, "find", shown);
  enable (self, "find-next", shown);
  enable (self, "find-previous", shown);
  enable (self, "refresh", idle && shown && !self->from_file && !self->ended);
  enable (self, "expand-all", shown);
  enable (self, "collapse-all", shown);
  enable (self, "cancel", !idle);
}

/* --- Recent files, drops, the menu of a row --- */

static void
fill_recent_menu (AtlasWindow *self)
{
  GList *items = gtk_recent_manager_get_items (gtk_recent_manager_get_default ());
  guint n = 0;

  g_menu_remove_all (self->recent_menu);
  for (GList *l = items; l != NULL && n < MAX_RECENT; l = l->next)
    {
      GtkRecentInfo *info = l->data;
      g_auto (GStrv) parts = NULL;
      g_autofree char *label = NULL;
      g_autoptr (GMenuItem) item = NULL;

      if (g_strcmp0 (gtk_recent_info_get_mime_type (info), "application/x-mematlas") != 0 ||
          !gtk_recent_info_exists (info))
        continue;
      /* An underscore of a file's name is no mnemonic. */
      parts = g_strsplit (gtk_recent_info_get_display_name (info), "_", -1);
      label = g_strjoinv ("__", parts);
      item = g_menu_item_new (label, NULL);
      g_menu_item_set_action_and_target (item, "win.open-uri", "s", gtk_recent_info_get_uri (info));
      g_menu_append_item (self->recent_menu, item);
      n++;
    }
  if (n == 0)
    g_menu_append (self->recent_menu, _ ("No recent files"), "win.none");
  g_list_free_full (items, (GDestroyNotify)gtk_recent_info_unref);
}

static void
data_received (GtkWidget *widget, GdkDragContext *context, gint x, gint y, GtkSelectionData *data,
               guint info, guint time)
{
  g_auto (GStrv) uris = gtk_selection_data_get_uris (data);
  g_autofree char *path = NULL;

  if (uris != NULL && uris[0] != NULL)
    path = g_filename_from_uri (uris[0], NULL, NULL);
  gtk_drag_finish (context, path != NULL, FALSE, time);
  if (path != NULL)
    atlas_window_show_file (ATLAS_WINDOW (widget), path);
}

static void
show_row_menu (GtkWidget *details, const GdkEvent *event)
{
  g_autoptr (GMenuModel) model = atlas_actions_new_row_menu ();
  GtkWidget *menu = gtk_menu_new_from_model (model);

  gtk_menu_attach_to_widget (GTK_MENU (menu), details, NULL);
  g_signal_connect (menu, "selection-done", G_CALLBACK (gtk_widget_destroy), NULL);
  if (event != NULL)
    gtk_menu_popup_at_pointer (GTK_MENU (menu), event);
  else
    gtk_menu_popup_at_widget (GTK_MENU (menu), details, GDK_GRAVITY_CENTER, GDK_GRAVITY_NORTH_WEST,
                              NULL);
}

static gboolean
details_pressed (GtkWidget *details, GdkEventButton *event, gpointer data)
{
  GtkTreeView *view = GTK_TREE_VIEW (details);
  g_autoptr (GtkTreePath) path = NULL;

  if (!gdk_event_triggers_context_menu ((GdkEvent *)event) ||
      event->window != gtk_tree_view_get_bin_window (view) ||
      !gtk_tree_view_get_path_at_pos (view, event->x, event->y, &path, NULL, NULL, NULL))
    return GDK_EVENT_PROPAGATE;
  gtk_tree_view_set_cursor (view, path, NULL, FALSE);
  show_row_menu (details, (GdkEvent *)event);
  return GDK_EVENT_STOP;
}

static gboolean
details_popup (GtkWidget *details, gpointer data)
{
  show_row_menu (details, NULL);
  return TRUE;
}

/* --- The whole --- */

static const GActionEntry entries[] = {
  { "select-process", select_process },
  { "open", open_file },
  { "open-uri", open_uri, "s" },
  { "save", save },
  { "save-as", save_as },
  { "close", close_window },
  { "copy-address", copy_address },
  { "copy-row", copy_row },
  { "copy-all", copy_all },
  { "find", find },
  { "find-next", find_next },
  { "find-previous", find_previous },
  { "refresh", refresh },
  { "expand-all", expand_all },
  { "collapse-all", collapse_all },
  { "cancel", cancel },
  { "show-details", NULL, NULL, "true", change_details },
  { "show-free", NULL, NULL, "false", change_boolean },
  { "unit", NULL, "s", "'kib'", change_unit },
  { "font", choose_font },
  { "reset-font", reset_font },
  { "quick-help", quick_help },
  { "keyboard-shortcuts", keyboard_shortcuts },
  { "command-line-help", command_line_help },
  { "about", about },
};

/* Another window of the program may have changed what this one's menu says. */
static void
follow_preference (AtlasWindow *self, const char *key)
{
  static const char *const keys[] = { "show-free", "unit" };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (key == NULL || g_str_equal (key, keys[i]))
      {
        GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), keys[i]);
        g_autoptr (GVariant) value = atlas_preferences_dup_value (self->preferences, keys[i]);

        g_simple_action_set_state (G_SIMPLE_ACTION (action), value);
      }
}

static void
add_menu_bar (AtlasWindow *self)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));
  g_autoptr (GMenuModel) details = NULL;
  g_autoptr (GMenuModel) summary = NULL;
  g_autoptr (GMenuModel) bar = NULL;

  details = atlas_list_columns_add_actions (
    atlas_details_list_get_columns (ATLAS_DETAILS_LIST (self->details)), G_ACTION_MAP (self));
  summary = atlas_list_columns_add_actions (
    atlas_summary_list_get_columns (ATLAS_SUMMARY_LIST (self->summary)), G_ACTION_MAP (self));
  self->recent_menu = g_menu_new ();
  fill_recent_menu (self);
  g_signal_connect_swapped (gtk_recent_manager_get_default (), "changed",
                            G_CALLBACK (fill_recent_menu), self);
  bar = atlas_actions_new_menu_bar (G_MENU_MODEL (self->recent_menu), details, summary);
  gtk_application_set_menubar (application, bar);
}

void
atlas_window_add_commands (AtlasWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  follow_preference (self, NULL);
  g_signal_connect_swapped (self->preferences, "changed", G_CALLBACK (follow_preference), self);
  add_menu_bar (self);

  gtk_drag_dest_set (GTK_WIDGET (self), GTK_DEST_DEFAULT_ALL, NULL, 0, GDK_ACTION_COPY);
  gtk_drag_dest_add_uri_targets (GTK_WIDGET (self));
  g_signal_connect (self, "drag-data-received", G_CALLBACK (data_received), NULL);
  g_signal_connect (self->details, "button-press-event", G_CALLBACK (details_pressed), NULL);
  g_signal_connect (self->details, "popup-menu", G_CALLBACK (details_popup), NULL);
}
