/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Interned byte strings. Text lies in chunks that never move; an id is an index into segments of
 * pointers that never move either, so looking up takes no lock while another thread interns.
 */

#include "config.h"

#include "util/string-pool.h"

#include <string.h>

#define SEGMENT_BITS 12
#define SEGMENT_SIZE (1u << SEGMENT_BITS)
#define N_SEGMENTS   4096 /* 16 M strings, more than any history has */
#define CHUNK_SIZE   (64 * 1024)

struct _AtlasStringPool
{
  gatomicrefcount references;
  GMutex lock;     /* guards everything below for writers */
  GHashTable *ids; /* text (owned by chunks) → id */
  GStringChunk *chunks;
  gsize text_bytes;
  guint length; /* read without lock through g_atomic_int_get() */
  const char **segments[N_SEGMENTS];
};

AtlasStringPool *
atlas_string_pool_new (void)
{
  AtlasStringPool *pool = g_new0 (AtlasStringPool, 1);

  g_atomic_ref_count_init (&pool->references);
  g_mutex_init (&pool->lock);
  pool->ids = g_hash_table_new (g_str_hash, g_str_equal);
  pool->chunks = g_string_chunk_new (CHUNK_SIZE);
  return pool;
}

AtlasStringPool *
atlas_string_pool_ref (AtlasStringPool *pool)
{
  g_atomic_ref_count_inc (&pool->references);
  return pool;
}

void
atlas_string_pool_unref (AtlasStringPool *pool)
{
  if (!g_atomic_ref_count_dec (&pool->references))
    return;
  for (guint i = 0; i < N_SEGMENTS && pool->segments[i] != NULL; i++)
    g_free (pool->segments[i]);
  g_hash_table_unref (pool->ids);
  g_string_chunk_free (pool->chunks);
  g_mutex_clear (&pool->lock);
  g_free (pool);
}

/* Called with the lock held, for a text that is not in the pool yet. */
static AtlasStringId
append (AtlasStringPool *pool, const char *text)
{
  guint index = pool->length;
  guint segment = index >> SEGMENT_BITS;

  if (segment >= N_SEGMENTS)
    g_error ("string pool: more than %u strings", N_SEGMENTS * SEGMENT_SIZE);
  if (pool->segments[segment] == NULL)
    pool->segments[segment] = g_new (const char *, SEGMENT_SIZE);
  gsize length = strlen (text);
  const char *copy = g_string_chunk_insert_len (pool->chunks, text, (gssize)length);
  pool->segments[segment][index & (SEGMENT_SIZE - 1)] = copy;
  pool->text_bytes += length + 1;
  g_hash_table_insert (pool->ids, (gpointer)copy, GUINT_TO_POINTER (index + 1));
  g_atomic_int_set ((gint *)&pool->length, (gint)(index + 1));
  return index + 1;
}

AtlasStringId
atlas_string_pool_intern (AtlasStringPool *pool, const char *text, gssize length)
{
  if (text == NULL || length == 0 || text[0] == '\0')
    return 0;

  g_autofree char *terminated = NULL;
  char small[256];
  if (length > 0)
    {
      if ((gsize)length < sizeof small)
        {
          memcpy (small, text, (gsize)length);
          small[length] = '\0';
          text = small;
        }
      else
        text = terminated = g_strndup (text, (gsize)length);
    }

  g_mutex_lock (&pool->lock);
  AtlasStringId id = GPOINTER_TO_UINT (g_hash_table_lookup (pool->ids, text));
  if (id == 0)
    id = append (pool, text);
  g_mutex_unlock (&pool->lock);
  return id;
}

const char *
atlas_string_pool_get (AtlasStringPool *pool, AtlasStringId id)
{
  if (id == 0)
    return NULL;
  g_return_val_if_fail (id <= (guint)g_atomic_int_get ((gint *)&pool->length), NULL);
  return pool->segments[(id - 1) >> SEGMENT_BITS][(id - 1) & (SEGMENT_SIZE - 1)];
}

guint
atlas_string_pool_get_length (AtlasStringPool *pool)
{
  return (guint)g_atomic_int_get ((gint *)&pool->length);
}

gsize
atlas_string_pool_get_memory (AtlasStringPool *pool)
{
  g_mutex_lock (&pool->lock);
  gsize bytes = sizeof *pool + pool->text_bytes + pool->length * (sizeof (char *) + 32);
  g_mutex_unlock (&pool->lock);
  return bytes;
}
