/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Snapshots made by hand, for tests that need no process.
 */

#include "config.h"

#include "sample.h"

#define RW (ATLAS_PROTECTION_READ | ATLAS_PROTECTION_WRITE)
#define RX (ATLAS_PROTECTION_READ | ATLAS_PROTECTION_EXECUTE)
#define AC (ATLAS_VM_KNOWN | ATLAS_VM_ACCOUNTED)

void
sample_fill (AtlasSnapshotBuilder *builder, const SampleBlock *blocks, guint n)
{
  AtlasStringPool *pool = atlas_snapshot_builder_get_pool (builder);
  AtlasRegion region = { 0 };

  for (guint i = 0; i < n; i++)
    {
      const SampleBlock *from = &blocks[i];
      AtlasBlock block = {
        .start = from->start,
        .end = from->end,
        .protection = from->protection,
        .traits = from->traits,
        .path = atlas_string_pool_intern (pool, from->path, -1),
        .label = atlas_string_pool_intern (pool, from->label, -1),
        .flags = from->start == 0 ? ATLAS_BLOCK_KERNEL : 0,
        .page_shift = 12,
      };
      AtlasCounters counters = { { 0 } };

      counters.value[ATLAS_COUNTER_RSS] = from->rss;
      if ((from->protection & ATLAS_PROTECTION_SHARED) == 0)
        {
          counters.value[ATLAS_COUNTER_PRIVATE_WS] = from->rss;
          counters.value[ATLAS_COUNTER_ANONYMOUS] = from->rss;
        }
      guint index = atlas_snapshot_builder_add_block (builder, &block, &counters);
      if (from->type != 0)
        {
          if (region.n_blocks > 0)
            atlas_snapshot_builder_add_region (builder, &region);
          region = (AtlasRegion){
            .first_block = index,
            .details = atlas_string_pool_intern (pool, from->details, -1),
            .reason = atlas_string_pool_intern (pool, "made by hand", -1),
            .type = from->type,
          };
        }
      region.n_blocks++;
    }
  if (region.n_blocks > 0)
    atlas_snapshot_builder_add_region (builder, &region);
}

AtlasSnapshot *
sample_snapshot (AtlasStringPool *pool)
{
  static const SampleBlock blocks[] = {
    { SAMPLE_IMAGE, SAMPLE_IMAGE + 0x2000, RX, ATLAS_VM_KNOWN, 0x2000, ATLAS_TYPE_IMAGE,
      "/usr/bin/sample", ".text", "/usr/bin/sample" },
    { SAMPLE_IMAGE + 0x2000, SAMPLE_IMAGE + 0x3000, ATLAS_PROTECTION_READ, ATLAS_VM_KNOWN, 0, 0,
      NULL, ".rodata", "/usr/bin/sample" },
    { SAMPLE_IMAGE + 0x3000, SAMPLE_IMAGE + 0x5000, RW, AC, 0x1000, 0, NULL, ".data",
      "/usr/bin/sample" },
    { SAMPLE_HEAP, SAMPLE_HEAP + 0x21000, RW, AC, 0x5000, ATLAS_TYPE_HEAP, "Heap ID: 1", NULL,
      "[heap]" },
    { SAMPLE_PRIVATE, SAMPLE_PRIVATE + 0x100000, RW, AC, 0x80000, ATLAS_TYPE_PRIVATE, NULL, NULL,
      NULL },
    { SAMPLE_STACK, SAMPLE_STACK + 0x1000, 0, ATLAS_VM_KNOWN, 0, ATLAS_TYPE_STACK,
      "Thread ID: 42 (worker)", "guard", NULL },
    { SAMPLE_STACK + 0x1000, SAMPLE_STACK + 0x9000, RW, AC, 0x3000, 0, NULL, "stack", NULL },
    { 0, 0xb000, 0, ATLAS_VM_KNOWN, 0xb000, ATLAS_TYPE_SYSTEM, "Page tables", NULL, NULL },
  };
  g_autoptr (AtlasSnapshotBuilder) builder = atlas_snapshot_builder_new (pool);
  g_autoptr (GError) error = NULL;
  AtlasProcess *process = atlas_process_new ();

  process->pid = 42;
  process->name = g_strdup ("sample");
  process->bits = 64;
  process->page_size = 4096;
  process->address_limit = SAMPLE_LIMIT;
  atlas_snapshot_builder_take_process (builder, process);
  atlas_snapshot_builder_add_thread (builder, 42, "sample");
  sample_fill (builder, blocks, G_N_ELEMENTS (blocks));
  AtlasSnapshot *snapshot = atlas_snapshot_builder_finish (builder, &error);
  g_assert_no_error (error);
  return snapshot;
}
