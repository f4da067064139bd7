/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pagemap by windows, and the ioctl that finds present pages. Headers of today's distributions lack
 * the ioctl, so its structure is declared here and it is probed at run time. Owns the descriptor;
 * one thread.
 */

#include "config.h"

#include "scan/pagemap.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define WINDOW (64 * 1024) /* entries: 256 MiB of addresses, 512 KiB of memory */

/* struct pm_scan_arg of <linux/fs.h>, Linux 6.7 */
struct pm_scan_arg_copy
{
  guint64 size;
  guint64 flags;
  guint64 start;
  guint64 end;
  guint64 walk_end;
  guint64 vec;
  guint64 vec_len;
  guint64 max_pages;
  guint64 category_inverted;
  guint64 category_mask;
  guint64 category_anyof_mask;
  guint64 return_mask;
};

#define PAGEMAP_SCAN_COPY    _IOWR ('f', 16, struct pm_scan_arg_copy)
#define PAGE_IS_PRESENT_COPY (1 << 3)

G_STATIC_ASSERT (sizeof (struct pm_scan_arg_copy) == 96);
G_STATIC_ASSERT (sizeof (AtlasPageRange) == 24);

struct _AtlasPagemap
{
  int fd;
  guint page_shift;
  int can_scan;  /* -1: not probed yet */
  guint64 first; /* number of the page of entries[0] */
  gsize n_entries;
  guint64 *entries; /* WINDOW of them */
};

AtlasPagemap *
atlas_pagemap_new (int fd, guint page_size)
{
  AtlasPagemap *pagemap = g_new0 (AtlasPagemap, 1);

  pagemap->fd = fd;
  pagemap->page_shift = (guint)__builtin_ctz (page_size);
  pagemap->can_scan = -1;
  pagemap->entries = g_new (guint64, WINDOW);
  return pagemap;
}

void
atlas_pagemap_free (AtlasPagemap *pagemap)
{
  close (pagemap->fd);
  g_free (pagemap->entries);
  g_free (pagemap);
}

static gboolean
load_window (AtlasPagemap *pagemap, guint64 first, guint64 last)
{
  gsize wanted = MIN (last - first, WINDOW) * sizeof (guint64);
  ssize_t n;

  do
    n = pread (pagemap->fd, pagemap->entries, wanted, (off_t)(first * sizeof (guint64)));
  while (n < 0 && errno == EINTR);
  pagemap->n_entries = n > 0 ? (gsize)n / sizeof (guint64) : 0;
  pagemap->first = first;
  if (n >= 0 && pagemap->n_entries == 0)
    errno = ESRCH; /* the memory of a process that has ended reads as an empty file */
  return pagemap->n_entries > 0;
}

const guint64 *
atlas_pagemap_get (AtlasPagemap *pagemap, guint64 start, guint64 end, guint64 ahead, gsize *out_n)
{
  guint64 first = start >> pagemap->page_shift, last = end >> pagemap->page_shift;

  if (first < pagemap->first || first >= pagemap->first + pagemap->n_entries)
    if (!load_window (pagemap, first, MAX (ahead >> pagemap->page_shift, last)))
      return NULL;
  gsize offset = (gsize)(first - pagemap->first);
  *out_n = (gsize)MIN (last - first, pagemap->n_entries - offset);
  return pagemap->entries + offset;
}

gboolean
atlas_pagemap_can_scan (AtlasPagemap *pagemap)
{
  if (pagemap->can_scan < 0)
    {
      AtlasPageRange range;
      guint64 cursor = 0;
      pagemap->can_scan =
        atlas_pagemap_scan (pagemap, &cursor, G_GUINT64_CONSTANT (1) << pagemap->page_shift, &range,
                            1) >= 0;
    }
  return pagemap->can_scan;
}

gint
atlas_pagemap_scan (AtlasPagemap *pagemap, guint64 *cursor, guint64 end, AtlasPageRange *out_ranges,
                    gsize n_ranges)
{
  struct pm_scan_arg_copy argument = {
    .size = sizeof argument,
    .start = *cursor,
    .end = end,
    .vec = (guint64)(guintptr)out_ranges,
    .vec_len = n_ranges,
    .category_mask = PAGE_IS_PRESENT_COPY,
    .return_mask = PAGE_IS_PRESENT_COPY,
  };
  int n;

  do
    n = ioctl (pagemap->fd, PAGEMAP_SCAN_COPY, &argument);
  while (n < 0 && errno == EINTR);
  if (n >= 0)
    *cursor = argument.walk_end > *cursor ? argument.walk_end : end;
  return n;
}
