/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Brings smaps from a file descriptor to the parser. The kernel makes the text while it is read, at
 * about the speed at which it can be parsed, so the two run side by side: a reading thread fills
 * pieces, the calling thread parses them. Small processes do without the thread.
 */

#include "config.h"

#include "scan/smaps-reader.h"

#include "scan/scan-limits.h"
#include "util/error.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define N_PIECES   4
#define PIECE_SIZE (256 * 1024)
#define FULL       (PIECE_SIZE - 16 * 1024) /* no read is begun that would have less room */
#define HEADROOM   (ATLAS_LIMIT_LINE + 1)

/* Text of one piece, from HEADROOM on; the unfinished line of the piece before is put ahead of it.
 */
typedef struct
{
  gsize length;
  gboolean last;
  int error; /* errno of the read that ended it, or 0 */
  char text[HEADROOM + PIECE_SIZE];
} Piece;

typedef struct
{
  int fd;
  GCancellable *cancellable;
  gint stop;          /* atomic: the parser wants no more */
  GAsyncQueue *empty; /* of Piece */
  GAsyncQueue *full;
} Reader;

static void
fill_piece (Reader *reader, Piece *piece)
{
  piece->length = 0;
  piece->error = 0;
  piece->last = FALSE;
  while (piece->length < FULL)
    {
      if (g_atomic_int_get (&reader->stop) || g_cancellable_is_cancelled (reader->cancellable))
        {
          piece->last = TRUE;
          return;
        }
      ssize_t n =
        read (reader->fd, piece->text + HEADROOM + piece->length, PIECE_SIZE - piece->length);
      if (n > 0)
        piece->length += (gsize)n;
      else if (n == 0 || errno != EINTR)
        {
          piece->error = n < 0 ? errno : 0;
          piece->last = TRUE;
          return;
        }
    }
}

static gpointer
reading_thread (gpointer data)
{
  Reader *reader = data;
  gboolean last;

  do
    {
      Piece *piece = g_async_queue_pop (reader->empty);
      fill_piece (reader, piece);
      last = piece->last; /* the piece is the parser's once it is pushed */
      g_async_queue_push (reader->full, piece);
    }
  while (!last);
  return NULL;
}

/* Parses what is in @piece after the @n_rest bytes at @rest; afterwards these are what is left. */
static gboolean
parse_piece (AtlasSmapsParser *parser, Piece *piece, char *rest, gsize *n_rest, GError **error)
{
  char *begin = piece->text + HEADROOM - *n_rest;
  gsize length = piece->length + *n_rest, consumed;

  memcpy (begin, rest, *n_rest);
  if (!atlas_smaps_parser_feed (parser, begin, length, &consumed, error))
    return FALSE;
  *n_rest = length - consumed;
  g_assert (*n_rest <= ATLAS_LIMIT_LINE);
  memcpy (rest, begin + consumed, *n_rest);
  return TRUE;
}

static gboolean
run_pieces (Reader *reader, Piece *first, GThread *thread, AtlasSmapsParser *parser,
            AtlasSmapsTick tick, gpointer tick_data, int *out_errno, GError **error)
{
  g_autofree char *rest = g_malloc (HEADROOM);
  gsize n_rest = 0;

  for (Piece *piece = first;;)
    {
      if (!parse_piece (parser, piece, rest, &n_rest, error) ||
          atlas_set_error_if_cancelled (g_cancellable_is_cancelled (reader->cancellable), error))
        return FALSE;
      if (tick != NULL)
        tick (tick_data);
      if (piece->last)
        {
          *out_errno = piece->error;
          break;
        }
      if (thread != NULL)
        {
          g_async_queue_push (reader->empty, piece);
          piece = g_async_queue_pop (reader->full);
        }
      else
        fill_piece (reader, piece);
    }
  atlas_smaps_parser_end (parser, n_rest);
  return TRUE;
}

gboolean
atlas_smaps_reader_run (int fd, AtlasSmapsParser *parser, AtlasSmapsTick tick, gpointer tick_data,
                        GCancellable *cancellable, int *out_errno, GError **error)
{
  Reader reader = { .fd = fd, .cancellable = cancellable };
  g_autofree Piece *pieces = g_new (Piece, 1);
  GThread *thread = NULL;
  g_autofree Piece *more = NULL;

  *out_errno = 0;
  fill_piece (&reader, pieces);
  if (!pieces->last)
    {
      more = g_new (Piece, N_PIECES - 1);
      reader.empty = g_async_queue_new ();
      reader.full = g_async_queue_new ();
      for (guint i = 0; i < N_PIECES - 1; i++)
        g_async_queue_push (reader.empty, &more[i]);
      thread = g_thread_try_new ("atlas-smaps", reading_thread, &reader, NULL);
    }

  gboolean done = run_pieces (&reader, pieces, thread, parser, tick, tick_data, out_errno, error);
  if (thread != NULL)
    {
      g_atomic_int_set (&reader.stop, 1);
      g_async_queue_push (reader.empty, pieces); /* should it wait for one */
      g_thread_join (thread);
    }
  g_clear_pointer (&reader.empty, g_async_queue_unref);
  g_clear_pointer (&reader.full, g_async_queue_unref);
  return done;
}
