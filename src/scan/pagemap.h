/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * AtlasPagemap:
 * Reads /proc/PID/pagemap and runs PAGEMAP_SCAN on it where the kernel (6.7 and later) has it.
 * Used by one thread.
 */
typedef struct _AtlasPagemap AtlasPagemap;

/* Bits of an entry; Documentation/admin-guide/mm/pagemap.rst of the kernel. */
#define ATLAS_PAGEMAP_EXCLUSIVE (G_GUINT64_CONSTANT (1) << 56) /* mapped once; since Linux 4.2 */
#define ATLAS_PAGEMAP_FILE      (G_GUINT64_CONSTANT (1) << 61) /* file page or shared anonymous */
#define ATLAS_PAGEMAP_SWAPPED   (G_GUINT64_CONSTANT (1) << 62)
#define ATLAS_PAGEMAP_PRESENT   (G_GUINT64_CONSTANT (1) << 63)

/* A span with pages in it, from PAGEMAP_SCAN: struct page_region of <linux/fs.h>. */
typedef struct
{
  guint64 start;      /* bytes */
  guint64 end;        /* bytes */
  guint64 categories; /* PAGE_IS_* */
} AtlasPageRange;

/** atlas_pagemap_new: @fd: pagemap, owned from now on. @page_size: bytes. */
AtlasPagemap *atlas_pagemap_new (int fd, guint page_size);
void atlas_pagemap_free (AtlasPagemap *pagemap);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasPagemap, atlas_pagemap_free)

/**
 * atlas_pagemap_get:
 * @start, @end: bytes, multiples of the page size
 * @ahead: bytes, at least @end: what will be asked for next, so that it is read at once
 * @out_n: number of entries, at least 1
 *
 * Returns: (transfer none) (nullable): the entries of the pages from @start on, as many of them up
 * to @end as are there in one piece; valid until the next call. NULL with errno set.
 */
const guint64 *atlas_pagemap_get (AtlasPagemap *pagemap, guint64 start, guint64 end, guint64 ahead,
                                  gsize *out_n);

/** atlas_pagemap_can_scan: Returns whether PAGEMAP_SCAN works; probed once. */
gboolean atlas_pagemap_can_scan (AtlasPagemap *pagemap);

/**
 * atlas_pagemap_scan:
 * @cursor: (inout): bytes, where to begin, then where it stopped; @end when done
 * @n_ranges: room in @out_ranges
 *
 * Finds spans of present pages without looking at the holes between them. Returns their number, or
 * -1 with errno set.
 */
gint atlas_pagemap_scan (AtlasPagemap *pagemap, guint64 *cursor, guint64 end,
                         AtlasPageRange *out_ranges, gsize n_ranges);

G_END_DECLS
