/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The text of numa_maps over a builder with some blocks.
 */

#include "config.h"

#include "scan/numa-maps.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (AtlasStringPool) pool = atlas_string_pool_new ();
  g_autoptr (AtlasSnapshotBuilder) builder = atlas_snapshot_builder_new (pool);
  g_autofree char *copy = g_memdup2 (data, size);

  if (copy == NULL)
    return 0;
  for (guint i = 1; i < 16; i++)
    {
      AtlasBlock block = { .start = i * 0x1000, .end = (i + 1) * 0x1000 };
      AtlasCounters counters = { .value = { [ATLAS_COUNTER_RSS] = i % 2 * 4096 } };
      atlas_snapshot_builder_add_block (builder, &block, &counters);
    }
  g_assert (atlas_numa_maps_apply (builder, copy, size, 4096) <= 15);
  return 0;
}
