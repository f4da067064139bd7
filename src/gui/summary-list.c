/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The Summary list: a row a type in the type's colour; the selected types filter Details. Main
 * thread.
 */

#define G_LOG_DOMAIN "atlas-gui"

#include "config.h"

#include "gui/summary-list.h"

#include "gui/row-text.h"
#include "gui/summary-model.h"

#include <glib/gi18n.h>

#define ALL_TYPES (1u << ATLAS_TYPE_TOTAL)

struct _AtlasSummaryList
{
  AtlasListView parent;
  AtlasSummaryModel *model;
  AtlasListColumns *columns; /* owned by the view's data */
  AtlasTypeSet types;        /* as last told */
  gboolean selecting;        /* set_types is at work */
};

enum
{
  SIGNAL_TYPES_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (AtlasSummaryList, atlas_summary_list, ATLAS_TYPE_LIST_VIEW)

static AtlasType
get_row_type (AtlasListView *view, GtkTreeIter *iter)
{
  return atlas_summary_model_get_row_type (ATLAS_SUMMARY_LIST (view)->model, iter);
}

static char *
dup_text (AtlasListView *view, GtkTreeIter *iter, AtlasColumn column)
{
  return atlas_summary_model_dup_text (ATLAS_SUMMARY_LIST (view)->model, iter, column);
}

static char *
dup_tooltip (AtlasListView *view, GtkTreeIter *iter, AtlasColumn column)
{
  AtlasType type = get_row_type (view, iter);
  AtlasSnapshot *snapshot = atlas_summary_model_get_snapshot (ATLAS_SUMMARY_LIST (view)->model);

  if (snapshot != NULL && column < ATLAS_N_COLUMNS &&
      atlas_totals_get_value (snapshot, type, column) == ATLAS_UNKNOWN)
    return atlas_snapshot_dup_unknown_reason (snapshot);
  return g_strdup (_ (atlas_type_get_info (type)->help));
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

static void
style_updated (GtkWidget *widget)
{
  AtlasSummaryList *self = ATLAS_SUMMARY_LIST (widget);

  GTK_WIDGET_CLASS (atlas_summary_list_parent_class)->style_updated (widget);
  if (self->columns != NULL && atlas_summary_model_get_snapshot (self->model) != NULL)
    atlas_summary_list_set_snapshot (self, atlas_summary_model_get_snapshot (self->model));
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
  GTK_WIDGET_CLASS (klass)->style_updated = style_updated;
  ATLAS_LIST_VIEW_CLASS (klass)->get_row_type = get_row_type;
  ATLAS_LIST_VIEW_CLASS (klass)->dup_text = dup_text;
  ATLAS_LIST_VIEW_CLASS (klass)->dup_tooltip = dup_tooltip;
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
  gtk_tree_selection_set_mode (selection, GTK_SELECTION_MULTIPLE);
  g_signal_connect_swapped (selection, "changed", G_CALLBACK (selection_changed), self);
}

GtkWidget *
atlas_summary_list_new (AtlasPreferences *preferences)
{
  AtlasSummaryList *self = g_object_new (ATLAS_TYPE_SUMMARY_LIST, NULL);
  GtkTreeView *view = GTK_TREE_VIEW (self);

  atlas_list_view_add_columns (ATLAS_LIST_VIEW (self), preferences, "summary-columns",
                               ATLAS_COLUMN_IN_SUMMARY);
  self->columns = atlas_list_view_get_columns (ATLAS_LIST_VIEW (self));
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
