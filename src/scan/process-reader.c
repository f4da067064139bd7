/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Facts of a process from the small files of /proc/PID. Names of users are looked up once: that may
 * ask a server. A mutex guards this cache; the rest is immutable, so any thread may read.
 */

#include "config.h"

#include "scan/process-reader.h"

#include "core/figures.h"
#include "scan/access.h"
#include "scan/digits.h"
#include "scan/elf-kind.h"
#include "scan/scan-limits.h"
#include "scan/proc-stat.h"
#include "util/error.h"
#include "util/fd.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <pwd.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#define KERNEL_THREAD_FLAG 0x00200000 /* PF_KTHREAD in stat, since Linux 2.6.27 */

struct _AtlasProcessReader
{
  AtlasProcfs *procfs;
  gint64 boot_time; /* s since 1970; 0 unknown */
  guint64 ticks_per_second;
  char *arch;      /* of the kernel, "x86_64"; NULL unknown */
  guint page_size; /* of this machine; 0: the tree is a recorded one */
  GMutex lock;
  GHashTable *users; /* uid → name */
};

static gint64
read_boot_time (AtlasProcfs *procfs)
{
  gsize length;
  g_autofree char *text =
    atlas_procfs_read (procfs, 0, "stat", 64 * ATLAS_LIMIT_SMALL_FILE, &length, NULL);
  if (text == NULL)
    return 0;
  const char *line = g_str_has_prefix (text, "btime ") ? text : strstr (text, "\nbtime ");
  if (line == NULL)
    return 0;
  const char *p = line + (*line == '\n') + strlen ("btime ");
  guint64 value;
  return atlas_digits_decimal (&p, text + length, &value) && value < G_MAXINT64 / G_USEC_PER_SEC
           ? (gint64)value
           : 0;
}

/* sys/kernel/arch is there since Linux 6.1. */
static char *
read_arch (AtlasProcfs *procfs)
{
  char *arch = atlas_procfs_read (procfs, 0, "sys/kernel/arch", ATLAS_LIMIT_SMALL_FILE, NULL, NULL);
  struct utsname names;

  if (arch != NULL)
    return g_strchomp (arch);
  return atlas_procfs_is_live (procfs) && uname (&names) == 0 ? g_strdup (names.machine) : NULL;
}

AtlasProcessReader *
atlas_process_reader_new (AtlasProcfs *procfs)
{
  AtlasProcessReader *reader = g_new0 (AtlasProcessReader, 1);
  gboolean live = atlas_procfs_is_live (procfs);
  long ticks = live ? sysconf (_SC_CLK_TCK) : 100;

  reader->procfs = atlas_procfs_ref (procfs);
  reader->arch = read_arch (procfs);
  reader->boot_time = read_boot_time (procfs);
  reader->ticks_per_second = ticks > 0 ? (guint64)ticks : 100;
  reader->page_size = live ? (guint)sysconf (_SC_PAGESIZE) : 0;
  reader->users = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_mutex_init (&reader->lock);
  return reader;
}

void
atlas_process_reader_free (AtlasProcessReader *reader)
{
  atlas_procfs_unref (reader->procfs);
  g_free (reader->arch);
  g_hash_table_unref (reader->users);
  g_mutex_clear (&reader->lock);
  g_free (reader);
}

static char *
look_up_user (guint32 uid)
{
  gsize size = 1024;

  for (;;)
    {
      g_autofree char *buffer = g_malloc (size);
      struct passwd entry, *found = NULL;
      int status = getpwuid_r (uid, &entry, buffer, size, &found);
      if (status == ERANGE && size < ATLAS_LIMIT_SMALL_FILE)
        {
          size *= 4;
          continue;
        }
      if (status == 0 && found != NULL && found->pw_name != NULL && *found->pw_name != '\0')
        return g_strdup (found->pw_name);
      return g_strdup_printf ("%u", uid);
    }
}

static char *
dup_user (AtlasProcessReader *reader, guint32 uid)
{
  if (uid == G_MAXUINT32)
    return NULL;
  /* The users of the machine that was recorded are not known here, but for one. */
  if (!atlas_procfs_is_live (reader->procfs))
    return uid == 0 ? g_strdup ("root") : g_strdup_printf ("%u", uid);

  g_mutex_lock (&reader->lock);
  char *name = g_hash_table_lookup (reader->users, GUINT_TO_POINTER (uid));
  if (name == NULL)
    {
      name = look_up_user (uid);
      g_hash_table_insert (reader->users, GUINT_TO_POINTER (uid), name);
    }
  name = g_strdup (name);
  g_mutex_unlock (&reader->lock);
  return name;
}

/* The head of the program's file: by the kernel's link, or what a recorded tree kept of it. */
static gboolean
read_elf_kind (AtlasProcessReader *reader, const AtlasProcess *process, gint files,
               AtlasElfKind *out_kind)
{
  if (process->executable == NULL)
    return FALSE;
  g_autofree char *path = atlas_procfs_is_live (reader->procfs)
                            ? g_strdup_printf ("%d/exe", files)
                            : g_strdup_printf ("%d/root/%s", files, process->executable);
  atlas_autofd fd = atlas_procfs_openat (reader->procfs, path);
  char head[20];
  if (fd < 0 || pread (fd, head, sizeof head, 0) != (ssize_t)sizeof head)
    return FALSE;
  return atlas_elf_kind_parse (head, sizeof head, out_kind);
}

static void
fill_program (AtlasProcessReader *reader, AtlasProcess *process, AtlasProcessOrigin *origin)
{
  AtlasElfKind kind = { 0 };
  gint files = origin->files;

  process->executable = atlas_procfs_readlink (reader->procfs, files, "exe", NULL);
  if (read_elf_kind (reader, process, files, &kind))
    process->bits = kind.bits;
  if (process->bits == 0 || process->page_size == 0)
    {
      gsize length;
      guint bits, page_size;
      g_autofree char *auxv =
        atlas_procfs_read (reader->procfs, files, "auxv", ATLAS_LIMIT_SMALL_FILE, &length, NULL);
      if (auxv != NULL && atlas_auxv_parse (auxv, length, &bits, &page_size))
        {
          process->bits = process->bits != 0 ? process->bits : bits;
          process->page_size = process->page_size != 0 ? process->page_size : page_size;
        }
    }
  if (kind.machine == 0 && process->bits != 0 && reader->arch != NULL)
    atlas_elf_kind_guess (reader->arch, process->bits, &kind);
  process->architecture = g_strdup (kind.architecture);
  origin->machine = kind.machine;
}

static void
fill_status (AtlasProcessReader *reader, AtlasProcess *process, gint files)
{
  gsize length;
  AtlasProcStatus status;
  g_autofree char *text =
    atlas_procfs_read (reader->procfs, files, "status", ATLAS_LIMIT_SMALL_FILE, &length, NULL);
  if (text == NULL)
    return;
  atlas_proc_status_parse (text, length, &status);
  process->uid = status.uid;
  process->working_set = status.vm_rss;
  /* Kernels without swap support have no VmSwap line. */
  process->private_bytes =
    status.vm_swap == ATLAS_UNKNOWN ? status.rss_anon : atlas_sum (status.rss_anon, status.vm_swap);
  process->kernel_thread |= status.kernel_thread;
}

static void
set_identity (AtlasIdentity *identity, const AtlasProcStat *stat)
{
  *identity = (AtlasIdentity){
    .start_ticks = stat->start_ticks,
    .start_code = stat->start_code,
    .start_stack = stat->start_stack,
    .state = stat->state,
  };
}

static gboolean
read_stat (AtlasProcessReader *reader, gint pid, AtlasProcStat *out_stat, GError **error)
{
  gsize length;
  GError *failed = NULL;
  g_autofree char *text =
    atlas_procfs_read (reader->procfs, pid, "stat", ATLAS_LIMIT_SMALL_FILE, &length, &failed);

  if (text == NULL)
    {
      if (g_error_matches (failed, ATLAS_ERROR, ATLAS_ERROR_GONE))
        {
          g_error_free (failed);
          atlas_access_set_no_process_error (reader->procfs, pid, error);
        }
      else
        g_propagate_error (error, failed);
      return FALSE;
    }
  if (!atlas_proc_stat_parse (text, length, out_stat))
    {
      g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT,
                   _ ("%s/%d/stat is not of the form that the kernel writes"),
                   atlas_procfs_get_path (reader->procfs), pid);
      return FALSE;
    }
  return TRUE;
}

gboolean
atlas_process_reader_identify (AtlasProcessReader *reader, gint pid, AtlasIdentity *out_identity,
                               GError **error)
{
  g_auto (AtlasProcStat) stat = { 0 };

  if (!read_stat (reader, pid, &stat, error))
    return FALSE;
  set_identity (out_identity, &stat);
  return TRUE;
}

/* A thread of @pid, whose first one has ended, that lives on; @pid where there is none. */
static gint
find_live_thread (AtlasProcessReader *reader, gint pid, AtlasProcStat *stat)
{
  g_autofree char *path = g_strdup_printf ("%d/task", pid);
  g_autoptr (GArray) ids = atlas_procfs_list_ids (reader->procfs, path, NULL);

  for (guint i = 0; ids != NULL && i < ids->len; i++)
    {
      gint tid = g_array_index (ids, gint, i);
      g_auto (AtlasProcStat) thread = { 0 };
      if (tid != pid && read_stat (reader, tid, &thread, NULL) && thread.state != 'Z' &&
          thread.state != 'X')
        {
          AtlasProcStat dead = *stat;
          *stat = thread;
          thread = dead;
          return tid;
        }
    }
  return pid;
}

static void
fill_stat (AtlasProcessReader *reader, AtlasProcess *process, AtlasProcStat *stat)
{
  process->parent_pid = stat->parent_pid;
  process->state = stat->state;
  process->n_threads = stat->n_threads;
  process->start_ticks = stat->start_ticks;
  process->kernel_thread = (stat->flags & KERNEL_THREAD_FLAG) != 0;
  process->name = g_strdup (stat->name);
  if (reader->boot_time != 0 && stat->start_ticks < G_MAXINT64 / G_USEC_PER_SEC)
    process->start_time = reader->boot_time * G_USEC_PER_SEC +
                          (gint64)(stat->start_ticks * G_USEC_PER_SEC / reader->ticks_per_second);
}

static void
fill_texts (AtlasProcessReader *reader, AtlasProcess *process, gint files)
{
  gsize length;
  g_autofree char *cgroup =
    atlas_procfs_read (reader->procfs, files, "cgroup", ATLAS_LIMIT_SMALL_FILE, &length, NULL);
  if (cgroup != NULL)
    process->cgroup = atlas_proc_cgroup_dup_path (cgroup, length);
  if (process->kernel_thread)
    return;

  g_autofree char *arguments =
    atlas_procfs_read (reader->procfs, files, "cmdline", ATLAS_LIMIT_COMMAND_LINE, &length, NULL);
  if (arguments != NULL)
    process->command_line = atlas_proc_command_line_dup (arguments, length);
}

AtlasProcess *
atlas_process_reader_read (AtlasProcessReader *reader, gint pid, AtlasProcessOrigin *out_origin,
                           GError **error)
{
  g_auto (AtlasProcStat) stat = { 0 };

  if (!read_stat (reader, pid, &stat, error))
    return NULL;

  AtlasProcessOrigin origin = { .files = pid };
  g_autoptr (AtlasProcess) process = atlas_process_new ();
  process->pid = pid;
  fill_stat (reader, process, &stat);
  if (stat.state == 'Z' && stat.n_threads > 1)
    {
      origin.files = find_live_thread (reader, pid, &stat);
      process->state = stat.state;
    }
  set_identity (&origin.identity, &stat);

  fill_status (reader, process, origin.files);
  process->user = dup_user (reader, process->uid);
  fill_texts (reader, process, origin.files);
  process->page_size = reader->page_size;
  if (!process->kernel_thread && process->state != 'Z')
    fill_program (reader, process, &origin);
  *out_origin = origin;
  return g_steal_pointer (&process);
}
