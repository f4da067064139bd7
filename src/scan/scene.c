/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The process as the rules see it: claims on blocks, look-ups by address, heap numbers, notes on
 * what lies inside a block. Everything belongs to the scan that made the scene; one thread.
 */

#define G_LOG_DOMAIN "atlas-scan"

#include "config.h"

#include "scan/scene.h"

#include "scan/scene-private.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#define MAX_NOTES 8 /* in one reason */

static void
note_clear (gpointer data)
{
  g_free (((AtlasSceneNote *)data)->text);
}

static void
loaded_image_clear (gpointer data)
{
  g_clear_pointer (&((AtlasLoadedImage *)data)->elf, atlas_elf_image_unref);
}

void
atlas_scene_begin (AtlasScene *scene)
{
  AtlasSceneState *state = g_new0 (AtlasSceneState, 1);

  state->images = g_array_new (FALSE, TRUE, sizeof (AtlasLoadedImage));
  g_array_set_clear_func (state->images, loaded_image_clear);
  state->notes = g_array_new (FALSE, FALSE, sizeof (AtlasSceneNote));
  g_array_set_clear_func (state->notes, note_clear);
  state->heaps = g_hash_table_new (g_str_hash, g_str_equal);
  state->families = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (state->heaps, (gpointer) "[heap]", GUINT_TO_POINTER (1));
  state->last_heap = 1;
  state->can_read = scene->process != NULL && scene->process->bits == 64 &&
                    atlas_memory_is_readable (scene->memory);
  scene->state = state;
}

/* Blocks that touch and have one group: what will be a region around @index. */
static void
find_region (AtlasScene *scene, guint index, guint *out_first, guint *out_end)
{
  guint first = index;
  guint end = index + 1;

  while (first > 0 && scene->claims[first - 1].group == scene->claims[index].group &&
         atlas_scene_get_block (scene, first - 1)->end ==
           atlas_scene_get_block (scene, first)->start)
    first--;
  while (end < scene->n_blocks && scene->claims[end].group == scene->claims[index].group &&
         atlas_scene_get_block (scene, end - 1)->end == atlas_scene_get_block (scene, end)->start)
    end++;
  *out_first = first;
  *out_end = end;
}

static gint
compare_notes (gconstpointer a, gconstpointer b)
{
  const AtlasSceneNote *left = a;
  const AtlasSceneNote *right = b;

  return left->address < right->address ? -1 : left->address > right->address;
}

static void
append_notes (AtlasScene *scene)
{
  GArray *notes = scene->state->notes;

  g_array_sort (notes, compare_notes);
  for (guint i = 0; i < notes->len;)
    {
      gint index = atlas_scene_find_block (scene, g_array_index (notes, AtlasSceneNote, i).address);
      if (index < 0)
        {
          i++;
          continue;
        }
      guint first, end;
      find_region (scene, (guint)index, &first, &end);
      guint64 limit = atlas_scene_get_block (scene, end - 1)->end;
      AtlasClaim *claim = &scene->claims[first];
      g_autoptr (GString) reason =
        g_string_new (atlas_string_pool_get (scene->pool, claim->reason));
      guint written = 0;
      for (; i < notes->len && g_array_index (notes, AtlasSceneNote, i).address < limit; i++)
        if (written++ < MAX_NOTES)
          g_string_append_printf (reason, "; %s", g_array_index (notes, AtlasSceneNote, i).text);
      if (written > MAX_NOTES)
        {
          g_string_append (reason, "; ");
          g_string_append_printf (reason, _ ("and %u more"), written - MAX_NOTES);
        }
      AtlasStringId id = atlas_string_pool_intern (scene->pool, reason->str, -1);
      for (guint k = first; k < end; k++)
        scene->claims[k].reason = id;
    }
}

void
atlas_scene_end (AtlasScene *scene)
{
  AtlasSceneState *state = scene->state;

  append_notes (scene);
  g_array_unref (state->images);
  g_array_unref (state->notes);
  g_hash_table_unref (state->heaps);
  g_hash_table_unref (state->families);
  g_free (state);
  scene->state = NULL;
}

gboolean
atlas_scene_claim (AtlasScene *scene, guint index, guint32 group, AtlasType type,
                   const char *details, const char *reason, guint32 owner, gboolean guess)
{
  AtlasClaim *claim = &scene->claims[index];

  g_return_val_if_fail (index < scene->n_blocks && group != 0 && reason != NULL, FALSE);
  if (claim->group != 0)
    return FALSE;
  claim->group = group;
  claim->details = atlas_string_pool_intern (scene->pool, details, -1);
  claim->reason = atlas_string_pool_intern (scene->pool, reason, -1);
  claim->owner = owner;
  claim->type = (guint8)type;
  claim->guess = guess ? 1 : 0;
  return TRUE;
}

guint
atlas_scene_find_next (const AtlasScene *scene, guint64 address)
{
  guint low = 0;
  guint high = scene->n_blocks;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      if (atlas_snapshot_builder_get_block (scene->builder, middle)->end <= address)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

gint
atlas_scene_find_block (const AtlasScene *scene, guint64 address)
{
  guint index = atlas_scene_find_next (scene, address);

  if (index == scene->n_blocks ||
      atlas_snapshot_builder_get_block (scene->builder, index)->start > address)
    return -1;
  return (gint)index;
}

const char *
atlas_scene_get_path (const AtlasScene *scene, guint index)
{
  return atlas_string_pool_get (scene->pool,
                                atlas_snapshot_builder_get_block (scene->builder, index)->path);
}

gboolean
atlas_scene_is_anonymous (const AtlasScene *scene, guint index)
{
  const AtlasBlock *block = atlas_snapshot_builder_get_block (scene->builder, index);

  if (scene->claims[index].group != 0 || (block->protection & ATLAS_PROTECTION_SHARED) != 0)
    return FALSE;
  if (block->path == 0)
    return block->inode == 0;
  const char *path = atlas_scene_get_path (scene, index);
  return g_str_has_prefix (path, "[anon:") || g_str_has_prefix (path, "/anon_hugepage");
}

void
atlas_scene_set_label (AtlasScene *scene, guint index, const char *label)
{
  AtlasBlock *block = atlas_scene_get_block (scene, index);

  if (block->label == 0)
    block->label = atlas_string_pool_intern (scene->pool, label, -1);
}

void
atlas_scene_note (AtlasScene *scene, guint64 address, char *text)
{
  AtlasSceneNote note = { .address = address, .text = text };

  g_array_append_val (scene->state->notes, note);
}

void
atlas_scene_note_weakly (AtlasScene *scene, guint64 address, char *text)
{
  AtlasSceneNote note = { .address = address, .text = text, .weak = TRUE };

  g_array_append_val (scene->state->notes, note);
}

guint32
atlas_scene_get_heap_id (AtlasScene *scene, const char *key)
{
  AtlasSceneState *state = scene->state;
  guint32 id = GPOINTER_TO_UINT (g_hash_table_lookup (state->heaps, key));

  if (id == 0)
    {
      id = ++state->last_heap;
      g_hash_table_insert (state->heaps, (gpointer)key, GUINT_TO_POINTER (id));
    }
  return id;
}

/* As atlas_scene_claim_heap(), for one claim made ready once. */
static void
claim_all (AtlasScene *scene, guint first, guint n_blocks, const AtlasClaim *claim)
{
  for (guint i = first; i < first + n_blocks && i < scene->n_blocks; i++)
    if (scene->claims[i].group == 0)
      scene->claims[i] = *claim;
}

void
atlas_scene_claim_heap (AtlasScene *scene, guint first, guint n_blocks, guint32 group,
                        const char *key, const char *label, const char *reason, gboolean guess)
{
  guint32 id = atlas_scene_get_heap_id (scene, key);
  g_autofree char *details = g_strdup_printf ("Heap ID: %u  %s", id, label);
  AtlasClaim claim = { .group = group,
                       .details = atlas_string_pool_intern (scene->pool, details, -1),
                       .reason = atlas_string_pool_intern (scene->pool, reason, -1),
                       .owner = id,
                       .type = ATLAS_TYPE_HEAP,
                       .guess = guess ? 1 : 0 };

  claim_all (scene, first, n_blocks, &claim);
}

guint64
atlas_scene_claim_range (AtlasScene *scene, guint64 start, guint64 end, guint32 group,
                         AtlasType type, const char *details, const char *reason,
                         const char *block_label, gboolean guess)
{
  guint64 claimed = 0;

  for (guint i = atlas_scene_find_next (scene, start); i < scene->n_blocks; i++)
    {
      const AtlasBlock *block = atlas_scene_get_block (scene, i);
      if (block->start >= end)
        break;
      guint64 inside = MIN (block->end, end) - MAX (block->start, start);
      if (!atlas_scene_is_anonymous (scene, i) || inside < atlas_block_get_size (block) / 2)
        continue;
      if (type == ATLAS_TYPE_HEAP)
        atlas_scene_claim_heap (
          scene, i, 1, group,
          atlas_string_pool_get (scene->pool, atlas_string_pool_intern (scene->pool, details, -1)),
          details, reason, guess);
      else
        atlas_scene_claim (scene, i, group, type, details, reason, 0, guess);
      if (block_label != NULL)
        atlas_scene_set_label (scene, i, block_label);
      claimed += inside;
    }
  return claimed;
}

const AtlasLoadedImage *
atlas_scene_find_image (const AtlasScene *scene, const char *prefix)
{
  const GArray *images = scene->state->images;

  for (guint i = 0; i < images->len; i++)
    {
      const AtlasLoadedImage *image = &g_array_index (images, AtlasLoadedImage, i);
      if (g_str_has_prefix (image->name, prefix))
        return image;
    }
  return NULL;
}

const AtlasLoadedImage *
atlas_scene_get_program (const AtlasScene *scene)
{
  const GArray *images = scene->state->images;

  for (guint i = 0; i < images->len; i++)
    if (g_array_index (images, AtlasLoadedImage, i).is_program)
      return &g_array_index (images, AtlasLoadedImage, i);
  return NULL;
}

guint64
atlas_scene_find_symbol (const AtlasScene *scene, const char *name,
                         const AtlasLoadedImage **out_image)
{
  const GArray *images = scene->state->images;

  for (guint i = 0; i < images->len; i++)
    {
      const AtlasLoadedImage *image = &g_array_index (images, AtlasLoadedImage, i);
      guint64 value;
      if (image->elf == NULL || !atlas_elf_image_find_symbol (image->elf, name, &value))
        continue;
      if (out_image != NULL)
        *out_image = image;
      return image->bias + value;
    }
  return 0;
}

int
atlas_scene_open_block (AtlasScene *scene, guint index, const char **out_why)
{
  const AtlasBlock *block = atlas_scene_get_block (scene, index);
  const char *path = atlas_scene_get_path (scene, index);
  gint pid = scene->files != 0 ? scene->files : scene->process->pid;

  /* The link of the mapping itself leads to the very file, whatever has its name now. */
  g_autofree char *link = g_strdup_printf (
    "%d/map_files/%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x", pid, block->start, block->end);
  int fd = atlas_procfs_open_regular (scene->procfs, link);
  if (fd >= 0)
    return fd;
  gboolean live = atlas_procfs_is_live (scene->procfs);
  if (path == NULL || path[0] != '/' || g_str_has_suffix (path, " (deleted)"))
    {
      *out_why = live ? _ ("the file is deleted and only the administrator may still open it")
                      : _ ("the file is deleted");
      return -1;
    }

  g_autofree char *name = g_strdup_printf ("%d/root%s", pid, path);
  struct stat facts;
  fd = atlas_procfs_open_regular (scene->procfs, name);
  if (fd < 0 && !live)
    {
      *out_why = _ ("the recording does not hold the file");
      return -1;
    }
  if (fd < 0)
    {
      *out_why = errno == ENOENT ? _ ("there is no file of that name any more")
                                 : _ ("the file may not be opened");
      return -1;
    }
  /* A recording holds a copy of the file, which has other numbers. */
  if (!live)
    return fd;
  /* btrfs tells stat() another device than maps, of the very same file. */
  struct statfs filesystem;
  if (fstat (fd, &facts) == 0 && S_ISREG (facts.st_mode) && facts.st_ino == block->inode &&
      ((major (facts.st_dev) << 20 | minor (facts.st_dev)) == block->device ||
       (fstatfs (fd, &filesystem) == 0 && filesystem.f_type == BTRFS_SUPER_MAGIC)))
    return fd;
  close (fd);
  *out_why = _ ("the file of that name is another one now, or lies on an overlay");
  return -1;
}
