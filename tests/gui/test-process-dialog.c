/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The process selection in a real window, over a source that the test makes: search, choosing,
 * processes that may not be read, live changes, failures.
 */

#include "config.h"

#include "display.h"
#include "fake-source.h"

#include "gui/process-dialog.h"
#include "gui/process-model.h"

typedef struct
{
  FakeSource *source;
  GtkWidget *dialog;
  GtkTreeView *list;
  GtkWidget *search;
  GtkStack *states;
  gint chosen;
  gint response;
} Fixture;

static gboolean
has_name (GtkWidget *widget, const char *name)
{
  return g_strcmp0 (gtk_buildable_get_name (GTK_BUILDABLE (widget)), name) == 0;
}

/* The widget that the template calls @name. */
static GtkWidget *
find (GtkWidget *widget, const char *name)
{
  GtkWidget *found = has_name (widget, name) ? widget : NULL;

  if (found == NULL && GTK_IS_CONTAINER (widget))
    {
      g_autoptr (GList) children = gtk_container_get_children (GTK_CONTAINER (widget));

      for (GList *at = children; found == NULL && at != NULL; at = at->next)
        found = find (at->data, name);
    }
  return found;
}

static gboolean
on_timeout (gpointer data)
{
  *(gboolean *)data = TRUE;
  return G_SOURCE_REMOVE;
}

#define WAIT_FOR(condition)                                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gboolean late = FALSE;                                                                         \
    guint id = g_timeout_add_seconds (20, on_timeout, &late);                                      \
    while (!(condition) && !late)                                                                  \
      gtk_main_iteration ();                                                                       \
    g_assert_true (condition);                                                                     \
    if (!late)                                                                                     \
      g_source_remove (id);                                                                        \
  }                                                                                                \
  G_STMT_END

static GPtrArray *
four (void)
{
  GPtrArray *processes = g_ptr_array_new_with_free_func ((GDestroyNotify)atlas_process_free);
  AtlasProcess *foreign = fake_process (30, "alien", "bob", 4096);
  AtlasProcess *kernel = fake_process (40, "kswapd0", "root", ATLAS_UNKNOWN);

  foreign->unreadable = g_strdup ("It runs as bob; try it as root");
  kernel->unreadable = g_strdup ("A kernel thread has no memory of its own");
  kernel->kernel_thread = TRUE;
  g_ptr_array_add (processes, fake_process (10, "editor", "ann", 1 << 20));
  g_ptr_array_add (processes, fake_process (20, "browser", "ann", 1 << 22));
  g_ptr_array_add (processes, foreign);
  g_ptr_array_add (processes, kernel);
  return processes;
}

static void
on_chosen (Fixture *fixture, gint pid)
{
  g_assert_cmpint (fixture->response, ==, 0); /* before the response */
  fixture->chosen = pid;
}

static void
on_response (Fixture *fixture, gint response)
{
  fixture->response = response;
}

static const char *
state (Fixture *fixture)
{
  return gtk_stack_get_visible_child_name (fixture->states);
}

static int
n_rows (Fixture *fixture)
{
  return gtk_tree_model_iter_n_children (gtk_tree_view_get_model (fixture->list), NULL);
}

static gint
selected_pid (Fixture *fixture)
{
  GtkTreeModel *model;
  GtkTreeIter iter;

  if (!gtk_tree_selection_get_selected (gtk_tree_view_get_selection (fixture->list), &model, &iter))
    return 0;
  return atlas_process_model_get (ATLAS_PROCESS_MODEL (model), &iter)->pid;
}

static void
select_pid (Fixture *fixture, gint pid)
{
  GtkTreeModel *model = gtk_tree_view_get_model (fixture->list);
  GtkTreeIter iter;

  for (gboolean more = gtk_tree_model_get_iter_first (model, &iter); more;
       more = gtk_tree_model_iter_next (model, &iter))
    if (atlas_process_model_get (ATLAS_PROCESS_MODEL (model), &iter)->pid == pid)
      {
        gtk_tree_selection_select_iter (gtk_tree_view_get_selection (fixture->list), &iter);
        return;
      }
  g_assert_not_reached ();
}

static gboolean
open_is_sensitive (Fixture *fixture)
{
  return gtk_widget_is_sensitive (
    gtk_dialog_get_widget_for_response (GTK_DIALOG (fixture->dialog), GTK_RESPONSE_ACCEPT));
}

static void
press_key (Fixture *fixture, guint keyval)
{
  GdkEvent *event = gdk_event_new (GDK_KEY_PRESS);
  GdkKeymap *keymap = gdk_keymap_get_for_display (gdk_display_get_default ());
  g_autofree GdkKeymapKey *keys = NULL;
  gint n_keys = 0;

  event->key.window = g_object_ref (gtk_widget_get_window (fixture->dialog));
  event->key.keyval = keyval;
  if (gdk_keymap_get_entries_for_keyval (keymap, keyval, &keys, &n_keys))
    event->key.hardware_keycode = (guint16)keys[0].keycode;
  gdk_event_set_device (
    event, gdk_seat_get_keyboard (gdk_display_get_default_seat (gdk_display_get_default ())));
  gtk_widget_event (fixture->dialog, event);
  gdk_event_free (event);
}

static void
show (Fixture *fixture)
{
  fixture->dialog = atlas_process_dialog_new (NULL, ATLAS_SOURCE (fixture->source));
  fixture->list = GTK_TREE_VIEW (find (fixture->dialog, "list"));
  fixture->search = find (fixture->dialog, "search");
  fixture->states = GTK_STACK (find (fixture->dialog, "states"));
  g_signal_connect_swapped (fixture->dialog, "process-chosen", G_CALLBACK (on_chosen), fixture);
  g_signal_connect_swapped (fixture->dialog, "response", G_CALLBACK (on_response), fixture);
  gtk_widget_show (fixture->dialog);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->source = fake_source_new ();
  if (data != NULL)
    fake_source_set_failure (fixture->source, data);
  else
    fake_source_set_processes (fixture->source, four ());
  show (fixture);
  if (data == NULL)
    WAIT_FOR (g_str_equal (state (fixture), "list"));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_widget_destroy (fixture->dialog);
  while (gtk_events_pending ())
    gtk_main_iteration ();
  g_object_unref (fixture->source);
}

static void
test_choose (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (n_rows (fixture), ==, 3);        /* the kernel thread is hidden */
  g_assert_cmpint (selected_pid (fixture), ==, 20); /* the first that can be opened */
  g_assert_true (open_is_sensitive (fixture));
  select_pid (fixture, 10);
  gtk_dialog_response (GTK_DIALOG (fixture->dialog), GTK_RESPONSE_ACCEPT);
  g_assert_cmpint (fixture->chosen, ==, 10);
  g_assert_cmpint (fixture->response, ==, GTK_RESPONSE_ACCEPT);
}

static void
test_activate_row (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GtkTreePath) path = gtk_tree_path_new_from_indices (1, -1);

  gtk_tree_view_row_activated (fixture->list, path, gtk_tree_view_get_column (fixture->list, 0));
  g_assert_cmpint (fixture->response, ==, GTK_RESPONSE_ACCEPT);
  g_assert_cmpint (fixture->chosen, ==, 20);
}

static void
test_unreadable (Fixture *fixture, gconstpointer data)
{
  GtkRevealer *revealer = GTK_REVEALER (find (fixture->dialog, "reason_revealer"));
  GtkLabel *reason = GTK_LABEL (find (fixture->dialog, "reason"));

  g_assert_false (gtk_revealer_get_reveal_child (revealer));
  select_pid (fixture, 30);
  g_assert_false (open_is_sensitive (fixture));
  g_assert_true (gtk_revealer_get_reveal_child (revealer));
  g_assert_cmpstr (gtk_label_get_text (reason), ==, "It runs as bob; try it as root");
  gtk_widget_activate (fixture->search); /* Enter does not open it either */
  gtk_dialog_response (GTK_DIALOG (fixture->dialog), GTK_RESPONSE_ACCEPT);
  g_assert_cmpint (fixture->chosen, !=, 30);
  select_pid (fixture, 10);
  g_assert_false (gtk_revealer_get_reveal_child (revealer));
}

static void
test_search (Fixture *fixture, gconstpointer data)
{
  gtk_entry_set_text (GTK_ENTRY (fixture->search), "edit");
  WAIT_FOR (n_rows (fixture) == 1);
  g_assert_cmpint (selected_pid (fixture), ==, 10);
  gtk_entry_set_text (GTK_ENTRY (fixture->search), "no such process");
  WAIT_FOR (g_str_equal (state (fixture), "message"));
  g_assert_false (open_is_sensitive (fixture));
  g_signal_emit_by_name (fixture->search, "stop-search"); /* Escape: first the text, then all */
  WAIT_FOR (g_str_equal (state (fixture), "list"));
  g_assert_cmpint (n_rows (fixture), ==, 3);
  g_assert_cmpint (fixture->response, ==, 0);
  g_signal_emit_by_name (fixture->search, "stop-search");
  g_assert_cmpint (fixture->response, ==, GTK_RESPONSE_CANCEL);
}

static void
test_typing (Fixture *fixture, gconstpointer data)
{
  gtk_widget_grab_focus (GTK_WIDGET (fixture->list));
  press_key (fixture, GDK_KEY_b);
  g_assert_cmpstr (gtk_entry_get_text (GTK_ENTRY (fixture->search)), ==, "b");
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (fixture->dialog)) == fixture->search);
}

static void
test_kernel_threads (Fixture *fixture, gconstpointer data)
{
  GtkToggleButton *toggle = GTK_TOGGLE_BUTTON (find (fixture->dialog, "kernel_threads"));

  g_assert_false (gtk_toggle_button_get_active (toggle));
  gtk_toggle_button_set_active (toggle, TRUE);
  g_assert_cmpint (n_rows (fixture), ==, 4);
}

static void
test_live (Fixture *fixture, gconstpointer data)
{
  GPtrArray *processes = four ();
  guint n_lists;

  select_pid (fixture, 10);
  g_ptr_array_remove_index (processes, 1);
  g_ptr_array_insert (processes, 0, fake_process (5, "added", "ann", 1));
  fake_source_set_processes (fixture->source, processes);
  n_lists = fake_source_get_n_lists (fixture->source);
  press_key (fixture, GDK_KEY_F5);
  WAIT_FOR (fake_source_get_n_lists (fixture->source) > n_lists);
  GtkTreeModel *model = gtk_tree_view_get_model (fixture->list);
  GtkTreeIter iter;
  WAIT_FOR (gtk_tree_model_get_iter_first (model, &iter) &&
            atlas_process_model_get (ATLAS_PROCESS_MODEL (model), &iter)->pid == 5);
  g_assert_cmpint (n_rows (fixture), ==, 3);
  g_assert_cmpint (selected_pid (fixture), ==, 10);

  /* And again by itself. */
  n_lists = fake_source_get_n_lists (fixture->source);
  WAIT_FOR (fake_source_get_n_lists (fixture->source) > n_lists);
}

/* @n processes p100, p101, ...; and one that comes before them all where @extra. */
static GPtrArray *
many (guint n, gboolean extra)
{
  GPtrArray *processes = g_ptr_array_new_with_free_func ((GDestroyNotify)atlas_process_free);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("p%u", 100 + i);

      g_ptr_array_add (processes, fake_process (100 + (gint)i, name, "ann", i));
    }
  if (extra)
    g_ptr_array_add (processes, fake_process (999, "a-new-one", "ann", 1));
  return processes;
}

static gint
top_pid (Fixture *fixture)
{
  g_autoptr (GtkTreePath) path = NULL;
  GtkTreeModel *model = gtk_tree_view_get_model (fixture->list);
  GtkTreeIter iter;

  /* At the very edge the visible range may begin with the row before it. */
  if (!gtk_tree_view_get_path_at_pos (fixture->list, 1, 1, &path, NULL, NULL, NULL) ||
      !gtk_tree_model_get_iter (model, &iter, path))
    return 0;
  return atlas_process_model_get (ATLAS_PROCESS_MODEL (model), &iter)->pid;
}

static void
settle (void)
{
  gboolean over = FALSE;

  g_timeout_add (200, on_timeout, &over);
  while (!over)
    gtk_main_iteration ();
}

static void
replace (Fixture *fixture, GPtrArray *processes)
{
  int n = (int)processes->len;

  fake_source_set_processes (fixture->source, processes);
  press_key (fixture, GDK_KEY_F5);
  WAIT_FOR (n_rows (fixture) == n);
  settle ();
}

static void
test_scroll (Fixture *fixture, gconstpointer data)
{
  GtkTreeModel *model = gtk_tree_view_get_model (fixture->list);
  GtkTreeIter iter;

  /* It begins at the top, and there it stays, whatever comes and goes. */
  settle ();
  g_assert_cmpint (top_pid (fixture), ==, 30);
  replace (fixture, many (200, FALSE));
  g_assert_cmpint (top_pid (fixture), ==, 100);
  replace (fixture, many (200, TRUE));
  g_assert_cmpint (top_pid (fixture), ==, 999);
  replace (fixture, many (200, FALSE));
  g_assert_cmpint (top_pid (fixture), ==, 100);

  /* In the middle the same rows stay in sight. */
  g_assert_true (gtk_tree_model_iter_nth_child (model, &iter, NULL, 120));
  g_autoptr (GtkTreePath) path = gtk_tree_model_get_path (model, &iter);
  gtk_tree_view_scroll_to_cell (fixture->list, path, NULL, TRUE, 0, 0);
  select_pid (fixture, 225);
  settle ();
  gint top = top_pid (fixture);
  g_assert_cmpint (ABS (top - 220), <=, 1);
  replace (fixture, many (200, TRUE));
  g_assert_cmpint (top_pid (fixture), ==, top);
  g_assert_cmpint (selected_pid (fixture), ==, 225);
  replace (fixture, many (190, FALSE));
  g_assert_cmpint (top_pid (fixture), ==, top);
  g_assert_cmpint (selected_pid (fixture), ==, 225);
}

static void
test_begin (Fixture *fixture, gconstpointer data)
{
  gtk_widget_destroy (fixture->dialog);
  fake_source_set_processes (fixture->source, many (200, FALSE));
  show (fixture);
  WAIT_FOR (g_str_equal (state (fixture), "list"));
  settle ();
  g_assert_cmpint (top_pid (fixture), ==, 100);
  g_assert_cmpint (selected_pid (fixture), ==, 100);
}

/* The list is not read in the main thread, so a dialog that goes must not be missed by the worker.
 */
static void
test_closed_while_listing (Fixture *fixture, gconstpointer data)
{
  press_key (fixture, GDK_KEY_F5);
  gtk_widget_destroy (fixture->dialog);
  show (fixture);
  WAIT_FOR (g_str_equal (state (fixture), "list"));
}

static void
test_failure (Fixture *fixture, gconstpointer data)
{
  GtkLabel *text = GTK_LABEL (find (fixture->dialog, "message_text"));
  GtkRevealer *warning = GTK_REVEALER (find (fixture->dialog, "warning_revealer"));

  WAIT_FOR (g_str_equal (state (fixture), "message"));
  g_assert_cmpstr (gtk_label_get_text (text), ==, data);
  g_assert_false (open_is_sensitive (fixture));

  /* It comes back, and a later failure leaves the list there, with a word that it is old. */
  fake_source_set_processes (fixture->source, four ());
  WAIT_FOR (g_str_equal (state (fixture), "list"));
  fake_source_set_failure (fixture->source, data);
  WAIT_FOR (gtk_revealer_get_reveal_child (warning));
  g_assert_cmpstr (state (fixture), ==, "list");
}

static void
test_names (Fixture *fixture, gconstpointer data)
{
  AtkObject *list = gtk_widget_get_accessible (GTK_WIDGET (fixture->list));

  g_assert_cmpstr (atk_object_get_name (list), ==, "Processes");
  for (guint i = 0; i < ATLAS_PROCESS_N_TEXT_COLUMNS; i++)
    g_assert_cmpstr (
      gtk_tree_view_column_get_title (gtk_tree_view_get_column (fixture->list, (gint)i)), !=, "");
}

#define ADD(name, data, function)                                                                  \
  g_test_add ("/process-dialog/" name, Fixture, data, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  display_test_init (&argc, &argv);
  /* A list that is still gliding to its place has none that could be compared. */
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  ADD ("choose", NULL, test_choose);
  ADD ("activate-row", NULL, test_activate_row);
  ADD ("unreadable", NULL, test_unreadable);
  ADD ("search", NULL, test_search);
  ADD ("typing", NULL, test_typing);
  ADD ("kernel-threads", NULL, test_kernel_threads);
  ADD ("live", NULL, test_live);
  ADD ("begin", NULL, test_begin);
  ADD ("scroll", NULL, test_scroll);
  ADD ("closed-while-listing", NULL, test_closed_while_listing);
  ADD ("failure", "/proc is not there", test_failure);
  ADD ("names", NULL, test_names);
  return g_test_run ();
}
