/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/snapshot-builder.h"

/* A block of a snapshot made by hand. */
typedef struct
{
  guint64 start, end;
  guint8 protection;
  guint16 traits;
  guint64 rss;
  AtlasType type;      /* of its region; 0: belongs to the region of the block before */
  const char *details; /* of its region */
  const char *label;   /* of the block */
  const char *path;
} SampleBlock;

/* Fills a builder with @n blocks and their regions; every counter but Rss and Private WS is 0. */
void sample_fill (AtlasSnapshotBuilder *builder, const SampleBlock *blocks, guint n);

/* Five regions: an image of three blocks, a heap, a stack with guard, private memory, page tables.
 */
AtlasSnapshot *sample_snapshot (AtlasStringPool *pool);

/* The addresses in sample_snapshot(). */
#define SAMPLE_IMAGE   G_GUINT64_CONSTANT (0x400000)
#define SAMPLE_HEAP    G_GUINT64_CONSTANT (0x1000000)
#define SAMPLE_PRIVATE G_GUINT64_CONSTANT (0x7f0000000000)
#define SAMPLE_STACK   G_GUINT64_CONSTANT (0x7ffc00000000)
#define SAMPLE_LIMIT   G_GUINT64_CONSTANT (0x7ffffffff000)
