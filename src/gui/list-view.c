/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The base of the lists Summary and Details: paints their cells and shows their tooltips. The
 * columns belong to the view's data. Main thread.
 */

#define G_LOG_DOMAIN "atlas-gui"

#include "config.h"

#include "gui/list-view.h"

#include "gui/cell-swatch.h"
#include "gui/style.h"

typedef struct
{
  AtlasListColumns *columns; /* nullable */
  AtlasTypeLook looks[ATLAS_N_TYPES];
} AtlasListViewPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (AtlasListView, atlas_list_view, GTK_TYPE_TREE_VIEW)

static AtlasListViewPrivate *
get_private (gpointer self)
{
  return atlas_list_view_get_instance_private (self);
}

static void
fill_cell (GtkTreeView *view, AtlasColumn column, GtkCellRenderer *cell, GtkTreeModel *model,
           GtkTreeIter *iter)
{
  AtlasListView *self = ATLAS_LIST_VIEW (view);
  AtlasListViewClass *klass = ATLAS_LIST_VIEW_GET_CLASS (self);
  AtlasType type = klass->get_row_type (self, iter);
  const AtlasTypeLook *look = &get_private (self)->looks[type];
  g_autofree char *text = NULL;

  g_object_set (cell, "cell-background-rgba", &look->background, NULL);
  if (ATLAS_IS_CELL_SWATCH (cell))
    {
      atlas_cell_swatch_set_color (ATLAS_CELL_SWATCH (cell), &look->swatch);
      return;
    }
  if (column < ATLAS_N_COLUMNS)
    text = klass->dup_text (self, iter, column);
  g_object_set (cell, "text", text, "foreground-rgba", &look->text, "weight",
                type == ATLAS_TYPE_TOTAL ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL, NULL);
}

static gboolean
query_tooltip (GtkWidget *widget, gint x, gint y, gboolean keyboard, GtkTooltip *tooltip)
{
  AtlasListView *self = ATLAS_LIST_VIEW (widget);
  GtkTreeView *view = GTK_TREE_VIEW (widget);
  GtkTreeModel *model = gtk_tree_view_get_model (view);
  g_autoptr (GtkTreePath) path = NULL;
  g_autofree char *text = NULL;
  AtlasColumn column;
  GtkTreeIter iter;

  if (model == NULL ||
      !atlas_list_columns_get_tooltip_cell (view, x, y, keyboard, &path, &column) ||
      !gtk_tree_model_get_iter (model, &iter, path))
    return FALSE;
  text = ATLAS_LIST_VIEW_GET_CLASS (self)->dup_tooltip (self, &iter, column);
  gtk_tooltip_set_text (tooltip, text);
  gtk_tree_view_set_tooltip_row (view, tooltip, path);
  return TRUE;
}

static void
style_updated (GtkWidget *widget)
{
  AtlasListViewPrivate *priv = get_private (widget);

  GTK_WIDGET_CLASS (atlas_list_view_parent_class)->style_updated (widget);
  atlas_style_get_looks (widget, priv->looks);
  if (priv->columns != NULL)
    atlas_list_columns_refit (priv->columns);
}

static void
atlas_list_view_class_init (AtlasListViewClass *klass)
{
  GTK_WIDGET_CLASS (klass)->query_tooltip = query_tooltip;
  GTK_WIDGET_CLASS (klass)->style_updated = style_updated;
}

static void
atlas_list_view_init (AtlasListView *self)
{
  gtk_style_context_add_class (gtk_widget_get_style_context (GTK_WIDGET (self)), "atlas-list");
  gtk_tree_view_set_enable_search (GTK_TREE_VIEW (self), FALSE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
}

void
atlas_list_view_add_columns (AtlasListView *self, AtlasPreferences *preferences, const char *key,
                             AtlasColumnFlags where)
{
  AtlasListViewPrivate *priv = get_private (self);

  atlas_style_get_looks (GTK_WIDGET (self), priv->looks);
  priv->columns = atlas_list_columns_new (GTK_TREE_VIEW (self), preferences, key, where, fill_cell);
}

AtlasListColumns *
atlas_list_view_get_columns (AtlasListView *self)
{
  return get_private (self)->columns;
}
