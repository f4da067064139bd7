/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/history.h"
#include "core/snapshot-builder.h"

G_BEGIN_DECLS

/** fixture_new: A snapshot with every type, unknown figures, odd bytes and kernel memory. @round
 * changes some figures, adds and removes blocks, so that rounds of one history differ. */
AtlasSnapshot *fixture_new (AtlasStringPool *pool, guint round);

/** fixture_new_plain: A snapshot of a 32-bit process with no thread, nothing unknown, two blocks.
 */
AtlasSnapshot *fixture_new_plain (AtlasStringPool *pool);

/** fixture_new_large: A snapshot of @n_blocks blocks and as many regions. */
AtlasSnapshot *fixture_new_large (AtlasStringPool *pool, guint n_blocks);

/** fixture_new_history: The rounds 0 to @n - 1 in one history. */
AtlasHistory *fixture_new_history (guint n);

/** fixture_assert_same: Fails the test unless both snapshots are equal in everything they hold;
 * they may use different pools. */
void fixture_assert_same (const AtlasSnapshot *a, const AtlasSnapshot *b);

/** fixture_assert_same_history: The same of all snapshots of two histories. */
void fixture_assert_same_history (AtlasHistory *a, AtlasHistory *b);

G_END_DECLS
