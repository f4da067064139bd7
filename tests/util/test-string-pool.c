/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Interned strings, by one thread and by several at once.
 */

#include "config.h"

#include "util/string-pool.h"

#include <glib.h>
#include <string.h>

static void
test_empty (void)
{
  g_autoptr (AtlasStringPool) pool = atlas_string_pool_new ();

  g_assert_cmpuint (atlas_string_pool_intern (pool, NULL, -1), ==, 0);
  g_assert_cmpuint (atlas_string_pool_intern (pool, "", -1), ==, 0);
  g_assert_cmpuint (atlas_string_pool_intern (pool, "abc", 0), ==, 0);
  g_assert_null (atlas_string_pool_get (pool, 0));
  g_assert_cmpuint (atlas_string_pool_get_length (pool), ==, 0);
}

static void
test_same (void)
{
  g_autoptr (AtlasStringPool) pool = atlas_string_pool_new ();
  AtlasStringId one = atlas_string_pool_intern (pool, "one", -1);
  AtlasStringId two = atlas_string_pool_intern (pool, "two", -1);

  g_assert_cmpuint (one, ==, 1);
  g_assert_cmpuint (two, ==, 2);
  g_assert_cmpuint (atlas_string_pool_intern (pool, "one more", 3), ==, one);
  g_assert_cmpuint (atlas_string_pool_intern (pool, "two", 3), ==, two);
  g_assert_cmpstr (atlas_string_pool_get (pool, one), ==, "one");
  g_assert_cmpstr (atlas_string_pool_get (pool, two), ==, "two");
  g_assert_cmpuint (atlas_string_pool_get_length (pool), ==, 2);
}

/* Bytes that are no UTF-8, and lengths around the size of any buffer inside. */
static void
test_bytes (void)
{
  g_autoptr (AtlasStringPool) pool = atlas_string_pool_new ();
  static const gsize lengths[] = { 1, 254, 255, 256, 257, 65535, 65536, 65537, 1 << 20 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autofree char *text = g_malloc (lengths[i] + 1);
      memset (text, 0x80 + (int)i, lengths[i]);
      text[lengths[i]] = 'z'; /* no NUL where the text ends */
      AtlasStringId id = atlas_string_pool_intern (pool, text, (gssize)lengths[i]);
      text[lengths[i]] = '\0';
      g_assert_cmpuint (id, ==, i + 1);
      g_assert_cmpstr (atlas_string_pool_get (pool, id), ==, text);
      g_assert_cmpuint (atlas_string_pool_intern (pool, text, -1), ==, id);
    }
}

/* A text handed out stays where it is while the pool grows by several segments. */
static void
test_stable (void)
{
  g_autoptr (AtlasStringPool) pool = atlas_string_pool_new ();
  const char *first = atlas_string_pool_get (pool, atlas_string_pool_intern (pool, "first", -1));
  gsize before = atlas_string_pool_get_memory (pool);

  for (guint i = 0; i < 20000; i++)
    {
      char text[32];
      g_snprintf (text, sizeof text, "string %u", i);
      g_assert_cmpuint (atlas_string_pool_intern (pool, text, -1), ==, i + 2);
    }
  g_assert_true (atlas_string_pool_get (pool, 1) == first);
  g_assert_cmpstr (first, ==, "first");
  g_assert_cmpstr (atlas_string_pool_get (pool, 4096), ==, "string 4094");
  g_assert_cmpstr (atlas_string_pool_get (pool, 4097), ==, "string 4095");
  g_assert_cmpuint (atlas_string_pool_get_memory (pool), >, before + 20000 * 8);
}

static void
test_references (void)
{
  AtlasStringPool *pool = atlas_string_pool_new ();
  AtlasStringId id = atlas_string_pool_intern (pool, "text", -1);

  g_assert_true (atlas_string_pool_ref (pool) == pool);
  atlas_string_pool_unref (pool);
  g_assert_cmpstr (atlas_string_pool_get (pool, id), ==, "text");
  atlas_string_pool_unref (pool);
}

#define N_THREADS 4
#define N_STRINGS 12000

typedef struct
{
  AtlasStringPool *pool;
  guint number;
  guint wrong;
} Worker;

/*
 * All threads intern the same strings in different orders, and each looks up what others have added
 * meanwhile: both at once is what a scan in one thread and a list in another do.
 */
static gpointer
work (gpointer data)
{
  Worker *worker = data;

  for (guint i = 0; i < N_STRINGS; i++)
    {
      guint number = (i * 7 + worker->number * 3001) % N_STRINGS;
      char text[32];
      g_snprintf (text, sizeof text, "/usr/lib/%u.so", number);
      AtlasStringId id = atlas_string_pool_intern (worker->pool, text, -1);
      if (g_strcmp0 (atlas_string_pool_get (worker->pool, id), text) != 0)
        worker->wrong++;

      guint length = atlas_string_pool_get_length (worker->pool);
      const char *newest = atlas_string_pool_get (worker->pool, length);
      if (newest == NULL || !g_str_has_prefix (newest, "/usr/lib/"))
        worker->wrong++;
    }
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (AtlasStringPool) pool = atlas_string_pool_new ();
  Worker workers[N_THREADS];
  GThread *threads[N_THREADS];

  for (guint i = 0; i < N_THREADS; i++)
    {
      workers[i] = (Worker){ pool, i, 0 };
      threads[i] = g_thread_new ("intern", work, &workers[i]);
    }
  for (guint i = 0; i < N_THREADS; i++)
    {
      g_thread_join (threads[i]);
      g_assert_cmpuint (workers[i].wrong, ==, 0);
    }
  g_assert_cmpuint (atlas_string_pool_get_length (pool), ==, N_STRINGS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/string-pool/empty", test_empty);
  g_test_add_func ("/string-pool/same", test_same);
  g_test_add_func ("/string-pool/bytes", test_bytes);
  g_test_add_func ("/string-pool/stable", test_stable);
  g_test_add_func ("/string-pool/references", test_references);
  g_test_add_func ("/string-pool/threads", test_threads);
  return g_test_run ();
}
