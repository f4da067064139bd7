/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/snapshot-builder.h"
#include "scan/memory.h"
#include "scan/procfs.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * AtlasClaim:
 * What a rule says of one block. Neighbouring blocks (touching addresses) with the same group form
 * one region. The first claim on a block stands: rules run in the order of the rule table.
 */
typedef struct
{
  guint32 group;         /* from atlas_scene_new_group(); 0: nobody claimed the block yet */
  AtlasStringId details; /* label of the region */
  AtlasStringId reason;  /* never 0 in a claim */
  guint32 owner;         /* thread id, heap number; 0 */
  guint8 type;           /* AtlasType */
  guint8 guess;          /* 1: by shape alone */
  guint16 padding;
} AtlasClaim;

/* A thread and what is known of where its stack is. */
typedef struct
{
  gint tid;
  char *name;            /* comm, bytes */
  guint64 stack_pointer; /* task/TID/syscall of a blocked thread; 0: running or unknown */
  guint64 robust_list;   /* get_robust_list(): lies inside the thread control block; 0: unknown */
} AtlasSceneThread;

/**
 * AtlasScene:
 * One process in the middle of a scan, as the rules of classification see it: the blocks with their
 * counters, the threads, and ways to look closer. Lives on the stack of one scan, one thread.
 */
typedef struct
{
  AtlasSnapshotBuilder *builder; /* blocks [0, n_blocks) have addresses, ascending */
  AtlasStringPool *pool;
  guint n_blocks;
  AtlasClaim *claims; /* n_blocks of them */
  guint32 last_group;
  AtlasProcess *process;
  gint files;      /* the id below which its files lie, see AtlasProcessOrigin; 0: its pid */
  GArray *threads; /* of AtlasSceneThread, by tid */
  AtlasProcfs *procfs;
  AtlasMemory *memory; /* never NULL; reads nothing where memory may not be read */
  GCancellable *cancellable;
  struct _AtlasSceneState *state; /* private to the rules; NULL outside of atlas_classify() */
} AtlasScene;

static inline AtlasBlock *
atlas_scene_get_block (AtlasScene *scene, guint index)
{
  return atlas_snapshot_builder_get_block (scene->builder, index);
}

static inline gboolean
atlas_scene_is_claimed (const AtlasScene *scene, guint index)
{
  return scene->claims[index].group != 0;
}

/** atlas_scene_new_group: Returns a number for blocks that belong together. */
static inline guint32
atlas_scene_new_group (AtlasScene *scene)
{
  return ++scene->last_group;
}

/**
 * atlas_scene_claim:
 * Claims block @index unless it is claimed already; returns whether this claim stands.
 * @details: (nullable), @reason: both are interned
 */
gboolean atlas_scene_claim (AtlasScene *scene, guint index, guint32 group, AtlasType type,
                            const char *details, const char *reason, guint32 owner, gboolean guess);

/** atlas_scene_find_block: Returns the index of the block that holds @address, or -1. */
gint atlas_scene_find_block (const AtlasScene *scene, guint64 address);

/** atlas_scene_get_path: Returns: (transfer none) (nullable): the path column of block @index. */
const char *atlas_scene_get_path (const AtlasScene *scene, guint index);

/**
 * atlas_scene_is_anonymous:
 * Returns whether block @index is private anonymous memory that nobody claimed yet: what the
 * recognisers of stacks, heaps and runtimes look at. A name ("[anon:...]") is a hint and no claim.
 */
gboolean atlas_scene_is_anonymous (const AtlasScene *scene, guint index);

G_END_DECLS
