/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Heaps of mimalloc. Each of its segments, at a multiple of their size, holds a cookie: its own
 * address xor a number of the process. Where the same number comes out of several segments at the
 * same place, that is proof. One thread.
 */

#define G_LOG_DOMAIN "atlas-scan"

#include "config.h"

#include "scan/recognisers-private.h"
#include "scan/scene-private.h"

#include <glib/gi18n.h>
#include <string.h>

#define SEGMENT      (G_GUINT64_CONSTANT (32) * 1024 * 1024) /* 2.x; 64 MiB is a multiple of it */
#define HEADER       256
#define MAX_SEGMENTS 4096
#define MAX_LOOKS    (256 * 1024) /* for segments: 8 TiB of addresses; a reservation has more */

typedef struct
{
  guint64 address;
  guint8 bytes[HEADER];
} Segment;

static GArray *
read_segments (AtlasScene *scene)
{
  GArray *segments = g_array_new (FALSE, FALSE, sizeof (Segment));
  guint looks = 0;

  for (guint i = 0; i < scene->n_blocks && segments->len < MAX_SEGMENTS; i++)
    {
      const AtlasBlock *block = atlas_scene_get_block (scene, i);
      guint64 address = (block->start + SEGMENT - 1) / SEGMENT * SEGMENT;
      if (!atlas_block_is_writable (block) || !atlas_scene_is_anonymous (scene, i))
        continue;
      for (; address < block->end && segments->len < MAX_SEGMENTS && looks < MAX_LOOKS;
           address += SEGMENT, looks++)
        {
          Segment segment = { .address = address };
          if (atlas_memory_read (scene->memory, address, segment.bytes, HEADER))
            g_array_append_val (segments, segment);
        }
    }
  return segments;
}

/* How many segments have the cookie that @like has at @offset. */
static guint
count_alike (GArray *segments, const Segment *like, gsize offset)
{
  guint64 key = atlas_word_at (like->bytes, offset) ^ like->address;
  guint n = 0;

  for (guint i = 0; i < segments->len; i++)
    {
      const Segment *segment = &g_array_index (segments, Segment, i);
      if ((atlas_word_at (segment->bytes, offset) ^ segment->address) == key)
        n++;
    }
  return n;
}

static void
claim_segments (AtlasScene *scene, GArray *segments, const Segment *like, gsize offset)
{
  guint64 key = atlas_word_at (like->bytes, offset) ^ like->address;
  guint32 group = atlas_scene_new_group (scene);

  for (guint i = 0; i < segments->len; i++)
    {
      const Segment *segment = &g_array_index (segments, Segment, i);
      gint index = atlas_scene_find_block (scene, segment->address);
      if ((atlas_word_at (segment->bytes, offset) ^ segment->address) == key && index >= 0)
        atlas_scene_claim_heap (scene, (guint)index, 1, group, "mimalloc", "mimalloc",
                                _ ("a segment of mimalloc begins in it: its cookie fits those of "
                                   "the other segments"),
                                FALSE);
    }
}

void
atlas_recognise_mimalloc (AtlasScene *scene)
{
  if (!scene->state->can_read || (atlas_scene_find_image (scene, "libmimalloc") == NULL &&
                                  atlas_scene_find_symbol (scene, "mi_malloc", NULL) == 0))
    return;
  g_autoptr (GArray) segments = read_segments (scene);
  for (guint i = 0; i < MIN (segments->len, 8); i++)
    {
      const Segment *like = &g_array_index (segments, Segment, i);
      for (gsize offset = 0; offset + 8 <= HEADER; offset += 8)
        {
          guint64 word = atlas_word_at (like->bytes, offset);
          /* A cookie is no pointer nearby and no small number. */
          if (word < G_MAXUINT32 || (word ^ like->address) < G_MAXUINT32 ||
              count_alike (segments, like, offset) < 2)
            continue;
          claim_segments (scene, segments, like, offset);
          return;
        }
    }
}
