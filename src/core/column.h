/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/figures.h"

G_BEGIN_DECLS

/**
 * AtlasColumn:
 * Every column of the Summary and Details lists and of the exports, VMMap's first and in its
 * order, then those that only Linux has. Exports append the reason last.
 */
typedef enum
{
  ATLAS_COLUMN_ADDRESS,
  ATLAS_COLUMN_TYPE,
  ATLAS_COLUMN_SIZE,
  ATLAS_COLUMN_COMMITTED,
  ATLAS_COLUMN_PRIVATE,
  ATLAS_COLUMN_TOTAL_WS,
  ATLAS_COLUMN_PRIVATE_WS,
  ATLAS_COLUMN_SHAREABLE_WS,
  ATLAS_COLUMN_SHARED_WS,
  ATLAS_COLUMN_LOCKED_WS,
  ATLAS_COLUMN_BLOCKS,
  ATLAS_COLUMN_LARGEST, /* Summary only */
  ATLAS_COLUMN_PROTECTION,
  ATLAS_COLUMN_DETAILS,
  ATLAS_COLUMN_PSS,
  ATLAS_COLUMN_SWAP,
  ATLAS_COLUMN_SWAP_PSS,
  ATLAS_COLUMN_HUGE,
  ATLAS_COLUMN_REFERENCED,
  ATLAS_COLUMN_DIRTY,
  ATLAS_COLUMN_LAZY_FREE,
  ATLAS_COLUMN_KSM,
  ATLAS_COLUMN_NUMA,
  ATLAS_COLUMN_REASON,
  ATLAS_N_COLUMNS
} AtlasColumn;

/* Where a column stands. */
typedef enum
{
  ATLAS_COLUMN_IN_SUMMARY = 1 << 0,
  ATLAS_COLUMN_IN_DETAILS = 1 << 1,
  ATLAS_COLUMN_SHOWN = 1 << 2, /* visible before the user chooses */
} AtlasColumnFlags;

typedef enum
{
  ATLAS_COLUMN_TEXT,
  ATLAS_COLUMN_BYTES,
  ATLAS_COLUMN_COUNT,
} AtlasColumnKind;

typedef struct
{
  const char *key;   /* stable, for settings and .mmp: "total-ws" */
  const char *title; /* English, as in CSV: "Total WS"; translate with _() for the screen */
  AtlasColumnKind kind;
  AtlasColumnFlags flags;
  int figure;         /* AtlasFigure, or -1 where it is not a sum (Largest, texts) */
  const char *source; /* kernel source: "smaps: Rss, *_Hugetlb" */
  const char *help;   /* English, what it means; translate with _() */
} AtlasColumnInfo;

/** atlas_column_get_info: Returns: (transfer none): the row of @column. */
const AtlasColumnInfo *atlas_column_get_info (AtlasColumn column);

/** atlas_column_from_key: Finds a column by its key; FALSE where there is none. */
gboolean atlas_column_from_key (const char *key, AtlasColumn *out_column);

G_END_DECLS
