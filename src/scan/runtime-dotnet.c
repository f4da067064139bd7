/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The heap of .NET: with libcoreclr.so in the process, the reservation of hundreds of GiB that the
 * collector makes for its regions, and what is committed in it. One thread.
 */

#define G_LOG_DOMAIN "atlas-scan"

#include "config.h"

#include "scan/recognisers-private.h"
#include "scan/scene-private.h"

#include <glib/gi18n.h>

#define LEAST_RESERVATION (G_GUINT64_CONSTANT (16) << 30) /* a container's limit makes it small */

void
atlas_recognise_dotnet (AtlasScene *scene)
{
  if (atlas_scene_find_image (scene, "libcoreclr.so") == NULL)
    return;
  for (guint first = 0; first < scene->n_blocks;)
    {
      guint end = first;
      guint64 address = atlas_scene_get_block (scene, first)->start;
      guint64 start = address;
      guint64 inaccessible = 0;
      for (; end < scene->n_blocks && atlas_scene_is_anonymous (scene, end); end++)
        {
          const AtlasBlock *block = atlas_scene_get_block (scene, end);
          if (block->start != address)
            break;
          address = block->end;
          if (atlas_block_is_inaccessible (block))
            inaccessible += atlas_block_get_size (block);
        }
      if (end == first)
        {
          first++;
          continue;
        }
      if (address - start >= LEAST_RESERVATION && inaccessible > 0)
        {
          guint32 group = atlas_scene_new_group (scene);
          for (guint i = first; i < end; i++)
            {
              atlas_scene_claim (
                scene, i, group, ATLAS_TYPE_MANAGED_HEAP, ".NET heap",
                _ ("probably the heap of .NET, because libcoreclr.so is in the process and only "
                   "its collector reserves that much address space in one piece"),
                0, TRUE);
              atlas_scene_set_label (scene, i,
                                     atlas_block_is_inaccessible (atlas_scene_get_block (scene, i))
                                       ? "reserved"
                                       : "in use");
            }
        }
      first = end;
    }
}
