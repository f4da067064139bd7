/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The three bars of the window: one scale, and in the compact form one left and one right edge.
 * Main thread.
 */

#include "config.h"

#include "gui/bar-area.h"

#include <glib/gi18n.h>

#define SPACING         4
#define COMPACT_SPACING 2

static const struct
{
  AtlasFigure figure;
  const char *title;
} table[ATLAS_N_BARS] = {
  { ATLAS_FIGURE_COMMITTED, N_ ("Committed") },
  { ATLAS_FIGURE_PRIVATE, N_ ("Private Bytes") },
  { ATLAS_FIGURE_TOTAL_WS, N_ ("Working Set") },
};

struct _AtlasBarArea
{
  GtkBox parent;
  GtkWidget *bars[ATLAS_N_BARS];
  gboolean compact;
};

enum
{
  SIGNAL_TYPE_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (AtlasBarArea, atlas_bar_area, GTK_TYPE_BOX)

/* Bars that are to be compared begin and end at the same places, whatever their texts. */
static void
align (AtlasBarArea *self)
{
  int caption = 0, total = 0;

  for (guint i = 0; self->compact && i < ATLAS_N_BARS; i++)
    {
      int own_caption, own_total;

      atlas_bar_get_text_widths (ATLAS_BAR (self->bars[i]), &own_caption, &own_total);
      caption = MAX (caption, own_caption);
      total = MAX (total, own_total);
    }
  for (guint i = 0; i < ATLAS_N_BARS; i++)
    atlas_bar_set_compact (ATLAS_BAR (self->bars[i]), self->compact, caption, total);
}

static void
type_activated (AtlasBarArea *self, guint type, gboolean extend)
{
  g_signal_emit (self, signals[SIGNAL_TYPE_ACTIVATED], 0, type, extend);
}

static void
style_updated (GtkWidget *widget)
{
  AtlasBarArea *self = ATLAS_BAR_AREA (widget);

  GTK_WIDGET_CLASS (atlas_bar_area_parent_class)->style_updated (widget);
  if (self->bars[ATLAS_N_BARS - 1] != NULL)
    align (self);
}

static void
atlas_bar_area_class_init (AtlasBarAreaClass *klass)
{
  GTK_WIDGET_CLASS (klass)->style_updated = style_updated;
  signals[SIGNAL_TYPE_ACTIVATED] =
    g_signal_new ("type-activated", ATLAS_TYPE_BAR_AREA, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_BOOLEAN);
}

static void
atlas_bar_area_init (AtlasBarArea *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), SPACING);
  for (guint i = 0; i < ATLAS_N_BARS; i++)
    {
      self->bars[i] = atlas_bar_new ();
      atlas_bar_set_title (ATLAS_BAR (self->bars[i]), _ (table[i].title));
      gtk_container_add (GTK_CONTAINER (self), self->bars[i]);
      gtk_widget_show (self->bars[i]);
      g_signal_connect_swapped (self->bars[i], "type-activated", G_CALLBACK (type_activated), self);
      /* A bar takes another font after its container. */
      g_signal_connect_object (self->bars[i], "style-updated", G_CALLBACK (align), self,
                               G_CONNECT_SWAPPED | G_CONNECT_AFTER);
    }
}

void
atlas_bar_area_set_snapshot (AtlasBarArea *self, AtlasSnapshot *snapshot, AtlasUnit unit)
{
  guint64 scale = atlas_bars_scale (snapshot);

  for (guint i = 0; i < ATLAS_N_BARS; i++)
    {
      atlas_bar_set_unit (ATLAS_BAR (self->bars[i]), unit);
      atlas_bar_set_snapshot (ATLAS_BAR (self->bars[i]), snapshot, table[i].figure, scale);
    }
  align (self);
}

void
atlas_bar_area_set_selected (AtlasBarArea *self, AtlasTypeSet selected)
{
  for (guint i = 0; i < ATLAS_N_BARS; i++)
    atlas_bar_set_selected (ATLAS_BAR (self->bars[i]), selected);
}

void
atlas_bar_area_set_compact (AtlasBarArea *self, gboolean compact)
{
  if (compact == self->compact)
    return;
  self->compact = compact;
  gtk_box_set_spacing (GTK_BOX (self), compact ? COMPACT_SPACING : SPACING);
  align (self);
}

AtlasBar *
atlas_bar_area_get_bar (AtlasBarArea *self, guint index)
{
  return ATLAS_BAR (self->bars[index]);
}
