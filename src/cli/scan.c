/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mematlas -p PID|NAME OUTPUT: one scan, written to a file or to stdout.
 */

#include "config.h"

#include "cli/command.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/target.h"
#include "scan/machine-source.h"

static AtlasSnapshot *
scan (AtlasSource *source, const AtlasOptions *options, AtlasStringPool *pool, GError **error)
{
  gint pid = atlas_target_find (source, options, error);

  if (pid == 0)
    return NULL;
  AtlasScanRequest request = {
    .pid = pid,
    .flags = options->numa ? ATLAS_SCAN_NUMA : 0,
    .pool = pool,
  };
  return atlas_source_scan (source, &request, NULL, error);
}

int
atlas_command_scan (const AtlasOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_auto (AtlasOutput) output = { 0 };

  /* A wrong --format is said before the target is bothered. */
  if (!atlas_output_init (&output, options, &error))
    return atlas_message_error (error);
  g_autoptr (AtlasSource) source = atlas_machine_source_new (options->proc_root, &error);
  if (source == NULL)
    return atlas_message_error (error);

  g_autoptr (AtlasHistory) history = atlas_history_new ();
  g_autoptr (AtlasSnapshot) snapshot =
    scan (source, options, atlas_history_get_pool (history), &error);
  if (snapshot == NULL)
    return atlas_message_error (error);
  atlas_history_add (history, snapshot);

  if (!atlas_output_write (&output, history, &error))
    return atlas_message_error (error);
  return atlas_message_missing (snapshot) ? ATLAS_EXIT_PARTIAL : ATLAS_EXIT_OK;
}
