/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Records as JSON objects: everything of a snapshot but its rows, and the header with both its
 * sides, writing and checking. Borrows what it is given; no state, any thread.
 */

#include "config.h"

#include "format/mmp-private.h"

#include "core/column.h"
#include "core/type.h"
#include "util/error.h"

#include <glib/gi18n.h>
#include <string.h>

JsonObject *
atlas_mmp_record_new (const char *kind)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "record", kind);
  return object;
}

static void
set_bytes (JsonObject *object, const char *key, const char *bytes)
{
  if (bytes != NULL)
    json_object_set_member (object, key, atlas_mmp_bytes_to_node (bytes));
}

JsonObject *
atlas_mmp_snapshot_to_object (const AtlasSnapshot *snapshot, guint index, const AtlasSnapshot *base)
{
  JsonObject *object = atlas_mmp_record_new ("snapshot");
  const AtlasProcess *process = atlas_snapshot_get_process (snapshot);

  json_object_set_int_member (object, "snapshot", index);
  json_object_set_int_member (object, "time", atlas_snapshot_get_time (snapshot));
  json_object_set_int_member (object, "duration", atlas_snapshot_get_duration (snapshot));
  set_bytes (object, "host", atlas_snapshot_get_host (snapshot));
  set_bytes (object, "kernel", atlas_snapshot_get_kernel (snapshot));
  json_object_set_boolean_member (object, "numa", atlas_snapshot_has_numa (snapshot));
  if (base != NULL)
    {
      JsonObject *from = json_object_new ();
      json_object_set_int_member (from, "time", atlas_snapshot_get_time (base));
      json_object_set_int_member (from, "blocks", atlas_snapshot_get_n_blocks (base));
      json_object_set_int_member (from, "regions", atlas_snapshot_get_n_regions (base));
      json_object_set_object_member (object, "changes_from", from);
    }
  json_object_set_object_member (object, "process", atlas_mmp_process_to_object (process));
  return object;
}

JsonObject *
atlas_mmp_threads_to_object (const AtlasSnapshot *snapshot, guint first)
{
  JsonObject *object = atlas_mmp_record_new ("threads");
  JsonArray *array = json_array_new ();
  guint n;
  const AtlasThread *threads = atlas_snapshot_get_threads (snapshot, &n);

  for (guint i = first; i < MIN (n, first + ATLAS_MMP_ROWS_PER_RECORD); i++)
    {
      JsonObject *thread = json_object_new ();
      json_object_set_int_member (thread, "tid", threads[i].tid);
      set_bytes (thread, "name", threads[i].name);
      json_array_add_object_element (array, thread);
    }
  json_object_set_array_member (object, "threads", array);
  return object;
}

JsonObject *
atlas_mmp_missing_to_object (const AtlasMissing *missing)
{
  JsonObject *object = atlas_mmp_record_new ("missing");

  set_bytes (object, "what", missing->what);
  set_bytes (object, "why", missing->why);
  return object;
}

static JsonObject *
totals_to_object (const AtlasTotals *totals)
{
  JsonObject *object = json_object_new ();

  for (guint c = 0; c < ATLAS_N_COLUMNS; c++)
    {
      const AtlasColumnInfo *info = atlas_column_get_info (c);
      if (info->figure >= 0)
        json_object_set_member (object, info->key,
                                atlas_mmp_integer_to_node (totals->figures.value[info->figure]));
    }
  json_object_set_member (object, atlas_column_get_info (ATLAS_COLUMN_LARGEST)->key,
                          atlas_mmp_integer_to_node (totals->largest));
  return object;
}

/* The totals are for readers with jq; Memory Atlas computes them anew. */
JsonObject *
atlas_mmp_end_to_object (const AtlasSnapshot *snapshot, guint index)
{
  JsonObject *object = atlas_mmp_record_new ("end");
  JsonObject *totals = json_object_new ();

  json_object_set_int_member (object, "snapshot", index);
  json_object_set_int_member (object, "blocks", atlas_snapshot_get_n_blocks (snapshot));
  json_object_set_int_member (object, "regions", atlas_snapshot_get_n_regions (snapshot));
  for (guint type = ATLAS_TYPE_TOTAL; type < ATLAS_N_TYPES; type++)
    json_object_set_object_member (totals, atlas_type_get_info (type)->key,
                                   totals_to_object (atlas_snapshot_get_totals (snapshot, type)));
  json_object_set_object_member (object, "totals", totals);
  return object;
}

/* The header of a file that a newer program wrote may hold more than this one knows. */
static void
add_foreign_members (JsonObject *header, const char *line)
{
  g_autoptr (JsonParser) parser = json_parser_new ();

  if (!json_parser_load_from_data (parser, line, -1, NULL) ||
      !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    return;
  JsonObject *object = json_node_get_object (json_parser_get_root (parser));
  if (g_strcmp0 (json_object_get_string_member_with_default (object, "record", NULL), "header") !=
      0)
    return;
  g_autoptr (GList) keys = json_object_get_members (object);
  for (GList *key = keys; key != NULL; key = key->next)
    if (!json_object_has_member (header, key->data))
      json_object_set_member (header, key->data, json_object_dup_member (object, key->data));
}

gboolean
atlas_mmp_header_is_foreign (const char *line)
{
  return g_str_has_prefix (line, ATLAS_MMP_FOREIGN_HEADER);
}

JsonObject *
atlas_mmp_header_to_object (AtlasHistory *history, guint first)
{
  JsonObject *object = atlas_mmp_record_new ("header");
  JsonObject *counters = json_object_new ();
  const AtlasSnapshot *snapshot = atlas_history_get (history, first);
  const GPtrArray *foreign = atlas_history_get_foreign_lines (history);
  g_autofree char *version = g_strdup_printf ("%d.%d", ATLAS_MMP_MAJOR, ATLAS_MMP_MINOR);

  json_object_set_string_member (object, "format", ATLAS_MMP_FORMAT);
  json_object_set_string_member (object, "version", version);
  json_object_set_string_member (object, "generator", "mematlas " ATLAS_VERSION);
  set_bytes (object, "host", atlas_snapshot_get_host (snapshot));
  set_bytes (object, "kernel", atlas_snapshot_get_kernel (snapshot));
  for (guint i = 0; i < ATLAS_N_COUNTERS; i++)
    {
      char letter[2] = { atlas_mmp_counter_letters[i], '\0' };
      json_object_set_string_member (counters, letter, atlas_counter_get_key (i));
    }
  json_object_set_object_member (object, "counters", counters);
  for (guint i = 0; i < foreign->len; i++)
    if (atlas_mmp_header_is_foreign (foreign->pdata[i]))
      add_foreign_members (object, foreign->pdata[i]);
  return object;
}

char *
atlas_mmp_header_dup_foreign (JsonObject *object)
{
  static const char *const known[] = { "record", "format", "version",  "generator",
                                       "host",   "kernel", "counters", NULL };
  g_autoptr (GList) keys = json_object_get_members (object);
  g_autoptr (JsonObject) kept = atlas_mmp_record_new ("header");

  for (GList *key = keys; key != NULL; key = key->next)
    if (!g_strv_contains (known, key->data))
      json_object_set_member (kept, key->data, json_object_dup_member (object, key->data));
  if (json_object_get_size (kept) == 1)
    return NULL;

  g_autoptr (JsonNode) root = json_node_init_object (json_node_alloc (), kept);
  return json_to_string (root, FALSE);
}

const char *
atlas_mmp_get_text (JsonObject *object, const char *key)
{
  JsonNode *node = json_object_get_member (object, key);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : NULL;
}

static gboolean
set_format_error (GError **error, const char *text)
{
  g_set_error_literal (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT, text);
  return FALSE;
}

gboolean
atlas_mmp_header_check (JsonObject *object, GError **error)
{
  const char *version = atlas_mmp_get_text (object, "version");
  const char *generator = atlas_mmp_get_text (object, "generator");
  char *end;

  if (g_strcmp0 (atlas_mmp_get_text (object, "format"), ATLAS_MMP_FORMAT) != 0)
    return set_format_error (error, _ ("this is not a file of Memory Atlas snapshots"));
  guint64 major = version != NULL ? g_ascii_strtoull (version, &end, 10) : 0;
  if (version == NULL || !g_ascii_isdigit (version[0]) || (*end != '.' && *end != '\0') ||
      major == 0)
    return set_format_error (error, _ ("the header does not say the version of the format"));
  if (major <= ATLAS_MMP_MAJOR)
    return TRUE;
  g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_VERSION,
               _ ("written by %s in version %s of the format, and this program reads up to version "
                  "%d: a newer Memory Atlas is needed"),
               generator != NULL ? generator : _ ("an unknown program"), version, ATLAS_MMP_MAJOR);
  return FALSE;
}
