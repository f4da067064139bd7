/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The arithmetic of the bars: sums, order, least widths, the break, and pixels back to segments.
 * Needs no display.
 */

#include "config.h"

#include "gui/bar-geometry.h"

#include <math.h>

#define KIB (G_GUINT64_CONSTANT (1) << 10)
#define MIB (G_GUINT64_CONSTANT (1) << 20)
#define GIB (G_GUINT64_CONSTANT (1) << 30)
#define TIB (G_GUINT64_CONSTANT (1) << 40)

static const guint64 nothing[ATLAS_N_TYPES];

static const guint64 ordinary[ATLAS_N_TYPES] = {
  [ATLAS_TYPE_TOTAL] = 999 * GIB, /* must not be drawn */
  [ATLAS_TYPE_IMAGE] = 60 * MIB,      [ATLAS_TYPE_PRIVATE] = 40 * MIB,
  [ATLAS_TYPE_MAPPED_FILE] = 4 * KIB, [ATLAS_TYPE_HEAP] = 100 * MIB,
  [ATLAS_TYPE_STACK] = 132 * KIB,     [ATLAS_TYPE_FREE] = 128 * TIB,
};

static guint64
sum (const guint64 bytes[ATLAS_N_TYPES])
{
  guint64 total = 0;

  for (guint type = ATLAS_TYPE_IMAGE; type <= ATLAS_TYPE_SYSTEM; type++)
    total += bytes[type];
  return total;
}

/* What must hold of every geometry. */
static void
check (const AtlasBarGeometry *geometry, double least)
{
  double at = 0;

  for (guint i = 0; i < geometry->n_segments; i++)
    {
      const AtlasBarSegment *segment = &geometry->segments[i];

      g_assert_cmpfloat (segment->x, ==, at);
      g_assert_cmpfloat (segment->width, >=, least);
      at += segment->width;
      g_assert_cmpfloat_with_epsilon (at, segment->x + segment->width, 1e-9);
      at = segment->x + segment->width;
      if (i > 0)
        g_assert_cmpuint (segment->type, >, geometry->segments[i - 1].type);
      g_assert_cmpuint (segment->bytes, >, 0);

      /* The hit test is the inverse of the layout. */
      g_assert_cmpint (atlas_bar_geometry_hit (geometry, segment->x), ==, (gint)i);
      g_assert_cmpint (atlas_bar_geometry_hit (geometry, segment->x + segment->width / 2), ==,
                       (gint)i);
      g_assert_cmpint (atlas_bar_geometry_find (geometry, segment->type), ==, (gint)i);
      for (guint other = 0; other < geometry->n_segments; other++)
        if (geometry->segments[other].bytes < segment->bytes)
          g_assert_cmpfloat (geometry->segments[other].width, <=, segment->width + 1.0001);
    }
  g_assert_cmpfloat_with_epsilon (at, geometry->end, 1e-9);
  g_assert_cmpfloat (geometry->end, <=, geometry->width);
  g_assert_cmpint (atlas_bar_geometry_hit (geometry, -0.5), ==, -1);
  g_assert_cmpint (atlas_bar_geometry_hit (geometry, geometry->end), ==, -1);
}

static void
test_whole (void)
{
  AtlasBarScale scale;
  AtlasBarGeometry geometry;

  atlas_bar_scale_init (&scale, ordinary, ordinary);
  g_assert_cmpuint (scale.length, ==, sum (ordinary));
  g_assert_cmpuint (scale.cap, ==, ATLAS_UNKNOWN);
  for (double width = 40; width < 4000; width += 37.5)
    for (double grid = 0; grid <= 1; grid += 0.5)
      {
        atlas_bar_geometry_init (&geometry, &scale, ordinary, width, 3, grid);
        check (&geometry, grid > 0 ? 2 : 3 - 1e-9);
        g_assert_cmpuint (geometry.n_segments, ==, 5);
        g_assert_false (geometry.broken);
        g_assert_false (geometry.unknown);
        g_assert_cmpfloat_with_epsilon (geometry.end, width, grid + 1e-6);
        for (guint i = 0; grid > 0 && i < geometry.n_segments; i++)
          g_assert_cmpfloat_with_epsilon (fmod (geometry.segments[i].x, grid), 0, 1e-9);
      }

  /* Where there is room the lengths are the amounts. */
  atlas_bar_geometry_init (&geometry, &scale, ordinary, 1e6, 0, 0);
  for (guint i = 0; i < geometry.n_segments; i++)
    g_assert_cmpfloat_with_epsilon (
      geometry.segments[i].width, 1e6 * (double)geometry.segments[i].bytes / (double)sum (ordinary),
      1e-3);
}

static void
test_shorter (void)
{
  guint64 half[ATLAS_N_TYPES];
  AtlasBarScale scale;
  AtlasBarGeometry geometry;

  for (guint type = 0; type < ATLAS_N_TYPES; type++)
    half[type] = ordinary[type] / 2;
  atlas_bar_scale_init (&scale, ordinary, half);
  atlas_bar_geometry_init (&geometry, &scale, half, 1000, 3, 1);
  check (&geometry, 2);
  g_assert_cmpfloat_with_epsilon (geometry.end, 500, 4);
}

static void
test_narrow (void)
{
  AtlasBarScale scale;
  AtlasBarGeometry geometry;

  atlas_bar_scale_init (&scale, ordinary, ordinary);
  for (double width = 0; width < 20; width += 1)
    {
      atlas_bar_geometry_init (&geometry, &scale, ordinary, width, 3, 0);
      g_assert_cmpuint (geometry.n_segments, ==, 5);
      g_assert_cmpfloat (geometry.end, <=, width + 1e-9);
      for (guint i = 0; i < 5; i++)
        g_assert_cmpfloat (geometry.segments[i].width, >=, 0);
    }
  atlas_bar_geometry_init (&geometry, &scale, ordinary, -2, 3, 1);
  g_assert_cmpfloat (geometry.end, ==, 0);
}

static void
test_empty (void)
{
  AtlasBarScale scale;
  AtlasBarGeometry geometry;

  atlas_bar_scale_init (&scale, nothing, nothing);
  g_assert_cmpuint (scale.length, ==, 0);
  atlas_bar_geometry_init (&geometry, &scale, nothing, 500, 3, 1);
  check (&geometry, 0);
  g_assert_cmpuint (geometry.n_segments, ==, 0);
  g_assert_cmpint (atlas_bar_geometry_hit (&geometry, 10), ==, -1);
}

static void
test_break (void)
{
  guint64 reserved[ATLAS_N_TYPES], in_use[ATLAS_N_TYPES];
  AtlasBarScale scale;
  AtlasBarGeometry geometry;

  for (guint type = 0; type < ATLAS_N_TYPES; type++)
    reserved[type] = in_use[type] = ordinary[type];
  reserved[ATLAS_TYPE_PRIVATE] = 16 * TIB;
  guint64 rest = sum (reserved) - reserved[ATLAS_TYPE_PRIVATE];

  atlas_bar_scale_init (&scale, reserved, in_use);
  g_assert_cmpuint (scale.cap, ==, rest);
  g_assert_cmpuint (scale.length, ==, 2 * rest);
  atlas_bar_geometry_init (&geometry, &scale, reserved, 1000, 3, 1);
  check (&geometry, 2);
  g_assert_true (geometry.broken);
  for (guint i = 0; i < geometry.n_segments; i++)
    {
      gboolean giant = geometry.segments[i].type == ATLAS_TYPE_PRIVATE;

      g_assert_cmpint (geometry.segments[i].broken, ==, giant);
      if (giant)
        g_assert_cmpfloat_with_epsilon (geometry.segments[i].width, 500, 5);
      if (geometry.segments[i].type == ATLAS_TYPE_HEAP)
        g_assert_cmpfloat (geometry.segments[i].width, >, 250);
    }

  /* The other bars keep the scale; what fits below the cap is not shortened. */
  atlas_bar_geometry_init (&geometry, &scale, in_use, 1000, 3, 1);
  check (&geometry, 2);
  g_assert_false (geometry.broken);

  /* Two of a size are both shortened, and equally. */
  reserved[ATLAS_TYPE_SHAREABLE] = 16 * TIB;
  atlas_bar_scale_init (&scale, reserved, in_use);
  atlas_bar_geometry_init (&geometry, &scale, reserved, 1200, 3, 0);
  check (&geometry, 3 - 1e-9);
  g_assert_cmpuint (scale.length, ==, 3 * rest);
  g_assert_cmpfloat_with_epsilon (
    geometry.segments[atlas_bar_geometry_find (&geometry, ATLAS_TYPE_PRIVATE)].width,
    geometry.segments[atlas_bar_geometry_find (&geometry, ATLAS_TYPE_SHAREABLE)].width, 1e-6);
}

static void
test_no_break (void)
{
  guint64 bytes[ATLAS_N_TYPES] = { 0 }, in_use[ATLAS_N_TYPES] = { 0 };
  AtlasBarScale scale;

  /* Nothing to protect: the giant is all there is. */
  bytes[ATLAS_TYPE_HEAP] = 16 * TIB;
  atlas_bar_scale_init (&scale, bytes, in_use);
  g_assert_cmpuint (scale.cap, ==, ATLAS_UNKNOWN);

  /* It is used: its length is the truth. */
  bytes[ATLAS_TYPE_IMAGE] = in_use[ATLAS_TYPE_IMAGE] = 10 * MIB;
  bytes[ATLAS_TYPE_HEAP] = 200 * GIB;
  in_use[ATLAS_TYPE_HEAP] = 100 * GIB;
  atlas_bar_scale_init (&scale, bytes, in_use);
  g_assert_cmpuint (scale.cap, ==, ATLAS_UNKNOWN);
  in_use[ATLAS_TYPE_HEAP] = 100 * MIB;
  atlas_bar_scale_init (&scale, bytes, in_use);
  g_assert_cmpuint (scale.cap, ==, 10 * MIB);

  /* It is large, but the rest can be seen beside it. */
  bytes[ATLAS_TYPE_IMAGE] = 10 * GIB;
  atlas_bar_scale_init (&scale, bytes, in_use);
  g_assert_cmpuint (scale.cap, ==, ATLAS_UNKNOWN);

  /* A small process is never broken. */
  bytes[ATLAS_TYPE_HEAP] = 1000 * KIB;
  bytes[ATLAS_TYPE_IMAGE] = 4 * KIB;
  atlas_bar_scale_init (&scale, bytes, nothing);
  g_assert_cmpuint (scale.cap, ==, ATLAS_UNKNOWN);
}

static void
test_unknown (void)
{
  guint64 bytes[ATLAS_N_TYPES];
  AtlasBarScale scale;
  AtlasBarGeometry geometry;

  for (guint type = 0; type < ATLAS_N_TYPES; type++)
    bytes[type] = ordinary[type];
  bytes[ATLAS_TYPE_HEAP] = ATLAS_UNKNOWN;
  atlas_bar_scale_init (&scale, bytes, bytes);
  g_assert_cmpuint (scale.length, ==, sum (ordinary) - ordinary[ATLAS_TYPE_HEAP]);
  atlas_bar_scale_init (&scale, ordinary, ordinary);
  atlas_bar_geometry_init (&geometry, &scale, bytes, 800, 3, 1);
  check (&geometry, 2);
  g_assert_true (geometry.unknown);
  g_assert_cmpint (atlas_bar_geometry_find (&geometry, ATLAS_TYPE_HEAP), ==, -1);
  g_assert_cmpuint (geometry.n_segments, ==, 4);
}

static void
test_extreme (void)
{
  guint64 bytes[ATLAS_N_TYPES];
  AtlasBarScale scale;
  AtlasBarGeometry geometry;

  /* A damaged file may say anything; the layout must hold all the same. */
  for (guint type = 0; type < ATLAS_N_TYPES; type++)
    bytes[type] = G_MAXUINT64 - 1;
  atlas_bar_scale_init (&scale, bytes, bytes);
  atlas_bar_geometry_init (&geometry, &scale, bytes, 800, 3, 1);
  check (&geometry, 2);

  for (guint round = 0; round < 2000; round++)
    {
      guint64 in_use[ATLAS_N_TYPES];

      for (guint type = 0; type < ATLAS_N_TYPES; type++)
        {
          bytes[type] = (guint64)g_test_rand_int_range (0, 1 << 20)
                        << g_test_rand_int_range (0, 44);
          in_use[type] = bytes[type] >> g_test_rand_int_range (0, 30);
        }
      atlas_bar_scale_init (&scale, bytes, in_use);
      atlas_bar_geometry_init (&geometry, &scale, bytes, g_test_rand_int_range (30, 4000), 3,
                               round % 2 == 0 ? 1 : 0.5);
      check (&geometry, 2);
      atlas_bar_geometry_init (&geometry, &scale, in_use, g_test_rand_int_range (30, 4000), 3, 1);
      check (&geometry, 2);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bar-geometry/whole", test_whole);
  g_test_add_func ("/bar-geometry/shorter", test_shorter);
  g_test_add_func ("/bar-geometry/narrow", test_narrow);
  g_test_add_func ("/bar-geometry/empty", test_empty);
  g_test_add_func ("/bar-geometry/break", test_break);
  g_test_add_func ("/bar-geometry/no-break", test_no_break);
  g_test_add_func ("/bar-geometry/unknown", test_unknown);
  g_test_add_func ("/bar-geometry/extreme", test_extreme);
  return g_test_run ();
}
