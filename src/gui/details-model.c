/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * GtkTreeModel over AtlasRows: two levels, nothing copied, text made when it is painted. Never
 * changes: another filter, order or snapshot is another model. Main thread.
 */

#include "config.h"

#include "gui/details-model.h"

#include "gui/row-text.h"

#include <glib/gi18n.h>

/* Rows whose figures are kept: more than a screen has, so that painting a region of many blocks
 * sums it once and not once a column. A power of two. */
#define CACHE_SIZE 256

typedef struct
{
  gboolean used;
  AtlasRow row;
  AtlasFigures figures;
} CacheEntry;

struct _AtlasDetailsModel
{
  GObject parent;
  AtlasRows *rows;
  AtlasSnapshot *snapshot; /* of rows */
  AtlasUnit unit;
  gint stamp;
  CacheEntry *cache; /* CACHE_SIZE, made at first use */
};

/* The functions of the interface are called once a row and more when a list of 64,000 is built:
 * they do without the checks of a GObject cast. An iter: user_data is the top-level index,
 * user_data2 the child's index + 1 or 0. */
#define ITER_INDEX(iter) GPOINTER_TO_UINT ((iter)->user_data)
#define ITER_CHILD(iter) GPOINTER_TO_UINT ((iter)->user_data2)

static void tree_model_iface_init (GtkTreeModelIface *iface);

G_DEFINE_TYPE_WITH_CODE (AtlasDetailsModel, atlas_details_model, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (GTK_TYPE_TREE_MODEL, tree_model_iface_init))

static gboolean
set_iter (AtlasDetailsModel *self, GtkTreeIter *iter, guint index, guint child)
{
  iter->stamp = self->stamp;
  iter->user_data = GUINT_TO_POINTER (index);
  iter->user_data2 = GUINT_TO_POINTER (child);
  iter->user_data3 = NULL;
  return TRUE;
}

static gboolean
clear_iter (GtkTreeIter *iter)
{
  iter->stamp = 0;
  return FALSE;
}

/* Children of top-level row @index. */
static guint
count_children (AtlasDetailsModel *self, guint index)
{
  AtlasRow row = atlas_rows_get (self->rows, index);

  if (ATLAS_ROW_GET_KIND (row) != ATLAS_ROW_REGION)
    return 0;
  return atlas_snapshot_get_region (self->snapshot, ATLAS_ROW_GET_INDEX (row))->n_blocks;
}

static GtkTreeModelFlags
get_flags (GtkTreeModel *model)
{
  return GTK_TREE_MODEL_ITERS_PERSIST;
}

static gint
get_n_columns (GtkTreeModel *model)
{
  return ATLAS_N_COLUMNS;
}

static GType
get_column_type (GtkTreeModel *model, gint column)
{
  return G_TYPE_STRING;
}

static gboolean
get_iter (GtkTreeModel *model, GtkTreeIter *iter, GtkTreePath *path)
{
  AtlasDetailsModel *self = (AtlasDetailsModel *)model;
  gint *indices, depth;

  indices = gtk_tree_path_get_indices_with_depth (path, &depth);
  if (depth < 1 || depth > 2 || indices[0] < 0 ||
      (guint)indices[0] >= atlas_rows_get_length (self->rows))
    return clear_iter (iter);
  if (depth == 1)
    return set_iter (self, iter, indices[0], 0);
  if (indices[1] < 0 || (guint)indices[1] >= count_children (self, indices[0]))
    return clear_iter (iter);
  return set_iter (self, iter, indices[0], indices[1] + 1);
}

static GtkTreePath *
get_path (GtkTreeModel *model, GtkTreeIter *iter)
{
  if (ITER_CHILD (iter) == 0)
    return gtk_tree_path_new_from_indices (ITER_INDEX (iter), -1);
  return gtk_tree_path_new_from_indices (ITER_INDEX (iter), ITER_CHILD (iter) - 1, -1);
}

static void
get_value (GtkTreeModel *model, GtkTreeIter *iter, gint column, GValue *value)
{
  g_value_init (value, G_TYPE_STRING);
  g_value_take_string (value,
                       atlas_details_model_dup_text (ATLAS_DETAILS_MODEL (model), iter, column));
}

static gboolean
iter_next (GtkTreeModel *model, GtkTreeIter *iter)
{
  AtlasDetailsModel *self = (AtlasDetailsModel *)model;
  guint index = ITER_INDEX (iter), child = ITER_CHILD (iter);

  if (child == 0)
    return index + 1 < atlas_rows_get_length (self->rows) ? set_iter (self, iter, index + 1, 0)
                                                          : clear_iter (iter);
  return child < count_children (self, index) ? set_iter (self, iter, index, child + 1)
                                              : clear_iter (iter);
}

static gboolean
iter_previous (GtkTreeModel *model, GtkTreeIter *iter)
{
  AtlasDetailsModel *self = (AtlasDetailsModel *)model;
  guint index = ITER_INDEX (iter), child = ITER_CHILD (iter);

  if (child == 0)
    return index > 0 ? set_iter (self, iter, index - 1, 0) : clear_iter (iter);
  return child > 1 ? set_iter (self, iter, index, child - 1) : clear_iter (iter);
}

static gboolean
iter_nth_child (GtkTreeModel *model, GtkTreeIter *iter, GtkTreeIter *parent, gint n)
{
  AtlasDetailsModel *self = (AtlasDetailsModel *)model;

  if (n < 0)
    return clear_iter (iter);
  if (parent == NULL)
    return (guint)n < atlas_rows_get_length (self->rows) ? set_iter (self, iter, n, 0)
                                                         : clear_iter (iter);
  if (ITER_CHILD (parent) != 0 || (guint)n >= count_children (self, ITER_INDEX (parent)))
    return clear_iter (iter);
  return set_iter (self, iter, ITER_INDEX (parent), n + 1);
}

static gboolean
iter_children (GtkTreeModel *model, GtkTreeIter *iter, GtkTreeIter *parent)
{
  return iter_nth_child (model, iter, parent, 0);
}

static gboolean
iter_has_child (GtkTreeModel *model, GtkTreeIter *iter)
{
  return ITER_CHILD (iter) == 0 &&
         count_children ((AtlasDetailsModel *)model, ITER_INDEX (iter)) > 0;
}

static gint
iter_n_children (GtkTreeModel *model, GtkTreeIter *iter)
{
  AtlasDetailsModel *self = (AtlasDetailsModel *)model;

  if (iter == NULL)
    return atlas_rows_get_length (self->rows);
  return ITER_CHILD (iter) == 0 ? count_children (self, ITER_INDEX (iter)) : 0;
}

static gboolean
iter_parent (GtkTreeModel *model, GtkTreeIter *iter, GtkTreeIter *child)
{
  if (ITER_CHILD (child) == 0)
    return clear_iter (iter);
  return set_iter (ATLAS_DETAILS_MODEL (model), iter, ITER_INDEX (child), 0);
}

static void
tree_model_iface_init (GtkTreeModelIface *iface)
{
  iface->get_flags = get_flags;
  iface->get_n_columns = get_n_columns;
  iface->get_column_type = get_column_type;
  iface->get_iter = get_iter;
  iface->get_path = get_path;
  iface->get_value = get_value;
  iface->iter_next = iter_next;
  iface->iter_previous = iter_previous;
  iface->iter_children = iter_children;
  iface->iter_has_child = iter_has_child;
  iface->iter_n_children = iter_n_children;
  iface->iter_nth_child = iter_nth_child;
  iface->iter_parent = iter_parent;
}

static void
atlas_details_model_finalize (GObject *object)
{
  AtlasDetailsModel *self = ATLAS_DETAILS_MODEL (object);

  g_clear_pointer (&self->rows, atlas_rows_unref);
  g_free (self->cache);
  G_OBJECT_CLASS (atlas_details_model_parent_class)->finalize (object);
}

static void
atlas_details_model_class_init (AtlasDetailsModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = atlas_details_model_finalize;
}

static void
atlas_details_model_init (AtlasDetailsModel *self)
{
  do
    self->stamp = (gint)g_random_int ();
  while (self->stamp == 0);
}

AtlasDetailsModel *
atlas_details_model_new (AtlasRows *rows, AtlasUnit unit)
{
  AtlasDetailsModel *self = g_object_new (ATLAS_TYPE_DETAILS_MODEL, NULL);

  self->rows = atlas_rows_ref (rows);
  self->snapshot = atlas_rows_get_snapshot (rows);
  self->unit = unit;
  return self;
}

AtlasRows *
atlas_details_model_get_rows (AtlasDetailsModel *self)
{
  return self->rows;
}

AtlasRow
atlas_details_model_get_row (AtlasDetailsModel *self, GtkTreeIter *iter)
{
  AtlasRow row = atlas_rows_get (self->rows, ITER_INDEX (iter));
  const AtlasRegion *region;

  g_return_val_if_fail (iter->stamp == self->stamp, row);
  if (ITER_CHILD (iter) == 0)
    return row;
  region = atlas_snapshot_get_region (self->snapshot, ATLAS_ROW_GET_INDEX (row));
  return ATLAS_ROW (ATLAS_ROW_BLOCK, region->first_block + ITER_CHILD (iter) - 1);
}

AtlasType
atlas_details_model_get_row_type (AtlasDetailsModel *self, GtkTreeIter *iter)
{
  return atlas_rows_get_type (self->rows, atlas_rows_get (self->rows, ITER_INDEX (iter)));
}

const AtlasFigures *
atlas_details_model_get_figures (AtlasDetailsModel *self, AtlasRow row)
{
  CacheEntry *entry;

  if (self->cache == NULL)
    self->cache = g_new0 (CacheEntry, CACHE_SIZE);
  entry = &self->cache[(row ^ (row >> 24)) & (CACHE_SIZE - 1)];
  if (!entry->used || entry->row != row)
    {
      atlas_rows_get_figures (self->rows, row, &entry->figures);
      entry->row = row;
      entry->used = TRUE;
    }
  return &entry->figures;
}

char *
atlas_details_model_dup_text (AtlasDetailsModel *self, GtkTreeIter *iter, AtlasColumn column)
{
  AtlasRow row = atlas_details_model_get_row (self, iter);
  const AtlasFigures *figures = NULL;

  g_return_val_if_fail (column < ATLAS_N_COLUMNS, NULL);
  if (atlas_column_get_info (column)->figure >= 0)
    figures = atlas_details_model_get_figures (self, row);
  return atlas_row_dup_text (self->rows, row, figures, column, self->unit);
}

char *
atlas_details_model_dup_tooltip (AtlasDetailsModel *self, GtkTreeIter *iter, AtlasColumn column)
{
  AtlasRow row = atlas_details_model_get_row (self, iter);
  gint figure = column < ATLAS_N_COLUMNS ? atlas_column_get_info (column)->figure : -1;
  const char *path = atlas_row_get_path (self->rows, row);
  g_autofree char *type = atlas_details_model_dup_text (self, iter, ATLAS_COLUMN_TYPE);
  g_autofree char *details = atlas_details_model_dup_text (self, iter, ATLAS_COLUMN_DETAILS);
  g_autofree char *reason = atlas_details_model_dup_text (self, iter, ATLAS_COLUMN_REASON);
  GString *text;

  if (figure >= 0 && atlas_details_model_get_figures (self, row)->value[figure] == ATLAS_UNKNOWN)
    return atlas_snapshot_dup_unknown_reason (self->snapshot);
  text = g_string_new (type);
  if (details != NULL)
    g_string_append_printf (text, ": %s", details);
  if (ATLAS_ROW_GET_KIND (row) == ATLAS_ROW_BLOCK && path != NULL)
    {
      g_autofree char *shown = atlas_bytes_dup_display (path);
      g_string_append_printf (text, "\n%s", shown);
    }
  if (reason != NULL)
    {
      g_string_append_c (text, '\n');
      g_string_append_printf (text, _ ("Why: %s"), reason);
    }
  return g_string_free (text, FALSE);
}

char *
atlas_details_model_dup_row_text (AtlasDetailsModel *self, GtkTreeIter *iter,
                                  const AtlasColumn *columns)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; columns[i] != ATLAS_N_COLUMNS; i++)
    {
      g_autofree char *cell = atlas_details_model_dup_text (self, iter, columns[i]);

      if (i > 0)
        g_string_append_c (text, '\t');
      if (cell != NULL)
        g_string_append (text, cell);
    }
  return g_string_free (text, FALSE);
}

GtkTreePath *
atlas_details_model_new_path (AtlasDetailsModel *self, gint index, gint block)
{
  AtlasRow row;
  const AtlasRegion *region;

  if (block < 0)
    return gtk_tree_path_new_from_indices (index, -1);
  row = atlas_rows_get (self->rows, index);
  region = atlas_snapshot_get_region (self->snapshot, ATLAS_ROW_GET_INDEX (row));
  return gtk_tree_path_new_from_indices (index, block - (gint)region->first_block, -1);
}
