/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The heaps of the C library: what grows with brk, and the arenas of glibc's malloc, proved by the
 * header (heap_info) at the start of each 64 MiB. One thread.
 */

#define G_LOG_DOMAIN "atlas-scan"

#include "config.h"

#include "scan/recognisers-private.h"
#include "scan/scene-private.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <string.h>

#define HEAP_MAX (G_GUINT64_CONSTANT (64) * 1024 * 1024) /* HEAP_MAX_SIZE of glibc, 64-bit */

/* One heap of an arena; an arena that outgrows 64 MiB has several. */
typedef struct
{
  guint64 start;
  guint64 arena; /* address of its malloc_state */
  guint64 size;  /* bytes that are accessible */
} ArenaHeap;

void
atlas_recognise_brk (AtlasScene *scene)
{
  guint32 group = 0;

  for (guint i = 0; i < scene->n_blocks; i++)
    {
      const char *path = atlas_scene_get_path (scene, i);
      if (path == NULL || strcmp (path, "[heap]") != 0)
        continue;
      if (group == 0)
        group = atlas_scene_new_group (scene);
      atlas_scene_claim_heap (scene, i, 1, group, "[heap]", "[heap]",
                              _ ("the kernel names it [heap]: it grows with brk, which malloc uses "
                                 "before anything else"),
                              FALSE);
    }
}

static gboolean
read_heap (AtlasScene *scene, guint64 address, guint64 accessible, ArenaHeap *out)
{
  guint8 header[48]; /* ar_ptr, prev, size, mprotect_size, and since 2.35 pagesize */

  if (!atlas_memory_read (scene->memory, address, header, sizeof header))
    return FALSE;
  guint64 arena = atlas_word_at (header, 0);
  guint64 previous = atlas_word_at (header, 8);
  guint64 size = atlas_word_at (header, 16);
  guint64 protected_size = atlas_word_at (header, 24);
  if (size == 0 || size > protected_size || protected_size > HEAP_MAX ||
      protected_size > accessible || previous % HEAP_MAX != 0)
    return FALSE;
  /* The first heap of an arena holds the arena itself right behind its header. */
  gboolean first = arena > address && arena - address <= 64;
  if (previous == 0 ? !first : arena % HEAP_MAX > 64 || first)
    return FALSE;
  out->start = address;
  out->arena = arena;
  out->size = protected_size;
  return TRUE;
}

static void
find_heaps (AtlasScene *scene, GArray *heaps)
{
  for (guint i = 0; i < scene->n_blocks; i++)
    {
      const AtlasBlock *block = atlas_scene_get_block (scene, i);
      guint64 address = (block->start + HEAP_MAX - 1) / HEAP_MAX * HEAP_MAX;
      if (address >= block->end || !atlas_block_is_writable (block) ||
          !atlas_scene_is_anonymous (scene, i))
        continue;
      ArenaHeap heap;
      guint looks = 0;
      for (; address < block->end && looks < 4096; address += HEAP_MAX, looks++)
        if (read_heap (scene, address, block->end - address, &heap))
          g_array_append_val (heaps, heap);
    }
}

static gint
compare_words (gconstpointer a, gconstpointer b)
{
  guint64 left = *(const guint64 *)a;
  guint64 right = *(const guint64 *)b;

  return left < right ? -1 : left > right;
}

static guint
number_arena (GArray *arenas, guint64 arena)
{
  for (guint i = 0; i < arenas->len; i++)
    if (g_array_index (arenas, guint64, i) == arena)
      return i + 2; /* 1 is the main arena */
  return 0;
}

static const char *
intern (AtlasScene *scene, char *text)
{
  const char *kept =
    atlas_string_pool_get (scene->pool, atlas_string_pool_intern (scene->pool, text, -1));

  g_free (text);
  return kept;
}

static void
claim_heaps (AtlasScene *scene, GArray *heaps)
{
  g_autoptr (GArray) arenas = g_array_new (FALSE, FALSE, sizeof (guint64));

  for (guint i = 0; i < heaps->len; i++)
    {
      guint64 arena = g_array_index (heaps, ArenaHeap, i).arena;
      if (number_arena (arenas, arena) == 0)
        g_array_append_val (arenas, arena);
    }
  g_array_sort (arenas, compare_words);
  for (guint i = 0; i < arenas->len; i++)
    atlas_scene_get_heap_id (scene, intern (scene, g_strdup_printf ("glibc arena %u", i + 2)));

  for (guint i = 0; i < heaps->len; i++)
    {
      const ArenaHeap *heap = &g_array_index (heaps, ArenaHeap, i);
      g_autofree char *label =
        g_strdup_printf ("glibc arena %u", number_arena (arenas, heap->arena));
      g_autofree char *reason = g_strdup_printf (
        _ ("the header of a malloc heap of glibc lies at its start and names the arena at "
           "%" PRIX64),
        heap->arena);
      guint32 group = atlas_scene_new_group (scene);
      guint64 end = heap->start + heap->size;
      guint64 used = atlas_scene_claim_range (scene, heap->start, end, group, ATLAS_TYPE_HEAP,
                                              label, reason, "in use", FALSE);
      if (used == 0)
        atlas_scene_note (
          scene, heap->start,
          g_strdup_printf (_ ("%s begins in it at %" PRIX64 " and has %" PRIu64 " KiB"), label,
                           heap->start, heap->size / 1024));
      else
        atlas_scene_claim_range (scene, end, heap->start + HEAP_MAX, group, ATLAS_TYPE_HEAP, label,
                                 reason, "reserved", FALSE);
    }
}

/* A writable block at a multiple of 64 MiB and the inaccessible rest of the 64 MiB. */
static void
claim_by_shape (AtlasScene *scene)
{
  guint number = 2;

  for (guint i = 0; i + 1 < scene->n_blocks; i++)
    {
      const AtlasBlock *block = atlas_scene_get_block (scene, i);
      const AtlasBlock *rest = atlas_scene_get_block (scene, i + 1);
      if (block->start % HEAP_MAX != 0 || !atlas_block_is_writable (block) ||
          (block->protection & ATLAS_PROTECTION_EXECUTE) || rest->start != block->end ||
          !atlas_block_is_inaccessible (rest) || rest->end != block->start + HEAP_MAX ||
          !atlas_scene_is_anonymous (scene, i) || !atlas_scene_is_anonymous (scene, i + 1))
        continue;
      g_autofree char *label = g_strdup_printf ("glibc arena %u", number++);
      const char *reason =
        _ ("probably a malloc heap of glibc, because it begins at a multiple of 64 MiB and the "
           "rest of the 64 MiB is reserved; its header could not be read");
      guint32 group = atlas_scene_new_group (scene);
      atlas_scene_claim_range (scene, block->start, block->end, group, ATLAS_TYPE_HEAP, label,
                               reason, "in use", TRUE);
      atlas_scene_claim_range (scene, rest->start, rest->end, group, ATLAS_TYPE_HEAP, label, reason,
                               "reserved", TRUE);
    }
}

void
atlas_recognise_arenas (AtlasScene *scene)
{
  g_autoptr (GArray) heaps = g_array_new (FALSE, FALSE, sizeof (ArenaHeap));

  if (scene->process->bits == 32)
    return;
  if (!scene->state->can_read)
    {
      /* A Go program's arenas have the very shape. */
      const AtlasLoadedImage *program = atlas_scene_get_program (scene);
      if (program == NULL || program->elf == NULL ||
          !atlas_elf_image_has_section (program->elf, ".go.buildinfo"))
        claim_by_shape (scene);
      return;
    }
  find_heaps (scene, heaps);
  claim_heaps (scene, heaps);
}
