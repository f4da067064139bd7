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
#define ARENA        (G_GUINT64_CONSTANT (64) * 1024 * 1024)

/* Behind the last block of the arenas: they follow each other from the start on. */
static guint
find_end (AtlasScene *scene, guint first)
{
  guint64 address = ARENAS_START;
  guint end = first;

  for (; end < scene->n_blocks && atlas_scene_is_anonymous (scene, end); end++)
    {
      const AtlasBlock *block = atlas_scene_get_block (scene, end);
      if (block->start != address)
        break;
      address = block->end;
    }
  return end;
}

/* Without a C library in the process, all that is left is the runtime's. */
static void
claim_metadata (AtlasScene *scene)
{
  guint32 group = atlas_scene_new_group (scene);

  if (atlas_scene_find_image (scene, "libc.so") != NULL ||
      atlas_scene_find_image (scene, "libc-") != NULL)
    return;
  for (guint i = 0; i < scene->n_blocks; i++)
    if (atlas_scene_get_block (scene, i)->path == 0 && atlas_scene_is_anonymous (scene, i))
      atlas_scene_claim (
        scene, i, group, ATLAS_TYPE_MANAGED_HEAP, "Go runtime metadata",
        _ ("probably memory of the Go runtime, because a Go heap is in the process "
           "and no C library"),
        0, TRUE);
}

void
atlas_recognise_go (AtlasScene *scene)
{
  const AtlasLoadedImage *program = atlas_scene_get_program (scene);
  gboolean known = program != NULL && program->elf != NULL;

  if (known && !atlas_elf_image_has_section (program->elf, ".go.buildinfo") &&
      !atlas_elf_image_has_section (program->elf, ".note.go.buildid"))
    return;
  guint first = atlas_scene_find_next (scene, ARENAS_START);
  guint end = find_end (scene, first);
  if (end == first || (!known && atlas_scene_get_block (scene, end - 1)->end % ARENA != 0))
    return;

  const char *reason =
    known ? _ ("the program is built with Go, and Go puts the arenas of its heap from C000000000 "
               "on")
          : _ ("probably the heap of a Go program, because whole arenas of 64 MiB lie from "
               "C000000000 on, where Go puts them; the program could not be looked into");
  guint32 group = atlas_scene_new_group (scene);
  for (guint i = first; i < end; i++)
    {
      gboolean reserved = atlas_block_is_inaccessible (atlas_scene_get_block (scene, i));
      atlas_scene_claim (scene, i, group, ATLAS_TYPE_MANAGED_HEAP, "Go heap", reason, 0, !known);
      atlas_scene_set_label (scene, i, reserved ? "reserved" : "heap arenas");
    }
  if (!known)
    claim_metadata (scene);
}
