/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The parser of smaps: the kernel's text in pieces of every size, keys in any order, unknown and
 * missing ones, damage, limits; and the reader that feeds it from a file.
 */

#include "config.h"

#include "scan/scan-limits.h"
#include "scan/smaps-parser.h"
#include "scan/smaps-reader.h"
#include "util/error.h"
#include "util/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  GArray *blocks;   /* of AtlasBlock */
  GArray *counters; /* of AtlasCounters */
  AtlasStringPool *pool;
  AtlasSmapsParser *parser;
} Fixture;

static void
on_block (const AtlasBlock *block, AtlasCounters *counters, gpointer data)
{
  Fixture *fixture = data;

  g_array_append_val (fixture->blocks, *block);
  g_array_append_val (fixture->counters, *counters);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->blocks = g_array_new (FALSE, FALSE, sizeof (AtlasBlock));
  fixture->counters = g_array_new (FALSE, FALSE, sizeof (AtlasCounters));
  fixture->pool = atlas_string_pool_new ();
  fixture->parser = atlas_smaps_parser_new (fixture->pool, on_block, fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_array_unref (fixture->blocks);
  g_array_unref (fixture->counters);
  atlas_smaps_parser_free (fixture->parser);
  atlas_string_pool_unref (fixture->pool);
}

static void
reset (Fixture *fixture)
{
  tear_down (fixture, NULL);
  set_up (fixture, NULL);
}

static const AtlasBlock *
block (Fixture *fixture, guint index)
{
  g_assert_cmpuint (index, <, fixture->blocks->len);
  return &g_array_index (fixture->blocks, AtlasBlock, index);
}

static guint64
counter (Fixture *fixture, guint index, AtlasCounter which)
{
  g_assert_cmpuint (index, <, fixture->counters->len);
  return g_array_index (fixture->counters, AtlasCounters, index).value[which];
}

/* Feeds @text in copies of at most @step new bytes, none of which has a byte behind its end. */
static void
feed (Fixture *fixture, const char *text, gsize length, gsize step)
{
  gsize done = 0, fed = 0;

  while (fed < length)
    {
      g_autoptr (GError) error = NULL;
      gsize consumed;
      fed = MIN (fed + step, length);
      g_autofree char *copy = g_memdup2 (text + done, fed - done);
      g_assert_true (
        atlas_smaps_parser_feed (fixture->parser, copy, fed - done, &consumed, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (consumed, <=, fed - done);
      done += consumed;
    }
  atlas_smaps_parser_end (fixture->parser, length - done);
}

static const char usual[] =
  "55da3fd72000-55da3fd74000 r--p 00001000 fe:00 247134                     /usr/bin/cat\n"
  "Size:                  8 kB\nKernelPageSize:        4 kB\nMMUPageSize:           4 kB\n"
  "Rss:                   8 kB\nPss:                   7 kB\nPss_Dirty:             6 kB\n"
  "Shared_Clean:          1 kB\nShared_Dirty:          2 kB\nPrivate_Clean:         3 kB\n"
  "Private_Dirty:         4 kB\nReferenced:            5 kB\nAnonymous:             9 kB\n"
  "KSM:                  10 kB\nLazyFree:             11 kB\nAnonHugePages:        12 kB\n"
  "ShmemPmdMapped:       13 kB\nFilePmdMapped:        14 kB\nShared_Hugetlb:       15 kB\n"
  "Private_Hugetlb:      16 kB\nSwap:          123456789 kB\nSwapPss:              18 kB\n"
  "Locked:               19 kB\nTHPeligible:           0\n"
  "VmFlags: rd mr mw me ac \n"
  "7ffc00000000-7ffc00200000 rw-s 00000000 00:00 0                          [stack]\n"
  "Size:               2048 kB\nKernelPageSize:     2048 kB\n"
  "Rss:                   0 kB\nVmFlags: rd wr lo ht zz \n";

static void
check_usual (Fixture *fixture)
{
  static const guint64 expected[] = { 8,  7,  6,  1,  2,  3,  4,         5,  9, 10,
                                      11, 12, 13, 14, 15, 16, 123456789, 18, 19 };

  g_assert_cmpuint (fixture->blocks->len, ==, 2);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpuint (counter (fixture, 0, i), ==, expected[i] << 10);
  g_assert_true (counter (fixture, 0, ATLAS_COUNTER_PRIVATE_WS) == ATLAS_UNKNOWN);
  g_assert_cmphex (block (fixture, 0)->offset, ==, 0x1000);
  g_assert_cmpuint (block (fixture, 0)->page_shift, ==, 12);
  g_assert_cmpstr (atlas_string_pool_get (fixture->pool, block (fixture, 0)->path), ==,
                   "/usr/bin/cat");
  g_assert_cmpstr (atlas_string_pool_get (fixture->pool, block (fixture, 0)->vm_flags), ==,
                   "rd mr mw me ac");
  g_assert_cmpint (block (fixture, 0)->traits, ==, ATLAS_VM_KNOWN | ATLAS_VM_ACCOUNTED);

  g_assert_cmpuint (counter (fixture, 1, ATLAS_COUNTER_RSS), ==, 0);
  g_assert_true (counter (fixture, 1, ATLAS_COUNTER_PSS) == ATLAS_UNKNOWN);
  g_assert_cmpuint (block (fixture, 1)->page_shift, ==, 21);
  g_assert_cmpint (block (fixture, 1)->traits, ==,
                   ATLAS_VM_KNOWN | ATLAS_VM_LOCKED | ATLAS_VM_HUGETLB);
  g_assert_cmpuint (atlas_smaps_parser_get_report (fixture->parser)->n_damaged, ==, 0);
}

static void
test_pieces (Fixture *fixture, gconstpointer data)
{
  for (gsize step = 1; step <= sizeof usual; step += step < 100 ? 1 : 97)
    {
      feed (fixture, usual, sizeof usual - 1, step);
      check_usual (fixture);
      reset (fixture);
    }
}

/* The counters of a block do not leak into the next, in whatever order the keys come. */
static void
test_order (Fixture *fixture, gconstpointer data)
{
  static const char text[] = "1000-2000 rw-p 00000000 00:00 0 \n"
                             "VmFlags: rd wr \nSwap:                  4 kB\nRss: 8 kB\n"
                             "Future:\nFuture_Thing:         99 kB\nlower case: 1\n"
                             "Pss:\t\t12 kB\n"
                             "2000-3000 rw-p 00000000 00:00 0 \n"
                             "Pss:                   1 kB\nRss:            12345678 kB\n";

  feed (fixture, text, sizeof text - 1, sizeof text);
  g_assert_cmpuint (fixture->blocks->len, ==, 2);
  g_assert_cmpuint (counter (fixture, 0, ATLAS_COUNTER_SWAP), ==, 4096);
  g_assert_cmpuint (counter (fixture, 0, ATLAS_COUNTER_RSS), ==, 8192);
  g_assert_cmpuint (counter (fixture, 0, ATLAS_COUNTER_PSS), ==, 12288);
  g_assert_cmpuint (counter (fixture, 1, ATLAS_COUNTER_PSS), ==, 1024);
  g_assert_cmpuint (counter (fixture, 1, ATLAS_COUNTER_RSS), ==,
                    G_GUINT64_CONSTANT (12345678) << 10);
  g_assert_true (counter (fixture, 1, ATLAS_COUNTER_SWAP) == ATLAS_UNKNOWN);
  g_assert_cmpint (block (fixture, 1)->traits, ==, 0);
  g_assert_cmpuint (block (fixture, 1)->vm_flags, ==, 0);
  g_assert_cmpuint (atlas_smaps_parser_get_report (fixture->parser)->n_damaged, ==, 0);
}

static void
test_damage (Fixture *fixture, gconstpointer data)
{
  static const char text[] = "Rss:                   8 kB\n" /* belongs to no block */
                             "1000-3000 rw-p 00000000 00:00 0 \n"
                             "Rss:               eight kB\n"
                             "Pss:                  -8 kB\n"
                             "Anonymous:               kB\n"
                             "Swap:                  8 MB\n"
                             "Locked:99999999999999999999 kB\n"
                             "Referenced: 18446744073709551615 kB\n"
                             "no colon here\n"
                             "2000-4000 rw-p 00000000 00:00 0 \n" /* overlaps */
                             "Pss_Dirty:             8 kB\n"
                             "3000-4000 rw-p 00000000 00:00 0 \n"
                             "KSM:                   8 kB";
  const AtlasSmapsReport *report;

  feed (fixture, text, sizeof text - 1, 7);
  g_assert_cmpuint (fixture->blocks->len, ==, 2);
  for (guint i = 0; i < ATLAS_N_COUNTERS; i++)
    {
      g_assert_true (counter (fixture, 0, i) == ATLAS_UNKNOWN);
      g_assert_true (counter (fixture, 1, i) == ATLAS_UNKNOWN);
    }
  report = atlas_smaps_parser_get_report (fixture->parser);
  g_assert_cmpuint (report->n_damaged, ==, 9);
  g_assert_cmpuint (report->n_out_of_order, ==, 1);
  g_assert_cmphex (report->last_end, ==, 0x4000);
  g_assert_false (report->has_counters);
}

static void
test_line_limit (Fixture *fixture, gconstpointer data)
{
  g_autofree char *line = g_malloc (ATLAS_LIMIT_LINE + 2);
  gsize head = strlen ("1000-2000 r--p 0 0:0 1 "), consumed;
  g_autoptr (GError) error = NULL;

  memset (line, 'a', ATLAS_LIMIT_LINE + 1);
  memcpy (line, "1000-2000 r--p 0 0:0 1 ", head);
  line[ATLAS_LIMIT_LINE] = '\n';
  g_assert_true (
    atlas_smaps_parser_feed (fixture->parser, line, ATLAS_LIMIT_LINE + 1, &consumed, &error));
  atlas_smaps_parser_end (fixture->parser, 0);
  g_assert_cmpuint (strlen (atlas_string_pool_get (fixture->pool, block (fixture, 0)->path)), ==,
                    ATLAS_LIMIT_LINE - head);

  line[ATLAS_LIMIT_LINE] = 'a';
  g_assert_false (
    atlas_smaps_parser_feed (fixture->parser, line, ATLAS_LIMIT_LINE + 1, &consumed, &error));
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_LIMIT);
}

/* More text than the reader has pieces, with lines across every border. */
static void
test_reader (Fixture *fixture, gconstpointer data)
{
  enum
  {
    N = 40000
  };
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  int read_errno;

  for (guint i = 0; i < N; i++)
    g_string_append_printf (text,
                            "%x000-%x000 rw-p 00000000 08:01 %u    /some/where/%u\n"
                            "Rss:            %8u kB\nVmFlags: rd wr %c%c \n",
                            i + 1, i + 2, i, i % 100, i, 'a' + i % 26, 'a' + i / 26 % 26);
  atlas_autofd fd = g_file_open_tmp ("smaps-XXXXXX", &path, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (path, text->str, (gssize)text->len, &error));
  atlas_fd_clear (&fd);
  fd = open (path, O_RDONLY);
  g_unlink (path);

  g_assert_true (
    atlas_smaps_reader_run (fd, fixture->parser, NULL, NULL, NULL, &read_errno, &error));
  g_assert_no_error (error);
  g_assert_cmpint (read_errno, ==, 0);
  g_assert_cmpuint (fixture->blocks->len, ==, N);
  for (guint i = 0; i < N; i++)
    {
      g_autofree char *expected = g_strdup_printf ("/some/where/%u", i % 100);
      g_assert_cmphex (block (fixture, i)->start, ==, (guint64)(i + 1) << 12);
      g_assert_cmpuint (block (fixture, i)->inode, ==, i);
      g_assert_cmpuint (counter (fixture, i, ATLAS_COUNTER_RSS), ==, (guint64)i << 10);
      g_assert_cmpstr (atlas_string_pool_get (fixture->pool, block (fixture, i)->path), ==,
                       expected);
    }

  /* Cancelled while it goes on; and what cannot be read is said. */
  reset (fixture);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_cancellable_cancel (cancellable);
  g_assert_cmpint (lseek (fd, 0, SEEK_SET), ==, 0);
  g_assert_false (
    atlas_smaps_reader_run (fd, fixture->parser, NULL, NULL, cancellable, &read_errno, &error));
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_CANCELLED);
  g_clear_error (&error);

  reset (fixture);
  atlas_autofd directory = open ("/", O_RDONLY);
  g_assert_true (
    atlas_smaps_reader_run (directory, fixture->parser, NULL, NULL, NULL, &read_errno, &error));
  g_assert_cmpint (read_errno, ==, EISDIR);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/smaps/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("pieces", test_pieces);
  ADD ("order", test_order);
  ADD ("damage", test_damage);
  ADD ("line-limit", test_line_limit);
  ADD ("reader", test_reader);
  return g_test_run ();
}
