/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The Summary list: a row a type in the type's colour; the selected types filter Details. Main
 * thread.
 */

#define G_LOG_DOMAIN "atlas-gui"

#include "config.h"

#include "gui/summary-list.h"

#include "gui/cell-swatch.h"
#include "gui/row-text.h"
#include "gui/style.h"
#include "gui/summary-model.h"

#include <glib/gi18n.h>

#define ALL_TYPES (1u << ATLAS_TYPE_TOTAL)

struct _AtlasSummaryList
{
  GtkTreeView parent;
  AtlasSummaryModel *model;
  AtlasListColumns *columns; /* owned by the view's data */
  AtlasTypeLook looks[ATLAS_N_TYPES];
  AtlasTypeSet types; /* as last told */
  gboolean selecting; /* set_types is at work */
};

enum
{
  SIGNAL_TYPES_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (AtlasSummaryList, atlas_summary_list, GTK_TYPE_TREE_VIEW)

static void
fill_cell (GtkTreeView *view, AtlasColumn column, GtkCellRenderer *cell, GtkTreeModel *model,
           GtkTreeIter *iter)
{
  AtlasSummaryList *self = ATLAS_SUMMARY_LIST (view);
  AtlasType type = atlas_summary_model_get_row_type (self->model, iter);
  const AtlasTypeLook *look = &self->looks[type];
  g_autofree char *text = NULL;

  g_object_set (cell, "cell-background-rgba", &look->background, NULL);
  if (ATLAS_IS_CELL_SWATCH (cell))
    {
      atlas_cell_swatch_set_color (ATLAS_CELL_SWATCH (cell), &look->swatch);
      return;
    }
  if (column < ATLAS_N_COLUMNS)
    text = atlas_summary_model_dup_text (self->model, iter, column);
  g_object_set (cell, "text", text, "foreground-rgba", &look->text, "weight",
                type == ATLAS_TYPE_TOTAL ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL, NULL);
}

static AtlasTypeSet
read_types (AtlasSummaryList *self)
{
  GList *paths;
  AtlasTypeSet types = 0;

  paths =
    gtk_tree_selection_get_selected_rows (gtk_tree_view_get_selection (GTK_TREE_VIEW (self)), NULL);
  for (GList *l = paths; l != NULL; l = l->next)
    types |= 1u << gtk_tree_path_get_indices (l->data)[0];
  g_list_free_full (paths, (GDestroyNotify)gtk_tree_path_free);
  return types == 0 || (types & ALL_TYPES) ? ALL_TYPES : types;
}

static void
selection_changed (AtlasSummaryList *self)
{
  AtlasTypeSet types = read_types (self);

  if (self->selecting || types == self->types)
    return;
  self->types = types;
  g_signal_emit (self, signals[SIGNAL_TYPES_CHANGED], 0);
}

static gboolean
query_tooltip (GtkWidget *widget, gint x, gint y, gboolean keyboard, GtkTooltip *tooltip)
{
  AtlasSummaryList *self = ATLAS_SUMMARY_LIST (widget);
  GtkTreeView *view = GTK_TREE_VIEW (widget);
  AtlasSnapshot *snapshot = atlas_summary_model_get_snapshot (self->model);
  g_autoptr (GtkTreePath) path = NULL;
  g_autofree char *text = NULL;
  AtlasColumn column;
  AtlasType type;

  if (!atlas_list_columns_get_tooltip_cell (view, x, y, keyboard, &path, &column))
    return FALSE;
  type = gtk_tree_path_get_indices (path)[0];
  if (snapshot != NULL && column < ATLAS_N_COLUMNS &&
      atlas_totals_get_value (snapshot, type, column) == ATLAS_UNKNOWN)
    text = atlas_snapshot_dup_unknown_reason (snapshot);
  else
    text = g_strdup (_ (atlas_type_get_info (type)->help));
  gtk_tooltip_set_text (tooltip, text);
  gtk_tree_view_set_tooltip_row (view, tooltip, path);
  return TRUE;
}

static void
style_updated (GtkWidget *widget)
{
  AtlasSummaryList *self = ATLAS_SUMMARY_LIST (widget);

  GTK_WIDGET_CLASS (atlas_summary_list_parent_class)->style_updated (widget);
  atlas_style_get_looks (widget, self->looks);
  if (self->columns != NULL)
    {
      atlas_list_columns_refit (self->columns);
      if (atlas_summary_model_get_snapshot (self->model) != NULL)
        atlas_summary_list_set_snapshot (self, atlas_summary_model_get_snapshot (self->model));
    }
}

static AtkObject *
get_accessible (GtkWidget *widget)
{
  AtkObject *accessible =
    GTK_WIDGET_CLASS (atlas_summary_list_parent_class)->get_accessible (widget);

  if (accessible != NULL && atk_object_get_name (accessible) == NULL)
    {
      atk_object_set_name (accessible, _ ("Summary"));
      atk_object_set_description (accessible,
                                  _ ("Memory by type; the selected types are shown in Details"));
    }
  return accessible;
}

static void
atlas_summary_list_dispose (GObject *object)
{
  g_clear_object (&ATLAS_SUMMARY_LIST (object)->model);
  G_OBJECT_CLASS (atlas_summary_list_parent_class)->dispose (object);
}

static void
atlas_summary_list_class_init (AtlasSummaryListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = atlas_summary_list_dispose;
  GTK_WIDGET_CLASS (klass)->get_accessible = get_accessible;
  GTK_WIDGET_CLASS (klass)->query_tooltip = query_tooltip;
  GTK_WIDGET_CLASS (klass)->style_updated = style_updated;
  signals[SIGNAL_TYPES_CHANGED] =
    g_signal_new ("types-changed", ATLAS_TYPE_SUMMARY_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
atlas_summary_list_init (AtlasSummaryList *self)
{
  GtkTreeView *view = GTK_TREE_VIEW (self);
  GtkTreeSelection *selection = gtk_tree_view_get_selection (view);

  self->model = atlas_summary_model_new ();
  self->types = ALL_TYPES;
  gtk_style_context_add_class (gtk_widget_get_style_context (GTK_WIDGET (self)), "atlas-list");
  gtk_tree_view_set_enable_search (view, FALSE);
  gtk_tree_selection_set_mode (selection, GTK_SELECTION_MULTIPLE);
  g_signal_connect_swapped (selection, "changed", G_CALLBACK (selection_changed), self);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
}

GtkWidget *
atlas_summary_list_new (AtlasPreferences *preferences)
{
  AtlasSummaryList *self = g_object_new (ATLAS_TYPE_SUMMARY_LIST, NULL);
  GtkTreeView *view = GTK_TREE_VIEW (self);

  atlas_style_get_looks (GTK_WIDGET (self), self->looks);
  self->columns = atlas_list_columns_new (view, preferences, "summary-columns",
                                          ATLAS_COLUMN_IN_SUMMARY, fill_cell);
  gtk_tree_view_set_fixed_height_mode (view, TRUE);
  gtk_tree_view_set_model (view, GTK_TREE_MODEL (self->model));
  atlas_summary_list_set_types (self, ALL_TYPES);
  return GTK_WIDGET (self);
}

void
atlas_summary_list_set_snapshot (AtlasSummaryList *self, AtlasSnapshot *snapshot)
{
  atlas_summary_model_set_snapshot (self->model, snapshot);
  for (guint type = 0; snapshot != NULL && type < ATLAS_N_TYPES; type++)
    atlas_list_columns_fit_totals (self->columns, snapshot, type,
                                   atlas_summary_model_get_unit (self->model));
}

void
atlas_summary_list_set_unit (AtlasSummaryList *self, AtlasUnit unit)
{
  atlas_summary_model_set_unit (self->model, unit);
  atlas_list_columns_refit (self->columns);
  atlas_summary_list_set_snapshot (self, atlas_summary_model_get_snapshot (self->model));
}

AtlasTypeSet
atlas_summary_list_get_types (AtlasSummaryList *self)
{
  return self->types;
}

void
atlas_summary_list_set_types (AtlasSummaryList *self, AtlasTypeSet types)
{
  GtkTreeSelection *selection = gtk_tree_view_get_selection (GTK_TREE_VIEW (self));

  if (types == 0 || (types & ALL_TYPES))
    types = ALL_TYPES;
  self->selecting = TRUE;
  /* The keyboard goes on from here: on the row where the cursor is already, Home does nothing. */
  for (gint type = 0; type < ATLAS_N_TYPES; type++)
    if (types & (1u << type))
      {
        g_autoptr (GtkTreePath) path = gtk_tree_path_new_from_indices (type, -1);

        gtk_tree_view_set_cursor (GTK_TREE_VIEW (self), path, NULL, FALSE);
        break;
      }
  gtk_tree_selection_unselect_all (selection);
  for (gint type = 0; type < ATLAS_N_TYPES; type++)
    if (types & (1u << type))
      {
        g_autoptr (GtkTreePath) path = gtk_tree_path_new_from_indices (type, -1);

        gtk_tree_selection_select_path (selection, path);
      }
  self->selecting = FALSE;
  if (types != self->types)
    {
      self->types = types;
      g_signal_emit (self, signals[SIGNAL_TYPES_CHANGED], 0);
    }
}

AtlasListColumns *
atlas_summary_list_get_columns (AtlasSummaryList *self)
{
  return self->columns;
}

gint
atlas_summary_list_get_full_height (AtlasSummaryList *self)
{
  gint minimum, natural;

  gtk_widget_get_preferred_height (GTK_WIDGET (self), &minimum, &natural);
  return natural;
}
