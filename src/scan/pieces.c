/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The kinds of pieces that anonymous memory is searched for: what the first bytes of a large block
 * of malloc, a CPython pool, a V8 page, a Ruby heap page look like. Constant data, any thread.
 */

#define G_LOG_DOMAIN "atlas-scan"

#include "config.h"

#include "scan/walk.h"

#include "scan/scene-private.h"

#include <glib/gi18n.h>
#include <string.h>

#define PAGE G_GUINT64_CONSTANT (4096)

static gboolean
has_glibc (AtlasScene *scene)
{
  return atlas_scene_find_image (scene, "libc.so.6") != NULL ||
         atlas_scene_find_image (scene, "libc-2.") != NULL ||
         atlas_scene_find_image (scene, "ld-musl-") == NULL;
}

/* A chunk that malloc mapped for one allocation: its size is whole pages and of its flags only
 * IS_MMAPPED is set. The word before is the shift that alignment made, small and mostly 0. */
static guint64
measure_chunk (AtlasScene *scene, const guint8 *header, guint64 address, guint64 limit)
{
  guint64 shift = atlas_word_at (header, 0);
  guint64 size = atlas_word_at (header, 8);

  if ((size & 7) != 2 || shift >= PAGE)
    return 0;
  size = (size & ~G_GUINT64_CONSTANT (7)) + shift;
  return size % PAGE == 0 && size >= PAGE && size <= limit - address ? size : 0;
}

static gboolean
has_cpython (AtlasScene *scene)
{
  return atlas_scene_find_image (scene, "libpython") != NULL ||
         atlas_scene_find_symbol (scene, "Py_BytesMain", NULL) != 0 ||
         atlas_scene_find_symbol (scene, "Py_Main", NULL) != 0 ||
         atlas_scene_find_symbol (scene, "_PyRuntime", NULL) != 0;
}

/* struct pool_header: count, freeblock, nextpool, prevpool, arenaindex, szidx, nextoffset,
 * maxnextoffset. The last follows from the size class. */
static guint64
measure_pool (const guint8 *header, guint64 address, guint32 pool_size)
{
  guint32 count, size_class, next, last;

  memcpy (&count, header, sizeof count);
  memcpy (&size_class, header + 36, sizeof size_class);
  memcpy (&next, header + 40, sizeof next);
  memcpy (&last, header + 44, sizeof last);
  guint64 free_block = atlas_word_at (header, 8);
  if (size_class >= 64 || count > pool_size / 8 || next < 48 || next > pool_size + 1024)
    return 0;
  if (last != pool_size - (size_class + 1) * 16 && last != pool_size - (size_class + 1) * 8)
    return 0;
  if (free_block != 0 && (free_block < address || free_block >= address + pool_size))
    return 0;
  return pool_size;
}

static guint64
measure_pool_16k (AtlasScene *scene, const guint8 *header, guint64 address, guint64 limit)
{
  return measure_pool (header, address, 16 * 1024);
}

static guint64
measure_pool_4k (AtlasScene *scene, const guint8 *header, guint64 address, guint64 limit)
{
  return measure_pool (header, address, 4 * 1024);
}

static gboolean
has_ruby (AtlasScene *scene)
{
  return atlas_scene_find_image (scene, "libruby") != NULL ||
         atlas_scene_find_symbol (scene, "ruby_init", NULL) != 0;
}

/* A page of objects, 64 KiB: its first word leads to the page's description, which says where in
 * the page the objects begin. */
static guint64
measure_ruby_page (AtlasScene *scene, const guint8 *header, guint64 address, guint64 limit)
{
  guint64 page = atlas_word_at (header, 0);
  guint8 description[96];

  if (page == 0 || page % 8 != 0 ||
      !atlas_memory_read (scene->memory, page, description, sizeof description))
    return 0;
  for (gsize i = 0; i + 8 <= sizeof description; i += 8)
    {
      guint64 start = atlas_word_at (description, i);
      if (start > address && start < address + 1024)
        return 64 * 1024;
    }
  return 0;
}

static gboolean
has_v8 (AtlasScene *scene)
{
  return atlas_scene_find_image (scene, "libv8") != NULL ||
         atlas_scene_find_image (scene, "libnode") != NULL ||
         atlas_scene_find_symbol (scene, "node_module_register", NULL) != 0 ||
         atlas_scene_find_symbol (scene, "_ZN2v87Isolate3NewERKNS0_12CreateParamsE", NULL) != 0;
}

/* A page of the heap or of code: its size, then among the next words its flags, its heap and the
 * bounds of the area for objects in it. */
static guint64
measure_v8_page (AtlasScene *scene, const guint8 *header, guint64 address, guint64 limit)
{
  guint64 size = atlas_word_at (header, 0);

  if (size < 4 * PAGE || size % 8 != 0 || size > limit - address)
    return 0;
  for (gsize i = 16; i + 16 <= ATLAS_PIECE_HEADER; i += 8)
    {
      guint64 start = atlas_word_at (header, i);
      guint64 end = atlas_word_at (header, i + 8);
      if (start > address && start - address <= 64 * 1024 && end > start && end <= address + size &&
          address + size - end <= 2 * PAGE)
        return size;
    }
  return 0;
}

static gboolean
has_php (AtlasScene *scene)
{
  const AtlasLoadedImage *program = atlas_scene_get_program (scene);

  return (program != NULL && g_str_has_prefix (program->name, "php")) ||
         atlas_scene_find_image (scene, "libphp") != NULL;
}

/* struct zend_mm_chunk: its heap, the next and the previous chunk in a ring, free pages. */
static guint64
measure_php_chunk (AtlasScene *scene, const guint8 *header, guint64 address, guint64 limit)
{
  const guint64 size = 2 * 1024 * 1024;
  guint64 heap = atlas_word_at (header, 0);
  guint64 next = atlas_word_at (header, 8);
  guint64 previous = atlas_word_at (header, 16);
  guint32 free_pages;

  memcpy (&free_pages, header + 24, sizeof free_pages);
  if (heap == 0 || heap % size > PAGE || next == 0 || next % size != 0 || previous == 0 ||
      previous % size != 0 || free_pages > 512)
    return 0;
  return MIN (size, limit - address);
}

#define CPYTHON_REASON                                                                             \
  N_ (                                                                                             \
    "pools of Python objects (%u, together %u KiB) lie in it, each with the header that CPython "  \
    "gives them")

static const AtlasPiece pieces[] = {
  { "CPython", ATLAS_TYPE_MANAGED_HEAP, "Python objects (pymalloc)", CPYTHON_REASON, 16 * 1024,
    has_cpython, measure_pool_16k },
  { "CPython", ATLAS_TYPE_MANAGED_HEAP, "Python objects (pymalloc)", CPYTHON_REASON, 4 * 1024,
    has_cpython, measure_pool_4k },
  { "Ruby", ATLAS_TYPE_MANAGED_HEAP, "Ruby objects",
    N_ ("pages of Ruby objects (%u, together %u KiB) lie in it, each leading to its description"),
    64 * 1024, has_ruby, measure_ruby_page },
  { "V8", ATLAS_TYPE_MANAGED_HEAP, "JavaScript heap (V8)",
    N_ ("pages of V8 (%u, together %u KiB) lie in it, each with the header that V8 gives them"),
    256 * 1024, has_v8, measure_v8_page },
  { "PHP", ATLAS_TYPE_MANAGED_HEAP, "PHP heap",
    N_ ("chunks of PHP's memory manager (%u, together %u KiB) lie in it, linked in a ring"),
    2 * 1024 * 1024, has_php, measure_php_chunk },
  { "malloc large", ATLAS_TYPE_HEAP, "large blocks of malloc",
    N_ ("large blocks of malloc (%u, together %u KiB) lie in it, each with malloc's header"), PAGE,
    has_glibc, measure_chunk },
};

const AtlasPiece *
atlas_pieces_get (guint *out_n)
{
  *out_n = G_N_ELEMENTS (pieces);
  return pieces;
}
