/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A thread at the time of the scan. */
typedef struct
{
  gint tid;   /* task/TID */
  char *name; /* task/TID/comm, bytes */
} AtlasThread;

/**
 * AtlasProcess:
 * Facts about a process: of a snapshot, or a row of the process list. Strings are bytes and may be
 * NULL where unknown. Who has it owns it: atlas_process_copy(), atlas_process_free().
 */
typedef struct
{
  gint pid;
  gint parent_pid;        /* stat: ppid */
  guint64 start_ticks;    /* stat: starttime, clock ticks since boot; with pid the identity */
  gint64 start_time;      /* µs since 1970: btime of /proc/stat + start_ticks; 0 unknown */
  guint32 uid;            /* status: Uid, effective; G_MAXUINT32 unknown */
  guint bits;             /* 32 or 64 from the ELF header of exe; 0 unknown */
  guint page_size;        /* bytes */
  guint64 address_limit;  /* end of the user address space; 0 unknown */
  char state;             /* stat: R S D T t Z X I; 0 unknown */
  gboolean kernel_thread; /* has no memory of its own */
  guint n_threads;        /* stat: num_threads; 0 unknown */
  guint64 private_bytes;  /* status: RssAnon + VmSwap, bytes; ATLAS_UNKNOWN */
  guint64 working_set;    /* status: VmRSS, bytes; ATLAS_UNKNOWN */
  char *name;             /* comm */
  char *command_line;     /* cmdline, arguments joined by blanks, quoted as a shell needs */
  char *executable;       /* target of exe */
  char *user;             /* name of uid */
  char *cgroup;           /* path in cgroup (v2, else the memory controller's) */
  char *architecture;     /* machine of the ELF header: "x86-64", "i386", "aarch64" */
  char *unreadable;       /* why its map may not be read and what would help; NULL: it may */
} AtlasProcess;

/** atlas_process_new: Returns: (transfer full): a process of which nothing is known. */
AtlasProcess *atlas_process_new (void);

/** atlas_process_copy: Returns: (transfer full): a deep copy. */
AtlasProcess *atlas_process_copy (const AtlasProcess *process);

/** atlas_process_free: Frees @process and its strings. */
void atlas_process_free (AtlasProcess *process);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasProcess, atlas_process_free)

/**
 * atlas_processes_match:
 * @processes: (element-type AtlasProcess): sorted by pid
 * @text: a pid in decimal, or the beginning of a name, else a part of a command line
 *
 * What -p does: a pid is exact; else the processes whose name begins with @text, lowest pid first;
 * only where there are none, those whose command line holds it.
 *
 * Returns: (transfer container) (element-type AtlasProcess): the matches, borrowed; may be empty.
 */
GPtrArray *atlas_processes_match (GPtrArray *processes, const char *text);

G_END_DECLS
