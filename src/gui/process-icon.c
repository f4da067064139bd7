/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Icons of processes by the desktop files of the machine: matched by the program that a file starts
 * and by the window class it names. The index is made once and lives as long as the program.
 */

#include "config.h"

#include "gui/process-icon.h"

#include <gio/gdesktopappinfo.h>
#include <string.h>

/* Names that say nothing: a desktop file that starts through one of these is about its argument. */
static const char *const launchers[] = { "sh",     "bash", "env",   "python",     "python3", "perl",
                                         "ruby",   "node", "java",  "flatpak",    "snap",    "gjs",
                                         "pkexec", "sudo", "xterm", "dbus-launch" };

static GHashTable *icons; /* name in lower case → GIcon */
static GIcon *fallback;

static void
index_name (const char *name, GIcon *icon)
{
  g_autofree char *base = NULL;

  if (name == NULL || *name == '\0')
    return;
  base = g_path_get_basename (name);
  for (guint i = 0; i < G_N_ELEMENTS (launchers); i++)
    if (g_str_equal (base, launchers[i]))
      return;
  g_autofree char *key = g_utf8_strdown (base, -1);
  if (!g_hash_table_contains (icons, key))
    g_hash_table_insert (icons, g_steal_pointer (&key), g_object_ref (icon));
}

void
atlas_process_icon_prepare (void)
{
  static gsize prepared;

  if (!g_once_init_enter (&prepared))
    return;
  fallback = g_themed_icon_new ("application-x-executable");
  icons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  GList *applications = g_app_info_get_all ();
  /* What a file starts counts for more than the window class that another one names. */
  for (GList *at = applications; at != NULL; at = at->next)
    if (g_app_info_get_icon (at->data) != NULL)
      index_name (g_app_info_get_executable (at->data), g_app_info_get_icon (at->data));
  for (GList *at = applications; at != NULL; at = at->next)
    if (g_app_info_get_icon (at->data) != NULL && G_IS_DESKTOP_APP_INFO (at->data))
      index_name (g_desktop_app_info_get_startup_wm_class (at->data),
                  g_app_info_get_icon (at->data));
  g_list_free_full (applications, g_object_unref);
  g_once_init_leave (&prepared, 1);
}

static GIcon *
look_up (const char *name)
{
  g_autofree char *key = NULL;

  if (name == NULL || !g_utf8_validate (name, -1, NULL))
    return NULL;
  key = g_utf8_strdown (name, -1);
  return g_hash_table_lookup (icons, key);
}

GIcon *
atlas_process_icon_get (const AtlasProcess *process)
{
  g_autofree char *executable = NULL;
  GIcon *icon = NULL;

  atlas_process_icon_prepare ();
  if (process->executable != NULL)
    {
      g_autofree char *path = g_strdup (process->executable);
      char *deleted = strstr (path, " (deleted)");

      if (deleted != NULL)
        *deleted = '\0';
      executable = g_path_get_basename (path);
      icon = look_up (executable);
    }
  if (icon == NULL && !process->kernel_thread)
    icon = look_up (process->name);
  return icon != NULL ? icon : fallback;
}
