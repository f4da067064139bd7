/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rows of the Details list: filter, order, search.
 */

#include "config.h"

#include "core/rows.h"
#include "sample.h"

static AtlasSnapshot *snapshot;

static void
assert_details (const AtlasRows *rows, guint index, const char *details)
{
  g_assert_cmpstr (atlas_rows_get_details (rows, atlas_rows_get (rows, index)), ==, details);
}

static void
test_order (void)
{
  g_autoptr (AtlasRows) rows = atlas_rows_new (snapshot, 0, FALSE, ATLAS_COLUMN_ADDRESS, FALSE);

  g_assert_cmpuint (atlas_rows_get_length (rows), ==, 5);
  assert_details (rows, 0, "/usr/bin/sample");
  assert_details (rows, 4, "Page tables");

  g_autoptr (AtlasRows) by_size = atlas_rows_new (snapshot, 0, FALSE, ATLAS_COLUMN_SIZE, TRUE);
  assert_details (by_size, 0, NULL); /* private memory, 1 MiB */
  assert_details (by_size, 1, "Heap ID: 1");
  assert_details (by_size, 4, "/usr/bin/sample");

  g_autoptr (AtlasRows) by_name = atlas_rows_new (snapshot, 0, FALSE, ATLAS_COLUMN_DETAILS, FALSE);
  assert_details (by_name, 0, "/usr/bin/sample");
  assert_details (by_name, 3, "Thread ID: 42 (worker)");
  assert_details (by_name, 4, NULL); /* without text: last */

  g_autoptr (AtlasRows) back = atlas_rows_new (snapshot, 0, FALSE, ATLAS_COLUMN_DETAILS, TRUE);
  assert_details (back, 0, "Thread ID: 42 (worker)");
  assert_details (back, 4, NULL);
}

static void
test_filter (void)
{
  AtlasTypeSet set = 1u << ATLAS_TYPE_STACK | 1u << ATLAS_TYPE_HEAP;
  g_autoptr (AtlasRows) rows = atlas_rows_new (snapshot, set, TRUE, ATLAS_COLUMN_ADDRESS, FALSE);

  g_assert_cmpuint (atlas_rows_get_length (rows), ==, 2);
  g_assert_cmpuint (atlas_rows_get_type (rows, atlas_rows_get (rows, 0)), ==, ATLAS_TYPE_HEAP);

  g_autoptr (AtlasRows) all =
    atlas_rows_new (snapshot, 1u << ATLAS_TYPE_TOTAL, TRUE, ATLAS_COLUMN_ADDRESS, FALSE);
  g_assert_cmpuint (atlas_rows_get_length (all), ==, 10);
  guint64 end = 0;
  for (guint i = 0; i < 9; i++) /* the tenth is kernel memory */
    {
      guint64 from, to;
      g_assert_true (atlas_rows_get_range (all, atlas_rows_get (all, i), &from, &to));
      g_assert_cmpuint (from, ==, end);
      end = to;
    }
  g_assert_cmpuint (end, ==, SAMPLE_LIMIT);
  g_assert_false (atlas_rows_get_range (all, atlas_rows_get (all, 9), &end, &end));
}

static void
test_find (void)
{
  g_autoptr (AtlasRows) rows = atlas_rows_new (snapshot, 0, TRUE, ATLAS_COLUMN_ADDRESS, FALSE);
  gint index = atlas_rows_find_address (rows, SAMPLE_HEAP + 5);

  g_assert_cmpint (index, >=, 0);
  assert_details (rows, (guint)index, "Heap ID: 1");
  g_assert_cmpint (atlas_rows_find (rows, atlas_rows_get (rows, 3)), ==, 3);
  g_assert_cmpint (atlas_rows_find (rows, ATLAS_ROW (ATLAS_ROW_BLOCK, 1)), ==, -1);
  g_assert_cmpint (atlas_rows_get_region (rows, ATLAS_ROW (ATLAS_ROW_BLOCK, 2)), ==, 0);
  g_assert_cmpint (atlas_rows_get_region (rows, ATLAS_ROW (ATLAS_ROW_BLOCK, 6)), ==, 3);
}

static void
assert_search (const AtlasRows *rows, const char *text, guint from, gboolean forward, gint index,
               gint block)
{
  gint found_block;

  g_assert_cmpint (atlas_rows_search (rows, text, from, forward, &found_block), ==, index);
  g_assert_cmpint (found_block, ==, block);
}

static void
test_search (void)
{
  g_autoptr (AtlasRows) rows = atlas_rows_new (snapshot, 0, FALSE, ATLAS_COLUMN_ADDRESS, FALSE);

  assert_search (rows, "WORKER", 0, TRUE, 3, -1);
  assert_search (rows, ".rodata", 0, TRUE, 0, 1); /* only a block has it */
  assert_search (rows, "0x7f0000000123", 0, TRUE, 2, 4);
  assert_search (rows, "7ffc00001000", 0, TRUE, 3, 6);
  assert_search (rows, "read/write", 0, TRUE, 0, -1); /* Execute/Read/Write */
  assert_search (rows, "read/write", 2, TRUE, 2, -1);
  assert_search (rows, "heap", 0, FALSE, 1, -1); /* wraps around backwards */
  assert_search (rows, "no such text", 0, TRUE, -1, -1);
  assert_search (rows, "", 0, TRUE, -1, -1);
}

int
main (int argc, char **argv)
{
  g_autoptr (AtlasStringPool) pool = atlas_string_pool_new ();

  g_test_init (&argc, &argv, NULL);
  snapshot = sample_snapshot (pool);
  g_test_add_func ("/rows/order", test_order);
  g_test_add_func ("/rows/filter", test_filter);
  g_test_add_func ("/rows/find", test_find);
  g_test_add_func ("/rows/search", test_search);
  int status = g_test_run ();
  atlas_snapshot_unref (snapshot);
  return status;
}
