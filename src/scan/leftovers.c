/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is found by its neighbours once the rest is known: thread-local storage of the first thread,
 * address space that a heap keeps reserved for its growth. One thread.
 */

#define G_LOG_DOMAIN "atlas-scan"

#include "config.h"

#include "scan/recognisers-private.h"
#include "scan/scene-private.h"
#include "scan/thread-block.h"

#include <glib/gi18n.h>

#define MAX_TLS (1024 * 1024) /* a larger block holds other things as well */

static gboolean
is_heap (const AtlasClaim *claim)
{
  return claim->group != 0 &&
         (claim->type == ATLAS_TYPE_HEAP || claim->type == ATLAS_TYPE_MANAGED_HEAP);
}

void
atlas_recognise_main_storage (AtlasScene *scene)
{
  for (guint i = 0; scene->threads != NULL && i < scene->threads->len; i++)
    {
      const AtlasSceneThread *thread = &g_array_index (scene->threads, AtlasSceneThread, i);
      AtlasThreadBlock block;
      if (thread->tid != scene->process->pid || thread->robust_list == 0 ||
          !scene->state->can_read ||
          !atlas_thread_block_find_glibc (scene->memory, thread->robust_list, thread->tid, &block))
        continue;
      gint index = atlas_scene_find_block (scene, block.address);
      if (index < 0 || !atlas_scene_is_anonymous (scene, (guint)index))
        continue;
      if (atlas_block_get_size (atlas_scene_get_block (scene, (guint)index)) > MAX_TLS)
        {
          atlas_scene_note (scene, block.address,
                            g_strdup_printf (_ ("the control block of thread %d, the first one, "
                                                "lies in it"),
                                             thread->tid));
          continue;
        }
      g_autofree char *reason = g_strdup_printf (
        _ ("the control block of thread %d, the first one, lies in it"), thread->tid);
      atlas_scene_claim (scene, (guint)index, atlas_scene_new_group (scene), ATLAS_TYPE_PRIVATE,
                         "thread-local storage of the main thread", reason, 0, FALSE);
    }
}

/* Inaccessible memory that touches a heap was reserved for it, or protects it. */
void
atlas_recognise_reservations (AtlasScene *scene)
{
  for (guint i = 0; i < scene->n_blocks; i++)
    {
      const AtlasBlock *block = atlas_scene_get_block (scene, i);
      if (!atlas_block_is_inaccessible (block) || !atlas_scene_is_anonymous (scene, i))
        continue;
      const AtlasClaim *claim = NULL;
      if (i > 0 && atlas_scene_get_block (scene, i - 1)->end == block->start)
        claim = &scene->claims[i - 1];
      if ((claim == NULL || !is_heap (claim)) && i + 1 < scene->n_blocks &&
          atlas_scene_get_block (scene, i + 1)->start == block->end)
        claim = &scene->claims[i + 1];
      if (claim == NULL || !is_heap (claim))
        continue;
      scene->claims[i] = *claim;
      atlas_scene_set_label (scene, i, "reserved");
    }
}
