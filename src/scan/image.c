/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Finds programs and libraries: runs of blocks of one file that lie as the file's PT_LOAD segments
 * say, with the gaps between them and the .bss behind them. Where the file cannot be opened, by
 * shape. Fills the scene's list of images, which other rules use. One thread.
 */

#define G_LOG_DOMAIN "atlas-scan"

#include "config.h"

#include "scan/recognisers-private.h"
#include "scan/scene-private.h"
#include "util/fd.h"
#include "util/text.h"

#include <elf.h>
#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

/* A .bss behind a file that could not be opened: larger ones are not believed. */
#define MAX_GUESSED_BSS (16 * 1024 * 1024)
/* Files looked into in one scan; a process with more is no ordinary one. */
#define MAX_FILES 8192

typedef struct
{
  guint64 inode;
  guint32 device;
  AtlasStringId path;
  guint n_blocks;
  guint8 protections; /* or-ed */
  guint8 first_protection;
  gboolean differs; /* blocks of several protections */
  gboolean tried;   /* elf and why are final */
  AtlasElfImage *elf;
  const char *why;   /* why elf is NULL */
  guint barren_end;  /* index: before it, claim_shape() finds nothing */
  gboolean is_other; /* looked into, and neither ELF nor PE */
} MappedFile;

static guint
file_hash (gconstpointer data)
{
  const MappedFile *file = data;

  return (guint)(file->inode * 2654435761u) ^ file->device ^ file->path;
}

static gboolean
file_equal (gconstpointer a, gconstpointer b)
{
  const MappedFile *left = a;
  const MappedFile *right = b;

  return left->inode == right->inode && left->device == right->device && left->path == right->path;
}

static void
file_free (gpointer data)
{
  MappedFile *file = data;

  g_clear_pointer (&file->elf, atlas_elf_image_unref);
  g_free (file);
}

static gboolean
maps_file (const AtlasBlock *block)
{
  return block->inode != 0 && block->path != 0 &&
         (block->protection & ATLAS_PROTECTION_SHARED) == 0;
}

static gboolean
is_of_file (const AtlasBlock *block, const MappedFile *file)
{
  return maps_file (block) && block->inode == file->inode && block->device == file->device &&
         block->path == file->path;
}

static GHashTable *
collect_files (AtlasScene *scene)
{
  GHashTable *files = g_hash_table_new_full (file_hash, file_equal, file_free, NULL);

  for (guint i = 0; i < scene->n_blocks; i++)
    {
      const AtlasBlock *block = atlas_scene_get_block (scene, i);
      if (!maps_file (block))
        continue;
      MappedFile wanted = { .inode = block->inode, .device = block->device, .path = block->path };
      MappedFile *file = g_hash_table_lookup (files, &wanted);
      if (file == NULL)
        {
          file = g_memdup2 (&wanted, sizeof wanted);
          file->first_protection = block->protection;
          g_hash_table_add (files, file);
        }
      file->n_blocks++;
      file->protections |= block->protection;
      file->differs |= block->protection != file->first_protection;
    }
  return files;
}

static gboolean
may_be_image (const MappedFile *file)
{
  return (file->protections & ATLAS_PROTECTION_EXECUTE) || (file->n_blocks > 1 && file->differs);
}

static gboolean
is_program (AtlasScene *scene, AtlasStringId path)
{
  return g_strcmp0 (atlas_string_pool_get (scene->pool, path), scene->process->executable) == 0;
}

static void
open_file (AtlasScene *scene, MappedFile *file, guint index, guint *n_opened)
{
  if (file->tried)
    return;
  file->tried = TRUE;
  if ((*n_opened)++ >= MAX_FILES)
    {
      file->why = _ ("too many files");
      return;
    }
  /* Opening a device may do things; none is a program. */
  const char *path = atlas_string_pool_get (scene->pool, file->path);
  if (g_str_has_prefix (path, "/dev/") && !g_str_has_prefix (path, "/dev/shm/"))
    {
      file->why = _ ("it is a device");
      return;
    }
  atlas_autofd fd = atlas_scene_open_block (scene, index, &file->why);
  if (fd < 0)
    return;
  file->elf = atlas_elf_image_get (fd, is_program (scene, file->path), NULL);
  if (file->elf != NULL)
    return;
  /* Programs of Windows, of Wine or .NET, are mapped in sections as well. */
  char magic[2];
  file->is_other = pread (fd, magic, 2, 0) != 2 || magic[0] != 'M' || magic[1] != 'Z';
  file->why = file->is_other ? _ ("it is no program") : _ ("it is a program or library of Windows");
}

static guint64
get_page_size (AtlasScene *scene)
{
  return scene->process->page_size != 0 ? scene->process->page_size : 4096;
}

/* Where the file would be loaded for block to lie where it does: address minus p_vaddr. */
static gboolean
find_bias (AtlasScene *scene, const AtlasElfImage *elf, const AtlasBlock *block, guint64 *out_bias)
{
  guint n;
  const AtlasElfSegment *segments = atlas_elf_image_get_segments (elf, &n);
  guint64 mask = get_page_size (scene) - 1;
  gboolean executable = (block->protection & ATLAS_PROTECTION_EXECUTE) != 0;
  gboolean found = FALSE;

  for (guint i = 0; i < n; i++)
    {
      guint64 offset = segments[i].offset & ~mask;
      guint64 end = (segments[i].offset + segments[i].file_size + mask) & ~mask;
      if (block->offset < offset || block->offset >= end)
        continue;
      gboolean same = ((segments[i].flags & PF_X) != 0) == executable;
      if (found && !same)
        continue;
      *out_bias = block->start - (block->offset - offset) - (segments[i].address & ~mask);
      if (same && block->offset == offset)
        return TRUE;
      found = TRUE;
    }
  return found;
}

static void
label_block (AtlasScene *scene, const AtlasLoadedImage *image, guint index)
{
  const AtlasBlock *block = atlas_scene_get_block (scene, index);

  if (atlas_block_is_inaccessible (block))
    {
      atlas_scene_set_label (scene, index, "gap");
      return;
    }
  if (image->elf == NULL)
    {
      const char *label = "read-only data";
      if (block->inode == 0)
        label = ".bss";
      else if (block->protection & ATLAS_PROTECTION_EXECUTE)
        label = "code";
      else if (atlas_block_is_writable (block))
        label = "data";
      atlas_scene_set_label (scene, index, label);
      return;
    }

  guint64 start = block->start - image->bias;
  guint64 end = block->end - image->bias;
  guint64 relro_start, relro_end;
  atlas_elf_image_get_relro (image->elf, &relro_start, &relro_end);
  g_autofree char *sections = atlas_elf_image_dup_sections (image->elf, start, end);
  gboolean relro = relro_end > relro_start && start <= relro_start && relro_start < end &&
                   end <= relro_end + 0xffff && !atlas_block_is_writable (block);
  g_autofree char *label = relro ? g_strdup_printf ("relro: %s", sections != NULL ? sections : "")
                                 : g_strdup (sections != NULL    ? sections
                                             : block->inode == 0 ? ".bss"
                                                                 : NULL);
  atlas_scene_set_label (scene, index, label);
}

static void
add_image (AtlasScene *scene, const MappedFile *file, AtlasLoadedImage *image)
{
  image->path = atlas_string_pool_get (scene->pool, file->path);
  const char *slash = strrchr (image->path, '/');
  image->name = slash != NULL ? slash + 1 : image->path;
  image->is_program = is_program (scene, file->path);
  image->elf = file->elf != NULL ? atlas_elf_image_ref (file->elf) : NULL;
  g_array_append_val (scene->state->images, *image);
}

static char *
dup_image_reason (const AtlasLoadedImage *image)
{
  const char *form = image->is_program
                       ? _ ("the program itself: its ELF segments lie here as the file says%s")
                       : _ ("a library or program: its ELF segments lie here as the file says%s");

  return g_strdup_printf (form, g_str_has_suffix (image->path, " (deleted)")
                                  ? _ ("; the file has been deleted or replaced since")
                                  : "");
}

/* The file's blocks inside the span of an image. */
typedef struct
{
  guint first;
  guint end;
  guint n_own;
  guint8 protections; /* or-ed */
  gboolean differs;
  gboolean begins; /* one covers the first segment */
} Span;

/* FALSE where a block of the file reaches out of the span: no image then. */
static gboolean
measure_span (AtlasScene *scene, const MappedFile *file, const AtlasLoadedImage *image, Span *span)
{
  guint8 seen = 0;

  span->first = atlas_scene_find_next (scene, image->start);
  for (span->end = span->first; span->end < scene->n_blocks; span->end++)
    {
      const AtlasBlock *block = atlas_scene_get_block (scene, span->end);
      if (block->start >= image->end)
        break;
      if (!is_of_file (block, file))
        continue;
      if (block->start < image->start || block->end > image->end)
        return FALSE;
      span->differs |= span->n_own++ > 0 && block->protection != seen;
      span->begins |= block->start == image->start;
      seen = block->protection;
      span->protections |= block->protection;
    }
  return TRUE;
}

/* Whether anonymous memory is the image's: its .bss, a gap. What the kernel merged is said. */
static gboolean
is_part_of_image (AtlasScene *scene, const AtlasLoadedImage *image, guint index)
{
  const AtlasBlock *block = atlas_scene_get_block (scene, index);
  guint64 inside = MIN (block->end, image->end) - MAX (block->start, image->start);

  if (!atlas_scene_is_anonymous (scene, index))
    return FALSE;
  if (inside < atlas_block_get_size (block) / 2)
    {
      g_autofree char *path = atlas_bytes_dup_display (image->path);
      atlas_scene_note (scene, block->start,
                        g_strdup_printf (_ ("the kernel merged the .bss of %s (%u KiB) with it"),
                                         path, (guint)(inside / 1024)));
      return FALSE;
    }
  if (block->end > image->end)
    atlas_scene_note (
      scene, block->start,
      g_strdup_printf (_ ("the kernel merged %u KiB of private memory with its .bss"),
                       (guint)((block->end - image->end) / 1024)));
  return TRUE;
}

/* Code of a file that lies somewhere a second time, without the rest of the file: V8 does that, to
   have it near what it compiles. */
static void
claim_copy (AtlasScene *scene, const MappedFile *file, guint index)
{
  atlas_scene_claim (scene, index, atlas_scene_new_group (scene), ATLAS_TYPE_IMAGE,
                     atlas_string_pool_get (scene->pool, file->path),
                     _ ("a part of a program or library, executable, mapped once more apart from "
                        "the rest of it"),
                     0, FALSE);
  atlas_scene_set_label (scene, index, "code");
}

/* The blocks of one loaded ELF file; FALSE where the file is only mapped as data. */
static gboolean
claim_elf (AtlasScene *scene, MappedFile *file, guint seed)
{
  guint64 mask = get_page_size (scene) - 1;
  AtlasLoadedImage image = { .first_block = seed };
  Span span = { .n_own = 0 };
  guint64 low, high;

  if (!find_bias (scene, file->elf, atlas_scene_get_block (scene, seed), &image.bias))
    return FALSE;
  atlas_elf_image_get_span (file->elf, &low, &high);
  image.start = image.bias + (low & ~mask);
  image.end = (image.bias + high + mask) & ~mask;
  if (image.start >= image.end || !measure_span (scene, file, &image, &span))
    return FALSE;
  gboolean executable = (span.protections & ATLAS_PROTECTION_EXECUTE) != 0;
  if (!executable && !(span.n_own > 1 && span.differs))
    return FALSE;
  if (!span.begins && span.n_own == 1)
    {
      claim_copy (scene, file, seed);
      return TRUE;
    }

  image.first_block = span.first;
  add_image (scene, file, &image);
  g_autofree char *reason = dup_image_reason (&image);
  guint32 group = atlas_scene_new_group (scene);
  for (guint i = span.first; i < span.end; i++)
    if ((is_of_file (atlas_scene_get_block (scene, i), file) ||
         is_part_of_image (scene, &image, i)) &&
        atlas_scene_claim (scene, i, group, ATLAS_TYPE_IMAGE, image.path, reason, 0, FALSE))
      label_block (scene, &image, i);
  return TRUE;
}

/* A run of touching blocks of one file with ascending offsets, with inaccessible gaps in it. */
typedef struct
{
  guint end; /* behind its last block of the file */
  guint n_own;
  guint8 protections; /* or-ed */
} Run;

static void
measure_run (AtlasScene *scene, MappedFile *file, guint seed, Run *run)
{
  guint end = seed;
  guint64 offset = 0;

  for (; end < scene->n_blocks; end++)
    {
      const AtlasBlock *block = atlas_scene_get_block (scene, end);
      gboolean own = is_of_file (block, file);
      if (end > seed && block->start != atlas_scene_get_block (scene, end - 1)->end && !own)
        break;
      if (own && (run->n_own > 0 && block->offset < offset))
        break;
      if (!own && !(atlas_scene_is_anonymous (scene, end) && atlas_block_is_inaccessible (block)))
        break;
      if (!own)
        continue;
      run->n_own++;
      offset = block->offset;
      run->protections |= block->protection;
    }
  file->barren_end = end;
  while (end > seed && !is_of_file (atlas_scene_get_block (scene, end - 1), file))
    end--;
  run->end = end;
}

/* Whether block @index looks like the .bss behind the block ahead of it. */
static gboolean
is_like_bss (AtlasScene *scene, guint index)
{
  const AtlasBlock *last = atlas_scene_get_block (scene, index - 1);

  if (index >= scene->n_blocks || !atlas_block_is_writable (last) ||
      !atlas_scene_is_anonymous (scene, index))
    return FALSE;
  const AtlasBlock *next = atlas_scene_get_block (scene, index);
  return next->start == last->end && next->protection == last->protection &&
         atlas_block_get_size (next) <= MAX_GUESSED_BSS;
}

/* The same where only the shape tells: segments of one file with ascending offsets, one of them
 * executable. */
static gboolean
claim_shape (AtlasScene *scene, MappedFile *file, guint seed)
{
  Run run = { .n_own = 0 };

  /* What follows a block in a run without code is a part of that run: 64,000 blocks of one file
     would be gone through 64,000 times. */
  if (seed < file->barren_end)
    return FALSE;
  measure_run (scene, file, seed, &run);
  if ((run.protections & ATLAS_PROTECTION_EXECUTE) == 0 || run.n_own < 2)
    return FALSE;
  gboolean bss = is_like_bss (scene, run.end);
  guint end = run.end + (bss ? 1 : 0);

  AtlasLoadedImage image = { .first_block = seed,
                             .start = atlas_scene_get_block (scene, seed)->start,
                             .end = atlas_scene_get_block (scene, end - 1)->end };
  add_image (scene, file, &image);
  g_autofree char *reason = g_strdup_printf (
    bss ? _ ("probably a program or library, because %u mappings of the file lie as segments do, "
             "one of them executable, and what follows like its .bss (%s)")
        : _ ("probably a program or library, because %u mappings of the file lie as segments do, "
             "one of them executable (%s)"),
    run.n_own, file->why);
  guint32 group = atlas_scene_new_group (scene);
  for (guint i = seed; i < end; i++)
    if (atlas_scene_claim (scene, i, group, ATLAS_TYPE_IMAGE, image.path, reason, 0, TRUE))
      label_block (scene, &image, i);
  return TRUE;
}

static gint
compare_images (gconstpointer a, gconstpointer b)
{
  const AtlasLoadedImage *left = a;
  const AtlasLoadedImage *right = b;

  return left->start < right->start ? -1 : left->start > right->start;
}

void
atlas_recognise_images (AtlasScene *scene)
{
  g_autoptr (GHashTable) files = collect_files (scene);
  guint n_opened = 0;

  for (guint i = 0; i < scene->n_blocks; i++)
    {
      const AtlasBlock *block = atlas_scene_get_block (scene, i);
      if (!maps_file (block) || atlas_scene_is_claimed (scene, i))
        continue;
      MappedFile wanted = { .inode = block->inode, .device = block->device, .path = block->path };
      MappedFile *file = g_hash_table_lookup (files, &wanted);
      if (!may_be_image (file))
        continue;
      open_file (scene, file, i, &n_opened);
      if (file->elf != NULL)
        claim_elf (scene, file, i);
      else if (!file->is_other)
        claim_shape (scene, file, i);
      if (g_cancellable_is_cancelled (scene->cancellable))
        break;
    }
  g_array_sort (scene->state->images, compare_images);
}
