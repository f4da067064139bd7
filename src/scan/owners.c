/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Allocators and runtimes that leave no mark in their memory: where one of them is in the process,
 * what nothing else could be told of is probably its. Everything here is a guess and says so. A
 * table; the first row that fits the process and the block has it. One thread.
 */

#define G_LOG_DOMAIN "atlas-scan"

#include "config.h"

#include "scan/recognisers-private.h"
#include "scan/scene-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* How a row finds that it is in the process. */
typedef enum
{
  IMAGE_NAME, /* a loaded file's name begins with it */
  IMAGE_PATH, /* a loaded file's path holds it */
  PROGRAM,    /* the name of the program itself begins with it */
  SYMBOL,     /* a loaded file defines it */
  SECTION,    /* the program has such a section */
} OwnerSign;

typedef struct
{
  const char *name; /* for the reason: "jemalloc" */
  OwnerSign sign;
  const char *pattern;
  AtlasType type;
  const char *details;
  guint64 least;            /* bytes; smaller blocks may be anybody's */
  gboolean with_executable; /* it keeps code there as well */
  gboolean only_unread;     /* where memory can be read, its marks would have been found */
} Owner;

#define KIB 1024
#define MIB (1024 * 1024)

/* Replacements of malloc first: where a runtime uses one, its own memory is marked otherwise. */
static const Owner owners[] = {
  { "jemalloc", IMAGE_NAME, "libjemalloc", ATLAS_TYPE_HEAP, "jemalloc", 64 * KIB, FALSE },
  { "jemalloc", SYMBOL, "mallctl", ATLAS_TYPE_HEAP, "jemalloc", 64 * KIB, FALSE },
  { "jemalloc", SYMBOL, "je_mallctl", ATLAS_TYPE_HEAP, "jemalloc", 64 * KIB, FALSE },
  { "jemalloc", SYMBOL, "_rjem_mallctl", ATLAS_TYPE_HEAP, "jemalloc", 64 * KIB, FALSE },
  { "jemalloc", SYMBOL, "_rjem_je_mallctl", ATLAS_TYPE_HEAP, "jemalloc", 64 * KIB, FALSE },
  { "tcmalloc", IMAGE_NAME, "libtcmalloc", ATLAS_TYPE_HEAP, "tcmalloc", 64 * KIB, FALSE },
  { "tcmalloc", SYMBOL, "tc_malloc", ATLAS_TYPE_HEAP, "tcmalloc", 64 * KIB, FALSE },
  { "mimalloc", IMAGE_NAME, "libmimalloc", ATLAS_TYPE_HEAP, "mimalloc", 16 * KIB, FALSE },
  { "mimalloc", SYMBOL, "mi_malloc", ATLAS_TYPE_HEAP, "mimalloc", 16 * KIB, FALSE },
  { "snmalloc", IMAGE_NAME, "libsnmalloc", ATLAS_TYPE_HEAP, "snmalloc", 64 * KIB, FALSE },
  { "rpmalloc", IMAGE_NAME, "librpmalloc", ATLAS_TYPE_HEAP, "rpmalloc", 64 * KIB, FALSE },
  { "rpmalloc", SYMBOL, "rpmalloc", ATLAS_TYPE_HEAP, "rpmalloc", 64 * KIB, FALSE },
  { "Hoard", IMAGE_NAME, "libhoard", ATLAS_TYPE_HEAP, "Hoard", 64 * KIB, FALSE },
  { "tbbmalloc", IMAGE_NAME, "libtbbmalloc", ATLAS_TYPE_HEAP, "tbbmalloc", 64 * KIB, FALSE },
  { "scudo", SYMBOL, "__scudo_allocate", ATLAS_TYPE_HEAP, "scudo", 64 * KIB, FALSE },
  { "AddressSanitizer", SYMBOL, "__asan_init", ATLAS_TYPE_HEAP, "AddressSanitizer", 64 * KIB,
    FALSE },

  { N_ ("the Java virtual machine"), IMAGE_NAME, "libjvm.so", ATLAS_TYPE_MANAGED_HEAP,
    "Java runtime (metaspace, collector)", 32 * KIB, TRUE },
  { N_ ("the .NET runtime"), IMAGE_NAME, "libcoreclr.so", ATLAS_TYPE_MANAGED_HEAP,
    ".NET runtime (loader, code, collector)", 32 * KIB, TRUE },
  { "Mono", IMAGE_NAME, "libmono", ATLAS_TYPE_MANAGED_HEAP, "Mono runtime", 32 * KIB, TRUE },
  { "Mono", PROGRAM, "mono", ATLAS_TYPE_MANAGED_HEAP, "Mono runtime", 32 * KIB, TRUE },
  { N_ ("the Erlang machine"), PROGRAM, "beam", ATLAS_TYPE_MANAGED_HEAP, "Erlang runtime", 64 * KIB,
    TRUE },
  { N_ ("the Go runtime"), SECTION, ".go.buildinfo", ATLAS_TYPE_MANAGED_HEAP, "Go runtime metadata",
    4 * KIB, FALSE },
  { N_ ("the Ruby runtime"), IMAGE_NAME, "libruby", ATLAS_TYPE_MANAGED_HEAP,
    "Ruby runtime (transient heap)", 64 * KIB, TRUE },
  { N_ ("the Ruby runtime"), SYMBOL, "ruby_init", ATLAS_TYPE_MANAGED_HEAP,
    "Ruby runtime (transient heap)", 64 * KIB, TRUE },
  { "V8", IMAGE_NAME, "libv8", ATLAS_TYPE_MANAGED_HEAP, "V8", 632 * KIB, TRUE },
  { "V8", IMAGE_NAME, "libnode", ATLAS_TYPE_MANAGED_HEAP, "V8", 632 * KIB, TRUE },
  { "V8", SYMBOL, "node_module_register", ATLAS_TYPE_MANAGED_HEAP, "V8", 632 * KIB, TRUE },
  { "SpiderMonkey", IMAGE_NAME, "libmozjs", ATLAS_TYPE_MANAGED_HEAP, "SpiderMonkey", 64 * KIB,
    TRUE },
  { "JavaScriptCore", IMAGE_NAME, "libjavascriptcoregtk", ATLAS_TYPE_MANAGED_HEAP, "JavaScriptCore",
    632 * KIB, TRUE },
  { "LuaJIT", IMAGE_NAME, "libluajit", ATLAS_TYPE_MANAGED_HEAP, "LuaJIT", 632 * KIB, TRUE },
  { "LuaJIT", PROGRAM, "luajit", ATLAS_TYPE_MANAGED_HEAP, "LuaJIT", 632 * KIB, TRUE },
  { N_ ("the OCaml runtime"), SYMBOL, "caml_startup", ATLAS_TYPE_MANAGED_HEAP, "OCaml heap",
    64 * KIB, FALSE },
  { "PHP", PROGRAM, "php", ATLAS_TYPE_MANAGED_HEAP, "PHP heap", 256 * KIB, FALSE },
  { "SBCL", PROGRAM, "sbcl", ATLAS_TYPE_MANAGED_HEAP, "Lisp heap", 632 * KIB, TRUE },
  { N_ ("the Guile runtime"), IMAGE_NAME, "libguile", ATLAS_TYPE_MANAGED_HEAP, "Guile heap",
    64 * KIB, TRUE },
  { N_ ("the Boehm collector"), IMAGE_NAME, "libgc.so", ATLAS_TYPE_MANAGED_HEAP, "Boehm collector",
    64 * KIB, FALSE },

  /* These have marks; only where memory cannot be read is their name all there is. */
  { "V8", PROGRAM, "node", ATLAS_TYPE_MANAGED_HEAP, "V8", 64 * KIB, TRUE, TRUE },
  { N_ ("the Python interpreter"), PROGRAM, "python", ATLAS_TYPE_MANAGED_HEAP,
    "Python objects (pymalloc)", 256 * KIB, FALSE, TRUE },
  { N_ ("the Python interpreter"), IMAGE_NAME, "libpython", ATLAS_TYPE_MANAGED_HEAP,
    "Python objects (pymalloc)", 256 * KIB, FALSE, TRUE },

  { N_ ("musl's malloc"), IMAGE_NAME, "ld-musl-", ATLAS_TYPE_HEAP, "malloc of musl", 4 * KIB,
    FALSE },
  { N_ ("musl's malloc"), IMAGE_PATH, "-musl/libc.so", ATLAS_TYPE_HEAP, "malloc of musl", 4 * KIB,
    FALSE },
};

static gboolean
is_in_process (AtlasScene *scene, const Owner *owner)
{
  const AtlasLoadedImage *program = atlas_scene_get_program (scene);
  const GArray *images = scene->state->images;

  switch (owner->sign)
    {
    case IMAGE_NAME:
      return atlas_scene_find_image (scene, owner->pattern) != NULL;
    case IMAGE_PATH:
      for (guint i = 0; i < images->len; i++)
        if (strstr (g_array_index (images, AtlasLoadedImage, i).path, owner->pattern) != NULL)
          return TRUE;
      return FALSE;
    case PROGRAM:
      return program != NULL && g_str_has_prefix (program->name, owner->pattern);
    case SYMBOL:
      return atlas_scene_find_symbol (scene, owner->pattern, NULL) != 0;
    case SECTION:
      return program != NULL && program->elf != NULL &&
             atlas_elf_image_has_section (program->elf, owner->pattern);
    }
  return FALSE;
}

static gboolean
fits (const Owner *owner, const AtlasBlock *block)
{
  gboolean executable = (block->protection & ATLAS_PROTECTION_EXECUTE) != 0;

  if (executable)
    return owner->with_executable;
  return atlas_block_is_writable (block) && atlas_block_get_size (block) >= owner->least;
}

/* The blocks that something is noted of. */
static GHashTable *
collect_noted (AtlasScene *scene)
{
  GHashTable *noted = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < scene->state->notes->len; i++)
    {
      const AtlasSceneNote *note = &g_array_index (scene->state->notes, AtlasSceneNote, i);
      gint index = atlas_scene_find_block (scene, note->address);
      if (index >= 0 && !note->weak)
        g_hash_table_add (noted, GINT_TO_POINTER (index));
    }
  return noted;
}

void
atlas_recognise_owners (AtlasScene *scene)
{
  const Owner *present[G_N_ELEMENTS (owners)];
  guint32 groups[G_N_ELEMENTS (owners)] = { 0 };
  char *reasons[G_N_ELEMENTS (owners)] = { NULL };
  guint n = 0;
  g_autoptr (GHashTable) noted = collect_noted (scene);

  for (guint k = 0; k < G_N_ELEMENTS (owners); k++)
    if ((n == 0 || strcmp (present[n - 1]->name, owners[k].name) != 0) &&
        !(owners[k].only_unread && scene->state->can_read) && is_in_process (scene, &owners[k]))
      present[n++] = &owners[k];

  for (guint i = 0; n > 0 && i < scene->n_blocks; i++)
    {
      /* A thread's stack inside shows that the program itself deals out this block. */
      if (g_hash_table_contains (noted, GUINT_TO_POINTER (i)))
        continue;
      const AtlasBlock *block = atlas_scene_get_block (scene, i);
      if (block->path != 0 || !atlas_scene_is_anonymous (scene, i))
        continue;
      guint k = 0;
      while (k < n && !fits (present[k], block))
        k++;
      if (k == n)
        continue;
      if (groups[k] == 0)
        {
          groups[k] = atlas_scene_new_group (scene);
          reasons[k] = g_strdup_printf (
            _ ("probably memory of %s, because the process uses it and nothing else could be "
               "found to own this"),
            _ (present[k]->name));
        }
      if (present[k]->type == ATLAS_TYPE_HEAP)
        atlas_scene_claim_heap (scene, i, 1, groups[k], present[k]->name, present[k]->details,
                                reasons[k], TRUE);
      else
        atlas_scene_claim (scene, i, groups[k], present[k]->type, present[k]->details, reasons[k],
                           0, TRUE);
    }
  for (guint k = 0; k < n; k++)
    g_free (reasons[k]);
}
