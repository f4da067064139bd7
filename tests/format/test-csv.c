/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * CSV and text: the exact text of a small snapshot, quoting read back by a reader that follows
 * RFC 4180 and nothing else, and sums that add up.
 */

#include "config.h"

#include "fixture.h"

#include "core/column.h"
#include "format/exporters-private.h"
#include "util/text.h"

#include <string.h>

typedef gboolean (*Write) (AtlasHistory *history, guint index, GOutputStream *stream,
                           GCancellable *cancellable, GError **error);

static const char plain_csv[] =
  "\"Process:\",\"plain\"\n"
  "\"PID:\",\"7\"\n"
  "\n"
  "\"Type\",\"Size\",\"Committed\",\"Private\",\"Total WS\",\"Private WS\",\"Shareable WS\","
  "\"Shared WS\",\"Locked WS\",\"Blocks\",\"Largest\",\"PSS\",\"Swap\",\"SwapPSS\",\"Huge pages\","
  "\"Referenced\",\"Dirty\",\"LazyFree\",\"KSM\",\"NUMA\"\n"
  "\"Total\",24,16,16,8,8,,,,2,24,8,,,,8,8,,,\"0=4 1=8\"\n"
  "\"Image\",,,,,,,,,,,,,,,,,,,\n"
  "\"Private\",24,16,16,8,8,,,,2,24,8,,,,8,8,,,\"0=4 1=8\"\n"
  "\"Shareable\",,,,,,,,,,,,,,,,,,,\n"
  "\"Mapped File\",,,,,,,,,,,,,,,,,,,\n"
  "\"Heap\",,,,,,,,,,,,,,,,,,,\n"
  "\"Managed Heap\",,,,,,,,,,,,,,,,,,,\n"
  "\"Stack\",,,,,,,,,,,,,,,,,,,\n"
  "\"System\",,,,,,,,,,,,,,,,,,,\n"
  "\"Free\",4194280,,,,,,,,2,4194216,,,,,,,,,\n"
  "\n"
  "\"Address\",\"Type\",\"Size\",\"Committed\",\"Private\",\"Total WS\",\"Private WS\","
  "\"Shareable WS\",\"Shared WS\",\"Locked WS\",\"Blocks\",\"Protection\",\"Details\",\"PSS\","
  "\"Swap\",\"SwapPSS\",\"Huge pages\",\"Referenced\",\"Dirty\",\"LazyFree\",\"KSM\",\"NUMA\","
  "\"Reason\"\n"
  "\"00000000\",\"Free\",64,,,,,,,,,,,,,,,,,,,,\n"
  "\"00010000\",\"Private\",24,16,16,8,8,,,,2,\"Read/Write\",\"say \"\"hi\"\", twice\",8,,,,8,8,,,"
  "\"0=4 1=8\",\"for the test\"\n"
  "\"  00010000\",\"Private\",16,16,16,8,8,,,,,\"Read/Write\",,8,,,,8,8,,,\"0=4 1=8\",\n"
  "\"  00014000\",\"Private\",8,,,,,,,,,\"No Access\",\"guard\",,,,,,,,,,\n"
  "\"00016000\",\"Free\",4194216,,,,,,,,,,,,,,,,,,,,\n";

static char *
write_text (AtlasSnapshot *(*make) (AtlasStringPool *pool), Write write)
{
  g_autoptr (AtlasHistory) history = atlas_history_new ();
  g_autoptr (AtlasSnapshot) snapshot = make (atlas_history_get_pool (history));
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;

  atlas_history_add (history, snapshot);
  g_assert_true (write (history, 0, stream, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_output_stream_write_all (stream, "", 1, NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (stream, NULL, NULL));
  return g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (stream));
}

static AtlasSnapshot *
make_odd (AtlasStringPool *pool)
{
  return fixture_new (pool, 1);
}

static AtlasSnapshot *
make_large (AtlasStringPool *pool)
{
  return fixture_new_large (pool, 3000);
}

/* RFC 4180 with LF: (element-type GPtrArray of char*). */
static GPtrArray *
parse_csv (const char *text)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify)g_ptr_array_unref);
  GPtrArray *row = g_ptr_array_new_with_free_func (g_free);

  for (const char *at = text; *at != '\0';)
    {
      g_autoptr (GString) field = g_string_new (NULL);
      if (*at == '"')
        {
          for (at++; *at != '"' || at[1] == '"'; at++)
            {
              g_assert_cmpint (*at, !=, '\0');
              at += *at == '"';
              g_string_append_c (field, *at);
            }
          at++;
        }
      else
        for (; *at != ',' && *at != '\n'; at++)
          {
            g_assert_true (g_ascii_isdigit (*at));
            g_string_append_c (field, *at);
          }
      g_ptr_array_add (row, g_string_free (g_steal_pointer (&field), FALSE));
      g_assert_true (*at == ',' || *at == '\n');
      if (*at++ == '\n')
        {
          g_ptr_array_add (rows, row);
          row = g_ptr_array_new_with_free_func (g_free);
        }
    }
  g_assert_cmpuint (row->len, ==, 0);
  g_ptr_array_unref (row);
  return rows;
}

static const char *
field (GPtrArray *rows, guint row, guint column)
{
  GPtrArray *fields = rows->pdata[row];

  g_assert_cmpuint (column, <, fields->len);
  return fields->pdata[column];
}

/* The row whose first field is @text, from row @from on. */
static guint
find_row (GPtrArray *rows, guint from, const char *text)
{
  for (guint i = from; i < rows->len; i++)
    if (g_str_equal (field (rows, i, 0), text))
      return i;
  g_assert_not_reached ();
}

static guint64
number (const char *text)
{
  return g_ascii_strtoull (text, NULL, 10);
}

static void
test_exact (void)
{
  g_autofree char *text = write_text (fixture_new_plain, atlas_csv_write);

  g_assert_cmpstr (text, ==, plain_csv);
}

static void
test_quoting (void)
{
  g_autofree char *text = write_text (make_odd, atlas_csv_write);
  g_autoptr (GPtrArray) rows = parse_csv (text);
  guint details = find_row (rows, 0, "Address");

  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_null (strchr (text, '\r'));
  g_assert_cmpstr (field (rows, 0, 1), ==, "od\"d, name");
  guint file = find_row (rows, details, "0000000010000000");
  g_assert_cmpstr (field (rows, file, 12), ==, "/tmp/a \"b\"\\012c\\377\\303(deleted)");
  guint stack = find_row (rows, details, "00007FF000000000");
  g_assert_cmpstr (field (rows, stack, 12), ==, "Thread ID: 4242 (w\303\266rker)");
}

/* Every row of a table has the fields of its header. */
static void
test_widths (void)
{
  g_autofree char *text = write_text (make_odd, atlas_csv_write);
  g_autoptr (GPtrArray) rows = parse_csv (text);
  guint summary = find_row (rows, 0, "Type");
  guint details = find_row (rows, 0, "Address");
  guint notes = find_row (rows, details, "Note:");

  for (guint i = summary; i < notes; i++)
    {
      GPtrArray *row = rows->pdata[i];
      GPtrArray *header = rows->pdata[i < details ? summary : details];
      if (i == details - 1 || i == notes - 1)
        g_assert_cmpuint (row->len, ==, 1); /* the blank line between */
      else
        g_assert_cmpuint (row->len, ==, header->len);
    }
  g_assert_cmpstr (field (rows, details, ((GPtrArray *)rows->pdata[details])->len - 1), ==,
                   "Reason");
}

/* Unknown is an empty field with a note; what could not be read is named. */
static void
test_notes (void)
{
  g_autofree char *text = write_text (make_odd, atlas_csv_write);
  g_autoptr (GPtrArray) rows = parse_csv (text);
  guint notes = find_row (rows, 0, "Note:");
  guint total = find_row (rows, 0, "Total");
  gboolean pss = FALSE, smaps = FALSE;

  g_assert_cmpstr (field (rows, total, 11), ==, "");
  for (guint i = notes; i < rows->len; i++)
    {
      g_assert_cmpstr (field (rows, i, 0), ==, "Note:");
      pss |=
        g_str_equal (field (rows, i, 1), "PSS") && strstr (field (rows, i, 2), "unknown") != NULL;
      smaps |= g_str_equal (field (rows, i, 1), "smaps from 10000000") &&
               g_str_equal (field (rows, i, 2), "Permission \"denied\"\\012by the kernel");
    }
  g_assert_true (pss);
  g_assert_true (smaps);
}

/* Type by type, the regions of the details add up to the summary, and the blocks to the regions. */
static void
assert_sums (GPtrArray *rows, guint column, guint summary_column)
{
  guint summary = find_row (rows, 0, "Total");
  guint details = find_row (rows, 0, "Address");
  guint64 total = 0;

  for (guint type = ATLAS_TYPE_IMAGE; type <= ATLAS_TYPE_FREE; type++)
    {
      const char *name = atlas_type_get_info (type)->name;
      guint64 regions = 0, blocks = 0;
      for (guint i = details + 1;
           i < rows->len && field (rows, i, 0)[0] != 'N' && ((GPtrArray *)rows->pdata[i])->len > 1;
           i++)
        if (g_str_equal (field (rows, i, 1), name))
          *(field (rows, i, 0)[0] == ' ' ? &blocks : &regions) += number (field (rows, i, column));
      guint64 sum = number (field (rows, summary + type, summary_column));
      g_assert_cmpstr (field (rows, summary + type, 0), ==, name);
      g_assert_cmpuint (regions, ==, sum);
      if (type == ATLAS_TYPE_FREE)
        continue;
      g_assert_cmpuint (blocks, ==, sum);
      total += sum;
    }
  g_assert_cmpuint (total, ==, number (field (rows, summary, summary_column)));
}

static void
test_sums (void)
{
  g_autofree char *text = write_text (make_large, atlas_csv_write);
  g_autoptr (GPtrArray) rows = parse_csv (text);

  /* Size to Locked WS stand one column further to the right in the details, PSS and so on two. */
  for (guint column = 1; column <= 8; column++)
    assert_sums (rows, column + 1, column);
  for (guint column = 11; column <= 18; column++)
    assert_sums (rows, column + 2, column);
}

static void
test_text (void)
{
  g_autofree char *text = write_text (make_odd, atlas_txt_write);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  glong end = 0;

  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_nonnull (strstr (text, "od\"d, name (PID 4242)"));
  g_assert_nonnull (strstr (text, "2023-11-14 22:15:01 UTC"));
  g_assert_nonnull (strstr (text, "Linux 6.18.4"));
  g_assert_nonnull (strstr (text, "Memory Atlas " ATLAS_VERSION));
  g_assert_nonnull (strstr (text, "smaps from 10000000: Permission"));
  g_assert_nonnull (strstr (text, "Thread ID: 4242"));
  g_assert_nonnull (strstr (text, "holds the stack pointer"));
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_assert_false (g_str_has_suffix (lines[i], " "));
      /* The numbers of the details end where their titles do. */
      if (g_str_has_prefix (lines[i], "Address"))
        end = strstr (lines[i], " Size") + 5 - lines[i];
      else if (end > 0 && lines[i][0] != '\0')
        {
          g_assert_cmpint (g_utf8_strlen (lines[i], -1), >=, end);
          g_assert_true (g_ascii_isdigit (g_utf8_offset_to_pointer (lines[i], end - 1)[0]));
        }
    }
  g_assert_cmpint (end, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/csv/exact", test_exact);
  g_test_add_func ("/csv/quoting", test_quoting);
  g_test_add_func ("/csv/widths", test_widths);
  g_test_add_func ("/csv/notes", test_notes);
  g_test_add_func ("/csv/sums", test_sums);
  g_test_add_func ("/txt/header-and-columns", test_text);
  return g_test_run ();
}
