/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/snapshot.h"

/* Shared by snapshot.c (reads) and snapshot-builder.c (writes) alone. */
struct _AtlasSnapshot
{
  gatomicrefcount references;
  AtlasStringPool *pool;
  AtlasProcess *process;
  GArray *threads;    /* of AtlasThread */
  GPtrArray *missing; /* of AtlasMissing */
  char *host;
  char *kernel;
  gint64 time;
  gint64 duration;
  gboolean has_numa;

  GArray *blocks;    /* of AtlasBlock: those with addresses ascending, kernel memory last */
  GArray *regions;   /* of AtlasRegion */
  GArray *counters;  /* of guint64: the counters that are not 0, block after block */
  guint n_addressed; /* blocks before the first of kernel memory */
  AtlasTotals totals[ATLAS_N_TYPES];
};

/* Made by the builder; nothing is known of it yet. */
AtlasSnapshot *atlas_snapshot_new_empty (AtlasStringPool *pool);

static inline const AtlasBlock *
atlas_snapshot_block_at (const AtlasSnapshot *snapshot, guint index)
{
  return &g_array_index (snapshot->blocks, AtlasBlock, index);
}

static inline const AtlasRegion *
atlas_snapshot_region_at (const AtlasSnapshot *snapshot, guint index)
{
  return &g_array_index (snapshot->regions, AtlasRegion, index);
}
