/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Snapshots to records. A snapshot is written whole, or as changes against the one before: runs of
 * rows that are copied from it or left out, and rows that are new. Borrows the history; any thread
 * that has it.
 */

#include "config.h"

#include "format/mmp-private.h"

#include "core/column.h"
#include "core/type.h"
#include "format/exporters-private.h"
#include "format/file-error-private.h"
#include "util/error.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  AtlasHistory *history;
  AtlasStringPool *pool;
  GOutputStream *stream; /* compresses */
  GCancellable *cancellable;
  GError *error; /* the first one; nothing is written after it */
  JsonGenerator *generator;
  guint32 *numbers; /* string id → number in the file, 0: not written yet */
  guint n_ids;
  guint32 n_strings;
  GArray *new_strings; /* of AtlasStringId: numbered, but not written yet */
  gsize new_bytes;     /* of them */
  JsonArray *rows;     /* of the record that is being filled: texts of several rows */
  GString *text;       /* rows that are not in rows yet, with line feeds between */
  guint n_rows;        /* in both */
  guint n_text_rows;   /* in text */
  gsize row_bytes;     /* in both */
} Writer;

/* Blocks or regions, as the comparison of two snapshots sees them. */
typedef struct
{
  const char *record;
  guint (*get_n) (const AtlasSnapshot *snapshot);
  /* Ascending; kernel memory, which has no address, comes last. */
  guint64 (*get_key) (const AtlasSnapshot *snapshot, guint index);
  gboolean (*is_same) (const AtlasSnapshot *old, guint old_index, const AtlasSnapshot *now,
                       guint index);
  void (*append_row) (Writer *writer, const AtlasSnapshot *snapshot, guint index);
} Items;

/* Takes @object. */
static void
write_record (Writer *writer, JsonObject *object)
{
  g_autoptr (JsonNode) root = json_node_init_object (json_node_alloc (), object);
  g_autoptr (GError) error = NULL;

  json_object_unref (object);
  if (writer->error != NULL)
    return;
  json_generator_set_root (writer->generator, root);
  gsize length;
  g_autofree char *line = json_generator_to_data (writer->generator, &length);
  if (length >= ATLAS_MMP_MAX_LINE)
    {
      g_set_error (&writer->error, ATLAS_ERROR, ATLAS_ERROR_LIMIT,
                   _ ("a text of the process is longer than the format can hold (%u bytes)"),
                   ATLAS_MMP_MAX_LINE);
      return;
    }
  line[length++] = '\n'; /* in place of the NUL */
  if (!g_output_stream_write_all (writer->stream, line, length, NULL, writer->cancellable, &error))
    writer->error = atlas_file_error_new_from_gio (error);
}

static void
flush_strings (Writer *writer)
{
  if (writer->new_strings->len == 0)
    return;
  JsonObject *object = atlas_mmp_record_new ("strings");
  JsonArray *array = json_array_sized_new (writer->new_strings->len);
  for (guint i = 0; i < writer->new_strings->len; i++)
    {
      AtlasStringId id = g_array_index (writer->new_strings, AtlasStringId, i);
      json_array_add_element (array,
                              atlas_mmp_bytes_to_node (atlas_string_pool_get (writer->pool, id)));
    }
  json_object_set_int_member (object, "first",
                              (gint64)writer->n_strings - writer->new_strings->len + 1);
  json_object_set_array_member (object, "strings", array);
  g_array_set_size (writer->new_strings, 0);
  writer->new_bytes = 0;
  write_record (writer, object);
}

static guint32
number_of (AtlasStringId id, gpointer data)
{
  Writer *writer = data;

  g_return_val_if_fail (id < writer->n_ids, 0);
  if (writer->numbers[id] == 0)
    {
      writer->numbers[id] = ++writer->n_strings;
      g_array_append_val (writer->new_strings, id);
      writer->new_bytes += strlen (atlas_string_pool_get (writer->pool, id));
    }
  return writer->numbers[id];
}

static void
flush_text (Writer *writer)
{
  if (writer->n_text_rows == 0)
    return;
  if (writer->rows == NULL)
    writer->rows = json_array_new ();
  json_array_add_string_element (writer->rows, writer->text->str);
  g_string_truncate (writer->text, 0);
  writer->n_text_rows = 0;
}

/* Strings stand before the rows that name them. */
static void
flush_rows (Writer *writer, const char *record)
{
  flush_strings (writer);
  flush_text (writer);
  if (writer->rows == NULL)
    return;
  JsonObject *object = atlas_mmp_record_new (record);
  json_object_set_array_member (object, "rows", g_steal_pointer (&writer->rows));
  writer->n_rows = 0;
  writer->row_bytes = 0;
  write_record (writer, object);
}

/* Returns where the next row is to be written; end_row() follows. */
static GString *
begin_row (Writer *writer)
{
  if (writer->n_text_rows > 0)
    g_string_append_c (writer->text, '\n');
  writer->row_bytes -= writer->text->len;
  return writer->text;
}

static void
end_row (Writer *writer, const char *record)
{
  writer->row_bytes += writer->text->len;
  writer->n_rows++;
  if (++writer->n_text_rows >= ATLAS_MMP_ROWS_PER_TEXT)
    flush_text (writer);
  if (writer->n_rows >= ATLAS_MMP_ROWS_PER_RECORD ||
      writer->row_bytes + writer->new_bytes >= ATLAS_MMP_BYTES_PER_RECORD)
    flush_rows (writer, record);
}

static guint64
block_key (const AtlasSnapshot *snapshot, guint index)
{
  const AtlasBlock *block = atlas_snapshot_get_block (snapshot, index);

  return block->flags & ATLAS_BLOCK_KERNEL ? G_MAXUINT64 : block->start;
}

static gboolean
block_is_same (const AtlasSnapshot *old, guint old_index, const AtlasSnapshot *now, guint index)
{
  const AtlasBlock *a = atlas_snapshot_get_block (old, old_index);
  const AtlasBlock *b = atlas_snapshot_get_block (now, index);
  AtlasCounters counters_a, counters_b;

  if (a->start != b->start || a->end != b->end || a->present != b->present ||
      a->unknown != b->unknown || a->offset != b->offset || a->inode != b->inode ||
      a->device != b->device || a->path != b->path || a->label != b->label ||
      a->vm_flags != b->vm_flags || a->numa != b->numa || a->traits != b->traits ||
      a->protection != b->protection || a->page_shift != b->page_shift || a->flags != b->flags)
    return FALSE;
  atlas_snapshot_get_counters (old, a, &counters_a);
  atlas_snapshot_get_counters (now, b, &counters_b);
  return memcmp (&counters_a, &counters_b, sizeof counters_a) == 0;
}

static void
append_block (Writer *writer, const AtlasSnapshot *snapshot, guint index)
{
  const AtlasBlock *block = atlas_snapshot_get_block (snapshot, index);
  AtlasCounters counters;

  atlas_snapshot_get_counters (snapshot, block, &counters);
  atlas_mmp_block_to_row (block, &counters, number_of, writer, begin_row (writer));
}

static guint64
region_key (const AtlasSnapshot *snapshot, guint index)
{
  return block_key (snapshot, atlas_snapshot_get_region (snapshot, index)->first_block);
}

static gboolean
region_is_same (const AtlasSnapshot *old, guint old_index, const AtlasSnapshot *now, guint index)
{
  const AtlasRegion *a = atlas_snapshot_get_region (old, old_index);
  const AtlasRegion *b = atlas_snapshot_get_region (now, index);

  return a->n_blocks == b->n_blocks && a->details == b->details && a->reason == b->reason &&
         a->owner == b->owner && a->type == b->type && a->guess == b->guess;
}

static void
append_region (Writer *writer, const AtlasSnapshot *snapshot, guint index)
{
  atlas_mmp_region_to_row (atlas_snapshot_get_region (snapshot, index), number_of, writer,
                           begin_row (writer));
}

static const Items block_items = { "blocks", atlas_snapshot_get_n_blocks, block_key, block_is_same,
                                   append_block };
static const Items region_items = { "regions", atlas_snapshot_get_n_regions, region_key,
                                    region_is_same, append_region };

static void
end_run (Writer *writer, const Items *items, char kind, guint *n)
{
  if (*n == 0)
    return;
  g_string_append_printf (begin_row (writer), "%c%u", kind, *n);
  end_row (writer, items->record);
  *n = 0;
}

/* Writes the items of @now; where @base is not NULL as runs of its items and rows between. Both are
 * in order of their keys, so one walk through both finds what stayed. */
static void
write_items (Writer *writer, const Items *items, const AtlasSnapshot *base,
             const AtlasSnapshot *now)
{
  guint n_base = base != NULL ? items->get_n (base) : 0;
  guint n_now = items->get_n (now);
  guint at = 0, copied = 0, left_out = 0;

  for (guint i = 0; i < n_now && writer->error == NULL; i++)
    {
      guint64 key = items->get_key (now, i);
      while (at < n_base && items->get_key (base, at) < key)
        {
          end_run (writer, items, '=', &copied);
          left_out++;
          at++;
        }
      if (at < n_base && items->is_same (base, at, now, i) && items->get_key (base, at) == key)
        {
          end_run (writer, items, '-', &left_out);
          copied++;
          at++;
          continue;
        }
      end_run (writer, items, '=', &copied);
      if (at < n_base && items->get_key (base, at) == key)
        {
          left_out++;
          at++;
        }
      items->append_row (writer, now, i);
      end_row (writer, items->record);
    }
  end_run (writer, items, '=', &copied);
  flush_rows (writer, items->record);
}

/* Changes are smaller as soon as a good part of the rows can be copied. */
static gboolean
is_worth_changes (const AtlasSnapshot *base, const AtlasSnapshot *now)
{
  guint n_base = atlas_snapshot_get_n_blocks (base);
  guint n_now = atlas_snapshot_get_n_blocks (now);
  guint at = 0, same = 0;

  for (guint i = 0; i < n_now; i++)
    {
      guint64 key = block_key (now, i);
      while (at < n_base && block_key (base, at) < key)
        at++;
      if (at < n_base && block_key (base, at) == key)
        same += block_is_same (base, at++, now, i);
    }
  return same > n_now / 8;
}

static void
write_threads (Writer *writer, const AtlasSnapshot *snapshot)
{
  guint n;

  atlas_snapshot_get_threads (snapshot, &n);
  for (guint first = 0; first < n; first += ATLAS_MMP_ROWS_PER_RECORD)
    write_record (writer, atlas_mmp_threads_to_object (snapshot, first));
}

static void
write_missing (Writer *writer, const AtlasSnapshot *snapshot)
{
  const GPtrArray *missing = atlas_snapshot_get_missing (snapshot);

  for (guint i = 0; i < missing->len; i++)
    write_record (writer, atlas_mmp_missing_to_object (missing->pdata[i]));
}

static void
write_snapshot (Writer *writer, guint index)
{
  const AtlasSnapshot *now = atlas_history_get (writer->history, index);
  const AtlasSnapshot *base = NULL;

  if (index % ATLAS_MMP_WHOLE_EVERY != 0)
    {
      base = atlas_history_get (writer->history, index - 1);
      if (!is_worth_changes (base, now))
        base = NULL;
    }
  write_record (writer, atlas_mmp_snapshot_to_object (now, index, base));
  write_threads (writer, now);
  write_missing (writer, now);
  write_items (writer, &block_items, base, now);
  write_items (writer, &region_items, base, now);
  write_record (writer, atlas_mmp_end_to_object (now, index));
}

static void
write_foreign_lines (Writer *writer)
{
  const GPtrArray *foreign = atlas_history_get_foreign_lines (writer->history);

  for (guint i = 0; i < foreign->len && writer->error == NULL; i++)
    {
      const char *line = foreign->pdata[i];
      g_autoptr (GError) error = NULL;
      if (atlas_mmp_header_is_foreign (line))
        continue;
      if (!g_output_stream_write_all (writer->stream, line, strlen (line), NULL,
                                      writer->cancellable, &error) ||
          !g_output_stream_write_all (writer->stream, "\n", 1, NULL, writer->cancellable, &error))
        writer->error = atlas_file_error_new_from_gio (error);
    }
}

static GOutputStream *
new_compressor (GOutputStream *stream)
{
  g_autoptr (GZlibCompressor) gzip = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 1);
  GOutputStream *compressor = g_converter_output_stream_new (stream, G_CONVERTER (gzip));

  g_filter_output_stream_set_close_base_stream (G_FILTER_OUTPUT_STREAM (compressor), FALSE);
  return compressor;
}

gboolean
atlas_mmp_write_part (AtlasHistory *history, guint first, GOutputStream *stream,
                      GCancellable *cancellable, GError **error)
{
  g_autoptr (GOutputStream) compressor = new_compressor (stream);
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  Writer writer = {
    .history = history,
    .pool = atlas_history_get_pool (history),
    .stream = compressor,
    .cancellable = cancellable,
    .generator = generator,
    .new_strings = g_array_new (FALSE, FALSE, sizeof (AtlasStringId)),
    .text = g_string_new (NULL),
  };

  /* A scan that goes on meanwhile may add strings, but none that these snapshots name. */
  writer.n_ids = atlas_string_pool_get_length (writer.pool) + 1;
  writer.numbers = g_new0 (guint32, writer.n_ids);
  write_record (&writer, atlas_mmp_header_to_object (history, first));
  if (first == 0)
    write_foreign_lines (&writer);
  for (guint i = first; i < atlas_history_get_length (history) && writer.error == NULL; i++)
    write_snapshot (&writer, i);

  g_autoptr (GError) close_error = NULL;
  if (!g_output_stream_close (compressor, cancellable, &close_error) && writer.error == NULL)
    writer.error = atlas_file_error_new_from_gio (close_error);
  g_clear_pointer (&writer.rows, json_array_unref);
  g_array_unref (writer.new_strings);
  g_string_free (writer.text, TRUE);
  g_free (writer.numbers);
  if (writer.error == NULL)
    return TRUE;
  g_propagate_error (error, writer.error);
  return FALSE;
}

gboolean
atlas_mmp_write (AtlasHistory *history, guint index, GOutputStream *stream,
                 GCancellable *cancellable, GError **error)
{
  return atlas_mmp_write_part (history, 0, stream, cancellable, error);
}
