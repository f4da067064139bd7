/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rows named by address, so that they are found again in another snapshot. Owns one string; any
 * thread.
 */

#include "config.h"

#include "gui/row-key.h"

void
atlas_row_key_clear (AtlasRowKey *key)
{
  g_free (key->details);
  *key = (AtlasRowKey){ 0 };
}

void
atlas_row_key_init (AtlasRowKey *key, AtlasRows *rows, AtlasRow row)
{
  guint64 start = 0, end;

  atlas_row_key_clear (key);
  key->set = TRUE;
  key->block = ATLAS_ROW_GET_KIND (row) == ATLAS_ROW_BLOCK;
  key->kernel = !atlas_rows_get_range (rows, row, &start, &end);
  key->address = key->kernel ? 0 : start;
  if (key->kernel)
    key->details = g_strdup (atlas_rows_get_details (rows, row));
}

gboolean
atlas_row_key_find (const AtlasRowKey *key, AtlasRows *rows, gint *out_index, gint *out_block)
{
  AtlasSnapshot *snapshot = atlas_rows_get_snapshot (rows);
  AtlasRow row;

  *out_block = -1;
  *out_index = -1;
  if (!key->set)
    return FALSE;
  if (!key->kernel)
    {
      *out_index = atlas_rows_find_address (rows, key->address);
      if (*out_index < 0)
        return FALSE;
      row = atlas_rows_get (rows, *out_index);
      if (key->block && ATLAS_ROW_GET_KIND (row) == ATLAS_ROW_REGION)
        *out_block = atlas_snapshot_find_block (snapshot, key->address);
      return TRUE;
    }
  for (guint i = atlas_rows_get_length (rows); i > 0; i--)
    {
      guint64 start, end;

      row = atlas_rows_get (rows, i - 1);
      if (!atlas_rows_get_range (rows, row, &start, &end) &&
          g_strcmp0 (atlas_rows_get_details (rows, row), key->details) == 0)
        {
          *out_index = i - 1;
          return TRUE;
        }
    }
  return FALSE;
}

gint
atlas_row_key_find_near (const AtlasRowKey *key, AtlasRows *rows)
{
  guint64 nearest = G_MAXUINT64;
  gint index, block;

  if (!key->set || atlas_row_key_find (key, rows, &index, &block) || key->kernel)
    return key->set ? index : -1;
  for (guint i = 0; i < atlas_rows_get_length (rows); i++)
    {
      guint64 start, end;

      if (atlas_rows_get_range (rows, atlas_rows_get (rows, i), &start, &end) &&
          start >= key->address && start < nearest)
        {
          nearest = start;
          index = (gint)i;
        }
    }
  return index;
}
