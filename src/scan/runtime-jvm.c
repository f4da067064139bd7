/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Memory of the HotSpot Java virtual machine. libjvm.so exports a table of its own data structures
 * (for the serviceability agent); through it the exact bounds of the heap and of the code cache are
 * read. Class space and the rest go by shape. One thread.
 */

#define G_LOG_DOMAIN "atlas-scan"

#include "config.h"

#include "scan/recognisers-private.h"
#include "scan/scene-private.h"
#include "util/fd.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#define MAX_ENTRIES      8192
#define MAX_ENTRY_SIZE   128
#define MAX_LOADS        512 /* of the window; the names lie close together */
#define TEXT_WINDOW      (128 * 1024)
#define MIB              (1024 * 1024)
#define COMPRESSED_LIMIT (G_GUINT64_CONSTANT (32) << 30)

/* The fields asked for; offset is filled in from the table. */
typedef enum
{
  COLLECTED_HEAP,
  RESERVED,
  REGION_START,
  REGION_WORDS,
  CODE_LOW,
  CODE_HIGH,
  KLASS_BASE,
  KLASS_RANGE,
  N_FIELDS
} Field;

typedef struct
{
  const char *type;
  const char *name;
} FieldName;

static const FieldName field_names[N_FIELDS] = {
  [COLLECTED_HEAP] = { "Universe", "_collectedHeap" },
  [RESERVED] = { "CollectedHeap", "_reserved" },
  [REGION_START] = { "MemRegion", "_start" },
  [REGION_WORDS] = { "MemRegion", "_word_size" },
  [CODE_LOW] = { "CodeCache", "_low_bound" },
  [CODE_HIGH] = { "CodeCache", "_high_bound" },
  [KLASS_BASE] = { "CompressedKlassPointers", "_narrow_klass._base" },
  [KLASS_RANGE] = { "CompressedKlassPointers", "_range" },
};

typedef struct
{
  AtlasScene *scene;
  const AtlasLoadedImage *image;
  int fd; /* of libjvm.so: the names need not be in memory */
  char *window;
  gsize window_length;
  guint64 window_offset;
  guint loads;
  guint64 value[N_FIELDS]; /* address of a static field, offset of another */
  gboolean found[N_FIELDS];
} Jvm;

static gboolean
read_variable (Jvm *jvm, const char *symbol, guint64 *out)
{
  guint64 value;

  return atlas_elf_image_find_symbol (jvm->image->elf, symbol, &value) &&
         atlas_memory_read_word (jvm->scene->memory, jvm->image->bias + value, out);
}

/* The constant text at @address of the process, out of the file; compared, never kept. */
static gboolean
text_is (Jvm *jvm, guint64 address, const char *text)
{
  gsize length = strlen (text) + 1;
  guint64 offset;

  if (!atlas_elf_image_to_offset (jvm->image->elf, address - jvm->image->bias, &offset))
    return FALSE;
  if (offset < jvm->window_offset || offset + length > jvm->window_offset + jvm->window_length)
    {
      if (jvm->loads++ >= MAX_LOADS)
        return FALSE;
      ssize_t got = pread (jvm->fd, jvm->window, TEXT_WINDOW, (off_t)offset);
      jvm->window_offset = offset;
      jvm->window_length = got > 0 ? (gsize)got : 0;
      if (length > jvm->window_length)
        return FALSE;
    }
  return memcmp (jvm->window + (offset - jvm->window_offset), text, length) == 0;
}

static void
read_entry (Jvm *jvm, const guint8 *entry, const guint64 at[5])
{
  guint64 type = atlas_word_at (entry, at[0]);
  guint64 name = atlas_word_at (entry, at[1]);
  gint32 is_static;

  memcpy (&is_static, entry + at[2], sizeof is_static);
  for (guint f = 0; f < N_FIELDS; f++)
    if (!jvm->found[f] && text_is (jvm, type, field_names[f].type) &&
        text_is (jvm, name, field_names[f].name))
      {
        jvm->found[f] = TRUE;
        jvm->value[f] = atlas_word_at (entry, is_static ? at[4] : at[3]);
      }
}

static gboolean
read_table (Jvm *jvm)
{
  static const char *const names[5] = {
    "gHotSpotVMStructEntryTypeNameOffset", "gHotSpotVMStructEntryFieldNameOffset",
    "gHotSpotVMStructEntryIsStaticOffset", "gHotSpotVMStructEntryOffsetOffset",
    "gHotSpotVMStructEntryAddressOffset",
  };
  guint64 table, stride;
  guint64 at[5];

  if (!read_variable (jvm, "gHotSpotVMStructs", &table) ||
      !read_variable (jvm, "gHotSpotVMStructEntryArrayStride", &stride) || stride < 32 ||
      stride > MAX_ENTRY_SIZE)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (at); i++)
    /* What the process says may be anything: at[i] + 8 could wrap. */
    if (!read_variable (jvm, names[i], &at[i]) || at[i] > stride - sizeof (guint64))
      return FALSE;
  for (guint i = 0; i < MAX_ENTRIES; i++)
    {
      guint8 entry[MAX_ENTRY_SIZE];
      if (!atlas_memory_read (jvm->scene->memory, table + i * stride, entry, stride) ||
          atlas_word_at (entry, at[0]) == 0)
        break;
      read_entry (jvm, entry, at);
    }
  return TRUE;
}

static void
claim_bounds (Jvm *jvm, guint64 start, guint64 end, const char *details, const char *what)
{
  g_autofree char *reason = g_strdup_printf (
    _ ("the Java machine's own tables say that %s is at %" PRIX64 "-%" PRIX64), what, start, end);

  if (start >= end || end - start > G_GUINT64_CONSTANT (1) << 46)
    return;
  atlas_scene_claim_range (jvm->scene, start, end, atlas_scene_new_group (jvm->scene),
                           ATLAS_TYPE_MANAGED_HEAP, details, reason, NULL, FALSE);
}

static gboolean
claim_heap (Jvm *jvm)
{
  guint64 heap, start, words;
  AtlasMemory *memory = jvm->scene->memory;

  if (!jvm->found[COLLECTED_HEAP] || !jvm->found[RESERVED] || !jvm->found[REGION_START] ||
      !jvm->found[REGION_WORDS] ||
      !atlas_memory_read_word (memory, jvm->value[COLLECTED_HEAP], &heap) ||
      !atlas_memory_read_word (memory, heap + jvm->value[RESERVED] + jvm->value[REGION_START],
                               &start) ||
      !atlas_memory_read_word (memory, heap + jvm->value[RESERVED] + jvm->value[REGION_WORDS],
                               &words) ||
      words > G_GUINT64_CONSTANT (1) << 44)
    return FALSE;
  claim_bounds (jvm, start, start + words * 8, "Java heap", _ ("the heap"));
  return TRUE;
}

static void
claim_code (Jvm *jvm)
{
  guint64 low, high;
  AtlasMemory *memory = jvm->scene->memory;

  if (!jvm->found[CODE_LOW] || !jvm->found[CODE_HIGH] ||
      !atlas_memory_read_word (memory, jvm->value[CODE_LOW], &low) ||
      !atlas_memory_read_word (memory, jvm->value[CODE_HIGH], &high))
    return;
  claim_bounds (jvm, low, high, "Java code cache", _ ("the code cache"));
}

static void
claim_classes (Jvm *jvm)
{
  guint64 base, range;
  AtlasMemory *memory = jvm->scene->memory;

  if (!jvm->found[KLASS_BASE] || !jvm->found[KLASS_RANGE] ||
      !atlas_memory_read_word (memory, jvm->value[KLASS_BASE], &base) ||
      !atlas_memory_read_word (memory, jvm->value[KLASS_RANGE], &range) || base == 0 ||
      range > G_GUINT64_CONSTANT (1) << 36)
    return;
  claim_bounds (jvm, base, base + range, "Java class space", _ ("the class space"));
}

/* Returns whether the bounds of the heap are known. */
static gboolean
read_bounds (AtlasScene *scene, const AtlasLoadedImage *image)
{
  Jvm jvm = { .scene = scene, .image = image };
  const char *why;
  atlas_autofd fd = atlas_scene_open_block (scene, image->first_block, &why);

  gboolean heap_is_known = FALSE;

  if (fd < 0)
    return FALSE;
  jvm.fd = fd;
  jvm.window = g_malloc (TEXT_WINDOW);
  if (read_table (&jvm))
    {
      heap_is_known = claim_heap (&jvm);
      claim_code (&jvm);
      claim_classes (&jvm);
    }
  g_free (jvm.window);
  return heap_is_known;
}

#define RWX (ATLAS_PROTECTION_READ | ATLAS_PROTECTION_WRITE | ATLAS_PROTECTION_EXECUTE)

/* Code that may be written is the code cache, with what is reserved around it. */
static void
claim_code_by_shape (AtlasScene *scene)
{
  for (guint i = 0; i < scene->n_blocks; i++)
    {
      if ((atlas_scene_get_block (scene, i)->protection & RWX) != RWX ||
          !atlas_scene_is_anonymous (scene, i))
        continue;
      guint32 group = atlas_scene_new_group (scene);
      for (guint k = i; k < scene->n_blocks; k++)
        {
          const AtlasBlock *next = atlas_scene_get_block (scene, k);
          gboolean part = (next->protection & RWX) == RWX || atlas_block_is_inaccessible (next);
          if ((k > i && atlas_scene_get_block (scene, k - 1)->end != next->start) || !part ||
              !atlas_scene_is_anonymous (scene, k))
            break;
          atlas_scene_claim (scene, k, group, ATLAS_TYPE_MANAGED_HEAP, "Java code cache",
                             _ ("probably the code cache of the Java machine, because it may be "
                                "written and run and libjvm.so is in the process"),
                             0, TRUE);
        }
    }
}

/* The heap is put below 32 GiB where it fits, so that 32 bits reach its objects; nothing else of
   that size lies there. */
static void
claim_heap_by_shape (AtlasScene *scene)
{
  for (guint first = 0; first < scene->n_blocks;)
    {
      guint end = first + 1;
      const AtlasBlock *block = atlas_scene_get_block (scene, first);
      guint64 start = block->start;
      if (start >= COMPRESSED_LIMIT)
        break;
      while (end < scene->n_blocks && atlas_scene_get_block (scene, end)->start ==
                                        atlas_scene_get_block (scene, end - 1)->end)
        end++;
      guint64 size = atlas_scene_get_block (scene, end - 1)->end - start;
      guint32 group = atlas_scene_new_group (scene);
      for (guint i = first; i < end && start % MIB == 0 && size >= 4 * MIB; i++)
        if (atlas_scene_is_anonymous (scene, i))
          atlas_scene_claim (scene, i, group, ATLAS_TYPE_MANAGED_HEAP, "Java heap",
                             _ ("probably the Java heap, because libjvm.so is in the process and "
                                "this lies below 32 GiB, where it puts its heap"),
                             0, TRUE);
      first = end;
    }
}

void
atlas_recognise_jvm (AtlasScene *scene)
{
  const AtlasLoadedImage *image = atlas_scene_find_image (scene, "libjvm.so");
  gboolean heap_is_known = FALSE;

  if (image == NULL)
    return;
  if (scene->state->can_read && image->elf != NULL)
    heap_is_known = read_bounds (scene, image);
  if (!heap_is_known)
    claim_heap_by_shape (scene);
  claim_code_by_shape (scene);
}
