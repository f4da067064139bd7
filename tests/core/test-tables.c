/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every row of the tables of types, columns and counters is filled in and found by its key.
 */

#include "config.h"

#include "core/column.h"
#include "core/history.h"
#include "core/type.h"
#include "sample.h"

static void
test_types (void)
{
  for (guint i = 0; i < ATLAS_N_TYPES; i++)
    {
      const AtlasTypeInfo *info = atlas_type_get_info (i);
      AtlasType found;

      g_assert_nonnull (info->name);
      g_assert_nonnull (info->help);
      g_assert_cmpuint (strlen (info->light), ==, 7);
      g_assert_cmpuint (strlen (info->dark), ==, 7);
      g_assert_true (atlas_type_from_key (info->key, &found));
      g_assert_cmpuint (found, ==, i);
    }
}

static double
channel (const char *colour, guint index)
{
  double value = g_ascii_xdigit_value (colour[1 + 2 * index]) * 16 +
                 g_ascii_xdigit_value (colour[2 + 2 * index]);
  value /= 255;
  /* sRGB to linear, near enough for a bound */
  return value <= 0.04 ? value / 12.92 : value * value * (0.7 + 0.3 * value);
}

static double
luminance (const char *colour)
{
  return 0.2126 * channel (colour, 0) + 0.7152 * channel (colour, 1) + 0.0722 * channel (colour, 2);
}

/* Black text on the light colours and white on the dark ones must be readable (WCAG AA). */
static void
test_contrast (void)
{
  for (guint i = 0; i < ATLAS_N_TYPES; i++)
    {
      const AtlasTypeInfo *info = atlas_type_get_info (i);
      g_assert_cmpfloat ((luminance (info->light) + 0.05) / 0.05, >=, 4.5);
      g_assert_cmpfloat (1.05 / (luminance (info->dark) + 0.05), >=, 4.5);
    }
}

static void
test_columns (void)
{
  guint seen = 0;

  for (guint i = 0; i < ATLAS_N_COLUMNS; i++)
    {
      const AtlasColumnInfo *info = atlas_column_get_info (i);
      AtlasColumn found;

      g_assert_nonnull (info->title);
      g_assert_nonnull (info->help);
      g_assert_nonnull (info->source);
      g_assert_true (atlas_column_from_key (info->key, &found));
      g_assert_cmpuint (found, ==, i);
      if (info->figure >= 0)
        {
          g_assert_cmpuint (seen & (1u << info->figure), ==, 0);
          seen |= 1u << info->figure;
        }
    }
  g_assert_cmpuint (seen, ==, (1u << ATLAS_N_FIGURES) - 1);
}

static void
test_counters (void)
{
  for (guint i = 0; i < ATLAS_N_COUNTERS; i++)
    {
      g_assert_nonnull (atlas_counter_get_key (i));
      g_assert_nonnull (atlas_counter_get_source (i));
    }
}

static void
test_history (void)
{
  g_autoptr (AtlasHistory) history = atlas_history_new ();
  g_autoptr (AtlasSnapshot) snapshot = sample_snapshot (atlas_history_get_pool (history));

  g_assert_null (atlas_history_get_last (history));
  atlas_history_add (history, snapshot);
  g_autoptr (AtlasHistory) copy = atlas_history_dup_shallow (history);
  atlas_history_add (history, snapshot);
  g_assert_cmpuint (atlas_history_get_length (history), ==, 2);
  g_assert_cmpuint (atlas_history_get_length (copy), ==, 1);
  g_assert_true (atlas_history_get (copy, 0) == snapshot);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tables/types", test_types);
  g_test_add_func ("/tables/contrast", test_contrast);
  g_test_add_func ("/tables/columns", test_columns);
  g_test_add_func ("/tables/counters", test_counters);
  g_test_add_func ("/tables/history", test_history);
  return g_test_run ();
}
