/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the window remembers: GSettings where the schema is installed, else a table in memory, so
 * that a program that was never installed runs as well. One object an application. Main thread.
 */

#define G_LOG_DOMAIN "atlas-gui"

#include "config.h"

#include "gui/preferences.h"

static const struct
{
  const char *key;
  const char *value; /* GVariant text, as <default> in the schema */
} defaults[] = {
  { "window-width", "1260" },
  { "window-height", "800" },
  { "window-maximized", "false" },
  { "summary-height", "0" },
  { "details-width", "0" },
  { "details-pane", "'auto'" },
  { "show-free", "false" },
  { "unit", "'kib'" },
  { "font", "''" },
  { "summary-columns", "@a(sib) []" },
  { "details-columns", "@a(sib) []" },
  { "details-sort", "('address', false)" },
};

struct _AtlasPreferences
{
  GObject parent;
  GSettings *settings; /* nullable */
  GHashTable *values;  /* key → GVariant, where there are no settings */
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (AtlasPreferences, atlas_preferences, G_TYPE_OBJECT)

static void
emit_changed (AtlasPreferences *self, const char *key)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], g_quark_from_string (key), key);
}

static void
atlas_preferences_finalize (GObject *object)
{
  AtlasPreferences *self = ATLAS_PREFERENCES (object);

  if (self->settings != NULL)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->values, g_hash_table_unref);
  G_OBJECT_CLASS (atlas_preferences_parent_class)->finalize (object);
}

static void
atlas_preferences_class_init (AtlasPreferencesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = atlas_preferences_finalize;
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", ATLAS_TYPE_PREFERENCES, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL,
                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
atlas_preferences_init (AtlasPreferences *self)
{
  self->values =
    g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_variant_unref);
  for (guint i = 0; i < G_N_ELEMENTS (defaults); i++)
    g_hash_table_insert (self->values, (gpointer)defaults[i].key,
                         g_variant_ref_sink (g_variant_new_parsed (defaults[i].value)));
}

/* An older schema may be installed: one that lacks a key would abort the program. */
static gboolean
schema_is_complete (GSettingsSchema *schema)
{
  for (guint i = 0; i < G_N_ELEMENTS (defaults); i++)
    {
      g_autoptr (GSettingsSchemaKey) key = NULL;
      g_autoptr (GVariant) value = g_variant_ref_sink (g_variant_new_parsed (defaults[i].value));

      if (!g_settings_schema_has_key (schema, defaults[i].key))
        return FALSE;
      key = g_settings_schema_get_key (schema, defaults[i].key);
      if (!g_variant_type_equal (g_settings_schema_key_get_value_type (key),
                                 g_variant_get_type (value)))
        return FALSE;
    }
  return TRUE;
}

AtlasPreferences *
atlas_preferences_new (const char *schema_id)
{
  AtlasPreferences *self = g_object_new (ATLAS_TYPE_PREFERENCES, NULL);
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, schema_id, TRUE);
  if (schema == NULL || !schema_is_complete (schema))
    {
      g_debug ("No schema %s: settings last until the program ends", schema_id);
      return self;
    }
  self->settings = g_settings_new_full (schema, NULL, NULL);
  g_signal_connect_swapped (self->settings, "changed", G_CALLBACK (emit_changed), self);
  return self;
}

gboolean
atlas_preferences_is_persistent (AtlasPreferences *self)
{
  return self->settings != NULL;
}

const char *const *
atlas_preferences_get_keys (void)
{
  static const char *keys[G_N_ELEMENTS (defaults) + 1];

  for (guint i = 0; i < G_N_ELEMENTS (defaults); i++)
    keys[i] = defaults[i].key;
  return keys;
}

const char *
atlas_preferences_get_default_text (const char *key)
{
  for (guint i = 0; i < G_N_ELEMENTS (defaults); i++)
    if (g_str_equal (defaults[i].key, key))
      return defaults[i].value;
  return NULL;
}

GVariant *
atlas_preferences_dup_value (AtlasPreferences *self, const char *key)
{
  if (self->settings != NULL)
    return g_settings_get_value (self->settings, key);
  return g_variant_ref (g_hash_table_lookup (self->values, key));
}

void
atlas_preferences_set_value (AtlasPreferences *self, const char *key, GVariant *value)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (value);
  g_autoptr (GVariant) old = atlas_preferences_dup_value (self, key);
  GHashTableIter iter;
  gpointer name;

  if (g_variant_equal (old, owned))
    return;
  if (self->settings != NULL)
    {
      g_settings_set_value (self->settings, key, owned);
      return;
    }
  /* The table's own key outlives the caller's. */
  g_hash_table_iter_init (&iter, self->values);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (g_str_equal (name, key))
      g_hash_table_iter_replace (&iter, g_variant_ref (owned));
  emit_changed (self, key);
}

gboolean
atlas_preferences_get_boolean (AtlasPreferences *self, const char *key)
{
  g_autoptr (GVariant) value = atlas_preferences_dup_value (self, key);

  return g_variant_get_boolean (value);
}

void
atlas_preferences_set_boolean (AtlasPreferences *self, const char *key, gboolean value)
{
  atlas_preferences_set_value (self, key, g_variant_new_boolean (value));
}

gint
atlas_preferences_get_int (AtlasPreferences *self, const char *key)
{
  g_autoptr (GVariant) value = atlas_preferences_dup_value (self, key);

  return g_variant_get_int32 (value);
}

void
atlas_preferences_set_int (AtlasPreferences *self, const char *key, gint value)
{
  atlas_preferences_set_value (self, key, g_variant_new_int32 (value));
}

char *
atlas_preferences_dup_string (AtlasPreferences *self, const char *key)
{
  g_autoptr (GVariant) value = atlas_preferences_dup_value (self, key);

  return g_variant_dup_string (value, NULL);
}

void
atlas_preferences_set_string (AtlasPreferences *self, const char *key, const char *value)
{
  atlas_preferences_set_value (self, key, g_variant_new_string (value));
}
