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

const char *
atlas_figures_find_contradiction (const AtlasFigures *figures)
{
  static const struct
  {
    AtlasFigure larger;
    AtlasFigure smaller;
    const char *text;
  } rules[] = {
    { ATLAS_FIGURE_SIZE, ATLAS_FIGURE_COMMITTED, "Committed > Size" },
    { ATLAS_FIGURE_COMMITTED, ATLAS_FIGURE_PRIVATE, "Private > Committed" },
    { ATLAS_FIGURE_SIZE, ATLAS_FIGURE_TOTAL_WS, "Total WS > Size" },
    { ATLAS_FIGURE_TOTAL_WS, ATLAS_FIGURE_PRIVATE_WS, "Private WS > Total WS" },
    { ATLAS_FIGURE_SHAREABLE_WS, ATLAS_FIGURE_SHARED_WS, "Shared WS > Shareable WS" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      guint64 larger = figures->value[rules[i].larger], smaller = figures->value[rules[i].smaller];
      if (larger != ATLAS_UNKNOWN && smaller != ATLAS_UNKNOWN && smaller > larger)
        return rules[i].text;
    }
  return NULL;
}
