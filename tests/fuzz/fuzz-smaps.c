/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A stream of smaps in two pieces (the first byte says where it is cut), into a snapshot. Whole or
 * in pieces, the result must be the same, and a snapshot that is made must hold its invariants.
 */

#include "config.h"

#include "core/snapshot-builder.h"
#include "scan/private-ws.h"
#include "scan/smaps-parser.h"
#include "fuzz.h"

#include <string.h>

typedef struct
{
  AtlasSnapshotBuilder *builder;
  guint64 hash;
} Sink;

static void
mix (Sink *sink, const void *data, gsize size)
{
  for (gsize i = 0; i < size; i++)
    sink->hash = (sink->hash ^ ((const guint8 *)data)[i]) * 0x100000001b3;
}

static void
on_block (const AtlasBlock *block, AtlasCounters *counters, gpointer data)
{
  Sink *sink = data;
  guint64 low, high;

  mix (sink, block, sizeof *block);
  mix (sink, counters, sizeof *counters);
  if (atlas_private_ws_bounds (block, counters, FALSE, &low, &high))
    {
      g_assert (low <= high);
      counters->value[ATLAS_COUNTER_PRIVATE_WS] = high;
    }
  AtlasRegion region = {
    .first_block = atlas_snapshot_builder_add_block (sink->builder, block, counters),
    .n_blocks = 1,
    .type = ATLAS_TYPE_PRIVATE,
    .reason = atlas_string_pool_intern (atlas_snapshot_builder_get_pool (sink->builder), "x", 1),
  };
  atlas_snapshot_builder_add_region (sink->builder, &region);
}

/* Parses @text, given in pieces of @cut bytes; returns a hash of everything that came out. */
static guint64
parse (const char *text, gsize size, gsize cut)
{
  g_autoptr (AtlasStringPool) pool = atlas_string_pool_new ();
  g_autoptr (AtlasSnapshotBuilder) builder = atlas_snapshot_builder_new (pool);
  Sink sink = { .builder = builder };
  g_autoptr (AtlasSmapsParser) parser = atlas_smaps_parser_new (pool, on_block, &sink);
  gsize done = 0, fed = 0, consumed;

  while (fed < size)
    {
      fed = MIN (fed + cut, size);
      g_autofree char *copy = g_memdup2 (text + done, fed - done);
      if (!atlas_smaps_parser_feed (parser, copy, fed - done, &consumed, NULL))
        return 0;
      done += consumed;
    }
  atlas_smaps_parser_end (parser, size - done);
  mix (&sink, atlas_smaps_parser_get_report (parser), sizeof (AtlasSmapsReport));

  g_autoptr (GError) error = NULL;
  AtlasProcess *process = atlas_process_new ();
  atlas_snapshot_builder_take_process (builder, process);
  g_autoptr (AtlasSnapshot) snapshot = atlas_snapshot_builder_finish (builder, &error);
  if (snapshot == NULL)
    g_error ("no snapshot: %s", error->message);
  return sink.hash;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (size < 2)
    return 0;
  const char *text = (const char *)data + 1;
  guint64 whole = parse (text, size - 1, size);
  guint64 cut = parse (text, size - 1, (gsize)data[0] + 1);
  g_assert_cmpuint (whole, ==, cut);
  return 0;
}
