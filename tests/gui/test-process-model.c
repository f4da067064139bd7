/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The list of processes as a model: filter, order, and new lists taken as changes. A mirror follows
 * the model's signals alone, as a view does, and must end up the same. Needs no display.
 */

#include "config.h"

#include "fake-source.h"

#include "gui/process-model.h"

static GArray *mirror; /* of gint: pid by row, -1: inserted, not read yet */

static gint
pid_at (AtlasProcessModel *model, gint index)
{
  GtkTreeIter iter;

  g_assert_true (gtk_tree_model_iter_nth_child (GTK_TREE_MODEL (model), &iter, NULL, index));
  return atlas_process_model_get (model, &iter)->pid;
}

static void
on_inserted (GtkTreeModel *model, GtkTreePath *path, GtkTreeIter *iter, gpointer data)
{
  gint index = gtk_tree_path_get_indices (path)[0];
  gint pid = atlas_process_model_get (ATLAS_PROCESS_MODEL (model), iter)->pid;

  g_array_insert_val (mirror, index, pid);
}

static void
on_deleted (GtkTreeModel *model, GtkTreePath *path, gpointer data)
{
  g_array_remove_index (mirror, gtk_tree_path_get_indices (path)[0]);
  g_assert_cmpint (gtk_tree_model_iter_n_children (model, NULL), ==, (gint)mirror->len);
}

static void
on_reordered (GtkTreeModel *model, GtkTreePath *path, GtkTreeIter *iter, gint *order, gpointer data)
{
  g_autoptr (GArray) before = mirror;

  mirror = g_array_new (FALSE, FALSE, sizeof (gint));
  for (guint i = 0; i < before->len; i++)
    g_array_append_val (mirror, g_array_index (before, gint, order[i]));
}

static AtlasProcessModel *
new_model (void)
{
  AtlasProcessModel *model = atlas_process_model_new ();

  mirror = g_array_new (FALSE, FALSE, sizeof (gint));
  g_signal_connect (model, "row-inserted", G_CALLBACK (on_inserted), NULL);
  g_signal_connect (model, "row-deleted", G_CALLBACK (on_deleted), NULL);
  g_signal_connect (model, "rows-reordered", G_CALLBACK (on_reordered), NULL);
  return model;
}

static void
check_pids (AtlasProcessModel *model, const gint *pids, guint n)
{
  g_assert_cmpuint (atlas_process_model_get_length (model), ==, n);
  g_assert_cmpuint (mirror->len, ==, n);
  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpint (pid_at (model, (gint)i), ==, pids[i]);
      g_assert_cmpint (g_array_index (mirror, gint, i), ==, pids[i]);
    }
}

#define CHECK_PIDS(model, ...)                                                                     \
  check_pids (model, (const gint[]){ __VA_ARGS__ }, G_N_ELEMENTS (((const gint[]){ __VA_ARGS__ })))

static GPtrArray *
four (void)
{
  GPtrArray *processes = g_ptr_array_new_with_free_func ((GDestroyNotify)atlas_process_free);

  g_ptr_array_add (processes, fake_process (10, "delta", "ann", 4096));
  g_ptr_array_add (processes, fake_process (20, "alpha", "bob", 1 << 20));
  g_ptr_array_add (processes, fake_process (30, "Charlie", "ann", ATLAS_UNKNOWN));
  g_ptr_array_add (processes, fake_process (40, "bravo", NULL, 0));
  return processes;
}

static void
test_order (void)
{
  g_autoptr (AtlasProcessModel) model = new_model ();
  GtkTreeSortable *sortable = GTK_TREE_SORTABLE (model);

  atlas_process_model_take (model, four ());
  CHECK_PIDS (model, 20, 40, 30, 10); /* by name, case does not count */
  gtk_tree_sortable_set_sort_column_id (sortable, ATLAS_PROCESS_COLUMN_NAME, GTK_SORT_DESCENDING);
  CHECK_PIDS (model, 10, 30, 40, 20);
  gtk_tree_sortable_set_sort_column_id (sortable, ATLAS_PROCESS_COLUMN_PID, GTK_SORT_DESCENDING);
  CHECK_PIDS (model, 40, 30, 20, 10);
  /* What is unknown comes last in both orders. */
  gtk_tree_sortable_set_sort_column_id (sortable, ATLAS_PROCESS_COLUMN_PRIVATE,
                                        GTK_SORT_DESCENDING);
  CHECK_PIDS (model, 20, 10, 40, 30);
  gtk_tree_sortable_set_sort_column_id (sortable, ATLAS_PROCESS_COLUMN_PRIVATE, GTK_SORT_ASCENDING);
  CHECK_PIDS (model, 40, 10, 20, 30);
  gtk_tree_sortable_set_sort_column_id (sortable, ATLAS_PROCESS_COLUMN_USER, GTK_SORT_ASCENDING);
  CHECK_PIDS (model, 10, 30, 20, 40);
  g_array_unref (mirror);
}

static void
test_filter (void)
{
  g_autoptr (AtlasProcessModel) model = new_model ();
  GPtrArray *processes = four ();
  AtlasProcess *kernel = fake_process (2, "kthreadd", "root", ATLAS_UNKNOWN);

  kernel->kernel_thread = TRUE;
  g_ptr_array_insert (processes, 0, kernel);
  atlas_process_model_take (model, processes);
  CHECK_PIDS (model, 20, 40, 30, 10);
  atlas_process_model_set_filter (model, "CHAR"); /* name */
  CHECK_PIDS (model, 30);
  atlas_process_model_set_filter (model, "ann"); /* user */
  CHECK_PIDS (model, 30, 10);
  atlas_process_model_set_filter (model, " ann  delta "); /* every word */
  CHECK_PIDS (model, 10);
  atlas_process_model_set_filter (model, "/opt/br"); /* command line */
  CHECK_PIDS (model, 40);
  atlas_process_model_set_filter (model, "20"); /* pid */
  CHECK_PIDS (model, 20);
  atlas_process_model_set_filter (model, "no such thing");
  g_assert_cmpuint (atlas_process_model_get_length (model), ==, 0);
  g_assert_cmpuint (mirror->len, ==, 0);
  atlas_process_model_set_filter (model, NULL);
  CHECK_PIDS (model, 20, 40, 30, 10);
  atlas_process_model_set_show_kernel_threads (model, TRUE);
  CHECK_PIDS (model, 20, 40, 30, 10, 2);
  g_array_unref (mirror);
}

static void
count (guint *counter)
{
  (*counter)++;
}

static void
test_changes (void)
{
  g_autoptr (AtlasProcessModel) model = new_model ();
  GPtrArray *processes;
  guint changed = 0, deleted = 0, inserted = 0;

  atlas_process_model_take (model, four ());
  g_signal_connect_swapped (model, "row-changed", G_CALLBACK (count), &changed);
  g_signal_connect_swapped (model, "row-deleted", G_CALLBACK (count), &deleted);
  g_signal_connect_swapped (model, "row-inserted", G_CALLBACK (count), &inserted);

  /* The same again is no change at all: nothing flickers. */
  atlas_process_model_take (model, four ());
  g_assert_cmpuint (changed + deleted + inserted, ==, 0);

  /* One changed, one gone, one new, and one whose pid another process has now. */
  processes = four ();
  ((AtlasProcess *)g_ptr_array_index (processes, 0))->private_bytes = 8192;
  g_ptr_array_remove_index (processes, 1);
  ((AtlasProcess *)g_ptr_array_index (processes, 2))->start_ticks += 5;
  g_ptr_array_add (processes, fake_process (50, "able", "bob", 1));
  atlas_process_model_take (model, processes);
  CHECK_PIDS (model, 50, 40, 30, 10);
  g_assert_cmpuint (changed, ==, 1);
  g_assert_cmpuint (deleted, ==, 2);
  g_assert_cmpuint (inserted, ==, 2);
  g_array_unref (mirror);
}

static void
test_texts (void)
{
  g_autoptr (AtlasProcessModel) model = new_model ();
  GPtrArray *processes = g_ptr_array_new_with_free_func ((GDestroyNotify)atlas_process_free);
  AtlasProcess *process = fake_process (7, "two\nlines\xff", NULL, ATLAS_UNKNOWN);
  g_autofree char *name = NULL, *user = NULL, *private = NULL, *lock = NULL;
  g_autoptr (GIcon) icon = NULL;
  gboolean readable;
  GtkTreeIter iter;

  process->unreadable = g_strdup ("it belongs to another user");
  g_ptr_array_add (processes, process);
  atlas_process_model_take (model, processes);
  g_assert_true (gtk_tree_model_get_iter_first (GTK_TREE_MODEL (model), &iter));
  gtk_tree_model_get (GTK_TREE_MODEL (model), &iter, ATLAS_PROCESS_COLUMN_NAME, &name,
                      ATLAS_PROCESS_COLUMN_USER, &user, ATLAS_PROCESS_COLUMN_PRIVATE, &private,
                      ATLAS_PROCESS_COLUMN_LOCK, &lock, ATLAS_PROCESS_COLUMN_ICON, &icon,
                      ATLAS_PROCESS_COLUMN_READABLE, &readable, -1);
  g_assert_true (g_utf8_validate (name, -1, NULL));
  g_assert_null (strchr (name, '\n'));
  g_assert_cmpstr (user, ==, "1000");
  g_assert_cmpstr (private, ==, "–");
  g_assert_nonnull (lock);
  g_assert_nonnull (icon);
  g_assert_false (readable);
  g_array_unref (mirror);
}

static void
test_random (void)
{
  g_autoptr (AtlasProcessModel) model = new_model ();

  for (guint round = 0; round < 300; round++)
    {
      GPtrArray *processes = g_ptr_array_new_with_free_func ((GDestroyNotify)atlas_process_free);

      for (gint pid = 1; pid < 40; pid++)
        if (g_test_rand_int_range (0, 3) > 0)
          {
            g_autofree char *name = g_strdup_printf ("p%d", g_test_rand_int_range (0, 5));
            AtlasProcess *process =
              fake_process (pid, name, "u", (guint64)g_test_rand_int_range (0, 4));

            process->start_ticks = (guint64)g_test_rand_int_range (0, 2);
            g_ptr_array_add (processes, process);
          }
      if (round % 7 == 0)
        gtk_tree_sortable_set_sort_column_id (
          GTK_TREE_SORTABLE (model), g_test_rand_int_range (0, ATLAS_PROCESS_N_TEXT_COLUMNS),
          g_test_rand_int_range (0, 2) ? GTK_SORT_ASCENDING : GTK_SORT_DESCENDING);
      if (round % 5 == 0)
        atlas_process_model_set_filter (model, g_test_rand_int_range (0, 2) ? "p1" : "");
      atlas_process_model_take (model, processes);
      g_assert_cmpuint (mirror->len, ==, atlas_process_model_get_length (model));
      for (guint i = 0; i < mirror->len; i++)
        g_assert_cmpint (g_array_index (mirror, gint, i), ==, pid_at (model, (gint)i));
    }
  g_array_unref (mirror);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/process-model/order", test_order);
  g_test_add_func ("/process-model/filter", test_filter);
  g_test_add_func ("/process-model/changes", test_changes);
  g_test_add_func ("/process-model/texts", test_texts);
  g_test_add_func ("/process-model/random", test_random);
  return g_test_run ();
}
