/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Runs the table of rules over a scene. Rows of names that follow each other run as one pass over
 * the blocks, each path decided once. The scene belongs to the caller; one thread.
 */

#define G_LOG_DOMAIN "atlas-scan"

#include "config.h"

#include "scan/classify.h"

#include "scan/rules.h"
#include "scan/scene-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* What a run of name rules says of one path; the same for all blocks that have it. */
typedef struct
{
  AtlasClaim claim; /* group 0: no rule */
  AtlasStringId label;
} Verdict;

/* @form with what follows the pattern in place of "%s"; the closing bracket of a name is no part
 * of it, nor is "(deleted)" behind what never had a name in a directory. */
static char *
expand (const char *form, const char *rest)
{
  const char *place = strstr (form, "%s");

  if (place == NULL)
    return g_strdup (form);
  gsize length = strlen (rest);
  if (g_str_has_suffix (rest, " (deleted)"))
    length -= strlen (" (deleted)");
  else if (length > 0 && rest[length - 1] == ']')
    length--;
  return g_strdup_printf ("%.*s%.*s%s", (int)(place - form), form, (int)MIN (length, 4096), rest,
                          place + 2);
}

static guint32
get_group (AtlasScene *scene, const char *family)
{
  GHashTable *families = scene->state->families;

  if (family == NULL)
    return atlas_scene_new_group (scene);
  guint32 group = GPOINTER_TO_UINT (g_hash_table_lookup (families, family));
  if (group == 0)
    {
      group = atlas_scene_new_group (scene);
      g_hash_table_insert (families, (gpointer)family, GUINT_TO_POINTER (group));
    }
  return group;
}

static char *
dup_details (AtlasScene *scene, const AtlasRule *rule, const char *path, const char *rest,
             guint32 *out_owner)
{
  g_autofree char *details = rule->details != NULL ? expand (rule->details, rest) : g_strdup (path);

  *out_owner = 0;
  if (rule->type != ATLAS_TYPE_HEAP)
    return g_steal_pointer (&details);
  AtlasStringId key =
    atlas_string_pool_intern (scene->pool, rule->family != NULL ? rule->family : details, -1);
  *out_owner = atlas_scene_get_heap_id (scene, atlas_string_pool_get (scene->pool, key));
  return g_strdup_printf ("Heap ID: %u  %s", *out_owner, details);
}

static char *
dup_reason (const AtlasRule *rule, const char *path)
{
  if (rule->kind == ATLAS_RULE_FILE && g_str_has_suffix (path, " (deleted)"))
    return g_strdup (_ ("a file mapped as data; it has been deleted since and goes away with the "
                        "last mapping"));
  if (rule->named_by != NULL)
    return g_strdup_printf (_ (rule->reason), _ (rule->named_by));
  return g_strdup (_ (rule->reason));
}

static void
decide (AtlasScene *scene, const AtlasRule *rows, guint n_rows, guint index, Verdict *verdict)
{
  const AtlasBlock *block = atlas_scene_get_block (scene, index);
  const char *path = atlas_scene_get_path (scene, index);

  for (guint i = 0; i < n_rows; i++)
    {
      const AtlasRule *rule = &rows[i];
      const char *rest;
      if (!atlas_rule_matches (rule, path, block->protection, &rest))
        continue;
      g_autofree char *details = dup_details (scene, rule, path, rest, &verdict->claim.owner);
      g_autofree char *reason = dup_reason (rule, path);
      g_autofree char *label = rule->label != NULL ? expand (rule->label, rest) : NULL;
      verdict->claim.group = get_group (scene, rule->family);
      verdict->claim.details = atlas_string_pool_intern (scene->pool, details, -1);
      verdict->claim.reason = atlas_string_pool_intern (scene->pool, reason, -1);
      verdict->claim.type = (guint8)rule->type;
      verdict->label = atlas_string_pool_intern (scene->pool, label, -1);
      return;
    }
}

static void
run_names (AtlasScene *scene, const AtlasRule *rows, guint n_rows)
{
  /* By path and sharing; the path's number is below 2^24. */
  g_autoptr (GHashTable) verdicts = g_hash_table_new_full (NULL, NULL, NULL, g_free);

  for (guint i = 0; i < scene->n_blocks; i++)
    {
      AtlasBlock *block = atlas_scene_get_block (scene, i);
      if (block->path == 0 || scene->claims[i].group != 0)
        continue;
      gpointer key =
        GUINT_TO_POINTER (block->path << 1 | ((block->protection & ATLAS_PROTECTION_SHARED) != 0));
      Verdict *verdict = g_hash_table_lookup (verdicts, key);
      if (verdict == NULL)
        {
          verdict = g_new0 (Verdict, 1);
          decide (scene, rows, n_rows, i, verdict);
          g_hash_table_insert (verdicts, key, verdict);
        }
      if (verdict->claim.group == 0)
        continue;
      scene->claims[i] = verdict->claim;
      if (verdict->label != 0 && block->label == 0)
        block->label = verdict->label;
    }
}

/* What nobody claimed: private memory, and things that should not exist. */
static void
claim_rest (AtlasScene *scene)
{
  AtlasClaim plain = { .group = atlas_scene_new_group (scene), .type = ATLAS_TYPE_PRIVATE };
  plain.reason = atlas_string_pool_intern (
    scene->pool,
    scene->state->can_read
      ? _ ("private memory; nothing that was looked at shows who uses it")
      : _ ("private memory; nothing shows who uses it, but the contents of the process's memory "
           "could not be looked at"),
    -1);
  AtlasClaim shared = { .group = atlas_scene_new_group (scene), .type = ATLAS_TYPE_SHAREABLE };
  shared.reason = atlas_string_pool_intern (
    scene->pool, _ ("shared memory of a kind that is not known here"), -1);

  for (guint i = 0; i < scene->n_blocks; i++)
    {
      if (scene->claims[i].group != 0)
        continue;
      const AtlasBlock *block = atlas_scene_get_block (scene, i);
      if (block->protection & ATLAS_PROTECTION_SHARED)
        {
          scene->claims[i] = shared;
          scene->claims[i].details = block->path;
        }
      else if (block->path == 0)
        scene->claims[i] = plain;
      else
        {
          /* A path that is neither a file's nor known: a name of a kernel to come. */
          scene->claims[i] = plain;
          scene->claims[i].group = atlas_scene_new_group (scene);
          scene->claims[i].details = block->path;
        }
    }
}

void
atlas_classify (AtlasScene *scene)
{
  guint n_rules;
  const AtlasRule *rules = atlas_rules_get (&n_rules);

  atlas_scene_begin (scene);
  for (guint i = 0; i < n_rules && !g_cancellable_is_cancelled (scene->cancellable);)
    if (rules[i].kind == ATLAS_RULE_RECOGNISER)
      rules[i++].recognise (scene);
    else
      {
        guint first = i;
        while (i < n_rules && rules[i].kind != ATLAS_RULE_RECOGNISER)
          i++;
        run_names (scene, &rules[first], i - first);
      }
  claim_rest (scene);
  atlas_scene_end (scene);
}
