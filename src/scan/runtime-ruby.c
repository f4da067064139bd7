/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Stacks that Ruby keeps for its fibers: it makes them in rows, all of one size, a guard page under
 * each. (Its objects are found by the headers of their pages, see pieces.c.) One thread.
 */

#define G_LOG_DOMAIN "atlas-scan"

#include "config.h"

#include "scan/recognisers-private.h"
#include "scan/scene-private.h"

#include <glib/gi18n.h>

#define LEAST_FIBERS  4
#define LARGEST_GUARD (64 * 1024)

/* Block @index is a guard and the next one a stack of @size (0: any) that touches it. */
static gboolean
is_fiber (AtlasScene *scene, guint index, guint64 size)
{
  if (index + 1 >= scene->n_blocks || !atlas_scene_is_anonymous (scene, index) ||
      !atlas_scene_is_anonymous (scene, index + 1))
    return FALSE;
  const AtlasBlock *guard = atlas_scene_get_block (scene, index);
  const AtlasBlock *stack = atlas_scene_get_block (scene, index + 1);
  return atlas_block_is_inaccessible (guard) && atlas_block_get_size (guard) <= LARGEST_GUARD &&
         guard->end == stack->start && atlas_block_is_writable (stack) &&
         (size == 0 || size == atlas_block_get_size (stack));
}

void
atlas_recognise_ruby (AtlasScene *scene)
{
  if (atlas_scene_find_image (scene, "libruby") == NULL &&
      atlas_scene_find_symbol (scene, "ruby_init", NULL) == 0)
    return;
  for (guint i = 0; i + 1 < scene->n_blocks;)
    {
      guint end = i;
      guint64 size = 0;
      while (is_fiber (scene, end, size) &&
             (end == i || atlas_scene_get_block (scene, end - 1)->end ==
                            atlas_scene_get_block (scene, end)->start))
        {
          size = atlas_block_get_size (atlas_scene_get_block (scene, end + 1));
          end += 2;
        }
      if (end - i < 2 * LEAST_FIBERS)
        {
          i++;
          continue;
        }
      guint32 group = atlas_scene_new_group (scene);
      g_autofree char *reason =
        g_strdup_printf (_ ("probably stacks that Ruby keeps for its fibers, because %u of one "
                            "size lie side by side, each with a guard"),
                         (end - i) / 2);
      for (guint k = i; k < end; k++)
        {
          atlas_scene_claim (scene, k, group, ATLAS_TYPE_STACK, "stacks of Ruby fibers", reason, 0,
                             TRUE);
          atlas_scene_set_label (scene, k, (k - i) % 2 == 0 ? "guard" : "stack");
        }
      i = end;
    }
}
