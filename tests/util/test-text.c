/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Addresses, amounts and foreign bytes as text.
 */

#include "config.h"

#include "util/text.h"

#include <glib.h>
#include <locale.h>
#include <string.h>

static void
test_address_to_text (void)
{
  char out[ATLAS_ADDRESS_TEXT_SIZE];

  g_assert_cmpstr (atlas_address_to_text (0, 64, out), ==, "0000000000000000");
  g_assert_cmpstr (atlas_address_to_text (0x7ffe12345abc, 64, out), ==, "00007FFE12345ABC");
  g_assert_cmpstr (atlas_address_to_text (G_MAXUINT64, 64, out), ==, "FFFFFFFFFFFFFFFF");
  g_assert_cmpstr (atlas_address_to_text (0x8048000, 32, out), ==, "08048000");
  g_assert_cmpstr (atlas_address_to_text (G_MAXUINT32, 32, out), ==, "FFFFFFFF");
  /* An address that 8 digits cannot hold is not cut off. */
  g_assert_cmpstr (atlas_address_to_text (0x100000000, 32, out), ==, "0000000100000000");
}

static void
test_address_from_text (void)
{
  static const struct
  {
    const char *text;
    guint64 address;
  } good[] = {
    { "0", 0 },
    { "7ffe12345abc", 0x7ffe12345abc },
    { "0x7FFE12345ABC", 0x7ffe12345abc },
    { "  0X10\t", 0x10 },
    { "00007ffe`12345abc", 0x7ffe12345abc },
    { "7ffe_1234_5abc", 0x7ffe12345abc },
    { "ffffffffffffffff", G_MAXUINT64 },
    { "0000000000000000000000001", 1 },
  };
  static const char *const bad[] = {
    "", " ", "0x", "x10", "10h", "1 2", "-1", "+1", "g", "10000000000000000", "`", "0x0x1",
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      guint64 address = 12345;
      g_test_message ("%s", good[i].text);
      g_assert_true (atlas_address_from_text (good[i].text, &address));
      g_assert_cmphex (address, ==, good[i].address);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      guint64 address = 12345;
      g_test_message ("“%s”", bad[i]);
      g_assert_false (atlas_address_from_text (bad[i], &address));
      g_assert_cmpuint (address, ==, 12345);
    }
}

static void
test_address_round_trip (void)
{
  for (guint i = 0; i < 64; i++)
    for (gint step = -1; step <= 1; step++)
      {
        guint64 address = (G_GUINT64_CONSTANT (1) << i) + (guint64)step;
        char out[ATLAS_ADDRESS_TEXT_SIZE];
        guint64 back;
        g_assert_true (atlas_address_from_text (atlas_address_to_text (address, 64, out), &back));
        g_assert_cmphex (back, ==, address);
      }
}

static void
test_integer (void)
{
  static const guint64 values[] = { 0,   1,    9,           10,          99,
                                    100, 1024, G_MAXUINT32, G_MAXUINT64, 1000000000000 };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      char out[ATLAS_INTEGER_TEXT_SIZE];
      g_autofree char *expected = g_strdup_printf ("%" G_GUINT64_FORMAT, values[i]);
      g_assert_cmpuint (atlas_integer_to_text (values[i], out), ==, strlen (expected));
      g_assert_cmpstr (out, ==, expected);
    }
}

static void
check_size (guint64 bytes, AtlasUnit unit, const char *expected)
{
  g_autofree char *text = atlas_size_dup_text (bytes, unit);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_size_kib (void)
{
  check_size (0, ATLAS_UNIT_KIB, "0 K");
  check_size (1, ATLAS_UNIT_KIB, "1 K");
  check_size (1024, ATLAS_UNIT_KIB, "1 K");
  check_size (1025, ATLAS_UNIT_KIB, "2 K");
  check_size (999 * 1024, ATLAS_UNIT_KIB, "999 K");
  check_size (G_MAXUINT64, ATLAS_UNIT_KIB, "18014398509481984 K");
}

static void
test_size_auto (void)
{
  check_size (0, ATLAS_UNIT_AUTO, "0 B");
  check_size (999, ATLAS_UNIT_AUTO, "999 B");
  check_size (1000, ATLAS_UNIT_AUTO, "0.98 KiB");
  check_size (1024, ATLAS_UNIT_AUTO, "1.00 KiB");
  check_size (10 * 1024, ATLAS_UNIT_AUTO, "10.0 KiB");
  check_size (100 * 1024, ATLAS_UNIT_AUTO, "100 KiB");
  check_size (999 * 1024 + 511, ATLAS_UNIT_AUTO, "999 KiB");
  check_size (1023 * 1024, ATLAS_UNIT_AUTO, "1.00 MiB");
  check_size (G_GUINT64_CONSTANT (16) << 40, ATLAS_UNIT_AUTO, "16.0 TiB");
  check_size (G_MAXUINT64, ATLAS_UNIT_AUTO, "16.0 EiB");
}

/* Three digits at every size: the text never grows beyond what the columns have room for. */
static void
test_size_auto_length (void)
{
  for (guint64 bytes = 1; bytes < G_MAXUINT64 / 3; bytes += bytes / 7 + 1)
    {
      g_autofree char *text = atlas_size_dup_text (bytes, ATLAS_UNIT_AUTO);
      guint digits = 0;
      for (const char *at = text; *at != ' '; at++)
        digits += g_ascii_isdigit (*at) ? 1 : 0;
      g_assert_cmpuint (digits, <=, 3);
      g_assert_true (bytes < 1000 || digits == 3);
    }
}

static void
test_size_from_text (void)
{
  static const struct
  {
    const char *text;
    guint64 bytes;
  } good[] = {
    { "0", 0 },
    { "64", 64 },
    { "64K", 65536 },
    { "64 k", 65536 },
    { "64KiB", 65536 },
    { "64kb", 65536 },
    { "1.5 MiB", 1536 * 1024 },
    { "2G", G_GUINT64_CONSTANT (2) << 30 },
    { "2 tib", G_GUINT64_CONSTANT (2) << 40 },
    { "15E", G_GUINT64_CONSTANT (15) << 60 },
    { "12 B", 12 },
  };
  static const char *const bad[] = {
    "", "K", "-1", "-1K", "1X", "1 K B", "1KK", "nan", "inf", "1e30", "16E", "64 K x",
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      guint64 bytes = 12345;
      g_test_message ("%s", good[i].text);
      g_assert_true (atlas_size_from_text (good[i].text, &bytes));
      g_assert_cmpuint (bytes, ==, good[i].bytes);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      guint64 bytes = 12345;
      g_test_message ("“%s”", bad[i]);
      g_assert_false (atlas_size_from_text (bad[i], &bytes));
      g_assert_cmpuint (bytes, ==, 12345);
    }
}

static void
test_display (void)
{
  static const struct
  {
    const char *bytes;
    const char *text;
  } rows[] = {
    { "", "" },
    { "/usr/bin/plain name", "/usr/bin/plain name" },
    { "Grüße 漢字", "Grüße 漢字" },
    { "two\nlines", "two\\012lines" },
    { "\x1b[31mred", "\\033[31mred" },
    { "bad\xff\xfe", "bad\\377\\376" },
    { "cut \xe6\xbc", "cut \\346\\274" },
    { "c1\xc2\x85"
      "end",
      "c1\\302\\205end" },
    { "\x7f", "\\177" },
    { "half \xf0\x9f\x98 ok", "half \\360\\237\\230 ok" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = atlas_bytes_dup_display (rows[i].bytes);
      g_assert_cmpstr (text, ==, rows[i].text);
      g_assert_true (g_utf8_validate (text, -1, NULL));
    }
}

/* Every pair of bytes gives one line of valid UTF-8. */
static void
test_display_every_byte (void)
{
  for (guint first = 1; first < 256; first++)
    for (guint second = 0; second < 256; second++)
      {
        char bytes[] = { (char)first, (char)second, 'x', '\0' };
        g_autofree char *text = atlas_bytes_dup_display (bytes);
        g_assert_true (g_utf8_validate (text, -1, NULL));
        for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
          g_assert_false (g_unichar_iscntrl (g_utf8_get_char (at)));
      }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text/address/to", test_address_to_text);
  g_test_add_func ("/text/address/from", test_address_from_text);
  g_test_add_func ("/text/address/round-trip", test_address_round_trip);
  g_test_add_func ("/text/integer", test_integer);
  g_test_add_func ("/text/size/kib", test_size_kib);
  g_test_add_func ("/text/size/auto", test_size_auto);
  g_test_add_func ("/text/size/auto-length", test_size_auto_length);
  g_test_add_func ("/text/size/from", test_size_from_text);
  g_test_add_func ("/text/display", test_display);
  g_test_add_func ("/text/display/every-byte", test_display_every_byte);
  return g_test_run ();
}
