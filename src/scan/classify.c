/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Types of blocks by their names alone.
 */

#include "config.h"

#include "scan/classify.h"

#include <glib/gi18n.h>
#include <string.h>

static void
claim (AtlasScene *scene, guint index, AtlasType type, const char *details, const char *reason)
{
  AtlasClaim *claim = &scene->claims[index];
  claim->group = atlas_scene_new_group (scene);
  claim->type = (guint8)type;
  claim->details = atlas_string_pool_intern (scene->pool, details, -1);
  claim->reason = atlas_string_pool_intern (scene->pool, reason, -1);
}

void
atlas_classify (AtlasScene *scene)
{
  for (guint i = 0; i < scene->n_blocks; i++)
    {
      AtlasBlock *block = atlas_scene_get_block (scene, i);
      const char *path = atlas_string_pool_get (scene->pool, block->path);

      if (i > 0 && path != NULL && block->path == atlas_scene_get_block (scene, i - 1)->path &&
          atlas_scene_get_block (scene, i - 1)->end == block->start)
        scene->claims[i] = scene->claims[i - 1];
      else if (path == NULL)
        claim (scene, i, ATLAS_TYPE_PRIVATE, NULL, _ ("Anonymous private memory"));
      else if (strcmp (path, "[heap]") == 0)
        claim (scene, i, ATLAS_TYPE_HEAP, path, _ ("The kernel names it the heap"));
      else if (strcmp (path, "[stack]") == 0)
        claim (scene, i, ATLAS_TYPE_STACK, path, _ ("The kernel names it the stack"));
      else if (path[0] == '[')
        claim (scene, i, ATLAS_TYPE_SYSTEM, path, _ ("A mapping of the kernel"));
      else
        claim (scene, i, ATLAS_TYPE_MAPPED_FILE, path, _ ("A mapping of a file"));
    }
}
