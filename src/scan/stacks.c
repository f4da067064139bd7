/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Finds the stacks of threads. Proof is the thread's control block, which says where the stack
 * begins and ends; where memory cannot be read, the stack pointer and the guard below. A stack that
 * the kernel merged into something larger makes no Stack region: a note says where it lies.
 */

#define G_LOG_DOMAIN "atlas-scan"

#include "config.h"

#include "scan/recognisers-private.h"
#include "scan/scene-private.h"
#include "scan/stacks-private.h"
#include "util/text.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <string.h>

#define MAX_UNUSED_LOOKS 1024
#define MAX_GUARD        (16 * 1024 * 1024)

static char *
dup_details (const AtlasSceneThread *thread)
{
  return thread->name != NULL && thread->name[0] != '\0'
           ? g_strdup_printf ("Thread ID: %d (%s)", thread->tid, thread->name)
           : g_strdup_printf ("Thread ID: %d", thread->tid);
}

/* For sentences; in labels the name stays as it is. */
static char *
dup_name (const AtlasSceneThread *thread)
{
  return atlas_bytes_dup_display (thread->name != NULL ? thread->name : "");
}

static const AtlasSceneThread *
find_thread (AtlasScene *scene, gint tid)
{
  for (guint i = 0; i < scene->threads->len; i++)
    if (g_array_index (scene->threads, AtlasSceneThread, i).tid == tid)
      return &g_array_index (scene->threads, AtlasSceneThread, i);
  return NULL;
}

static void
label_stack (AtlasScene *scene, guint index)
{
  atlas_scene_set_label (
    scene, index,
    atlas_block_is_inaccessible (atlas_scene_get_block (scene, index)) ? "guard" : "stack");
}

void
atlas_recognise_main_thread (AtlasScene *scene)
{
  guint32 group = 0;
  AtlasSceneThread fallback = { .tid = scene->process->pid, .name = scene->process->name };
  const AtlasSceneThread *thread = find_thread (scene, scene->process->pid);
  g_autofree char *details = dup_details (thread != NULL ? thread : &fallback);

  for (guint i = 0; i < scene->n_blocks; i++)
    {
      const char *path = atlas_scene_get_path (scene, i);
      if (path == NULL || strcmp (path, "[stack]") != 0)
        continue;
      if (group == 0)
        group = atlas_scene_new_group (scene);
      atlas_scene_claim (scene, i, group, ATLAS_TYPE_STACK, details,
                         _ ("the kernel made it for the first thread and names it [stack]"),
                         (guint32)scene->process->pid, FALSE);
      label_stack (scene, i);
    }
}

/* Blocks [first, end) that lie in [start, limit) whole, are touching and free; FALSE where the
   stack has no mapping of its own: a writable block reaches beyond it. */
static gboolean
find_own_blocks (AtlasScene *scene, const AtlasThreadBlock *stack, guint *out_first, guint *out_end)
{
  guint first = atlas_scene_find_next (scene, stack->start);
  guint end = first;

  for (; end < scene->n_blocks; end++)
    {
      const AtlasBlock *block = atlas_scene_get_block (scene, end);
      if (block->start >= stack->end)
        break;
      gboolean inside = block->start >= stack->start && block->end <= stack->end;
      /* A guard that merged with the reservation below is left to that. */
      if (!inside && atlas_block_is_inaccessible (block) && end == first)
        {
          first = end + 1;
          continue;
        }
      if (!inside || !atlas_scene_is_anonymous (scene, end))
        return FALSE;
    }
  *out_first = first;
  *out_end = end;
  return end > first && stack->address >= atlas_scene_get_block (scene, first)->start;
}

static char *
dup_proof (const AtlasThreadBlock *block)
{
  return g_strdup_printf (
    block->musl
      ? _ ("the control block of thread %d lies in it and says that this is its stack (musl)")
      : _ ("the control block of thread %d lies in it and says that this is its stack (glibc)"),
    block->tid);
}

static void
claim_stack (AtlasScene *scene, AtlasStack *stack, guint first, guint end, const char *reason,
             gboolean guess)
{
  g_autofree char *details = dup_details (stack->thread);
  guint32 group = atlas_scene_new_group (scene);

  for (guint i = first; i < end; i++)
    if (atlas_scene_claim (scene, i, group, ATLAS_TYPE_STACK, details, reason,
                           (guint32)stack->thread->tid, guess))
      label_stack (scene, i);
  stack->done = TRUE;
}

static gint
compare_stacks (gconstpointer a, gconstpointer b)
{
  const AtlasStack *left = a;
  const AtlasStack *right = b;

  return left->block.start < right->block.start ? -1 : left->block.start > right->block.start;
}

/* One block that consists of whole stacks and nothing else, which the kernel merged: a Stack of
   several threads, nobody's own. */
static gboolean
claim_shared_block (AtlasScene *scene, GArray *stacks, guint from)
{
  const AtlasStack *lowest = &g_array_index (stacks, AtlasStack, from);
  gint index = atlas_scene_find_block (scene, lowest->block.start);

  if (index < 0 || !atlas_scene_is_anonymous (scene, (guint)index) ||
      atlas_scene_get_block (scene, (guint)index)->start != lowest->block.start)
    return FALSE;

  guint64 reached = lowest->block.start;
  guint64 limit = atlas_scene_get_block (scene, (guint)index)->end;
  g_autoptr (GString) names = g_string_new ("Thread IDs: ");
  guint to = from;
  for (; to < stacks->len && reached < limit; to++)
    {
      const AtlasStack *stack = &g_array_index (stacks, AtlasStack, to);
      if (stack->block.start != reached || stack->block.end > limit)
        return FALSE;
      reached = stack->block.end;
      if (to - from < 8)
        g_string_append_printf (names, "%s%d (%s)", to > from ? ", " : "", stack->thread->tid,
                                stack->thread->name != NULL ? stack->thread->name : "");
      else if (to - from == 8)
        g_string_append (names, ", …");
    }
  if (reached != limit || to - from < 2)
    return FALSE;
  atlas_scene_claim (scene, (guint)index, atlas_scene_new_group (scene), ATLAS_TYPE_STACK,
                     names->str,
                     _ ("it consists of the stacks of these threads, side by side without guards, "
                        "which the kernel merged; their control blocks say so"),
                     0, FALSE);
  atlas_scene_set_label (scene, (guint)index, "stacks");
  for (guint i = from; i < to; i++)
    g_array_index (stacks, AtlasStack, i).done = TRUE;
  return TRUE;
}

static void
note_stack (AtlasScene *scene, AtlasStack *stack)
{
  guint64 at = stack->block.address;
  g_autofree char *name = dup_name (stack->thread);

  atlas_scene_note (scene, at,
                    g_strdup_printf (_ ("the stack of thread %d (%s) lies in it at %" PRIX64
                                        "-%" PRIX64 ", not as a mapping of its own"),
                                     stack->thread->tid, name, stack->block.start,
                                     stack->block.end));
  stack->done = TRUE;
}

/* Whether the block below block @index (not the first) is its guard. */
static gboolean
is_guard_of (AtlasScene *scene, guint index)
{
  const AtlasBlock *block = atlas_scene_get_block (scene, index);
  const AtlasBlock *below = atlas_scene_get_block (scene, index - 1);

  return below->end == block->start && atlas_block_is_inaccessible (below) &&
         atlas_block_get_size (below) <= MAX_GUARD && atlas_scene_is_anonymous (scene, index - 1);
}

/* The block with the stack pointer, if it looks like a stack: a guard below, or the kernel lets it
   grow down. */
static void
claim_by_pointer (AtlasScene *scene, AtlasStack *stack, GHashTable *pointers)
{
  gint found = stack->thread->stack_pointer != 0
                 ? atlas_scene_find_block (scene, stack->thread->stack_pointer)
                 : -1;

  if (found < 0 || !atlas_scene_is_anonymous (scene, (guint)found))
    return;
  guint index = (guint)found;
  const AtlasBlock *block = atlas_scene_get_block (scene, index);
  if (!atlas_block_is_writable (block) ||
      GPOINTER_TO_UINT (g_hash_table_lookup (pointers, GUINT_TO_POINTER (index + 1))) != 1)
    return;
  gboolean guard = index > 0 && is_guard_of (scene, index);
  if (!guard && !(block->traits & ATLAS_VM_GROWS_DOWN))
    return;
  g_autofree char *reason = g_strdup_printf (
    guard ? _ ("probably the stack of thread %d, because its stack pointer points into it and an "
               "inaccessible guard lies below; its control block could not be read")
          : _ ("probably the stack of thread %d, because its stack pointer points into it and the "
               "mapping grows downwards"),
    stack->thread->tid);
  claim_stack (scene, stack, guard ? index - 1 : index, index + 1, reason, TRUE);
}

static gboolean
is_glibc (AtlasScene *scene)
{
  return atlas_scene_find_image (scene, "libc.so.6") != NULL ||
         atlas_scene_find_image (scene, "libc-2.") != NULL;
}

static void
find_control_blocks (AtlasScene *scene, GArray *stacks)
{
  gboolean missing = FALSE;

  for (guint i = 0; i < stacks->len; i++)
    {
      AtlasStack *stack = &g_array_index (stacks, AtlasStack, i);
      AtlasThreadBlock block;
      if (stack->thread->robust_list != 0 &&
          atlas_thread_block_find_glibc (scene->memory, stack->thread->robust_list,
                                         stack->thread->tid, &block))
        stack->block = block;
      else
        missing = TRUE;
    }
  if (!missing || is_glibc (scene))
    return;
  atlas_stacks_search_musl (scene, stacks);
}

/* A stack that the C library named after its thread. */
static void
claim_named (AtlasScene *scene, GArray *stacks)
{
  static const char *const names[] = {
    "[anon: glibc: pthread stack: ", "[anon: glibc: pthread user stack: ", "[anon:stack_and_tls:"
  };

  for (guint i = 0; i < scene->n_blocks; i++)
    {
      const char *path = atlas_scene_get_path (scene, i);
      if (path == NULL || path[0] != '[' || !atlas_scene_is_anonymous (scene, i))
        continue;
      for (guint k = 0; k < G_N_ELEMENTS (names); k++)
        {
          if (!g_str_has_prefix (path, names[k]))
            continue;
          gint64 tid = g_ascii_strtoll (path + strlen (names[k]), NULL, 10);
          for (guint t = 0; t < stacks->len; t++)
            {
              AtlasStack *stack = &g_array_index (stacks, AtlasStack, t);
              if (stack->done || atlas_stack_get_inner_tid (scene, stack) != tid)
                continue;
              guint first = i > 0 && is_guard_of (scene, i) ? i - 1 : i;
              claim_stack (scene, stack, first, i + 1,
                           _ ("the C library named it after this thread (a program may give its "
                              "memory any name)"),
                           FALSE);
              break;
            }
        }
    }
}

/* Where a stack pointer points and no stack was found: a goroutine's stack in the heap, a fiber. */
static void
note_pointer (AtlasScene *scene, const AtlasStack *stack)
{
  guint64 pointer = stack->thread->stack_pointer;
  g_autofree char *name = dup_name (stack->thread);

  if (pointer == 0)
    return;
  atlas_scene_note_weakly (
    scene, pointer,
    g_strdup_printf (_ ("the stack pointer of thread %d (%s) points to %" PRIX64),
                     stack->thread->tid, name, pointer));
}

/* Block index + 1 → number of stack pointers in it. */
static GHashTable *
count_pointers (AtlasScene *scene)
{
  GHashTable *pointers = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < scene->threads->len; i++)
    {
      guint64 pointer = g_array_index (scene->threads, AtlasSceneThread, i).stack_pointer;
      gint index = pointer != 0 ? atlas_scene_find_block (scene, pointer) : -1;
      if (index < 0)
        continue;
      gpointer key = GUINT_TO_POINTER ((guint)index + 1);
      guint n = GPOINTER_TO_UINT (g_hash_table_lookup (pointers, key));
      g_hash_table_insert (pointers, key, GUINT_TO_POINTER (n + 1));
    }
  return pointers;
}

void
atlas_recognise_stacks (AtlasScene *scene)
{
  g_autoptr (GArray) stacks = g_array_new (FALSE, TRUE, sizeof (AtlasStack));

  if (scene->threads == NULL)
    return;
  for (guint i = 0; i < scene->threads->len; i++)
    {
      AtlasStack stack = { .thread = &g_array_index (scene->threads, AtlasSceneThread, i) };
      if (stack.thread->tid != scene->process->pid)
        g_array_append_val (stacks, stack);
    }
  if (stacks->len == 0)
    return;
  if (scene->state->can_read)
    find_control_blocks (scene, stacks);
  g_array_sort (stacks, compare_stacks);

  for (guint i = 0; i < stacks->len; i++)
    {
      AtlasStack *stack = &g_array_index (stacks, AtlasStack, i);
      guint first, end;
      if (stack->done || stack->block.start == 0)
        continue;
      g_autofree char *reason = dup_proof (&stack->block);
      if (find_own_blocks (scene, &stack->block, &first, &end))
        claim_stack (scene, stack, first, end, reason, FALSE);
      else if (!claim_shared_block (scene, stacks, i))
        note_stack (scene, stack);
    }

  claim_named (scene, stacks);
  g_autoptr (GHashTable) pointers = count_pointers (scene);
  for (guint i = 0; i < stacks->len; i++)
    if (!g_array_index (stacks, AtlasStack, i).done)
      {
        AtlasStack *stack = &g_array_index (stacks, AtlasStack, i);
        claim_by_pointer (scene, stack, pointers);
        if (!stack->done)
          note_pointer (scene, stack);
      }
}

/* glibc keeps the stacks of ended threads for new ones: the control block is still there and names
   no thread. */
void
atlas_recognise_unused_stacks (AtlasScene *scene)
{
  guint looks = 0;

  if (!scene->state->can_read || !is_glibc (scene))
    return;
  for (guint i = 1; i < scene->n_blocks && looks < MAX_UNUSED_LOOKS; i++)
    {
      const AtlasBlock *block = atlas_scene_get_block (scene, i);
      const AtlasBlock *below = atlas_scene_get_block (scene, i - 1);
      if (!atlas_block_is_writable (block) || !atlas_block_is_inaccessible (below) ||
          below->end != block->start || !atlas_scene_is_anonymous (scene, i))
        continue;
      AtlasThreadBlock stack;
      looks++;
      if (!atlas_thread_block_find_unused (scene->memory, block->end, &stack) ||
          stack.start > block->start)
        continue;
      atlas_scene_claim_range (scene, stack.start, stack.end, atlas_scene_new_group (scene),
                               ATLAS_TYPE_STACK, "cached thread stack, not in use",
                               _ ("a thread control block of glibc lies in it and says that it is "
                                  "a stack, but no thread has it: kept for the next new thread"),
                               NULL, FALSE);
      label_stack (scene, i);
      if (atlas_scene_is_claimed (scene, i - 1))
        label_stack (scene, i - 1);
    }
}
