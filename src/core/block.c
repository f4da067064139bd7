/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the columns of a block mean: the derivation of figures from the kernel's counters and
 * flags, as docs/semantics.md defines them. Pure functions.
 */

#include "config.h"

#include "core/block.h"

#include <glib/gi18n.h>
#include <string.h>

static const struct
{
  char letters[3];
  AtlasVmTraits trait;
} traits[] = {
  { "ac", ATLAS_VM_ACCOUNTED },  { "nr", ATLAS_VM_NO_RESERVE }, { "lo", ATLAS_VM_LOCKED },
  { "gd", ATLAS_VM_GROWS_DOWN }, { "ht", ATLAS_VM_HUGETLB },    { "io", ATLAS_VM_DEVICE },
  { "pf", ATLAS_VM_DEVICE },
};

guint16
atlas_vm_traits_parse (const char *flags, gsize length)
{
  guint16 found = ATLAS_VM_KNOWN;

  for (gsize at = 0; at + 1 < length; at++)
    {
      if (flags[at] == ' ' || (at > 0 && flags[at - 1] != ' '))
        continue;
      for (guint i = 0; i < G_N_ELEMENTS (traits); i++)
        if (flags[at] == traits[i].letters[0] && flags[at + 1] == traits[i].letters[1])
          found |= traits[i].trait;
    }
  return found;
}

static guint64
difference (guint64 a, guint64 b)
{
  return a == ATLAS_UNKNOWN || b == ATLAS_UNKNOWN ? ATLAS_UNKNOWN : a > b ? a - b : 0;
}

static guint64
at_most (guint64 value, guint64 limit)
{
  return value == ATLAS_UNKNOWN ? ATLAS_UNKNOWN : MIN (value, limit);
}

/* A reservation: inaccessible and not charged, or private and exempt from the charge. */
static gboolean
is_reserved (const AtlasBlock *block)
{
  const guint8 access = ATLAS_PROTECTION_READ | ATLAS_PROTECTION_WRITE | ATLAS_PROTECTION_EXECUTE;

  if ((block->protection & access) == 0 && (block->traits & ATLAS_VM_ACCOUNTED) == 0)
    return TRUE;
  return (block->protection & ATLAS_PROTECTION_SHARED) == 0 &&
         (block->traits & ATLAS_VM_NO_RESERVE) != 0;
}

static guint64
committed (const AtlasBlock *block, guint64 total_ws, guint64 swap)
{
  guint64 size = atlas_block_get_size (block);

  if (block->flags & ATLAS_BLOCK_KERNEL)
    return size;
  if ((block->traits & ATLAS_VM_KNOWN) == 0)
    return ATLAS_UNKNOWN;
  return is_reserved (block) ? at_most (atlas_sum (total_ws, swap), size) : size;
}

static guint64
private_bytes (const AtlasBlock *block, const AtlasCounters *counters)
{
  /* Kernel memory is not part of the commit charge. */
  if (block->flags & ATLAS_BLOCK_KERNEL || block->protection & ATLAS_PROTECTION_SHARED)
    return 0;
  if ((block->traits & ATLAS_VM_KNOWN) == 0)
    return ATLAS_UNKNOWN;
  if (block->traits & ATLAS_VM_ACCOUNTED)
    return atlas_block_get_size (block);
  return at_most (
    atlas_sum (counters->value[ATLAS_COUNTER_ANONYMOUS], counters->value[ATLAS_COUNTER_SWAP]),
    atlas_block_get_size (block));
}

/* Pages of hugetlb. Kernels before 4.3 do not count them; a block that is known not to be hugetlb
 * has none all the same. */
static guint64
hugetlb_part (const AtlasBlock *block, guint64 counted)
{
  gboolean cannot_have = (block->traits & ATLAS_VM_KNOWN) && !(block->traits & ATLAS_VM_HUGETLB);

  return counted == ATLAS_UNKNOWN && cannot_have ? 0 : counted;
}

static guint64
locked_ws (const AtlasBlock *block, guint64 total_ws, guint64 hugetlb_bytes)
{
  if (block->flags & ATLAS_BLOCK_KERNEL)
    return 0;
  if ((block->traits & ATLAS_VM_KNOWN) == 0)
    return ATLAS_UNKNOWN;
  return block->traits & ATLAS_VM_LOCKED ? total_ws : hugetlb_bytes;
}

void
atlas_figures_of_block (const AtlasBlock *block, const AtlasCounters *counters,
                        AtlasFigures *out_figures)
{
  const guint64 *c = counters->value;
  guint64 *f = out_figures->value;
  guint64 shared_huge = hugetlb_part (block, c[ATLAS_COUNTER_SHARED_HUGETLB]);
  guint64 huge = atlas_sum (shared_huge, hugetlb_part (block, c[ATLAS_COUNTER_PRIVATE_HUGETLB]));

  f[ATLAS_FIGURE_SIZE] = atlas_block_get_size (block);
  f[ATLAS_FIGURE_TOTAL_WS] = atlas_sum (c[ATLAS_COUNTER_RSS], huge);
  f[ATLAS_FIGURE_COMMITTED] = committed (block, f[ATLAS_FIGURE_TOTAL_WS], c[ATLAS_COUNTER_SWAP]);
  f[ATLAS_FIGURE_PRIVATE] = private_bytes (block, counters);
  f[ATLAS_FIGURE_PRIVATE_WS] = c[ATLAS_COUNTER_PRIVATE_WS];
  f[ATLAS_FIGURE_SHAREABLE_WS] = difference (f[ATLAS_FIGURE_TOTAL_WS], f[ATLAS_FIGURE_PRIVATE_WS]);
  f[ATLAS_FIGURE_SHARED_WS] = atlas_sum (
    atlas_sum (c[ATLAS_COUNTER_SHARED_CLEAN], c[ATLAS_COUNTER_SHARED_DIRTY]), shared_huge);
  f[ATLAS_FIGURE_LOCKED_WS] = locked_ws (block, f[ATLAS_FIGURE_TOTAL_WS], huge);
  f[ATLAS_FIGURE_BLOCKS] = 1;
  f[ATLAS_FIGURE_PSS] = c[ATLAS_COUNTER_PSS];
  f[ATLAS_FIGURE_SWAP] = c[ATLAS_COUNTER_SWAP];
  f[ATLAS_FIGURE_SWAP_PSS] = c[ATLAS_COUNTER_SWAP_PSS];
  f[ATLAS_FIGURE_HUGE] =
    atlas_sum (atlas_sum (c[ATLAS_COUNTER_ANON_HUGE], c[ATLAS_COUNTER_SHMEM_HUGE]),
               atlas_sum (c[ATLAS_COUNTER_FILE_HUGE], huge));
  f[ATLAS_FIGURE_REFERENCED] = c[ATLAS_COUNTER_REFERENCED];
  f[ATLAS_FIGURE_DIRTY] = atlas_sum (c[ATLAS_COUNTER_SHARED_DIRTY], c[ATLAS_COUNTER_PRIVATE_DIRTY]);
  f[ATLAS_FIGURE_LAZY_FREE] = c[ATLAS_COUNTER_LAZY_FREE];
  f[ATLAS_FIGURE_KSM] = c[ATLAS_COUNTER_KSM];
}

const char *
atlas_protection_get_text (guint8 protection)
{
  /* Indexed by the bits READ, WRITE, EXECUTE, SHARED. */
  static const char *const texts[16] = {
    N_ ("No Access"),
    N_ ("Read"),
    N_ ("Write"),
    N_ ("Read/Write"),
    N_ ("Execute"),
    N_ ("Execute/Read"),
    N_ ("Execute/Write"),
    N_ ("Execute/Read/Write"),
    N_ ("No Access, Shared"),
    N_ ("Read, Shared"),
    N_ ("Write, Shared"),
    N_ ("Read/Write, Shared"),
    N_ ("Execute, Shared"),
    N_ ("Execute/Read, Shared"),
    N_ ("Execute/Write, Shared"),
    N_ ("Execute/Read/Write, Shared"),
  };

  return texts[protection & 15];
}

const char *
atlas_protection_get_letters (guint8 protection, char out[static 5])
{
  out[0] = protection & ATLAS_PROTECTION_READ ? 'r' : '-';
  out[1] = protection & ATLAS_PROTECTION_WRITE ? 'w' : '-';
  out[2] = protection & ATLAS_PROTECTION_EXECUTE ? 'x' : '-';
  out[3] = protection & ATLAS_PROTECTION_SHARED ? 's' : 'p';
  out[4] = '\0';
  return out;
}
