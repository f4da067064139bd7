/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The Details list. Its model is replaced whole; what the user has selected, expanded and scrolled
 * to is kept by address. Main thread.
 */

#define G_LOG_DOMAIN "atlas-gui"

#include "config.h"

#include "gui/details-list.h"

#include "gui/assistive.h"
#include "gui/cell-swatch.h"
#include "gui/details-model.h"
#include "gui/row-key.h"
#include "gui/scroll-anchor.h"
#include "gui/style.h"

#include <glib/gi18n.h>

struct _AtlasDetailsList
{
  GtkTreeView parent;
  AtlasPreferences *preferences;
  AtlasListColumns *columns; /* owned by the view's data */
  AtlasDetailsModel *model;  /* nullable */
  AtlasSnapshot *snapshot;   /* of the model */
  AtlasDetailsQuery query;
  AtlasUnit unit;
  AtlasTypeLook looks[ATLAS_N_TYPES];
  GHashTable *expanded; /* guint64 first address → itself */
  AtlasRowKey selected;
  AtkObject *stand_in;     /* for the accessible, as long as nobody wants it; nullable */
  gboolean has_accessible; /* somebody did */
  gboolean replacing;      /* the model changes: signals of the view mean nothing */
};

enum
{
  SIGNAL_ROW_CHANGED,
  SIGNAL_ORDER_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (AtlasDetailsList, atlas_details_list, GTK_TYPE_TREE_VIEW)

static void
fill_cell (GtkTreeView *view, AtlasColumn column, GtkCellRenderer *cell, GtkTreeModel *model,
           GtkTreeIter *iter)
{
  AtlasDetailsList *self = ATLAS_DETAILS_LIST (view);
  AtlasDetailsModel *details = ATLAS_DETAILS_MODEL (model);
  const AtlasTypeLook *look = &self->looks[atlas_details_model_get_row_type (details, iter)];
  g_autofree char *text = NULL;

  g_object_set (cell, "cell-background-rgba", &look->background, NULL);
  if (ATLAS_IS_CELL_SWATCH (cell))
    {
      atlas_cell_swatch_set_color (ATLAS_CELL_SWATCH (cell), &look->swatch);
      return;
    }
  if (column < ATLAS_N_COLUMNS)
    text = atlas_details_model_dup_text (details, iter, column);
  g_object_set (cell, "text", text, "foreground-rgba", &look->text, NULL);
}

static gboolean
query_tooltip (GtkWidget *widget, gint x, gint y, gboolean keyboard, GtkTooltip *tooltip)
{
  AtlasDetailsList *self = ATLAS_DETAILS_LIST (widget);
  GtkTreeView *view = GTK_TREE_VIEW (widget);
  g_autoptr (GtkTreePath) path = NULL;
  g_autofree char *text = NULL;
  AtlasColumn column;
  GtkTreeIter iter;

  if (self->model == NULL ||
      !atlas_list_columns_get_tooltip_cell (view, x, y, keyboard, &path, &column) ||
      !gtk_tree_model_get_iter (GTK_TREE_MODEL (self->model), &iter, path))
    return FALSE;
  text = atlas_details_model_dup_tooltip (self->model, &iter, column);
  gtk_tooltip_set_text (tooltip, text);
  gtk_tree_view_set_tooltip_row (view, tooltip, path);
  return TRUE;
}

/* --- What the user does --- */

static void
selection_changed (AtlasDetailsList *self)
{
  AtlasRow row;

  if (self->replacing)
    return;
  if (atlas_details_list_get_selected (self, &row))
    atlas_row_key_init (&self->selected, atlas_details_model_get_rows (self->model), row);
  else
    atlas_row_key_clear (&self->selected);
  g_signal_emit (self, signals[SIGNAL_ROW_CHANGED], 0);
}

/* The address of the region at @iter as a key of the table of expanded ones. Kernel memory shares
 * the key 0: the few rows of it expand and collapse together. */
static guint64
get_region_address (AtlasDetailsList *self, GtkTreeIter *iter)
{
  guint64 start = 0, end;

  atlas_rows_get_range (atlas_details_model_get_rows (self->model),
                        atlas_details_model_get_row (self->model, iter), &start, &end);
  return start;
}

static void
row_expanded (GtkTreeView *view, GtkTreeIter *iter, GtkTreePath *path)
{
  AtlasDetailsList *self = ATLAS_DETAILS_LIST (view);
  guint64 address = get_region_address (self, iter);

  if (!self->replacing)
    g_hash_table_add (self->expanded, g_memdup2 (&address, sizeof address));
}

static void
row_collapsed (GtkTreeView *view, GtkTreeIter *iter, GtkTreePath *path)
{
  AtlasDetailsList *self = ATLAS_DETAILS_LIST (view);
  guint64 address = get_region_address (self, iter);

  if (!self->replacing)
    g_hash_table_remove (self->expanded, &address);
}

/* Enter and double click open and close a region. */
static void
row_activated (GtkTreeView *view, GtkTreePath *path, GtkTreeViewColumn *column)
{
  if (gtk_tree_view_row_expanded (view, path))
    gtk_tree_view_collapse_row (view, path);
  else
    gtk_tree_view_expand_row (view, path, FALSE);
}

/* Right opens and Left closes a region, as in other trees; with nothing to do they move on. */
static gboolean
key_press_event (GtkWidget *widget, GdkEventKey *event)
{
  GtkTreeView *view = GTK_TREE_VIEW (widget);
  g_autoptr (GtkTreePath) path = NULL;
  gboolean done = FALSE;

  if ((event->state & gtk_accelerator_get_default_mod_mask ()) == 0)
    gtk_tree_view_get_cursor (view, &path, NULL);
  if (path != NULL && event->keyval == GDK_KEY_Right)
    done = gtk_tree_view_expand_row (view, path, FALSE);
  else if (path != NULL && event->keyval == GDK_KEY_Left)
    {
      done = gtk_tree_view_collapse_row (view, path);
      if (!done && gtk_tree_path_get_depth (path) > 1 && gtk_tree_path_up (path))
        {
          gtk_tree_view_set_cursor (view, path, NULL, FALSE);
          done = TRUE;
        }
    }
  if (done)
    return GDK_EVENT_STOP;
  return GTK_WIDGET_CLASS (atlas_details_list_parent_class)->key_press_event (widget, event);
}

static void
header_clicked (GtkTreeViewColumn *column, AtlasDetailsList *self)
{
  AtlasColumn id = atlas_list_columns_identify (column);
  gboolean descending;

  /* What is largest is what one looks for first. */
  if (id == self->query.sort)
    descending = !self->query.descending;
  else
    descending = atlas_column_get_info (id)->kind != ATLAS_COLUMN_TEXT;
  atlas_details_list_set_sort (self, id, descending);
  g_signal_emit (self, signals[SIGNAL_ORDER_CHANGED], 0);
}

static void
style_updated (GtkWidget *widget)
{
  AtlasDetailsList *self = ATLAS_DETAILS_LIST (widget);

  GTK_WIDGET_CLASS (atlas_details_list_parent_class)->style_updated (widget);
  atlas_style_get_looks (widget, self->looks);
  if (self->columns != NULL)
    atlas_list_columns_refit (self->columns);
}

/* Named when somebody asks, not before: see assistive.h. */
static AtkObject *
get_accessible (GtkWidget *widget)
{
  AtlasDetailsList *self = ATLAS_DETAILS_LIST (widget);
  AtkObject *accessible;

  if (!self->has_accessible && !atlas_assistive_is_wanted ())
    {
      if (self->stand_in == NULL)
        self->stand_in = atk_no_op_object_new (G_OBJECT (self));
      return self->stand_in;
    }
  self->has_accessible = TRUE;
  accessible = GTK_WIDGET_CLASS (atlas_details_list_parent_class)->get_accessible (widget);

  if (accessible != NULL && atk_object_get_name (accessible) == NULL)
    {
      atk_object_set_name (accessible, _ ("Details"));
      atk_object_set_description (accessible,
                                  _ ("Regions of memory, and the blocks each is made of"));
    }
  return accessible;
}

static void
atlas_details_list_dispose (GObject *object)
{
  AtlasDetailsList *self = ATLAS_DETAILS_LIST (object);

  self->replacing = TRUE;
  g_clear_object (&self->model);
  self->snapshot = NULL;
  g_clear_object (&self->stand_in);
  g_clear_object (&self->preferences);
  g_clear_pointer (&self->expanded, g_hash_table_unref);
  atlas_row_key_clear (&self->selected);
  G_OBJECT_CLASS (atlas_details_list_parent_class)->dispose (object);
}

static void
atlas_details_list_class_init (AtlasDetailsListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = atlas_details_list_dispose;
  GTK_WIDGET_CLASS (klass)->get_accessible = get_accessible;
  GTK_WIDGET_CLASS (klass)->key_press_event = key_press_event;
  GTK_WIDGET_CLASS (klass)->query_tooltip = query_tooltip;
  GTK_WIDGET_CLASS (klass)->style_updated = style_updated;
  GTK_TREE_VIEW_CLASS (klass)->row_expanded = row_expanded;
  GTK_TREE_VIEW_CLASS (klass)->row_collapsed = row_collapsed;
  GTK_TREE_VIEW_CLASS (klass)->row_activated = row_activated;
  signals[SIGNAL_ROW_CHANGED] = g_signal_new (
    "row-changed", ATLAS_TYPE_DETAILS_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_ORDER_CHANGED] =
    g_signal_new ("order-changed", ATLAS_TYPE_DETAILS_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
atlas_details_list_init (AtlasDetailsList *self)
{
  GtkTreeView *view = GTK_TREE_VIEW (self);

  self->query.types = 1u << ATLAS_TYPE_TOTAL;
  self->query.sort = ATLAS_COLUMN_ADDRESS;
  self->expanded = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  gtk_style_context_add_class (gtk_widget_get_style_context (GTK_WIDGET (self)), "atlas-list");
  gtk_tree_view_set_enable_search (view, FALSE);
  g_signal_connect_swapped (gtk_tree_view_get_selection (view), "changed",
                            G_CALLBACK (selection_changed), self);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
}

static void
restore_sort (AtlasDetailsList *self)
{
  g_autoptr (GVariant) value = atlas_preferences_dup_value (self->preferences, "details-sort");
  AtlasColumn column;
  const char *key;
  gboolean descending;

  g_variant_get (value, "(&sb)", &key, &descending);
  if (!atlas_column_from_key (key, &column) ||
      atlas_list_columns_get (self->columns, column) == NULL)
    {
      column = ATLAS_COLUMN_ADDRESS;
      descending = FALSE;
    }
  atlas_details_list_set_sort (self, column, descending);
}

GtkWidget *
atlas_details_list_new (AtlasPreferences *preferences)
{
  AtlasDetailsList *self = g_object_new (ATLAS_TYPE_DETAILS_LIST, NULL);
  GtkTreeView *view = GTK_TREE_VIEW (self);

  self->preferences = g_object_ref (preferences);
  atlas_style_get_looks (GTK_WIDGET (self), self->looks);
  self->columns = atlas_list_columns_new (view, preferences, "details-columns",
                                          ATLAS_COLUMN_IN_DETAILS, fill_cell);
  gtk_tree_view_set_expander_column (view,
                                     atlas_list_columns_get (self->columns, ATLAS_COLUMN_ADDRESS));
  gtk_tree_view_set_fixed_height_mode (view, TRUE);
  for (guint id = 0; id < ATLAS_N_COLUMNS; id++)
    {
      GtkTreeViewColumn *column = atlas_list_columns_get (self->columns, id);

      if (column != NULL)
        g_signal_connect (column, "clicked", G_CALLBACK (header_clicked), self);
    }
  restore_sort (self);
  return GTK_WIDGET (self);
}

AtlasDetailsQuery
atlas_details_list_get_query (AtlasDetailsList *self)
{
  AtlasDetailsQuery query = self->query;

  /* Free chosen in Summary is shown, whatever the option says. */
  if ((query.types & (1u << ATLAS_TYPE_TOTAL)) == 0 && (query.types & (1u << ATLAS_TYPE_FREE)))
    query.show_free = TRUE;
  return query;
}

AtlasRows *
atlas_details_query_run (const AtlasDetailsQuery *query, AtlasSnapshot *snapshot)
{
  return atlas_rows_new (snapshot, query->types, query->show_free, query->sort, query->descending);
}

/* --- Replacing the model --- */

/* The row at the upper edge, so that it can stand there again. */
static gint
remember_scroll (AtlasDetailsList *self, AtlasRowKey *out_top)
{
  g_autoptr (GtkTreePath) path = NULL;
  GtkTreeIter iter;
  gint hidden = 0;

  if (self->model != NULL)
    path = atlas_scroll_anchor_get (GTK_TREE_VIEW (self), &hidden);
  /* At the very top one stays at the top, whatever comes before. */
  if (path == NULL || !gtk_tree_model_get_iter (GTK_TREE_MODEL (self->model), &iter, path) ||
      (gtk_tree_path_get_depth (path) == 1 && gtk_tree_path_get_indices (path)[0] == 0))
    return 0;
  atlas_row_key_init (out_top, atlas_details_model_get_rows (self->model),
                      atlas_details_model_get_row (self->model, &iter));
  return hidden;
}

static void
restore_expanded (AtlasDetailsList *self, AtlasRows *rows)
{
  GtkTreeView *view = GTK_TREE_VIEW (self);
  guint n = g_hash_table_size (self->expanded);
  guint length = atlas_rows_get_length (rows);

  if (n == 0)
    return;
  /* One by one costs more than all at once when it is nearly all. */
  if (n > 1000 && n >= atlas_snapshot_get_n_regions (self->snapshot) / 10 * 9)
    {
      gtk_tree_view_expand_all (view);
      return;
    }
  for (guint i = 0; i < length; i++)
    {
      guint64 start = 0, end;

      atlas_rows_get_range (rows, atlas_rows_get (rows, i), &start, &end);
      if (g_hash_table_contains (self->expanded, &start))
        {
          g_autoptr (GtkTreePath) path = gtk_tree_path_new_from_indices (i, -1);

          gtk_tree_view_expand_row (view, path, FALSE);
        }
    }
}

static void
restore_position (AtlasDetailsList *self, AtlasRows *rows, const AtlasRowKey *top, gint hidden)
{
  GtkTreeView *view = GTK_TREE_VIEW (self);
  gint index, block;

  if (atlas_row_key_find (&self->selected, rows, &index, &block))
    {
      g_autoptr (GtkTreePath) path = atlas_details_model_new_path (self->model, index, block);

      /* A block is selected only where its region is open. */
      if (block >= 0 && !gtk_tree_view_row_expanded (view, path))
        {
          g_autoptr (GtkTreePath) parent = gtk_tree_path_new_from_indices (index, -1);
          gtk_tree_view_expand_row (view, parent, FALSE);
        }
      gtk_tree_selection_select_path (gtk_tree_view_get_selection (view), path);
    }
  if (!atlas_row_key_find (top, rows, &index, &block))
    index = atlas_row_key_find_near (top, rows);
  if (index >= 0)
    {
      g_autoptr (GtkTreePath) parent = gtk_tree_path_new_from_indices (index, -1);
      g_autoptr (GtkTreePath) path = NULL;

      /* A block that is not seen is where its region is. */
      if (!gtk_tree_view_row_expanded (view, parent))
        block = -1;
      path = atlas_details_model_new_path (self->model, index, block);
      atlas_scroll_anchor_set (view, path, hidden);
    }
}

void
atlas_details_list_set_rows (AtlasDetailsList *self, AtlasRows *rows)
{
  GtkTreeView *view = GTK_TREE_VIEW (self);
  AtlasRowKey top = { 0 };
  gint hidden;

  hidden = remember_scroll (self, &top);
  self->replacing = TRUE;
  g_clear_object (&self->model);
  self->snapshot = NULL;
  if (rows != NULL)
    {
      self->model = atlas_details_model_new (rows, self->unit);
      self->snapshot = atlas_rows_get_snapshot (rows);
      atlas_list_columns_fit_totals (self->columns, self->snapshot, ATLAS_TYPE_TOTAL, self->unit);
      if (atlas_details_list_get_query (self).show_free)
        atlas_list_columns_fit_totals (self->columns, self->snapshot, ATLAS_TYPE_FREE, self->unit);
    }
  gtk_tree_view_set_model (view, GTK_TREE_MODEL (self->model));
  /* A view takes the arrow away with the old model. */
  atlas_list_columns_set_sort (self->columns, self->query.sort, self->query.descending);
  if (rows != NULL)
    {
      restore_expanded (self, rows);
      restore_position (self, rows, &top, hidden);
    }
  self->replacing = FALSE;
  atlas_row_key_clear (&top);
  g_signal_emit (self, signals[SIGNAL_ROW_CHANGED], 0);
}

void
atlas_details_list_set_snapshot (AtlasDetailsList *self, AtlasSnapshot *snapshot)
{
  AtlasDetailsQuery query = atlas_details_list_get_query (self);
  g_autoptr (AtlasRows) rows = NULL;

  if (snapshot != NULL)
    rows = atlas_details_query_run (&query, snapshot);
  atlas_details_list_set_rows (self, rows);
}

void
atlas_details_list_forget (AtlasDetailsList *self)
{
  g_hash_table_remove_all (self->expanded);
  atlas_row_key_clear (&self->selected);
  atlas_details_list_set_rows (self, NULL);
}

static void
run_query_again (AtlasDetailsList *self)
{
  g_autoptr (AtlasSnapshot) snapshot = NULL;

  if (self->snapshot == NULL)
    return;
  snapshot = atlas_snapshot_ref (self->snapshot);
  atlas_details_list_set_snapshot (self, snapshot);
}

void
atlas_details_list_set_types (AtlasDetailsList *self, AtlasTypeSet types)
{
  if (types == self->query.types)
    return;
  self->query.types = types;
  run_query_again (self);
}

void
atlas_details_list_set_show_free (AtlasDetailsList *self, gboolean show_free)
{
  if (show_free == self->query.show_free)
    return;
  self->query.show_free = show_free;
  run_query_again (self);
}

void
atlas_details_list_set_unit (AtlasDetailsList *self, AtlasUnit unit)
{
  if (unit == self->unit)
    return;
  self->unit = unit;
  atlas_list_columns_refit (self->columns);
  run_query_again (self);
}

void
atlas_details_list_set_sort (AtlasDetailsList *self, AtlasColumn column, gboolean descending)
{
  atlas_list_columns_set_sort (self->columns, column, descending);
  atlas_preferences_set_value (
    self->preferences, "details-sort",
    g_variant_new ("(sb)", atlas_column_get_info (column)->key, descending));
  if (column == self->query.sort && descending == self->query.descending)
    return;
  self->query.sort = column;
  self->query.descending = descending;
  run_query_again (self);
}

AtlasRows *
atlas_details_list_get_rows (AtlasDetailsList *self)
{
  return self->model != NULL ? atlas_details_model_get_rows (self->model) : NULL;
}

AtlasListColumns *
atlas_details_list_get_columns (AtlasDetailsList *self)
{
  return self->columns;
}

static gboolean
get_selected_iter (AtlasDetailsList *self, GtkTreeIter *iter)
{
  return self->model != NULL && gtk_tree_selection_get_selected (
                                  gtk_tree_view_get_selection (GTK_TREE_VIEW (self)), NULL, iter);
}

gboolean
atlas_details_list_get_selected (AtlasDetailsList *self, AtlasRow *out_row)
{
  GtkTreeIter iter;

  if (!get_selected_iter (self, &iter))
    return FALSE;
  *out_row = atlas_details_model_get_row (self->model, &iter);
  return TRUE;
}

gint
atlas_details_list_get_selected_index (AtlasDetailsList *self)
{
  g_autoptr (GtkTreePath) path = NULL;
  GtkTreeIter iter;

  if (!get_selected_iter (self, &iter))
    return -1;
  path = gtk_tree_model_get_path (GTK_TREE_MODEL (self->model), &iter);
  return gtk_tree_path_get_indices (path)[0];
}

void
atlas_details_list_select (AtlasDetailsList *self, gint index, gint block)
{
  GtkTreeView *view = GTK_TREE_VIEW (self);
  g_autoptr (GtkTreePath) path = NULL;

  g_return_if_fail (self->model != NULL);
  path = atlas_details_model_new_path (self->model, index, block);
  if (block >= 0)
    gtk_tree_view_expand_to_path (view, path);
  gtk_tree_view_set_cursor (view, path, NULL, FALSE);
  gtk_tree_view_scroll_to_cell (view, path, NULL, TRUE, 0.4, 0);
}

void
atlas_details_list_expand_all (AtlasDetailsList *self)
{
  gtk_tree_view_expand_all (GTK_TREE_VIEW (self));
}

void
atlas_details_list_collapse_all (AtlasDetailsList *self)
{
  gtk_tree_view_collapse_all (GTK_TREE_VIEW (self));
  g_hash_table_remove_all (self->expanded);
}

char *
atlas_details_list_dup_row_text (AtlasDetailsList *self)
{
  AtlasColumn columns[ATLAS_N_COLUMNS + 1];
  GtkTreeIter iter;

  if (!get_selected_iter (self, &iter))
    return NULL;
  atlas_list_columns_get_visible (self->columns, columns);
  return atlas_details_model_dup_row_text (self->model, &iter, columns);
}
