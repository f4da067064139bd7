/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scan/scene.h"
#include "scan/thread-block.h"

G_BEGIN_DECLS

/* A thread and where its stack is. */
typedef struct
{
  const AtlasSceneThread *thread;
  AtlasThreadBlock block; /* address 0: not found, only the stack pointer is known */
  gint inner_tid;         /* the id it has for itself; 0: not read */
  gboolean done;
} AtlasStack;

/** atlas_stack_get_inner_tid: Returns the id that the thread has in the innermost pid namespace. */
gint atlas_stack_get_inner_tid (AtlasScene *scene, AtlasStack *stack);

/** atlas_stacks_search_musl: Fills in the control blocks of @stacks (of AtlasStack) that are musl's
 * and not known yet. */
void atlas_stacks_search_musl (AtlasScene *scene, GArray *stacks);

G_END_DECLS
