/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writing to a file or to stdout, with the errors that only a full disk or a closed pipe gives.
 */

#include "config.h"

#include "cli/output.h"
#include "util/error.h"

#include <gio/gunixoutputstream.h>
#include <glib/gi18n.h>
#include <unistd.h>

#define BUFFER_SIZE (64 * 1024)

gboolean
atlas_output_init (AtlasOutput *output, const AtlasOptions *options, GError **error)
{
  output->format = atlas_format_for_output (options->output, options->format, &output->path, error);
  if (output->format == NULL)
    return FALSE;
  if (output->path == NULL && output->format->whole && isatty (STDOUT_FILENO))
    {
      g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_USAGE,
                   _ ("%s is not text: send it to a file or through a pipe, not to a terminal"),
                   output->format->extension);
      return FALSE;
    }
  return TRUE;
}

void
atlas_output_clear (AtlasOutput *output)
{
  g_clear_pointer (&output->path, g_free);
}

/* Says where writing failed, but keeps the kind of error: a broken pipe is passed over later. */
static gboolean
prefix_stdout (GError **error)
{
  g_prefix_error (error, "%s: ", _ ("Writing to standard output failed"));
  return FALSE;
}

gboolean
atlas_output_write (const AtlasOutput *output, AtlasHistory *history, GError **error)
{
  guint last = atlas_history_get_length (history) - 1;

  if (output->path != NULL)
    return atlas_format_save (output->format, history, last, output->path, NULL, error);

  g_autoptr (GOutputStream) raw = g_unix_output_stream_new (STDOUT_FILENO, FALSE);
  g_autoptr (GOutputStream) stream = g_buffered_output_stream_new_sized (raw, BUFFER_SIZE);
  if (!output->format->write (history, last, stream, NULL, error) ||
      !g_output_stream_close (stream, NULL, error))
    return prefix_stdout (error);
  return TRUE;
}

gboolean
atlas_output_print (const char *text, gsize length, GError **error)
{
  g_autoptr (GOutputStream) stream = g_unix_output_stream_new (STDOUT_FILENO, FALSE);

  if (!g_output_stream_write_all (stream, text, length, NULL, NULL, error))
    return prefix_stdout (error);
  return TRUE;
}
