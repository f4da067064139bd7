/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table of columns: the one place for their titles, units, sources and meanings.
 */

#include "config.h"

#include "core/column.h"

#include <glib/gi18n.h>

#define SUMMARY ATLAS_COLUMN_IN_SUMMARY
#define DETAILS ATLAS_COLUMN_IN_DETAILS
#define BOTH    (SUMMARY | DETAILS)
#define SHOWN   ATLAS_COLUMN_SHOWN
#define BYTES   ATLAS_COLUMN_BYTES
#define TEXT    ATLAS_COLUMN_TEXT

static const AtlasColumnInfo columns[ATLAS_N_COLUMNS] = {
  [ATLAS_COLUMN_ADDRESS] = { "address", N_ ("Address"), TEXT, DETAILS | SHOWN, -1, "maps",
                             N_ ("First address of the region or block.") },
  [ATLAS_COLUMN_TYPE] = { "type", N_ ("Type"), TEXT, BOTH | SHOWN, -1, "maps, ELF headers, memory",
                          N_ ("What the memory is for. Each region has exactly one type, and a "
                              "reason for it.") },
  [ATLAS_COLUMN_SIZE] = { "size", N_ ("Size"), BYTES, BOTH | SHOWN, ATLAS_FIGURE_SIZE, "maps",
                          N_ ("Length of the address range, whether or not there is memory behind "
                              "it.") },
  [ATLAS_COLUMN_COMMITTED] = { "committed", N_ ("Committed"), BYTES, BOTH | SHOWN,
                               ATLAS_FIGURE_COMMITTED, "smaps: VmFlags, Rss, Swap",
                               N_ ("What the system has promised to back: the size, but of memory "
                                   "that is merely reserved "
                                   "(inaccessible and not charged, or exempt from the charge) only "
                                   "the pages that exist.") },
  [ATLAS_COLUMN_PRIVATE] = { "private", N_ ("Private"), BYTES, BOTH | SHOWN, ATLAS_FIGURE_PRIVATE,
                             "smaps: VmFlags, Anonymous, Swap",
                             N_ ("What is, or once modified would be, this process's alone and is "
                                 "charged to the commit "
                                 "limit. The total is the process's share of Committed_AS.") },
  [ATLAS_COLUMN_TOTAL_WS] = { "total-ws", N_ ("Total WS"), BYTES, BOTH | SHOWN,
                              ATLAS_FIGURE_TOTAL_WS, "smaps: Rss, *_Hugetlb",
                              N_ ("Working set: pages in RAM right now, huge pages included.") },
  [ATLAS_COLUMN_PRIVATE_WS] = { "private-ws", N_ ("Private WS"), BYTES, BOTH | SHOWN,
                                ATLAS_FIGURE_PRIVATE_WS, "smaps, pagemap",
                                N_ ("Anonymous pages in RAM that no other process maps: what "
                                    "ending the process would give "
                                    "back at once.") },
  [ATLAS_COLUMN_SHAREABLE_WS] = { "shareable-ws", N_ ("Shareable WS"), BYTES, BOTH | SHOWN,
                                  ATLAS_FIGURE_SHAREABLE_WS, "smaps, pagemap",
                                  N_ ("Pages in RAM that others map or could map: Total WS less "
                                      "Private WS.") },
  [ATLAS_COLUMN_SHARED_WS] = { "shared-ws", N_ ("Shared WS"), BYTES, BOTH | SHOWN,
                               ATLAS_FIGURE_SHARED_WS, "smaps: Shared_*",
                               N_ ("Pages in RAM that another process maps as well, right now.") },
  [ATLAS_COLUMN_LOCKED_WS] = { "locked-ws", N_ ("Locked WS"), BYTES, BOTH | SHOWN,
                               ATLAS_FIGURE_LOCKED_WS, "smaps: VmFlags, Rss, *_Hugetlb",
                               N_ ("Pages in RAM that cannot be swapped out: locked by mlock, or "
                                   "huge pages of hugetlb.") },
  [ATLAS_COLUMN_BLOCKS] = { "blocks", N_ ("Blocks"), ATLAS_COLUMN_COUNT, BOTH | SHOWN,
                            ATLAS_FIGURE_BLOCKS, "maps",
                            N_ ("Number of the kernel's mappings (VMAs), one line of maps each.") },
  [ATLAS_COLUMN_LARGEST] = { "largest", N_ ("Largest"), BYTES, SUMMARY | SHOWN, -1, "maps",
                             N_ ("Size of the largest region of the type.") },
  [ATLAS_COLUMN_PROTECTION] = { "protection", N_ ("Protection"), TEXT, DETAILS | SHOWN, -1, "maps",
                                N_ ("What the process may do with the memory; of a region, what it "
                                    "may do with any of its blocks.") },
  [ATLAS_COLUMN_DETAILS] = { "details", N_ ("Details"), TEXT, DETAILS | SHOWN, -1,
                             "maps, ELF headers, memory",
                             N_ ("Name of what lies there: file, thread, heap, section.") },
  [ATLAS_COLUMN_PSS] = { "pss", N_ ("PSS"), BYTES, BOTH | SHOWN, ATLAS_FIGURE_PSS, "smaps: Pss",
                         N_ ("Proportional set size: pages in RAM, each divided by the number of "
                             "processes that map it.") },
  [ATLAS_COLUMN_SWAP] = { "swap", N_ ("Swap"), BYTES, BOTH | SHOWN, ATLAS_FIGURE_SWAP,
                          "smaps: Swap", N_ ("Pages that are swapped out.") },
  [ATLAS_COLUMN_SWAP_PSS] = { "swap-pss", N_ ("SwapPSS"), BYTES, BOTH, ATLAS_FIGURE_SWAP_PSS,
                              "smaps: SwapPss",
                              N_ ("Swapped pages, each divided by the number of processes that "
                                  "share it. The kernel leaves shared memory out of it.") },
  [ATLAS_COLUMN_HUGE] = { "huge", N_ ("Huge pages"), BYTES, BOTH, ATLAS_FIGURE_HUGE,
                          "smaps: AnonHugePages, ShmemPmdMapped, FilePmdMapped, *_Hugetlb",
                          N_ ("Pages in RAM that are mapped as huge pages, transparent ones and "
                              "those of hugetlb.") },
  [ATLAS_COLUMN_REFERENCED] = { "referenced", N_ ("Referenced"), BYTES, BOTH,
                                ATLAS_FIGURE_REFERENCED, "smaps: Referenced",
                                N_ ("Pages marked as touched since the mark was last cleared.") },
  [ATLAS_COLUMN_DIRTY] = { "dirty", N_ ("Dirty"), BYTES, BOTH, ATLAS_FIGURE_DIRTY,
                           "smaps: Shared_Dirty, Private_Dirty",
                           N_ ("Pages in RAM that differ from what is on disk, or have no place on "
                               "disk.") },
  [ATLAS_COLUMN_LAZY_FREE] = { "lazy-free", N_ ("LazyFree"), BYTES, BOTH, ATLAS_FIGURE_LAZY_FREE,
                               "smaps: LazyFree",
                               N_ ("Pages the process has given up (MADV_FREE) that the kernel has "
                                   "not taken yet.") },
  [ATLAS_COLUMN_KSM] = { "ksm", N_ ("KSM"), BYTES, BOTH, ATLAS_FIGURE_KSM, "smaps: KSM",
                         N_ ("Pages merged with equal ones by kernel samepage merging.") },
  [ATLAS_COLUMN_NUMA] = { "numa", N_ ("NUMA"), TEXT, BOTH, -1, "numa_maps",
                          N_ (
                            "Pages in RAM by NUMA node. Reading it walks the process's pages once "
                            "more.") },
  [ATLAS_COLUMN_REASON] = { "reason", N_ ("Reason"), TEXT, DETAILS, -1, "maps, ELF headers, memory",
                            N_ ("Why the region has this type and this label; a guess is called "
                                "one.") },
};

const AtlasColumnInfo *
atlas_column_get_info (AtlasColumn column)
{
  g_return_val_if_fail (column < ATLAS_N_COLUMNS, NULL);
  return &columns[column];
}

gboolean
atlas_column_from_key (const char *key, AtlasColumn *out_column)
{
  for (guint i = 0; i < ATLAS_N_COLUMNS; i++)
    if (g_str_equal (columns[i].key, key))
      {
        *out_column = i;
        return TRUE;
      }
  return FALSE;
}
