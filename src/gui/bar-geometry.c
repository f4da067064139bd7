/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Amounts to lengths: the scale that several bars share, where each segment begins and ends, and
 * which one lies at a point. Pure arithmetic on the caller's values; any thread, no display.
 */

#include "config.h"

#include "gui/bar-geometry.h"

#include <math.h>
#include <stdlib.h>

/* A type is shortened when it is this large, this many times all smaller ones together, and this
 * many times what of it is in use: otherwise its length is worth seeing. */
#define BREAK_FLOOR    (G_GUINT64_CONSTANT (1) << 30)
#define BREAK_RATIO    32
#define BREAK_IN_USE   16
#define MAXIMUM_BROKEN 3

static guint64
known (guint64 bytes)
{
  return bytes == ATLAS_UNKNOWN ? 0 : bytes;
}

static gboolean
type_is_drawn (guint type)
{
  return type != ATLAS_TYPE_TOTAL && type != ATLAS_TYPE_FREE;
}

/* a × b without wrapping around */
static guint64
times (guint64 a, guint64 b)
{
  return b != 0 && a > G_MAXUINT64 / b ? G_MAXUINT64 : a * b;
}

/* a + b without wrapping around */
static guint64
plus (guint64 a, guint64 b)
{
  return a > G_MAXUINT64 - b ? G_MAXUINT64 : a + b;
}

void
atlas_bar_scale_init (AtlasBarScale *scale, const guint64 extent[ATLAS_N_TYPES],
                      const guint64 in_use[ATLAS_N_TYPES])
{
  guint order[ATLAS_N_TYPES];
  guint n = 0;
  guint64 rest = 0;

  for (guint type = 0; type < ATLAS_N_TYPES; type++)
    if (type_is_drawn (type) && known (extent[type]) != 0)
      {
        guint at = n++;
        for (; at > 0 && extent[order[at - 1]] < extent[type]; at--)
          order[at] = order[at - 1];
        order[at] = type;
        rest = plus (rest, extent[type]);
      }
  scale->length = rest;
  scale->cap = ATLAS_UNKNOWN;

  /* The fewest of the largest that are out of all proportion to what remains. */
  rest = 0;
  for (guint i = n; i-- > 1;)
    rest = plus (rest, extent[order[i]]);
  for (guint broken = 1; broken < n && broken <= MAXIMUM_BROKEN; broken++)
    {
      guint64 giant = extent[order[broken - 1]];

      if (giant < BREAK_FLOOR || giant / BREAK_IN_USE < known (in_use[order[broken - 1]]))
        return;
      if (giant / BREAK_RATIO > rest)
        {
          scale->cap = rest;
          scale->length = times (rest, broken + 1);
          return;
        }
      rest -= extent[order[broken]];
    }
}

/* Makes narrow segments @least wide and takes that from the wider ones, in proportion to what they
 * have above @least, so that a larger amount is never shorter than a smaller one. */
static void
spread (AtlasBarGeometry *geometry, double least)
{
  double wanted = 0, spare = 0, natural = 0;

  if (geometry->n_segments * least > geometry->width)
    least = geometry->width / geometry->n_segments;
  for (guint i = 0; i < geometry->n_segments; i++)
    {
      double width = geometry->segments[i].width;

      natural += width;
      wanted += MAX (width, least);
      spare += MAX (width - least, 0);
    }
  double shrink = spare > 0 ? CLAMP (1 - (wanted - natural) / spare, 0, 1) : 1;
  for (guint i = 0; i < geometry->n_segments; i++)
    {
      double *width = &geometry->segments[i].width;

      *width = least + MAX (*width - least, 0) * shrink;
    }
}

void
atlas_bar_geometry_init (AtlasBarGeometry *geometry, const AtlasBarScale *scale,
                         const guint64 bytes[ATLAS_N_TYPES], double width, double least,
                         double grid)
{
  double total = 0;

  *geometry = (AtlasBarGeometry){ .width = MAX (width, 0) };
  for (guint type = 0; type < ATLAS_N_TYPES; type++)
    {
      AtlasBarSegment *segment = &geometry->segments[geometry->n_segments];

      if (!type_is_drawn (type))
        continue;
      if (bytes[type] == ATLAS_UNKNOWN)
        geometry->unknown = TRUE;
      if (known (bytes[type]) == 0)
        continue;
      segment->type = type;
      segment->bytes = bytes[type];
      segment->broken = bytes[type] > scale->cap;
      segment->width = (double)MIN (bytes[type], scale->cap);
      geometry->broken |= segment->broken;
      total += segment->width;
      geometry->n_segments++;
    }

  if (geometry->n_segments == 0)
    return;
  /* What does not fit the scale is squeezed, never drawn outside. */
  double whole = MAX ((double)scale->length, total);
  for (guint i = 0; i < geometry->n_segments; i++)
    geometry->segments[i].width *= geometry->width / whole;
  spread (geometry, least);

  double end = 0, drawn = 0;
  for (guint i = 0; i < geometry->n_segments; i++)
    {
      AtlasBarSegment *segment = &geometry->segments[i];

      end = MIN (end + segment->width, geometry->width);
      segment->x = drawn;
      drawn = grid > 0 ? MIN (round (end / grid) * grid, geometry->width) : end;
      segment->width = drawn - segment->x;
    }
  geometry->end = drawn;
}

gint
atlas_bar_geometry_hit (const AtlasBarGeometry *geometry, double x)
{
  for (guint i = 0; i < geometry->n_segments; i++)
    if (x >= geometry->segments[i].x && x < geometry->segments[i].x + geometry->segments[i].width)
      return (gint)i;
  return -1;
}

gint
atlas_bar_geometry_find (const AtlasBarGeometry *geometry, AtlasType type)
{
  for (guint i = 0; i < geometry->n_segments; i++)
    if (geometry->segments[i].type == type)
      return (gint)i;
  return -1;
}
