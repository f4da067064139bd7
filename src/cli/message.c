/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the command line says on stderr.
 */

#include "config.h"

#include "cli/message.h"
#include "cli/cli.h"
#include "util/error.h"
#include "util/text.h"

#include <glib/gi18n.h>

void
atlas_message (const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_printerr ("mematlas: %s\n", text);
}

int
atlas_message_error (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE))
    return ATLAS_EXIT_FAILURE;
  atlas_message ("%s", error->message);
  return g_error_matches (error, ATLAS_ERROR, ATLAS_ERROR_USAGE) ? ATLAS_EXIT_USAGE
                                                                 : ATLAS_EXIT_FAILURE;
}

int
atlas_message_usage (const GError *error)
{
  atlas_message ("%s", error->message);
  g_printerr ("%s\n", _ ("“mematlas --help” says what it understands."));
  return ATLAS_EXIT_USAGE;
}

char *
atlas_process_dup_title (const AtlasProcess *process)
{
  if (process->name == NULL)
    return g_strdup_printf (_ ("Process %d"), process->pid);
  g_autofree char *name = atlas_bytes_dup_display (process->name);
  /* Translators: a PID and the name of the process */
  return g_strdup_printf (_ ("Process %d (%s)"), process->pid, name);
}

gboolean
atlas_message_missing (const AtlasSnapshot *snapshot)
{
  const GPtrArray *missing = atlas_snapshot_get_missing (snapshot);

  if (missing == NULL || missing->len == 0)
    return FALSE;
  g_autofree char *title = atlas_process_dup_title (atlas_snapshot_get_process (snapshot));
  for (guint i = 0; i < missing->len; i++)
    {
      const AtlasMissing *entry = g_ptr_array_index (missing, i);
      /* Translators: process, what could not be read, why */
      atlas_message (_ ("%s: not read: %s: %s"), title, entry->what, entry->why);
    }
  return TRUE;
}
