/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * .mmp: what is saved and opened again is equal; torn, damaged, hostile and newer files are met
 * with what was whole or with an error, never with a crash.
 */

#include "config.h"

#include "fixture.h"

#include "format/exporters-private.h"
#include "format/format.h"
#include "format/mmp-private.h"
#include "util/error.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("mematlas-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "test.mmp", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_unlink (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->path);
  g_free (fixture->folder);
}

/* The bytes of the .mmp file of @history. */
static GBytes *
save_bytes (AtlasHistory *history)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;

  g_assert_true (atlas_mmp_write (history, 0, stream, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_output_stream_close (stream, NULL, NULL));
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (stream));
}

static AtlasHistory *
load_data (const void *data, gsize length, AtlasLoadResult *result, GError **error)
{
  g_autoptr (GInputStream) stream =
    g_memory_input_stream_new_from_data (data, (gssize)length, NULL);

  return atlas_mmp_load_stream (stream, "test.mmp", NULL, result, error);
}

static AtlasHistory *
load_text (const char *text, AtlasLoadResult *result, GError **error)
{
  return load_data (text, strlen (text), result, error);
}

/* The records of @bytes as text. */
static char *
unpack (GBytes *bytes)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr (AtlasMmpInput) input = atlas_mmp_input_new (stream, NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  char piece[4096];
  gsize length;

  while (atlas_mmp_input_read (input, piece, sizeof piece, &length, NULL) == ATLAS_MMP_INPUT_DATA)
    g_string_append_len (text, piece, (gssize)length);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static GBytes *
pack_text (const char *text)
{
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GZlibCompressor) gzip = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9);
  g_autoptr (GOutputStream) stream = g_converter_output_stream_new (memory, G_CONVERTER (gzip));

  g_assert_true (g_output_stream_write_all (stream, text, strlen (text), NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (stream, NULL, NULL));
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

/* Replaces the one place of @from in @text. */
static char *
replace (const char *text, const char *from, const char *to)
{
  const char *at = strstr (text, from);

  g_assert_nonnull (at);
  return g_strdup_printf ("%.*s%s%s", (int)(at - text), text, to, at + strlen (from));
}

static void
assert_equal_prefix (AtlasHistory *whole, AtlasHistory *part)
{
  g_assert_cmpuint (atlas_history_get_length (part), <=, atlas_history_get_length (whole));
  for (guint i = 0; i < atlas_history_get_length (part); i++)
    fixture_assert_same (atlas_history_get (whole, i), atlas_history_get (part, i));
}

static void
test_round_trip (void)
{
  for (guint n = 1; n <= 70; n += 23)
    {
      g_autoptr (AtlasHistory) history = fixture_new_history (n);
      g_autoptr (GBytes) bytes = save_bytes (history);
      g_autoptr (GError) error = NULL;
      g_auto (AtlasLoadResult) result = { FALSE, NULL };
      g_autoptr (AtlasHistory) loaded =
        load_data (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &result, &error);

      g_assert_no_error (error);
      g_assert_false (result.truncated);
      g_assert_null (result.message);
      fixture_assert_same_history (history, loaded);

      /* Saved again it gives the same bytes: nothing is lost or made up on the way. */
      g_autoptr (GBytes) again = save_bytes (loaded);
      g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                       g_bytes_get_data (again, NULL), g_bytes_get_size (again));
    }
}

static void
test_round_trip_plain (void)
{
  g_autoptr (AtlasHistory) history = atlas_history_new ();
  g_autoptr (AtlasSnapshot) plain = fixture_new_plain (atlas_history_get_pool (history));
  g_autoptr (AtlasSnapshot) large = fixture_new_large (atlas_history_get_pool (history), 5000);
  g_autoptr (GError) error = NULL;

  atlas_history_add (history, plain);
  atlas_history_add (history, large);
  g_autoptr (GBytes) bytes = save_bytes (history);
  g_autoptr (AtlasHistory) loaded =
    load_data (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL, &error);
  g_assert_no_error (error);
  fixture_assert_same_history (history, loaded);
}

/* Every character that JSON or a reader of it might stumble over, as a path. */
static void
test_bytes (void)
{
  static const char *const texts[] = { "\x01\x02\x1f\x7f",
                                       "\"\\/\b\f\n\r\t",
                                       "\xef\xbf\xbe\xef\xbf\xbf",
                                       "\xf4\x8f\xbf\xbf",
                                       "\xc2\x80\xe2\x80\xa8\xe2\x80\xa9",
                                       "\xff",
                                       "\xed\xa0\x80",
                                       "\xc0\x80",
                                       "{\"base64\":\"\"}",
                                       " ",
                                       "=1",
                                       "-1",
                                       "\\u0041",
                                       "\xef\xbb\xbf" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (JsonNode) node = atlas_mmp_bytes_to_node (texts[i]);
      g_autofree char *line = json_to_string (node, FALSE);
      g_autoptr (JsonNode) read = json_from_string (line, NULL);
      g_autofree char *back = NULL;

      g_assert_null (strchr (line, '\n'));
      g_assert_true (atlas_mmp_bytes_from_node (read, &back));
      g_assert_cmpstr (back, ==, texts[i]);
    }
}

static void
test_integers (void)
{
  const guint64 values[] = {
    0, 1, G_MAXINT64, (guint64)G_MAXINT64 + 1, G_MAXUINT64 - 1, ATLAS_UNKNOWN
  };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (JsonNode) node = atlas_mmp_integer_to_node (values[i]);
      g_autofree char *line = json_to_string (node, FALSE);
      g_autoptr (JsonNode) read = json_from_string (line, NULL);
      guint64 back;

      g_assert_true (atlas_mmp_integer_from_node (read, &back));
      g_assert_cmpuint (back, ==, values[i]);
    }
}

/* A second snapshot that differs little costs little. */
static void
test_changes_are_small (void)
{
  g_autoptr (AtlasHistory) history = atlas_history_new ();

  for (guint i = 0; i < 10; i++)
    {
      g_autoptr (AtlasSnapshot) snapshot =
        fixture_new_large (atlas_history_get_pool (history), 3000 + i);
      atlas_history_add (history, snapshot);
    }
  g_autoptr (GBytes) bytes = save_bytes (history);
  g_autoptr (AtlasHistory) one = atlas_history_new ();
  g_autoptr (AtlasSnapshot) first = fixture_new_large (atlas_history_get_pool (one), 3000);
  atlas_history_add (one, first);
  g_autoptr (GBytes) first_bytes = save_bytes (one);
  g_autofree char *text = unpack (bytes);
  g_autofree char *first_text = unpack (first_bytes);

  g_assert_cmpuint (strlen (text), <, strlen (first_text) + 10 * 5000);
  g_autoptr (AtlasHistory) loaded =
    load_data (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL, NULL);
  fixture_assert_same_history (history, loaded);
}

/* Cut at every byte: the snapshots that were whole, or an error. */
static void
test_truncated (void)
{
  g_autoptr (AtlasHistory) history = fixture_new_history (3);
  g_autoptr (GBytes) bytes = save_bytes (history);
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  for (gsize length = 0; length < size; length++)
    {
      g_auto (AtlasLoadResult) result = { FALSE, NULL };
      g_autoptr (GError) error = NULL;
      g_autoptr (AtlasHistory) loaded = load_data (data, length, &result, &error);

      if (loaded == NULL)
        {
          g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT);
          continue;
        }
      g_assert_true (result.truncated);
      g_assert_nonnull (result.message);
      assert_equal_prefix (history, loaded);
    }
}

/* The same of the records themselves: which ones are whole is known exactly. */
static void
test_truncated_text (void)
{
  g_autoptr (AtlasHistory) history = fixture_new_history (3);
  g_autoptr (GBytes) bytes = save_bytes (history);
  g_autofree char *text = unpack (bytes);
  gsize size = strlen (text);

  for (gsize length = 1; length <= size;
       length += text[length - 1] == '\n' || length % 64 == 0 ? 1 : 5)
    {
      guint whole = 0;
      g_autofree char *part = g_strndup (text, length);
      for (char *end = part; (end = strstr (end, "{\"record\":\"end\"")) != NULL; whole++)
        if ((end = strchr (end, '\n')) == NULL)
          break;
      g_auto (AtlasLoadResult) result = { FALSE, NULL };
      g_autoptr (GError) error = NULL;
      g_autoptr (AtlasHistory) loaded = load_text (part, &result, &error);

      if (whole == 0)
        {
          g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpuint (atlas_history_get_length (loaded), ==, whole);
      assert_equal_prefix (history, loaded);
    }
}

/* Every byte changed in turn: what opens as whole is what was saved. */
static void
test_damaged (void)
{
  g_autoptr (AtlasHistory) history = fixture_new_history (2);
  g_autoptr (GBytes) bytes = save_bytes (history);
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  g_autofree char *copy = g_memdup2 (data, size);

  for (gsize i = 0; i < size; i++)
    for (guint bit = 0; bit < 8; bit += 5)
      {
        g_auto (AtlasLoadResult) result = { FALSE, NULL };
        g_autoptr (GError) error = NULL;
        copy[i] = (char)(data[i] ^ (1 << bit));
        g_autoptr (AtlasHistory) loaded = load_data (copy, size, &result, &error);
        copy[i] = data[i];
        if (loaded == NULL)
          g_assert_true (error->domain == ATLAS_ERROR &&
                         g_str_has_prefix (error->message, "test.mmp: "));
        else
          assert_equal_prefix (history, loaded);
      }
}

/* Without the syncing of g_file_set_contents(), which is slow thousands of times. */
static void
write_file (const char *path, const char *mode, const char *data, gsize length)
{
  FILE *file = fopen (path, mode);

  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (data, 1, length, file), ==, length);
  g_assert_cmpint (fclose (file), ==, 0);
}

static void
save_first (Fixture *fixture, guint n)
{
  g_autoptr (AtlasHistory) cut = fixture_new_history (n);
  g_autoptr (GError) error = NULL;

  g_assert_true (
    atlas_format_save (atlas_format_from_key ("mmp"), cut, 0, fixture->path, NULL, &error));
  g_assert_no_error (error);
}

static void
test_append (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AtlasHistory) history = fixture_new_history (6);
  g_autoptr (GError) error = NULL;

  g_autoptr (AtlasHistory) shorter = fixture_new_history (5);

  save_first (fixture, 2);
  g_assert_true (atlas_mmp_append (shorter, 2, fixture->path, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (atlas_mmp_append (history, 5, fixture->path, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (atlas_mmp_append (history, 6, fixture->path, NULL, &error));

  g_auto (AtlasLoadResult) result = { FALSE, NULL };
  g_autoptr (AtlasHistory) loaded =
    atlas_mmp_load (fixture->path, NULL, NULL, NULL, &result, &error);
  g_assert_no_error (error);
  g_assert_false (result.truncated);
  fixture_assert_same_history (history, loaded);
}

/* A kill in the middle of an append costs what was being appended, and the next append nothing. */
static void
test_append_torn (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AtlasHistory) history = fixture_new_history (4);
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL;
  g_autofree char *both = NULL;
  gsize first_length, both_length;

  save_first (fixture, 2);
  g_assert_true (g_file_get_contents (fixture->path, &first, &first_length, NULL));
  g_assert_true (atlas_mmp_append (history, 2, fixture->path, NULL, &error));
  g_assert_true (g_file_get_contents (fixture->path, &both, &both_length, NULL));

  for (gsize cut = first_length + 1; cut < both_length; cut++)
    {
      g_auto (AtlasLoadResult) result = { FALSE, NULL };
      write_file (fixture->path, "wb", both, cut);
      g_autoptr (AtlasHistory) loaded =
        atlas_mmp_load (fixture->path, NULL, NULL, NULL, &result, &error);
      g_assert_no_error (error);
      g_assert_true (result.truncated);
      guint n = atlas_history_get_length (loaded);
      g_assert_cmpuint (n, >=, 2);
      assert_equal_prefix (history, loaded);

      /* On with the session: what follows is appended behind the torn part. */
      if ((cut % 67 != 0 && cut - first_length > 20) || n == 4)
        continue;
      g_assert_true (atlas_mmp_append (history, n, fixture->path, NULL, &error));
      g_assert_no_error (error);
      g_auto (AtlasLoadResult) second_result = { FALSE, NULL };
      g_autoptr (AtlasHistory) again =
        atlas_mmp_load (fixture->path, NULL, NULL, NULL, &second_result, &error);
      g_assert_no_error (error);
      g_assert_true (second_result.truncated);
      fixture_assert_same_history (history, again);
    }
}

/* A power cut may leave zeros where data was to be. */
static void
test_append_zeros (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AtlasHistory) history = fixture_new_history (3);
  g_autoptr (GError) error = NULL;
  static const char zeros[40000];
  g_autofree char *both = NULL;
  gsize first_length, both_length;

  save_first (fixture, 2);
  g_assert_true (g_file_get_contents (fixture->path, &both, &first_length, NULL));
  g_clear_pointer (&both, g_free);
  g_assert_true (atlas_mmp_append (history, 2, fixture->path, NULL, &error));
  g_assert_true (g_file_get_contents (fixture->path, &both, &both_length, NULL));
  for (gsize cut = first_length; cut < both_length; cut += 37)
    {
      g_auto (AtlasLoadResult) result = { FALSE, NULL };
      write_file (fixture->path, "wb", both, cut);
      write_file (fixture->path, "ab", zeros, sizeof zeros);
      g_autoptr (AtlasHistory) loaded =
        atlas_mmp_load (fixture->path, NULL, NULL, NULL, &result, &error);
      g_assert_no_error (error);
      g_assert_true (result.truncated);
      g_assert_cmpuint (atlas_history_get_length (loaded), >=, 2);
      assert_equal_prefix (history, loaded);
    }
}

static void
test_append_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AtlasHistory) history = fixture_new_history (2);
  g_autoptr (GError) error = NULL;

  g_assert_false (atlas_mmp_append (history, 1, fixture->path, NULL, &error));
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (fixture->path, "precious text", -1, NULL));
  g_assert_false (atlas_mmp_append (history, 1, fixture->path, NULL, &error));
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (fixture->path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "precious text");
}

/* An append that fails leaves the file as it was. */
static void
test_append_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AtlasHistory) history = fixture_new_history (4);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize before_length, after_length;

  save_first (fixture, 2);
  g_assert_true (g_file_get_contents (fixture->path, &before, &before_length, NULL));
  g_cancellable_cancel (cancellable);
  g_assert_false (atlas_mmp_append (history, 2, fixture->path, cancellable, &error));
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_CANCELLED);
  g_assert_true (g_file_get_contents (fixture->path, &after, &after_length, NULL));
  g_assert_cmpmem (before, before_length, after, after_length);
}

static void
test_version (void)
{
  static const char newer[] =
    "{\"record\":\"header\",\"format\":\"mematlas-snapshots\",\"version\":"
    "\"2.0\",\"generator\":\"mematlas 9.9.9\"}\n";
  static const char minor[] =
    "{\"record\":\"header\",\"format\":\"mematlas-snapshots\",\"version\":"
    "\"1.7\"}\n";
  static const char none[] = "{\"record\":\"header\",\"format\":\"mematlas-snapshots\"}\n";
  static const char other[] = "{\"record\":\"header\",\"format\":\"cake\",\"version\":\"1.0\"}\n";
  g_autoptr (GError) error = NULL;

  g_assert_null (load_text (newer, NULL, &error));
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_VERSION);
  g_assert_nonnull (strstr (error->message, "mematlas 9.9.9"));
  g_assert_nonnull (strstr (error->message, "2.0"));
  g_assert_nonnull (strstr (error->message, "newer Memory Atlas"));
  g_assert_nonnull (strstr (error->message, "test.mmp"));
  g_clear_error (&error);
  g_assert_null (load_text (minor, NULL, &error));
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT); /* no snapshot, but no refusal */
  g_assert_nonnull (strstr (error->message, "no snapshot"));
  g_clear_error (&error);
  g_assert_null (load_text (none, NULL, &error));
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT);
  g_clear_error (&error);
  g_assert_null (load_text (other, NULL, &error));
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT);
}

/* What a newer program adds within the version does no harm and is there after a save. */
static void
test_foreign (void)
{
  g_autoptr (AtlasHistory) history = fixture_new_history (2);
  g_autoptr (GBytes) bytes = save_bytes (history);
  g_autofree char *text = unpack (bytes);
  g_autofree char *a =
    replace (text, "\"counters\":{", "\"station\":{\"name\":\"Mir\"},\"counters\":{\"?\":\"New\",");
  g_autofree char *b =
    replace (a, "{\"record\":\"snapshot\"",
             "{\"record\":\"note\",\"text\":\"h\303\266\"}\n{\"record\":\"snapshot\","
             "\"mood\":[1,{}]");
  g_autofree char *c =
    replace (b, "{\"record\":\"regions\"",
             "{\"record\":\"call-tree\",\"nodes\":[1,2]}\n{\"record\":\"regions\"");
  g_autofree char *d = replace (c, " s12 t1 R8", " s12 t1 y99 R8");
  g_autofree char *e = replace (d, "\"process\":{", "\"process\":{\"shoe_size\":44,");
  g_autofree char *f = replace (e, "2 image d", "2 image x1 d");
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasHistory) loaded = load_text (f, NULL, &error);

  g_assert_no_error (error);
  fixture_assert_same_history (history, loaded);
  g_autoptr (GBytes) saved = save_bytes (loaded);
  g_autofree char *again = unpack (saved);
  g_assert_nonnull (strstr (again, "\"station\":{\"name\":\"Mir\"}"));
  g_assert_nonnull (strstr (again, "{\"record\":\"note\",\"text\":\"h\303\266\"}\n"));
  g_assert_nonnull (strstr (again, "{\"record\":\"call-tree\",\"nodes\":[1,2]}\n"));

  /* Not lost or doubled the second time either. */
  g_autoptr (AtlasHistory) third = load_text (again, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (GBytes) third_bytes = save_bytes (third);
  g_autofree char *third_text = unpack (third_bytes);
  g_assert_cmpstr (again, ==, third_text);
}

/* Records that must be refused, with the line they stand in. */
static void
test_bad_records (void)
{
  static const struct
  {
    const char *from, *to;
  } cases[] = {
    { "{\"record\":\"snapshot\"", "{\"record\":\"snapshot\",}" },
    { "{\"record\":\"snapshot\"", "[{\"record\":\"snapshot\"" },
    { "\"record\":\"threads\"", "\"recor\":\"threads\"" },
    { "\"record\":\"threads\"", "\"record\":7" },
    { "\"record\":\"blocks\"", "\"record\":\"snapshot\"" },
    { "\"time\":1700000100654321", "\"time\":\"noon\"" },
    { "\"time\":1700000100654321", "\"time\":1e300" },
    { "\"pid\":4242", "\"pid\":99999999999" },
    { "\"pid\":4242", "\"pid\":null" },
    { "\"uid\":1000", "\"uid\":-1" },
    { "\"tid\":4242", "\"tid\":-4" },
    { "\"first\":1,", "\"first\":2," },
    { "\"first\":1,", "\"first\":9223372036854775807," },
    { "\"base64\":\"L3", "\"base46\":\"L3" },
    { "400000 2000 r-xp p1", "400000 2000 r-xp p0" },
    { "400000 2000 r-xp p1", "400000 2000 r-xp p4000000000" },
    { "400000 2000 r-xp p1", "400000 0 r-xp p1" },
    { "400000 2000 r-xp p1", "ffffffffffffffff 2 r-xp p1" },
    { "400000 2000 r-xp p1", "40000000000000000 2000 r-xp p1" },
    { "400000 2000 r-xp p1", "402000 2000 r-xp p1" },
    { "400000 2000 r-xp p1", "400000 2000 rwx  p1" },
    { "400000 2000 r-xp p1", "400000 2000 r-xp  p1" },
    { "400000 2000 r-xp p1", "400000 2000" },
    { "400000 2000 r-xp p1", "=3" },
    { " R8 ", " R " },
    { " R8 ", " R99999999999999999999 " },
    { " R8 ", " R18014398509481984 " },
    { " R8 ", " R8k " },
    { " s12 ", " s64 " },
    { "2 image", "2 total" },
    { "2 image", "2 free" },
    { "2 image", "2 cake" },
    { "2 image", "0 image" },
    { "2 image", "3 image" },
    { "2 image", "4294967295 image" },
    { "2 image", "4294967296 image" },
    { "2 image d1 r", "2 image d1 x" },
    { "\"blocks\":9,\"regions\":7,\"totals\"", "\"blocks\":8,\"regions\":7,\"totals\"" },
    { "\"blocks\":9,\"regions\":7,\"totals\"", "\"blocks\":9,\"regions\":8,\"totals\"" },
    { "\"blocks\":9,\"regions\":7},\"process\"", "\"blocks\":8,\"regions\":7},\"process\"" },
    { "\"=2\\n", "\"=3000000000\\n" },
    { "\"=2\\n", "\"=200000000000\\n" },
    { "\"=2\\n", "\"-9\\n=1\\n" },
  };
  g_autoptr (AtlasHistory) history = fixture_new_history (2);
  g_autoptr (GBytes) bytes = save_bytes (history);
  g_autofree char *text = unpack (bytes);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *bad = replace (text, cases[i].from, cases[i].to);
      g_autoptr (GError) error = NULL;
      g_autoptr (AtlasHistory) loaded = load_text (bad, NULL, &error);

      g_test_message ("%s: %s", cases[i].to, error != NULL ? error->message : "opened");
      g_assert_null (loaded);
      g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT);
      g_assert_true (g_str_has_prefix (error->message, "test.mmp: line "));
    }
}

static void
test_no_file_of_ours (Fixture *fixture, gconstpointer data)
{
  static const char *const contents[] = { "",     "Process: x\n",           "\x1f\x8b", "\x1f", "{",
                                          "{}\n", "{\"record\":\"end\"}\n", "\177ELF" };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_assert_null (load_text (contents[i], NULL, &error));
      g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT);
      g_clear_error (&error);
    }
  g_assert_null (atlas_mmp_load (fixture->path, NULL, NULL, NULL, NULL, &error));
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (atlas_mmp_load (fixture->folder, NULL, NULL, NULL, NULL, &error));
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_IO);
}

/* The file of @prefix and then @n times @filler. */
static void
assert_bomb_refused (const char *prefix, const char *filler, gsize n, gboolean lines)
{
  g_autoptr (GString) text = g_string_new (prefix);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < n; i++)
    {
      g_string_append (text, filler);
      if (lines)
        g_string_append_c (text, '\n');
    }
  g_string_append_c (text, '\n');
  g_autoptr (GBytes) bytes = pack_text (text->str);
  g_assert_null (
    load_data (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL, &error));
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_LIMIT);
}

#define HEADER "{\"record\":\"header\",\"format\":\"mematlas-snapshots\",\"version\":\"1.0\"}\n"

static void
test_bombs (void)
{
  g_autofree char *blanks = g_strnfill (1 << 20, ' ');
  g_autofree char *empty_lines = g_strnfill (1 << 20, '\n');

  assert_bomb_refused (HEADER, blanks, 10, FALSE);      /* one endless line */
  assert_bomb_refused (HEADER, empty_lines, 80, FALSE); /* endless lines: the ratio */
  assert_bomb_refused (HEADER "{\"record\":\"x\",\"a\":", "[", 100000, FALSE);
  assert_bomb_refused (HEADER, "{\"record\":\"x\"}", 400000, TRUE);
  assert_bomb_refused (HEADER "{\"record\":\"x\",\"a\":[", "0,", 300000, FALSE);
}

/* A few bytes a snapshot, a megabyte each in memory. */
static void
test_bomb_of_changes (void)
{
  static const char *const lines[] = {
    ("{\"record\":\"snapshot\",\"time\":0,\"duration\":0,\"process\":{},\"changes_from\":"
     "{\"time\":0,\"blocks\":6000,\"regions\":6000}}"),
    "{\"record\":\"blocks\",\"rows\":[\"=6000\"]}", "{\"record\":\"regions\",\"rows\":[\"=6000\"]}",
    "{\"record\":\"end\",\"blocks\":6000,\"regions\":6000}"
  };
  g_autoptr (AtlasHistory) history = atlas_history_new ();
  g_autoptr (AtlasSnapshot) large = fixture_new_large (atlas_history_get_pool (history), 6000);
  g_autoptr (AtlasMmpReader) reader = atlas_mmp_reader_new ();
  g_autoptr (GError) error = NULL;
  guint taken = 0;

  atlas_mmp_reader_set_max_memory (reader, 20 << 20);
  atlas_history_add (history, large);
  g_autoptr (GBytes) bytes = save_bytes (history);
  g_autofree char *text = unpack (bytes);
  g_auto (GStrv) first = g_strsplit (text, "\n", -1);
  for (guint i = 0; first[i] != NULL; i++)
    g_assert_true (atlas_mmp_reader_take_line (reader, first[i], strlen (first[i]), &error));
  while (taken < 1000 &&
         atlas_mmp_reader_take_line (reader, lines[taken % 4], strlen (lines[taken % 4]), &error))
    taken++;
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_LIMIT);
  g_assert_cmpuint (taken, >, 4 * 4);
  g_assert_cmpuint (taken, <, 4 * 40);
}

static void
count_progress (double fraction, gpointer data)
{
  double *last = data;

  g_assert_cmpfloat (fraction, >=, *last);
  g_assert_cmpfloat (fraction, <=, 1.0);
  *last = fraction;
}

static void
test_progress_and_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  double last = 0;

  save_first (fixture, 3);
  g_autoptr (AtlasHistory) loaded =
    atlas_mmp_load (fixture->path, count_progress, &last, cancellable, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (atlas_history_get_length (loaded), ==, 3);
  g_assert_cmpfloat (last, ==, 1.0);
  g_cancellable_cancel (cancellable);
  g_assert_null (atlas_mmp_load (fixture->path, NULL, NULL, cancellable, NULL, &error));
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mmp/round-trip", test_round_trip);
  g_test_add_func ("/mmp/round-trip-plain", test_round_trip_plain);
  g_test_add_func ("/mmp/bytes", test_bytes);
  g_test_add_func ("/mmp/integers", test_integers);
  g_test_add_func ("/mmp/changes-are-small", test_changes_are_small);
  g_test_add_func ("/mmp/truncated", test_truncated);
  g_test_add_func ("/mmp/truncated-text", test_truncated_text);
  g_test_add_func ("/mmp/damaged", test_damaged);
#define ADD(name, test) g_test_add ("/mmp/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("append", test_append);
  ADD ("append-torn", test_append_torn);
  ADD ("append-zeros", test_append_zeros);
  ADD ("append-refused", test_append_refused);
  ADD ("append-cancelled", test_append_cancelled);
  ADD ("no-file-of-ours", test_no_file_of_ours);
  ADD ("progress-and-cancel", test_progress_and_cancel);
  g_test_add_func ("/mmp/version", test_version);
  g_test_add_func ("/mmp/foreign", test_foreign);
  g_test_add_func ("/mmp/bad-records", test_bad_records);
  g_test_add_func ("/mmp/bombs", test_bombs);
  g_test_add_func ("/mmp/bomb-of-changes", test_bomb_of_changes);
  return g_test_run ();
}
