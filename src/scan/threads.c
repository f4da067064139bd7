/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The threads of a process: names, and hints at where their stacks are. The returned array owns the
 * names. A thread that ends meanwhile is left out.
 */

#include "config.h"

#include "scan/threads.h"

#include "scan/scan-limits.h"
#include "scan/proc-stat.h"
#include "scan/scene.h"

#include <sys/syscall.h>
#include <unistd.h>

static void
clear_thread (gpointer data)
{
  g_free (((AtlasSceneThread *)data)->name);
}

static char *
read_name (AtlasProcfs *procfs, gint pid, gint tid)
{
  g_autofree char *path = g_strdup_printf ("task/%d/comm", tid);
  gsize length;
  char *name = atlas_procfs_read (procfs, pid, path, ATLAS_LIMIT_SMALL_FILE, &length, NULL);

  if (name != NULL && length > 0 && name[length - 1] == '\n')
    name[length - 1] = '\0';
  return name;
}

static guint64
read_stack_pointer (AtlasProcfs *procfs, gint pid, gint tid)
{
  g_autofree char *path = g_strdup_printf ("task/%d/syscall", tid);
  gsize length;
  g_autofree char *text =
    atlas_procfs_read (procfs, pid, path, ATLAS_LIMIT_SMALL_FILE, &length, NULL);

  return text != NULL ? atlas_proc_syscall_parse (text, length) : 0;
}

/* The C library registers a list that lies in the thread's control block, so this works for a
 * thread on a CPU as well, of which the kernel does not tell the stack pointer. */
static guint64
get_robust_list_address (gint tid)
{
  void *head = NULL;
  gsize length = 0;

  if (syscall (SYS_get_robust_list, tid, &head, &length) != 0)
    return 0;
  return (guint64)(guintptr)head;
}

GArray *
atlas_threads_read (AtlasProcfs *procfs, gint pid, GCancellable *cancellable, char **out_why)
{
  GArray *threads = g_array_new (FALSE, TRUE, sizeof (AtlasSceneThread));
  g_array_set_clear_func (threads, clear_thread);

  g_autofree char *path = g_strdup_printf ("%d/task", pid);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) ids = atlas_procfs_list_ids (procfs, path, &error);
  if (ids == NULL)
    {
      *out_why = g_strdup (error->message);
      return threads;
    }

  gboolean own_pids = atlas_procfs_has_own_pids (procfs);
  for (guint i = 0; i < ids->len && !g_cancellable_is_cancelled (cancellable); i++)
    {
      gint tid = g_array_index (ids, gint, i);
      AtlasSceneThread thread = { .tid = tid, .name = read_name (procfs, pid, tid) };
      /* A live thread has a name; in a recording it may have been left out. */
      if (thread.name == NULL && atlas_procfs_is_live (procfs))
        continue;
      thread.stack_pointer = read_stack_pointer (procfs, pid, tid);
      if (own_pids)
        thread.robust_list = get_robust_list_address (tid);
      g_array_append_val (threads, thread);
    }
  return threads;
}
