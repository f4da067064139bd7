/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * GtkTreeModel of the Summary list: the totals of a snapshot, a row a type. Text is made when it is
 * painted. Main thread.
 */

#include "config.h"

#include "gui/summary-model.h"

#include "gui/row-text.h"

struct _AtlasSummaryModel
{
  GObject parent;
  AtlasSnapshot *snapshot; /* nullable */
  AtlasUnit unit;
};

/* Iters are good for any model of this kind: user_data is the type. */
#define ITER_STAMP 0x41746c73

static void tree_model_iface_init (GtkTreeModelIface *iface);

G_DEFINE_TYPE_WITH_CODE (AtlasSummaryModel, atlas_summary_model, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (GTK_TYPE_TREE_MODEL, tree_model_iface_init))

static gboolean
set_iter (GtkTreeIter *iter, gint index)
{
  gboolean valid = index >= 0 && index < ATLAS_N_TYPES;

  iter->stamp = valid ? ITER_STAMP : 0;
  iter->user_data = GINT_TO_POINTER (valid ? index : 0);
  return valid;
}

static GtkTreeModelFlags
get_flags (GtkTreeModel *model)
{
  return GTK_TREE_MODEL_ITERS_PERSIST | GTK_TREE_MODEL_LIST_ONLY;
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
  return set_iter (iter,
                   gtk_tree_path_get_depth (path) == 1 ? gtk_tree_path_get_indices (path)[0] : -1);
}

static GtkTreePath *
get_path (GtkTreeModel *model, GtkTreeIter *iter)
{
  return gtk_tree_path_new_from_indices (GPOINTER_TO_INT (iter->user_data), -1);
}

static void
get_value (GtkTreeModel *model, GtkTreeIter *iter, gint column, GValue *value)
{
  g_value_init (value, G_TYPE_STRING);
  g_value_take_string (value,
                       atlas_summary_model_dup_text (ATLAS_SUMMARY_MODEL (model), iter, column));
}

static gboolean
iter_next (GtkTreeModel *model, GtkTreeIter *iter)
{
  return set_iter (iter, GPOINTER_TO_INT (iter->user_data) + 1);
}

static gboolean
iter_previous (GtkTreeModel *model, GtkTreeIter *iter)
{
  return set_iter (iter, GPOINTER_TO_INT (iter->user_data) - 1);
}

static gboolean
iter_nth_child (GtkTreeModel *model, GtkTreeIter *iter, GtkTreeIter *parent, gint n)
{
  return set_iter (iter, parent == NULL ? n : -1);
}

static gboolean
iter_children (GtkTreeModel *model, GtkTreeIter *iter, GtkTreeIter *parent)
{
  return set_iter (iter, parent == NULL ? 0 : -1);
}

static gboolean
iter_has_child (GtkTreeModel *model, GtkTreeIter *iter)
{
  return FALSE;
}

static gint
iter_n_children (GtkTreeModel *model, GtkTreeIter *iter)
{
  return iter == NULL ? ATLAS_N_TYPES : 0;
}

static gboolean
iter_parent (GtkTreeModel *model, GtkTreeIter *iter, GtkTreeIter *child)
{
  return set_iter (iter, -1);
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
atlas_summary_model_finalize (GObject *object)
{
  g_clear_pointer (&ATLAS_SUMMARY_MODEL (object)->snapshot, atlas_snapshot_unref);
  G_OBJECT_CLASS (atlas_summary_model_parent_class)->finalize (object);
}

static void
atlas_summary_model_class_init (AtlasSummaryModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = atlas_summary_model_finalize;
}

static void
atlas_summary_model_init (AtlasSummaryModel *self)
{
}

AtlasSummaryModel *
atlas_summary_model_new (void)
{
  return g_object_new (ATLAS_TYPE_SUMMARY_MODEL, NULL);
}

static void
rows_changed (AtlasSummaryModel *self)
{
  for (gint type = 0; type < ATLAS_N_TYPES; type++)
    {
      g_autoptr (GtkTreePath) path = gtk_tree_path_new_from_indices (type, -1);
      GtkTreeIter iter;

      set_iter (&iter, type);
      gtk_tree_model_row_changed (GTK_TREE_MODEL (self), path, &iter);
    }
}

void
atlas_summary_model_set_snapshot (AtlasSummaryModel *self, AtlasSnapshot *snapshot)
{
  if (snapshot != NULL)
    atlas_snapshot_ref (snapshot);
  g_clear_pointer (&self->snapshot, atlas_snapshot_unref);
  self->snapshot = snapshot;
  rows_changed (self);
}

void
atlas_summary_model_set_unit (AtlasSummaryModel *self, AtlasUnit unit)
{
  self->unit = unit;
  rows_changed (self);
}

AtlasUnit
atlas_summary_model_get_unit (AtlasSummaryModel *self)
{
  return self->unit;
}

AtlasSnapshot *
atlas_summary_model_get_snapshot (AtlasSummaryModel *self)
{
  return self->snapshot;
}

AtlasType
atlas_summary_model_get_row_type (AtlasSummaryModel *self, GtkTreeIter *iter)
{
  return GPOINTER_TO_INT (iter->user_data);
}

char *
atlas_summary_model_dup_text (AtlasSummaryModel *self, GtkTreeIter *iter, AtlasColumn column)
{
  g_return_val_if_fail (column < ATLAS_N_COLUMNS, NULL);
  if (self->snapshot == NULL)
    return column == ATLAS_COLUMN_TYPE
             ? g_strdup (g_dgettext (GETTEXT_PACKAGE,
                                     atlas_type_get_info (GPOINTER_TO_INT (iter->user_data))->name))
             : NULL;
  return atlas_totals_dup_text (self->snapshot, GPOINTER_TO_INT (iter->user_data), column,
                                self->unit);
}
