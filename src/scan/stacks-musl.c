/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Finds the control blocks of threads of musl: at the top of likely stacks, above stack pointers,
 * and from one to the next along musl's ring of threads. One thread.
 */

#define G_LOG_DOMAIN "atlas-scan"

#include "config.h"

#include "scan/stacks-private.h"

#include "scan/scene-private.h"

#include <string.h>

#define MAX_CANDIDATES 4096
#define REACH          (1024 * 1024) /* from a stack pointer up to the control block */

static gint
compare_tids (gconstpointer a, gconstpointer b)
{
  gint left = *(const gint *)a;
  gint right = *(const gint *)b;

  return left < right ? -1 : left > right;
}

/* The id that a thread has for itself, in the innermost pid namespace: the last of NSpid. */
static gint
read_inner_tid (AtlasScene *scene, gint tid)
{
  g_autofree char *name = g_strdup_printf ("task/%d/status", tid);
  g_autofree char *text =
    atlas_procfs_read (scene->procfs, scene->process->pid, name, 64 * 1024, NULL, NULL);
  const char *line = text != NULL ? strstr (text, "\nNSpid:") : NULL;

  if (line == NULL)
    return tid;
  const char *end = strchrnul (line + 1, '\n');
  while (end > line && g_ascii_isdigit (end[-1]))
    end--;
  gint64 inner = g_ascii_strtoll (end, NULL, 10);
  return inner > 0 && inner <= G_MAXINT ? (gint)inner : tid;
}

gint
atlas_stack_get_inner_tid (AtlasScene *scene, AtlasStack *stack)
{
  if (stack->inner_tid == 0)
    stack->inner_tid = read_inner_tid (scene, stack->thread->tid);
  return stack->inner_tid;
}

/* What the search for control blocks of musl knows. */
typedef struct
{
  AtlasScene *scene;
  GArray *stacks; /* of AtlasStack */
  GArray *tids;   /* of gint, the inner ids, sorted */
} MuslSearch;

static AtlasStack *
find_stack (MuslSearch *search, gint inner_tid)
{
  for (guint i = 0; i < search->stacks->len; i++)
    if (g_array_index (search->stacks, AtlasStack, i).inner_tid == inner_tid)
      return &g_array_index (search->stacks, AtlasStack, i);
  return NULL;
}

/* Keeps what was found of a thread and goes on to its neighbours in musl's ring of threads. */
static void
keep_musl_block (MuslSearch *search, const AtlasThreadBlock *found)
{
  GArray *queue = g_array_new (FALSE, FALSE, sizeof (AtlasThreadBlock));

  g_array_append_val (queue, *found);
  for (guint i = 0; i < queue->len; i++)
    {
      AtlasThreadBlock block = g_array_index (queue, AtlasThreadBlock, i);
      AtlasStack *stack = find_stack (search, block.tid);
      if (stack == NULL || stack->block.address != 0)
        continue;
      stack->block = block;
      stack->block.tid = stack->thread->tid;
      for (guint k = 0; k < G_N_ELEMENTS (block.links); k++)
        {
          AtlasThreadBlock next;
          if (atlas_thread_block_read_musl (search->scene->memory, block.links[k],
                                            (const gint *)(gpointer)search->tids->data,
                                            search->tids->len, &next))
            g_array_append_val (queue, next);
        }
    }
  g_array_unref (queue);
}

/* musl: no robust list leads to the control block, but it lies at the top of the stack's mapping.
 */
static void
find_musl_blocks (MuslSearch *search)
{
  AtlasScene *scene = search->scene;
  guint looks = 0;

  for (guint i = 1; i < scene->n_blocks && looks < MAX_CANDIDATES; i++)
    {
      const AtlasBlock *block = atlas_scene_get_block (scene, i);
      const AtlasBlock *below = atlas_scene_get_block (scene, i - 1);
      if (!atlas_scene_is_anonymous (scene, i) || !atlas_block_is_writable (block) ||
          below->end != block->start || !atlas_block_is_inaccessible (below))
        continue;
      AtlasThreadBlock found;
      looks++;
      if (atlas_thread_block_find_musl (scene->memory, block->start, block->end,
                                        (const gint *)(gpointer)search->tids->data,
                                        search->tids->len, &found))
        keep_musl_block (search, &found);
    }
}

/* The same where the stack is in a block without a guard: from the stack pointer upwards. */
static void
find_musl_by_pointer (MuslSearch *search, const AtlasStack *stack)
{
  AtlasScene *scene = search->scene;
  guint64 pointer = stack->thread->stack_pointer;
  gint index = pointer != 0 ? atlas_scene_find_block (scene, pointer) : -1;

  if (index < 0)
    return;
  guint64 end = atlas_scene_get_block (scene, (guint)index)->end;
  /* The search looks at the last 64 KiB of what it is given: go up in such steps. */
  for (guint64 from = pointer & ~G_GUINT64_CONSTANT (4095); from < end && from < pointer + REACH;
       from += 64 * 1024)
    {
      AtlasThreadBlock found;
      if (!atlas_thread_block_find_musl (scene->memory, from, MIN (end, from + 64 * 1024),
                                         &stack->inner_tid, 1, &found))
        continue;
      keep_musl_block (search, &found);
      return;
    }
}

void
atlas_stacks_search_musl (AtlasScene *scene, GArray *stacks)
{
  g_autoptr (GArray) tids = g_array_new (FALSE, FALSE, sizeof (gint));
  MuslSearch search = { .scene = scene, .stacks = stacks, .tids = tids };

  for (guint i = 0; i < stacks->len; i++)
    {
      AtlasStack *stack = &g_array_index (stacks, AtlasStack, i);
      gint tid = atlas_stack_get_inner_tid (scene, stack);
      g_array_append_val (tids, tid);
    }
  g_array_sort (tids, compare_tids);
  find_musl_blocks (&search);
  for (guint i = 0; i < stacks->len; i++)
    if (g_array_index (stacks, AtlasStack, i).block.address == 0)
      find_musl_by_pointer (&search, &g_array_index (stacks, AtlasStack, i));
}
