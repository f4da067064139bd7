/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mematlas -o FILE OUTPUT: a saved file in another format.
 */

#include "config.h"

#include "cli/command.h"
#include "cli/message.h"
#include "cli/output.h"

#include <glib/gi18n.h>

int
atlas_command_convert (const AtlasOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_auto (AtlasOutput) output = { 0 };
  g_auto (AtlasLoadResult) result = { 0 };

  if (!atlas_output_init (&output, options, &error))
    return atlas_message_error (error);
  g_autoptr (AtlasHistory) history =
    atlas_mmp_load (options->input, NULL, NULL, NULL, &result, &error);
  if (history == NULL)
    return atlas_message_error (error);

  g_autofree char *name = g_filename_display_name (options->input);
  guint n_snapshots = atlas_history_get_length (history);
  if (!output.format->whole && n_snapshots > 1)
    atlas_message (_ ("%s holds %u snapshots; %s has room for one: the newest is written"), name,
                   n_snapshots, output.format->extension);
  if (!atlas_output_write (&output, history, &error))
    return atlas_message_error (error);

  if (result.message != NULL)
    atlas_message ("%s: %s", name, result.message);
  /* What was missing when it was scanned is missing in what was written now. */
  gboolean partial = atlas_message_missing (atlas_history_get_last (history));
  return partial || result.truncated ? ATLAS_EXIT_PARTIAL : ATLAS_EXIT_OK;
}
