/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The kernel's counters by name, and sums of figures.
 */

#include "config.h"

#include "core/figures.h"

static const struct
{
  const char *key;
  const char *source;
} counters[ATLAS_N_COUNTERS] = {
  [ATLAS_COUNTER_RSS] = { "Rss", "smaps" },
  [ATLAS_COUNTER_PSS] = { "Pss", "smaps" },
  [ATLAS_COUNTER_PSS_DIRTY] = { "Pss_Dirty", "smaps" },
  [ATLAS_COUNTER_SHARED_CLEAN] = { "Shared_Clean", "smaps" },
  [ATLAS_COUNTER_SHARED_DIRTY] = { "Shared_Dirty", "smaps" },
  [ATLAS_COUNTER_PRIVATE_CLEAN] = { "Private_Clean", "smaps" },
  [ATLAS_COUNTER_PRIVATE_DIRTY] = { "Private_Dirty", "smaps" },
  [ATLAS_COUNTER_REFERENCED] = { "Referenced", "smaps" },
  [ATLAS_COUNTER_ANONYMOUS] = { "Anonymous", "smaps" },
  [ATLAS_COUNTER_KSM] = { "KSM", "smaps" },
  [ATLAS_COUNTER_LAZY_FREE] = { "LazyFree", "smaps" },
  [ATLAS_COUNTER_ANON_HUGE] = { "AnonHugePages", "smaps" },
  [ATLAS_COUNTER_SHMEM_HUGE] = { "ShmemPmdMapped", "smaps" },
  [ATLAS_COUNTER_FILE_HUGE] = { "FilePmdMapped", "smaps" },
  [ATLAS_COUNTER_SHARED_HUGETLB] = { "Shared_Hugetlb", "smaps" },
  [ATLAS_COUNTER_PRIVATE_HUGETLB] = { "Private_Hugetlb", "smaps" },
  [ATLAS_COUNTER_SWAP] = { "Swap", "smaps" },
  [ATLAS_COUNTER_SWAP_PSS] = { "SwapPss", "smaps" },
  [ATLAS_COUNTER_LOCKED] = { "Locked", "smaps" },
  [ATLAS_COUNTER_PRIVATE_WS] = { "Private WS", "smaps, pagemap" },
};

const char *
atlas_counter_get_key (AtlasCounter counter)
{
  g_return_val_if_fail (counter < ATLAS_N_COUNTERS, NULL);
  return counters[counter].key;
}

const char *
atlas_counter_get_source (AtlasCounter counter)
{
  g_return_val_if_fail (counter < ATLAS_N_COUNTERS, NULL);
  return counters[counter].source;
}

void
atlas_figures_add (AtlasFigures *sum, const AtlasFigures *more)
{
  for (guint i = 0; i < ATLAS_N_FIGURES; i++)
    sum->value[i] = atlas_sum (sum->value[i], more->value[i]);
}
