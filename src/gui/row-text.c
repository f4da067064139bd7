/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Text of the cells of Summary and Details. Borrows the rows, gives new strings; no state, any
 * thread.
 */

#include "config.h"

#include "gui/row-text.h"

#include <glib/gi18n.h>

char *
atlas_figure_dup_text (guint64 value, AtlasColumnKind kind, AtlasUnit unit)
{
  if (value == 0)
    return NULL;
  if (value == ATLAS_UNKNOWN)
    return g_strdup ("–");
  if (kind == ATLAS_COLUMN_COUNT)
    return g_strdup_printf ("%'" G_GUINT64_FORMAT, value);
  return atlas_size_dup_text (value, unit);
}

guint
atlas_snapshot_get_bits (AtlasSnapshot *snapshot)
{
  return atlas_snapshot_get_process (snapshot)->bits == 32 ? 32 : 64;
}

char *
atlas_row_dup_address (const AtlasRows *rows, AtlasRow row)
{
  char text[ATLAS_ADDRESS_TEXT_SIZE];
  guint64 start, end;

  if (!atlas_rows_get_range (rows, row, &start, &end))
    return NULL;
  return g_strdup (
    atlas_address_to_text (start, atlas_snapshot_get_bits (atlas_rows_get_snapshot (rows)), text));
}

const char *
atlas_row_get_path (const AtlasRows *rows, AtlasRow row)
{
  AtlasSnapshot *snapshot = atlas_rows_get_snapshot (rows);
  guint index = ATLAS_ROW_GET_INDEX (row);
  AtlasStringId path = 0;

  if (ATLAS_ROW_GET_KIND (row) == ATLAS_ROW_BLOCK)
    path = atlas_snapshot_get_block (snapshot, index)->path;
  else if (ATLAS_ROW_GET_KIND (row) == ATLAS_ROW_REGION)
    {
      const AtlasRegion *region = atlas_snapshot_get_region (snapshot, index);

      for (guint i = 0; i < region->n_blocks; i++)
        {
          AtlasStringId next = atlas_snapshot_get_block (snapshot, region->first_block + i)->path;

          if (next != 0 && path != 0 && next != path)
            return NULL;
          if (next != 0)
            path = next;
        }
    }
  return atlas_snapshot_get_string (snapshot, path);
}

const char *
atlas_row_get_reason (const AtlasRows *rows, AtlasRow row)
{
  AtlasSnapshot *snapshot = atlas_rows_get_snapshot (rows);
  gint region = atlas_rows_get_region (rows, row);

  if (region < 0)
    return NULL;
  return atlas_snapshot_get_string (snapshot, atlas_snapshot_get_region (snapshot, region)->reason);
}

static char *
dup_protection (const AtlasRows *rows, AtlasRow row)
{
  gint region = atlas_rows_get_region (rows, row);
  AtlasSnapshot *snapshot = atlas_rows_get_snapshot (rows);

  if (region < 0)
    return NULL;
  if (atlas_snapshot_region_is_kernel (snapshot, atlas_snapshot_get_region (snapshot, region)))
    return NULL;
  return g_strdup (_ (atlas_protection_get_text (atlas_rows_get_protection (rows, row))));
}

static char *
dup_numa (const AtlasRows *rows, AtlasRow row)
{
  AtlasSnapshot *snapshot = atlas_rows_get_snapshot (rows);
  guint index = ATLAS_ROW_GET_INDEX (row);
  const AtlasRegion *region;
  char *text;

  if (ATLAS_ROW_GET_KIND (row) == ATLAS_ROW_FREE)
    return NULL;
  if (ATLAS_ROW_GET_KIND (row) == ATLAS_ROW_BLOCK)
    text = atlas_snapshot_get_numa_text (snapshot, index, 1);
  else
    {
      region = atlas_snapshot_get_region (snapshot, index);
      text = atlas_snapshot_get_numa_text (snapshot, region->first_block, region->n_blocks);
    }
  return text != NULL ? text : g_strdup ("–");
}

char *
atlas_row_dup_text (const AtlasRows *rows, AtlasRow row, const AtlasFigures *figures,
                    AtlasColumn column, AtlasUnit unit)
{
  const AtlasColumnInfo *info = atlas_column_get_info (column);
  const char *text;
  char *address;

  if (info->figure >= 0)
    {
      /* A block is one block: the number would only repeat itself. */
      if (column == ATLAS_COLUMN_BLOCKS && ATLAS_ROW_GET_KIND (row) != ATLAS_ROW_REGION)
        return NULL;
      return atlas_figure_dup_text (figures->value[info->figure], info->kind, unit);
    }

  switch (column)
    {
    case ATLAS_COLUMN_ADDRESS:
      address = atlas_row_dup_address (rows, row);
      /* Translators: stands where an address would be, for memory inside the kernel */
      return address != NULL ? address : g_strdup (_ ("kernel"));
    case ATLAS_COLUMN_TYPE:
      return g_strdup (_ (atlas_type_get_info (atlas_rows_get_type (rows, row))->name));
    case ATLAS_COLUMN_PROTECTION:
      return dup_protection (rows, row);
    case ATLAS_COLUMN_DETAILS:
      text = atlas_rows_get_details (rows, row);
      return text != NULL ? atlas_bytes_dup_display (text) : NULL;
    case ATLAS_COLUMN_NUMA:
      return dup_numa (rows, row);
    case ATLAS_COLUMN_REASON:
      text = atlas_row_get_reason (rows, row);
      return text != NULL ? atlas_bytes_dup_display (text) : NULL;
    default:
      return NULL;
    }
}

guint64
atlas_totals_get_value (AtlasSnapshot *snapshot, AtlasType type, AtlasColumn column)
{
  const AtlasTotals *totals = atlas_snapshot_get_totals (snapshot, type);
  const AtlasColumnInfo *info = atlas_column_get_info (column);

  if (info->figure >= 0)
    return totals->figures.value[info->figure];
  return column == ATLAS_COLUMN_LARGEST ? totals->largest : 0;
}

char *
atlas_totals_dup_text (AtlasSnapshot *snapshot, AtlasType type, AtlasColumn column, AtlasUnit unit)
{
  const AtlasColumnInfo *info = atlas_column_get_info (column);

  if (column == ATLAS_COLUMN_TYPE)
    return g_strdup (_ (atlas_type_get_info (type)->name));
  if (info->kind == ATLAS_COLUMN_TEXT)
    return NULL;
  return atlas_figure_dup_text (atlas_totals_get_value (snapshot, type, column), info->kind, unit);
}

char *
atlas_snapshot_dup_unknown_reason (AtlasSnapshot *snapshot)
{
  const GPtrArray *missing = atlas_snapshot_get_missing (snapshot);
  GString *text = g_string_new (_ ("Unknown: the kernel did not give this figure."));

  for (guint i = 0; i < missing->len && i < 8; i++)
    {
      const AtlasMissing *item = g_ptr_array_index (missing, i);
      g_autofree char *what = atlas_bytes_dup_display (item->what);
      g_autofree char *why = atlas_bytes_dup_display (item->why);

      g_string_append_printf (text, "\n%s: %s", what, why);
    }
  return g_string_free (text, FALSE);
}
