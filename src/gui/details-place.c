/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Keeps by address what is open, selected and scrolled to in the Details list, and brings it back
 * in another model. Owns copies only. Main thread.
 */

#include "config.h"

#include "gui/details-place.h"

#include "gui/scroll-anchor.h"

void
atlas_details_place_init (AtlasDetailsPlace *place)
{
  *place = (AtlasDetailsPlace){ 0 };
  place->expanded = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
}

void
atlas_details_place_clear (AtlasDetailsPlace *place)
{
  g_clear_pointer (&place->expanded, g_hash_table_unref);
  atlas_row_key_clear (&place->selected);
  atlas_row_key_clear (&place->top);
}

void
atlas_details_place_forget (AtlasDetailsPlace *place)
{
  g_hash_table_remove_all (place->expanded);
  atlas_row_key_clear (&place->selected);
}

void
atlas_details_place_collapse_all (AtlasDetailsPlace *place)
{
  g_hash_table_remove_all (place->expanded);
}

/* The address of the region at @iter is the key of the table of expanded ones. Kernel memory shares
 * the key 0: the few rows of it expand and collapse together. */
void
atlas_details_place_set_expanded (AtlasDetailsPlace *place, AtlasDetailsModel *model,
                                  GtkTreeIter *iter, gboolean expanded)
{
  guint64 start = 0, end;

  atlas_rows_get_range (atlas_details_model_get_rows (model),
                        atlas_details_model_get_row (model, iter), &start, &end);
  if (expanded)
    g_hash_table_add (place->expanded, g_memdup2 (&start, sizeof start));
  else
    g_hash_table_remove (place->expanded, &start);
}

void
atlas_details_place_set_selected (AtlasDetailsPlace *place, AtlasRows *rows, AtlasRow row)
{
  if (rows != NULL)
    atlas_row_key_init (&place->selected, rows, row);
  else
    atlas_row_key_clear (&place->selected);
}

void
atlas_details_place_take_scroll (AtlasDetailsPlace *place, GtkTreeView *view,
                                 AtlasDetailsModel *model)
{
  g_autoptr (GtkTreePath) path = NULL;
  GtkTreeIter iter;

  atlas_row_key_clear (&place->top);
  place->hidden = 0;
  if (model != NULL)
    path = atlas_scroll_anchor_get (view, &place->hidden);
  /* At the very top one stays at the top, whatever comes before. */
  if (path == NULL || !gtk_tree_model_get_iter (GTK_TREE_MODEL (model), &iter, path) ||
      (gtk_tree_path_get_depth (path) == 1 && gtk_tree_path_get_indices (path)[0] == 0))
    return;
  atlas_row_key_init (&place->top, atlas_details_model_get_rows (model),
                      atlas_details_model_get_row (model, &iter));
}

static void
restore_expanded (AtlasDetailsPlace *place, GtkTreeView *view, AtlasRows *rows)
{
  guint n = g_hash_table_size (place->expanded);
  guint length = atlas_rows_get_length (rows);

  if (n == 0)
    return;
  /* One by one costs more than all at once when it is nearly all. */
  if (n > 1000 && n >= atlas_snapshot_get_n_regions (atlas_rows_get_snapshot (rows)) / 10 * 9)
    {
      gtk_tree_view_expand_all (view);
      return;
    }
  for (guint i = 0; i < length; i++)
    {
      guint64 start = 0, end;

      atlas_rows_get_range (rows, atlas_rows_get (rows, i), &start, &end);
      if (g_hash_table_contains (place->expanded, &start))
        {
          g_autoptr (GtkTreePath) path = gtk_tree_path_new_from_indices (i, -1);

          gtk_tree_view_expand_row (view, path, FALSE);
        }
    }
}

static void
restore_selected (AtlasDetailsPlace *place, GtkTreeView *view, AtlasDetailsModel *model)
{
  g_autoptr (GtkTreePath) path = NULL;
  gint index, block;

  if (!atlas_row_key_find (&place->selected, atlas_details_model_get_rows (model), &index, &block))
    return;
  path = atlas_details_model_new_path (model, index, block);
  /* A block is selected only where its region is open. */
  if (block >= 0 && !gtk_tree_view_row_expanded (view, path))
    {
      g_autoptr (GtkTreePath) parent = gtk_tree_path_new_from_indices (index, -1);
      gtk_tree_view_expand_row (view, parent, FALSE);
    }
  gtk_tree_selection_select_path (gtk_tree_view_get_selection (view), path);
}

static void
restore_scroll (AtlasDetailsPlace *place, GtkTreeView *view, AtlasDetailsModel *model)
{
  AtlasRows *rows = atlas_details_model_get_rows (model);
  g_autoptr (GtkTreePath) parent = NULL;
  g_autoptr (GtkTreePath) path = NULL;
  gint index, block;

  if (!atlas_row_key_find (&place->top, rows, &index, &block))
    {
      index = atlas_row_key_find_near (&place->top, rows);
      block = -1;
    }
  if (index < 0)
    return;
  parent = gtk_tree_path_new_from_indices (index, -1);
  /* A block that is not seen is where its region is. */
  if (!gtk_tree_view_row_expanded (view, parent))
    block = -1;
  path = atlas_details_model_new_path (model, index, block);
  atlas_scroll_anchor_set (view, path, place->hidden);
}

void
atlas_details_place_restore (AtlasDetailsPlace *place, GtkTreeView *view, AtlasDetailsModel *model)
{
  restore_expanded (place, view, atlas_details_model_get_rows (model));
  restore_selected (place, view, model);
  restore_scroll (place, view, model);
  atlas_row_key_clear (&place->top);
}
