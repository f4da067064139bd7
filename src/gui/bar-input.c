/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pointer, keyboard and focus of an AtlasBar: which segment is pointed at, where the cursor is, and
 * which type is chosen. Main thread.
 */

#include "config.h"

#include "gui/bar-accessible.h"
#include "gui/bar-private.h"

gint
atlas_bar_hit (AtlasBar *self, double x, double y)
{
  GdkRectangle trough;

  atlas_bar_get_trough (self, &trough);
  if (y < trough.y || y >= trough.y + trough.height)
    return -1;
  x -= trough.x + 1;
  return atlas_bar_geometry_hit (&self->geometry,
                                 atlas_bar_is_rtl (self) ? self->geometry.width - x : x);
}

static void
set_hover (AtlasBar *self, gint segment)
{
  if (segment == self->hover)
    return;
  self->hover = segment;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
motion_notify_event (GtkWidget *widget, GdkEventMotion *event)
{
  set_hover (ATLAS_BAR (widget), atlas_bar_hit (ATLAS_BAR (widget), event->x, event->y));
  return GDK_EVENT_PROPAGATE;
}

static gboolean
leave_notify_event (GtkWidget *widget, GdkEventCrossing *event)
{
  set_hover (ATLAS_BAR (widget), -1);
  return GDK_EVENT_PROPAGATE;
}

static gboolean
button_press_event (GtkWidget *widget, GdkEventButton *event)
{
  AtlasBar *self = ATLAS_BAR (widget);
  gint segment = atlas_bar_hit (self, event->x, event->y);

  if (event->type != GDK_BUTTON_PRESS || event->button != GDK_BUTTON_PRIMARY || segment < 0)
    return GDK_EVENT_PROPAGATE;
  atlas_bar_set_cursor (self, segment);
  gtk_widget_grab_focus (widget);
  atlas_bar_activate_segment (self, (guint)segment,
                              (event->state & (GDK_CONTROL_MASK | GDK_SHIFT_MASK)) != 0);
  return GDK_EVENT_STOP;
}

static gboolean
key_press_event (GtkWidget *widget, GdkEventKey *event)
{
  AtlasBar *self = ATLAS_BAR (widget);
  gint last = (gint)self->geometry.n_segments - 1;
  gint step = atlas_bar_is_rtl (self) ? -1 : 1;
  gboolean extend = (event->state & (GDK_CONTROL_MASK | GDK_SHIFT_MASK)) != 0;

  if (last < 0 || (event->state & GDK_MOD1_MASK) != 0)
    return GDK_EVENT_PROPAGATE;
  switch (event->keyval)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      atlas_bar_set_cursor (self, CLAMP (self->cursor - step, 0, last));
      return GDK_EVENT_STOP;
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      atlas_bar_set_cursor (self, CLAMP (self->cursor + step, 0, last));
      return GDK_EVENT_STOP;
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
      atlas_bar_set_cursor (self, 0);
      return GDK_EVENT_STOP;
    case GDK_KEY_End:
    case GDK_KEY_KP_End:
      atlas_bar_set_cursor (self, last);
      return GDK_EVENT_STOP;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
    case GDK_KEY_ISO_Enter:
    case GDK_KEY_space:
    case GDK_KEY_KP_Space:
      if (self->cursor < 0)
        return GDK_EVENT_PROPAGATE;
      atlas_bar_activate_segment (self, (guint)self->cursor, extend);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

static gboolean
focus_in_event (GtkWidget *widget, GdkEventFocus *event)
{
  AtlasBar *self = ATLAS_BAR (widget);

  if (self->cursor < 0 && self->geometry.n_segments > 0)
    atlas_bar_set_cursor (self, 0);
  else
    atlas_bar_accessible_cursor_moved (ATLAS_BAR_ACCESSIBLE (gtk_widget_get_accessible (widget)),
                                       -1, self->cursor);
  gtk_widget_queue_draw (widget);
  return GDK_EVENT_PROPAGATE;
}

static gboolean
focus_out_event (GtkWidget *widget, GdkEventFocus *event)
{
  AtlasBar *self = ATLAS_BAR (widget);

  atlas_bar_accessible_cursor_moved (ATLAS_BAR_ACCESSIBLE (gtk_widget_get_accessible (widget)),
                                     self->cursor, -1);
  gtk_widget_queue_draw (widget);
  return GDK_EVENT_PROPAGATE;
}

void
atlas_bar_class_init_input (GtkWidgetClass *widget_class)
{
  widget_class->motion_notify_event = motion_notify_event;
  widget_class->leave_notify_event = leave_notify_event;
  widget_class->button_press_event = button_press_event;
  widget_class->key_press_event = key_press_event;
  widget_class->focus_in_event = focus_in_event;
  widget_class->focus_out_event = focus_out_event;
}
