/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the exporters for reading have in common: the rows of a snapshot in order, sums by NUMA
 * node, and the notes on what is unknown. Borrows the snapshot; no state, any thread.
 */

#include "config.h"

#include "format/report-private.h"

#include <glib/gi18n.h>

/* Highest NUMA node that is counted; the kernel's own limit is 1024. */
#define MAX_NODES 1024

guint
atlas_report_get_bits (const AtlasSnapshot *snapshot)
{
  return atlas_snapshot_get_process (snapshot)->bits == 32 ? 32 : 64;
}

static gboolean
report_free (const AtlasFreeRange *range, AtlasReportRowFunc func, gpointer data)
{
  AtlasReportRow row = {
    .has_address = TRUE, .start = range->start, .end = range->end, .type = ATLAS_TYPE_FREE
  };

  row.figures.value[ATLAS_FIGURE_SIZE] = range->end - range->start;
  return func (&row, data);
}

static gboolean
report_region (const AtlasSnapshot *snapshot, const AtlasRegion *region, AtlasReportRowFunc func,
               gpointer data)
{
  gboolean kernel = atlas_snapshot_region_is_kernel (snapshot, region);
  AtlasReportRow row = {
    .region = region,
    .has_address = !kernel,
    .start = atlas_snapshot_get_region_start (snapshot, region),
    .end = atlas_snapshot_get_region_end (snapshot, region),
    .type = region->type,
  };

  atlas_snapshot_get_region_figures (snapshot, region, &row.figures);
  if (!func (&row, data))
    return FALSE;
  for (guint i = 0; i < region->n_blocks; i++)
    {
      row.block = atlas_snapshot_get_block (snapshot, region->first_block + i);
      row.start = kernel ? 0 : row.block->start;
      row.end = row.block->end;
      /* The figures of a region of one block are those of the block. */
      if (region->n_blocks > 1)
        atlas_snapshot_get_block_figures (snapshot, row.block, &row.figures);
      if (!func (&row, data))
        return FALSE;
    }
  return TRUE;
}

gboolean
atlas_report_foreach_row (const AtlasSnapshot *snapshot, AtlasReportRowFunc func, gpointer data)
{
  g_autoptr (GArray) free_ranges = atlas_snapshot_get_free_ranges (snapshot);
  guint n_regions = atlas_snapshot_get_n_regions (snapshot);
  guint next_free = 0;

  for (guint i = 0; i < n_regions; i++)
    {
      const AtlasRegion *region = atlas_snapshot_get_region (snapshot, i);
      gboolean kernel = atlas_snapshot_region_is_kernel (snapshot, region);
      guint64 start = atlas_snapshot_get_region_start (snapshot, region);

      for (; next_free < free_ranges->len; next_free++)
        {
          const AtlasFreeRange *range = &g_array_index (free_ranges, AtlasFreeRange, next_free);
          if (!kernel && range->start > start)
            break;
          if (!report_free (range, func, data))
            return FALSE;
        }
      if (!report_region (snapshot, region, func, data))
        return FALSE;
    }
  for (; next_free < free_ranges->len; next_free++)
    if (!report_free (&g_array_index (free_ranges, AtlasFreeRange, next_free), func, data))
      return FALSE;
  return TRUE;
}

/* Adds "0=4096 1=8192" to the sums; stops at what is not of that form. */
static void
add_numa (GArray *sums, const char *text)
{
  while (text != NULL && g_ascii_isdigit (*text))
    {
      char *end;
      guint64 node = g_ascii_strtoull (text, &end, 10);
      if (*end != '=' || node >= MAX_NODES)
        return;
      guint64 bytes = g_ascii_strtoull (end + 1, &end, 10);
      if (node >= sums->len)
        g_array_set_size (sums, (guint)node + 1);
      g_array_index (sums, guint64, node) += bytes;
      text = *end == ' ' ? end + 1 : end;
    }
}

static char *
numa_to_text (GArray *sums)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint node = 0; node < sums->len; node++)
    {
      guint64 bytes = g_array_index (sums, guint64, node);
      if (bytes != 0)
        g_string_append_printf (text, "%s%u=%" G_GUINT64_FORMAT, text->len > 0 ? " " : "", node,
                                atlas_report_kib (bytes));
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
add_blocks_numa (const AtlasSnapshot *snapshot, guint first_block, guint n_blocks, GArray *sums)
{
  for (guint i = 0; i < n_blocks; i++)
    {
      const AtlasBlock *block = atlas_snapshot_get_block (snapshot, first_block + i);
      add_numa (sums, atlas_snapshot_get_string (snapshot, block->numa));
    }
}

char *
atlas_report_dup_numa (const AtlasSnapshot *snapshot, guint first_block, guint n_blocks)
{
  g_autoptr (GArray) sums = g_array_new (FALSE, TRUE, sizeof (guint64));

  add_blocks_numa (snapshot, first_block, n_blocks, sums);
  return numa_to_text (sums);
}

char *
atlas_report_dup_type_numa (const AtlasSnapshot *snapshot, AtlasType type)
{
  g_autoptr (GArray) sums = g_array_new (FALSE, TRUE, sizeof (guint64));
  guint n_regions = atlas_snapshot_get_n_regions (snapshot);

  for (guint i = 0; i < n_regions; i++)
    {
      const AtlasRegion *region = atlas_snapshot_get_region (snapshot, i);
      if (type == ATLAS_TYPE_TOTAL || region->type == type)
        add_blocks_numa (snapshot, region->first_block, region->n_blocks, sums);
    }
  return numa_to_text (sums);
}

static void
note_free (gpointer data)
{
  AtlasReportNote *note = data;

  g_free (note->what);
  g_free (note->text);
  g_free (note);
}

static void
add_note (GPtrArray *notes, const char *what, char *text)
{
  AtlasReportNote *note = g_new (AtlasReportNote, 1);

  note->what = g_strdup (what);
  note->text = text;
  g_ptr_array_add (notes, note);
}

/* In how many blocks each figure is unknown. */
static void
count_unknown (const AtlasSnapshot *snapshot, guint counts[ATLAS_N_FIGURES])
{
  guint n_blocks = atlas_snapshot_get_n_blocks (snapshot);

  memset (counts, 0, ATLAS_N_FIGURES * sizeof *counts);
  for (guint i = 0; i < n_blocks; i++)
    {
      AtlasFigures figures;
      atlas_snapshot_get_block_figures (snapshot, atlas_snapshot_get_block (snapshot, i), &figures);
      for (guint f = 0; f < ATLAS_N_FIGURES; f++)
        counts[f] += figures.value[f] == ATLAS_UNKNOWN;
    }
}

static gboolean
has_unknown_total (const AtlasSnapshot *snapshot)
{
  const AtlasTotals *totals = atlas_snapshot_get_totals (snapshot, ATLAS_TYPE_TOTAL);

  for (guint f = 0; f < ATLAS_N_FIGURES; f++)
    if (totals->figures.value[f] == ATLAS_UNKNOWN)
      return TRUE;
  return FALSE;
}

static void
add_column_notes (const AtlasSnapshot *snapshot, GPtrArray *notes)
{
  guint counts[ATLAS_N_FIGURES];

  count_unknown (snapshot, counts);
  for (guint c = 0; c < ATLAS_N_COLUMNS; c++)
    {
      const AtlasColumnInfo *info = atlas_column_get_info (c);
      if (info->figure < 0 || counts[info->figure] == 0)
        continue;
      /* Translators: %u blocks of %u; the last is what the kernel's figure is read from */
      add_note (notes, info->title,
                g_strdup_printf (_ ("unknown, not zero, in %u of %u blocks and in the sums over "
                                    "them (read from %s)"),
                                 counts[info->figure], atlas_snapshot_get_n_blocks (snapshot),
                                 info->source));
    }
}

GPtrArray *
atlas_report_dup_notes (const AtlasSnapshot *snapshot, gboolean with_numa)
{
  GPtrArray *notes = g_ptr_array_new_with_free_func (note_free);
  const GPtrArray *missing = atlas_snapshot_get_missing (snapshot);

  if (has_unknown_total (snapshot))
    add_column_notes (snapshot, notes);
  if (atlas_snapshot_get_totals (snapshot, ATLAS_TYPE_FREE)->figures.value[ATLAS_FIGURE_SIZE] ==
      ATLAS_UNKNOWN)
    add_note (notes, atlas_type_get_info (ATLAS_TYPE_FREE)->name,
              g_strdup (_ ("unknown: the end of the process's address space is not known")));
  if (with_numa && !atlas_snapshot_has_numa (snapshot))
    add_note (notes, atlas_column_get_info (ATLAS_COLUMN_NUMA)->title,
              g_strdup (_ ("unknown: numa_maps was not read for this snapshot")));
  for (guint i = 0; i < missing->len; i++)
    {
      const AtlasMissing *gap = missing->pdata[i];
      add_note (notes, gap->what, g_strdup (gap->why));
    }
  return notes;
}
