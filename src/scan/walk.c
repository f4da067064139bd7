/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Walks through large anonymous blocks and asks, at each page that is present, whose header this
 * is. A block goes to whoever owns most of what could be told apart, if that is at least half.
 * Reads a bounded number of pages, never one that is not present. One thread.
 */

#define G_LOG_DOMAIN "atlas-scan"

#include "config.h"

#include "scan/walk.h"

#include "scan/recognisers-private.h"
#include "scan/scene-private.h"

#include <glib/gi18n.h>
#include <string.h>

#define PAGE        4096
#define LEAST_BLOCK (32 * 1024)
#define MAX_KINDS   16
#define BLOCK_LOOKS 1024
#define TOTAL_LOOKS 24576
#define FREE_LOOKS  12288 /* from then on only the beginning of each block is looked at */
#define SHORT_LOOKS 4
#define PATIENCE    8 /* pages of nobody's after which only every fourth is looked at */

typedef struct
{
  guint64 bytes; /* of pieces, up to their ends */
  guint n;
} Tally;

static gboolean
is_candidate (AtlasScene *scene, guint index)
{
  const AtlasBlock *block = atlas_scene_get_block (scene, index);

  return atlas_block_get_size (block) >= LEAST_BLOCK && !atlas_block_is_inaccessible (block) &&
         atlas_scene_is_anonymous (scene, index);
}

/* Returns the looks it took. */
static guint
walk_block (AtlasScene *scene, const AtlasBlock *block, const AtlasPiece *const *kinds,
            guint n_kinds, guint allowed, Tally *tallies, guint64 *out_other)
{
  guint8 header[ATLAS_PIECE_HEADER];
  guint looks = 0;
  guint nobody = 0;
  guint64 address = block->start;

  while (address < block->end && looks < allowed)
    {
      guint64 length = 0;
      looks++;
      if (atlas_memory_read (scene->memory, address, header, sizeof header))
        {
          for (guint k = 0; k < n_kinds && length == 0; k++)
            if (address % kinds[k]->alignment == 0)
              {
                length = kinds[k]->measure (scene, header, address, block->end);
                if (length == 0 || length > block->end - address)
                  {
                    length = 0;
                    continue;
                  }
                tallies[k].bytes += length;
                tallies[k].n++;
              }
          if (length == 0)
            *out_other += nobody < PATIENCE ? PAGE : 4 * PAGE;
        }
      nobody = length > 0 ? 0 : nobody + 1;
      if (length > 0)
        address += (length + PAGE - 1) / PAGE * PAGE;
      else if (nobody <= PATIENCE)
        address += PAGE;
      else
        address = (address / (4 * PAGE) + 1) * 4 * PAGE;
    }
  return looks;
}

static void
claim_block (AtlasScene *scene, guint index, const AtlasPiece *kind, const Tally *tally,
             gboolean all, guint32 *groups, guint k)
{
  g_autofree char *found =
    g_strdup_printf (_ (kind->reason), tally->n, (guint)MIN (tally->bytes / 1024, G_MAXUINT));
  g_autofree char *reason =
    all ? g_strdup (found)
        : g_strdup_printf (_ ("%s; at least half of what was looked at in it"), found);

  if (groups[k] == 0)
    groups[k] = atlas_scene_new_group (scene);
  if (kind->type == ATLAS_TYPE_HEAP)
    atlas_scene_claim_heap (scene, index, 1, groups[k], kind->key, kind->details, reason, FALSE);
  else
    atlas_scene_claim (scene, index, groups[k], kind->type, kind->details, reason, 0, FALSE);
}

void
atlas_recognise_pieces (AtlasScene *scene)
{
  guint n_all;
  const AtlasPiece *all = atlas_pieces_get (&n_all);
  const AtlasPiece *kinds[MAX_KINDS];
  guint32 groups[MAX_KINDS] = { 0 };
  guint n_kinds = 0;
  guint looks = 0;

  if (!scene->state->can_read)
    return;
  for (guint k = 0; k < n_all && n_kinds < MAX_KINDS; k++)
    if (all[k].is_possible (scene))
      kinds[n_kinds++] = &all[k];
  if (n_kinds == 0)
    return;

  for (guint i = 0; i < scene->n_blocks && looks < TOTAL_LOOKS; i++)
    {
      Tally tallies[MAX_KINDS] = { { 0, 0 } };
      guint64 other = 0;
      guint best = 0;
      guint64 told = 0;
      if (!is_candidate (scene, i))
        continue;
      looks += walk_block (scene, atlas_scene_get_block (scene, i), kinds, n_kinds,
                           looks < FREE_LOOKS ? BLOCK_LOOKS : SHORT_LOOKS, tallies, &other);
      for (guint k = 0; k < n_kinds; k++)
        {
          told += tallies[k].bytes;
          if (tallies[k].bytes > tallies[best].bytes)
            best = k;
        }
      if (tallies[best].n > 0 && tallies[best].bytes >= (told + other + 1) / 2)
        claim_block (scene, i, kinds[best], &tallies[best],
                     told == tallies[best].bytes && other == 0, groups, best);
      if (g_cancellable_is_cancelled (scene->cancellable))
        return;
    }
}
