/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scan/elf-image.h"
#include "scan/scene.h"

G_BEGIN_DECLS

/* An ELF file at one place in the process, found by the Image rule. */
typedef struct
{
  AtlasElfImage *elf; /* NULL where the file could not be opened */
  const char *path;   /* of the pool, with " (deleted)" */
  const char *name;   /* last component of path */
  guint64 bias;       /* bytes: address minus p_vaddr; only with elf */
  guint64 start;      /* first address */
  guint64 end;        /* first address behind */
  guint first_block;
  gboolean is_program; /* what /proc/PID/exe names */
} AtlasLoadedImage;

/* Something that lies inside a block without being the whole of it: appended to its reason. */
typedef struct
{
  guint64 address;
  char *text;
  gboolean weak; /* says nothing of who owns the block */
} AtlasSceneNote;

typedef struct _AtlasSceneState
{
  GArray *images;       /* of AtlasLoadedImage, ascending */
  GArray *notes;        /* of AtlasSceneNote */
  GHashTable *heaps;    /* key of a heap (static or pool string) → its number */
  GHashTable *families; /* name of a family of names → its group */
  guint32 last_heap;
  gboolean can_read; /* 64-bit process whose memory may be read: proofs from memory work */
} AtlasSceneState;

/** atlas_scene_begin: Makes the state of @scene; to be ended with atlas_scene_end(). */
void atlas_scene_begin (AtlasScene *scene);

/** atlas_scene_end: Writes the notes into the reasons and frees the state. */
void atlas_scene_end (AtlasScene *scene);

/** atlas_scene_set_label: Says what block @index is inside its region; the first label stands. */
void atlas_scene_set_label (AtlasScene *scene, guint index, const char *label);

/** atlas_scene_note: Says in the reason of whatever holds @address what else lies in it.
 * @text: (transfer full) */
void atlas_scene_note (AtlasScene *scene, guint64 address, char *text);

/** atlas_scene_note_weakly: The same for what does not show who owns the block. */
void atlas_scene_note_weakly (AtlasScene *scene, guint64 address, char *text);

/** atlas_scene_get_heap_id: Returns the number of the heap called @key, a new one at first sight.
 * 1 is always the program's brk heap. @key must live as long as the scene. */
guint32 atlas_scene_get_heap_id (AtlasScene *scene, const char *key);

/** atlas_scene_claim_heap: Claims @n_blocks blocks from @first on, as far as they are free, for the
 * heap @key. Details become "Heap ID: N  @label". */
void atlas_scene_claim_heap (AtlasScene *scene, guint first, guint n_blocks, guint32 group,
                             const char *key, const char *label, const char *reason,
                             gboolean guess);

/** atlas_scene_claim_range: Claims what is free and anonymous of the blocks that lie to more than
 * the half in [@start, @end); returns the bytes claimed. HEAP takes "Heap ID: N" before @details,
 * N belonging to @details. */
guint64 atlas_scene_claim_range (AtlasScene *scene, guint64 start, guint64 end, guint32 group,
                                 AtlasType type, const char *details, const char *reason,
                                 const char *block_label, gboolean guess);

/** atlas_scene_find_next: Returns the index of the first block that ends above @address, which may
 * be n_blocks. */
guint atlas_scene_find_next (const AtlasScene *scene, guint64 address);

/** atlas_scene_find_image: Returns: (transfer none) (nullable): the first image whose file name
 * begins with @prefix. */
const AtlasLoadedImage *atlas_scene_find_image (const AtlasScene *scene, const char *prefix);

/** atlas_scene_get_program: Returns: (transfer none) (nullable): the image of /proc/PID/exe. */
const AtlasLoadedImage *atlas_scene_get_program (const AtlasScene *scene);

/** atlas_scene_find_symbol: Returns the address of the symbol @name in any image that has it, or
 * 0; see atlas_elf_image_find_symbol() for the names that are known. */
guint64 atlas_scene_find_symbol (const AtlasScene *scene, const char *name,
                                 const AtlasLoadedImage **out_image);

/** atlas_scene_open_block: Opens the file that block @index maps, checked to be the very file;
 * returns -1 with the reason (of the language of the user) in @out_why where it cannot be. */
int atlas_scene_open_block (AtlasScene *scene, guint index, const char **out_why);

static inline gboolean
atlas_block_is_inaccessible (const AtlasBlock *block)
{
  return (block->protection &
          (ATLAS_PROTECTION_READ | ATLAS_PROTECTION_WRITE | ATLAS_PROTECTION_EXECUTE)) == 0;
}

static inline gboolean
atlas_block_is_writable (const AtlasBlock *block)
{
  return (block->protection & ATLAS_PROTECTION_WRITE) != 0;
}

/* Read words only through this: takes care of alignment. */
static inline guint64
atlas_word_at (const void *bytes, gsize offset)
{
  guint64 word;
  memcpy (&word, (const guint8 *)bytes + offset, sizeof word);
  return word;
}

G_END_DECLS
