/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The value of a figure that the kernel did not give. Never 0, never printed as a number. */
#define ATLAS_UNKNOWN G_MAXUINT64

/**
 * AtlasCounter:
 * What the kernel counts for one VMA, in bytes. Columns are derived from these (see
 * atlas_figures_of_block()), nowhere else.
 */
typedef enum
{
  ATLAS_COUNTER_RSS,             /* smaps: Rss */
  ATLAS_COUNTER_PSS,             /* smaps: Pss */
  ATLAS_COUNTER_PSS_DIRTY,       /* smaps: Pss_Dirty */
  ATLAS_COUNTER_SHARED_CLEAN,    /* smaps: Shared_Clean */
  ATLAS_COUNTER_SHARED_DIRTY,    /* smaps: Shared_Dirty */
  ATLAS_COUNTER_PRIVATE_CLEAN,   /* smaps: Private_Clean */
  ATLAS_COUNTER_PRIVATE_DIRTY,   /* smaps: Private_Dirty */
  ATLAS_COUNTER_REFERENCED,      /* smaps: Referenced */
  ATLAS_COUNTER_ANONYMOUS,       /* smaps: Anonymous */
  ATLAS_COUNTER_KSM,             /* smaps: KSM */
  ATLAS_COUNTER_LAZY_FREE,       /* smaps: LazyFree */
  ATLAS_COUNTER_ANON_HUGE,       /* smaps: AnonHugePages */
  ATLAS_COUNTER_SHMEM_HUGE,      /* smaps: ShmemPmdMapped */
  ATLAS_COUNTER_FILE_HUGE,       /* smaps: FilePmdMapped */
  ATLAS_COUNTER_SHARED_HUGETLB,  /* smaps: Shared_Hugetlb */
  ATLAS_COUNTER_PRIVATE_HUGETLB, /* smaps: Private_Hugetlb */
  ATLAS_COUNTER_SWAP,            /* smaps: Swap */
  ATLAS_COUNTER_SWAP_PSS,        /* smaps: SwapPss */
  ATLAS_COUNTER_LOCKED,          /* smaps: Locked (divided by the number of sharers) */
  ATLAS_COUNTER_PRIVATE_WS,      /* resident anonymous pages nobody else maps: smaps where that is
                                    unambiguous, else pagemap (present, not file, exclusive) */
  ATLAS_N_COUNTERS
} AtlasCounter;

typedef struct
{
  guint64 value[ATLAS_N_COUNTERS]; /* bytes, or ATLAS_UNKNOWN */
} AtlasCounters;

/** atlas_counter_get_key: Returns the name of @counter as the kernel writes it, "Pss_Dirty". */
const char *atlas_counter_get_key (AtlasCounter counter);

/** atlas_counter_get_source: Returns where @counter is read: "smaps", "smaps, pagemap". */
const char *atlas_counter_get_source (AtlasCounter counter);

/**
 * AtlasFigure:
 * The numeric columns that are sums: a region's is the sum of its blocks', a type's of its
 * regions', Total's of all types but Free. Bytes, except BLOCKS.
 */
typedef enum
{
  ATLAS_FIGURE_SIZE,
  ATLAS_FIGURE_COMMITTED,
  ATLAS_FIGURE_PRIVATE,
  ATLAS_FIGURE_TOTAL_WS,
  ATLAS_FIGURE_PRIVATE_WS,
  ATLAS_FIGURE_SHAREABLE_WS,
  ATLAS_FIGURE_SHARED_WS,
  ATLAS_FIGURE_LOCKED_WS,
  ATLAS_FIGURE_BLOCKS,
  ATLAS_FIGURE_PSS,
  ATLAS_FIGURE_SWAP,
  ATLAS_FIGURE_SWAP_PSS,
  ATLAS_FIGURE_HUGE,
  ATLAS_FIGURE_REFERENCED,
  ATLAS_FIGURE_DIRTY,
  ATLAS_FIGURE_LAZY_FREE,
  ATLAS_FIGURE_KSM,
  ATLAS_N_FIGURES
} AtlasFigure;

typedef struct
{
  guint64 value[ATLAS_N_FIGURES]; /* bytes (BLOCKS: a count), or ATLAS_UNKNOWN */
} AtlasFigures;

/** atlas_sum: Returns a + b; unknown where one of them is, or where it does not fit (figures of a
 * recorded tree may be anything). */
static inline guint64
atlas_sum (guint64 a, guint64 b)
{
  guint64 sum;

  return a == ATLAS_UNKNOWN || b == ATLAS_UNKNOWN || __builtin_add_overflow (a, b, &sum)
           ? ATLAS_UNKNOWN
           : sum;
}

/**
 * atlas_figures_find_contradiction:
 * @figures: of one block
 * Returns: (transfer none) (nullable): which of the rules that hold for every block is broken,
 * "Total WS > Size"; NULL: none. What is unknown breaks none.
 */
const char *atlas_figures_find_contradiction (const AtlasFigures *figures);

/** atlas_figures_add: Adds @more to @sum, figure by figure; what is unknown stays unknown. */
void atlas_figures_add (AtlasFigures *sum, const AtlasFigures *more);

G_END_DECLS
