/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether the memory map of a process may be read, and in words why not and what helps. The kernel
 * is asked by opening, never guessed from user ids. Owns nothing, any thread.
 */

#include "config.h"

#include "scan/access.h"

#include "util/error.h"
#include "util/text.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <unistd.h>

static char *
dup_name (const AtlasProcess *process)
{
  return atlas_bytes_dup_display (process->name != NULL ? process->name : "?");
}

static void
set_refused_error (AtlasProcfs *procfs, const AtlasProcess *process, GError **error)
{
  g_autofree char *name = dup_name (process);

  if (!atlas_procfs_is_live (procfs))
    g_set_error (
      error, ATLAS_ERROR, ATLAS_ERROR_PERMISSION,
      _ ("The recorded memory map of process %d (%s) may not be read: check the rights of "
         "the files in “%s”"),
      process->pid, name, atlas_procfs_get_path (procfs));
  else if (geteuid () == 0)
    g_set_error (
      error, ATLAS_ERROR, ATLAS_ERROR_PERMISSION,
      _ ("Process %d (%s) may not be read even by this root user: it has rights that "
         "this one lacks (CAP_SYS_PTRACE in the user namespace of the process is needed), "
         "as is usual in a container, or a security module forbids it. Run mematlas as "
         "root outside of the container"),
      process->pid, name);
  else if (process->uid == 0)
    g_set_error (
      error, ATLAS_ERROR, ATLAS_ERROR_PERMISSION,
      _ ("Process %d (%s) belongs to root: reading its memory map needs the right to trace it. Run "
         "mematlas as root (sudo), or give it the capability CAP_SYS_PTRACE (since Linux 6.15, "
         "CAP_PERFMON is enough): sudo setcap cap_sys_ptrace=ep $(command -v mematlas)"),
      process->pid, name);
  else if (process->uid != geteuid ())
    {
      g_autofree char *owner = process->user != NULL ? atlas_bytes_dup_display (process->user)
                                                     : g_strdup_printf ("%u", process->uid);
      g_set_error (
        error, ATLAS_ERROR, ATLAS_ERROR_PERMISSION,
        _ ("Process %d (%s) belongs to user %s: reading its memory map needs the right "
           "to trace it. Run mematlas as %s or as root (sudo), or give it the capability "
           "CAP_SYS_PTRACE (since Linux 6.15, CAP_PERFMON is enough): "
           "sudo setcap cap_sys_ptrace=ep $(command -v mematlas)"),
        process->pid, name, owner, owner);
    }
  else
    g_set_error (
      error, ATLAS_ERROR, ATLAS_ERROR_PERMISSION,
      _ ("Process %d (%s) is yours but protected from being traced: it has higher rights "
         "than its user, asked for it (not dumpable), lives in another user namespace, or "
         "a security module forbids it. Run mematlas as root (sudo), or give it the "
         "capability CAP_SYS_PTRACE (since Linux 6.15, CAP_PERFMON is enough): "
         "sudo setcap cap_sys_ptrace=ep $(command -v mematlas)"),
      process->pid, name);
}

void
atlas_access_set_no_process_error (AtlasProcfs *procfs, gint pid, GError **error)
{
  if (!atlas_procfs_is_live (procfs))
    g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_GONE,
                 _ ("There is no process %d in the recorded tree “%s”"), pid,
                 atlas_procfs_get_path (procfs));
  else if (atlas_procfs_has_own_pids (procfs) && pid > 0 && (kill (pid, 0) == 0 || errno == EPERM))
    g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_PERMISSION,
                 _ ("Process %d exists but is hidden from you (/proc is mounted with hidepid): run "
                    "mematlas as root (sudo), or join the group that the mount option gid= names"),
                 pid);
  else
    g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_GONE,
                 _ ("There is no process %d: it has ended, or never was"), pid);
}

/* Opens @name of the process; says in @error why not, unless the file merely does not exist. */
static int
open_file (AtlasProcfs *procfs, const AtlasProcess *process, gint files, const char *name,
           GError **error)
{
  g_autofree char *path = g_strdup_printf ("%d/%s", files, name);
  int fd = atlas_procfs_openat (procfs, path);

  if (fd >= 0)
    return fd;
  switch (errno)
    {
    case ENOENT:
      break;
    case EACCES:
    case EPERM:
      set_refused_error (procfs, process, error);
      break;
    case ESRCH:
      atlas_access_set_no_process_error (procfs, process->pid, error);
      break;
    default:
      g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_IO, "%s/%s: %s", atlas_procfs_get_path (procfs),
                   path, atlas_procfs_explain (procfs, errno));
      break;
    }
  return -1;
}

int
atlas_access_open_map (AtlasProcfs *procfs, const AtlasProcess *process, gint files,
                       gboolean *out_smaps, GError **error)
{
  g_autofree char *shown = dup_name (process);

  if (process->kernel_thread)
    {
      g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_UNSUPPORTED,
                   _ ("Process %d (%s) is a kernel thread: it has no memory of its own"),
                   process->pid, shown);
      return -1;
    }
  if (process->state == 'Z' || process->state == 'X' || process->state == 'x')
    {
      g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_UNSUPPORTED,
                   _ ("Process %d (%s) has ended (zombie, not yet collected by its parent %d): its "
                      "memory is gone"),
                   process->pid, shown, process->parent_pid);
      return -1;
    }

  GError *refused = NULL;
  int fd = open_file (procfs, process, files, "smaps", &refused);
  *out_smaps = fd >= 0;
  if (fd >= 0)
    return fd;

  /* A kernel without CONFIG_PROC_PAGE_MONITOR or a lean recording has maps only. */
  fd = open_file (procfs, process, files, "maps", refused == NULL ? &refused : NULL);
  if (fd >= 0)
    g_clear_error (&refused);
  else if (refused != NULL)
    g_propagate_error (error, refused);
  else
    atlas_access_set_no_process_error (procfs, process->pid, error);
  return fd;
}
