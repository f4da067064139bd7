/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "util/string-pool.h"

#include <gio/gio.h>

#include <string.h>

G_BEGIN_DECLS

/* Bytes collected before they are handed to the stream. */
#define ATLAS_TEXT_SINK_SIZE (256 * 1024)

/* The largest piece that atlas_text_sink_reserve() may be asked for. */
#define ATLAS_TEXT_SINK_PIECE 4096

/**
 * AtlasTextSink:
 * A large buffer before a stream, for exporters that append many short pieces. The first error
 * stops all further writing and is given by atlas_text_sink_finish(). Used by one thread.
 */
typedef struct
{
  GOutputStream *stream;
  GCancellable *cancellable;
  GError *error; /* of ATLAS_ERROR */
  gsize used;
  char *data;
} AtlasTextSink;

/** atlas_text_sink_init: @stream is borrowed and not closed. */
void atlas_text_sink_init (AtlasTextSink *sink, GOutputStream *stream, GCancellable *cancellable);

/** atlas_text_sink_clear: Frees the buffer; what is in it is not written. */
void atlas_text_sink_clear (AtlasTextSink *sink);

/** atlas_text_sink_flush: Hands what is collected to the stream. */
void atlas_text_sink_flush (AtlasTextSink *sink);

/** atlas_text_sink_finish: Flushes; FALSE with the first error (IO, CANCELLED). */
gboolean atlas_text_sink_finish (AtlasTextSink *sink, GError **error);

/** atlas_text_sink_append: Appends @length bytes. */
void atlas_text_sink_append (AtlasTextSink *sink, const char *text, gsize length);

/** atlas_text_sink_append_number: Appends @value in decimal, without grouping. */
void atlas_text_sink_append_number (AtlasTextSink *sink, guint64 value);

/** atlas_text_sink_fill: Appends @count times @character. */
void atlas_text_sink_fill (AtlasTextSink *sink, char character, gsize count);

/** atlas_text_sink_reserve: Returns room for @length bytes, at most ATLAS_TEXT_SINK_PIECE. */
static inline char *
atlas_text_sink_reserve (AtlasTextSink *sink, gsize length)
{
  if (G_UNLIKELY (sink->used + length > ATLAS_TEXT_SINK_SIZE))
    atlas_text_sink_flush (sink);
  return sink->data + sink->used;
}

/** atlas_text_sink_advance: @end is behind the last byte written to reserved room. */
static inline void
atlas_text_sink_advance (AtlasTextSink *sink, const char *end)
{
  sink->used = (gsize)(end - sink->data);
}

static inline void
atlas_text_sink_append_char (AtlasTextSink *sink, char character)
{
  *atlas_text_sink_reserve (sink, 1) = character;
  sink->used++;
}

static inline void
atlas_text_sink_append_text (AtlasTextSink *sink, const char *text)
{
  atlas_text_sink_append (sink, text, strlen (text));
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AtlasTextSink, atlas_text_sink_clear)

G_END_DECLS
