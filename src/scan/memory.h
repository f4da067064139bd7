/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scan/procfs.h"

G_BEGIN_DECLS

/**
 * AtlasMemory:
 * Reads the memory of a process without changing anything in it: only pages that pagemap shows as
 * present are touched, so that no page is faulted in on the target's account. Reads nothing, and
 * says so, where the right is missing or the tree is a recorded one.
 */
typedef struct _AtlasMemory AtlasMemory;

AtlasMemory *atlas_memory_new (AtlasProcfs *procfs, gint pid);
void atlas_memory_free (AtlasMemory *memory);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasMemory, atlas_memory_free)

/** atlas_memory_is_readable: Returns whether memory may be read at all. */
gboolean atlas_memory_is_readable (AtlasMemory *memory);

/**
 * atlas_memory_read:
 * Copies @size bytes from @address. Returns FALSE where any of the pages is not present or the read
 * fails; @out is undefined then.
 */
gboolean atlas_memory_read (AtlasMemory *memory, guint64 address, void *out, gsize size);

/** atlas_memory_read_word: Reads an 8-byte word. */
gboolean atlas_memory_read_word (AtlasMemory *memory, guint64 address, guint64 *out);

/** atlas_memory_dup_string: Returns: (transfer full) (nullable): text up to NUL, at most @limit. */
char *atlas_memory_dup_string (AtlasMemory *memory, guint64 address, gsize limit);

G_END_DECLS
