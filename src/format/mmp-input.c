/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bytes of a .mmp file, inflated: one gzip member after another. Where one breaks off and another
 * was appended behind it, goes on there. A file that begins with '{' was unpacked by somebody and
 * is read as it is. Borrows the stream; one thread.
 */

#include "config.h"

#include "format/mmp-private.h"

#include "format/file-error-private.h"
#include "util/error.h"

#include <glib/gi18n.h>
#include <string.h>

#define RAW_SIZE (64 * 1024)

/* Bytes given to the inflater at once: so exactly is known where it found damage. */
#define STEP_SIZE (16 * 1024)

/* Places that look like the beginning of a part but are none, before the search is given up. */
#define MAX_CANDIDATES 1000

/* Zeros at the end of a file that a whole member cannot end in. */
#define MIN_ZEROS 16

/* What GZlibCompressor begins a member with: magic, deflate, no flags. */
static const guchar member_magic[4] = { 0x1f, 0x8b, 0x08, 0x00 };

typedef enum
{
  STATE_START,   /* at the beginning of the file */
  STATE_PLAIN,   /* not compressed */
  STATE_MEMBER,  /* inside of a member */
  STATE_BETWEEN, /* behind a member */
  STATE_END,
} State;

struct _AtlasMmpInput
{
  GInputStream *stream;
  GCancellable *cancellable;
  GConverter *inflater;
  State state;
  guchar raw[RAW_SIZE];
  gsize begin, end;    /* what of raw was not used yet */
  gboolean at_end;     /* the stream gives no more */
  guint64 position;    /* in the file, of raw[begin] */
  guint64 member;      /* where the present member began */
  guint64 inflated;    /* all that was given out */
  guint64 from_member; /* of that, of the present member */
  guint64 passed_over; /* bytes of the present member to be inflated again but not given out */
  guint64 careful;     /* from this position on one byte at a time; G_MAXUINT64: nowhere */
};

AtlasMmpInput *
atlas_mmp_input_new (GInputStream *stream, GCancellable *cancellable)
{
  AtlasMmpInput *input = g_new0 (AtlasMmpInput, 1);

  input->stream = stream;
  input->careful = G_MAXUINT64;
  input->cancellable = cancellable;
  input->inflater = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  return input;
}

void
atlas_mmp_input_free (AtlasMmpInput *input)
{
  g_object_unref (input->inflater);
  g_free (input);
}

gboolean
atlas_mmp_input_is_finished (AtlasMmpInput *input)
{
  return input->state == STATE_END;
}

guint64
atlas_mmp_input_get_position (AtlasMmpInput *input)
{
  return input->position;
}

/* Makes at least @wanted bytes of raw available unless the stream ends before. */
static gboolean
fill (AtlasMmpInput *input, gsize wanted, GError **error)
{
  while (input->end - input->begin < wanted && !input->at_end)
    {
      g_autoptr (GError) read_error = NULL;
      memmove (input->raw, input->raw + input->begin, input->end - input->begin);
      input->end -= input->begin;
      input->begin = 0;
      gssize n = g_input_stream_read (input->stream, input->raw + input->end, RAW_SIZE - input->end,
                                      input->cancellable, &read_error);
      if (n < 0)
        {
          g_propagate_error (error, atlas_file_error_new_from_gio (read_error));
          return FALSE;
        }
      input->at_end = n == 0;
      input->end += (gsize)n;
    }
  return TRUE;
}

static void
use (AtlasMmpInput *input, gsize n)
{
  input->begin += n;
  input->position += n;
}

static gboolean
go_to (AtlasMmpInput *input, guint64 position, GError **error)
{
  g_autoptr (GError) seek_error = NULL;

  if (!g_seekable_seek (G_SEEKABLE (input->stream), (goffset)position, G_SEEK_SET,
                        input->cancellable, &seek_error))
    {
      g_propagate_error (error, atlas_file_error_new_from_gio (seek_error));
      return FALSE;
    }
  input->begin = input->end = 0;
  input->at_end = FALSE;
  input->position = position;
  return TRUE;
}

/* Whether what is in raw begins a part: a member whose first bytes are those of a header. */
static gboolean
begins_part (AtlasMmpInput *input)
{
  static const char header[] = ATLAS_MMP_FOREIGN_HEADER;
  char out[sizeof header - 1];
  gsize used, written;
  g_autoptr (GConverter) inflater =
    G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  gsize filled = 0;
  const guchar *at = input->raw + input->begin;
  gsize left = MIN (input->end - input->begin, 4096);

  while (filled < sizeof out)
    {
      GConverterResult result =
        g_converter_convert (inflater, at, left, out + filled, sizeof out - filled,
                             G_CONVERTER_NO_FLAGS, &used, &written, NULL);
      if (result != G_CONVERTER_CONVERTED)
        return FALSE;
      at += used;
      left -= used;
      filled += written;
    }
  return memcmp (out, header, sizeof out) == 0;
}

/* The next place from the present position on, up to @limit, that looks like the magic; raw is
 * filled from there. */
static gboolean
find_magic (AtlasMmpInput *input, guint64 limit, gboolean *out_found, GError **error)
{
  *out_found = FALSE;
  while (input->position <= limit)
    {
      if (!fill (input, sizeof member_magic, error))
        return FALSE;
      gsize n = input->end - input->begin;
      if (n < sizeof member_magic)
        return TRUE;
      const guchar *from = input->raw + input->begin;
      const guchar *hit = memmem (from, n, member_magic, sizeof member_magic);
      if (hit == NULL)
        {
          use (input, n - sizeof member_magic + 1);
          continue;
        }
      use (input, (gsize)(hit - from));
      if (!fill (input, 4096, error))
        return FALSE;
      *out_found = input->position <= limit;
      return TRUE;
    }
  return TRUE;
}

static gboolean
can_seek (AtlasMmpInput *input)
{
  return G_IS_SEEKABLE (input->stream) && g_seekable_can_seek (G_SEEKABLE (input->stream));
}

/* After damage was found not later than at @limit: a part that was appended behind a torn one must
 * begin before that, else the data itself is damaged. */
static gboolean
find_next_part (AtlasMmpInput *input, guint64 limit, gboolean *out_found, GError **error)
{
  *out_found = FALSE;
  if (!can_seek (input))
    return TRUE;
  if (!go_to (input, input->member + 1, error))
    return FALSE;
  for (guint i = 0; i < MAX_CANDIDATES; i++)
    {
      gboolean found;
      if (!find_magic (input, limit, &found, error))
        return FALSE;
      if (!found)
        return TRUE;
      if (begins_part (input))
        {
          *out_found = TRUE;
          return TRUE;
        }
      use (input, 1);
    }
  return TRUE;
}

static void
begin_member (AtlasMmpInput *input)
{
  g_converter_reset (input->inflater);
  input->member = input->position;
  input->from_member = input->passed_over = 0;
  input->careful = G_MAXUINT64;
  input->state = STATE_MEMBER;
}

static AtlasMmpInputStatus
set_damaged (GError **error)
{
  g_set_error_literal (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT,
                       _ ("the compressed data is damaged: copy the file anew from where it came "
                          "from"));
  return ATLAS_MMP_INPUT_ERROR;
}

/* Whether the file ends in zeros that begin not later than at @limit, as where a power cut came
 * between the growing of the file and the writing of its data. Leaves the position at the end. */
static gboolean
ends_in_zeros (AtlasMmpInput *input, guint64 limit, gboolean *out_zeros, GError **error)
{
  guint64 last = 0; /* behind the last byte that is not zero */

  *out_zeros = FALSE;
  if (can_seek (input) && !go_to (input, input->member, error))
    return FALSE;
  while (last <= limit)
    {
      if (!fill (input, 1, error))
        return FALSE;
      gsize n = input->end - input->begin;
      if (n == 0)
        break;
      for (gsize i = 0; i < n; i++)
        if (input->raw[input->begin + i] != 0)
          last = input->position + i + 1;
      use (input, n);
    }
  *out_zeros = last <= limit && input->position >= last + MIN_ZEROS;
  return TRUE;
}

/* The present member cannot be inflated any further. */
static AtlasMmpInputStatus
end_torn (AtlasMmpInput *input, gboolean at_end, gsize step, GError **error)
{
  guint64 limit = input->position + step;
  gboolean found;

  if (!find_next_part (input, limit, &found, error))
    return ATLAS_MMP_INPUT_ERROR;
  if (!found && !at_end && !ends_in_zeros (input, limit, &at_end, error))
    return ATLAS_MMP_INPUT_ERROR;
  if (found)
    begin_member (input);
  else if (at_end)
    input->state = STATE_END;
  else
    return set_damaged (error);
  return ATLAS_MMP_INPUT_TORN;
}

/* A member begins here, or nothing does: the rest of an append that hardly began, or the zeros a
 * power cut left. */
static AtlasMmpInputStatus
begin_next (AtlasMmpInput *input, gboolean first, GError **error)
{
  if (!fill (input, 2, error))
    return ATLAS_MMP_INPUT_ERROR;
  gsize n = input->end - input->begin;
  const guchar *raw = input->raw + input->begin;

  if (n == 0 && !first)
    {
      input->state = STATE_END;
      return ATLAS_MMP_INPUT_END;
    }
  if (n >= 1 && raw[0] == member_magic[0] && (n == 1 || raw[1] == member_magic[1]))
    {
      begin_member (input);
      return ATLAS_MMP_INPUT_DATA;
    }
  if (first && n >= 1 && raw[0] == '{')
    {
      input->state = STATE_PLAIN;
      return ATLAS_MMP_INPUT_DATA;
    }
  input->state = STATE_END;
  if (!first)
    {
      input->member = input->position;
      input->state = STATE_MEMBER;
      return end_torn (input, FALSE, MIN (n, STEP_SIZE), error);
    }
  g_set_error_literal (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT,
                       n == 0 ? _ ("the file is empty")
                              : _ ("this is not a file of Memory Atlas snapshots"));
  return ATLAS_MMP_INPUT_ERROR;
}

static AtlasMmpInputStatus
read_plain (AtlasMmpInput *input, char *out, gsize size, gsize *out_length, GError **error)
{
  if (!fill (input, 1, error))
    return ATLAS_MMP_INPUT_ERROR;
  gsize n = MIN (input->end - input->begin, size);
  if (n == 0)
    {
      input->state = STATE_END;
      return ATLAS_MMP_INPUT_END;
    }
  memcpy (out, input->raw + input->begin, n);
  use (input, n);
  *out_length = n;
  return ATLAS_MMP_INPUT_DATA;
}

static gboolean
count_inflated (AtlasMmpInput *input, gsize n, GError **error)
{
  input->inflated += n;
  if (input->inflated <= ATLAS_MMP_FREE_INFLATED ||
      (input->inflated <= ATLAS_MMP_MAX_INFLATED &&
       input->inflated / ATLAS_MMP_MAX_RATIO <= input->position))
    return TRUE;
  g_set_error_literal (error, ATLAS_ERROR, ATLAS_ERROR_LIMIT,
                       _ ("the file unpacks to far more than any snapshots do: it is not one of "
                          "Memory Atlas"));
  return FALSE;
}

/* The inflater keeps what it had found in the piece before the damage to itself. So the member is
 * inflated once more, and from that piece on byte by byte. */
static AtlasMmpInputStatus
begin_again (AtlasMmpInput *input, GError **error)
{
  guint64 given = input->from_member;
  guint64 position = input->position;

  if (!go_to (input, input->member, error))
    return ATLAS_MMP_INPUT_ERROR;
  begin_member (input);
  input->passed_over = given;
  input->careful = position;
  return ATLAS_MMP_INPUT_DATA;
}

/* Drops what was given out before, where a member is inflated for the second time. */
static gsize
pass_over (AtlasMmpInput *input, char *out, gsize n)
{
  gsize again = MIN (input->passed_over, n);

  input->passed_over -= again;
  input->from_member += n;
  memmove (out, out + again, n - again);
  return n - again;
}

static AtlasMmpInputStatus
read_member (AtlasMmpInput *input, char *out, gsize size, gsize *out_length, GError **error)
{
  gsize used, written;
  g_autoptr (GError) convert_error = NULL;

  if (!fill (input, 1, error))
    return ATLAS_MMP_INPUT_ERROR;
  gsize step = MIN (input->end - input->begin, STEP_SIZE);
  if (step == 0)
    return end_torn (input, TRUE, 0, error);
  if (input->position >= input->careful)
    step = 1;
  else
    step = MIN (step, input->careful - input->position);
  GConverterResult result =
    g_converter_convert (input->inflater, input->raw + input->begin, step, out, size,
                         G_CONVERTER_NO_FLAGS, &used, &written, &convert_error);
  if (result == G_CONVERTER_ERROR)
    {
      if (!g_error_matches (convert_error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
        return step > 1 && can_seek (input) ? begin_again (input, error)
                                            : end_torn (input, FALSE, step, error);
      /* A few bytes that give nothing yet. */
      used = step;
      written = 0;
    }
  use (input, used);
  *out_length = pass_over (input, out, written);
  if (result == G_CONVERTER_FINISHED)
    input->state = STATE_BETWEEN;
  return count_inflated (input, written, error) ? ATLAS_MMP_INPUT_DATA : ATLAS_MMP_INPUT_ERROR;
}

gboolean
atlas_mmp_input_skip_part (AtlasMmpInput *input)
{
  guint64 limit = input->position;
  gboolean found;

  if (input->state == STATE_PLAIN || input->state == STATE_START ||
      !find_next_part (input, limit, &found, NULL))
    return FALSE;
  if (found)
    begin_member (input);
  else if (ends_in_zeros (input, limit, &found, NULL))
    input->state = STATE_END;
  return found;
}

AtlasMmpInputStatus
atlas_mmp_input_read (AtlasMmpInput *input, char *out, gsize size, gsize *out_length,
                      GError **error)
{
  *out_length = 0;
  switch (input->state)
    {
    case STATE_START:
    case STATE_BETWEEN:
      return begin_next (input, input->state == STATE_START, error);
    case STATE_PLAIN:
      return read_plain (input, out, size, out_length, error);
    case STATE_MEMBER:
      return read_member (input, out, size, out_length, error);
    case STATE_END:
    default:
      return ATLAS_MMP_INPUT_END;
    }
}
