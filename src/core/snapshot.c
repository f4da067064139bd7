/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A scanned process, immutable: look-ups, sums and the check of its invariants. Counters are kept
 * packed: most of a block's are 0, and only the others take memory.
 */

#include "config.h"

#include "core/snapshot.h"

#include "core/snapshot-private.h"
#include "util/error.h"
#include "util/text.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <string.h>

static void
thread_clear (gpointer data)
{
  g_free (((AtlasThread *)data)->name);
}

static void
missing_free (gpointer data)
{
  AtlasMissing *missing = data;

  g_free (missing->what);
  g_free (missing->why);
  g_free (missing);
}

AtlasSnapshot *
atlas_snapshot_new_empty (AtlasStringPool *pool)
{
  AtlasSnapshot *snapshot = g_new0 (AtlasSnapshot, 1);

  g_atomic_ref_count_init (&snapshot->references);
  snapshot->pool = atlas_string_pool_ref (pool);
  snapshot->process = atlas_process_new ();
  snapshot->threads = g_array_new (FALSE, FALSE, sizeof (AtlasThread));
  g_array_set_clear_func (snapshot->threads, thread_clear);
  snapshot->missing = g_ptr_array_new_with_free_func (missing_free);
  snapshot->blocks = g_array_new (FALSE, FALSE, sizeof (AtlasBlock));
  snapshot->regions = g_array_new (FALSE, FALSE, sizeof (AtlasRegion));
  snapshot->counters = g_array_new (FALSE, FALSE, sizeof (guint64));
  return snapshot;
}

AtlasSnapshot *
atlas_snapshot_ref (AtlasSnapshot *snapshot)
{
  g_atomic_ref_count_inc (&snapshot->references);
  return snapshot;
}

void
atlas_snapshot_unref (AtlasSnapshot *snapshot)
{
  if (!g_atomic_ref_count_dec (&snapshot->references))
    return;
  atlas_process_free (snapshot->process);
  g_array_unref (snapshot->threads);
  g_ptr_array_unref (snapshot->missing);
  g_array_unref (snapshot->blocks);
  g_array_unref (snapshot->regions);
  g_array_unref (snapshot->counters);
  g_free (snapshot->host);
  g_free (snapshot->kernel);
  atlas_string_pool_unref (snapshot->pool);
  g_free (snapshot);
}

const AtlasProcess *
atlas_snapshot_get_process (const AtlasSnapshot *snapshot)
{
  return snapshot->process;
}

const AtlasThread *
atlas_snapshot_get_threads (const AtlasSnapshot *snapshot, guint *out_n)
{
  *out_n = snapshot->threads->len;
  return (const AtlasThread *)(gpointer)snapshot->threads->data;
}

gint64
atlas_snapshot_get_time (const AtlasSnapshot *snapshot)
{
  return snapshot->time;
}

gint64
atlas_snapshot_get_duration (const AtlasSnapshot *snapshot)
{
  return snapshot->duration;
}

const char *
atlas_snapshot_get_host (const AtlasSnapshot *snapshot)
{
  return snapshot->host;
}

const char *
atlas_snapshot_get_kernel (const AtlasSnapshot *snapshot)
{
  return snapshot->kernel;
}

AtlasStringPool *
atlas_snapshot_get_pool (const AtlasSnapshot *snapshot)
{
  return snapshot->pool;
}

const char *
atlas_snapshot_get_string (const AtlasSnapshot *snapshot, AtlasStringId id)
{
  return atlas_string_pool_get (snapshot->pool, id);
}

guint
atlas_snapshot_get_n_blocks (const AtlasSnapshot *snapshot)
{
  return snapshot->blocks->len;
}

guint
atlas_snapshot_get_n_regions (const AtlasSnapshot *snapshot)
{
  return snapshot->regions->len;
}

const AtlasBlock *
atlas_snapshot_get_block (const AtlasSnapshot *snapshot, guint index)
{
  g_return_val_if_fail (index < snapshot->blocks->len, NULL);
  return atlas_snapshot_block_at (snapshot, index);
}

const AtlasRegion *
atlas_snapshot_get_region (const AtlasSnapshot *snapshot, guint index)
{
  g_return_val_if_fail (index < snapshot->regions->len, NULL);
  return atlas_snapshot_region_at (snapshot, index);
}

gboolean
atlas_snapshot_region_is_kernel (const AtlasSnapshot *snapshot, const AtlasRegion *region)
{
  return (atlas_snapshot_block_at (snapshot, region->first_block)->flags & ATLAS_BLOCK_KERNEL) != 0;
}

guint64
atlas_snapshot_get_region_start (const AtlasSnapshot *snapshot, const AtlasRegion *region)
{
  return atlas_snapshot_block_at (snapshot, region->first_block)->start;
}

guint64
atlas_snapshot_get_region_end (const AtlasSnapshot *snapshot, const AtlasRegion *region)
{
  return atlas_snapshot_block_at (snapshot, region->first_block + region->n_blocks - 1)->end;
}

guint8
atlas_snapshot_region_get_protection (const AtlasSnapshot *snapshot, const AtlasRegion *region)
{
  guint8 protection = 0;

  for (guint i = 0; i < region->n_blocks; i++)
    protection |= atlas_snapshot_block_at (snapshot, region->first_block + i)->protection;
  return protection;
}

void
atlas_snapshot_get_counters (const AtlasSnapshot *snapshot, const AtlasBlock *block,
                             AtlasCounters *out_counters)
{
  guint32 next = block->counters;

  for (guint i = 0; i < ATLAS_N_COUNTERS; i++)
    if (block->present & (1u << i))
      out_counters->value[i] = g_array_index (snapshot->counters, guint64, next++);
    else
      out_counters->value[i] = block->unknown & (1u << i) ? ATLAS_UNKNOWN : 0;
}

void
atlas_snapshot_get_block_figures (const AtlasSnapshot *snapshot, const AtlasBlock *block,
                                  AtlasFigures *out_figures)
{
  AtlasCounters counters;

  atlas_snapshot_get_counters (snapshot, block, &counters);
  atlas_figures_of_block (block, &counters, out_figures);
}

void
atlas_snapshot_get_region_figures (const AtlasSnapshot *snapshot, const AtlasRegion *region,
                                   AtlasFigures *out_figures)
{
  atlas_snapshot_get_block_figures (
    snapshot, atlas_snapshot_block_at (snapshot, region->first_block), out_figures);
  for (guint i = 1; i < region->n_blocks; i++)
    {
      AtlasFigures figures;

      atlas_snapshot_get_block_figures (
        snapshot, atlas_snapshot_block_at (snapshot, region->first_block + i), &figures);
      atlas_figures_add (out_figures, &figures);
    }
}

const AtlasTotals *
atlas_snapshot_get_totals (const AtlasSnapshot *snapshot, AtlasType type)
{
  g_return_val_if_fail (type < ATLAS_N_TYPES, NULL);
  return &snapshot->totals[type];
}

GArray *
atlas_snapshot_get_free_ranges (const AtlasSnapshot *snapshot)
{
  GArray *ranges = g_array_new (FALSE, FALSE, sizeof (AtlasFreeRange));
  guint64 limit = snapshot->process->address_limit;
  guint64 from = 0;

  for (guint i = 0; i < snapshot->n_addressed; i++)
    {
      const AtlasBlock *block = atlas_snapshot_block_at (snapshot, i);
      if (limit != 0 && block->start >= limit)
        break;
      if (block->start > from)
        {
          AtlasFreeRange range = { from, block->start };
          g_array_append_val (ranges, range);
        }
      from = block->end;
    }
  if (limit != 0 && from < limit)
    {
      AtlasFreeRange range = { from, limit };
      g_array_append_val (ranges, range);
    }
  return ranges;
}

const GPtrArray *
atlas_snapshot_get_missing (const AtlasSnapshot *snapshot)
{
  return snapshot->missing;
}

gboolean
atlas_snapshot_is_partial (const AtlasSnapshot *snapshot)
{
  return snapshot->missing->len > 0;
}

gboolean
atlas_snapshot_has_numa (const AtlasSnapshot *snapshot)
{
  return snapshot->has_numa;
}

gint
atlas_snapshot_find_block (const AtlasSnapshot *snapshot, guint64 address)
{
  guint low = 0;
  guint high = snapshot->n_addressed;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const AtlasBlock *block = atlas_snapshot_block_at (snapshot, middle);
      if (address < block->start)
        high = middle;
      else if (address >= block->end)
        low = middle + 1;
      else
        return (gint)middle;
    }
  return -1;
}

guint
atlas_snapshot_find_region_of_block (const AtlasSnapshot *snapshot, guint block)
{
  guint low = 0;
  guint high = snapshot->regions->len;

  g_return_val_if_fail (block < snapshot->blocks->len, 0);
  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;
      if (atlas_snapshot_region_at (snapshot, middle)->first_block <= block)
        low = middle;
      else
        high = middle;
    }
  return low;
}

gint
atlas_snapshot_find_region (const AtlasSnapshot *snapshot, guint64 address)
{
  gint block = atlas_snapshot_find_block (snapshot, address);

  return block < 0 ? -1 : (gint)atlas_snapshot_find_region_of_block (snapshot, (guint)block);
}

gsize
atlas_snapshot_get_memory (const AtlasSnapshot *snapshot)
{
  return sizeof *snapshot + snapshot->blocks->len * sizeof (AtlasBlock) +
         snapshot->regions->len * sizeof (AtlasRegion) +
         snapshot->counters->len * sizeof (guint64) + snapshot->threads->len * sizeof (AtlasThread);
}

/* Adds "0=4096 1=8192" to the sums by node; texts that are damaged add what can be read. */
static void
add_nodes (GTree *nodes, const char *text)
{
  while (text != NULL && *text != '\0')
    {
      char *end;
      guint64 node = g_ascii_strtoull (text, &end, 10);
      if (end == text || *end != '=' || node > G_MAXINT)
        return;
      guint64 bytes = g_ascii_strtoull (end + 1, &end, 10);
      guint64 *sum = g_tree_lookup (nodes, GINT_TO_POINTER ((gint)node));
      if (sum == NULL)
        {
          sum = g_new0 (guint64, 1);
          g_tree_insert (nodes, GINT_TO_POINTER ((gint)node), sum);
        }
      *sum += bytes;
      text = end;
      while (*text == ' ')
        text++;
    }
}

static gint
compare_nodes (gconstpointer a, gconstpointer b, gpointer data)
{
  return GPOINTER_TO_INT (a) - GPOINTER_TO_INT (b);
}

static gboolean
append_node (gpointer node, gpointer sum, gpointer data)
{
  GString *text = data;

  g_string_append_printf (text, "%s%d=%" G_GUINT64_FORMAT, text->len > 0 ? " " : "",
                          GPOINTER_TO_INT (node), *(guint64 *)sum);
  return FALSE;
}

char *
atlas_snapshot_get_numa_text (const AtlasSnapshot *snapshot, guint first_block, guint n_blocks)
{
  if (!snapshot->has_numa)
    return NULL;

  g_autoptr (GTree) nodes = g_tree_new_full (compare_nodes, NULL, NULL, g_free);
  for (guint i = 0; i < n_blocks; i++)
    add_nodes (nodes, atlas_snapshot_get_string (
                        snapshot, atlas_snapshot_block_at (snapshot, first_block + i)->numa));
  GString *text = g_string_new (NULL);
  g_tree_foreach (nodes, append_node, text);
  return g_string_free (text, FALSE);
}

static gboolean
check_failed (GError **error, const AtlasBlock *block, const char *what)
{
  g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT,
               _ ("The figures of the block at %" PRIX64 " contradict each other: %s"),
               block->start, what);
  return FALSE;
}

static gboolean
check_block (const AtlasSnapshot *snapshot, const AtlasBlock *block, GError **error)
{
  AtlasFigures figures;

  atlas_snapshot_get_block_figures (snapshot, block, &figures);
  const char *contradiction = atlas_figures_find_contradiction (&figures);
  return contradiction == NULL || check_failed (error, block, contradiction);
}

static gboolean
check_totals (const AtlasSnapshot *snapshot, GError **error)
{
  AtlasFigures sum = { { 0 } };

  for (guint type = ATLAS_TYPE_TOTAL + 1; type < ATLAS_TYPE_FREE; type++)
    atlas_figures_add (&sum, &snapshot->totals[type].figures);
  if (memcmp (&sum, &snapshot->totals[ATLAS_TYPE_TOTAL].figures, sizeof sum) == 0)
    return TRUE;
  g_set_error_literal (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT,
                       _ ("Total is not the sum of the types"));
  return FALSE;
}

static gboolean
check_tiling (const AtlasSnapshot *snapshot, GError **error)
{
  guint64 limit = snapshot->process->address_limit;
  guint64 covered = 0;
  g_autoptr (GArray) ranges = atlas_snapshot_get_free_ranges (snapshot);

  if (limit == 0)
    return TRUE;
  for (guint i = 0; i < ranges->len; i++)
    covered += g_array_index (ranges, AtlasFreeRange, i).end -
               g_array_index (ranges, AtlasFreeRange, i).start;
  for (guint i = 0; i < snapshot->n_addressed; i++)
    if (atlas_snapshot_block_at (snapshot, i)->start < limit)
      covered += atlas_block_get_size (atlas_snapshot_block_at (snapshot, i));
  if (covered == limit)
    return TRUE;
  g_set_error_literal (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT,
                       _ ("Regions and free ranges do not tile the address space"));
  return FALSE;
}

gboolean
atlas_snapshot_check (const AtlasSnapshot *snapshot, GError **error)
{
  for (guint i = 0; i < snapshot->blocks->len; i++)
    if (!check_block (snapshot, atlas_snapshot_block_at (snapshot, i), error))
      return FALSE;
  return check_totals (snapshot, error) && check_tiling (snapshot, error);
}
