/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lines of maps: what the kernel writes, and what it never would.
 */

#include "config.h"

#include "scan/maps-line.h"

#include <string.h>

static gboolean
parse (const char *text, AtlasMapsLine *out_line)
{
  return atlas_maps_line_parse (text, text + strlen (text), out_line);
}

static void
test_file (void)
{
  AtlasMapsLine line;

  g_assert_true (parse ("55da3fd72000-55da3fd74000 r-xp 00002000 103:fffff 247134            "
                        "         /usr/bin/a b (deleted)",
                        &line));
  g_assert_cmphex (line.start, ==, 0x55da3fd72000);
  g_assert_cmphex (line.end, ==, 0x55da3fd74000);
  g_assert_cmphex (line.offset, ==, 0x2000);
  g_assert_cmphex (line.device, ==, 0x103fffff);
  g_assert_cmpuint (line.inode, ==, 247134);
  g_assert_cmpint (line.protection, ==, ATLAS_PROTECTION_READ | ATLAS_PROTECTION_EXECUTE);
  g_assert_cmpmem (line.path, line.path_length, "/usr/bin/a b (deleted)", 22);
}

static void
test_anonymous (void)
{
  AtlasMapsLine line;

  g_assert_true (parse ("7f0000000000-ffffffffffffffff rw-s 00000000 00:00 0 ", &line));
  g_assert_cmphex (line.end, ==, G_MAXUINT64);
  g_assert_cmpint (line.protection, ==,
                   ATLAS_PROTECTION_READ | ATLAS_PROTECTION_WRITE | ATLAS_PROTECTION_SHARED);
  g_assert_null (line.path);
  g_assert_true (parse ("0-1 ---p 0 0:0 18446744073709551615", &line));
  g_assert_cmpuint (line.inode, ==, G_MAXUINT64);
  g_assert_cmpint (line.protection, ==, 0);
}

static void
test_refused (void)
{
  static const char *const bad[] = {
    "",
    "Size:                  8 kB",
    "1000-2000",
    "1000-2000 rw-p",
    "1000-2000 rw-p 00000000 00:00",
    "1000-2000 rw-p 00000000 00:00 ",
    "1000-2000 rw-p 00000000 00:00 x",
    "1000-2000 rw-p 00000000 00:00 1x",
    "2000-1000 rw-p 00000000 00:00 0",
    "1000-1000 rw-p 00000000 00:00 0",
    "1000 2000 rw-p 00000000 00:00 0",
    "1000-2000 rw_p 00000000 00:00 0",
    "1000-2000 rw-q 00000000 00:00 0",
    "1000-2000 rw-pp 0000000 00:00 0",
    "1000-10000000000000000 rw-p 0 00:00 0",
    "1000-2000 rw-p 0 1000:00 0",
    "1000-2000 rw-p 0 00:100000 0",
    "1000-2000 rw-p 0 00:00 18446744073709551616",
    "-2000 rw-p 00000000 00:00 0",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      AtlasMapsLine line = { .inode = 42 };
      if (parse (bad[i], &line))
        g_error ("accepted: %s", bad[i]);
      g_assert_cmpuint (line.inode, ==, 42);
    }
}

/* No prefix of a good line may be read beyond its end: the copies have no byte to spare. */
static void
test_prefixes (void)
{
  static const char whole[] = "7f0000000000-7f0000001000 rw-p 00001000 08:01 1234   /a";

  for (gsize n = 1; n <= sizeof whole - 1; n++)
    {
      g_autofree char *copy = g_memdup2 (whole, n);
      AtlasMapsLine line;
      gboolean good = atlas_maps_line_parse (copy, copy + n, &line);
      g_assert_cmpint (good, ==, n >= strlen ("7f0000000000-7f0000001000 rw-p 00001000 08:01 1"));
    }
}

static void
test_paths (void)
{
  static const struct
  {
    const char *escaped, *plain;
  } cases[] = {
    { "/tmp/a\\012b\\012", "/tmp/a\nb\n" },
    { "/tmp/a\\040b\\\\012", "/tmp/a\\040b\\\n" },
    { "\\01", "\\01" },
    { "/tmp/caf\xe9", "/tmp/caf\xe9" },
  };
  g_autoptr (AtlasStringPool) pool = atlas_string_pool_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      AtlasStringId id = atlas_maps_path_intern (pool, cases[i].escaped, strlen (cases[i].escaped));
      g_assert_cmpstr (atlas_string_pool_get (pool, id), ==, cases[i].plain);
    }
  g_assert_cmpuint (atlas_maps_path_intern (pool, "a\0b", 3), ==,
                    atlas_string_pool_intern (pool, "a", -1));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/maps-line/file", test_file);
  g_test_add_func ("/maps-line/anonymous", test_anonymous);
  g_test_add_func ("/maps-line/refused", test_refused);
  g_test_add_func ("/maps-line/prefixes", test_prefixes);
  g_test_add_func ("/maps-line/paths", test_paths);
  return g_test_run ();
}
