/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Makes snapshots: packs counters, checks the order of blocks and regions, computes the totals.
 */

#include "config.h"

#include "core/snapshot-builder.h"

#include "core/snapshot-private.h"
#include "util/error.h"

#include <glib/gi18n.h>

struct _AtlasSnapshotBuilder
{
  AtlasSnapshot *snapshot; /* not handed out yet, so it may still change */
};

G_STATIC_ASSERT (ATLAS_N_COUNTERS <= 32);
G_STATIC_ASSERT (sizeof (AtlasBlock) <= 80);
G_STATIC_ASSERT (sizeof (AtlasRegion) <= 24);

AtlasSnapshotBuilder *
atlas_snapshot_builder_new (AtlasStringPool *pool)
{
  AtlasSnapshotBuilder *builder = g_new0 (AtlasSnapshotBuilder, 1);

  builder->snapshot = atlas_snapshot_new_empty (pool);
  return builder;
}

void
atlas_snapshot_builder_free (AtlasSnapshotBuilder *builder)
{
  g_clear_pointer (&builder->snapshot, atlas_snapshot_unref);
  g_free (builder);
}

AtlasStringPool *
atlas_snapshot_builder_get_pool (AtlasSnapshotBuilder *builder)
{
  return builder->snapshot->pool;
}

void
atlas_snapshot_builder_take_process (AtlasSnapshotBuilder *builder, AtlasProcess *process)
{
  atlas_process_free (builder->snapshot->process);
  builder->snapshot->process = process;
}

void
atlas_snapshot_builder_add_thread (AtlasSnapshotBuilder *builder, gint tid, const char *name)
{
  AtlasThread thread = { tid, g_strdup (name) };

  g_array_append_val (builder->snapshot->threads, thread);
}

void
atlas_snapshot_builder_set_time (AtlasSnapshotBuilder *builder, gint64 time, gint64 duration)
{
  builder->snapshot->time = time;
  builder->snapshot->duration = duration;
}

void
atlas_snapshot_builder_set_machine (AtlasSnapshotBuilder *builder, const char *host,
                                    const char *kernel)
{
  g_free (builder->snapshot->host);
  g_free (builder->snapshot->kernel);
  builder->snapshot->host = g_strdup (host);
  builder->snapshot->kernel = g_strdup (kernel);
}

void
atlas_snapshot_builder_set_has_numa (AtlasSnapshotBuilder *builder, gboolean has_numa)
{
  builder->snapshot->has_numa = has_numa;
}

void
atlas_snapshot_builder_add_missing (AtlasSnapshotBuilder *builder, const char *what,
                                    const char *why)
{
  GPtrArray *all = builder->snapshot->missing;

  for (guint i = 0; i < all->len; i++)
    if (g_str_equal (((AtlasMissing *)all->pdata[i])->what, what))
      return;
  AtlasMissing *missing = g_new0 (AtlasMissing, 1);
  missing->what = g_strdup (what);
  missing->why = g_strdup (why);
  g_ptr_array_add (all, missing);
}

/* Appends the counters that are not 0 and notes in @block which they are. */
static void
pack (GArray *packed, AtlasBlock *block, const AtlasCounters *counters)
{
  guint64 present[ATLAS_N_COUNTERS];
  guint n_present = 0;

  block->counters = packed->len;
  block->present = 0;
  block->unknown = 0;
  for (guint i = 0; i < ATLAS_N_COUNTERS; i++)
    if (counters->value[i] == ATLAS_UNKNOWN)
      block->unknown |= 1u << i;
    else if (counters->value[i] != 0)
      {
        block->present |= 1u << i;
        present[n_present++] = counters->value[i];
      }
  g_array_append_vals (packed, present, n_present);
}

guint
atlas_snapshot_builder_add_block (AtlasSnapshotBuilder *builder, const AtlasBlock *block,
                                  const AtlasCounters *counters)
{
  AtlasBlock copy = *block;

  pack (builder->snapshot->counters, &copy, counters);
  g_array_append_val (builder->snapshot->blocks, copy);
  return builder->snapshot->blocks->len - 1;
}

guint
atlas_snapshot_builder_get_n_blocks (AtlasSnapshotBuilder *builder)
{
  return builder->snapshot->blocks->len;
}

AtlasBlock *
atlas_snapshot_builder_get_block (AtlasSnapshotBuilder *builder, guint index)
{
  return &g_array_index (builder->snapshot->blocks, AtlasBlock, index);
}

void
atlas_snapshot_builder_get_counters (AtlasSnapshotBuilder *builder, guint index,
                                     AtlasCounters *out_counters)
{
  atlas_snapshot_get_counters (builder->snapshot, atlas_snapshot_builder_get_block (builder, index),
                               out_counters);
}

void
atlas_snapshot_builder_set_counter (AtlasSnapshotBuilder *builder, guint index,
                                    AtlasCounter counter, guint64 value)
{
  AtlasBlock *block = atlas_snapshot_builder_get_block (builder, index);
  AtlasCounters counters;

  atlas_snapshot_get_counters (builder->snapshot, block, &counters);
  if (counters.value[counter] == value)
    return;
  guint32 bit = 1u << counter;
  if ((block->present & bit) != 0 && value != 0 && value != ATLAS_UNKNOWN)
    {
      /* It has its place already, behind those before it. */
      guint place = block->counters + (guint)__builtin_popcount (block->present & (bit - 1));
      g_array_index (builder->snapshot->counters, guint64, place) = value;
      return;
    }
  counters.value[counter] = value;
  /* The old ones stay behind unused: this happens for few blocks of a scan. */
  pack (builder->snapshot->counters, block, &counters);
}

void
atlas_snapshot_builder_add_region (AtlasSnapshotBuilder *builder, const AtlasRegion *region)
{
  g_array_append_val (builder->snapshot->regions, *region);
}

static gboolean
damaged (GError **error, const char *what)
{
  g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT, _ ("The snapshot is damaged: %s"), what);
  return FALSE;
}

static gboolean
check_blocks (AtlasSnapshot *snapshot, GError **error)
{
  guint64 from = 0;
  gboolean kernel = FALSE;

  snapshot->n_addressed = 0;
  for (guint i = 0; i < snapshot->blocks->len; i++)
    {
      const AtlasBlock *block = atlas_snapshot_block_at (snapshot, i);
      if (block->end <= block->start)
        return damaged (error, _ ("a block without length"));
      if (block->flags & ATLAS_BLOCK_KERNEL)
        {
          kernel = TRUE;
          if (block->start != 0)
            return damaged (error, _ ("kernel memory with an address"));
          continue;
        }
      if (kernel)
        return damaged (error, _ ("a block behind the kernel's memory"));
      if (block->start < from)
        return damaged (error, _ ("blocks that overlap"));
      from = block->end;
      snapshot->n_addressed++;
    }
  return TRUE;
}

static gboolean
check_region (const AtlasSnapshot *snapshot, const AtlasRegion *region, guint expected,
              GError **error)
{
  if (region->first_block != expected || region->n_blocks == 0 ||
      region->n_blocks > snapshot->blocks->len - expected)
    return damaged (error, _ ("regions that do not cover the blocks"));
  if (region->type <= ATLAS_TYPE_TOTAL || region->type >= ATLAS_TYPE_FREE)
    return damaged (error, _ ("a region without type"));
  if (region->reason == 0)
    return damaged (error, _ ("a region without reason"));
  for (guint i = 1; i < region->n_blocks; i++)
    {
      const AtlasBlock *before = atlas_snapshot_block_at (snapshot, expected + i - 1);
      const AtlasBlock *block = atlas_snapshot_block_at (snapshot, expected + i);
      if (block->start != before->end || (block->flags | before->flags) & ATLAS_BLOCK_KERNEL)
        return damaged (error, _ ("a region with a gap"));
    }
  return TRUE;
}

static gboolean
check_regions (const AtlasSnapshot *snapshot, GError **error)
{
  guint covered = 0;

  for (guint i = 0; i < snapshot->regions->len; i++)
    {
      const AtlasRegion *region = atlas_snapshot_region_at (snapshot, i);
      if (!check_region (snapshot, region, covered, error))
        return FALSE;
      covered += region->n_blocks;
    }
  if (covered != snapshot->blocks->len)
    return damaged (error, _ ("blocks without region"));
  return TRUE;
}

static void
compute_free (AtlasSnapshot *snapshot)
{
  AtlasTotals *totals = &snapshot->totals[ATLAS_TYPE_FREE];
  g_autoptr (GArray) ranges = atlas_snapshot_get_free_ranges (snapshot);
  guint64 size = 0;

  for (guint i = 0; i < ranges->len; i++)
    {
      const AtlasFreeRange *range = &g_array_index (ranges, AtlasFreeRange, i);
      size += range->end - range->start;
      totals->largest = MAX (totals->largest, range->end - range->start);
    }
  gboolean known = snapshot->process->address_limit != 0;
  totals->n_regions = ranges->len;
  totals->figures.value[ATLAS_FIGURE_SIZE] = known ? size : ATLAS_UNKNOWN;
  totals->figures.value[ATLAS_FIGURE_BLOCKS] = ranges->len;
  if (!known)
    totals->largest = ATLAS_UNKNOWN;
}

static void
compute_totals (AtlasSnapshot *snapshot)
{
  AtlasTotals *all = &snapshot->totals[ATLAS_TYPE_TOTAL];

  for (guint i = 0; i < snapshot->regions->len; i++)
    {
      const AtlasRegion *region = atlas_snapshot_region_at (snapshot, i);
      AtlasTotals *totals = &snapshot->totals[region->type];
      AtlasFigures figures;

      atlas_snapshot_get_region_figures (snapshot, region, &figures);
      atlas_figures_add (&totals->figures, &figures);
      totals->largest = MAX (totals->largest, figures.value[ATLAS_FIGURE_SIZE]);
      totals->n_regions++;
    }
  for (guint type = ATLAS_TYPE_TOTAL + 1; type < ATLAS_TYPE_FREE; type++)
    {
      atlas_figures_add (&all->figures, &snapshot->totals[type].figures);
      all->largest = MAX (all->largest, snapshot->totals[type].largest);
      all->n_regions += snapshot->totals[type].n_regions;
    }
  compute_free (snapshot);
}

/* Gives back what the arrays grew beyond their need: a snapshot may live for hours. */
static GArray *
trim (GArray *array)
{
  gsize length = array->len;
  guint size = g_array_get_element_size (array);
  GArray *exact = g_array_sized_new (FALSE, FALSE, size, (guint)length);

  g_array_append_vals (exact, array->data, (guint)length);
  g_array_unref (array);
  return exact;
}

AtlasSnapshot *
atlas_snapshot_builder_finish (AtlasSnapshotBuilder *builder, GError **error)
{
  g_autoptr (AtlasSnapshot) snapshot = builder->snapshot;

  builder->snapshot = atlas_snapshot_new_empty (snapshot->pool);
  if (!check_blocks (snapshot, error) || !check_regions (snapshot, error))
    return NULL;
  snapshot->blocks = trim (snapshot->blocks);
  snapshot->regions = trim (snapshot->regions);
  snapshot->counters = trim (snapshot->counters);
  compute_totals (snapshot);
  return g_steal_pointer (&snapshot);
}
