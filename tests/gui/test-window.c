/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The main window, used through its own functions and actions: what is shown, kept through a
 * refresh, filtered, found, remembered; what it does when a scan fails, waits or is cancelled.
 */

#include "config.h"

#include "gui/details-model.h"
#include "gui/window-private.h"

#include "format/format.h"
#include "util/error.h"

#include "synthetic.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  GtkApplication *application;
  SyntheticSource *source;
  AtlasPreferences *preferences;
  AtlasWindow *window;
} Fixture;

/* One for all tests: a second one in a process cannot be registered on a session bus. */
static GtkApplication *the_application;

static const SyntheticShape small = { .n_regions = 200, .blocks_per_region = 3 };

static gboolean
tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Runs the main loop until @condition holds; fails after ten seconds. */
#define WAIT_FOR(condition)                                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 wait_end = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;                               \
    guint wait_tick = g_timeout_add (20, tick, NULL);                                              \
    while (!(condition) && g_get_monotonic_time () < wait_end)                                     \
      g_main_context_iteration (NULL, TRUE);                                                       \
    g_source_remove (wait_tick);                                                                   \
    g_assert_true (condition);                                                                     \
  }                                                                                                \
  G_STMT_END

static void
run_for (guint ms)
{
  gint64 end = g_get_monotonic_time () + ms * 1000;

  WAIT_FOR (g_get_monotonic_time () >= end);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->application = the_application;
  fixture->source = synthetic_source_new (&small);
  fixture->preferences = atlas_preferences_new ("none.such");
  fixture->window =
    atlas_window_new (fixture->application, ATLAS_SOURCE (fixture->source), fixture->preferences);
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_widget_destroy (GTK_WIDGET (fixture->window));
  run_for (50);
  g_clear_object (&fixture->preferences);
  g_clear_object (&fixture->source);
}

static AtlasDetailsList *
details (Fixture *fixture)
{
  return ATLAS_DETAILS_LIST (fixture->window->details);
}

static AtlasBar *
bar (Fixture *fixture, guint index)
{
  return atlas_bar_area_get_bar (ATLAS_BAR_AREA (fixture->window->bar_area), index);
}

static void
scan (Fixture *fixture)
{
  atlas_window_show_process (fixture->window, 4242);
  WAIT_FOR (fixture->window->job == NULL);
  g_assert_nonnull (fixture->window->snapshot);
  run_for (50);
}

static void
refresh (Fixture *fixture)
{
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "refresh", NULL);
  WAIT_FOR (fixture->window->job == NULL);
  run_for (50);
}

static gboolean
is_enabled (Fixture *fixture, const char *action)
{
  return g_action_group_get_action_enabled (G_ACTION_GROUP (fixture->window), action);
}

static void
test_empty (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpstr (gtk_stack_get_visible_child_name (GTK_STACK (fixture->window->stack)), ==,
                   "empty");
  g_assert_true (is_enabled (fixture, "select-process"));
  g_assert_true (is_enabled (fixture, "open"));
  g_assert_false (is_enabled (fixture, "save"));
  g_assert_false (is_enabled (fixture, "refresh"));
  g_assert_false (is_enabled (fixture, "find"));
}

static void
test_shows_process (Fixture *fixture, gconstpointer data)
{
  AtlasRow row;

  scan (fixture);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (GTK_STACK (fixture->window->stack)), ==,
                   "map");
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->window)), ==,
                   "synthetic (4242) – Memory Atlas");
  g_assert_cmpuint (atlas_rows_get_length (atlas_details_list_get_rows (details (fixture))), ==,
                    200);
  g_assert_nonnull (strstr (gtk_label_get_text (GTK_LABEL (fixture->window->count_label)),
                            "200 regions, 600 blocks"));
  g_assert_true (is_enabled (fixture, "refresh"));
  g_assert_true (is_enabled (fixture, "save-as"));
  g_assert_true (atlas_bar_get_selected (bar (fixture, 0)) == 1u << ATLAS_TYPE_TOTAL ||
                 atlas_bar_get_selected (bar (fixture, 0)) == 0);
  if (!atlas_details_list_get_selected (details (fixture), &row))
    g_assert_false (is_enabled (fixture, "copy-address"));
}

/* Selection, expansion and scroll position stay with the address, not with the place in the list.
 */
static void
test_refresh_keeps (Fixture *fixture, gconstpointer data)
{
  AtlasDetailsList *list = details (fixture);
  GtkTreeView *view = GTK_TREE_VIEW (list);
  g_autoptr (GtkTreePath) expanded = gtk_tree_path_new_from_indices (105, -1);
  g_autoptr (GtkTreePath) expanded_now = NULL;
  g_autoptr (GtkTreePath) top = NULL;
  g_autoptr (GtkTreePath) top_now = NULL;
  guint64 start, end, top_start, top_start_now;
  AtlasRow row;

  scan (fixture);
  gtk_tree_view_expand_row (view, expanded, FALSE);
  atlas_details_list_select (list, 103, 103 * 3 + 1);
  run_for (100);
  g_assert_true (gtk_tree_view_get_visible_range (view, &top, NULL));
  atlas_rows_get_range (
    atlas_details_list_get_rows (list),
    atlas_rows_get (atlas_details_list_get_rows (list), gtk_tree_path_get_indices (top)[0]),
    &top_start, &end);

  fixture->source->shape.step = 10; /* regions 0, 10, 20, ... go */
  refresh (fixture);
  g_assert_cmpuint (atlas_rows_get_length (atlas_details_list_get_rows (list)), ==, 180);

  g_assert_true (atlas_details_list_get_selected (list, &row));
  g_assert_cmpint (ATLAS_ROW_GET_KIND (row), ==, ATLAS_ROW_BLOCK);
  g_assert_true (atlas_rows_get_range (atlas_details_list_get_rows (list), row, &start, &end));
  g_assert_cmphex (start, ==, synthetic_address (&small, 103) + 0x4000);

  /* 0, 10, ... 100: eleven have gone before it. */
  expanded_now = gtk_tree_path_new_from_indices (105 - 11, -1);
  g_assert_true (gtk_tree_view_row_expanded (view, expanded_now));

  g_assert_true (gtk_tree_view_get_visible_range (view, &top_now, NULL));
  atlas_rows_get_range (
    atlas_details_list_get_rows (list),
    atlas_rows_get (atlas_details_list_get_rows (list), gtk_tree_path_get_indices (top_now)[0]),
    &top_start_now, &end);
  /* The row at the edge is the same, or the next one where it was one that went. */
  g_assert_cmphex (top_start_now, >=, top_start);
  g_assert_cmphex (top_start_now, <=, top_start + 0x10000);
  g_assert_cmpuint (atlas_history_get_length (fixture->window->history), ==, 2);
}

static void
test_filter (Fixture *fixture, gconstpointer data)
{
  AtlasSummaryList *summary = ATLAS_SUMMARY_LIST (fixture->window->summary);
  GtkTreeSelection *selection =
    gtk_tree_view_get_selection (GTK_TREE_VIEW (fixture->window->summary));
  g_autoptr (GtkTreePath) heap = gtk_tree_path_new_from_indices (ATLAS_TYPE_HEAP, -1);
  g_autoptr (GtkTreePath) stack = gtk_tree_path_new_from_indices (ATLAS_TYPE_STACK, -1);
  g_autoptr (GtkTreePath) total = gtk_tree_path_new_from_indices (ATLAS_TYPE_TOTAL, -1);
  guint n_heap = 0, n_stack = 0;

  for (guint i = 0; i < 200; i++)
    {
      n_heap += 1 + i % 7 == ATLAS_TYPE_HEAP;
      n_stack += 1 + i % 7 == ATLAS_TYPE_STACK;
    }
  scan (fixture);
  gtk_tree_selection_unselect_all (selection);
  gtk_tree_selection_select_path (selection, heap);
  g_assert_cmpuint (atlas_rows_get_length (atlas_details_list_get_rows (details (fixture))), ==,
                    n_heap);
  g_assert_cmpuint (atlas_bar_get_selected (bar (fixture, 1)), ==, 1u << ATLAS_TYPE_HEAP);
  gtk_tree_selection_select_path (selection, stack);
  g_assert_cmpuint (atlas_rows_get_length (atlas_details_list_get_rows (details (fixture))), ==,
                    n_heap + n_stack);
  /* The filter stays through a refresh; Total takes it away. */
  refresh (fixture);
  g_assert_cmpuint (atlas_rows_get_length (atlas_details_list_get_rows (details (fixture))), ==,
                    n_heap + n_stack);
  gtk_tree_selection_select_path (selection, total);
  g_assert_cmpuint (atlas_summary_list_get_types (summary), ==, 1u << ATLAS_TYPE_TOTAL);
  g_assert_cmpuint (atlas_rows_get_length (atlas_details_list_get_rows (details (fixture))), ==,
                    200);
  /* Free, chosen by hand, is shown although the option is off. */
  atlas_summary_list_set_types (summary, 1u << ATLAS_TYPE_FREE);
  g_assert_cmpuint (atlas_rows_get_length (atlas_details_list_get_rows (details (fixture))), >, 0);
}

static void
test_bar_selects (Fixture *fixture, gconstpointer data)
{
  AtlasSummaryList *summary = ATLAS_SUMMARY_LIST (fixture->window->summary);

  scan (fixture);
  g_signal_emit_by_name (bar (fixture, 2), "type-activated", ATLAS_TYPE_STACK, FALSE);
  g_assert_cmpuint (atlas_summary_list_get_types (summary), ==, 1u << ATLAS_TYPE_STACK);
  g_signal_emit_by_name (bar (fixture, 2), "type-activated", ATLAS_TYPE_HEAP, TRUE);
  g_assert_cmpuint (atlas_summary_list_get_types (summary), ==,
                    1u << ATLAS_TYPE_STACK | 1u << ATLAS_TYPE_HEAP);
  g_signal_emit_by_name (bar (fixture, 2), "type-activated", ATLAS_TYPE_HEAP, FALSE);
  g_signal_emit_by_name (bar (fixture, 2), "type-activated", ATLAS_TYPE_HEAP, FALSE);
  g_assert_cmpuint (atlas_summary_list_get_types (summary), ==, 1u << ATLAS_TYPE_TOTAL);
}

static void
find (Fixture *fixture, const char *text)
{
  gtk_entry_set_text (GTK_ENTRY (fixture->window->search_entry), text);
  /* The entry would wait for more to be typed. */
  g_signal_emit_by_name (fixture->window->search_entry, "search-changed");
}

static void
test_find (Fixture *fixture, gconstpointer data)
{
  g_autofree char *address =
    g_strdup_printf ("0x%" G_GINT64_MODIFIER "x", synthetic_address (&small, 77) + 0x4000 + 0x123);
  GtkLabel *said = GTK_LABEL (fixture->window->search_label);
  AtlasRow row;

  scan (fixture);
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "find", NULL);
  g_assert_true (gtk_search_bar_get_search_mode (GTK_SEARCH_BAR (fixture->window->search_bar)));
  find (fixture, "label-42");
  g_assert_cmpint (atlas_details_list_get_selected_index (details (fixture)), ==, 42);

  /* A pointer finds its region. */
  find (fixture, address);
  g_assert_cmpint (atlas_details_list_get_selected_index (details (fixture)), ==, 77);

  find (fixture, "label-19");
  g_assert_cmpint (atlas_details_list_get_selected_index (details (fixture)), ==, 190);
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "find-next", NULL);
  g_assert_cmpint (atlas_details_list_get_selected_index (details (fixture)), ==, 191);
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "find-previous", NULL);
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "find-previous", NULL);
  g_assert_cmpint (atlas_details_list_get_selected_index (details (fixture)), ==, 19);

  find (fixture, "no such thing");
  g_assert_cmpstr (gtk_label_get_text (said), ==, "Not found.");
  g_assert_true (atlas_details_list_get_selected (details (fixture), &row));

  /* label-198 is Shareable: hidden while only stacks are shown, and said so. */
  atlas_summary_list_set_types (ATLAS_SUMMARY_LIST (fixture->window->summary),
                                1u << ATLAS_TYPE_STACK);
  find (fixture, "label-198");
  g_assert_nonnull (strstr (gtk_label_get_text (said), "another type"));
}

static void
test_pane (Fixture *fixture, gconstpointer data)
{
  g_autofree char *region = NULL;
  g_autofree char *block = NULL;

  scan (fixture);
  atlas_details_list_select (details (fixture), 4, -1);
  run_for (100);
  region = atlas_region_pane_dup_text (ATLAS_REGION_PANE (fixture->window->region_pane));
  g_assert_nonnull (strstr (region, "Heap\n"));
  g_assert_nonnull (strstr (region, "label-4\n"));
  g_assert_nonnull (strstr (region, "Why\tmade for a test\n"));
  g_assert_nonnull (strstr (region, "Blocks\t3\n"));
  /* Region 4: (28 + b) % 5 = 3, 4, 0 pages. */
  g_assert_nonnull (strstr (region, "Rss\t28 K\n"));
  atlas_details_list_select (details (fixture), 4, 4 * 3 + 1);
  run_for (100);
  block = atlas_region_pane_dup_text (ATLAS_REGION_PANE (fixture->window->region_pane));
  g_assert_nonnull (strstr (block, "Block of Heap\n"));
  g_assert_nonnull (strstr (block, "Protection\tRead (r--p)\n"));
  g_assert_nonnull (strstr (block, "charged to the commit limit"));
  g_assert_nonnull (strstr (block, "Rss\t16 K\n"));
}

static void
test_columns_are_remembered (Fixture *fixture, gconstpointer data)
{
  AtlasListColumns *columns = atlas_details_list_get_columns (details (fixture));
  AtlasColumn before[ATLAS_N_COLUMNS + 1], after[ATLAS_N_COLUMNS + 1];
  GtkTreeView *view = GTK_TREE_VIEW (details (fixture));
  AtlasWindow *second;
  guint n, n_after;

  g_action_group_change_action_state (G_ACTION_GROUP (fixture->window), "details-columns-reason",
                                      g_variant_new_boolean (TRUE));
  g_action_group_change_action_state (G_ACTION_GROUP (fixture->window), "details-columns-pss",
                                      g_variant_new_boolean (FALSE));
  gtk_tree_view_move_column_after (view, atlas_list_columns_get (columns, ATLAS_COLUMN_PROTECTION),
                                   atlas_list_columns_get (columns, ATLAS_COLUMN_ADDRESS));
  gtk_tree_view_column_set_fixed_width (atlas_list_columns_get (columns, ATLAS_COLUMN_SIZE), 177);
  atlas_details_list_set_sort (details (fixture), ATLAS_COLUMN_SIZE, TRUE);
  n = atlas_list_columns_get_visible (columns, before);
  g_assert_cmpint (before[1], ==, ATLAS_COLUMN_PROTECTION);
  atlas_list_columns_save (columns);

  second =
    atlas_window_new (fixture->application, ATLAS_SOURCE (fixture->source), fixture->preferences);
  columns = atlas_details_list_get_columns (ATLAS_DETAILS_LIST (second->details));
  n_after = atlas_list_columns_get_visible (columns, after);
  g_assert_cmpmem (before, n * sizeof *before, after, n_after * sizeof *after);
  g_assert_cmpint (
    gtk_tree_view_column_get_fixed_width (atlas_list_columns_get (columns, ATLAS_COLUMN_SIZE)), ==,
    177);
  g_assert_cmpint (atlas_details_list_get_query (ATLAS_DETAILS_LIST (second->details)).sort, ==,
                   ATLAS_COLUMN_SIZE);
  g_assert_true (atlas_details_list_get_query (ATLAS_DETAILS_LIST (second->details)).descending);

  /* Reset brings the columns of the table back. */
  g_action_group_activate_action (G_ACTION_GROUP (second), "details-columns-reset", NULL);
  atlas_list_columns_get_visible (columns, after);
  g_assert_cmpint (after[0], ==, ATLAS_COLUMN_ADDRESS);
  g_assert_cmpint (after[1], ==, ATLAS_COLUMN_TYPE);
  g_assert_cmpint (after[2], ==, ATLAS_COLUMN_DETAILS);
  g_assert_cmpint (after[3], ==, ATLAS_COLUMN_SIZE);
  g_assert_false (
    gtk_tree_view_column_get_visible (atlas_list_columns_get (columns, ATLAS_COLUMN_REASON)));
  gtk_widget_destroy (GTK_WIDGET (second));
}

static void
test_sort_by_header (Fixture *fixture, gconstpointer data)
{
  AtlasListColumns *columns = atlas_details_list_get_columns (details (fixture));
  AtlasDetailsQuery query;

  scan (fixture);
  gtk_tree_view_column_clicked (atlas_list_columns_get (columns, ATLAS_COLUMN_TOTAL_WS));
  query = atlas_details_list_get_query (details (fixture));
  g_assert_cmpint (query.sort, ==, ATLAS_COLUMN_TOTAL_WS);
  g_assert_true (query.descending); /* the largest first */
  refresh (fixture);
  g_assert_true (gtk_tree_view_column_get_sort_indicator (
    atlas_list_columns_get (columns, ATLAS_COLUMN_TOTAL_WS)));
  gtk_tree_view_column_clicked (atlas_list_columns_get (columns, ATLAS_COLUMN_TOTAL_WS));
  g_assert_false (atlas_details_list_get_query (details (fixture)).descending);
  gtk_tree_view_column_clicked (atlas_list_columns_get (columns, ATLAS_COLUMN_DETAILS));
  g_assert_false (atlas_details_list_get_query (details (fixture)).descending);
}

static void
test_gone (Fixture *fixture, gconstpointer data)
{
  scan (fixture);
  fixture->source->error = ATLAS_ERROR_GONE;
  refresh (fixture);
  /* The last map stays, a bar says so, and there is nothing to scan any more. */
  g_assert_nonnull (fixture->window->messages[ATLAS_MESSAGE_ENDED]);
  g_assert_null (fixture->window->messages[ATLAS_MESSAGE_ERROR]);
  g_assert_cmpuint (atlas_rows_get_length (atlas_details_list_get_rows (details (fixture))), ==,
                    200);
  g_assert_false (is_enabled (fixture, "refresh"));
  g_assert_true (is_enabled (fixture, "save"));
}

/* The watch finds out without anybody asking. */
static void
test_watch (Fixture *fixture, gconstpointer data)
{
  scan (fixture);
  g_assert_null (fixture->window->messages[ATLAS_MESSAGE_ENDED]);
  fixture->source->error = ATLAS_ERROR_GONE;
  WAIT_FOR (fixture->window->messages[ATLAS_MESSAGE_ENDED] != NULL);
}

static void
test_permission (Fixture *fixture, gconstpointer data)
{
  fixture->source->error = ATLAS_ERROR_PERMISSION;
  atlas_window_show_process (fixture->window, 4242);
  WAIT_FOR (fixture->window->job == NULL);
  g_assert_nonnull (fixture->window->messages[ATLAS_MESSAGE_ERROR]);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (GTK_STACK (fixture->window->stack)), ==,
                   "empty");
  g_assert_true (is_enabled (fixture, "select-process"));
  /* The next success takes the message away. */
  fixture->source->error = -1;
  scan (fixture);
  g_assert_null (fixture->window->messages[ATLAS_MESSAGE_ERROR]);
}

static void
test_partial (Fixture *fixture, gconstpointer data)
{
  fixture->source->shape.partial = TRUE;
  scan (fixture);
  g_assert_nonnull (fixture->window->messages[ATLAS_MESSAGE_PARTIAL]);
  g_assert_nonnull (
    strstr (gtk_label_get_text (GTK_LABEL (fixture->window->count_label)), "incomplete"));
  /* Put away, it does not come back with every refresh. */
  gtk_info_bar_response (GTK_INFO_BAR (fixture->window->messages[ATLAS_MESSAGE_PARTIAL]),
                         GTK_RESPONSE_CLOSE);
  refresh (fixture);
  g_assert_null (fixture->window->messages[ATLAS_MESSAGE_PARTIAL]);
}

static void
test_progress_and_cancel (Fixture *fixture, gconstpointer data)
{
  scan (fixture);
  fixture->source->delay_ms = 9000;
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "refresh", NULL);
  g_assert_false (gtk_widget_get_visible (fixture->window->progress_box));
  WAIT_FOR (gtk_widget_get_visible (fixture->window->progress_box));
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (fixture->window->progress_label)), ==,
                   "Reading smaps");
  g_assert_false (is_enabled (fixture, "refresh"));
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "cancel", NULL);
  WAIT_FOR (fixture->window->job == NULL);
  g_assert_false (gtk_widget_get_visible (fixture->window->progress_box));
  g_assert_null (fixture->window->messages[ATLAS_MESSAGE_ERROR]);
  g_assert_cmpuint (atlas_history_get_length (fixture->window->history), ==, 1);
  g_assert_true (is_enabled (fixture, "refresh"));
}

/* A window closed in the middle of a scan: the worker is cancelled and comes back to nothing. */
static void
test_close_while_scanning (Fixture *fixture, gconstpointer data)
{
  AtlasWindow *second =
    atlas_window_new (fixture->application, ATLAS_SOURCE (fixture->source), fixture->preferences);
  AtlasWindow *gone = second;

  fixture->source->delay_ms = 9000;
  g_object_add_weak_pointer (G_OBJECT (second), (gpointer *)&gone);
  gtk_window_present (GTK_WINDOW (second));
  atlas_window_show_process (second, 4242);
  run_for (400);
  gtk_widget_destroy (GTK_WIDGET (second));
  WAIT_FOR (gone == NULL);
}

static void
test_save_and_open (Fixture *fixture, gconstpointer data)
{
  g_autofree char *directory = g_dir_make_tmp ("mematlas-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "one.mmp", NULL);
  g_autofree char *bad = g_build_filename (directory, "bad.mmp", NULL);

  scan (fixture);
  refresh (fixture);
  atlas_window_save (fixture->window, path, "mmp");
  WAIT_FOR (fixture->window->job == NULL);
  g_assert_null (fixture->window->messages[ATLAS_MESSAGE_ERROR]);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (fixture->window->saved_length, ==, 2);
  g_assert_true (atlas_window_confirm_close (fixture->window));

  atlas_window_show_file (fixture->window, path);
  WAIT_FOR (fixture->window->job == NULL);
  g_assert_null (fixture->window->messages[ATLAS_MESSAGE_ERROR]);
  g_assert_true (fixture->window->from_file);
  g_assert_cmpuint (atlas_history_get_length (fixture->window->history), ==, 2);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->window)), ==,
                   "one.mmp – Memory Atlas");
  g_assert_false (is_enabled (fixture, "refresh"));

  /* What cannot be opened leaves what is shown. */
  g_assert_true (g_file_set_contents (bad, "no snapshots here\n", -1, NULL));
  atlas_window_show_file (fixture->window, bad);
  WAIT_FOR (fixture->window->job == NULL);
  g_assert_nonnull (fixture->window->messages[ATLAS_MESSAGE_ERROR]);
  g_assert_cmpstr (fixture->window->path, ==, path);
  g_unlink (path);
  g_unlink (bad);
  g_rmdir (directory);
}

/* A save goes on to its end when the window is destroyed under it. */
static void
test_destroy_while_saving (Fixture *fixture, gconstpointer data)
{
  g_autofree char *directory = g_dir_make_tmp ("mematlas-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "late.mmp", NULL);
  AtlasWindow *second =
    atlas_window_new (fixture->application, ATLAS_SOURCE (fixture->source), fixture->preferences);
  SyntheticShape large = { .n_regions = 20000, .blocks_per_region = 2 };
  g_autoptr (AtlasHistory) history = synthetic_history (&large);
  g_autoptr (AtlasHistory) loaded = NULL;
  g_auto (AtlasLoadResult) result = { 0 };
  g_autoptr (GError) error = NULL;

  gtk_window_present (GTK_WINDOW (second));
  atlas_window_take_history (second, history);
  atlas_window_save (second, path, "mmp");
  gtk_widget_destroy (GTK_WIDGET (second));
  WAIT_FOR (g_file_test (path, G_FILE_TEST_EXISTS));
  loaded = atlas_mmp_load (path, NULL, NULL, NULL, &result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (atlas_snapshot_get_n_regions (atlas_history_get_last (loaded)), ==, 20000);
  g_unlink (path);
  g_rmdir (directory);
}

static char *
read_clipboard (Fixture *fixture)
{
  return gtk_clipboard_wait_for_text (
    gtk_widget_get_clipboard (GTK_WIDGET (fixture->window), GDK_SELECTION_CLIPBOARD));
}

static void
test_copy (Fixture *fixture, gconstpointer data)
{
  g_autofree char *address = NULL;
  g_autofree char *row = NULL;
  g_autofree char *all = NULL;

  scan (fixture);
  atlas_details_list_select (details (fixture), 2, -1);
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "copy-address", NULL);
  address = read_clipboard (fixture);
  g_assert_cmpstr (address, ==, "0000550000020000");
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "copy-row", NULL);
  row = read_clipboard (fixture);
  g_assert_true (g_str_has_prefix (row, "0000550000020000\tShareable\tlabel-2\t48 K\t"));
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "copy-all", NULL);
  WAIT_FOR (fixture->window->job == NULL);
  all = read_clipboard (fixture);
  g_assert_nonnull (strstr (all, "synthetic"));
  g_assert_nonnull (strstr (all, "label-199"));
}

static void
test_expand_all (Fixture *fixture, gconstpointer data)
{
  GtkTreeView *view = GTK_TREE_VIEW (details (fixture));
  g_autoptr (GtkTreePath) last = gtk_tree_path_new_from_indices (199, -1);

  scan (fixture);
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "expand-all", NULL);
  g_assert_true (gtk_tree_view_row_expanded (view, last));
  refresh (fixture);
  g_assert_true (gtk_tree_view_row_expanded (view, last));
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "collapse-all", NULL);
  g_assert_false (gtk_tree_view_row_expanded (view, last));
  refresh (fixture);
  g_assert_false (gtk_tree_view_row_expanded (view, last));
}

static void
test_options (Fixture *fixture, gconstpointer data)
{
  g_autofree char *choice = NULL;
  g_autofree char *text = NULL;
  guint all;

  scan (fixture);
  all = atlas_rows_get_length (atlas_details_list_get_rows (details (fixture)));
  g_action_group_change_action_state (G_ACTION_GROUP (fixture->window), "show-free",
                                      g_variant_new_boolean (TRUE));
  g_assert_cmpuint (atlas_rows_get_length (atlas_details_list_get_rows (details (fixture))), >,
                    all);
  g_action_group_change_action_state (G_ACTION_GROUP (fixture->window), "show-details",
                                      g_variant_new_boolean (FALSE));
  g_assert_false (gtk_widget_get_visible (fixture->window->region_pane));
  g_action_group_change_action_state (G_ACTION_GROUP (fixture->window), "unit",
                                      g_variant_new_string ("auto"));
  atlas_details_list_select (details (fixture), 1, -1);
  text = atlas_details_list_dup_row_text (details (fixture));
  g_assert_nonnull (strstr (text, "KiB"));
  /* Remembered for the next window. */
  g_assert_true (atlas_preferences_get_boolean (fixture->preferences, "show-free"));
  choice = atlas_preferences_dup_string (fixture->preferences, "details-pane");
  g_assert_cmpstr (choice, ==, "hidden");
}

static void
test_accessible_names (Fixture *fixture, gconstpointer data)
{
  scan (fixture);
  g_assert_cmpstr (atk_object_get_name (gtk_widget_get_accessible (fixture->window->summary)), ==,
                   "Summary");
  g_assert_cmpstr (atk_object_get_name (gtk_widget_get_accessible (fixture->window->details)), ==,
                   "Details");
  g_assert_cmpint (
    atk_object_get_n_accessible_children (gtk_widget_get_accessible (fixture->window->details)), >,
    200);
  g_assert_cmpstr (atk_object_get_name (gtk_widget_get_accessible (fixture->window->search_entry)),
                   ==, "Find text or address");
}

/* What a row is about can be read without scrolling, in the window as it first opens. */
static void
test_details_in_sight (Fixture *fixture, gconstpointer data)
{
  AtlasListColumns *columns = atlas_details_list_get_columns (details (fixture));
  GtkTreeViewColumn *column = atlas_list_columns_get (columns, ATLAS_COLUMN_DETAILS);
  gint width;

  scan (fixture);
  width = gtk_tree_view_column_get_width (column);
  g_assert_cmpint (width, >=, 200);
  g_assert_cmpint (gtk_tree_view_column_get_x_offset (column) + width, <=,
                   gtk_widget_get_allocated_width (fixture->window->details_scroller));
}

/* How many whole rows of @view are in sight. */
static gint
count_rows (GtkWidget *view)
{
  GdkRectangle cell, visible;
  g_autoptr (GtkTreePath) first = gtk_tree_path_new_first ();

  gtk_tree_view_get_background_area (GTK_TREE_VIEW (view), first, NULL, &cell);
  gtk_tree_view_get_visible_rect (GTK_TREE_VIEW (view), &visible);
  return visible.height / cell.height;
}

/* Everything is there at the smallest size that is promised. */
static void
test_small (Fixture *fixture, gconstpointer data)
{
  gint width, height, full, low;

  scan (fixture);
  full = gtk_widget_get_allocated_height (fixture->window->bar_area);
  gtk_window_resize (GTK_WINDOW (fixture->window), 800, 500);
  run_for (300);
  gtk_window_get_size (GTK_WINDOW (fixture->window), &width, &height);
  g_assert_cmpint (width, ==, 800);
  g_assert_cmpint (height, ==, 500);
  /* A list that has no room for an instant would lose the keyboard. */
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (fixture->window)) == fixture->window->details);
  low = gtk_widget_get_allocated_height (fixture->window->bar_area);
  g_assert_cmpint (low, <, full * 2 / 3);
  g_assert_cmpint (count_rows (fixture->window->summary), >=, 6);
  g_assert_cmpint (count_rows (fixture->window->details), >=, 5);
  gtk_window_resize (GTK_WINDOW (fixture->window), 1200, 780);
  run_for (300);
  g_assert_cmpint (gtk_widget_get_allocated_height (fixture->window->bar_area), ==, full);
}

/* The bars of the compact form begin and end at the same places, and their texts are whole. */
static void
test_compact_bars (Fixture *fixture, gconstpointer data)
{
  int most = 0;

  scan (fixture);
  gtk_window_resize (GTK_WINDOW (fixture->window), 800, 500);
  run_for (300);
  for (guint i = 0; i < ATLAS_N_BARS; i++)
    {
      int caption, total, room;

      atlas_bar_get_text_widths (bar (fixture, i), &caption, &total);
      room = gtk_widget_get_allocated_width (GTK_WIDGET (bar (fixture, i))) -
             (int)atlas_bar_get_geometry (bar (fixture, i))->width;
      g_assert_cmpint (caption + total, <, room);
      g_assert_true (most == 0 || room == most);
      most = room;
    }
}

/* The details pane gives way in a narrow window, until the user says what shall be. */
static void
test_pane_by_width (Fixture *fixture, gconstpointer data)
{
  AtlasWindow *window = fixture->window;
  g_autoptr (GVariant) state = NULL;

  scan (fixture);
  g_assert_true (gtk_widget_get_visible (window->region_pane));
  gtk_window_resize (GTK_WINDOW (window), 900, 700);
  run_for (300);
  g_assert_false (gtk_widget_get_visible (window->region_pane));
  /* The keyboard stays where it was. */
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (window)) == window->details);
  state = g_action_group_get_action_state (G_ACTION_GROUP (window), "show-details");
  g_assert_false (g_variant_get_boolean (state));
  gtk_window_resize (GTK_WINDOW (window), 1200, 700);
  run_for (300);
  g_assert_true (gtk_widget_get_visible (window->region_pane));

  gtk_window_resize (GTK_WINDOW (window), 900, 700);
  run_for (300);
  g_action_group_activate_action (G_ACTION_GROUP (window), "show-details", NULL);
  g_assert_true (gtk_widget_get_visible (window->region_pane));
  gtk_window_resize (GTK_WINDOW (window), 850, 700);
  run_for (300);
  g_assert_true (gtk_widget_get_visible (window->region_pane));
  g_action_group_activate_action (G_ACTION_GROUP (window), "show-details", NULL);
  gtk_window_resize (GTK_WINDOW (window), 1200, 700);
  run_for (300);
  g_assert_false (gtk_widget_get_visible (window->region_pane));
}

int
main (int argc, char **argv)
{
#define ADD(name, function) g_test_add ("/window/" name, Fixture, NULL, set_up, function, tear_down)

  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check (&argc, &argv))
    {
      g_print ("1..0 # SKIP no display\n");
      return 0;
    }
  the_application = gtk_application_new ("io.github.mematlas.Test", G_APPLICATION_NON_UNIQUE);
  if (!g_application_register (G_APPLICATION (the_application), NULL, NULL))
    g_error ("The application cannot be registered");
  ADD ("empty", test_empty);
  ADD ("shows-process", test_shows_process);
  ADD ("refresh-keeps", test_refresh_keeps);
  ADD ("filter", test_filter);
  ADD ("bar-selects", test_bar_selects);
  ADD ("find", test_find);
  ADD ("pane", test_pane);
  ADD ("columns-are-remembered", test_columns_are_remembered);
  ADD ("sort-by-header", test_sort_by_header);
  ADD ("gone", test_gone);
  ADD ("watch", test_watch);
  ADD ("permission", test_permission);
  ADD ("partial", test_partial);
  ADD ("progress-and-cancel", test_progress_and_cancel);
  ADD ("close-while-scanning", test_close_while_scanning);
  ADD ("save-and-open", test_save_and_open);
  ADD ("destroy-while-saving", test_destroy_while_saving);
  ADD ("copy", test_copy);
  ADD ("expand-all", test_expand_all);
  ADD ("options", test_options);
  ADD ("accessible-names", test_accessible_names);
  ADD ("details-in-sight", test_details_in_sight);
  ADD ("small", test_small);
  ADD ("compact-bars", test_compact_bars);
  ADD ("pane-by-width", test_pane_by_width);
  return g_test_run ();
}
