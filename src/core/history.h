/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/snapshot.h"

G_BEGIN_DECLS

/**
 * AtlasHistory:
 * The snapshots of one process in order of time, with one string pool for all of them. What a
 * window shows and what a .mmp file holds. Used by one thread; its snapshots by any.
 */
typedef struct _AtlasHistory AtlasHistory;

/** atlas_history_new: Returns: (transfer full): an empty history with a pool of its own. */
AtlasHistory *atlas_history_new (void);
AtlasHistory *atlas_history_ref (AtlasHistory *history);
void atlas_history_unref (AtlasHistory *history);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasHistory, atlas_history_unref)

AtlasStringPool *atlas_history_get_pool (AtlasHistory *history);

/** atlas_history_add: @snapshot is referenced; it must use the history's pool. */
void atlas_history_add (AtlasHistory *history, AtlasSnapshot *snapshot);

guint atlas_history_get_length (const AtlasHistory *history);

/** atlas_history_get: Returns: (transfer none): snapshot @index, 0 the oldest. */
AtlasSnapshot *atlas_history_get (const AtlasHistory *history, guint index);

/** atlas_history_get_last: Returns: (transfer none) (nullable): the newest. */
AtlasSnapshot *atlas_history_get_last (const AtlasHistory *history);

/**
 * atlas_history_add_foreign_line, atlas_history_get_foreign_lines:
 * Whole records of a kind this version does not know, kept so that a save does not lose them.
 * (element-type utf8)
 */
void atlas_history_add_foreign_line (AtlasHistory *history, const char *line);
const GPtrArray *atlas_history_get_foreign_lines (const AtlasHistory *history);

/** atlas_history_dup_shallow: Returns: (transfer full): the same snapshots in a new history, for a
 * worker thread that saves while the window goes on. */
AtlasHistory *atlas_history_dup_shallow (AtlasHistory *history);

G_END_DECLS
