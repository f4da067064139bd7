/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Parser of numa_maps: one line a block, "START POLICY [KEY=VALUE]...", pages by node as "N0=12".
 * Blanks in file names are escaped by the kernel. Pure but for the builder it fills; one thread.
 */

#include "config.h"

#include "scan/numa-maps.h"

#include "scan/digits.h"

#include <string.h>

#define MAX_NODE 65535

/* "N0=12" → 0, 12 */
static gboolean
parse_node (const char *p, const char *end, guint64 *out_node, guint64 *out_pages)
{
  p++;
  if (!atlas_digits_decimal (&p, end, out_node) || p >= end || *p != '=')
    return FALSE;
  p++;
  return atlas_digits_decimal (&p, end, out_pages) && p == end && *out_node <= MAX_NODE;
}

/* The size of the pages that the line counts. */
static guint64
find_page_size (const char *line, const char *end, guint page_size)
{
  static const char key[] = " kernelpagesize_kB=";
  const char *found = memmem (line, (gsize)(end - line), key, sizeof key - 1);
  guint64 kib;

  if (found == NULL)
    return page_size;
  found += sizeof key - 1;
  if (!atlas_digits_decimal (&found, end, &kib) || kib == 0 || kib > 1 << 30)
    return 0;
  return kib << 10;
}

gboolean
atlas_numa_line_parse (const char *line, const char *end, guint page_size, guint64 *out_start,
                       GString *out_text)
{
  const char *p = line;
  guint64 start, size = find_page_size (line, end, page_size);

  g_string_truncate (out_text, 0);
  if (!atlas_digits_hex (&p, end, &start) || p >= end || *p != ' ' || size == 0)
    return FALSE;
  while (p < end)
    {
      p = atlas_digits_skip_blanks (p, end);
      if (p >= end)
        break;
      const char *blank = memchr (p, ' ', (gsize)(end - p));
      const char *stop = blank != NULL ? blank : end;
      guint64 node, pages;
      if (stop - p >= 4 && p[0] == 'N' && g_ascii_isdigit (p[1]))
        {
          if (!parse_node (p, stop, &node, &pages) || pages > G_MAXINT64 / size)
            return FALSE;
          if (pages > 0)
            g_string_append_printf (out_text, "%s%" G_GUINT64_FORMAT "=%" G_GUINT64_FORMAT,
                                    out_text->len > 0 ? " " : "", node, pages * size);
        }
      p = stop;
    }
  *out_start = start;
  return TRUE;
}

static gboolean
is_resident (AtlasSnapshotBuilder *builder, guint index)
{
  AtlasCounters counters;

  atlas_snapshot_builder_get_counters (builder, index, &counters);
  return counters.value[ATLAS_COUNTER_RSS] != 0 &&
         counters.value[ATLAS_COUNTER_RSS] != ATLAS_UNKNOWN;
}

guint
atlas_numa_maps_apply (AtlasSnapshotBuilder *builder, const char *text, gsize length,
                       guint page_size)
{
  AtlasStringPool *pool = atlas_snapshot_builder_get_pool (builder);
  guint n_blocks = atlas_snapshot_builder_get_n_blocks (builder), index = 0, n_missed = 0;
  g_autoptr (GString) nodes = g_string_new (NULL);
  const char *end = text + length;

  for (const char *line = text; line < end && index < n_blocks;)
    {
      const char *newline = memchr (line, '\n', (gsize)(end - line));
      const char *stop = newline != NULL ? newline : end;
      guint64 start;
      if (atlas_numa_line_parse (line, stop, page_size, &start, nodes))
        {
          /* Both go up: what lies below this line is in numa_maps no more. */
          while (index < n_blocks &&
                 atlas_snapshot_builder_get_block (builder, index)->start < start)
            n_missed += is_resident (builder, index++);
          if (index < n_blocks && atlas_snapshot_builder_get_block (builder, index)->start == start)
            atlas_snapshot_builder_get_block (builder, index++)->numa =
              atlas_string_pool_intern (pool, nodes->str, (gssize)nodes->len);
        }
      line = stop + 1;
    }
  for (; index < n_blocks; index++)
    n_missed += is_resident (builder, index);
  return n_missed;
}
