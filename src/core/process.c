/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Facts about a process, and the search by name of the command line.
 */

#include "config.h"

#include "core/process.h"

#include "core/figures.h"

#include <string.h>

AtlasProcess *
atlas_process_new (void)
{
  AtlasProcess *process = g_new0 (AtlasProcess, 1);

  process->uid = G_MAXUINT32;
  process->private_bytes = ATLAS_UNKNOWN;
  process->working_set = ATLAS_UNKNOWN;
  return process;
}

AtlasProcess *
atlas_process_copy (const AtlasProcess *process)
{
  AtlasProcess *copy = g_memdup2 (process, sizeof *process);

  copy->name = g_strdup (process->name);
  copy->command_line = g_strdup (process->command_line);
  copy->executable = g_strdup (process->executable);
  copy->user = g_strdup (process->user);
  copy->cgroup = g_strdup (process->cgroup);
  copy->architecture = g_strdup (process->architecture);
  copy->unreadable = g_strdup (process->unreadable);
  return copy;
}

void
atlas_process_free (AtlasProcess *process)
{
  if (process == NULL)
    return;
  g_free (process->name);
  g_free (process->command_line);
  g_free (process->executable);
  g_free (process->user);
  g_free (process->cgroup);
  g_free (process->architecture);
  g_free (process->unreadable);
  g_free (process);
}

/* The kernel cuts comm at 15 bytes: a longer text is compared with the executable's name as well.
 */
static gboolean
name_begins_with (const AtlasProcess *process, const char *text)
{
  if (process->name != NULL && g_str_has_prefix (process->name, text))
    return TRUE;
  if (process->executable == NULL)
    return FALSE;
  const char *slash = strrchr (process->executable, '/');
  return g_str_has_prefix (slash != NULL ? slash + 1 : process->executable, text);
}

static gboolean
command_line_holds (const AtlasProcess *process, const char *text)
{
  return process->command_line != NULL && strstr (process->command_line, text) != NULL;
}

GPtrArray *
atlas_processes_match (GPtrArray *processes, const char *text)
{
  GPtrArray *matches = g_ptr_array_new ();
  guint64 pid;

  if (*text == '\0')
    return matches;
  if (g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT, &pid, NULL))
    {
      for (guint i = 0; i < processes->len; i++)
        if (((AtlasProcess *)processes->pdata[i])->pid == (gint)pid)
          g_ptr_array_add (matches, processes->pdata[i]);
      return matches;
    }
  for (guint i = 0; i < processes->len; i++)
    if (name_begins_with (processes->pdata[i], text))
      g_ptr_array_add (matches, processes->pdata[i]);
  if (matches->len > 0)
    return matches;
  for (guint i = 0; i < processes->len; i++)
    if (command_line_holds (processes->pdata[i], text))
      g_ptr_array_add (matches, processes->pdata[i]);
  return matches;
}
