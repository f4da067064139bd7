/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The counter ATLAS_COUNTER_PRIVATE_WS: resident anonymous pages that no other process maps. smaps
 * counts anonymous pages and pages mapped once apart from one another, so it leaves open only
 * blocks that hold several kinds; of these, and of no others, pagemap is read. One thread.
 */

#include "config.h"

#include "scan/private-ws.h"

#include "util/error.h"

#include <errno.h>
#include <glib/gi18n.h>

#define N_RANGES 512
#define SMALL_SPAN                                                                                 \
  (G_GUINT64_CONSTANT (64) << 20) /* bytes that are read whole without a thought                   \
                                   */
#define DENSE 16                  /* Size / Rss up to which reading whole is cheaper */
#define BLIND_SPAN                                                                                 \
  (G_GUINT64_CONSTANT (32) << 30) /* bytes that are read whole without PAGEMAP_SCAN */

gboolean
atlas_private_ws_is_hugetlb_file (AtlasStringPool *pool, const AtlasBlock *block)
{
  const char *path = atlas_string_pool_get (pool, block->path);

  return (block->traits & ATLAS_VM_HUGETLB) != 0 && path != NULL &&
         !g_str_has_prefix (path, "/anon_hugepage") && path[0] != '[';
}

gboolean
atlas_private_ws_bounds (const AtlasBlock *block, const AtlasCounters *counters,
                         gboolean is_hugetlb_file, guint64 *out_low, guint64 *out_high)
{
  const guint64 *value = counters->value;
  guint64 shared = atlas_sum (value[ATLAS_COUNTER_SHARED_CLEAN], value[ATLAS_COUNTER_SHARED_DIRTY]);
  guint64 exclusive =
    atlas_sum (value[ATLAS_COUNTER_PRIVATE_CLEAN], value[ATLAS_COUNTER_PRIVATE_DIRTY]);
  guint64 anonymous = value[ATLAS_COUNTER_ANONYMOUS];

  if (value[ATLAS_COUNTER_RSS] == 0)
    *out_low = *out_high = 0;
  else if (anonymous == ATLAS_UNKNOWN || shared == ATLAS_UNKNOWN || exclusive == ATLAS_UNKNOWN)
    return FALSE;
  else
    {
      *out_high = MIN (anonymous, exclusive);
      *out_low = MIN (anonymous > shared ? anonymous - shared : 0, *out_high);
    }

  /* Rss and its parts leave hugetlb out. */
  if ((block->protection & ATLAS_PROTECTION_SHARED) != 0)
    return TRUE;
  guint64 huge = value[ATLAS_COUNTER_PRIVATE_HUGETLB];
  if (huge == ATLAS_UNKNOWN)
    return (block->traits & ATLAS_VM_KNOWN) != 0 && (block->traits & ATLAS_VM_HUGETLB) == 0;
  *out_high += huge;
  *out_low += is_hugetlb_file ? 0 : huge;
  return TRUE;
}

gboolean
atlas_private_ws_count (AtlasPagemap *pagemap, guint page_size, guint64 start, guint64 end,
                        guint64 ahead, GCancellable *cancellable, guint64 *out_bytes)
{
  const guint64 mask = ATLAS_PAGEMAP_PRESENT | ATLAS_PAGEMAP_FILE | ATLAS_PAGEMAP_EXCLUSIVE;
  guint64 n_pages = 0;

  for (guint64 at = start; at < end;)
    {
      gsize n;
      if (g_cancellable_is_cancelled (cancellable))
        {
          errno = ECANCELED;
          return FALSE;
        }
      const guint64 *entries = atlas_pagemap_get (pagemap, at, end, ahead, &n);
      if (entries == NULL)
        return FALSE;
      for (gsize i = 0; i < n; i++)
        n_pages += (entries[i] & mask) == (ATLAS_PAGEMAP_PRESENT | ATLAS_PAGEMAP_EXCLUSIVE);
      at += (guint64)n * page_size;
    }
  *out_bytes = n_pages * page_size;
  return TRUE;
}

/* As atlas_private_ws_count(), but looks only where PAGEMAP_SCAN finds pages. */
static gboolean
count_sparse (AtlasPagemap *pagemap, guint page_size, guint64 start, guint64 end,
              GCancellable *cancellable, guint64 *out_bytes)
{
  g_autofree AtlasPageRange *ranges = g_new (AtlasPageRange, N_RANGES);
  guint64 bytes = 0;

  while (start < end)
    {
      gint n = atlas_pagemap_scan (pagemap, &start, end, ranges, N_RANGES);
      if (n < 0)
        return FALSE;
      for (gint i = 0; i < n; i++)
        {
          guint64 some;
          if (!atlas_private_ws_count (pagemap, page_size, ranges[i].start, ranges[i].end,
                                       ranges[i].end, cancellable, &some))
            return FALSE;
          bytes += some;
        }
      if (g_cancellable_is_cancelled (cancellable))
        {
          errno = ECANCELED;
          return FALSE;
        }
    }
  *out_bytes = bytes;
  return TRUE;
}

static guint64
get_resident (const AtlasCounters *counters)
{
  guint64 huge = counters->value[ATLAS_COUNTER_PRIVATE_HUGETLB];

  return counters->value[ATLAS_COUNTER_RSS] + (huge != ATLAS_UNKNOWN ? huge : 0);
}

static gboolean
is_dense (const AtlasBlock *block, const AtlasCounters *counters)
{
  guint64 size = atlas_block_get_size (block);

  return size <= SMALL_SPAN || size / DENSE <= get_resident (counters);
}

static void
set_unknown (AtlasSnapshotBuilder *builder, guint32 index)
{
  atlas_snapshot_builder_set_counter (builder, index, ATLAS_COUNTER_PRIVATE_WS, ATLAS_UNKNOWN);
}

/* Says which blocks stay unknown and why. */
static void
add_missing (AtlasSnapshotBuilder *builder, guint n, const char *why)
{
  g_autofree char *text = g_strdup_printf (
    g_dngettext (GETTEXT_PACKAGE,
                 "%s. So the private working set is unknown in %u block that holds anonymous and "
                 "other pages, some of them shared",
                 "%s. So the private working set is unknown in %u blocks that hold anonymous and "
                 "other pages, some of them shared",
                 n),
    why, n);

  atlas_snapshot_builder_add_missing (builder, "pagemap", text);
}

static AtlasPagemap *
open_pagemap (AtlasSnapshotBuilder *builder, AtlasProcfs *procfs, gint pid, guint page_size,
              guint n)
{
  g_autofree char *path = g_strdup_printf ("%d/pagemap", pid);

  /* The positions in pagemap are addresses: a recording would be a file of terabytes. */
  if (!atlas_procfs_is_live (procfs))
    {
      add_missing (builder, n, _ ("A recorded tree has no pagemap"));
      return NULL;
    }
  int fd = atlas_procfs_openat (procfs, path);
  if (fd < 0)
    {
      g_autofree char *why =
        g_strdup_printf (_ ("%s/%s: %s"), atlas_procfs_get_path (procfs), path, g_strerror (errno));
      add_missing (builder, n, why);
      return NULL;
    }
  return atlas_pagemap_new (fd, page_size);
}

/* The end of the run of touching mixed blocks that begins with mixed[i]. */
static guint64
find_run_end (AtlasSnapshotBuilder *builder, const GArray *mixed, guint i)
{
  guint64 end = atlas_snapshot_builder_get_block (builder, g_array_index (mixed, guint32, i))->end;

  for (i++; i < mixed->len; i++)
    {
      const AtlasBlock *block =
        atlas_snapshot_builder_get_block (builder, g_array_index (mixed, guint32, i));
      if (block->start != end || atlas_block_get_size (block) > SMALL_SPAN)
        break;
      end = block->end;
    }
  return end;
}

typedef struct
{
  AtlasSnapshotBuilder *builder;
  AtlasPagemap *pagemap;
  guint page_size;
  const GArray *mixed;
  GCancellable *cancellable;
  guint64 run_end;    /* bytes, up to where pagemap is read ahead */
  guint64 blind_span; /* bytes that were read without knowing where the pages are */
} Count;

typedef enum
{
  COUNTED,
  FAILED, /* errno says why */
  TOO_LARGE,
} Outcome;

/* Counts mixed block @i. */
static Outcome
count_block (Count *count, guint i, const AtlasBlock *block, const AtlasCounters *counters,
             guint64 *out_bytes)
{
  if (!is_dense (block, counters))
    {
      if (atlas_pagemap_can_scan (count->pagemap))
        return count_sparse (count->pagemap, count->page_size, block->start, block->end,
                             count->cancellable, out_bytes)
                 ? COUNTED
                 : FAILED;
      if (atlas_block_get_size (block) > BLIND_SPAN - count->blind_span)
        return TOO_LARGE;
      count->blind_span += atlas_block_get_size (block);
    }
  if (block->end > count->run_end)
    count->run_end = find_run_end (count->builder, count->mixed, i);
  return atlas_private_ws_count (count->pagemap, count->page_size, block->start, block->end,
                                 count->run_end, count->cancellable, out_bytes)
           ? COUNTED
           : FAILED;
}

static void
count_blocks (Count *count)
{
  AtlasStringPool *pool = atlas_snapshot_builder_get_pool (count->builder);
  guint n_failed = 0, n_too_large = 0;
  int failure = 0;

  for (guint i = 0; i < count->mixed->len; i++)
    {
      guint32 index = g_array_index (count->mixed, guint32, i);
      const AtlasBlock *block = atlas_snapshot_builder_get_block (count->builder, index);
      AtlasCounters counters;
      guint64 bytes, low, high;

      atlas_snapshot_builder_get_counters (count->builder, index, &counters);
      Outcome outcome = count_block (count, i, block, &counters, &bytes);
      if (outcome == COUNTED)
        {
          /* A running process changes between the two files; smaps sets the frame. */
          atlas_private_ws_bounds (block, &counters, atlas_private_ws_is_hugetlb_file (pool, block),
                                   &low, &high);
          atlas_snapshot_builder_set_counter (count->builder, index, ATLAS_COUNTER_PRIVATE_WS,
                                              CLAMP (bytes, low, high));
          continue;
        }
      if (outcome == FAILED && errno == ECANCELED)
        return;
      if (outcome == FAILED)
        failure = errno;
      n_failed += outcome == FAILED;
      n_too_large += outcome == TOO_LARGE;
      set_unknown (count->builder, index);
    }
  if (n_failed > 0)
    add_missing (count->builder, n_failed, g_strerror (failure));
  if (n_too_large > 0)
    add_missing (
      count->builder, n_too_large,
      _ ("This kernel has no PAGEMAP_SCAN (Linux 6.7), without which finding the pages of "
         "a huge, nearly empty block would take too long"));
}

void
atlas_private_ws_complete (AtlasSnapshotBuilder *builder, AtlasProcfs *procfs, gint pid,
                           guint page_size, const GArray *mixed, GCancellable *cancellable)
{
  if (mixed->len == 0)
    return;

  g_autoptr (AtlasPagemap) pagemap = open_pagemap (builder, procfs, pid, page_size, mixed->len);
  Count count = {
    .builder = builder,
    .pagemap = pagemap,
    .page_size = page_size,
    .mixed = mixed,
    .cancellable = cancellable,
  };
  if (pagemap != NULL)
    count_blocks (&count);
  else
    for (guint i = 0; i < mixed->len; i++)
      set_unknown (builder, g_array_index (mixed, guint32, i));
}
