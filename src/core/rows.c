/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The rows of the Details list: filter, order and search over a snapshot, without a widget. The
 * arrays belong to AtlasRows, what they point at to the snapshot.
 */

#include "config.h"

#include "core/rows.h"

#include "util/text.h"

#include <string.h>

struct _AtlasRows
{
  gatomicrefcount references;
  AtlasSnapshot *snapshot;
  GArray *free_ranges; /* of AtlasFreeRange */
  GArray *rows;        /* of AtlasRow */
};

gboolean
atlas_type_set_has (AtlasTypeSet set, AtlasType type)
{
  return set == 0 || (set & (1u << ATLAS_TYPE_TOTAL)) || (set & (1u << type));
}

/* --- What a row is --- */

static const AtlasFreeRange *
free_range (const AtlasRows *rows, AtlasRow row)
{
  return &g_array_index (rows->free_ranges, AtlasFreeRange, ATLAS_ROW_GET_INDEX (row));
}

static const AtlasRegion *
region_of (const AtlasRows *rows, AtlasRow row)
{
  gint index = atlas_rows_get_region (rows, row);
  return index < 0 ? NULL : atlas_snapshot_get_region (rows->snapshot, (guint)index);
}

gint
atlas_rows_get_region (const AtlasRows *rows, AtlasRow row)
{
  switch (ATLAS_ROW_GET_KIND (row))
    {
    case ATLAS_ROW_REGION:
      return (gint)ATLAS_ROW_GET_INDEX (row);
    case ATLAS_ROW_BLOCK:
      return (gint)atlas_snapshot_find_region_of_block (rows->snapshot, ATLAS_ROW_GET_INDEX (row));
    case ATLAS_ROW_FREE:
    default:
      return -1;
    }
}

gboolean
atlas_rows_get_range (const AtlasRows *rows, AtlasRow row, guint64 *out_start, guint64 *out_end)
{
  if (ATLAS_ROW_GET_KIND (row) == ATLAS_ROW_FREE)
    {
      *out_start = free_range (rows, row)->start;
      *out_end = free_range (rows, row)->end;
      return TRUE;
    }
  if (ATLAS_ROW_GET_KIND (row) == ATLAS_ROW_BLOCK)
    {
      const AtlasBlock *block =
        atlas_snapshot_get_block (rows->snapshot, ATLAS_ROW_GET_INDEX (row));
      *out_start = block->start;
      *out_end = block->end;
      return (block->flags & ATLAS_BLOCK_KERNEL) == 0;
    }
  const AtlasRegion *region = region_of (rows, row);
  *out_start = atlas_snapshot_get_region_start (rows->snapshot, region);
  *out_end = atlas_snapshot_get_region_end (rows->snapshot, region);
  return !atlas_snapshot_region_is_kernel (rows->snapshot, region);
}

void
atlas_rows_get_figures (const AtlasRows *rows, AtlasRow row, AtlasFigures *out_figures)
{
  switch (ATLAS_ROW_GET_KIND (row))
    {
    case ATLAS_ROW_REGION:
      atlas_snapshot_get_region_figures (rows->snapshot, region_of (rows, row), out_figures);
      break;
    case ATLAS_ROW_BLOCK:
      atlas_snapshot_get_block_figures (
        rows->snapshot, atlas_snapshot_get_block (rows->snapshot, ATLAS_ROW_GET_INDEX (row)),
        out_figures);
      break;
    case ATLAS_ROW_FREE:
    default:
      memset (out_figures, 0, sizeof *out_figures);
      out_figures->value[ATLAS_FIGURE_SIZE] =
        free_range (rows, row)->end - free_range (rows, row)->start;
      break;
    }
}

AtlasType
atlas_rows_get_type (const AtlasRows *rows, AtlasRow row)
{
  const AtlasRegion *region = region_of (rows, row);
  return region != NULL ? (AtlasType)region->type : ATLAS_TYPE_FREE;
}

const char *
atlas_rows_get_details (const AtlasRows *rows, AtlasRow row)
{
  switch (ATLAS_ROW_GET_KIND (row))
    {
    case ATLAS_ROW_REGION:
      return atlas_snapshot_get_string (rows->snapshot, region_of (rows, row)->details);
    case ATLAS_ROW_BLOCK:
      return atlas_snapshot_get_string (
        rows->snapshot,
        atlas_snapshot_get_block (rows->snapshot, ATLAS_ROW_GET_INDEX (row))->label);
    case ATLAS_ROW_FREE:
    default:
      return NULL;
    }
}

guint8
atlas_rows_get_protection (const AtlasRows *rows, AtlasRow row)
{
  switch (ATLAS_ROW_GET_KIND (row))
    {
    case ATLAS_ROW_REGION:
      return atlas_snapshot_region_get_protection (rows->snapshot, region_of (rows, row));
    case ATLAS_ROW_BLOCK:
      return atlas_snapshot_get_block (rows->snapshot, ATLAS_ROW_GET_INDEX (row))->protection;
    case ATLAS_ROW_FREE:
    default:
      return 0;
    }
}

/* --- Filter --- */

/* Regions and free ranges by ascending address; kernel memory, which has none, comes last. */
static void
collect (AtlasRows *rows, AtlasTypeSet types, gboolean show_free)
{
  guint n_regions = atlas_snapshot_get_n_regions (rows->snapshot);
  guint n_free =
    show_free && atlas_type_set_has (types, ATLAS_TYPE_FREE) ? rows->free_ranges->len : 0;
  guint next_free = 0;

  for (guint i = 0; i < n_regions; i++)
    {
      const AtlasRegion *region = atlas_snapshot_get_region (rows->snapshot, i);
      gboolean kernel = atlas_snapshot_region_is_kernel (rows->snapshot, region);
      guint64 start =
        kernel ? G_MAXUINT64 : atlas_snapshot_get_region_start (rows->snapshot, region);
      for (; next_free < n_free &&
             g_array_index (rows->free_ranges, AtlasFreeRange, next_free).start < start;
           next_free++)
        {
          AtlasRow row = ATLAS_ROW (ATLAS_ROW_FREE, next_free);
          g_array_append_val (rows->rows, row);
        }
      if (atlas_type_set_has (types, region->type))
        {
          AtlasRow row = ATLAS_ROW (ATLAS_ROW_REGION, i);
          g_array_append_val (rows->rows, row);
        }
    }
  for (; next_free < n_free; next_free++)
    {
      AtlasRow row = ATLAS_ROW (ATLAS_ROW_FREE, next_free);
      g_array_append_val (rows->rows, row);
    }
}

/* --- Order --- */

typedef struct
{
  union
  {
    guint64 number;
    const char *text;
  } key;
  guint32 position; /* before sorting: makes it stable */
  AtlasRow row;
} SortItem;

static guint64
sort_number (const AtlasRows *rows, AtlasRow row, AtlasColumn column)
{
  AtlasFigures figures;
  int figure = atlas_column_get_info (column)->figure;

  if (column == ATLAS_COLUMN_TYPE)
    return atlas_rows_get_type (rows, row);
  atlas_rows_get_figures (rows, row, &figures);
  return figures.value[figure];
}

static const char *
sort_text (const AtlasRows *rows, AtlasRow row, AtlasColumn column)
{
  const AtlasRegion *region = region_of (rows, row);

  switch (column)
    {
    case ATLAS_COLUMN_PROTECTION:
      return region != NULL ? atlas_protection_get_text (atlas_rows_get_protection (rows, row))
                            : NULL;
    case ATLAS_COLUMN_REASON:
      return region != NULL ? atlas_snapshot_get_string (rows->snapshot, region->reason) : NULL;
    default:
      return atlas_rows_get_details (rows, row);
    }
}

static gint
sign (gboolean less)
{
  return less ? -1 : 1;
}

/* What is unknown, or has no text, comes last in both directions. */
static gint
compare_numbers (gconstpointer left, gconstpointer right, gpointer descending)
{
  const SortItem *a = left;
  const SortItem *b = right;

  if (a->key.number == b->key.number)
    return sign (a->position < b->position);
  if (a->key.number == ATLAS_UNKNOWN || b->key.number == ATLAS_UNKNOWN)
    return sign (b->key.number == ATLAS_UNKNOWN);
  return sign ((a->key.number < b->key.number) != (descending != NULL));
}

static gint
compare_texts (gconstpointer left, gconstpointer right, gpointer descending)
{
  const SortItem *a = left;
  const SortItem *b = right;

  if (a->key.text == NULL || b->key.text == NULL)
    return a->key.text == b->key.text ? sign (a->position < b->position)
                                      : sign (a->key.text != NULL);
  gint order = a->key.text == b->key.text ? 0 : strcmp (a->key.text, b->key.text);
  if (order == 0)
    return sign (a->position < b->position);
  return descending != NULL ? -order : order;
}

static void
reverse (GArray *array)
{
  AtlasRow *data = (AtlasRow *)(gpointer)array->data;

  for (guint i = 0; i < array->len / 2; i++)
    {
      AtlasRow row = data[i];
      data[i] = data[array->len - 1 - i];
      data[array->len - 1 - i] = row;
    }
}

static gboolean
is_number (AtlasColumn column)
{
  return column == ATLAS_COLUMN_TYPE || atlas_column_get_info (column)->figure >= 0;
}

static void
sort (AtlasRows *rows, AtlasColumn column, gboolean descending)
{
  if (column == ATLAS_COLUMN_ADDRESS || column == ATLAS_COLUMN_NUMA ||
      column == ATLAS_COLUMN_LARGEST)
    {
      if (descending)
        reverse (rows->rows);
      return;
    }

  guint n = rows->rows->len;
  g_autofree SortItem *items = g_new (SortItem, n);
  gboolean number = is_number (column);
  for (guint i = 0; i < n; i++)
    {
      items[i].row = g_array_index (rows->rows, AtlasRow, i);
      items[i].position = i;
      if (number)
        items[i].key.number = sort_number (rows, items[i].row, column);
      else
        items[i].key.text = sort_text (rows, items[i].row, column);
    }
  g_qsort_with_data (items, (gint)n, sizeof *items, number ? compare_numbers : compare_texts,
                     GINT_TO_POINTER (descending));
  for (guint i = 0; i < n; i++)
    g_array_index (rows->rows, AtlasRow, i) = items[i].row;
}

/* --- Public --- */

AtlasRows *
atlas_rows_new (AtlasSnapshot *snapshot, AtlasTypeSet types, gboolean show_free, AtlasColumn column,
                gboolean descending)
{
  AtlasRows *rows = g_new0 (AtlasRows, 1);

  g_atomic_ref_count_init (&rows->references);
  rows->snapshot = atlas_snapshot_ref (snapshot);
  rows->free_ranges = show_free ? atlas_snapshot_get_free_ranges (snapshot)
                                : g_array_new (FALSE, FALSE, sizeof (AtlasFreeRange));
  rows->rows = g_array_sized_new (FALSE, FALSE, sizeof (AtlasRow),
                                  atlas_snapshot_get_n_regions (snapshot) + rows->free_ranges->len);
  collect (rows, types, show_free);
  sort (rows, column, descending);
  return rows;
}

AtlasRows *
atlas_rows_ref (AtlasRows *rows)
{
  g_atomic_ref_count_inc (&rows->references);
  return rows;
}

void
atlas_rows_unref (AtlasRows *rows)
{
  if (!g_atomic_ref_count_dec (&rows->references))
    return;
  g_array_unref (rows->rows);
  g_array_unref (rows->free_ranges);
  atlas_snapshot_unref (rows->snapshot);
  g_free (rows);
}

AtlasSnapshot *
atlas_rows_get_snapshot (const AtlasRows *rows)
{
  return rows->snapshot;
}

guint
atlas_rows_get_length (const AtlasRows *rows)
{
  return rows->rows->len;
}

AtlasRow
atlas_rows_get (const AtlasRows *rows, guint index)
{
  g_return_val_if_fail (index < rows->rows->len, 0);
  return g_array_index (rows->rows, AtlasRow, index);
}

gint
atlas_rows_find (const AtlasRows *rows, AtlasRow row)
{
  for (guint i = 0; i < rows->rows->len; i++)
    if (g_array_index (rows->rows, AtlasRow, i) == row)
      return (gint)i;
  return -1;
}

gint
atlas_rows_find_address (const AtlasRows *rows, guint64 address)
{
  for (guint i = 0; i < rows->rows->len; i++)
    {
      guint64 start, end;
      if (atlas_rows_get_range (rows, g_array_index (rows->rows, AtlasRow, i), &start, &end) &&
          address >= start && address < end)
        return (gint)i;
    }
  return -1;
}

/* --- Search --- */

typedef struct
{
  const char *text;
  gsize length;
  gboolean is_address;
  guint64 address;
} Needle;

static gboolean
holds_text (const char *hay, const Needle *needle)
{
  if (hay == NULL)
    return FALSE;
  for (; *hay != '\0'; hay++)
    if (g_ascii_tolower (*hay) == g_ascii_tolower (*needle->text) &&
        g_ascii_strncasecmp (hay, needle->text, needle->length) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
row_matches (const AtlasRows *rows, AtlasRow row, const Needle *needle)
{
  guint64 start, end;

  if (atlas_rows_get_range (rows, row, &start, &end))
    {
      char address[ATLAS_ADDRESS_TEXT_SIZE];
      guint bits = atlas_snapshot_get_process (rows->snapshot)->bits;

      if (needle->is_address && needle->address >= start && needle->address < end)
        return TRUE;
      if (holds_text (atlas_address_to_text (start, bits, address), needle))
        return TRUE;
    }
  return holds_text (atlas_rows_get_details (rows, row), needle) ||
         holds_text (atlas_type_get_info (atlas_rows_get_type (rows, row))->name, needle) ||
         (ATLAS_ROW_GET_KIND (row) != ATLAS_ROW_FREE &&
          holds_text (atlas_protection_get_text (atlas_rows_get_protection (rows, row)), needle));
}

/* The first block of region @row that matches more narrowly than the region does, or -1. */
static gint
matching_block (const AtlasRows *rows, AtlasRow row, const Needle *needle)
{
  const AtlasRegion *region = region_of (rows, row);

  if (region == NULL)
    return -1;
  for (guint i = region->first_block; i < region->first_block + region->n_blocks; i++)
    {
      const AtlasBlock *block = atlas_snapshot_get_block (rows->snapshot, i);
      if (needle->is_address && needle->address >= block->start && needle->address < block->end &&
          (block->flags & ATLAS_BLOCK_KERNEL) == 0)
        return (gint)i;
      if (holds_text (atlas_snapshot_get_string (rows->snapshot, block->label), needle) ||
          holds_text (atlas_snapshot_get_string (rows->snapshot, block->path), needle))
        return (gint)i;
    }
  return -1;
}

gint
atlas_rows_search (const AtlasRows *rows, const char *text, guint from, gboolean forward,
                   gint *out_block)
{
  Needle needle = { .text = text, .length = strlen (text) };
  guint n = rows->rows->len;

  *out_block = -1;
  needle.is_address = atlas_address_from_text (text, &needle.address);
  if (needle.length == 0 || n == 0)
    return -1;
  for (guint step = 0; step < n; step++)
    {
      guint index = (forward ? from + step : from + n - step) % n;
      AtlasRow row = g_array_index (rows->rows, AtlasRow, index);
      gboolean region = row_matches (rows, row, &needle);
      gint block = matching_block (rows, row, &needle);

      if (!region && block < 0)
        continue;
      /* A match of the region as a whole selects it; one inside it the block, but the exact
       * address always the block that holds it. */
      if (!region || needle.is_address)
        *out_block = block;
      return (gint)index;
    }
  return -1;
}
