/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What assistive technology is told of an AtlasBar: a list with one item for each segment, its
 * area, its selection and the action that chooses it. The items belong to the bar's accessible and
 * outlive the widget as defunct objects. Main thread.
 */

#include "config.h"

#include "gui/bar-accessible.h"

#include "gui/bar.h"

#include <glib/gi18n.h>

/* ---- One segment ---- */

#define ATLAS_TYPE_BAR_ITEM (atlas_bar_item_get_type ())
G_DECLARE_FINAL_TYPE (AtlasBarItem, atlas_bar_item, ATLAS, BAR_ITEM, AtkObject)

struct _AtlasBarItem
{
  AtkObject parent;

  AtlasBar *bar; /* not owned; NULL: defunct */
  guint segment;
};

static void atlas_bar_item_component_init (AtkComponentIface *iface);
static void atlas_bar_item_action_init (AtkActionIface *iface);

G_DEFINE_TYPE_WITH_CODE (AtlasBarItem, atlas_bar_item, ATK_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (ATK_TYPE_COMPONENT, atlas_bar_item_component_init)
                           G_IMPLEMENT_INTERFACE (ATK_TYPE_ACTION, atlas_bar_item_action_init))

static gboolean
segment_is_selected (AtlasBar *bar, guint segment)
{
  AtlasTypeSet selected = atlas_bar_get_selected (bar);

  return (selected & 1u << ATLAS_TYPE_TOTAL) == 0 &&
         (selected & 1u << atlas_bar_get_geometry (bar)->segments[segment].type) != 0;
}

static const char *
atlas_bar_item_get_name (AtkObject *object)
{
  AtlasBarItem *self = ATLAS_BAR_ITEM (object);

  if (object->name == NULL && self->bar != NULL)
    object->name = atlas_bar_dup_segment_text (self->bar, self->segment);
  return object->name;
}

static AtkObject *
atlas_bar_item_get_parent (AtkObject *object)
{
  AtlasBarItem *self = ATLAS_BAR_ITEM (object);

  return self->bar != NULL ? gtk_widget_get_accessible (GTK_WIDGET (self->bar)) : NULL;
}

static int
atlas_bar_item_get_index_in_parent (AtkObject *object)
{
  AtlasBarItem *self = ATLAS_BAR_ITEM (object);

  return self->bar != NULL ? (int)self->segment : -1;
}

static AtkStateSet *
atlas_bar_item_ref_state_set (AtkObject *object)
{
  static const AtkStateType always[] = { ATK_STATE_ENABLED, ATK_STATE_SENSITIVE,
                                         ATK_STATE_FOCUSABLE, ATK_STATE_SELECTABLE,
                                         ATK_STATE_VISIBLE };
  AtlasBarItem *self = ATLAS_BAR_ITEM (object);
  AtkStateSet *states = atk_state_set_new ();

  if (self->bar == NULL)
    {
      atk_state_set_add_state (states, ATK_STATE_DEFUNCT);
      return states;
    }
  for (guint i = 0; i < G_N_ELEMENTS (always); i++)
    atk_state_set_add_state (states, always[i]);
  if (gtk_widget_get_mapped (GTK_WIDGET (self->bar)))
    atk_state_set_add_state (states, ATK_STATE_SHOWING);
  if (segment_is_selected (self->bar, self->segment))
    atk_state_set_add_state (states, ATK_STATE_SELECTED);
  if (gtk_widget_has_focus (GTK_WIDGET (self->bar)) &&
      atlas_bar_get_cursor (self->bar) == (gint)self->segment)
    atk_state_set_add_state (states, ATK_STATE_FOCUSED);
  return states;
}

static void
atlas_bar_item_class_init (AtlasBarItemClass *klass)
{
  AtkObjectClass *object_class = ATK_OBJECT_CLASS (klass);

  object_class->get_name = atlas_bar_item_get_name;
  object_class->get_parent = atlas_bar_item_get_parent;
  object_class->get_index_in_parent = atlas_bar_item_get_index_in_parent;
  object_class->ref_state_set = atlas_bar_item_ref_state_set;
}

static void
atlas_bar_item_init (AtlasBarItem *self)
{
}

static AtlasBarItem *
atlas_bar_item_new (AtlasBar *bar, guint segment)
{
  AtlasBarItem *item = g_object_new (ATLAS_TYPE_BAR_ITEM, NULL);

  atk_object_initialize (ATK_OBJECT (item), NULL);
  atk_object_set_role (ATK_OBJECT (item), ATK_ROLE_LIST_ITEM);
  item->bar = bar;
  item->segment = segment;
  return item;
}

static void
atlas_bar_item_get_extents (AtkComponent *component, int *x, int *y, int *width, int *height,
                            AtkCoordType coordinates)
{
  AtlasBarItem *self = ATLAS_BAR_ITEM (component);
  AtkObject *bar;
  GdkRectangle area;

  *x = *y = *width = *height = -1;
  if (self->bar == NULL)
    return;
  bar = gtk_widget_get_accessible (GTK_WIDGET (self->bar));
  atlas_bar_get_segment_area (self->bar, self->segment, &area);
  if (coordinates == ATK_XY_PARENT)
    *x = *y = 0;
  else
    {
      int bar_width, bar_height;

      atk_component_get_extents (ATK_COMPONENT (bar), x, y, &bar_width, &bar_height, coordinates);
    }
  *x += area.x;
  *y += area.y;
  *width = area.width;
  *height = area.height;
}

static gboolean
atlas_bar_item_grab_focus (AtkComponent *component)
{
  AtlasBarItem *self = ATLAS_BAR_ITEM (component);

  if (self->bar == NULL)
    return FALSE;
  atlas_bar_set_cursor (self->bar, (gint)self->segment);
  gtk_widget_grab_focus (GTK_WIDGET (self->bar));
  return TRUE;
}

static void
atlas_bar_item_component_init (AtkComponentIface *iface)
{
  iface->get_extents = atlas_bar_item_get_extents;
  iface->grab_focus = atlas_bar_item_grab_focus;
}

static gboolean
atlas_bar_item_do_action (AtkAction *action, int index)
{
  AtlasBarItem *self = ATLAS_BAR_ITEM (action);

  if (index != 0 || self->bar == NULL)
    return FALSE;
  atlas_bar_set_cursor (self->bar, (gint)self->segment);
  atlas_bar_activate_segment (self->bar, self->segment, FALSE);
  return TRUE;
}

static int
atlas_bar_item_get_n_actions (AtkAction *action)
{
  return 1;
}

static const char *
atlas_bar_item_get_action_name (AtkAction *action, int index)
{
  return index == 0 ? "select" : NULL;
}

static const char *
atlas_bar_item_get_action_description (AtkAction *action, int index)
{
  return index == 0 ? _ ("Show only this type") : NULL;
}

static void
atlas_bar_item_action_init (AtkActionIface *iface)
{
  iface->do_action = atlas_bar_item_do_action;
  iface->get_n_actions = atlas_bar_item_get_n_actions;
  iface->get_name = atlas_bar_item_get_action_name;
  iface->get_localized_name = atlas_bar_item_get_action_name;
  iface->get_description = atlas_bar_item_get_action_description;
}

/* ---- The bar ---- */

struct _AtlasBarAccessible
{
  GtkWidgetAccessible parent;

  GPtrArray *items; /* of AtlasBarItem, NULL where nobody asked yet */
};

static void atlas_bar_accessible_selection_init (AtkSelectionIface *iface);

G_DEFINE_TYPE_WITH_CODE (AtlasBarAccessible, atlas_bar_accessible, GTK_TYPE_WIDGET_ACCESSIBLE,
                         G_IMPLEMENT_INTERFACE (ATK_TYPE_SELECTION,
                                                atlas_bar_accessible_selection_init))

static AtlasBar *
get_bar (gpointer accessible)
{
  GtkWidget *widget = gtk_accessible_get_widget (GTK_ACCESSIBLE (accessible));

  return widget != NULL ? ATLAS_BAR (widget) : NULL;
}

static int
atlas_bar_accessible_get_n_children (AtkObject *object)
{
  AtlasBar *bar = get_bar (object);

  return bar != NULL ? (int)atlas_bar_get_geometry (bar)->n_segments : 0;
}

static AtkObject *
atlas_bar_accessible_ref_child (AtkObject *object, int index)
{
  AtlasBarAccessible *self = ATLAS_BAR_ACCESSIBLE (object);
  AtlasBar *bar = get_bar (object);
  int n = atlas_bar_accessible_get_n_children (object);

  if (bar == NULL || index < 0 || index >= n)
    return NULL;
  while ((int)self->items->len < n)
    g_ptr_array_add (self->items, atlas_bar_item_new (bar, self->items->len));
  return g_object_ref (g_ptr_array_index (self->items, index));
}

static AtkStateSet *
atlas_bar_accessible_ref_state_set (AtkObject *object)
{
  AtkStateSet *states =
    ATK_OBJECT_CLASS (atlas_bar_accessible_parent_class)->ref_state_set (object);

  if (get_bar (object) != NULL)
    atk_state_set_add_state (states, ATK_STATE_MULTISELECTABLE);
  return states;
}

static void
drop_items (AtlasBarAccessible *self)
{
  for (guint i = self->items->len; i-- > 0;)
    {
      g_autoptr (AtlasBarItem) item = g_object_ref (g_ptr_array_index (self->items, i));

      g_ptr_array_remove_index (self->items, i);
      item->bar = NULL;
      atk_object_notify_state_change (ATK_OBJECT (item), ATK_STATE_DEFUNCT, TRUE);
      g_signal_emit_by_name (self, "children-changed::remove", i, item, NULL);
    }
}

void
atlas_bar_accessible_segments_changed (AtlasBarAccessible *self)
{
  AtlasBar *bar = get_bar (self);

  drop_items (self);
  for (guint i = 0; bar != NULL && i < atlas_bar_get_geometry (bar)->n_segments; i++)
    {
      g_autoptr (AtkObject) item = atlas_bar_accessible_ref_child (ATK_OBJECT (self), (int)i);

      g_signal_emit_by_name (self, "children-changed::add", i, item, NULL);
    }
}

static void
notify_focus (AtlasBarAccessible *self, gint segment, gboolean focused)
{
  g_autoptr (AtkObject) item = atlas_bar_accessible_ref_child (ATK_OBJECT (self), segment);

  if (item == NULL)
    return;
  atk_object_notify_state_change (item, ATK_STATE_FOCUSED, focused);
  if (focused)
    g_signal_emit_by_name (self, "active-descendant-changed", item, NULL);
}

void
atlas_bar_accessible_cursor_moved (AtlasBarAccessible *self, gint previous, gint current)
{
  AtlasBar *bar = get_bar (self);

  if (bar == NULL)
    return;
  if (previous >= 0)
    notify_focus (self, previous, FALSE);
  if (current >= 0 && gtk_widget_has_focus (GTK_WIDGET (bar)))
    notify_focus (self, current, TRUE);
}

void
atlas_bar_accessible_selection_changed (AtlasBarAccessible *self)
{
  AtlasBar *bar = get_bar (self);

  for (guint i = 0; bar != NULL && i < self->items->len; i++)
    atk_object_notify_state_change (g_ptr_array_index (self->items, i), ATK_STATE_SELECTED,
                                    segment_is_selected (bar, i));
  g_signal_emit_by_name (self, "selection-changed");
}

static void
atlas_bar_accessible_widget_unset (GtkAccessible *accessible)
{
  drop_items (ATLAS_BAR_ACCESSIBLE (accessible));
  GTK_ACCESSIBLE_CLASS (atlas_bar_accessible_parent_class)->widget_unset (accessible);
}

static void
atlas_bar_accessible_initialize (AtkObject *object, gpointer data)
{
  ATK_OBJECT_CLASS (atlas_bar_accessible_parent_class)->initialize (object, data);
  atk_object_set_role (object, ATK_ROLE_LIST);
}

static void
atlas_bar_accessible_finalize (GObject *object)
{
  g_ptr_array_unref (ATLAS_BAR_ACCESSIBLE (object)->items);
  G_OBJECT_CLASS (atlas_bar_accessible_parent_class)->finalize (object);
}

static void
atlas_bar_accessible_class_init (AtlasBarAccessibleClass *klass)
{
  AtkObjectClass *object_class = ATK_OBJECT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = atlas_bar_accessible_finalize;
  GTK_ACCESSIBLE_CLASS (klass)->widget_unset = atlas_bar_accessible_widget_unset;
  object_class->initialize = atlas_bar_accessible_initialize;
  object_class->get_n_children = atlas_bar_accessible_get_n_children;
  object_class->ref_child = atlas_bar_accessible_ref_child;
  object_class->ref_state_set = atlas_bar_accessible_ref_state_set;
}

static void
atlas_bar_accessible_init (AtlasBarAccessible *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
}

static gboolean
atlas_bar_accessible_add_selection (AtkSelection *selection, int index)
{
  AtlasBar *bar = get_bar (selection);

  if (bar == NULL || index < 0 || index >= (int)atlas_bar_get_geometry (bar)->n_segments)
    return FALSE;
  if (!segment_is_selected (bar, (guint)index))
    atlas_bar_activate_segment (bar, (guint)index, TRUE);
  return TRUE;
}

/* The index of the selected segment number @number, or -1. */
static int
find_selected (AtlasBar *bar, int number)
{
  for (guint i = 0; bar != NULL && i < atlas_bar_get_geometry (bar)->n_segments; i++)
    if (segment_is_selected (bar, i) && number-- == 0)
      return (int)i;
  return -1;
}

static AtkObject *
atlas_bar_accessible_ref_selection (AtkSelection *selection, int number)
{
  int index = find_selected (get_bar (selection), number);

  return index >= 0 ? atlas_bar_accessible_ref_child (ATK_OBJECT (selection), index) : NULL;
}

static int
atlas_bar_accessible_get_selection_count (AtkSelection *selection)
{
  int count = 0;

  while (find_selected (get_bar (selection), count) >= 0)
    count++;
  return count;
}

static gboolean
atlas_bar_accessible_is_child_selected (AtkSelection *selection, int index)
{
  AtlasBar *bar = get_bar (selection);

  return bar != NULL && index >= 0 && index < (int)atlas_bar_get_geometry (bar)->n_segments &&
         segment_is_selected (bar, (guint)index);
}

static void
atlas_bar_accessible_selection_init (AtkSelectionIface *iface)
{
  iface->add_selection = atlas_bar_accessible_add_selection;
  iface->ref_selection = atlas_bar_accessible_ref_selection;
  iface->get_selection_count = atlas_bar_accessible_get_selection_count;
  iface->is_child_selected = atlas_bar_accessible_is_child_selected;
}
