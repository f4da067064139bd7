/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The window: header, bars, Summary, Details, details pane, status. Owns the history it
 * shows; everything that blocks is in window-jobs.c. Main thread.
 */

#define G_LOG_DOMAIN "atlas-gui"

#include "config.h"

#include "gui/window-private.h"

#include "gui/assistive.h"
#include "gui/row-text.h"
#include "gui/style.h"

#include <glib/gi18n.h>
#include <string.h>

#define DEFAULT_PANE_WIDTH   310
#define LEAST_DETAILS_HEIGHT 240

/* Below these the bars and the details pane would leave too little for the lists. */
#define FULL_HEIGHT 640
#define FULL_WIDTH  1000

enum
{
  SIGNAL_SHOWN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (AtlasWindow, atlas_window, GTK_TYPE_APPLICATION_WINDOW)

/* --- What is shown --- */

void
atlas_window_update_header (AtlasWindow *self)
{
  g_autofree char *file = NULL;
  g_autofree char *name = NULL;
  g_autofree char *title = NULL;
  const AtlasProcess *process;

  if (self->snapshot == NULL)
    return;
  process = atlas_snapshot_get_process (self->snapshot);
  if (self->from_file && self->path != NULL)
    file = g_path_get_basename (self->path);
  name = atlas_process_dup_display_name (process);
  if (file != NULL)
    {
      g_autofree char *shown = atlas_bytes_dup_display (file);
      title = g_strdup_printf (_ ("%s – Memory Atlas"), shown);
    }
  else
    title = g_strdup_printf (_ ("%s (%d) – Memory Atlas"), name, process->pid);
  gtk_window_set_title (GTK_WINDOW (self), title);
  atlas_process_header_set_snapshot (ATLAS_PROCESS_HEADER (self->header), self->snapshot,
                                     self->icon, file, self->ended);
}

static void
update_status (AtlasWindow *self)
{
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *clock = NULL;
  g_autofree char *snapshot_text = NULL;
  g_autofree char *regions = NULL;
  g_autofree char *blocks = NULL;
  g_autofree char *counts = NULL;
  guint n_regions = atlas_snapshot_get_n_regions (self->snapshot);
  guint n_blocks = atlas_snapshot_get_n_blocks (self->snapshot);
  AtlasRows *rows = atlas_details_list_get_rows (ATLAS_DETAILS_LIST (self->details));
  guint shown = rows != NULL ? atlas_rows_get_length (rows) : 0;

  time =
    g_date_time_new_from_unix_local (atlas_snapshot_get_time (self->snapshot) / G_USEC_PER_SEC);
  if (time != NULL)
    clock = g_date_time_format (time, self->from_file ? "%x %X" : "%X");
  snapshot_text = g_strdup_printf (_ ("Snapshot: %s"), clock != NULL ? clock : "–");
  gtk_label_set_text (GTK_LABEL (self->snapshot_label), snapshot_text);

  regions = g_strdup_printf (g_dngettext (NULL, "%'u region", "%'u regions", n_regions), n_regions);
  blocks = g_strdup_printf (g_dngettext (NULL, "%'u block", "%'u blocks", n_blocks), n_blocks);
  counts = g_strdup_printf ("%s, %s", regions, blocks);
  if (shown != n_regions)
    {
      g_autofree char *some =
        g_strdup_printf (g_dngettext (NULL, "%'u row shown", "%'u rows shown", shown), shown);
      g_autofree char *all = g_steal_pointer (&counts);
      counts = g_strdup_printf ("%s  ·  %s", all, some);
    }
  if (atlas_snapshot_is_partial (self->snapshot))
    {
      g_autofree char *all = g_steal_pointer (&counts);
      counts = g_strdup_printf ("%s  ·  ⚠ %s", all, _ ("incomplete"));
    }
  gtk_label_set_text (GTK_LABEL (self->count_label), counts);
}

static gboolean
fill_pane (gpointer data)
{
  AtlasWindow *self = data;
  AtlasDetailsList *details = ATLAS_DETAILS_LIST (self->details);
  AtlasRow row = 0;
  gboolean selected = atlas_details_list_get_selected (details, &row);

  self->pane_idle = 0;
  atlas_region_pane_set_row (ATLAS_REGION_PANE (self->region_pane),
                             selected ? atlas_details_list_get_rows (details) : NULL, row,
                             self->unit);
  return G_SOURCE_REMOVE;
}

/* After the list is painted: going down by a held key must not wait for sixty labels a row. */
static void
row_changed (AtlasWindow *self)
{
  if (self->destroyed)
    return;
  if (self->pane_idle == 0 && gtk_widget_get_visible (self->region_pane))
    self->pane_idle = g_idle_add_full (GDK_PRIORITY_REDRAW + 10, fill_pane, self, NULL);
  atlas_window_update_commands (self);
}

static void
update_bars (AtlasWindow *self)
{
  atlas_bar_area_set_snapshot (ATLAS_BAR_AREA (self->bar_area), self->snapshot, self->unit);
}

void
atlas_window_present_history (AtlasWindow *self, AtlasHistory *history, AtlasRows *rows,
                              GIcon *icon, const char *path)
{
  AtlasSnapshot *snapshot = atlas_history_get_last (history);
  gboolean other = history != self->history;

  if (other)
    {
      g_clear_pointer (&self->missing_seen, g_free);
      atlas_window_hide_all_messages (self);
      atlas_details_list_forget (ATLAS_DETAILS_LIST (self->details));
      atlas_history_ref (history);
      g_clear_pointer (&self->history, atlas_history_unref);
      self->history = history;
      g_free (self->path);
      self->path = g_strdup (path);
      self->from_file = path != NULL;
      self->saved_length = path != NULL ? atlas_history_get_length (history) : 0;
    }
  else
    atlas_window_hide_message (self, ATLAS_MESSAGE_ERROR);
  atlas_snapshot_ref (snapshot);
  g_clear_pointer (&self->snapshot, atlas_snapshot_unref);
  self->snapshot = snapshot;
  if (icon != NULL)
    g_set_object (&self->icon, icon);
  self->ended = FALSE;
  atlas_window_hide_message (self, ATLAS_MESSAGE_ENDED);

  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "map");
  atlas_summary_list_set_snapshot (ATLAS_SUMMARY_LIST (self->summary), snapshot);
  if (rows != NULL)
    atlas_details_list_set_rows (ATLAS_DETAILS_LIST (self->details), rows);
  else
    atlas_details_list_set_snapshot (ATLAS_DETAILS_LIST (self->details), snapshot);
  update_bars (self);
  atlas_window_update_header (self);
  update_status (self);
  atlas_window_show_missing (self);
  atlas_window_update_commands (self);
  if (other)
    gtk_widget_grab_focus (self->details);
  g_signal_emit (self, signals[SIGNAL_SHOWN], 0);
}

void
atlas_window_take_history (AtlasWindow *self, AtlasHistory *history)
{
  atlas_window_present_history (self, history, NULL, NULL, NULL);
}

void
atlas_window_set_ended (AtlasWindow *self)
{
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  if (self->ended || self->snapshot == NULL || self->from_file)
    return;
  self->ended = TRUE;
  name = atlas_process_dup_display_name (atlas_snapshot_get_process (self->snapshot));
  text = g_strdup_printf (_ ("%s (PID %d) has ended. This is its last map."), name,
                          atlas_snapshot_get_process (self->snapshot)->pid);
  atlas_window_show_message (self, ATLAS_MESSAGE_ENDED, GTK_MESSAGE_INFO, text, NULL);
  atlas_window_update_header (self);
  atlas_window_update_commands (self);
}

/* --- What the user does --- */

static void
types_changed (AtlasWindow *self)
{
  AtlasTypeSet types = atlas_summary_list_get_types (ATLAS_SUMMARY_LIST (self->summary));

  if (self->destroyed)
    return;
  atlas_details_list_set_types (ATLAS_DETAILS_LIST (self->details), types);
  atlas_bar_area_set_selected (ATLAS_BAR_AREA (self->bar_area), types);
  if (self->snapshot != NULL)
    update_status (self);
}

static void
bar_activated (AtlasWindow *self, guint type, gboolean extend)
{
  AtlasSummaryList *summary = ATLAS_SUMMARY_LIST (self->summary);
  AtlasTypeSet old = atlas_summary_list_get_types (summary);
  AtlasTypeSet bit = 1u << type;

  if (extend && (old & (1u << ATLAS_TYPE_TOTAL)) == 0)
    bit = old ^ bit;
  else if (old == bit)
    bit = 0; /* a second click shows everything again */
  atlas_summary_list_set_types (summary, bit);
}

static void
update_pane_visible (AtlasWindow *self)
{
  g_autofree char *choice = atlas_preferences_dup_string (self->preferences, "details-pane");
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), "show-details");
  gboolean visible = g_str_equal (choice, "auto") ? !self->narrow : g_str_equal (choice, "shown");

  gtk_widget_set_visible (self->region_pane, visible);
  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_boolean (visible));
  row_changed (self);
}

static void
preference_changed (AtlasWindow *self, const char *key)
{
  if (self->destroyed)
    return;
  if (g_str_equal (key, "unit"))
    {
      g_autofree char *unit = atlas_preferences_dup_string (self->preferences, key);

      self->unit = g_str_equal (unit, "auto") ? ATLAS_UNIT_AUTO : ATLAS_UNIT_KIB;
      atlas_summary_list_set_unit (ATLAS_SUMMARY_LIST (self->summary), self->unit);
      atlas_details_list_set_unit (ATLAS_DETAILS_LIST (self->details), self->unit);
      if (self->snapshot != NULL)
        update_bars (self);
    }
  else if (g_str_equal (key, "show-free"))
    {
      atlas_details_list_set_show_free (ATLAS_DETAILS_LIST (self->details),
                                        atlas_preferences_get_boolean (self->preferences, key));
      if (self->snapshot != NULL)
        update_status (self);
    }
  else if (g_str_equal (key, "details-pane"))
    update_pane_visible (self);
  else if (g_str_equal (key, "font"))
    {
      g_autofree char *font = atlas_preferences_dup_string (self->preferences, key);
      atlas_style_set_font (font);
    }
}

/* --- Sizes --- */

/* In a low window every pixel above the lists is a pixel less for them. */
static void
set_compact (AtlasWindow *self, gboolean compact)
{
  gint margin = compact ? 3 : 8;

  g_object_set (self->header, "margin-top", margin, "margin-bottom", margin, NULL);
  g_object_set (self->bar_area, "margin-bottom", margin, NULL);
  atlas_bar_area_set_compact (ATLAS_BAR_AREA (self->bar_area), compact);
}

static gboolean
fit (gpointer data)
{
  AtlasWindow *self = data;

  self->fit_idle = 0;
  set_compact (self, self->low);
  update_pane_visible (self);
  return G_SOURCE_REMOVE;
}

/* TRUE: what is shown must change. */
static gboolean
take_size (AtlasWindow *self, gint width, gint height)
{
  gboolean low = height < FULL_HEIGHT, narrow = width < FULL_WIDTH;

  if (low == self->low && narrow == self->narrow)
    return FALSE;
  self->low = low;
  self->narrow = narrow;
  return TRUE;
}

static gboolean
place_divider (gpointer data)
{
  AtlasWindow *self = data;

  self->divider_idle = 0;
  if (self->auto_summary > 0)
    gtk_paned_set_position (GTK_PANED (self->summary_paned), self->auto_summary);
  return G_SOURCE_REMOVE;
}

/* Until the user moves the divider, Summary is as high as its rows, or about half of what there
 * is. */
static void
paned_allocated (AtlasWindow *self)
{
  GtkPaned *paned = GTK_PANED (self->summary_paned);
  gint height = gtk_widget_get_allocated_height (self->summary_paned);
  gint wanted, saved;

  if (height < 50)
    return;
  if (self->auto_summary == 0)
    {
      saved = atlas_preferences_get_int (self->preferences, "summary-height");
      if (saved > 0)
        {
          self->auto_summary = -1;
          gtk_paned_set_position (paned, saved);
          return;
        }
    }
  else if (self->auto_summary < 0)
    return;
  wanted = atlas_summary_list_get_full_height (ATLAS_SUMMARY_LIST (self->summary)) + 2;
  wanted = MIN (wanted, MAX (height * (self->low ? 21 : 16) / 40, height - LEAST_DETAILS_HEIGHT));
  self->auto_summary = wanted;
  /* Not from here: a size asked for in the middle of a layout is forgotten. */
  if (wanted != gtk_paned_get_position (paned) && self->divider_idle == 0)
    self->divider_idle = g_idle_add_full (G_PRIORITY_HIGH_IDLE, place_divider, self, NULL);
}

/* The divider is where the user wants it from now on. */
static gboolean
divider_moved (AtlasWindow *self)
{
  self->auto_summary = -1;
  return FALSE;
}

static void
details_allocated (AtlasWindow *self)
{
  gint width = gtk_widget_get_allocated_width (self->details_paned);
  gint pane = atlas_preferences_get_int (self->preferences, "details-width");

  if (self->pane_placed || width < 100 || !gtk_widget_get_visible (self->region_pane))
    return;
  self->pane_placed = TRUE;
  if (pane <= 0)
    pane = MIN (DEFAULT_PANE_WIDTH, width * 2 / 5);
  gtk_paned_set_position (GTK_PANED (self->details_paned), MAX (width - pane, width / 4));
}

static void
save_state (AtlasWindow *self)
{
  gboolean maximized = gtk_window_is_maximized (GTK_WINDOW (self));
  gint position = gtk_paned_get_position (GTK_PANED (self->summary_paned));
  gint width, height;

  gtk_window_get_size (GTK_WINDOW (self), &width, &height);
  atlas_preferences_set_boolean (self->preferences, "window-maximized", maximized);
  if (!maximized)
    {
      atlas_preferences_set_int (self->preferences, "window-width", width);
      atlas_preferences_set_int (self->preferences, "window-height", height);
    }
  if (self->auto_summary != 0)
    atlas_preferences_set_int (self->preferences, "summary-height",
                               self->auto_summary > 0 ? 0 : position);
  if (self->pane_placed && gtk_widget_get_visible (self->region_pane))
    atlas_preferences_set_int (self->preferences, "details-width",
                               gtk_widget_get_allocated_width (self->region_pane));
  atlas_list_columns_save (atlas_summary_list_get_columns (ATLAS_SUMMARY_LIST (self->summary)));
  atlas_list_columns_save (atlas_details_list_get_columns (ATLAS_DETAILS_LIST (self->details)));
}

/* --- The object --- */

/* Text entries and selected text come before the accelerators of the window. */
static gboolean
key_press_event (GtkWidget *widget, GdkEventKey *event)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (widget));

  if (focus != NULL &&
      (GTK_IS_EDITABLE (focus) || GTK_IS_TEXT_VIEW (focus) || GTK_IS_LABEL (focus)) &&
      gtk_window_propagate_key_event (GTK_WINDOW (widget), event))
    return GDK_EVENT_STOP;
  return GTK_WIDGET_CLASS (atlas_window_parent_class)->key_press_event (widget, event);
}

static void
size_allocate (GtkWidget *widget, GtkAllocation *allocation)
{
  AtlasWindow *self = ATLAS_WINDOW (widget);
  gint width, height;

  GTK_WIDGET_CLASS (atlas_window_parent_class)->size_allocate (widget, allocation);
  /* Without the shadow that some desktops have the window draw. */
  gtk_window_get_size (GTK_WINDOW (self), &width, &height);
  if (self->preferences != NULL && !self->destroyed && take_size (self, width, height) &&
      self->fit_idle == 0)
    self->fit_idle = g_idle_add_full (G_PRIORITY_HIGH_IDLE, fit, self, NULL);
}

static gboolean
delete_event (GtkWidget *widget, GdkEventAny *event)
{
  AtlasWindow *self = ATLAS_WINDOW (widget);

  if (atlas_window_is_saving (self))
    {
      self->closing = TRUE;
      return GDK_EVENT_STOP;
    }
  if (!atlas_window_confirm_close (self))
    return GDK_EVENT_STOP;
  return GDK_EVENT_PROPAGATE;
}

static void
destroy (GtkWidget *widget)
{
  AtlasWindow *self = ATLAS_WINDOW (widget);

  if (!self->destroyed)
    {
      save_state (self);
      self->destroyed = TRUE;
      atlas_window_stop_watch (self);
      atlas_window_leave_job (self);
      g_clear_handle_id (&self->pane_idle, g_source_remove);
      g_clear_handle_id (&self->divider_idle, g_source_remove);
      g_clear_handle_id (&self->fit_idle, g_source_remove);
      g_signal_handlers_disconnect_by_data (self->preferences, self);
      g_signal_handlers_disconnect_by_data (gtk_recent_manager_get_default (), self);
    }
  GTK_WIDGET_CLASS (atlas_window_parent_class)->destroy (widget);
}

static void
atlas_window_finalize (GObject *object)
{
  AtlasWindow *self = ATLAS_WINDOW (object);

  g_clear_pointer (&self->snapshot, atlas_snapshot_unref);
  g_clear_pointer (&self->history, atlas_history_unref);
  g_clear_object (&self->icon);
  g_clear_object (&self->source);
  g_clear_object (&self->preferences);
  g_clear_object (&self->recent_menu);
  g_free (self->path);
  g_free (self->missing_seen);
  G_OBJECT_CLASS (atlas_window_parent_class)->finalize (object);
}

static void
atlas_window_class_init (AtlasWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = atlas_window_finalize;
  widget_class->key_press_event = key_press_event;
  widget_class->delete_event = delete_event;
  widget_class->destroy = destroy;
  widget_class->size_allocate = size_allocate;
  signals[SIGNAL_SHOWN] = g_signal_new ("shown", ATLAS_TYPE_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (ATLAS_TYPE_BAR_AREA);
  g_type_ensure (ATLAS_TYPE_PROCESS_HEADER);
  g_type_ensure (ATLAS_TYPE_REGION_PANE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/mematlas/MemoryAtlas/window.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, AtlasWindow, child)
  BIND (message_area);
  BIND (stack);
  BIND (header);
  BIND (bar_area);
  BIND (summary_paned);
  BIND (summary_scroller);
  BIND (details_paned);
  BIND (details_scroller);
  BIND (region_pane);
  BIND (search_bar);
  BIND (search_entry);
  BIND (search_label);
  BIND (snapshot_label);
  BIND (count_label);
  BIND (progress_box);
  BIND (progress_label);
  BIND (progress_bar);
  BIND (cancel_button);
  BIND (empty_select_button);
#undef BIND
}

static void
atlas_window_init (AtlasWindow *self)
{
  atlas_style_init ();
  atlas_assistive_init ();
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->bar_area, "type-activated", G_CALLBACK (bar_activated), self);
}

static void
add_lists (AtlasWindow *self)
{
  self->summary = atlas_summary_list_new (self->preferences);
  self->details = atlas_details_list_new (self->preferences);
  gtk_container_add (GTK_CONTAINER (self->summary_scroller), self->summary);
  gtk_container_add (GTK_CONTAINER (self->details_scroller), self->details);
  gtk_widget_show (self->summary);
  gtk_widget_show (self->details);
  g_signal_connect_swapped (self->summary, "types-changed", G_CALLBACK (types_changed), self);
  g_signal_connect_swapped (self->details, "row-changed", G_CALLBACK (row_changed), self);
  g_signal_connect_object (self->summary_paned, "size-allocate", G_CALLBACK (paned_allocated), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_swapped (self->summary_paned, "button-release-event", G_CALLBACK (divider_moved),
                            self);
  g_signal_connect_swapped (self->summary_paned, "move-handle", G_CALLBACK (divider_moved), self);
  g_signal_connect_object (self->details_paned, "size-allocate", G_CALLBACK (details_allocated),
                           self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}

AtlasWindow *
atlas_window_new (GtkApplication *application, AtlasSource *source, AtlasPreferences *preferences)
{
  AtlasWindow *self = g_object_new (ATLAS_TYPE_WINDOW, "application", application, NULL);
  static const char *const followed[] = { "unit", "show-free", "details-pane", "font" };

  gint width = MAX (400, atlas_preferences_get_int (preferences, "window-width"));
  gint height = MAX (300, atlas_preferences_get_int (preferences, "window-height"));

  self->source = g_object_ref (source);
  self->preferences = g_object_ref (preferences);
  gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  take_size (self, width, height);
  set_compact (self, self->low);
  if (atlas_preferences_get_boolean (preferences, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  add_lists (self);
  atlas_window_init_find (self);
  atlas_window_add_commands (self);
  for (guint i = 0; i < G_N_ELEMENTS (followed); i++)
    preference_changed (self, followed[i]);
  g_signal_connect_swapped (preferences, "changed", G_CALLBACK (preference_changed), self);
  atlas_window_update_commands (self);
  gtk_widget_grab_focus (self->empty_select_button);
  return self;
}
