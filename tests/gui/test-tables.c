/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table of commands, the preferences and the colours agree with what is made from them. No
 * display.
 */

#include "config.h"

#include "gui/actions.h"
#include "gui/preferences.h"
#include "gui/style.h"
#include "gui/vm-flags.h"

#include <string.h>

static void
test_actions (void)
{
  g_autoptr (GHashTable) accels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const AtlasActionInfo *actions;
  guint n;

  actions = atlas_actions_get_all (&n);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *label = atlas_action_dup_label (&actions[i]);
      g_auto (GStrv) keys = g_strsplit (actions[i].accels ? actions[i].accels : "", " ", -1);

      g_assert_cmpstr (label, !=, "");
      g_assert_null (strchr (label, '_'));
      for (guint k = 0; keys[k] != NULL && *keys[k] != '\0'; k++)
        {
          const char *key = strrchr (keys[k], '>');

          g_test_message ("%s: %s", actions[i].name, keys[k]);
          g_assert_cmpuint (gdk_keyval_from_name (key != NULL ? key + 1 : keys[k]), !=,
                            GDK_KEY_VoidSymbol);
          /* One key, one command. */
          g_assert_true (g_hash_table_add (accels, g_strdup (keys[k])));
        }
    }
}

/* No mnemonic is given twice in one menu. */
static void
test_mnemonics (void)
{
  const AtlasActionInfo *actions;
  const char *const *menus;
  guint n_actions, n_menus;

  actions = atlas_actions_get_all (&n_actions);
  menus = atlas_actions_get_menus (&n_menus);
  for (guint m = 0; m < n_menus; m++)
    {
      g_autoptr (GString) used = g_string_new (NULL);

      for (guint i = 0; i < n_actions; i++)
        {
          const char *mark = strchr (actions[i].title, '_');

          if (g_strcmp0 (actions[i].menu, menus[m]) != 0)
            continue;
          g_test_message ("%s: %s", menus[m], actions[i].title);
          g_assert_nonnull (mark);
          g_assert_null (strchr (used->str, g_ascii_tolower (mark[1])));
          g_string_append_c (used, g_ascii_tolower (mark[1]));
        }
    }
}

static void
count_changes (AtlasPreferences *preferences, const char *key, guint *n)
{
  g_assert_cmpstr (key, ==, "window-width");
  (*n)++;
}

static void
test_preferences_in_memory (void)
{
  g_autoptr (AtlasPreferences) preferences = atlas_preferences_new ("none.such");
  g_autofree char *unit = NULL;
  guint n_changes = 0;

  g_assert_false (atlas_preferences_is_persistent (preferences));
  g_signal_connect (preferences, "changed::window-width", G_CALLBACK (count_changes), &n_changes);
  atlas_preferences_set_int (preferences, "window-width", 901);
  atlas_preferences_set_int (preferences, "window-width", 901);
  atlas_preferences_set_boolean (preferences, "show-free", TRUE);
  atlas_preferences_set_string (preferences, "unit", "auto");
  g_assert_cmpint (atlas_preferences_get_int (preferences, "window-width"), ==, 901);
  g_assert_true (atlas_preferences_get_boolean (preferences, "show-free"));
  unit = atlas_preferences_dup_string (preferences, "unit");
  g_assert_cmpstr (unit, ==, "auto");
  g_assert_cmpuint (n_changes, ==, 1);
}

/* The program's defaults are the schema's, key by key. */
static void
test_schema (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSettingsSchemaSource) source = g_settings_schema_source_new_from_directory (
    g_getenv ("ATLAS_TEST_SCHEMA_DIR"), NULL, TRUE, &error);
  g_autoptr (GSettingsSchema) schema = NULL;
  g_auto (GStrv) schema_keys = NULL;
  const char *const *keys = atlas_preferences_get_keys ();

  g_assert_no_error (error);
  schema = g_settings_schema_source_lookup (source, ATLAS_APPLICATION_ID, FALSE);
  g_assert_nonnull (schema);
  schema_keys = g_settings_schema_list_keys (schema);
  g_assert_cmpuint (g_strv_length (schema_keys), ==, g_strv_length ((char **)keys));
  for (guint i = 0; keys[i] != NULL; i++)
    {
      g_autoptr (GSettingsSchemaKey) key = NULL;
      g_autoptr (GVariant) theirs = NULL;
      g_autoptr (GVariant) ours = NULL;

      g_test_message ("%s", keys[i]);
      g_assert_true (g_settings_schema_has_key (schema, keys[i]));
      key = g_settings_schema_get_key (schema, keys[i]);
      theirs = g_settings_schema_key_get_default_value (key);
      ours =
        g_variant_ref_sink (g_variant_new_parsed (atlas_preferences_get_default_text (keys[i])));
      g_assert_cmpvariant (ours, theirs);
    }
}

/* Text on a row is black or white, whichever is further from it. */
static void
test_contrast (void)
{
  static const GdkRGBA black = { 0, 0, 0, 1 }, white = { 1, 1, 1, 1 };

  g_assert_cmpfloat_with_epsilon (atlas_style_get_contrast (&black, &white), 21, 0.01);
  for (guint type = 0; type < ATLAS_N_TYPES; type++)
    {
      const AtlasTypeInfo *info = atlas_type_get_info (type);
      GdkRGBA light, dark;

      g_assert_true (gdk_rgba_parse (&light, info->light));
      g_assert_true (gdk_rgba_parse (&dark, info->dark));
      g_test_message ("%s", info->key);
      g_assert_cmpfloat (atlas_style_get_contrast (&light, &black), >=, 4.5);
      g_assert_cmpfloat (atlas_style_get_contrast (&dark, &white), >=, 4.5);
    }
}

static void
test_vm_flags (void)
{
  g_autofree char *help = atlas_vm_flags_dup_help ("rd ac zz ");

  g_assert_cmpstr (help, ==,
                   "rd  may be read\nac  charged to the commit limit\nzz  not known here");
  g_assert_null (atlas_vm_flag_get_help ("r", 1));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/actions/accelerators", test_actions);
  g_test_add_func ("/actions/mnemonics", test_mnemonics);
  g_test_add_func ("/preferences/in-memory", test_preferences_in_memory);
  g_test_add_func ("/preferences/schema", test_schema);
  g_test_add_func ("/style/contrast", test_contrast);
  g_test_add_func ("/vm-flags/help", test_vm_flags);
  return g_test_run ();
}
