/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Opens the input as a .mmp file: what begins with '{' is read as records, anything else must be
 * gzip. What opens must be saved and opened again with as many snapshots.
 */

#include "config.h"

#include "fuzz.h"

#include "format/exporters-private.h"
#include "format/format.h"

static AtlasHistory *
open_bytes (const void *data, gsize size, GError **error)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (data, (gssize)size, NULL);
  g_auto (AtlasLoadResult) result = { FALSE, NULL };

  return atlas_mmp_load_stream (stream, "fuzz.mmp", NULL, &result, error);
}

static void
open_again (AtlasHistory *history)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;

  if (!atlas_mmp_write (history, 0, stream, NULL, &error))
    g_error ("what was opened cannot be saved: %s", error->message);
  g_output_stream_close (stream, NULL, NULL);
  g_autoptr (GBytes) bytes =
    g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (stream));
  g_autoptr (AtlasHistory) again =
    open_bytes (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);
  if (again == NULL || atlas_history_get_length (again) != atlas_history_get_length (history))
    g_error ("what was saved cannot be opened: %s", error != NULL ? error->message : "too short");
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasHistory) history = open_bytes (data, size, &error);

  if ((history == NULL) == (error == NULL))
    g_error ("an error without failure, or a failure without error");
  if (history != NULL)
    open_again (history);
  return 0;
}
