/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The Details list. Its model is replaced whole; what the user has selected, expanded and scrolled
 * to is kept by address. Main thread.
 */

#define G_LOG_DOMAIN "atlas-gui"

#include "config.h"

#include "gui/details-list.h"

#include "gui/assistive.h"
#include "gui/details-place.h"

#include <glib/gi18n.h>

struct _AtlasDetailsList
{
  AtlasListView parent;
  AtlasPreferences *preferences;
  AtlasListColumns *columns; /* owned by the view's data */
  AtlasDetailsModel *model;  /* nullable */
  AtlasSnapshot *snapshot;   /* of the model */
  AtlasDetailsQuery query;
  AtlasUnit unit;
  AtlasDetailsPlace place;
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

G_DEFINE_TYPE (AtlasDetailsList, atlas_details_list, ATLAS_TYPE_LIST_VIEW)

static AtlasType
get_row_type (AtlasListView *view, GtkTreeIter *iter)
{
  return atlas_details_model_get_row_type (ATLAS_DETAILS_LIST (view)->model, iter);
}

static char *
dup_text (AtlasListView *view, GtkTreeIter *iter, AtlasColumn column)
{
  return atlas_details_model_dup_text (ATLAS_DETAILS_LIST (view)->model, iter, column);
}

static char *
dup_tooltip (AtlasListView *view, GtkTreeIter *iter, AtlasColumn column)
{
  return atlas_details_model_dup_tooltip (ATLAS_DETAILS_LIST (view)->model, iter, column);
}

/* --- What the user does --- */

static void
selection_changed (AtlasDetailsList *self)
{
  AtlasRow row = 0;
  gboolean selected;

  if (self->replacing)
    return;
  selected = atlas_details_list_get_selected (self, &row);
  atlas_details_place_set_selected (
    &self->place, selected ? atlas_details_model_get_rows (self->model) : NULL, row);
  g_signal_emit (self, signals[SIGNAL_ROW_CHANGED], 0);
}

static void
row_expanded (GtkTreeView *view, GtkTreeIter *iter, GtkTreePath *path)
{
  AtlasDetailsList *self = ATLAS_DETAILS_LIST (view);

  if (!self->replacing)
    atlas_details_place_set_expanded (&self->place, self->model, iter, TRUE);
}

static void
row_collapsed (GtkTreeView *view, GtkTreeIter *iter, GtkTreePath *path)
{
  AtlasDetailsList *self = ATLAS_DETAILS_LIST (view);

  if (!self->replacing)
    atlas_details_place_set_expanded (&self->place, self->model, iter, FALSE);
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

/* No row has more than the sums. */
static void
fit_columns (AtlasDetailsList *self)
{
  if (self->snapshot == NULL)
    return;
  atlas_list_columns_fit_totals (self->columns, self->snapshot, ATLAS_TYPE_TOTAL, self->unit);
  if (atlas_details_list_get_query (self).show_free)
    atlas_list_columns_fit_totals (self->columns, self->snapshot, ATLAS_TYPE_FREE, self->unit);
}

static void
style_updated (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (atlas_details_list_parent_class)->style_updated (widget);
  fit_columns (ATLAS_DETAILS_LIST (widget));
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
  atlas_details_place_clear (&self->place);
  G_OBJECT_CLASS (atlas_details_list_parent_class)->dispose (object);
}

static void
atlas_details_list_class_init (AtlasDetailsListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = atlas_details_list_dispose;
  GTK_WIDGET_CLASS (klass)->get_accessible = get_accessible;
  GTK_WIDGET_CLASS (klass)->key_press_event = key_press_event;
  GTK_WIDGET_CLASS (klass)->style_updated = style_updated;
  ATLAS_LIST_VIEW_CLASS (klass)->get_row_type = get_row_type;
  ATLAS_LIST_VIEW_CLASS (klass)->dup_text = dup_text;
  ATLAS_LIST_VIEW_CLASS (klass)->dup_tooltip = dup_tooltip;
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
  atlas_details_place_init (&self->place);
  g_signal_connect_swapped (gtk_tree_view_get_selection (view), "changed",
                            G_CALLBACK (selection_changed), self);
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
  atlas_list_view_add_columns (ATLAS_LIST_VIEW (self), preferences, "details-columns",
                               ATLAS_COLUMN_IN_DETAILS);
  self->columns = atlas_list_view_get_columns (ATLAS_LIST_VIEW (self));
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

void
atlas_details_list_set_rows (AtlasDetailsList *self, AtlasRows *rows)
{
  GtkTreeView *view = GTK_TREE_VIEW (self);

  atlas_details_place_take_scroll (&self->place, view, self->model);
  self->replacing = TRUE;
  g_clear_object (&self->model);
  self->snapshot = NULL;
  if (rows != NULL)
    {
      self->model = atlas_details_model_new (rows, self->unit);
      self->snapshot = atlas_rows_get_snapshot (rows);
      fit_columns (self);
    }
  gtk_tree_view_set_model (view, GTK_TREE_MODEL (self->model));
  /* A view takes the arrow away with the old model. */
  atlas_list_columns_set_sort (self->columns, self->query.sort, self->query.descending);
  if (rows != NULL)
    atlas_details_place_restore (&self->place, view, self->model);
  self->replacing = FALSE;
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
  atlas_details_place_forget (&self->place);
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
  atlas_details_place_collapse_all (&self->place);
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
