/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Columns of a list: made from the table of columns, chosen, moved, resized and remembered. Belongs
 * to its tree view and is freed with it. Main thread.
 */

#define G_LOG_DOMAIN "atlas-gui"

#include "config.h"

#include "gui/list-columns.h"

#include "core/type.h"
#include "gui/cell-swatch.h"
#include "gui/row-text.h"

#include <glib/gi18n.h>

#define COLUMN_DATA "atlas-column"
#define LIST_DATA   "atlas-list-columns"

/* Room for a column's padding, sort arrow and expander. */
#define CELL_PADDING   14
#define ARROW_WIDTH    20
#define EXPANDER_WIDTH 46 /* of two levels */
#define SWATCH_WIDTH   20
#define MIN_WIDTH      32

struct _AtlasListColumns
{
  GtkTreeView *view; /* owner */
  AtlasPreferences *preferences;
  char *key;
  AtlasColumnFlags where;
  AtlasCellFunc func;
  GtkTreeViewColumn *columns[ATLAS_N_COLUMNS]; /* borrowed from the view; NULL: not in this list */
  gint fitted[ATLAS_N_COLUMNS];                /* width the program chose, logical pixels */
  AtlasColumn sorted;                          /* has the arrow; ATLAS_N_COLUMNS: none */
  GtkTreeViewColumn *filler;                   /* takes the room that is left */
  GActionMap *map;                             /* weak: the window, which outlives the view */
  GMenuModel *menu;
};

static void
columns_free (AtlasListColumns *self)
{
  g_clear_object (&self->preferences);
  g_clear_object (&self->menu);
  g_free (self->key);
  g_free (self);
}

AtlasColumn
atlas_list_columns_identify (GtkTreeViewColumn *column)
{
  return GPOINTER_TO_INT (g_object_get_data (G_OBJECT (column), COLUMN_DATA)) - 1;
}

gboolean
atlas_list_columns_get_tooltip_cell (GtkTreeView *view, gint x, gint y, gboolean keyboard,
                                     GtkTreePath **out_path, AtlasColumn *out_column)
{
  GtkTreeViewColumn *column = NULL;
  GtkTreePath *path = NULL;

  if (keyboard)
    gtk_tree_view_get_cursor (view, &path, &column);
  else
    {
      gint bx, by;

      gtk_tree_view_convert_widget_to_bin_window_coords (view, x, y, &bx, &by);
      gtk_tree_view_get_path_at_pos (view, bx, by, &path, &column, NULL, NULL);
    }
  if (path == NULL)
    return FALSE;
  *out_path = path;
  *out_column = column != NULL ? atlas_list_columns_identify (column) : ATLAS_N_COLUMNS;
  return TRUE;
}

GtkTreeViewColumn *
atlas_list_columns_get (AtlasListColumns *self, AtlasColumn column)
{
  return self->columns[column];
}

static gboolean
is_wide (AtlasColumn column)
{
  return column == ATLAS_COLUMN_DETAILS || column == ATLAS_COLUMN_REASON;
}

/* The first column holds the expander or names the row: it always stays. */
static gboolean
is_fixed (AtlasListColumns *self, AtlasColumn column)
{
  return column ==
         (self->where == ATLAS_COLUMN_IN_SUMMARY ? ATLAS_COLUMN_TYPE : ATLAS_COLUMN_ADDRESS);
}

/* What a row is comes before how much it takes, what is said of it in words comes last; within each
 * of these as in the table of columns. */
static guint
get_place (AtlasColumn column)
{
  if (column == ATLAS_COLUMN_ADDRESS || column == ATLAS_COLUMN_TYPE)
    return 0;
  if (column == ATLAS_COLUMN_DETAILS)
    return 1;
  return atlas_column_get_info (column)->kind != ATLAS_COLUMN_TEXT ? 2 : 3;
}

/* All columns in the order they have before the user moves one. */
static void
get_default_order (AtlasColumn out_order[ATLAS_N_COLUMNS])
{
  guint n = 0;

  for (guint place = 0; place <= 3; place++)
    for (guint id = 0; id < ATLAS_N_COLUMNS; id++)
      if (get_place (id) == place)
        out_order[n++] = id;
}

static gint
measure (AtlasListColumns *self, const char *text, gboolean monospace, gboolean bold)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self->view), text);
  PangoAttrList *attributes = pango_attr_list_new ();
  gint width;

  if (monospace)
    pango_attr_list_insert (attributes, pango_attr_family_new ("monospace"));
  if (bold)
    pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_get_pixel_size (layout, &width, NULL);
  return width;
}

static gint
measure_title (AtlasListColumns *self, AtlasColumn column)
{
  const AtlasColumnInfo *info = atlas_column_get_info (column);
  gint width = measure (self, _ (info->title), FALSE, TRUE) + CELL_PADDING;

  return column == self->sorted ? width + ARROW_WIDTH : width;
}

static gint
default_width (AtlasListColumns *self, AtlasColumn column)
{
  const AtlasColumnInfo *info = atlas_column_get_info (column);
  gint width = 0;

  switch (column)
    {
    case ATLAS_COLUMN_ADDRESS:
      width = measure (self, "0000000000000000", TRUE, FALSE) + EXPANDER_WIDTH;
      break;
    case ATLAS_COLUMN_TYPE:
      for (guint type = 0; type < ATLAS_N_TYPES; type++)
        width = MAX (width, measure (self, _ (atlas_type_get_info (type)->name), FALSE, TRUE));
      width += SWATCH_WIDTH;
      break;
    case ATLAS_COLUMN_PROTECTION:
      width = measure (self, "Execute/Read/Write", FALSE, FALSE);
      break;
    case ATLAS_COLUMN_DETAILS:
    case ATLAS_COLUMN_REASON:
      width = measure (self, "/usr/lib/x86_64-linux-gnu/libc.so", FALSE, FALSE);
      break;
    default:
      /* Amounts are fitted to the snapshot. */
      width = measure (self, info->kind == ATLAS_COLUMN_COUNT ? "888" : "88,888 K", FALSE, FALSE);
      break;
    }
  return MAX (width + CELL_PADDING, measure_title (self, column));
}

static void
set_fitted_width (AtlasListColumns *self, AtlasColumn column, gint width)
{
  self->fitted[column] = width;
  gtk_tree_view_column_set_fixed_width (self->columns[column], width);
}

static gboolean
is_user_width (AtlasListColumns *self, AtlasColumn column)
{
  return gtk_tree_view_column_get_fixed_width (self->columns[column]) != self->fitted[column];
}

static void
update_filler (AtlasListColumns *self)
{
  gboolean wide = FALSE;

  for (guint i = 0; i < ATLAS_N_COLUMNS; i++)
    wide = wide || (self->columns[i] != NULL && is_wide (i) &&
                    gtk_tree_view_column_get_visible (self->columns[i]));
  gtk_tree_view_column_set_visible (self->filler, !wide);
}

static void
cell_data (GtkTreeViewColumn *column, GtkCellRenderer *cell, GtkTreeModel *model, GtkTreeIter *iter,
           gpointer data)
{
  AtlasListColumns *self = data;

  self->func (self->view, atlas_list_columns_identify (column), cell, model, iter);
}

static gboolean
header_pressed (GtkWidget *button, GdkEventButton *event, AtlasListColumns *self)
{
  GtkWidget *menu;

  if (!gdk_event_triggers_context_menu ((GdkEvent *)event) || self->menu == NULL)
    return GDK_EVENT_PROPAGATE;
  menu = gtk_menu_new_from_model (self->menu);
  gtk_menu_attach_to_widget (GTK_MENU (menu), GTK_WIDGET (self->view), NULL);
  g_signal_connect (menu, "selection-done", G_CALLBACK (gtk_widget_destroy), NULL);
  gtk_menu_popup_at_pointer (GTK_MENU (menu), (GdkEvent *)event);
  return GDK_EVENT_STOP;
}

static gboolean
header_popup (GtkWidget *button, AtlasListColumns *self)
{
  GtkWidget *menu;

  if (self->menu == NULL)
    return FALSE;
  menu = gtk_menu_new_from_model (self->menu);
  gtk_menu_attach_to_widget (GTK_MENU (menu), GTK_WIDGET (self->view), NULL);
  g_signal_connect (menu, "selection-done", G_CALLBACK (gtk_widget_destroy), NULL);
  gtk_menu_popup_at_widget (GTK_MENU (menu), button, GDK_GRAVITY_SOUTH_WEST, GDK_GRAVITY_NORTH_WEST,
                            NULL);
  return TRUE;
}

static void
set_tooltip (GtkTreeViewColumn *column, const AtlasColumnInfo *info)
{
  GtkWidget *button = gtk_tree_view_column_get_button (column);
  g_autofree char *text = NULL;

  /* Translators: meaning of a column, then where the kernel gives it */
  text = g_strdup_printf (_ ("%s\nSource: %s"), _ (info->help), info->source);
  gtk_widget_set_tooltip_text (button, info->source != NULL ? text : _ (info->help));
}

static GtkTreeViewColumn *
make_column (AtlasListColumns *self, AtlasColumn id)
{
  const AtlasColumnInfo *info = atlas_column_get_info (id);
  GtkTreeViewColumn *column = gtk_tree_view_column_new ();
  GtkCellRenderer *text = gtk_cell_renderer_text_new ();
  gboolean numeric = info->kind != ATLAS_COLUMN_TEXT;

  g_object_set_data (G_OBJECT (column), COLUMN_DATA, GINT_TO_POINTER (id + 1));
  gtk_tree_view_column_set_title (column, _ (info->title));
  gtk_tree_view_column_set_sizing (column, GTK_TREE_VIEW_COLUMN_FIXED);
  gtk_tree_view_column_set_resizable (column, TRUE);
  gtk_tree_view_column_set_reorderable (column, TRUE);
  gtk_tree_view_column_set_clickable (column, TRUE);
  gtk_tree_view_column_set_min_width (column, MIN_WIDTH);
  gtk_tree_view_column_set_alignment (column, numeric ? 1.0 : 0.0);
  gtk_tree_view_column_set_expand (column, is_wide (id));

  if (id == ATLAS_COLUMN_TYPE)
    {
      GtkCellRenderer *swatch = atlas_cell_swatch_new ();

      gtk_tree_view_column_pack_start (column, swatch, FALSE);
      gtk_tree_view_column_set_cell_data_func (column, swatch, cell_data, self, NULL);
    }
  g_object_set (text, "xalign", numeric ? 1.0 : 0.0, "xpad", 5, "ypad",
                self->where == ATLAS_COLUMN_IN_SUMMARY ? 2 : 1, "ellipsize",
                /* Of a path both ends say most. */
                id == ATLAS_COLUMN_DETAILS ? PANGO_ELLIPSIZE_MIDDLE : PANGO_ELLIPSIZE_END, NULL);
  if (id == ATLAS_COLUMN_ADDRESS)
    g_object_set (text, "family", "monospace", NULL);
  if (numeric)
    {
      PangoAttrList *attributes = pango_attr_list_new ();

      pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
      g_object_set (text, "attributes", attributes, NULL);
      pango_attr_list_unref (attributes);
    }
  gtk_tree_view_column_pack_start (column, text, TRUE);
  gtk_tree_view_column_set_cell_data_func (column, text, cell_data, self, NULL);
  gtk_tree_view_append_column (self->view, column);

  set_tooltip (column, info);
  g_signal_connect (gtk_tree_view_column_get_button (column), "button-press-event",
                    G_CALLBACK (header_pressed), self);
  g_signal_connect (gtk_tree_view_column_get_button (column), "popup-menu",
                    G_CALLBACK (header_popup), self);
  return column;
}

/* Nothing may be dropped behind the empty column at the end. */
static gboolean
may_drop (GtkTreeView *view, GtkTreeViewColumn *column, GtkTreeViewColumn *previous,
          GtkTreeViewColumn *next, gpointer data)
{
  AtlasListColumns *self = data;

  return previous != self->filler;
}

static void
make_filler (AtlasListColumns *self)
{
  GtkCellRenderer *text = gtk_cell_renderer_text_new ();

  self->filler = gtk_tree_view_column_new ();
  g_object_set_data (G_OBJECT (self->filler), COLUMN_DATA, GINT_TO_POINTER (ATLAS_N_COLUMNS + 1));
  gtk_tree_view_column_set_sizing (self->filler, GTK_TREE_VIEW_COLUMN_FIXED);
  gtk_tree_view_column_set_fixed_width (self->filler, 12);
  gtk_tree_view_column_set_expand (self->filler, TRUE);
  gtk_tree_view_column_pack_start (self->filler, text, TRUE);
  gtk_tree_view_column_set_cell_data_func (self->filler, text, cell_data, self, NULL);
  gtk_tree_view_append_column (self->view, self->filler);
  gtk_widget_set_can_focus (gtk_tree_view_column_get_button (self->filler), FALSE);
}

/* Puts the columns as the preferences say; those that are not named come behind, as by default. */
static void
restore (AtlasListColumns *self)
{
  g_autoptr (GVariant) value = atlas_preferences_dup_value (self->preferences, self->key);
  GtkTreeViewColumn *previous = NULL;
  gboolean placed[ATLAS_N_COLUMNS] = { FALSE };
  AtlasColumn order[ATLAS_N_COLUMNS];
  GVariantIter iter;
  const char *name;
  gint32 width;
  gboolean visible;

  g_variant_iter_init (&iter, value);
  while (g_variant_iter_next (&iter, "(&sib)", &name, &width, &visible))
    {
      AtlasColumn id;

      if (!atlas_column_from_key (name, &id) || self->columns[id] == NULL || placed[id])
        continue;
      placed[id] = TRUE;
      gtk_tree_view_move_column_after (self->view, self->columns[id], previous);
      previous = self->columns[id];
      gtk_tree_view_column_set_visible (self->columns[id], visible || is_fixed (self, id));
      if (width > 0)
        gtk_tree_view_column_set_fixed_width (self->columns[id], CLAMP (width, MIN_WIDTH, 4000));
    }
  get_default_order (order);
  for (guint i = 0; i < ATLAS_N_COLUMNS; i++)
    if (self->columns[order[i]] != NULL && !placed[order[i]])
      {
        gtk_tree_view_move_column_after (self->view, self->columns[order[i]], previous);
        previous = self->columns[order[i]];
      }
  gtk_tree_view_move_column_after (self->view, self->filler, previous);
  update_filler (self);
}

AtlasListColumns *
atlas_list_columns_new (GtkTreeView *view, AtlasPreferences *preferences, const char *key,
                        AtlasColumnFlags where, AtlasCellFunc func)
{
  AtlasListColumns *self = g_new0 (AtlasListColumns, 1);

  self->view = view;
  self->preferences = g_object_ref (preferences);
  self->key = g_strdup (key);
  self->where = where;
  self->sorted = ATLAS_N_COLUMNS;
  self->func = func;
  for (guint id = 0; id < ATLAS_N_COLUMNS; id++)
    {
      const AtlasColumnInfo *info = atlas_column_get_info (id);

      if ((info->flags & where) == 0)
        continue;
      /* Sums have no texts but their type. */
      if (where == ATLAS_COLUMN_IN_SUMMARY && info->kind == ATLAS_COLUMN_TEXT &&
          id != ATLAS_COLUMN_TYPE)
        continue;
      self->columns[id] = make_column (self, id);
      gtk_tree_view_column_set_visible (
        self->columns[id], (atlas_column_get_info (id)->flags & ATLAS_COLUMN_SHOWN) != 0);
      set_fitted_width (self, id, default_width (self, id));
    }
  make_filler (self);
  gtk_tree_view_set_column_drag_function (view, may_drop, self, NULL);
  restore (self);
  g_object_set_data_full (G_OBJECT (view), LIST_DATA, self, (GDestroyNotify)columns_free);
  return self;
}

guint
atlas_list_columns_get_visible (AtlasListColumns *self,
                                AtlasColumn out_columns[ATLAS_N_COLUMNS + 1])
{
  g_autoptr (GList) columns = gtk_tree_view_get_columns (self->view);
  guint n = 0;

  for (GList *l = columns; l != NULL; l = l->next)
    if (l->data != self->filler && gtk_tree_view_column_get_visible (l->data))
      out_columns[n++] = atlas_list_columns_identify (l->data);
  out_columns[n] = ATLAS_N_COLUMNS;
  return n;
}

void
atlas_list_columns_fit_totals (AtlasListColumns *self, AtlasSnapshot *snapshot, AtlasType type,
                               AtlasUnit unit)
{
  for (guint id = 0; id < ATLAS_N_COLUMNS; id++)
    {
      g_autofree char *text = NULL;
      gint width;

      if (self->columns[id] == NULL || atlas_column_get_info (id)->kind == ATLAS_COLUMN_TEXT ||
          is_user_width (self, id))
        continue;
      text = atlas_totals_dup_text (snapshot, type, id, unit);
      if (text == NULL)
        continue;
      width = measure (self, text, FALSE, self->where == ATLAS_COLUMN_IN_SUMMARY) + CELL_PADDING;
      if (width > self->fitted[id])
        set_fitted_width (self, id, width);
    }
}

void
atlas_list_columns_set_sort (AtlasListColumns *self, AtlasColumn column, gboolean descending)
{
  self->sorted = column;
  for (guint id = 0; id < ATLAS_N_COLUMNS; id++)
    {
      if (self->columns[id] == NULL)
        continue;
      gtk_tree_view_column_set_sort_indicator (self->columns[id], id == column);
      if (id != column)
        continue;
      gtk_tree_view_column_set_sort_order (self->columns[id],
                                           descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
      /* Room for the arrow beside the title. */
      if (!is_user_width (self, id) && self->fitted[id] < measure_title (self, id))
        set_fitted_width (self, id, measure_title (self, id));
    }
}

void
atlas_list_columns_refit (AtlasListColumns *self)
{
  for (guint id = 0; id < ATLAS_N_COLUMNS; id++)
    if (self->columns[id] != NULL && !is_user_width (self, id))
      set_fitted_width (self, id, default_width (self, id));
}

void
atlas_list_columns_save (AtlasListColumns *self)
{
  g_autoptr (GList) columns = gtk_tree_view_get_columns (self->view);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sib)"));
  for (GList *l = columns; l != NULL; l = l->next)
    {
      AtlasColumn id = atlas_list_columns_identify (l->data);

      if (l->data == self->filler)
        continue;
      g_variant_builder_add (
        &builder, "(sib)", atlas_column_get_info (id)->key,
        is_user_width (self, id) ? gtk_tree_view_column_get_fixed_width (l->data) : 0,
        gtk_tree_view_column_get_visible (l->data));
    }
  atlas_preferences_set_value (self->preferences, self->key, g_variant_builder_end (&builder));
}

static char *
dup_action_name (AtlasListColumns *self, AtlasColumn column)
{
  return g_strconcat (self->key, "-", atlas_column_get_info (column)->key, NULL);
}

void
atlas_list_columns_set_visible (AtlasListColumns *self, AtlasColumn column, gboolean visible)
{
  g_return_if_fail (self->columns[column] != NULL);
  if (is_fixed (self, column))
    return;
  gtk_tree_view_column_set_visible (self->columns[column], visible);
  update_filler (self);
  if (self->map != NULL)
    {
      g_autofree char *name = dup_action_name (self, column);
      GAction *action = g_action_map_lookup_action (self->map, name);

      g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_boolean (visible));
    }
  atlas_list_columns_save (self);
}

void
atlas_list_columns_reset (AtlasListColumns *self)
{
  for (guint id = 0; id < ATLAS_N_COLUMNS; id++)
    {
      if (self->columns[id] == NULL)
        continue;
      atlas_list_columns_set_visible (
        self, id, (atlas_column_get_info (id)->flags & ATLAS_COLUMN_SHOWN) != 0);
      set_fitted_width (self, id, default_width (self, id));
    }
  atlas_preferences_set_value (self->preferences, self->key,
                               g_variant_new_array (G_VARIANT_TYPE ("(sib)"), NULL, 0));
  restore (self);
}

static void
change_visible (GSimpleAction *action, GVariant *state, gpointer data)
{
  AtlasListColumns *self = data;

  for (guint id = 0; id < ATLAS_N_COLUMNS; id++)
    {
      g_autofree char *name = dup_action_name (self, id);

      if (self->columns[id] != NULL && g_str_equal (name, g_action_get_name (G_ACTION (action))))
        atlas_list_columns_set_visible (self, id, g_variant_get_boolean (state));
    }
}

static void
activate_reset (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  atlas_list_columns_reset (data);
}

GMenuModel *
atlas_list_columns_add_actions (AtlasListColumns *self, GActionMap *map)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) section = g_menu_new ();
  g_autoptr (GMenu) reset_section = g_menu_new ();
  g_autofree char *reset_name = g_strconcat (self->key, "-reset", NULL);
  g_autofree char *reset_detailed = g_strconcat ("win.", reset_name, NULL);
  g_autoptr (GSimpleAction) reset = g_simple_action_new (reset_name, NULL);

  for (guint id = 0; id < ATLAS_N_COLUMNS; id++)
    {
      g_autofree char *name = NULL;
      g_autofree char *detailed = NULL;
      g_autoptr (GSimpleAction) action = NULL;

      if (self->columns[id] == NULL || is_fixed (self, id))
        continue;
      name = dup_action_name (self, id);
      detailed = g_strconcat ("win.", name, NULL);
      action = g_simple_action_new_stateful (
        name, NULL, g_variant_new_boolean (gtk_tree_view_column_get_visible (self->columns[id])));
      g_signal_connect (action, "change-state", G_CALLBACK (change_visible), self);
      g_action_map_add_action (map, G_ACTION (action));
      g_menu_append (section, _ (atlas_column_get_info (id)->title), detailed);
    }
  g_signal_connect (reset, "activate", G_CALLBACK (activate_reset), self);
  g_action_map_add_action (map, G_ACTION (reset));
  g_menu_append (reset_section, _ ("_Reset Columns"), reset_detailed);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (reset_section));
  self->map = map;
  g_set_object (&self->menu, G_MENU_MODEL (menu));
  return G_MENU_MODEL (menu);
}
