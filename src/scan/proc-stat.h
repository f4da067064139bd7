/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The fields of /proc/PID/stat that are used. Those the kernel hides from us are 0. */
typedef struct
{
  gint pid;
  char *name; /* comm, bytes */
  char state;
  gint parent_pid;
  guint64 flags; /* PF_*, 0x200000: kernel thread */
  guint n_threads;
  guint64 start_ticks; /* clock ticks since boot */
  guint64 start_code;  /* address; 0 or 1: hidden */
  guint64 start_stack; /* address */
} AtlasProcStat;

/**
 * atlas_proc_stat_parse:
 * @out_stat: cleared with atlas_proc_stat_clear()
 * Parses the text of /proc/PID/stat. The name may hold blanks and ')': it ends at the last one.
 */
gboolean atlas_proc_stat_parse (const char *text, gsize length, AtlasProcStat *out_stat);

/** atlas_proc_stat_clear: Frees what @stat owns. */
void atlas_proc_stat_clear (AtlasProcStat *stat);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AtlasProcStat, atlas_proc_stat_clear)

/* The fields of /proc/PID/status that are used; amounts in bytes or ATLAS_UNKNOWN. */
typedef struct
{
  guint32 uid; /* effective; G_MAXUINT32: unknown */
  guint64 vm_size;
  guint64 vm_rss;
  guint64 rss_anon;
  guint64 vm_swap;
  guint64 vm_pte;
  guint64 vm_pmd;         /* a line of its own in Linux 4.0 - 4.14 */
  gboolean kernel_thread; /* Kthread: 1 */
} AtlasProcStatus;

/** atlas_proc_status_parse: Parses the text of /proc/PID/status; lines may come in any order. */
void atlas_proc_status_parse (const char *text, gsize length, AtlasProcStatus *out_status);

/**
 * atlas_proc_key_kib:
 * Finds the line "@key   N kB" (@key with its colon) in @text, as in status and meminfo.
 * Returns bytes, or ATLAS_UNKNOWN where there is none.
 */
guint64 atlas_proc_key_kib (const char *text, gsize length, const char *key);

/**
 * atlas_proc_cgroup_dup_path:
 * @text: the text of /proc/PID/cgroup
 * Returns: (transfer full) (nullable): the path of the memory controller of v1 where there is one,
 * else that of v2.
 */
char *atlas_proc_cgroup_dup_path (const char *text, gsize length);

/**
 * atlas_proc_syscall_parse:
 * @text: the text of /proc/PID/task/TID/syscall
 * Returns the stack pointer of a blocked thread; 0 where it runs or the text says nothing.
 */
guint64 atlas_proc_syscall_parse (const char *text, gsize length);

/**
 * atlas_proc_command_line_dup:
 * @text: the bytes of /proc/PID/cmdline
 * Returns: (transfer full) (nullable): the arguments joined by blanks, each quoted where a shell
 * would need it. A title that a program wrote over its arguments (one string with blanks) is left
 * as it is. NULL where it is empty.
 */
char *atlas_proc_command_line_dup (const char *text, gsize length);

G_END_DECLS
