/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Records to snapshots: one record at a time, the one unfinished snapshot in a builder, whole ones
 * in a history. Trusts nothing: every number is checked and every amount bounded. One thread.
 */

#include "config.h"

#include "format/mmp-private.h"

#include "util/error.h"

#include <glib/gi18n.h>
#include <string.h>

struct _AtlasMmpReader
{
  AtlasHistory *history;
  AtlasStringPool *pool; /* of the history */
  GArray *strings;       /* of AtlasStringId: string n of this part is element n - 1 */
  gsize text_bytes;      /* of all strings so far */
  gsize foreign_bytes;
  gsize memory; /* of the whole snapshots */
  gsize max_memory;
  gboolean has_header;
  gboolean incomplete; /* a snapshot was dropped, for it broke off */
  gboolean base_lost;  /* a part was torn: changes against what it held are passed over */

  /* The unfinished snapshot. */
  AtlasSnapshotBuilder *builder; /* NULL: none */
  gboolean skipping;             /* one whose base is lost */
  AtlasSnapshot *base;           /* what it copies from, borrowed from the history; or NULL */
  guint next_block, next_region; /* of the base */
  guint covered;                 /* blocks that have a region */
  guint n_regions, n_threads, n_missing;
  gsize pending; /* bytes */
};

static gboolean
set_format_error (GError **error, const char *text)
{
  g_set_error_literal (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT, text);
  return FALSE;
}

static gboolean
set_limit_error (GError **error, const char *text)
{
  g_set_error_literal (error, ATLAS_ERROR, ATLAS_ERROR_LIMIT, text);
  return FALSE;
}

AtlasMmpReader *
atlas_mmp_reader_new (void)
{
  AtlasMmpReader *reader = g_new0 (AtlasMmpReader, 1);

  reader->history = atlas_history_new ();
  reader->pool = atlas_history_get_pool (reader->history);
  reader->max_memory = ATLAS_MMP_MAX_MEMORY;
  reader->strings = g_array_new (FALSE, FALSE, sizeof (AtlasStringId));
  return reader;
}

void
atlas_mmp_reader_free (AtlasMmpReader *reader)
{
  g_clear_pointer (&reader->builder, atlas_snapshot_builder_free);
  atlas_history_unref (reader->history);
  g_array_unref (reader->strings);
  g_free (reader);
}

void
atlas_mmp_reader_set_max_memory (AtlasMmpReader *reader, gsize bytes)
{
  reader->max_memory = bytes;
}

AtlasHistory *
atlas_mmp_reader_get_history (AtlasMmpReader *reader)
{
  return reader->history;
}

gboolean
atlas_mmp_reader_is_incomplete (AtlasMmpReader *reader)
{
  return reader->incomplete || reader->builder != NULL;
}

static void
drop_snapshot (AtlasMmpReader *reader)
{
  if (reader->builder != NULL)
    reader->incomplete = TRUE;
  g_clear_pointer (&reader->builder, atlas_snapshot_builder_free);
  reader->skipping = FALSE;
}

void
atlas_mmp_reader_break (AtlasMmpReader *reader)
{
  drop_snapshot (reader);
  reader->incomplete = TRUE;
  reader->base_lost = TRUE;
}

static gboolean
get_integer (JsonObject *object, const char *key, gint64 *out)
{
  JsonNode *node = json_object_get_member (object, key);

  if (node == NULL || json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;
  *out = json_node_get_int (node);
  return TRUE;
}

static JsonObject *
get_object (JsonObject *object, const char *key)
{
  JsonNode *node = json_object_get_member (object, key);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static JsonArray *
get_array (JsonObject *object, const char *key)
{
  JsonNode *node = json_object_get_member (object, key);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static gboolean
keep_foreign_line (AtlasMmpReader *reader, const char *line, gsize length, GError **error)
{
  reader->foreign_bytes += length + 64;
  if (reader->foreign_bytes > ATLAS_MMP_MAX_FOREIGN)
    return set_limit_error (error, _ ("the file holds too many records of unknown kind"));
  atlas_history_add_foreign_line (reader->history, line);
  return TRUE;
}

/* Every part of a file, the first and those that were appended, begins with one. */
static gboolean
take_header (AtlasMmpReader *reader, JsonObject *object, GError **error)
{
  if (!atlas_mmp_header_check (object, error))
    return FALSE;
  drop_snapshot (reader);
  g_array_set_size (reader->strings, 0);
  gboolean first = !reader->has_header;
  reader->has_header = TRUE;
  g_autofree char *foreign = first ? atlas_mmp_header_dup_foreign (object) : NULL;
  return foreign == NULL || keep_foreign_line (reader, foreign, strlen (foreign), error);
}

static gboolean
take_strings (AtlasMmpReader *reader, JsonObject *object, GError **error)
{
  JsonArray *array = get_array (object, "strings");
  gint64 first;

  if (array == NULL || !get_integer (object, "first", &first) ||
      first != (gint64)reader->strings->len + 1)
    return set_format_error (error, _ ("strings that are not numbered one after another"));
  guint n = json_array_get_length (array);
  if (n > ATLAS_MMP_MAX_STRINGS - reader->strings->len)
    return set_limit_error (error, _ ("the file holds too many strings"));
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *bytes = NULL;
      if (!atlas_mmp_bytes_from_node (json_array_get_element (array, i), &bytes) || bytes == NULL ||
          bytes[0] == '\0')
        return set_format_error (error, _ ("a string that is none"));
      gsize length = strlen (bytes);
      reader->text_bytes += length;
      if (reader->text_bytes > ATLAS_MMP_MAX_TEXT)
        return set_limit_error (error, _ ("the strings of the file are too long"));
      AtlasStringId id = atlas_string_pool_intern (reader->pool, bytes, (gssize)length);
      g_array_append_val (reader->strings, id);
    }
  return TRUE;
}

/* Finds what the snapshot is written as changes against: the last one. */
static gboolean
find_base (AtlasMmpReader *reader, JsonObject *from, GError **error)
{
  AtlasSnapshot *last = atlas_history_get_last (reader->history);
  gint64 time, n_blocks, n_regions;

  if (!get_integer (from, "time", &time) || !get_integer (from, "blocks", &n_blocks) ||
      !get_integer (from, "regions", &n_regions))
    return set_format_error (error, _ ("changes that do not say against what"));
  if (last != NULL && atlas_snapshot_get_time (last) == time &&
      atlas_snapshot_get_n_blocks (last) == n_blocks &&
      atlas_snapshot_get_n_regions (last) == n_regions)
    {
      reader->base = last;
      return TRUE;
    }
  if (!reader->base_lost)
    return set_format_error (error, _ ("changes against a snapshot that is not there"));
  reader->skipping = TRUE;
  return TRUE;
}

static gboolean
set_machine (AtlasMmpReader *reader, JsonObject *object, GError **error)
{
  g_autofree char *host = NULL;
  g_autofree char *kernel = NULL;

  if (!atlas_mmp_bytes_from_node (json_object_get_member (object, "host"), &host) ||
      !atlas_mmp_bytes_from_node (json_object_get_member (object, "kernel"), &kernel))
    return set_format_error (error, _ ("the name of the machine is no string"));
  atlas_snapshot_builder_set_machine (reader->builder, host, kernel);
  return TRUE;
}

static gboolean
take_snapshot (AtlasMmpReader *reader, JsonObject *object, GError **error)
{
  JsonObject *process_object = get_object (object, "process");
  JsonObject *from = get_object (object, "changes_from");
  JsonNode *numa = json_object_get_member (object, "numa");
  gint64 time, duration;

  if (reader->builder != NULL || reader->skipping)
    return set_format_error (error, _ ("a snapshot inside of another one"));
  if (atlas_history_get_length (reader->history) >= ATLAS_MMP_MAX_SNAPSHOTS)
    return set_limit_error (error, _ ("the file holds too many snapshots"));
  if (process_object == NULL || !get_integer (object, "time", &time) ||
      !get_integer (object, "duration", &duration))
    return set_format_error (error, _ ("a snapshot without process or time"));
  reader->base = NULL;
  reader->next_block = reader->next_region = reader->covered = 0;
  reader->n_regions = reader->n_threads = reader->n_missing = 0;
  reader->pending = 0;
  if (from != NULL && !find_base (reader, from, error))
    return FALSE;
  if (reader->skipping)
    return TRUE;

  g_autoptr (AtlasProcess) process = atlas_mmp_process_from_object (process_object, error);
  if (process == NULL)
    return FALSE;
  reader->builder = atlas_snapshot_builder_new (reader->pool);
  atlas_snapshot_builder_take_process (reader->builder, g_steal_pointer (&process));
  atlas_snapshot_builder_set_time (reader->builder, time, duration);
  atlas_snapshot_builder_set_has_numa (
    reader->builder, numa != NULL && json_node_get_value_type (numa) == G_TYPE_BOOLEAN &&
                       json_node_get_boolean (numa));
  return set_machine (reader, object, error);
}

static gboolean
take_thread (AtlasMmpReader *reader, JsonNode *node, GError **error)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  g_autofree char *name = NULL;
  gint64 tid;

  if (object == NULL || !get_integer (object, "tid", &tid) || tid < 0 || tid > G_MAXINT ||
      !atlas_mmp_bytes_from_node (json_object_get_member (object, "name"), &name))
    return set_format_error (error, _ ("a thread without id"));
  if (++reader->n_threads > ATLAS_MMP_MAX_THREADS)
    return set_limit_error (error, _ ("a snapshot with too many threads"));
  reader->pending += sizeof (AtlasThread) + (name != NULL ? strlen (name) + 16 : 0);
  atlas_snapshot_builder_add_thread (reader->builder, (gint)tid, name);
  return TRUE;
}

static gboolean
take_threads (AtlasMmpReader *reader, JsonObject *object, GError **error)
{
  JsonArray *array = get_array (object, "threads");

  if (array == NULL)
    return set_format_error (error, _ ("threads that are no list"));
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!take_thread (reader, json_array_get_element (array, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
take_missing (AtlasMmpReader *reader, JsonObject *object, GError **error)
{
  g_autofree char *what = NULL;
  g_autofree char *why = NULL;

  if (!atlas_mmp_bytes_from_node (json_object_get_member (object, "what"), &what) || what == NULL ||
      !atlas_mmp_bytes_from_node (json_object_get_member (object, "why"), &why) || why == NULL)
    return set_format_error (error, _ ("what is missing is not named"));
  if (++reader->n_missing > ATLAS_MMP_MAX_MISSING)
    return set_limit_error (error, _ ("a snapshot of which too much is missing"));
  reader->pending += strlen (what) + strlen (why);
  atlas_snapshot_builder_add_missing (reader->builder, what, why);
  return TRUE;
}

static gboolean
add_block (AtlasMmpReader *reader, const AtlasBlock *block, const AtlasCounters *counters,
           GError **error)
{
  reader->pending += sizeof (AtlasBlock);
  for (guint i = 0; i < ATLAS_N_COUNTERS; i++)
    reader->pending += counters->value[i] != 0 ? sizeof (guint64) : 0;
  if (atlas_snapshot_builder_get_n_blocks (reader->builder) >= ATLAS_MMP_MAX_BLOCKS ||
      reader->pending > reader->max_memory - reader->memory)
    return set_limit_error (error, _ ("the file holds more blocks than fit into memory"));
  atlas_snapshot_builder_add_block (reader->builder, block, counters);
  return TRUE;
}

static gboolean
copy_blocks (AtlasMmpReader *reader, guint32 n, GError **error)
{
  for (guint i = 0; i < n; i++)
    {
      const AtlasBlock *block = atlas_snapshot_get_block (reader->base, reader->next_block + i);
      AtlasCounters counters;
      atlas_snapshot_get_counters (reader->base, block, &counters);
      if (!add_block (reader, block, &counters, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_region (AtlasMmpReader *reader, AtlasRegion *region, GError **error)
{
  guint n_blocks = atlas_snapshot_builder_get_n_blocks (reader->builder);

  if (region->n_blocks == 0 || region->n_blocks > n_blocks - reader->covered)
    return set_format_error (error, _ ("a region of blocks that are not there"));
  region->first_block = reader->covered;
  reader->covered += region->n_blocks;
  reader->n_regions++;
  reader->pending += sizeof *region;
  atlas_snapshot_builder_add_region (reader->builder, region);
  return TRUE;
}

static gboolean
copy_regions (AtlasMmpReader *reader, guint32 n, GError **error)
{
  for (guint i = 0; i < n; i++)
    {
      AtlasRegion region = *atlas_snapshot_get_region (reader->base, reader->next_region + i);
      if (!add_region (reader, &region, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
take_run (AtlasMmpReader *reader, gboolean regions, gboolean copy, guint32 n, GError **error)
{
  guint *next = regions ? &reader->next_region : &reader->next_block;

  if (reader->base == NULL)
    return set_format_error (error, _ ("changes in a snapshot that is no change"));
  guint length = regions ? atlas_snapshot_get_n_regions (reader->base)
                         : atlas_snapshot_get_n_blocks (reader->base);
  if (n > length - *next)
    return set_format_error (error, _ ("a run beyond the end of the snapshot before"));
  if (copy && !(regions ? copy_regions : copy_blocks) (reader, n, error))
    return FALSE;
  *next += n;
  return TRUE;
}

static gboolean
take_row (AtlasMmpReader *reader, gboolean regions, const char *row, GError **error)
{
  gboolean copy;
  guint32 n;

  if (atlas_mmp_run_from_row (row, &copy, &n))
    return take_run (reader, regions, copy, n, error);
  if (regions)
    {
      AtlasRegion region;
      if (!atlas_mmp_region_from_row (row, reader->strings, &region))
        return set_format_error (error, _ ("a region that cannot be read"));
      return add_region (reader, &region, error);
    }
  AtlasBlock block;
  AtlasCounters counters;
  if (!atlas_mmp_block_from_row (row, reader->strings, &block, &counters))
    return set_format_error (error, _ ("a block that cannot be read"));
  return add_block (reader, &block, &counters, error);
}

/* One text holds several rows with line feeds between; they are cut apart in place. */
static gboolean
take_text (AtlasMmpReader *reader, gboolean regions, char *text, GError **error)
{
  while (text != NULL)
    {
      char *feed = strchr (text, '\n');
      if (feed != NULL)
        *feed++ = '\0';
      if (!take_row (reader, regions, text, error))
        return FALSE;
      text = feed;
    }
  return TRUE;
}

static gboolean
take_rows (AtlasMmpReader *reader, gboolean regions, JsonObject *object, GError **error)
{
  JsonArray *array = get_array (object, "rows");

  if (array == NULL)
    return set_format_error (error, _ ("a record of rows without rows"));
  guint n = json_array_get_length (array);
  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      if (json_node_get_value_type (node) != G_TYPE_STRING)
        return set_format_error (error, _ ("a row that is no string"));
      g_autofree char *text = json_node_dup_string (node);
      if (!take_text (reader, regions, text, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
take_blocks (AtlasMmpReader *reader, JsonObject *object, GError **error)
{
  return take_rows (reader, FALSE, object, error);
}

static gboolean
take_regions (AtlasMmpReader *reader, JsonObject *object, GError **error)
{
  return take_rows (reader, TRUE, object, error);
}

static gboolean
take_end (AtlasMmpReader *reader, JsonObject *object, GError **error)
{
  gint64 n_blocks, n_regions;

  if (!get_integer (object, "blocks", &n_blocks) || !get_integer (object, "regions", &n_regions) ||
      n_blocks != (gint64)atlas_snapshot_builder_get_n_blocks (reader->builder) ||
      n_regions != (gint64)reader->n_regions)
    return set_format_error (error, _ ("a snapshot that lacks some of its blocks or regions"));
  g_autoptr (AtlasSnapshot) snapshot = atlas_snapshot_builder_finish (reader->builder, error);
  g_clear_pointer (&reader->builder, atlas_snapshot_builder_free);
  if (snapshot == NULL || !atlas_snapshot_check (snapshot, error))
    return FALSE;
  reader->memory += MAX (atlas_snapshot_get_memory (snapshot), reader->pending);
  if (reader->memory > reader->max_memory)
    return set_limit_error (error, _ ("the file holds more snapshots than fit into memory"));
  atlas_history_add (reader->history, snapshot);
  reader->base_lost = FALSE;
  return TRUE;
}

static const struct
{
  const char *kind;
  gboolean inside; /* of a snapshot only */
  gboolean (*take) (AtlasMmpReader *reader, JsonObject *object, GError **error);
} kinds[] = {
  { "header", FALSE, take_header },     { "strings", FALSE, take_strings },
  { "snapshot", FALSE, take_snapshot }, { "threads", TRUE, take_threads },
  { "missing", TRUE, take_missing },    { "blocks", TRUE, take_blocks },
  { "regions", TRUE, take_regions },    { "end", TRUE, take_end },
};

static gboolean
take_record (AtlasMmpReader *reader, const char *kind, JsonObject *object, const char *line,
             gsize length, GError **error)
{
  if (!reader->has_header && g_strcmp0 (kind, "header") != 0)
    return set_format_error (error, _ ("this is not a file of Memory Atlas snapshots"));
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (!g_str_equal (kind, kinds[i].kind))
        continue;
      if (kinds[i].inside && reader->skipping)
        {
          reader->skipping = !g_str_equal (kind, "end");
          return TRUE;
        }
      if (kinds[i].inside && reader->builder == NULL)
        return set_format_error (error, _ ("a part of a snapshot outside of one"));
      return kinds[i].take (reader, object, error);
    }
  return keep_foreign_line (reader, line, length, error);
}

gboolean
atlas_mmp_reader_take_line (AtlasMmpReader *reader, const char *line, gsize length, GError **error)
{
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (GError) parse_error = NULL;

  if (length == 0)
    return TRUE;
  if (!atlas_mmp_check_line (line, length, error))
    return FALSE;
  parser = json_parser_new ();
  if (!json_parser_load_from_data (parser, line, (gssize)length, &parse_error))
    return set_format_error (error, _ ("it is not JSON"));
  JsonNode *root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return set_format_error (error, _ ("it is not a JSON object"));
  const char *kind = atlas_mmp_get_text (json_node_get_object (root), "record");
  if (kind == NULL)
    return set_format_error (error, _ ("it does not say what kind of record it is"));
  return take_record (reader, kind, json_node_get_object (root), line, length, error);
}
