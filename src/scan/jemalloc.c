/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Heaps of jemalloc. It keeps its descriptions of extents in blocks of its own (base blocks, at
 * multiples of 2 MiB, with their size in front); each description has the address and the size of
 * an extent, at the same place since 5.0. What these cover is jemalloc's, by its own word. One
 * thread.
 */

#define G_LOG_DOMAIN "atlas-scan"

#include "config.h"

#include "scan/recognisers-private.h"
#include "scan/scene-private.h"

#include <glib/gi18n.h>
#include <string.h>

#define PAGE        4096
#define BASE        (2 * 1024 * 1024) /* what a base block begins at a multiple of */
#define SLOT        64                /* descriptions begin at multiples of it */
#define MAX_PAGES   8192              /* of base blocks, looked at in one scan */
#define MAX_EXTENTS (1024 * 1024)
#define MAX_LOOKS   (256 * 1024) /* for base blocks: 512 GiB of addresses; a reservation has more */
#define MAX_SIZE    (G_GUINT64_CONSTANT (1) << 40)

typedef struct
{
  guint64 start;
  guint64 end;
} Extent;

static gboolean
is_free_memory (AtlasScene *scene, guint64 address)
{
  gint index = atlas_scene_find_block (scene, address);

  return index >= 0 && atlas_scene_is_anonymous (scene, (guint)index) &&
         atlas_block_is_writable (atlas_scene_get_block (scene, (guint)index));
}

/* The header of a base block: its size, the next one, and the description of its own rest. */
static gboolean
read_base (AtlasScene *scene, guint64 address, guint64 *out_size)
{
  guint8 header[40];

  if (!atlas_memory_read (scene->memory, address, header, sizeof header))
    return FALSE;
  guint64 size = atlas_word_at (header, 0);
  guint64 next = atlas_word_at (header, 8);
  guint64 rest = atlas_word_at (header, 24);
  if (size == 0 || size % PAGE != 0 || size > MAX_SIZE || next % PAGE != 0 || rest <= address ||
      rest > address + size || (next != 0 && !is_free_memory (scene, next)))
    return FALSE;
  *out_size = size;
  return TRUE;
}

static void
read_descriptions (AtlasScene *scene, guint64 start, guint64 end, GArray *extents, guint *pages)
{
  guint8 page[PAGE];

  for (guint64 address = start; address < end && *pages < MAX_PAGES; address += PAGE)
    {
      if (!atlas_memory_read (scene->memory, address, page, sizeof page))
        continue;
      ++*pages;
      for (gsize at = 0; at + SLOT <= sizeof page && extents->len < MAX_EXTENTS; at += SLOT)
        {
          guint64 first = atlas_word_at (page, at + 8);
          guint64 size = atlas_word_at (page, at + 16) & ~G_GUINT64_CONSTANT (PAGE - 1);
          if (first == 0 || first % PAGE != 0 || size == 0 || size > MAX_SIZE ||
              !is_free_memory (scene, first) || !is_free_memory (scene, first + size - 1))
            continue;
          Extent extent = { first, first + size };
          g_array_append_val (extents, extent);
        }
    }
}

static gint
compare_extents (gconstpointer a, gconstpointer b)
{
  const Extent *left = a;
  const Extent *right = b;

  return left->start < right->start ? -1 : left->start > right->start;
}

/* Sorted, and what overlaps or touches as one: descriptions out of use may name parts again. */
static void
unite (GArray *extents)
{
  guint kept = 0;

  g_array_sort (extents, compare_extents);
  for (guint i = 0; i < extents->len; i++)
    {
      const Extent *extent = &g_array_index (extents, Extent, i);
      Extent *last = kept > 0 ? &g_array_index (extents, Extent, kept - 1) : NULL;
      if (last != NULL && extent->start <= last->end)
        last->end = MAX (last->end, extent->end);
      else
        g_array_index (extents, Extent, kept++) = *extent;
    }
  g_array_set_size (extents, kept);
}

static void
claim_extents (AtlasScene *scene, const GArray *extents, guint32 group)
{
  guint next = 0;

  for (guint i = 0; i < scene->n_blocks && next < extents->len; i++)
    {
      const AtlasBlock *block = atlas_scene_get_block (scene, i);
      guint64 covered = 0;
      while (next < extents->len && g_array_index (extents, Extent, next).end <= block->start)
        next++;
      for (guint k = next; k < extents->len; k++)
        {
          const Extent *extent = &g_array_index (extents, Extent, k);
          if (extent->start >= block->end)
            break;
          covered += MIN (block->end, extent->end) - MAX (block->start, extent->start);
        }
      if (covered == 0 || covered < atlas_block_get_size (block) / 2 ||
          !atlas_scene_is_anonymous (scene, i))
        continue;
      atlas_scene_claim_heap (scene, i, 1, group, "jemalloc", "jemalloc",
                              _ ("jemalloc's own descriptions of its extents name this memory, or "
                                 "lie in it"),
                              FALSE);
    }
}

void
atlas_recognise_jemalloc (AtlasScene *scene)
{
  static const char *const symbols[] = { "mallctl", "je_mallctl", "_rjem_mallctl",
                                         "_rjem_je_mallctl" };
  gboolean possible = atlas_scene_find_image (scene, "libjemalloc") != NULL;
  g_autoptr (GArray) extents = g_array_new (FALSE, FALSE, sizeof (Extent));
  guint pages = 0, looks = 0;

  for (guint i = 0; i < G_N_ELEMENTS (symbols) && !possible; i++)
    possible = atlas_scene_find_symbol (scene, symbols[i], NULL) != 0;
  if (!possible || !scene->state->can_read)
    return;
  for (guint i = 0; i < scene->n_blocks && pages < MAX_PAGES; i++)
    {
      const AtlasBlock *block = atlas_scene_get_block (scene, i);
      guint64 address = (block->start + BASE - 1) / BASE * BASE;
      if (!atlas_block_is_writable (block) || !atlas_scene_is_anonymous (scene, i))
        continue;
      if (g_cancellable_is_cancelled (scene->cancellable))
        return;
      for (; address < block->end && looks < MAX_LOOKS; address += BASE, looks++)
        {
          guint64 size;
          if (!read_base (scene, address, &size))
            continue;
          Extent own = { address, MIN (address + size, block->end) };
          g_array_append_val (extents, own);
          read_descriptions (scene, own.start, own.end, extents, &pages);
        }
    }
  unite (extents);
  claim_extents (scene, extents, atlas_scene_new_group (scene));
}
