/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pagemap from a plain file, where each bit can be chosen and there is no PAGEMAP_SCAN; and what
 * smaps alone says of the private working set.
 */

#include "config.h"

#include "scan/pagemap.h"
#include "scan/private-ws.h"
#include "util/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/mman.h>

#define PAGE    4096
#define N_PAGES 200000 /* more than three windows */

/* Page i is present where i % 3 != 0, of a file where i % 5 == 0, mapped once where i % 2 == 0. */
static guint64
make_entry (guint64 i)
{
  return (i % 3 != 0 ? ATLAS_PAGEMAP_PRESENT : ATLAS_PAGEMAP_SWAPPED) |
         (i % 5 == 0 ? ATLAS_PAGEMAP_FILE : 0) | (i % 2 == 0 ? ATLAS_PAGEMAP_EXCLUSIVE : 0) | i;
}

static AtlasPagemap *
make_pagemap (void)
{
  g_autofree guint64 *entries = g_new (guint64, N_PAGES);
  gsize size = N_PAGES * sizeof (guint64);
  int fd = memfd_create ("pagemap", MFD_CLOEXEC);

  for (guint64 i = 0; i < N_PAGES; i++)
    entries[i] = make_entry (i);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, entries, size), ==, (gint64)size);
  return atlas_pagemap_new (fd, PAGE);
}

static guint64
expect (guint64 first, guint64 last)
{
  guint64 n = 0;

  for (guint64 i = first; i < last; i++)
    n += i % 3 != 0 && i % 5 != 0 && i % 2 == 0;
  return n * PAGE;
}

static void
test_count (void)
{
  static const struct
  {
    guint64 first, last, ahead;
  } ranges[] = {
    { 0, 1, 1 },
    { 1, 10, 100000 },
    { 10, 60000, 70000 },
    { 60000, 65536, 65536 },
    { 65535, 65537, 90000 },
    { 5, 199999, 199999 },
    { 199999, 200000, 200000 },
    { 2, 3, 3 },
  };
  g_autoptr (AtlasPagemap) pagemap = make_pagemap ();

  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    {
      guint64 bytes;
      g_assert_true (atlas_private_ws_count (pagemap, PAGE, ranges[i].first * PAGE,
                                             ranges[i].last * PAGE, ranges[i].ahead * PAGE, NULL,
                                             &bytes));
      g_assert_cmpuint (bytes, ==, expect (ranges[i].first, ranges[i].last));
    }
}

static void
test_failures (void)
{
  g_autoptr (AtlasPagemap) pagemap = make_pagemap ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  guint64 bytes = 42;

  g_assert_false (atlas_pagemap_can_scan (pagemap));
  /* Behind the end, as behind the end of the memory of a process that is gone. */
  g_assert_false (atlas_private_ws_count (pagemap, PAGE, (guint64)N_PAGES * PAGE,
                                          (guint64)(N_PAGES + 1) * PAGE, 0, NULL, &bytes));
  g_assert_cmpint (errno, ==, ESRCH);
  g_assert_false (atlas_private_ws_count (pagemap, PAGE, (guint64)(N_PAGES - 1) * PAGE,
                                          (guint64)(N_PAGES + 1) * PAGE, 0, NULL, &bytes));
  g_cancellable_cancel (cancellable);
  g_assert_false (atlas_private_ws_count (pagemap, PAGE, 0, PAGE, 0, cancellable, &bytes));
  g_assert_cmpint (errno, ==, ECANCELED);
  g_assert_cmpuint (bytes, ==, 42);
}

/* In pages: what smaps says, and between which bounds the figure then lies. */
static void
test_bounds (void)
{
  static const struct
  {
    guint rss, anonymous, shared, exclusive, low, high;
  } cases[] = {
    { 0, 0, 0, 0, 0, 0 }, { 9, 0, 4, 5, 0, 0 }, /* no anonymous page */
    { 9, 7, 0, 9, 7, 7 },                       /* nothing shared */
    { 9, 9, 4, 5, 5, 5 },                       /* nothing but anonymous pages */
    { 9, 7, 9, 0, 0, 0 },                       /* everything shared */
    { 9, 7, 4, 5, 3, 5 },                       /* mixed */
    { 9, 3, 4, 5, 0, 3 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      AtlasBlock block = { .end = PAGE, .traits = ATLAS_VM_KNOWN };
      AtlasCounters counters = { { 0 } };
      guint64 low, high;
      counters.value[ATLAS_COUNTER_RSS] = cases[i].rss;
      counters.value[ATLAS_COUNTER_ANONYMOUS] = cases[i].anonymous;
      counters.value[ATLAS_COUNTER_SHARED_CLEAN] = cases[i].shared / 2;
      counters.value[ATLAS_COUNTER_SHARED_DIRTY] = cases[i].shared - cases[i].shared / 2;
      counters.value[ATLAS_COUNTER_PRIVATE_DIRTY] = cases[i].exclusive;
      g_assert_true (atlas_private_ws_bounds (&block, &counters, FALSE, &low, &high));
      g_assert_cmpuint (low, ==, cases[i].low);
      g_assert_cmpuint (high, ==, cases[i].high);
    }
}

static void
test_unknown (void)
{
  AtlasBlock block = { .end = PAGE, .traits = ATLAS_VM_KNOWN | ATLAS_VM_HUGETLB };
  AtlasCounters counters;
  guint64 low, high;

  for (guint i = 0; i < ATLAS_N_COUNTERS; i++)
    counters.value[i] = ATLAS_UNKNOWN;
  g_assert_false (atlas_private_ws_bounds (&block, &counters, FALSE, &low, &high));
  /* A kernel that does not count huge pages: nothing is known of a mapping of them. */
  counters.value[ATLAS_COUNTER_RSS] = 0;
  g_assert_false (atlas_private_ws_bounds (&block, &counters, FALSE, &low, &high));
  block.traits = ATLAS_VM_KNOWN;
  g_assert_true (atlas_private_ws_bounds (&block, &counters, FALSE, &low, &high));
  g_assert_cmpuint (high, ==, 0);
  block.traits |= ATLAS_VM_HUGETLB;
  counters.value[ATLAS_COUNTER_PRIVATE_HUGETLB] = 7;
  g_assert_true (atlas_private_ws_bounds (&block, &counters, FALSE, &low, &high));
  g_assert_cmpuint (low, ==, 7);
  g_assert_true (atlas_private_ws_bounds (&block, &counters, TRUE, &low, &high));
  g_assert_cmpuint (low, ==, 0);
  g_assert_cmpuint (high, ==, 7);
  block.protection = ATLAS_PROTECTION_SHARED;
  g_assert_true (atlas_private_ws_bounds (&block, &counters, FALSE, &low, &high));
  g_assert_cmpuint (high, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pagemap/count", test_count);
  g_test_add_func ("/pagemap/failures", test_failures);
  g_test_add_func ("/pagemap/bounds", test_bounds);
  g_test_add_func ("/pagemap/unknown", test_unknown);
  return g_test_run ();
}
