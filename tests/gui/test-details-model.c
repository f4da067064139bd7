/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The models of Summary and Details keep the contract of GtkTreeModel. No display.
 */

#include "config.h"

#include "gui/details-model.h"
#include "gui/row-key.h"
#include "gui/summary-model.h"

#include "synthetic.h"

static const SyntheticShape shape = { .n_regions = 50, .blocks_per_region = 3 };

static AtlasDetailsModel *
make_model (AtlasTypeSet types, gboolean show_free, AtlasColumn sort, gboolean descending)
{
  g_autoptr (AtlasHistory) history = synthetic_history (&shape);
  g_autoptr (AtlasRows) rows =
    atlas_rows_new (atlas_history_get_last (history), types, show_free, sort, descending);

  return atlas_details_model_new (rows, ATLAS_UNIT_KIB);
}

/* Iterates everything forward by iter_next and checks each path, parent and way back. */
static guint
check_level (GtkTreeModel *model, GtkTreeIter *parent)
{
  GtkTreeIter iter, previous;
  guint n = 0;

  if (!gtk_tree_model_iter_children (model, &iter, parent))
    {
      g_assert_cmpint (gtk_tree_model_iter_n_children (model, parent), ==, 0);
      g_assert_true (parent == NULL || !gtk_tree_model_iter_has_child (model, parent));
      return 0;
    }
  g_assert_true (parent == NULL || gtk_tree_model_iter_has_child (model, parent));
  do
    {
      g_autoptr (GtkTreePath) path = gtk_tree_model_get_path (model, &iter);
      g_autoptr (GtkTreePath) again = NULL;
      g_autoptr (GtkTreePath) nth_path = NULL;
      GtkTreeIter same, nth, up;
      gint depth;

      g_assert_cmpint (gtk_tree_path_get_indices_with_depth (path, &depth)[depth - 1], ==, n);
      g_assert_cmpint (depth, ==, parent == NULL ? 1 : 2);
      g_assert_true (gtk_tree_model_get_iter (model, &same, path));
      again = gtk_tree_model_get_path (model, &same);
      g_assert_cmpint (gtk_tree_path_compare (path, again), ==, 0);
      g_assert_true (gtk_tree_model_iter_nth_child (model, &nth, parent, n));
      nth_path = gtk_tree_model_get_path (model, &nth);
      g_assert_cmpint (gtk_tree_path_compare (path, nth_path), ==, 0);
      g_assert_true (gtk_tree_model_iter_parent (model, &up, &iter) == (parent != NULL));
      previous = iter;
      g_assert_true (gtk_tree_model_iter_previous (model, &previous) == (n > 0));
      if (parent == NULL)
        check_level (model, &iter);
      n++;
    }
  while (gtk_tree_model_iter_next (model, &iter));
  g_assert_cmpint (gtk_tree_model_iter_n_children (model, parent), ==, n);
  g_assert_false (gtk_tree_model_iter_nth_child (model, &iter, parent, n));
  return n;
}

static void
test_contract (void)
{
  g_autoptr (AtlasDetailsModel) all = make_model (0, FALSE, ATLAS_COLUMN_ADDRESS, FALSE);
  g_autoptr (AtlasDetailsModel) free = make_model (0, TRUE, ATLAS_COLUMN_SIZE, TRUE);
  g_autoptr (AtlasDetailsModel) none =
    make_model (1u << ATLAS_TYPE_SYSTEM, FALSE, ATLAS_COLUMN_ADDRESS, FALSE);
  g_autoptr (AtlasSummaryModel) summary = atlas_summary_model_new ();

  g_assert_cmpuint (check_level (GTK_TREE_MODEL (all), NULL), ==, 50);
  g_assert_cmpuint (check_level (GTK_TREE_MODEL (free), NULL), >, 50);
  /* shape has types Image to Stack only */
  g_assert_cmpuint (check_level (GTK_TREE_MODEL (none), NULL), ==, 0);
  g_assert_cmpuint (check_level (GTK_TREE_MODEL (summary), NULL), ==, ATLAS_N_TYPES);
}

static void
test_bad_paths (void)
{
  g_autoptr (AtlasDetailsModel) model = make_model (0, TRUE, ATLAS_COLUMN_ADDRESS, FALSE);
  static const char *const bad[] = { "9999", "1:3", "1:0:0", "0:0" };

  /* Row 0 is the free range before the first region: it has no children. */
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GtkTreePath) path = gtk_tree_path_new_from_string (bad[i]);
      GtkTreeIter iter;

      g_assert_false (gtk_tree_model_get_iter (GTK_TREE_MODEL (model), &iter, path));
      g_assert_cmpint (iter.stamp, ==, 0);
    }
}

static char *
get_text (AtlasDetailsModel *model, const char *path_text, AtlasColumn column)
{
  g_autoptr (GtkTreePath) path = gtk_tree_path_new_from_string (path_text);
  GtkTreeIter iter;
  char *text;

  g_assert_true (gtk_tree_model_get_iter (GTK_TREE_MODEL (model), &iter, path));
  gtk_tree_model_get (GTK_TREE_MODEL (model), &iter, column, &text, -1);
  return text;
}

static void
assert_cell (AtlasDetailsModel *model, const char *path, AtlasColumn column, const char *expected)
{
  g_autofree char *text = get_text (model, path, column);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_cells (void)
{
  g_autoptr (AtlasDetailsModel) model = make_model (0, FALSE, ATLAS_COLUMN_ADDRESS, FALSE);

  /* Region 0: blocks of 0, 4 and 8 KiB resident. */
  assert_cell (model, "0", ATLAS_COLUMN_ADDRESS, "0000550000000000");
  assert_cell (model, "0", ATLAS_COLUMN_TYPE, "Image");
  assert_cell (model, "0", ATLAS_COLUMN_SIZE, "48 K");
  assert_cell (model, "0", ATLAS_COLUMN_TOTAL_WS, "12 K");
  assert_cell (model, "0", ATLAS_COLUMN_BLOCKS, "3");
  assert_cell (model, "0", ATLAS_COLUMN_DETAILS, "label-0");
  assert_cell (model, "0", ATLAS_COLUMN_REASON, "made for a test");
  assert_cell (model, "0:1", ATLAS_COLUMN_ADDRESS, "0000550000004000");
  assert_cell (model, "0:1", ATLAS_COLUMN_SIZE, "16 K");
  assert_cell (model, "0:1", ATLAS_COLUMN_TOTAL_WS, "4 K");
  assert_cell (model, "0:1", ATLAS_COLUMN_PROTECTION, "Read");
  /* Zero is blank, and a block does not count itself. */
  assert_cell (model, "0:0", ATLAS_COLUMN_TOTAL_WS, NULL);
  assert_cell (model, "0:0", ATLAS_COLUMN_BLOCKS, NULL);
}

static void
test_unknown (void)
{
  SyntheticShape partial = shape;
  g_autoptr (AtlasHistory) history = NULL;
  g_autoptr (AtlasRows) rows = NULL;
  g_autoptr (AtlasDetailsModel) model = NULL;
  g_autoptr (AtlasSummaryModel) summary = atlas_summary_model_new ();
  g_autofree char *tooltip = NULL;
  g_autofree char *total = NULL;
  GtkTreeIter iter;

  partial.partial = TRUE;
  history = synthetic_history (&partial);
  rows = atlas_rows_new (atlas_history_get_last (history), 0, FALSE, ATLAS_COLUMN_ADDRESS, FALSE);
  model = atlas_details_model_new (rows, ATLAS_UNIT_KIB);
  assert_cell (model, "0", ATLAS_COLUMN_PRIVATE_WS, "–");
  assert_cell (model, "0:1", ATLAS_COLUMN_PRIVATE_WS, "–");
  g_assert_true (gtk_tree_model_get_iter_first (GTK_TREE_MODEL (model), &iter));
  tooltip = atlas_details_model_dup_tooltip (model, &iter, ATLAS_COLUMN_PRIVATE_WS);
  g_assert_nonnull (strstr (tooltip, "pagemap: it may not be read in this test"));

  atlas_summary_model_set_snapshot (summary, atlas_history_get_last (history));
  g_assert_true (gtk_tree_model_get_iter_first (GTK_TREE_MODEL (summary), &iter));
  total = atlas_summary_model_dup_text (summary, &iter, ATLAS_COLUMN_PRIVATE_WS);
  g_assert_cmpstr (total, ==, "–");
}

static void
test_tooltip_says_why (void)
{
  g_autoptr (AtlasDetailsModel) model = make_model (0, FALSE, ATLAS_COLUMN_ADDRESS, FALSE);
  g_autofree char *tooltip = NULL;
  GtkTreeIter iter;

  g_assert_true (gtk_tree_model_get_iter_first (GTK_TREE_MODEL (model), &iter));
  tooltip = atlas_details_model_dup_tooltip (model, &iter, ATLAS_COLUMN_SIZE);
  g_assert_cmpstr (tooltip, ==, "Image: label-0\nWhy: made for a test");
}

static void
test_order_and_filter (void)
{
  g_autoptr (AtlasDetailsModel) largest = make_model (0, FALSE, ATLAS_COLUMN_TOTAL_WS, TRUE);
  g_autoptr (AtlasDetailsModel) heaps =
    make_model (1u << ATLAS_TYPE_HEAP, FALSE, ATLAS_COLUMN_ADDRESS, FALSE);
  guint64 before = G_MAXUINT64;
  guint n = 0;
  GtkTreeIter iter;

  g_assert_true (gtk_tree_model_get_iter_first (GTK_TREE_MODEL (largest), &iter));
  do
    {
      guint64 value =
        atlas_details_model_get_figures (largest, atlas_details_model_get_row (largest, &iter))
          ->value[ATLAS_FIGURE_TOTAL_WS];

      g_assert_cmpuint (value, <=, before);
      before = value;
    }
  while (gtk_tree_model_iter_next (GTK_TREE_MODEL (largest), &iter));

  g_assert_true (gtk_tree_model_get_iter_first (GTK_TREE_MODEL (heaps), &iter));
  do
    {
      g_assert_cmpint (atlas_details_model_get_row_type (heaps, &iter), ==, ATLAS_TYPE_HEAP);
      n++;
    }
  while (gtk_tree_model_iter_next (GTK_TREE_MODEL (heaps), &iter));
  /* Region i has type 1 + i % 7; Heap is 5: 4, 11, 18, ... 46. */
  g_assert_cmpuint (n, ==, 7);
}

/* The small cache of figures never gives one row the figures of another. */
static void
test_cache (void)
{
  SyntheticShape large = { .n_regions = 3000, .blocks_per_region = 1 };
  g_autoptr (AtlasHistory) history = synthetic_history (&large);
  g_autoptr (AtlasRows) rows =
    atlas_rows_new (atlas_history_get_last (history), 0, FALSE, ATLAS_COLUMN_ADDRESS, FALSE);
  g_autoptr (AtlasDetailsModel) model = atlas_details_model_new (rows, ATLAS_UNIT_KIB);

  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < 3000; i++)
      {
        AtlasRow row = atlas_rows_get (rows, (i * 7919) % 3000);
        const AtlasFigures *cached = atlas_details_model_get_figures (model, row);
        AtlasFigures exact;

        atlas_rows_get_figures (rows, row, &exact);
        g_assert_cmpmem (cached, sizeof *cached, &exact, sizeof exact);
      }
}

static void
test_row_key (void)
{
  SyntheticShape fewer = shape;
  g_autoptr (AtlasHistory) old = synthetic_history (&shape);
  g_autoptr (AtlasHistory) new = NULL;
  g_autoptr (AtlasRows) old_rows =
    atlas_rows_new (atlas_history_get_last (old), 0, FALSE, ATLAS_COLUMN_ADDRESS, FALSE);
  g_autoptr (AtlasRows) new_rows = NULL;
  AtlasRowKey key = { 0 };
  gint index, block;

  fewer.step = 10; /* 0, 10, 20, ... are gone */
  new = synthetic_history (&fewer);
  new_rows = atlas_rows_new (atlas_history_get_last (new), 0, FALSE, ATLAS_COLUMN_ADDRESS, FALSE);

  atlas_row_key_init (&key, old_rows, atlas_rows_get (old_rows, 15));
  g_assert_true (atlas_row_key_find (&key, new_rows, &index, &block));
  g_assert_cmpint (index, ==, 13); /* two before it are gone */
  g_assert_cmpint (block, ==, -1);
  atlas_row_key_init (&key, old_rows, ATLAS_ROW (ATLAS_ROW_BLOCK, 15 * 3 + 2));
  g_assert_true (atlas_row_key_find (&key, new_rows, &index, &block));
  g_assert_cmpint (index, ==, 13);
  g_assert_cmpint (block, ==, 13 * 3 + 2);
  atlas_row_key_init (&key, old_rows, atlas_rows_get (old_rows, 20));
  g_assert_false (atlas_row_key_find (&key, new_rows, &index, &block));
  atlas_row_key_clear (&key);
  g_assert_false (atlas_row_key_find (&key, new_rows, &index, &block));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/details-model/contract", test_contract);
  g_test_add_func ("/details-model/bad-paths", test_bad_paths);
  g_test_add_func ("/details-model/cells", test_cells);
  g_test_add_func ("/details-model/unknown", test_unknown);
  g_test_add_func ("/details-model/tooltip-says-why", test_tooltip_says_why);
  g_test_add_func ("/details-model/order-and-filter", test_order_and_filter);
  g_test_add_func ("/details-model/cache", test_cache);
  g_test_add_func ("/details-model/row-key", test_row_key);
  return g_test_run ();
}
