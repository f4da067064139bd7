/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which process -p and --largest mean.
 */

#include "config.h"

#include "cli/message.h"
#include "cli/target.h"
#include "util/error.h"
#include "util/text.h"

#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

/* Beyond this the list on stderr only says how many more there are, and cuts a command line off. */
#define MAX_LISTED     20
#define MAX_CHARACTERS 80

static AtlasProcess *
find_pid (GPtrArray *processes, gint pid)
{
  for (guint i = 0; i < processes->len; i++)
    {
      AtlasProcess *process = g_ptr_array_index (processes, i);
      if (process->pid == pid)
        return process;
    }
  return NULL;
}

/*
 * Whether @process is there only because we were started: ourselves, and those above us whose
 * command line repeats ours ("sudo mematlas -p NAME", "sh -c 'mematlas -p NAME'").
 */
static gboolean
is_our_own (GPtrArray *processes, const AtlasProcess *process)
{
  if (process->pid == getpid ())
    return TRUE;
  if (process->command_line == NULL || strstr (process->command_line, "mematlas") == NULL)
    return FALSE;

  const AtlasProcess *above = find_pid (processes, getpid ());
  /* A parent is another process at another level: no more steps than there are processes. */
  for (guint i = 0; above != NULL && i < processes->len; i++)
    {
      if (above->pid == process->pid)
        return TRUE;
      above = find_pid (processes, above->parent_pid);
    }
  return FALSE;
}

static GPtrArray *
list_others (AtlasSource *source, const AtlasOptions *options, GError **error)
{
  g_autoptr (GPtrArray) processes = atlas_source_list (source, NULL, error);

  if (processes == NULL)
    return NULL;
  /* The pids of a recorded tree are those of another time. */
  if (options->proc_root != NULL)
    return g_steal_pointer (&processes);

  g_autoptr (GPtrArray) own = g_ptr_array_new ();
  for (guint i = 0; i < processes->len; i++)
    if (is_our_own (processes, g_ptr_array_index (processes, i)))
      g_ptr_array_add (own, g_ptr_array_index (processes, i));
  for (guint i = 0; i < own->len; i++)
    g_ptr_array_remove (processes, g_ptr_array_index (own, i));
  return g_steal_pointer (&processes);
}

static char *
dup_beginning (const char *bytes)
{
  g_autofree char *text = atlas_bytes_dup_display (bytes);

  if (g_utf8_strlen (text, -1) <= MAX_CHARACTERS)
    return g_steal_pointer (&text);
  *g_utf8_offset_to_pointer (text, MAX_CHARACTERS) = '\0';
  return g_strconcat (text, "…", NULL);
}

static void
print_matches (GPtrArray *matches, const char *text)
{
  atlas_message (g_dngettext (GETTEXT_PACKAGE, "%u process matches “%s”; the first is taken:",
                              "%u processes match “%s”; the first is taken:", matches->len),
                 matches->len, text);
  for (guint i = 0; i < matches->len && i < MAX_LISTED; i++)
    {
      const AtlasProcess *process = g_ptr_array_index (matches, i);
      g_autofree char *name = atlas_bytes_dup_display (process->name ? process->name : "?");
      g_autofree char *line = dup_beginning (process->command_line ? process->command_line : "");
      g_printerr ("  %7d  %-15s  %s  %s\n", process->pid, name,
                  process->user != NULL ? process->user : "?", line);
    }
  if (matches->len > MAX_LISTED)
    g_printerr (_ ("  … and %u more\n"), matches->len - MAX_LISTED);
}

static gint
find_by_text (AtlasSource *source, const AtlasOptions *options, GError **error)
{
  g_autofree char *text = atlas_bytes_dup_display (options->process);
  g_autoptr (GPtrArray) processes = list_others (source, options, error);

  if (processes == NULL)
    return 0;
  g_autoptr (GPtrArray) matches = atlas_processes_match (processes, options->process);
  if (matches->len == 0)
    {
      g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_NOT_FOUND,
                   _ ("No process has a name that begins with “%s” or a command line that holds "
                      "it; “mematlas list” shows them all"),
                   text);
      return 0;
    }
  if (matches->len > 1)
    print_matches (matches, text);
  return ((AtlasProcess *)g_ptr_array_index (matches, 0))->pid;
}

static gint
find_largest (AtlasSource *source, const AtlasOptions *options, GError **error)
{
  g_autoptr (GPtrArray) processes = list_others (source, options, error);
  const AtlasProcess *largest = NULL;

  if (processes == NULL)
    return 0;
  for (guint i = 0; i < processes->len; i++)
    {
      const AtlasProcess *process = g_ptr_array_index (processes, i);
      if (process->unreadable == NULL && process->working_set != ATLAS_UNKNOWN &&
          (largest == NULL || process->working_set > largest->working_set))
        largest = process;
    }
  if (largest == NULL)
    {
      g_set_error_literal (
        error, ATLAS_ERROR, ATLAS_ERROR_NOT_FOUND,
        _ ("No process here may be read; run mematlas as root (sudo), or as the user "
           "whose processes are wanted"));
      return 0;
    }
  return largest->pid;
}

gint
atlas_target_find (AtlasSource *source, const AtlasOptions *options, GError **error)
{
  guint64 pid;

  if (options->largest)
    return find_largest (source, options, error);
  if (options->process[strspn (options->process, "0123456789")] != '\0')
    return find_by_text (source, options, error);
  /* A pid needs no list of all the others; whether there is such a process, the scan says. */
  if (g_ascii_string_to_unsigned (options->process, 10, 1, G_MAXINT, &pid, NULL))
    return (gint)pid;
  g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_NOT_FOUND,
               _ ("There is no process %s: pids go from 1 to %d"), options->process, G_MAXINT);
  return 0;
}
