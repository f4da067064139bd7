/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ATLAS_TYPE_PREFERENCES (atlas_preferences_get_type ())
G_DECLARE_FINAL_TYPE (AtlasPreferences, atlas_preferences, ATLAS, PREFERENCES, GObject)

/*
 * AtlasPreferences: what the window remembers. Kept by GSettings where the schema is installed,
 * else in memory until the program ends. The signal "changed::KEY" tells of every change.
 */

/* A new object; @schema_id other than the installed one gives memory only. */
AtlasPreferences *atlas_preferences_new (const char *schema_id);

/* Whether the values outlive the program. */
gboolean atlas_preferences_is_persistent (AtlasPreferences *self);

/* The keys and their defaults, NULL-terminated; the same as in the schema. */
const char *const *atlas_preferences_get_keys (void);
const char *atlas_preferences_get_default_text (const char *key);

GVariant *atlas_preferences_dup_value (AtlasPreferences *self, const char *key);
void atlas_preferences_set_value (AtlasPreferences *self, const char *key, GVariant *value);

gboolean atlas_preferences_get_boolean (AtlasPreferences *self, const char *key);
void atlas_preferences_set_boolean (AtlasPreferences *self, const char *key, gboolean value);
gint atlas_preferences_get_int (AtlasPreferences *self, const char *key);
void atlas_preferences_set_int (AtlasPreferences *self, const char *key, gint value);
char *atlas_preferences_dup_string (AtlasPreferences *self, const char *key);
void atlas_preferences_set_string (AtlasPreferences *self, const char *key, const char *value);

G_END_DECLS
