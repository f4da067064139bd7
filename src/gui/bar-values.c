/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The values of a bar taken from a snapshot, and what is said of them in tooltips and to assistive
 * technology. Keeps no reference to the snapshot; any thread.
 */

#include "config.h"

#include "gui/bar-values.h"

#include <glib/gi18n.h>
#include <string.h>

static void
collect (AtlasSnapshot *snapshot, AtlasFigure figure, guint64 out_bytes[ATLAS_N_TYPES])
{
  for (guint type = 0; type < ATLAS_N_TYPES; type++)
    out_bytes[type] = atlas_snapshot_get_totals (snapshot, (AtlasType)type)->figures.value[figure];
}

void
atlas_bar_values_get_common_scale (AtlasSnapshot *snapshot, AtlasBarScale *out_scale)
{
  guint64 extent[ATLAS_N_TYPES], in_use[ATLAS_N_TYPES], private[ATLAS_N_TYPES];

  collect (snapshot, ATLAS_FIGURE_COMMITTED, extent);
  collect (snapshot, ATLAS_FIGURE_TOTAL_WS, in_use);
  collect (snapshot, ATLAS_FIGURE_PRIVATE, private);
  /* Where Committed is unknown, the other bars still need a scale. */
  for (guint type = 0; type < ATLAS_N_TYPES; type++)
    if (extent[type] == ATLAS_UNKNOWN)
      extent[type] = MAX (in_use[type] == ATLAS_UNKNOWN ? 0 : in_use[type],
                          private[type] == ATLAS_UNKNOWN ? 0 : private[type]);
  atlas_bar_scale_init (out_scale, extent, in_use);
}

void
atlas_bar_values_set (AtlasBarValues *self, AtlasSnapshot *snapshot, AtlasFigure figure,
                      guint64 scale_bytes)
{
  self->filled = snapshot != NULL;
  memset (self->bytes, 0, sizeof self->bytes);
  if (snapshot == NULL)
    return;
  collect (snapshot, figure, self->bytes);
  if (scale_bytes == 0)
    {
      atlas_bar_scale_init (&self->scale, self->bytes, self->bytes);
      return;
    }
  atlas_bar_values_get_common_scale (snapshot, &self->scale);
  self->scale.length = scale_bytes;
}

char *
atlas_bar_values_dup_total (const AtlasBarValues *self)
{
  guint64 total = self->bytes[ATLAS_TYPE_TOTAL];

  if (!self->filled)
    return g_strdup ("");
  return total == ATLAS_UNKNOWN ? g_strdup ("–") : atlas_size_dup_text (total, self->unit);
}

char *
atlas_bar_values_dup_segment_text (const AtlasBarValues *self, const AtlasBarSegment *shape)
{
  const char *name = _ (atlas_type_get_info (shape->type)->name);
  g_autofree char *amount = atlas_size_dup_text (shape->bytes, self->unit);
  guint64 total = self->bytes[ATLAS_TYPE_TOTAL];
  g_autoptr (GString) text = g_string_new (NULL);

  if (total == ATLAS_UNKNOWN || total == 0)
    /* Translators: a type and its amount: "Heap: 1,234 K" */
    g_string_printf (text, _ ("%s: %s"), name, amount);
  else
    {
      double share = 100.0 * (double)shape->bytes / (double)total;

      if (share < 0.05)
        /* Translators: "Heap: 4 K, less than 0.1 % of Private Bytes" */
        g_string_printf (text, _ ("%s: %s, less than 0.1 %% of %s"), name, amount, self->title);
      else if (share >= 99.95 && shape->bytes < total)
        /* Translators: "Heap: 1,234,567 K, more than 99.9 % of Private Bytes" */
        g_string_printf (text, _ ("%s: %s, more than 99.9 %% of %s"), name, amount, self->title);
      else
        /* Translators: "Heap: 1,234 K, 34.5 % of Private Bytes" */
        g_string_printf (text, _ ("%s: %s, %.1f %% of %s"), name, amount, share, self->title);
    }
  if (shape->broken)
    g_string_append_printf (text, "\n%s", _ ("Drawn shortened, so that the rest can be seen"));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
atlas_bar_values_dup_description (const AtlasBarValues *self, const AtlasBarGeometry *geometry)
{
  guint64 total = self->bytes[ATLAS_TYPE_TOTAL];
  g_autoptr (GString) text = g_string_new (NULL);

  if (!self->filled)
    return g_strdup (_ ("Nothing to show"));
  if (total == ATLAS_UNKNOWN)
    g_string_append (text, _ ("Total unknown: a part of it could not be read"));
  else
    {
      g_autofree char *amount = atlas_size_dup_text (total, self->unit);
      g_string_printf (text, _ ("Total %s"), amount);
    }
  for (guint i = 0; i < geometry->n_segments; i++)
    if (geometry->segments[i].broken)
      {
        const char *name = _ (atlas_type_get_info (geometry->segments[i].type)->name);

        g_string_append (text, "; ");
        /* Translators: %s is a type of memory: "Private is drawn shortened" */
        g_string_append_printf (text, _ ("%s is drawn shortened"), name);
      }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
