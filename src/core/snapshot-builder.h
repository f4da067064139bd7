/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/snapshot.h"

G_BEGIN_DECLS

/**
 * AtlasSnapshotBuilder:
 * Collects blocks and regions and turns into an AtlasSnapshot. Used by one thread; the only way to
 * make a snapshot.
 */
typedef struct _AtlasSnapshotBuilder AtlasSnapshotBuilder;

/** atlas_snapshot_builder_new: @pool is referenced; strings of blocks and regions come from it. */
AtlasSnapshotBuilder *atlas_snapshot_builder_new (AtlasStringPool *pool);
void atlas_snapshot_builder_free (AtlasSnapshotBuilder *builder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasSnapshotBuilder, atlas_snapshot_builder_free)

AtlasStringPool *atlas_snapshot_builder_get_pool (AtlasSnapshotBuilder *builder);

/** atlas_snapshot_builder_take_process: @process: (transfer full). */
void atlas_snapshot_builder_take_process (AtlasSnapshotBuilder *builder, AtlasProcess *process);

/** atlas_snapshot_builder_add_thread: @name is copied. */
void atlas_snapshot_builder_add_thread (AtlasSnapshotBuilder *builder, gint tid, const char *name);

/** atlas_snapshot_builder_set_time: µs since 1970, µs. */
void atlas_snapshot_builder_set_time (AtlasSnapshotBuilder *builder, gint64 time, gint64 duration);

/** atlas_snapshot_builder_set_machine: Both are copied and may be NULL. */
void atlas_snapshot_builder_set_machine (AtlasSnapshotBuilder *builder, const char *host,
                                         const char *kernel);

void atlas_snapshot_builder_set_has_numa (AtlasSnapshotBuilder *builder, gboolean has_numa);

/** atlas_snapshot_builder_add_missing: Both are copied. Several of the same @what become one. */
void atlas_snapshot_builder_add_missing (AtlasSnapshotBuilder *builder, const char *what,
                                         const char *why);

/**
 * atlas_snapshot_builder_add_block:
 * @block: its private fields are filled in here
 *
 * Appends a block. Returns its index.
 */
guint atlas_snapshot_builder_add_block (AtlasSnapshotBuilder *builder, const AtlasBlock *block,
                                        const AtlasCounters *counters);

guint atlas_snapshot_builder_get_n_blocks (AtlasSnapshotBuilder *builder);

/** atlas_snapshot_builder_get_block: Returns: (transfer none): valid until the next add. */
AtlasBlock *atlas_snapshot_builder_get_block (AtlasSnapshotBuilder *builder, guint index);

void atlas_snapshot_builder_get_counters (AtlasSnapshotBuilder *builder, guint index,
                                          AtlasCounters *out_counters);

/** atlas_snapshot_builder_set_counter: Changes one counter of a block that was added. */
void atlas_snapshot_builder_set_counter (AtlasSnapshotBuilder *builder, guint index,
                                         AtlasCounter counter, guint64 value);

/**
 * atlas_snapshot_builder_add_region:
 * Appends a region over the blocks that follow the last region's. @region->first_block is checked.
 */
void atlas_snapshot_builder_add_region (AtlasSnapshotBuilder *builder, const AtlasRegion *region);

/**
 * atlas_snapshot_builder_finish:
 * Checks the structure, computes the totals and gives the snapshot; the builder is left empty.
 * Fails with ATLAS_ERROR_FORMAT where blocks overlap or regions do not cover them (a damaged file).
 */
AtlasSnapshot *atlas_snapshot_builder_finish (AtlasSnapshotBuilder *builder, GError **error);

G_END_DECLS
