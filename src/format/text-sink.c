/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A large buffer before a stream. Owned by the exporter on whose stack it lies; one thread.
 */

#include "config.h"

#include "format/text-sink-private.h"

#include "format/file-error-private.h"
#include "util/text.h"

void
atlas_text_sink_init (AtlasTextSink *sink, GOutputStream *stream, GCancellable *cancellable)
{
  *sink = (AtlasTextSink){
    .stream = stream,
    .cancellable = cancellable,
    .data = g_malloc (ATLAS_TEXT_SINK_SIZE),
  };
}

void
atlas_text_sink_clear (AtlasTextSink *sink)
{
  g_clear_error (&sink->error);
  g_clear_pointer (&sink->data, g_free);
}

static void
write_out (AtlasTextSink *sink, const char *data, gsize length)
{
  g_autoptr (GError) error = NULL;

  if (sink->error != NULL || length == 0)
    return;
  if (!g_output_stream_write_all (sink->stream, data, length, NULL, sink->cancellable, &error))
    sink->error = atlas_file_error_new_from_gio (error);
}

void
atlas_text_sink_flush (AtlasTextSink *sink)
{
  write_out (sink, sink->data, sink->used);
  sink->used = 0;
}

gboolean
atlas_text_sink_finish (AtlasTextSink *sink, GError **error)
{
  atlas_text_sink_flush (sink);
  if (sink->error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&sink->error));
  return FALSE;
}

void
atlas_text_sink_append (AtlasTextSink *sink, const char *text, gsize length)
{
  if (length > ATLAS_TEXT_SINK_SIZE - sink->used)
    atlas_text_sink_flush (sink);
  if (length > ATLAS_TEXT_SINK_SIZE)
    {
      write_out (sink, text, length);
      return;
    }
  memcpy (sink->data + sink->used, text, length);
  sink->used += length;
}

void
atlas_text_sink_append_number (AtlasTextSink *sink, guint64 value)
{
  char *at = atlas_text_sink_reserve (sink, ATLAS_INTEGER_TEXT_SIZE);
  sink->used += atlas_integer_to_text (value, at);
}

void
atlas_text_sink_fill (AtlasTextSink *sink, char character, gsize count)
{
  while (count > 0)
    {
      gsize piece = MIN (count, ATLAS_TEXT_SINK_PIECE);
      memset (atlas_text_sink_reserve (sink, piece), character, piece);
      sink->used += piece;
      count -= piece;
    }
}
