/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scan/smaps-parser.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * AtlasSmapsTick:
 * Called in the calling thread after each piece of some hundred KiB.
 */
typedef void (*AtlasSmapsTick) (gpointer data);

/**
 * atlas_smaps_reader_run:
 * @fd: smaps or maps, read from where it stands to its end
 * @tick: (nullable)
 * @out_errno: 0, or why reading stopped before the end; what came before was parsed
 *
 * Feeds @fd to @parser up to the end. A second thread reads while this one parses. Fails with
 * CANCELLED or LIMIT only.
 */
gboolean atlas_smaps_reader_run (int fd, AtlasSmapsParser *parser, AtlasSmapsTick tick,
                                 gpointer tick_data, GCancellable *cancellable, int *out_errno,
                                 GError **error);

G_END_DECLS
