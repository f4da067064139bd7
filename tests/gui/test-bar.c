/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The bars in a real window: room for their texts, pointer, keyboard, tooltips, what is painted,
 * and what assistive technology is told.
 */

#include "config.h"

#include "display.h"
#include "sample.h"

#include "gui/bar.h"

#define MIB (G_GUINT64_CONSTANT (1) << 20)
#define RW  (ATLAS_PROTECTION_READ | ATLAS_PROTECTION_WRITE)
#define AC  (ATLAS_VM_KNOWN | ATLAS_VM_ACCOUNTED)

typedef struct
{
  GtkWidget *window;
  AtlasBar *bar;
  guint n_activated;
  guint type;
  gboolean extend;
} Fixture;

static AtlasSnapshot *
new_snapshot (guint64 private_bytes, gboolean unknown)
{
  const SampleBlock blocks[] = {
    { 16 * MIB, 26 * MIB, ATLAS_PROTECTION_READ | ATLAS_PROTECTION_SHARED, ATLAS_VM_KNOWN, MIB,
      ATLAS_TYPE_IMAGE, "i", NULL, "/bin/true" },
    { 32 * MIB, 62 * MIB, RW, AC, 20 * MIB, ATLAS_TYPE_HEAP, "h", NULL, NULL },
    { 64 * MIB, 64 * MIB + private_bytes, RW, AC, 2 * MIB, ATLAS_TYPE_PRIVATE, "p", NULL, NULL },
  };
  g_autoptr (AtlasStringPool) pool = atlas_string_pool_new ();
  g_autoptr (AtlasSnapshotBuilder) builder = atlas_snapshot_builder_new (pool);
  g_autoptr (GError) error = NULL;
  AtlasProcess *process = atlas_process_new ();

  process->bits = 64;
  process->address_limit = G_GUINT64_CONSTANT (1) << 47;
  atlas_snapshot_builder_take_process (builder, process);
  sample_fill (builder, blocks, G_N_ELEMENTS (blocks));
  if (unknown)
    atlas_snapshot_builder_set_counter (builder, 1, ATLAS_COUNTER_RSS, ATLAS_UNKNOWN);
  AtlasSnapshot *snapshot = atlas_snapshot_builder_finish (builder, &error);
  g_assert_no_error (error);
  return snapshot;
}

static void
settle (void)
{
  gint64 end = g_get_monotonic_time () + 50 * 1000;

  while (gtk_events_pending () || g_get_monotonic_time () < end)
    gtk_main_iteration_do (FALSE);
}

static void
on_activated (Fixture *fixture, guint type, gboolean extend)
{
  fixture->n_activated++;
  fixture->type = type;
  fixture->extend = extend;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AtlasSnapshot) snapshot = new_snapshot (10 * MIB, FALSE);

  fixture->window = gtk_window_new (GTK_WINDOW_TOPLEVEL);
  fixture->bar = ATLAS_BAR (atlas_bar_new ());
  gtk_container_add (GTK_CONTAINER (fixture->window), GTK_WIDGET (fixture->bar));
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 502, 60);
  atlas_bar_set_title (fixture->bar, "Committed");
  atlas_bar_set_snapshot (fixture->bar, snapshot, ATLAS_FIGURE_COMMITTED,
                          atlas_bars_scale (snapshot));
  g_signal_connect_swapped (fixture->bar, "type-activated", G_CALLBACK (on_activated), fixture);
  gtk_widget_show_all (fixture->window);
  settle ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_widget_destroy (fixture->window);
  settle ();
}

static void
press_key (Fixture *fixture, guint keyval, GdkModifierType state)
{
  GdkEvent *event = gdk_event_new (GDK_KEY_PRESS);

  event->key.window = g_object_ref (gtk_widget_get_window (fixture->window));
  event->key.keyval = keyval;
  event->key.state = state;
  gdk_event_set_device (
    event, gdk_seat_get_keyboard (gdk_display_get_default_seat (gdk_display_get_default ())));
  gtk_widget_event (GTK_WIDGET (fixture->bar), event);
  gdk_event_free (event);
}

static void
click (Fixture *fixture, double x, double y, GdkModifierType state)
{
  GdkEvent *event = gdk_event_new (GDK_BUTTON_PRESS);

  event->button.window = g_object_ref (gtk_widget_get_window (fixture->window));
  event->button.button = GDK_BUTTON_PRIMARY;
  event->button.state = state;
  event->button.x = x;
  event->button.y = y;
  gdk_event_set_device (
    event, gdk_seat_get_pointer (gdk_display_get_default_seat (gdk_display_get_default ())));
  gtk_widget_event (GTK_WIDGET (fixture->bar), event);
  gdk_event_free (event);
}

static void
test_room (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AtlasSnapshot) giant = new_snapshot (G_GUINT64_CONSTANT (16) << 40, FALSE);
  PangoLayout *layout;
  int small, large, text;

  gtk_widget_get_preferred_width (GTK_WIDGET (fixture->bar), &small, NULL);
  atlas_bar_set_snapshot (fixture->bar, giant, ATLAS_FIGURE_COMMITTED, atlas_bars_scale (giant));
  gtk_widget_get_preferred_width (GTK_WIDGET (fixture->bar), &large, NULL);
  g_assert_cmpint (large, >, small);
  layout = gtk_widget_create_pango_layout (GTK_WIDGET (fixture->bar), "Committed:17,179,910,144 K");
  pango_layout_get_pixel_size (layout, &text, NULL);
  g_object_unref (layout);
  g_assert_cmpint (large, >=, text - 20);
}

static void
test_pointer (Fixture *fixture, gconstpointer data)
{
  GdkRectangle area;

  /* 50 MiB in order: image 10, private 10, heap 30. */
  g_assert_cmpuint (atlas_bar_get_geometry (fixture->bar)->n_segments, ==, 3);
  atlas_bar_get_segment_area (fixture->bar, 2, &area);
  g_assert_cmpint (ABS (area.width - 300), <=, 2);
  click (fixture, area.x + area.width / 2, area.y + area.height / 2, 0);
  g_assert_cmpuint (fixture->n_activated, ==, 1);
  g_assert_cmpuint (fixture->type, ==, ATLAS_TYPE_HEAP);
  g_assert_false (fixture->extend);
  atlas_bar_get_segment_area (fixture->bar, 0, &area);
  click (fixture, area.x + 1, area.y + 1, GDK_CONTROL_MASK);
  g_assert_cmpuint (fixture->type, ==, ATLAS_TYPE_IMAGE);
  g_assert_true (fixture->extend);
  click (fixture, area.x + 1, 1, 0); /* the caption is no segment */
  g_assert_cmpuint (fixture->n_activated, ==, 2);
}

static void
test_keyboard (Fixture *fixture, gconstpointer data)
{
  gtk_widget_grab_focus (GTK_WIDGET (fixture->bar));
  atlas_bar_set_cursor (fixture->bar, 0);
  press_key (fixture, GDK_KEY_Right, 0);
  g_assert_cmpint (atlas_bar_get_cursor (fixture->bar), ==, 1);
  press_key (fixture, GDK_KEY_Return, 0);
  g_assert_cmpuint (fixture->type, ==, ATLAS_TYPE_PRIVATE);
  press_key (fixture, GDK_KEY_End, 0);
  press_key (fixture, GDK_KEY_Right, 0);
  g_assert_cmpint (atlas_bar_get_cursor (fixture->bar), ==, 2);
  press_key (fixture, GDK_KEY_space, GDK_SHIFT_MASK);
  g_assert_cmpuint (fixture->type, ==, ATLAS_TYPE_HEAP);
  g_assert_true (fixture->extend);
  press_key (fixture, GDK_KEY_Home, 0);
  press_key (fixture, GDK_KEY_Left, 0);
  g_assert_cmpint (atlas_bar_get_cursor (fixture->bar), ==, 0);

  gtk_widget_set_direction (GTK_WIDGET (fixture->bar), GTK_TEXT_DIR_RTL);
  press_key (fixture, GDK_KEY_Left, 0);
  g_assert_cmpint (atlas_bar_get_cursor (fixture->bar), ==, 1);
  g_assert_cmpuint (fixture->n_activated, ==, 2);
}

/* The cursor follows its type when another snapshot has other segments. */
static void
test_cursor_follows (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AtlasSnapshot) snapshot = new_snapshot (10 * MIB, FALSE);

  atlas_bar_set_cursor (fixture->bar, 2);
  atlas_bar_set_snapshot (fixture->bar, snapshot, ATLAS_FIGURE_PRIVATE, 0);
  const AtlasBarGeometry *geometry = atlas_bar_get_geometry (fixture->bar);
  g_assert_cmpuint (geometry->n_segments, ==, 2);
  g_assert_cmpuint (geometry->segments[atlas_bar_get_cursor (fixture->bar)].type, ==,
                    ATLAS_TYPE_HEAP);
  atlas_bar_set_snapshot (fixture->bar, NULL, ATLAS_FIGURE_PRIVATE, 0);
  g_assert_cmpint (atlas_bar_get_cursor (fixture->bar), ==, -1);
  press_key (fixture, GDK_KEY_Return, 0);
  g_assert_cmpuint (fixture->n_activated, ==, 0);
}

static void
test_words (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AtlasSnapshot) giant = new_snapshot (G_GUINT64_CONSTANT (16) << 40, FALSE);
  g_autoptr (AtlasSnapshot) unknown = new_snapshot (10 * MIB, TRUE);
  g_autofree char *heap = atlas_bar_dup_segment_text (fixture->bar, 2);

  g_assert_nonnull (strstr (heap, "Heap: 30"));
  g_assert_nonnull (strstr (heap, "60.0 % of Committed"));
  g_assert_null (strstr (heap, "shortened"));

  atlas_bar_set_snapshot (fixture->bar, giant, ATLAS_FIGURE_COMMITTED, atlas_bars_scale (giant));
  g_autofree char *broken = atlas_bar_dup_segment_text (fixture->bar, 1);
  g_assert_nonnull (strstr (broken, "shortened"));
  g_autofree char *tiny = atlas_bar_dup_segment_text (fixture->bar, 2);
  g_assert_nonnull (strstr (tiny, "less than 0.1 %"));
  g_autofree char *description = atlas_bar_dup_description (fixture->bar);
  g_assert_nonnull (strstr (description, "Private is drawn shortened"));

  atlas_bar_set_snapshot (fixture->bar, unknown, ATLAS_FIGURE_TOTAL_WS, atlas_bars_scale (unknown));
  g_assert_true (atlas_bar_get_geometry (fixture->bar)->unknown);
  g_autofree char *part = atlas_bar_dup_segment_text (fixture->bar, 0);
  g_assert_null (strchr (part, '%')); /* there is no share of what is unknown */
  g_autofree char *missing = atlas_bar_dup_description (fixture->bar);
  g_assert_nonnull (strstr (missing, "unknown"));
}

static cairo_surface_t *
paint (Fixture *fixture)
{
  int width = gtk_widget_get_allocated_width (GTK_WIDGET (fixture->bar));
  int height = gtk_widget_get_allocated_height (GTK_WIDGET (fixture->bar));
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cr = cairo_create (surface);

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  gtk_widget_draw (GTK_WIDGET (fixture->bar), cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

static guint32
pixel_at (cairo_surface_t *surface, int x, int y)
{
  const guchar *data = cairo_image_surface_get_data (surface);

  return ((const guint32 *)(data + y * cairo_image_surface_get_stride (surface)))[x] & 0xffffff;
}

static void
test_paint (Fixture *fixture, gconstpointer data)
{
  cairo_surface_t *surface = paint (fixture);

  for (guint i = 0; i < 3; i++)
    {
      AtlasType type = atlas_bar_get_geometry (fixture->bar)->segments[i].type;
      GdkRectangle area;
      GdkRGBA color;

      atlas_bar_get_segment_area (fixture->bar, i, &area);
      atlas_widget_get_type_color (GTK_WIDGET (fixture->bar), type, &color);
      guint32 expected = (guint32)(color.red * 255 + 0.5) << 16 |
                         (guint32)(color.green * 255 + 0.5) << 8 |
                         (guint32)(color.blue * 255 + 0.5);
      g_assert_cmphex (pixel_at (surface, area.x + area.width / 2, area.y + area.height / 2), ==,
                       expected);
    }

  /* A selection shows by more than colour: an edge that was not there. */
  GdkRectangle area;
  atlas_bar_get_segment_area (fixture->bar, 2, &area);
  guint32 before = pixel_at (surface, area.x + area.width / 2, area.y + 1);
  cairo_surface_destroy (surface);
  atlas_bar_set_selected (fixture->bar, 1u << ATLAS_TYPE_HEAP);
  surface = paint (fixture);
  g_assert_cmphex (pixel_at (surface, area.x + area.width / 2, area.y + 1), !=, before);
  cairo_surface_destroy (surface);
}

static void
test_accessible (Fixture *fixture, gconstpointer data)
{
  AtkObject *bar = gtk_widget_get_accessible (GTK_WIDGET (fixture->bar));
  int x, y, width, height;

  g_assert_cmpstr (atk_object_get_name (bar), ==, "Committed");
  g_assert_nonnull (strstr (atk_object_get_description (bar), "Total"));
  g_assert_cmpint (atk_object_get_role (bar), ==, ATK_ROLE_LIST);
  g_assert_cmpint (atk_object_get_n_accessible_children (bar), ==, 3);

  g_autoptr (AtkObject) heap = atk_object_ref_accessible_child (bar, 2);
  g_assert_true (g_str_has_prefix (atk_object_get_name (heap), "Heap: "));
  g_assert_cmpint (atk_object_get_role (heap), ==, ATK_ROLE_LIST_ITEM);
  g_assert_true (atk_object_get_parent (heap) == bar);
  g_assert_cmpint (atk_object_get_index_in_parent (heap), ==, 2);
  atk_component_get_extents (ATK_COMPONENT (heap), &x, &y, &width, &height, ATK_XY_PARENT);
  g_assert_cmpint (width, >, 250);
  g_assert_cmpint (x + width, <=, 502);

  g_assert_cmpstr (atk_action_get_name (ATK_ACTION (heap), 0), ==, "select");
  g_assert_true (atk_action_do_action (ATK_ACTION (heap), 0));
  g_assert_cmpuint (fixture->type, ==, ATLAS_TYPE_HEAP);
  g_assert_false (atk_action_do_action (ATK_ACTION (heap), 1));

  atlas_bar_set_selected (fixture->bar, 1u << ATLAS_TYPE_HEAP);
  g_autoptr (AtkStateSet) states = atk_object_ref_state_set (heap);
  g_assert_true (atk_state_set_contains_state (states, ATK_STATE_SELECTED));
  g_assert_true (atk_state_set_contains_state (states, ATK_STATE_SHOWING));
  g_assert_cmpint (atk_selection_get_selection_count (ATK_SELECTION (bar)), ==, 1);
  g_assert_true (atk_selection_is_child_selected (ATK_SELECTION (bar), 2));
  g_assert_true (atk_selection_add_selection (ATK_SELECTION (bar), 0));
  g_assert_true (fixture->extend);

  /* An item of a bar that shows something else now is gone, and says so. */
  atlas_bar_set_snapshot (fixture->bar, NULL, ATLAS_FIGURE_COMMITTED, 0);
  g_assert_cmpint (atk_object_get_n_accessible_children (bar), ==, 0);
  g_autoptr (AtkStateSet) after = atk_object_ref_state_set (heap);
  g_assert_true (atk_state_set_contains_state (after, ATK_STATE_DEFUNCT));
  g_assert_false (atk_action_do_action (ATK_ACTION (heap), 0));
}

#define ADD(name, function) g_test_add ("/bar/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  display_test_init (&argc, &argv);
  ADD ("room", test_room);
  ADD ("pointer", test_pointer);
  ADD ("keyboard", test_keyboard);
  ADD ("cursor-follows", test_cursor_follows);
  ADD ("words", test_words);
  ADD ("paint", test_paint);
  ADD ("accessible", test_accessible);
  return g_test_run ();
}
