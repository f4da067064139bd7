/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <signal.h>

G_BEGIN_DECLS

/**
 * AtlasFileGuard:
 * While it is in scope, a write beyond the file size limit fails with EFBIG in this thread instead
 * of ending the program and leaving a temporary file behind.
 */
typedef struct
{
  sigset_t before;
} AtlasFileGuard;

/** atlas_file_guard_begin: Blocks SIGXFSZ in the calling thread. */
AtlasFileGuard atlas_file_guard_begin (void);

/** atlas_file_guard_end: Takes back the signal if it came, and unblocks it again. */
void atlas_file_guard_end (AtlasFileGuard *guard);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AtlasFileGuard, atlas_file_guard_end)

G_END_DECLS
