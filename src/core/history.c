/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Snapshots of one process in order of time.
 */

#include "config.h"

#include "core/history.h"

struct _AtlasHistory
{
  gatomicrefcount references;
  AtlasStringPool *pool;
  GPtrArray *snapshots;     /* of AtlasSnapshot, oldest first */
  GPtrArray *foreign_lines; /* of char* */
};

static AtlasHistory *
new_with_pool (AtlasStringPool *pool)
{
  AtlasHistory *history = g_new0 (AtlasHistory, 1);

  g_atomic_ref_count_init (&history->references);
  history->pool = pool;
  history->snapshots = g_ptr_array_new_with_free_func ((GDestroyNotify)atlas_snapshot_unref);
  history->foreign_lines = g_ptr_array_new_with_free_func (g_free);
  return history;
}

AtlasHistory *
atlas_history_new (void)
{
  return new_with_pool (atlas_string_pool_new ());
}

AtlasHistory *
atlas_history_ref (AtlasHistory *history)
{
  g_atomic_ref_count_inc (&history->references);
  return history;
}

void
atlas_history_unref (AtlasHistory *history)
{
  if (!g_atomic_ref_count_dec (&history->references))
    return;
  g_ptr_array_unref (history->snapshots);
  g_ptr_array_unref (history->foreign_lines);
  atlas_string_pool_unref (history->pool);
  g_free (history);
}

AtlasStringPool *
atlas_history_get_pool (AtlasHistory *history)
{
  return history->pool;
}

void
atlas_history_add (AtlasHistory *history, AtlasSnapshot *snapshot)
{
  g_return_if_fail (atlas_snapshot_get_pool (snapshot) == history->pool);
  g_ptr_array_add (history->snapshots, atlas_snapshot_ref (snapshot));
}

guint
atlas_history_get_length (const AtlasHistory *history)
{
  return history->snapshots->len;
}

AtlasSnapshot *
atlas_history_get (const AtlasHistory *history, guint index)
{
  g_return_val_if_fail (index < history->snapshots->len, NULL);
  return history->snapshots->pdata[index];
}

AtlasSnapshot *
atlas_history_get_last (const AtlasHistory *history)
{
  guint n = history->snapshots->len;
  return n > 0 ? history->snapshots->pdata[n - 1] : NULL;
}

void
atlas_history_add_foreign_line (AtlasHistory *history, const char *line)
{
  g_ptr_array_add (history->foreign_lines, g_strdup (line));
}

const GPtrArray *
atlas_history_get_foreign_lines (const AtlasHistory *history)
{
  return history->foreign_lines;
}

AtlasHistory *
atlas_history_dup_shallow (AtlasHistory *history)
{
  AtlasHistory *copy = new_with_pool (atlas_string_pool_ref (history->pool));

  for (guint i = 0; i < history->snapshots->len; i++)
    atlas_history_add (copy, history->snapshots->pdata[i]);
  for (guint i = 0; i < history->foreign_lines->len; i++)
    atlas_history_add_foreign_line (copy, history->foreign_lines->pdata[i]);
  return copy;
}
