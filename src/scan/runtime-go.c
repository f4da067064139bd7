/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Memory of Go programs before 1.25, which name nothing: the heap lies in arenas of 64 MiB from
 * 0xC000000000 up, an address nobody else asks for. One thread.
 */

#define G_LOG_DOMAIN "atlas-scan"

#include "config.h"

#include "scan/recognisers-private.h"
#include "scan/scene-private.h"

#include <glib/gi18n.h>

#define ARENAS_START G_GUINT64_CONSTANT (0xc000000000)
#define ARENAS_END   G_GUINT64_CONSTANT (0xd000000000) /* 64 GiB; larger heaps go on above */
#define ARENA        (G_GUINT64_CONSTANT (64) * 1024 * 1024)

void
atlas_recognise_go (AtlasScene *scene)
{
  const AtlasLoadedImage *program = atlas_scene_get_program (scene);
  guint32 group = 0;
  guint64 end = ARENAS_START;
  gboolean known = program != NULL && program->elf != NULL;

  if (known && !atlas_elf_image_has_section (program->elf, ".go.buildinfo") &&
      !atlas_elf_image_has_section (program->elf, ".note.go.buildid"))
    return;
  for (guint i = atlas_scene_find_next (scene, ARENAS_START); i < scene->n_blocks; i++)
    {
      const AtlasBlock *block = atlas_scene_get_block (scene, i);
      /* Arenas follow each other; the first is the only one whose address is fixed. */
      if (block->start != end || (end == ARENAS_START && block->end % ARENA != 0 && !known) ||
          !atlas_scene_is_anonymous (scene, i))
        break;
      if (group == 0)
        group = atlas_scene_new_group (scene);
      atlas_scene_claim (
        scene, i, group, ATLAS_TYPE_MANAGED_HEAP, "Go heap",
        known ? _ ("the program is built with Go, and Go puts the arenas of its heap from "
                   "C000000000 on")
              : _ ("probably the heap of a Go program, because it begins at C000000000, where Go "
                   "puts its arenas; the program could not be looked into"),
        0, !known);
      atlas_scene_set_label (scene, i,
                             atlas_block_is_inaccessible (block) ? "reserved" : "heap arenas");
      end = block->end;
      if (end >= ARENAS_END)
        break;
    }
}
