/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scan/procfs.h"

G_BEGIN_DECLS

/**
 * atlas_threads_read:
 * @out_why: (nullable): what kept threads from being read, in words; untouched where nothing did
 *
 * Returns: (transfer full) (element-type AtlasSceneThread): the threads of @pid by id, with their
 * names; of live ones also where their stacks are, as far as the kernel tells. May be empty.
 */
GArray *atlas_threads_read (AtlasProcfs *procfs, gint pid, GCancellable *cancellable,
                            char **out_why);

G_END_DECLS
