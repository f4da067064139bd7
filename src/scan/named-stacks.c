/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Stacks that the kernel itself names: Linux 3.4 to 4.4 wrote "[stack:TID]" for the mapping that
 * held a thread's stack pointer, whatever else was in it. One thread, owns nothing.
 */

#include "config.h"

#include "scan/digits.h"
#include "scan/recognisers-private.h"
#include "scan/scene-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* "[stack:1236]" → 1236; 0: another name. */
static gint
parse_name (const char *path)
{
  static const char prefix[] = "[stack:";
  guint64 tid;

  if (path == NULL || !g_str_has_prefix (path, prefix))
    return 0;
  const char *p = path + sizeof prefix - 1, *end = p + strlen (p);
  return atlas_digits_decimal (&p, end, &tid) && strcmp (p, "]") == 0 && tid <= G_MAXINT ? (gint)tid
                                                                                         : 0;
}

static const char *
find_name (AtlasScene *scene, gint tid)
{
  for (guint i = 0; i < scene->threads->len; i++)
    {
      const AtlasSceneThread *thread = &g_array_index (scene->threads, AtlasSceneThread, i);
      if (thread->tid == tid)
        return thread->name;
    }
  return NULL;
}

void
atlas_recognise_named_stacks (AtlasScene *scene)
{
  for (guint i = 1; i < scene->n_blocks; i++)
    {
      gint tid = parse_name (atlas_scene_get_path (scene, i));
      const AtlasBlock *block = atlas_scene_get_block (scene, i);
      const AtlasBlock *guard = atlas_scene_get_block (scene, i - 1);
      /* Without a guard below it may be a larger mapping that merely holds the stack. */
      if (tid == 0 || guard->end != block->start || !atlas_block_is_inaccessible (guard))
        continue;

      const char *name = find_name (scene, tid);
      g_autofree char *details = name != NULL ? g_strdup_printf ("Thread ID: %d (%s)", tid, name)
                                              : g_strdup_printf ("Thread ID: %d", tid);
      guint32 group = atlas_scene_new_group (scene);
      const char *reason =
        _ ("the kernel names it the stack of this thread, and a guard lies below");
      if (atlas_scene_claim (scene, i - 1, group, ATLAS_TYPE_STACK, details, reason, (guint32)tid,
                             FALSE))
        atlas_scene_set_label (scene, i - 1, "guard");
      if (atlas_scene_claim (scene, i, group, ATLAS_TYPE_STACK, details, reason, (guint32)tid,
                             FALSE))
        atlas_scene_set_label (scene, i, "stack");
    }
}
