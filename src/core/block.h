/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/figures.h"
#include "util/string-pool.h"

G_BEGIN_DECLS

/* Access rights of a block, the second column of maps. */
typedef enum
{
  ATLAS_PROTECTION_READ = 1 << 0,
  ATLAS_PROTECTION_WRITE = 1 << 1,
  ATLAS_PROTECTION_EXECUTE = 1 << 2,
  ATLAS_PROTECTION_SHARED = 1 << 3, /* 's': stores are seen by others */
} AtlasProtection;

/* What VmFlags says, for the flags that figures and rules depend on. */
typedef enum
{
  ATLAS_VM_KNOWN = 1 << 0,      /* VmFlags was there */
  ATLAS_VM_ACCOUNTED = 1 << 1,  /* ac: charged to the commit limit */
  ATLAS_VM_NO_RESERVE = 1 << 2, /* nr: exempt from the charge */
  ATLAS_VM_LOCKED = 1 << 3,     /* lo */
  ATLAS_VM_GROWS_DOWN = 1 << 4, /* gd */
  ATLAS_VM_HUGETLB = 1 << 5,    /* ht */
  ATLAS_VM_DEVICE = 1 << 6,     /* io or pf: pages without struct page */
} AtlasVmTraits;

/**
 * AtlasBlock:
 * One VMA, one line of maps; or, where ATLAS_BLOCK_KERNEL is set, kernel memory that exists
 * because of the process (page tables, kernel stacks) and has no address: then start is 0 and end
 * its size. Plain data in the array of a snapshot, made by AtlasSnapshotBuilder.
 */
typedef struct
{
  guint64 start;          /* bytes, maps */
  guint64 end;            /* bytes, first address behind, maps */
  guint64 offset;         /* bytes into the file, maps */
  guint64 inode;          /* maps */
  guint32 device;         /* major << 20 | minor, maps */
  AtlasStringId path;     /* last column of maps, unescaped bytes; 0: none */
  AtlasStringId label;    /* what this block is inside its region: ".text", "guard"; 0: none */
  AtlasStringId vm_flags; /* VmFlags as the kernel writes it, "rd wr mr"; 0: unknown */
  AtlasStringId numa;     /* "0=4096 1=8192": node=bytes, numa_maps; 0: not read or nothing */
  guint32 counters;       /* private to the snapshot: index of the first packed counter */
  guint32 present;        /* private to the snapshot: bit set of counters that are not 0 */
  guint32 unknown;        /* private to the snapshot: bit set of counters that are unknown */
  guint16 traits;         /* AtlasVmTraits */
  guint8 protection;      /* AtlasProtection */
  guint8 page_shift;      /* log2 of KernelPageSize; 0: unknown */
  guint32 flags;          /* AtlasBlockFlags */
} AtlasBlock;

typedef enum
{
  ATLAS_BLOCK_KERNEL = 1 << 0, /* has no address, is no VMA */
} AtlasBlockFlags;

static inline guint64
atlas_block_get_size (const AtlasBlock *block)
{
  return block->end - block->start;
}

/**
 * atlas_vm_traits_parse:
 * @flags: two-letter flags as in VmFlags, separated by blanks; unknown ones are passed over
 * Returns the AtlasVmTraits in @flags, always with ATLAS_VM_KNOWN.
 */
guint16 atlas_vm_traits_parse (const char *flags, gsize length);

/**
 * atlas_figures_of_block:
 * @counters: the counters of @block
 * Derives every figure of @block: the one place where columns are computed from what the kernel
 * gave, as docs/semantics.md defines them.
 */
void atlas_figures_of_block (const AtlasBlock *block, const AtlasCounters *counters,
                             AtlasFigures *out_figures);

/**
 * atlas_protection_get_text:
 * @protection: bit set of one block, or of several or-ed together
 * Returns: (transfer none): VMMap's words: "Execute/Read", "Read/Write", "No Access" ...; with
 * ", Shared" behind for a shared mapping. English, static.
 */
const char *atlas_protection_get_text (guint8 protection);

/** atlas_protection_get_letters: Writes "rwxp" as maps does into @out and returns @out. */
const char *atlas_protection_get_letters (guint8 protection, char out[static 5]);

G_END_DECLS
