/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/process.h"
#include "scan/procfs.h"

G_BEGIN_DECLS

/**
 * AtlasProcessReader:
 * Reads the facts of processes, and keeps what they have in common: names of users, the time of
 * boot. Any thread.
 */
typedef struct _AtlasProcessReader AtlasProcessReader;

/* What tells whether a pid still is the same process, running the same program. */
typedef struct
{
  guint64 start_ticks;
  guint64 start_code;  /* address; of another program it is another, as both are randomised */
  guint64 start_stack; /* address */
  char state;
} AtlasIdentity;

/* How a process was found. */
typedef struct
{
  gint files;    /* the id below which its files lie: its pid or, where its first thread has ended
                    before the others, that of one of these, as the memory is no longer shown there */
  guint machine; /* EM_* of its program, 0 unknown */
  AtlasIdentity identity; /* of @files */
} AtlasProcessOrigin;

AtlasProcessReader *atlas_process_reader_new (AtlasProcfs *procfs);
void atlas_process_reader_free (AtlasProcessReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasProcessReader, atlas_process_reader_free)

/**
 * atlas_process_reader_read:
 * Returns: (transfer full): the facts of @pid, without address_limit and unreadable; GONE or
 * PERMISSION (hidden).
 */
AtlasProcess *atlas_process_reader_read (AtlasProcessReader *reader, gint pid,
                                         AtlasProcessOrigin *out_origin, GError **error);

/** atlas_process_reader_identify: Reads the identity alone; GONE where there is no such process. */
gboolean atlas_process_reader_identify (AtlasProcessReader *reader, gint pid,
                                        AtlasIdentity *out_identity, GError **error);

G_END_DECLS
