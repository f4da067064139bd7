/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/rows.h"

G_BEGIN_DECLS

/* AtlasRowKey: which row, in a way that outlives the snapshot it belongs to. */
typedef struct
{
  gboolean set;
  gboolean block;  /* a block, not its region */
  gboolean kernel; /* has no address: identified by what it is called */
  guint64 address;
  char *details;
} AtlasRowKey;

void atlas_row_key_init (AtlasRowKey *key, AtlasRows *rows, AtlasRow row);
void atlas_row_key_clear (AtlasRowKey *key);

/*
 * Where the row is now: the range that begins at its address or, the row being gone, that holds it.
 * @out_index: of the top-level row; @out_block: of the block in the snapshot, or -1
 */
gboolean atlas_row_key_find (const AtlasRowKey *key, AtlasRows *rows, gint *out_index,
                             gint *out_block);

/* The top-level row that is @key's or, that being gone, comes next by address; -1: none. */
gint atlas_row_key_find_near (const AtlasRowKey *key, AtlasRows *rows);

G_END_DECLS
