/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AtlasStringId:
 * Number of an interned string in an AtlasStringPool; 0 is "no string".
 */
typedef guint32 AtlasStringId;

/**
 * AtlasStringPool:
 * Append-only set of byte strings, each kept once for as long as the pool lives. The snapshots of
 * one history share one pool, so that a path costs its bytes once and equal strings have equal ids.
 * Strings are bytes without NUL, not necessarily UTF-8. Any thread may intern and look up.
 */
typedef struct _AtlasStringPool AtlasStringPool;

/** atlas_string_pool_new: Returns: (transfer full): an empty pool. */
AtlasStringPool *atlas_string_pool_new (void);

/** atlas_string_pool_ref: Returns: (transfer full): @pool. */
AtlasStringPool *atlas_string_pool_ref (AtlasStringPool *pool);

/** atlas_string_pool_unref: Gives back one reference. */
void atlas_string_pool_unref (AtlasStringPool *pool);

/**
 * atlas_string_pool_intern:
 * @text: (nullable): bytes; NULL and the empty string give 0
 * @length: bytes of @text, or -1 where it ends with NUL
 *
 * Returns the id of @text, copied into the pool if it is new.
 */
AtlasStringId atlas_string_pool_intern (AtlasStringPool *pool, const char *text, gssize length);

/**
 * atlas_string_pool_get:
 * Returns: (transfer none) (nullable): the NUL-terminated string of @id, valid as long as the pool;
 * NULL for 0. @id must come from this pool.
 */
const char *atlas_string_pool_get (AtlasStringPool *pool, AtlasStringId id);

/** atlas_string_pool_get_length: Returns how many strings the pool holds; ids are 1..length. */
guint atlas_string_pool_get_length (AtlasStringPool *pool);

/** atlas_string_pool_get_memory: Returns about how many bytes the pool takes. */
gsize atlas_string_pool_get_memory (AtlasStringPool *pool);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasStringPool, atlas_string_pool_unref)

G_END_DECLS
