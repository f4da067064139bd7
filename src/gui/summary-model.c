/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The model of the Summary list: a row a type, and the snapshot whose totals they stand for. Text
 * is made when it is painted. Main thread.
 */

#include "config.h"

#include "gui/summary-model.h"

#include "gui/row-text.h"

#include <glib/gi18n.h>

struct _AtlasSummaryModel
{
  GtkListStore parent;     /* one column: the type */
  AtlasSnapshot *snapshot; /* nullable */
  AtlasUnit unit;
};

G_DEFINE_TYPE (AtlasSummaryModel, atlas_summary_model, GTK_TYPE_LIST_STORE)

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
  GType column = G_TYPE_UINT;

  gtk_list_store_set_column_types (GTK_LIST_STORE (self), 1, &column);
  for (guint type = 0; type < ATLAS_N_TYPES; type++)
    gtk_list_store_insert_with_values (GTK_LIST_STORE (self), NULL, -1, 0, type, -1);
}

AtlasSummaryModel *
atlas_summary_model_new (void)
{
  return g_object_new (ATLAS_TYPE_SUMMARY_MODEL, NULL);
}

static gboolean
row_changed (GtkTreeModel *model, GtkTreePath *path, GtkTreeIter *iter, gpointer data)
{
  gtk_tree_model_row_changed (model, path, iter);
  return FALSE;
}

static void
rows_changed (AtlasSummaryModel *self)
{
  gtk_tree_model_foreach (GTK_TREE_MODEL (self), row_changed, NULL);
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
  guint type;

  gtk_tree_model_get (GTK_TREE_MODEL (self), iter, 0, &type, -1);
  return type;
}

char *
atlas_summary_model_dup_text (AtlasSummaryModel *self, GtkTreeIter *iter, AtlasColumn column)
{
  AtlasType type = atlas_summary_model_get_row_type (self, iter);

  g_return_val_if_fail (column < ATLAS_N_COLUMNS, NULL);
  if (self->snapshot != NULL)
    return atlas_totals_dup_text (self->snapshot, type, column, self->unit);
  return column == ATLAS_COLUMN_TYPE ? g_strdup (_ (atlas_type_get_info (type)->name)) : NULL;
}
