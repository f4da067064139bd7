/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/block.h"

G_BEGIN_DECLS

/**
 * AtlasSmapsParser:
 * Parser of a stream of smaps, or of maps (whose blocks have all counters unknown). Keys may come
 * in any order; unknown ones are passed over, those that are missing leave their counter unknown.
 * Used by one thread.
 */
typedef struct _AtlasSmapsParser AtlasSmapsParser;

/**
 * AtlasSmapsBlockFunc:
 * Called for each block, in ascending order of address. Both are valid during the call only;
 * counters that smaps does not have may be set there.
 */
typedef void (*AtlasSmapsBlockFunc) (const AtlasBlock *block, AtlasCounters *counters,
                                     gpointer data);

/* What became of the stream so far. */
typedef struct
{
  guint64 n_blocks;       /* given to the function */
  guint64 n_damaged;      /* lines that cannot be what the kernel writes; they were passed over */
  guint64 n_out_of_order; /* blocks that begin before their predecessor ends; passed over */
  guint64 last_end;       /* bytes, end of the last block; 0: none */
  gboolean has_counters;  /* at least one block has an Rss: this is smaps and not maps */
} AtlasSmapsReport;

/** atlas_smaps_parser_new: @pool: paths and VmFlags are interned there, referenced. */
AtlasSmapsParser *atlas_smaps_parser_new (AtlasStringPool *pool, AtlasSmapsBlockFunc func,
                                          gpointer data);
void atlas_smaps_parser_free (AtlasSmapsParser *parser);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasSmapsParser, atlas_smaps_parser_free)

/**
 * atlas_smaps_parser_feed:
 * @out_consumed: how much of @data was used: all whole lines; the rest must come again, first, in
 *   the next call
 *
 * Parses the whole lines of @data. Fails with ATLAS_ERROR_LIMIT on a line longer than
 * ATLAS_LIMIT_LINE or more blocks than ATLAS_LIMIT_BLOCKS.
 */
gboolean atlas_smaps_parser_feed (AtlasSmapsParser *parser, const char *data, gsize length,
                                  gsize *out_consumed, GError **error);

/**
 * atlas_smaps_parser_end:
 * @n_rest: bytes that were left over: a line without its end counts as damaged
 * Gives out the last block. Nothing may be fed afterwards.
 */
void atlas_smaps_parser_end (AtlasSmapsParser *parser, gsize n_rest);

/** atlas_smaps_parser_get_report: Returns: (transfer none): what was seen so far. */
const AtlasSmapsReport *atlas_smaps_parser_get_report (const AtlasSmapsParser *parser);

G_END_DECLS
