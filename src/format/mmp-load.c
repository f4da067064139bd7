/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Opening and appending: the file around what mmp-input.c inflates and mmp-reader.c reads. No state
 * between calls; any thread.
 */

#include "config.h"

#include "format/format.h"

#include "format/file-error-private.h"
#include "format/file-guard-private.h"
#include "format/mmp-private.h"
#include "util/error.h"
#include "util/fd.h"
#include "util/text.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

/* Inflated bytes that are asked for at once. */
#define PIECE_SIZE (256 * 1024)

typedef struct
{
  AtlasMmpReader *reader;
  AtlasMmpInput *input;
  GByteArray *line; /* the bytes behind the last line feed */
  guint64 n_lines;
  gboolean torn;
  void (*progress) (double fraction, gpointer data);
  gpointer progress_data;
  guint64 size;     /* of the file; 0: not known */
  guint64 reported; /* position of the last progress */
} Load;

void
atlas_load_result_clear (AtlasLoadResult *result)
{
  g_clear_pointer (&result->message, g_free);
  result->truncated = FALSE;
}

static gboolean
prefix_line (guint64 line, GError **error)
{
  g_return_val_if_fail (error != NULL && *error != NULL, FALSE);
  if (g_error_matches (*error, ATLAS_ERROR, ATLAS_ERROR_IO) ||
      g_error_matches (*error, ATLAS_ERROR, ATLAS_ERROR_CANCELLED))
    return FALSE;
  /* Translators: %s is the number of a line; what is wrong with it follows */
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, line);
  g_prefix_error (error, _ ("line %s: "), number);
  return FALSE;
}

static gboolean
take_line (Load *load, const char *line, gsize length, GError **error)
{
  load->n_lines++;
  return atlas_mmp_reader_take_line (load->reader, line, length, error) ||
         prefix_line (load->n_lines, error);
}

/* Hands on every line that @load->line now holds. */
static gboolean
take_lines (Load *load, GError **error)
{
  char *from = (char *)load->line->data;
  gsize left = load->line->len;

  while (left > 0)
    {
      char *feed = memchr (from, '\n', left);
      if (feed == NULL)
        break;
      *feed = '\0';
      if (!take_line (load, from, (gsize)(feed - from), error))
        return FALSE;
      left -= (gsize)(feed - from) + 1;
      from = feed + 1;
    }
  if (left > ATLAS_MMP_MAX_LINE)
    {
      g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_LIMIT, _ ("longer than %u bytes"),
                   ATLAS_MMP_MAX_LINE);
      return prefix_line (load->n_lines + 1, error);
    }
  if (left < load->line->len)
    g_byte_array_remove_range (load->line, 0, load->line->len - (guint)left);
  return TRUE;
}

/* Never goes back, though the input does where it looks for what follows a tear. */
static void
report_progress (Load *load)
{
  guint64 position = MIN (atlas_mmp_input_get_position (load->input), load->size);

  if (load->progress == NULL || position <= load->reported)
    return;
  load->reported = position;
  load->progress ((double)position / (double)load->size, load->progress_data);
}

static void
note_torn (Load *load)
{
  load->torn = TRUE;
  g_byte_array_set_size (load->line, 0);
  atlas_mmp_reader_break (load->reader);
}

/* Takes the lines; one that cannot be read may be what lies behind a tear. */
static gboolean
take_lines_or_skip (Load *load, GError **error)
{
  g_autoptr (GError) line_error = NULL;

  if (take_lines (load, &line_error))
    return TRUE;
  if (g_error_matches (line_error, ATLAS_ERROR, ATLAS_ERROR_FORMAT) &&
      atlas_mmp_input_skip_part (load->input))
    {
      note_torn (load);
      return TRUE;
    }
  g_propagate_error (error, g_steal_pointer (&line_error));
  return FALSE;
}

/* Returns FALSE on an error; *out_done is set at the end of the input. */
static gboolean
load_piece (Load *load, gboolean *out_done, GError **error)
{
  guint before = load->line->len;
  gsize length;

  g_byte_array_set_size (load->line, before + PIECE_SIZE);
  AtlasMmpInputStatus status = atlas_mmp_input_read (load->input, (char *)load->line->data + before,
                                                     PIECE_SIZE, &length, error);
  g_byte_array_set_size (load->line, before + (guint)length);
  switch (status)
    {
    case ATLAS_MMP_INPUT_DATA:
      return length == 0 || take_lines_or_skip (load, error);
    case ATLAS_MMP_INPUT_TORN:
      note_torn (load);
      *out_done = atlas_mmp_input_is_finished (load->input);
      return TRUE;
    case ATLAS_MMP_INPUT_END:
      *out_done = TRUE;
      return TRUE;
    case ATLAS_MMP_INPUT_ERROR:
    default:
      return prefix_line (load->n_lines + 1, error);
    }
}

static gboolean
load_all (Load *load, GCancellable *cancellable, GError **error)
{
  gboolean done = FALSE;

  while (!done)
    {
      if (atlas_set_error_if_cancelled (g_cancellable_is_cancelled (cancellable), error))
        return FALSE;
      if (!load_piece (load, &done, error))
        return FALSE;
      report_progress (load);
    }
  /* Bytes behind the last line feed are a record that was not written to its end. */
  if (load->line->len > 0)
    load->torn = TRUE;
  return TRUE;
}

static AtlasHistory *
finish_load (Load *load, AtlasLoadResult *out_result, GError **error)
{
  AtlasHistory *history = atlas_mmp_reader_get_history (load->reader);
  guint n = atlas_history_get_length (history);
  gboolean truncated = load->torn || atlas_mmp_reader_is_incomplete (load->reader);

  if (n == 0)
    {
      g_set_error_literal (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT,
                           truncated ? _ ("the file breaks off before the end of its first "
                                          "snapshot: save it anew")
                                     : _ ("there is no snapshot in the file"));
      prefix_line (load->n_lines + 1, error);
      return NULL;
    }
  if (out_result != NULL)
    {
      out_result->truncated = truncated;
      if (truncated)
        out_result->message = g_strdup_printf (
          ngettext ("The file is incomplete, as after a crash while it was written: %u whole "
                    "snapshot was opened, what was not whole is left out.",
                    "The file is incomplete, as after a crash while it was written: %u whole "
                    "snapshots were opened, what was not whole is left out.",
                    n),
          n);
    }
  return atlas_history_ref (history);
}

static AtlasHistory *
load_stream (GInputStream *stream, const char *name, guint64 size,
             void (*progress) (double fraction, gpointer data), gpointer progress_data,
             GCancellable *cancellable, AtlasLoadResult *out_result, GError **error)
{
  g_autoptr (AtlasMmpReader) reader = atlas_mmp_reader_new ();
  g_autoptr (AtlasMmpInput) input = atlas_mmp_input_new (stream, cancellable);
  g_autoptr (GByteArray) line = g_byte_array_new ();
  Load load = {
    .reader = reader,
    .input = input,
    .line = line,
    .size = size,
    .progress = progress,
    .progress_data = progress_data,
  };
  AtlasHistory *history = NULL;

  if (out_result != NULL)
    *out_result = (AtlasLoadResult){ FALSE, NULL };
  if (load_all (&load, cancellable, error))
    history = finish_load (&load, out_result, error);
  if (history == NULL)
    atlas_file_prefix_error (error, name);
  return history;
}

AtlasHistory *
atlas_mmp_load_stream (GInputStream *stream, const char *name, GCancellable *cancellable,
                       AtlasLoadResult *out_result, GError **error)
{
  return load_stream (stream, name, 0, NULL, NULL, cancellable, out_result, error);
}

AtlasHistory *
atlas_mmp_load (const char *path, void (*progress) (double fraction, gpointer data),
                gpointer progress_data, GCancellable *cancellable, AtlasLoadResult *out_result,
                GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) open_error = NULL;
  struct stat status = { 0 };

  if (stat (path, &status) != 0 || S_ISDIR (status.st_mode))
    {
      atlas_file_set_errno (error, path, S_ISDIR (status.st_mode) ? EISDIR : errno);
      return NULL;
    }
  /* One that can seek: what was appended behind a torn part must be searched for. */
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, &open_error);
  if (stream == NULL)
    {
      g_propagate_error (error, atlas_file_error_new_from_gio (open_error));
      atlas_file_prefix_error (error, path);
      return NULL;
    }
  return load_stream (G_INPUT_STREAM (stream), path,
                      S_ISREG (status.st_mode) ? (guint64)status.st_size : 0, progress,
                      progress_data, cancellable, out_result, error);
}

/* Opens @path for appending, locked against another program that does the same. */
static int
open_for_append (const char *path, goffset *out_size, GError **error)
{
  atlas_autofd fd = open (path, O_RDWR | O_APPEND | O_CLOEXEC | O_NOCTTY);
  struct stat status;
  guchar magic[2];

  if (fd < 0 || fstat (fd, &status) != 0)
    {
      atlas_file_set_errno (error, path, errno);
      return -1;
    }
  g_autofree char *name = atlas_bytes_dup_display (path);
  if (flock (fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    {
      g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_IO,
                   _ ("%s: another program is writing to the file: save under another name"), name);
      return -1;
    }
  if (!S_ISREG (status.st_mode) || pread (fd, magic, sizeof magic, 0) != sizeof magic ||
      magic[0] != 0x1f || magic[1] != 0x8b)
    {
      g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT,
                   _ ("%s: nothing can be appended, for this is not a compressed file of Memory "
                      "Atlas snapshots: save under another name"),
                   name);
      return -1;
    }
  *out_size = status.st_size;
  return atlas_fd_steal (&fd);
}

gboolean
atlas_mmp_append (AtlasHistory *history, guint first, const char *path, GCancellable *cancellable,
                  GError **error)
{
  g_auto (AtlasFileGuard) guard = atlas_file_guard_begin ();
  goffset size;

  if (first >= atlas_history_get_length (history))
    return TRUE;
  atlas_autofd fd = open_for_append (path, &size, error);
  if (fd < 0)
    return FALSE;

  g_autoptr (GOutputStream) stream = g_unix_output_stream_new (fd, FALSE);
  gboolean written = atlas_mmp_write_part (history, first, stream, cancellable, error);
  if (!written)
    atlas_file_prefix_error (error, path);
  else if (fsync (fd) != 0 && errno != EINVAL && errno != ENOTSUP)
    {
      atlas_file_set_errno (error, path, errno);
      written = FALSE;
    }
  /* What was not written whole is taken back; where even that fails, opening skips it. */
  if (!written && ftruncate (fd, size) != 0)
    g_debug ("%s could not be cut to its former size: %s", path, g_strerror (errno));
  return written;
}
