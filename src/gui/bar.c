/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The widget AtlasBar: keeps the bytes by type of one figure and lays them out when its size or its
 * values change; pointer and keyboard are in bar-input.c. Keeps no reference to a snapshot. Main
 * thread.
 */

#include "config.h"

#include "gui/bar.h"

#include "gui/bar-accessible.h"
#include "gui/bar-paint.h"
#include "gui/bar-private.h"

#include <glib/gi18n.h>

#define TROUGH_HEIGHT 20
#define SPACING       3
#define TEXT_GAP      24 /* least room between caption and total */
#define LEAST_SEGMENT 3

/* Of the compact form. */
#define COMPACT_HEIGHT 18
#define COMPACT_GAP    10 /* between text and bar */
#define COMPACT_WIDTH  60 /* least length of the bar */

G_DEFINE_TYPE (AtlasBar, atlas_bar, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_TYPE_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

guint64
atlas_bars_scale (AtlasSnapshot *snapshot)
{
  AtlasBarScale scale;

  atlas_bar_values_get_common_scale (snapshot, &scale);
  return scale.length;
}

gboolean
atlas_bar_is_rtl (AtlasBar *self)
{
  return gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
}

static int
text_height (AtlasBar *self)
{
  int caption, total;

  pango_layout_get_pixel_size (self->caption, NULL, &caption);
  pango_layout_get_pixel_size (self->total, NULL, &total);
  return MAX (caption, total);
}

void
atlas_bar_get_trough (AtlasBar *self, GdkRectangle *out_trough)
{
  int width = gtk_widget_get_allocated_width (GTK_WIDGET (self));
  int height = text_height (self);

  if (self->compact)
    *out_trough = (GdkRectangle){
      (atlas_bar_is_rtl (self) ? self->total_room : self->caption_room) + COMPACT_GAP,
      MAX (0, (height - COMPACT_HEIGHT) / 2),
      MAX (width - self->caption_room - self->total_room - 2 * COMPACT_GAP, 2),
      COMPACT_HEIGHT,
    };
  else
    *out_trough = (GdkRectangle){ 0, height + SPACING, width, TROUGH_HEIGHT };
}

static void
layout_segments (AtlasBar *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  AtlasBarGeometry previous = self->geometry;
  GdkRectangle trough;
  gboolean same;

  atlas_bar_get_trough (self, &trough);
  atlas_bar_geometry_init (&self->geometry, &self->values.scale, self->values.bytes,
                           trough.width - 2, LEAST_SEGMENT,
                           1.0 / gtk_widget_get_scale_factor (widget));
  same = previous.n_segments == self->geometry.n_segments;
  for (guint i = 0; same && i < previous.n_segments; i++)
    same = previous.segments[i].type == self->geometry.segments[i].type &&
           previous.segments[i].bytes == self->geometry.segments[i].bytes;
  if (!same)
    {
      /* The keyboard stays on the type it was on. */
      if (self->cursor >= 0)
        self->cursor =
          atlas_bar_geometry_find (&self->geometry, previous.segments[self->cursor].type);
      self->hover = -1;
      atlas_bar_accessible_segments_changed (
        ATLAS_BAR_ACCESSIBLE (gtk_widget_get_accessible (widget)));
    }
  gtk_widget_queue_draw (widget);
}

static void
update_texts (AtlasBar *self)
{
  /* Translators: caption of a bar, %s is what it shows: "Committed" */
  g_autofree char *caption = g_strdup_printf (_ ("%s:"), self->values.title);
  g_autofree char *amount = atlas_bar_values_dup_total (&self->values);

  g_clear_object (&self->caption);
  g_clear_object (&self->total);
  self->caption = gtk_widget_create_pango_layout (GTK_WIDGET (self), caption);
  self->total = gtk_widget_create_pango_layout (GTK_WIDGET (self), amount);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
update_description (AtlasBar *self)
{
  g_autofree char *description = atlas_bar_dup_description (self);

  atk_object_set_description (gtk_widget_get_accessible (GTK_WIDGET (self)), description);
}

static void
paint_init (AtlasBar *self, AtlasBarPaint *paint)
{
  *paint = (AtlasBarPaint){
    .geometry = &self->geometry,
    .selected = self->selected,
    .hover = self->hover,
    .cursor = self->cursor,
    .focus = gtk_widget_has_visible_focus (GTK_WIDGET (self)),
  };
  atlas_bar_get_trough (self, &paint->trough);
}

static gboolean
atlas_bar_draw (GtkWidget *widget, cairo_t *cr)
{
  AtlasBar *self = ATLAS_BAR (widget);
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  int width = gtk_widget_get_allocated_width (widget);
  int caption, total, top;
  AtlasBarPaint paint;

  gtk_render_background (style, cr, 0, 0, width, gtk_widget_get_allocated_height (widget));
  pango_layout_get_pixel_size (self->caption, &caption, NULL);
  pango_layout_get_pixel_size (self->total, &total, NULL);
  top = self->compact ? MAX (0, (COMPACT_HEIGHT - text_height (self)) / 2) : 0;
  gtk_render_layout (style, cr, atlas_bar_is_rtl (self) ? width - caption : 0, top, self->caption);
  gtk_render_layout (style, cr, atlas_bar_is_rtl (self) ? 0 : width - total, top, self->total);
  paint_init (self, &paint);
  atlas_bar_paint (widget, cr, &paint);
  return GDK_EVENT_PROPAGATE;
}

static void
atlas_bar_get_preferred_width (GtkWidget *widget, int *minimum, int *natural)
{
  AtlasBar *self = ATLAS_BAR (widget);
  int caption, total;

  pango_layout_get_pixel_size (self->caption, &caption, NULL);
  pango_layout_get_pixel_size (self->total, &total, NULL);
  if (self->compact)
    *minimum = *natural = self->caption_room + self->total_room + 2 * COMPACT_GAP + COMPACT_WIDTH;
  else
    *minimum = *natural = caption + TEXT_GAP + total;
}

static void
atlas_bar_get_preferred_height (GtkWidget *widget, int *minimum, int *natural)
{
  int text = text_height (ATLAS_BAR (widget));

  *minimum = *natural =
    ATLAS_BAR (widget)->compact ? MAX (text, COMPACT_HEIGHT) : text + SPACING + TROUGH_HEIGHT;
}

static void
atlas_bar_size_allocate (GtkWidget *widget, GtkAllocation *allocation)
{
  AtlasBar *self = ATLAS_BAR (widget);

  gtk_widget_set_allocation (widget, allocation);
  gtk_widget_set_clip (widget, allocation);
  if (self->events != NULL)
    gdk_window_move_resize (self->events, allocation->x, allocation->y, allocation->width,
                            allocation->height);
  layout_segments (self);
}

static void
atlas_bar_realize (GtkWidget *widget)
{
  AtlasBar *self = ATLAS_BAR (widget);
  GtkAllocation allocation;
  GdkWindow *window = gtk_widget_get_parent_window (widget);

  gtk_widget_get_allocation (widget, &allocation);
  gtk_widget_set_realized (widget, TRUE);
  gtk_widget_set_window (widget, g_object_ref (window));
  GdkWindowAttr attributes = {
    .window_type = GDK_WINDOW_CHILD,
    .wclass = GDK_INPUT_ONLY,
    .x = allocation.x,
    .y = allocation.y,
    .width = allocation.width,
    .height = allocation.height,
    .event_mask = gtk_widget_get_events (widget) | GDK_BUTTON_PRESS_MASK | GDK_POINTER_MOTION_MASK |
                  GDK_LEAVE_NOTIFY_MASK,
  };
  self->events = gdk_window_new (window, &attributes, GDK_WA_X | GDK_WA_Y);
  gtk_widget_register_window (widget, self->events);
}

static void
atlas_bar_unrealize (GtkWidget *widget)
{
  AtlasBar *self = ATLAS_BAR (widget);

  gtk_widget_unregister_window (widget, self->events);
  gdk_window_destroy (self->events);
  self->events = NULL;
  GTK_WIDGET_CLASS (atlas_bar_parent_class)->unrealize (widget);
}

static void
atlas_bar_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (atlas_bar_parent_class)->map (widget);
  gdk_window_show (ATLAS_BAR (widget)->events);
}

static void
atlas_bar_unmap (GtkWidget *widget)
{
  gdk_window_hide (ATLAS_BAR (widget)->events);
  GTK_WIDGET_CLASS (atlas_bar_parent_class)->unmap (widget);
}

static gboolean
atlas_bar_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  AtlasBar *self = ATLAS_BAR (widget);
  gint segment = keyboard ? self->cursor : atlas_bar_hit (self, x, y);
  g_autofree char *text = NULL;

  if (segment >= 0 && segment < (gint)self->geometry.n_segments)
    {
      GdkRectangle area;

      text = atlas_bar_dup_segment_text (self, (guint)segment);
      atlas_bar_get_segment_area (self, (guint)segment, &area);
      gtk_tooltip_set_tip_area (tooltip, &area);
    }
  else if (self->geometry.unknown)
    text = g_strdup (_ ("A part of this figure could not be read"));
  else
    return FALSE;
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static void
atlas_bar_style_updated (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (atlas_bar_parent_class)->style_updated (widget);
  update_texts (ATLAS_BAR (widget));
}

static void
atlas_bar_finalize (GObject *object)
{
  AtlasBar *self = ATLAS_BAR (object);

  g_clear_object (&self->caption);
  g_clear_object (&self->total);
  g_free (self->values.title);
  G_OBJECT_CLASS (atlas_bar_parent_class)->finalize (object);
}

static void
atlas_bar_class_init (AtlasBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = atlas_bar_finalize;
  widget_class->draw = atlas_bar_draw;
  widget_class->get_preferred_width = atlas_bar_get_preferred_width;
  widget_class->get_preferred_height = atlas_bar_get_preferred_height;
  widget_class->size_allocate = atlas_bar_size_allocate;
  widget_class->realize = atlas_bar_realize;
  widget_class->unrealize = atlas_bar_unrealize;
  widget_class->map = atlas_bar_map;
  widget_class->unmap = atlas_bar_unmap;
  atlas_bar_class_init_input (widget_class);
  widget_class->query_tooltip = atlas_bar_query_tooltip;
  widget_class->style_updated = atlas_bar_style_updated;
  gtk_widget_class_set_css_name (widget_class, "atlasbar");
  gtk_widget_class_set_accessible_type (widget_class, ATLAS_TYPE_BAR_ACCESSIBLE);

  signals[SIGNAL_TYPE_ACTIVATED] =
    g_signal_new ("type-activated", ATLAS_TYPE_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_BOOLEAN);
}

static void
atlas_bar_init (AtlasBar *self)
{
  self->values.title = g_strdup ("");
  self->hover = -1;
  self->cursor = -1;
  gtk_widget_set_has_window (GTK_WIDGET (self), FALSE);
  gtk_widget_set_can_focus (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
  update_texts (self);
}

GtkWidget *
atlas_bar_new (void)
{
  return g_object_new (ATLAS_TYPE_BAR, "visible", TRUE, NULL);
}

void
atlas_bar_set_title (AtlasBar *self, const char *title)
{
  g_free (self->values.title);
  self->values.title = g_strdup (title);
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self)), title);
  update_texts (self);
}

void
atlas_bar_set_snapshot (AtlasBar *self, AtlasSnapshot *snapshot, AtlasFigure figure,
                        guint64 scale_bytes)
{
  atlas_bar_values_set (&self->values, snapshot, figure, scale_bytes);
  layout_segments (self);
  update_texts (self);
  update_description (self);
}

void
atlas_bar_set_selected (AtlasBar *self, AtlasTypeSet selected)
{
  if (selected == self->selected)
    return;
  self->selected = selected;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  atlas_bar_accessible_selection_changed (
    ATLAS_BAR_ACCESSIBLE (gtk_widget_get_accessible (GTK_WIDGET (self))));
}

AtlasTypeSet
atlas_bar_get_selected (AtlasBar *self)
{
  return self->selected;
}

void
atlas_bar_set_unit (AtlasBar *self, AtlasUnit unit)
{
  if (unit == self->values.unit)
    return;
  self->values.unit = unit;
  update_texts (self);
  /* The names of the items hold amounts. */
  atlas_bar_accessible_segments_changed (
    ATLAS_BAR_ACCESSIBLE (gtk_widget_get_accessible (GTK_WIDGET (self))));
  update_description (self);
}

void
atlas_bar_get_text_widths (AtlasBar *self, int *out_caption, int *out_total)
{
  pango_layout_get_pixel_size (self->caption, out_caption, NULL);
  pango_layout_get_pixel_size (self->total, out_total, NULL);
}

void
atlas_bar_set_compact (AtlasBar *self, gboolean compact, int caption, int total)
{
  if (compact == self->compact && caption == self->caption_room && total == self->total_room)
    return;
  self->compact = compact;
  self->caption_room = compact ? caption : 0;
  self->total_room = compact ? total : 0;
  layout_segments (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

const AtlasBarGeometry *
atlas_bar_get_geometry (AtlasBar *self)
{
  return &self->geometry;
}

void
atlas_bar_get_segment_area (AtlasBar *self, guint segment, GdkRectangle *out_area)
{
  double x, y, width, height;
  AtlasBarPaint paint;

  paint_init (self, &paint);
  atlas_bar_paint_get_area (GTK_WIDGET (self), &paint, segment, &x, &y, &width, &height);
  *out_area = (GdkRectangle){ (int)x, (int)y, MAX ((int)width, 1), (int)height };
}

char *
atlas_bar_dup_segment_text (AtlasBar *self, guint segment)
{
  return atlas_bar_values_dup_segment_text (&self->values, &self->geometry.segments[segment]);
}

char *
atlas_bar_dup_description (AtlasBar *self)
{
  return atlas_bar_values_dup_description (&self->values, &self->geometry);
}

gint
atlas_bar_get_cursor (AtlasBar *self)
{
  return self->cursor;
}

void
atlas_bar_set_cursor (AtlasBar *self, gint segment)
{
  gint previous = self->cursor;

  if (segment == previous || segment >= (gint)self->geometry.n_segments)
    return;
  self->cursor = segment;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  atlas_bar_accessible_cursor_moved (
    ATLAS_BAR_ACCESSIBLE (gtk_widget_get_accessible (GTK_WIDGET (self))), previous, segment);
}

void
atlas_bar_activate_segment (AtlasBar *self, guint segment, gboolean extend)
{
  if (segment < self->geometry.n_segments)
    g_signal_emit (self, signals[SIGNAL_TYPE_ACTIVATED], 0,
                   (guint)self->geometry.segments[segment].type, extend);
}
