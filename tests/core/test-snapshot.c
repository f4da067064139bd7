/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Snapshots: sums, look-ups, packed counters, refusal of what cannot be.
 */

#include "config.h"

#include "core/snapshot.h"
#include "sample.h"
#include "util/error.h"

static AtlasSnapshot *snapshot;

static void
test_totals (void)
{
  const AtlasTotals *image = atlas_snapshot_get_totals (snapshot, ATLAS_TYPE_IMAGE);
  const AtlasTotals *total = atlas_snapshot_get_totals (snapshot, ATLAS_TYPE_TOTAL);
  const AtlasTotals *system = atlas_snapshot_get_totals (snapshot, ATLAS_TYPE_SYSTEM);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (image->figures.value[ATLAS_FIGURE_SIZE], ==, 0x5000);
  g_assert_cmpuint (image->figures.value[ATLAS_FIGURE_BLOCKS], ==, 3);
  g_assert_cmpuint (image->n_regions, ==, 1);
  g_assert_cmpuint (total->figures.value[ATLAS_FIGURE_SIZE], ==,
                    0x5000 + 0x21000 + 0x100000 + 0x9000 + 0xb000);
  g_assert_cmpuint (total->figures.value[ATLAS_FIGURE_BLOCKS], ==, 8);
  g_assert_cmpuint (total->largest, ==, 0x100000);
  g_assert_cmpuint (system->figures.value[ATLAS_FIGURE_TOTAL_WS], ==, 0xb000);
  g_assert_cmpuint (system->figures.value[ATLAS_FIGURE_PRIVATE], ==, 0);
  g_assert_true (atlas_snapshot_check (snapshot, &error));
  g_assert_no_error (error);
}

static void
test_free (void)
{
  g_autoptr (GArray) ranges = atlas_snapshot_get_free_ranges (snapshot);
  const AtlasTotals *totals = atlas_snapshot_get_totals (snapshot, ATLAS_TYPE_FREE);
  const AtlasFreeRange *last = &g_array_index (ranges, AtlasFreeRange, ranges->len - 1);

  g_assert_cmpuint (ranges->len, ==, 5);
  g_assert_cmpuint (g_array_index (ranges, AtlasFreeRange, 0).start, ==, 0);
  g_assert_cmpuint (g_array_index (ranges, AtlasFreeRange, 0).end, ==, SAMPLE_IMAGE);
  g_assert_cmpuint (last->end, ==, SAMPLE_LIMIT);
  g_assert_cmpuint (totals->figures.value[ATLAS_FIGURE_SIZE], ==,
                    SAMPLE_LIMIT - (0x5000 + 0x21000 + 0x100000 + 0x9000));
}

static void
test_find (void)
{
  g_assert_cmpint (atlas_snapshot_find_region (snapshot, SAMPLE_IMAGE + 0x4fff), ==, 0);
  g_assert_cmpint (atlas_snapshot_find_region (snapshot, SAMPLE_IMAGE + 0x5000), ==, -1);
  g_assert_cmpint (atlas_snapshot_find_region (snapshot, SAMPLE_STACK + 0x2000), ==, 3);
  g_assert_cmpint (atlas_snapshot_find_block (snapshot, SAMPLE_STACK + 0x2000), ==, 6);
  g_assert_cmpint (atlas_snapshot_find_block (snapshot, 0), ==, -1); /* not the page tables */
  g_assert_cmpint (atlas_snapshot_find_block (snapshot, G_MAXUINT64), ==, -1);
}

static void
test_counters (void)
{
  g_autoptr (AtlasStringPool) pool = atlas_string_pool_new ();
  g_autoptr (AtlasSnapshotBuilder) builder = atlas_snapshot_builder_new (pool);
  AtlasBlock block = { .start = 0x1000, .end = 0x9000, .traits = ATLAS_VM_KNOWN };
  AtlasRegion region = { .n_blocks = 1,
                         .type = ATLAS_TYPE_PRIVATE,
                         .reason = atlas_string_pool_intern (pool, "test", -1) };
  AtlasCounters counters = { { 0 } };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < ATLAS_N_COUNTERS; i++)
    counters.value[i] = i % 3 == 0 ? 0 : i % 3 == 1 ? i * 1024 : ATLAS_UNKNOWN;
  atlas_snapshot_builder_add_block (builder, &block, &counters);
  atlas_snapshot_builder_set_counter (builder, 0, ATLAS_COUNTER_RSS, 77);
  counters.value[ATLAS_COUNTER_RSS] = 77;
  atlas_snapshot_builder_add_region (builder, &region);
  g_autoptr (AtlasSnapshot) made = atlas_snapshot_builder_finish (builder, &error);
  g_assert_no_error (error);

  AtlasCounters found;
  atlas_snapshot_get_counters (made, atlas_snapshot_get_block (made, 0), &found);
  g_assert_cmpmem (&found, sizeof found, &counters, sizeof counters);
  g_assert_cmpuint (
    atlas_snapshot_get_totals (made, ATLAS_TYPE_FREE)->figures.value[ATLAS_FIGURE_SIZE], ==,
    ATLAS_UNKNOWN); /* the end of the address space was not given */
}

static void
assert_refused (const SampleBlock *blocks, guint n)
{
  g_autoptr (AtlasStringPool) pool = atlas_string_pool_new ();
  g_autoptr (AtlasSnapshotBuilder) builder = atlas_snapshot_builder_new (pool);
  g_autoptr (GError) error = NULL;

  sample_fill (builder, blocks, n);
  g_autoptr (AtlasSnapshot) made = atlas_snapshot_builder_finish (builder, &error);
  g_assert_null (made);
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT);
}

static void
test_refused (void)
{
  const SampleBlock overlap[] = { { .start = 0x1000, .end = 0x3000, .type = ATLAS_TYPE_PRIVATE },
                                  { .start = 0x2000, .end = 0x4000, .type = ATLAS_TYPE_PRIVATE } };
  const SampleBlock gap[] = { { .start = 0x1000, .end = 0x2000, .type = ATLAS_TYPE_PRIVATE },
                              { .start = 0x3000, .end = 0x4000 } };
  const SampleBlock empty[] = { { .start = 0x1000, .end = 0x1000, .type = ATLAS_TYPE_PRIVATE } };
  const SampleBlock free_region[] = { { .start = 0x1000, .end = 0x2000, .type = ATLAS_TYPE_FREE } };
  const SampleBlock behind[] = { { .start = 0, .end = 0x1000, .type = ATLAS_TYPE_SYSTEM },
                                 { .start = 0x1000, .end = 0x2000, .type = ATLAS_TYPE_PRIVATE } };

  assert_refused (overlap, 2);
  assert_refused (gap, 2);
  assert_refused (empty, 1);
  assert_refused (free_region, 1);
  assert_refused (behind, 2);
}

static void
test_contradiction (void)
{
  const SampleBlock blocks[] = {
    { .start = 0x1000, .end = 0x2000, .type = ATLAS_TYPE_PRIVATE, .rss = 0x2000 }
  };
  g_autoptr (AtlasStringPool) pool = atlas_string_pool_new ();
  g_autoptr (AtlasSnapshotBuilder) builder = atlas_snapshot_builder_new (pool);
  g_autoptr (GError) error = NULL;

  sample_fill (builder, blocks, 1);
  g_autoptr (AtlasSnapshot) made = atlas_snapshot_builder_finish (builder, NULL);
  g_assert_false (atlas_snapshot_check (made, &error));
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT);
}

static void
test_numa (void)
{
  g_autoptr (AtlasStringPool) pool = atlas_string_pool_new ();
  g_autoptr (AtlasSnapshotBuilder) builder = atlas_snapshot_builder_new (pool);
  const SampleBlock blocks[] = { { .start = 0x1000, .end = 0x2000, .type = ATLAS_TYPE_PRIVATE },
                                 { .start = 0x2000, .end = 0x3000 } };

  sample_fill (builder, blocks, 2);
  atlas_snapshot_builder_get_block (builder, 0)->numa =
    atlas_string_pool_intern (pool, "0=4096 1=8192", -1);
  atlas_snapshot_builder_get_block (builder, 1)->numa =
    atlas_string_pool_intern (pool, "1=4096 10=1", -1);
  atlas_snapshot_builder_set_has_numa (builder, TRUE);
  g_autoptr (AtlasSnapshot) made = atlas_snapshot_builder_finish (builder, NULL);
  g_autofree char *text = atlas_snapshot_get_numa_text (made, 0, 2);
  g_assert_cmpstr (text, ==, "0=4096 1=12288 10=1");
  g_assert_null (atlas_snapshot_get_numa_text (snapshot, 0, 1));
}

int
main (int argc, char **argv)
{
  g_autoptr (AtlasStringPool) pool = atlas_string_pool_new ();

  g_test_init (&argc, &argv, NULL);
  snapshot = sample_snapshot (pool);
  g_test_add_func ("/snapshot/totals", test_totals);
  g_test_add_func ("/snapshot/free", test_free);
  g_test_add_func ("/snapshot/find", test_find);
  g_test_add_func ("/snapshot/counters", test_counters);
  g_test_add_func ("/snapshot/refused", test_refused);
  g_test_add_func ("/snapshot/contradiction", test_contradiction);
  g_test_add_func ("/snapshot/numa", test_numa);
  int status = g_test_run ();
  atlas_snapshot_unref (snapshot);
  return status;
}
