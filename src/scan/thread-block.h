/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scan/memory.h"

G_BEGIN_DECLS

/**
 * AtlasThreadBlock:
 * What the C library's control block of a thread says: where it lies and which memory the library
 * holds to be the thread's stack (guard included).
 */
typedef struct
{
  gint tid;
  guint64 address; /* of the control block */
  guint64 start;   /* the stack; 0: the block names none (a main thread) */
  guint64 end;
  gboolean musl;
  guint64 links[3]; /* musl: addresses of which two are the neighbours in the ring of threads */
} AtlasThreadBlock;

/**
 * atlas_thread_block_find_glibc:
 * @near: an address inside the control block, the head of its robust list
 * @tid: the id that should be inside; in another pid namespace it is another one
 *
 * Recognises struct pthread of glibc by its pointers to itself, in any version. FALSE where there
 * is none.
 */
gboolean atlas_thread_block_find_glibc (AtlasMemory *memory, guint64 near, gint tid,
                                        AtlasThreadBlock *out);

/** atlas_thread_block_find_unused: The same for a stack without a thread that ends at @end, where
 * the control block lies on its last page. */
gboolean atlas_thread_block_find_unused (AtlasMemory *memory, guint64 end, AtlasThreadBlock *out);

/** atlas_thread_block_read_musl: Reads a struct pthread of musl that should begin at @address, of a
 * thread whose id is among @tids (sorted gint). */
gboolean atlas_thread_block_read_musl (AtlasMemory *memory, guint64 address, const gint *tids,
                                       guint n_tids, AtlasThreadBlock *out);

/** atlas_thread_block_read_glibc: The same for a control block that should begin at @address. */
gboolean atlas_thread_block_read_glibc (AtlasMemory *memory, guint64 address, gint tid,
                                        AtlasThreadBlock *out);

/**
 * atlas_thread_block_find_musl:
 * Searches [@start, @end), at most 64 KiB from its end down, for a struct pthread of musl whose
 * thread id is among @tids (sorted gint). FALSE where there is none.
 */
gboolean atlas_thread_block_find_musl (AtlasMemory *memory, guint64 start, guint64 end,
                                       const gint *tids, guint n_tids, AtlasThreadBlock *out);

G_END_DECLS
