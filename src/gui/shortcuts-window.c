/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The window of keyboard shortcuts, made from the table of commands. Main thread.
 */

#include "config.h"

#include "gui/shortcuts-window.h"

#include "gui/actions.h"

#include <glib/gi18n.h>
#include <string.h>

/* The menus' titles carry mnemonics, which the headings here have no use for. */
static char *
dup_without_mnemonic (const char *text)
{
  g_autoptr (GString) plain = g_string_new (NULL);

  for (; *text != '\0'; text++)
    if (*text != '_')
      g_string_append_c (plain, *text);
  return g_string_free (g_steal_pointer (&plain), FALSE);
}

/* The keypad's keys do the same as those of the same sign and would only look twice. */
static char *
dup_without_keypad (const char *accelerators)
{
  g_auto (GStrv) all = g_strsplit (accelerators, " ", -1);
  g_autoptr (GString) shown = g_string_new (NULL);

  for (guint i = 0; all[i] != NULL; i++)
    if (strstr (all[i], "KP_") == NULL)
      g_string_append_printf (shown, "%s%s", shown->len > 0 ? " " : "", all[i]);
  return g_string_free (g_steal_pointer (&shown), FALSE);
}

static void
add_shortcut (GtkWidget *group, const char *accelerators, const char *title)
{
  g_autofree char *shown = dup_without_keypad (accelerators);
  GtkWidget *shortcut = g_object_new (GTK_TYPE_SHORTCUTS_SHORTCUT, "visible", TRUE, "accelerator",
                                      shown, "title", title, NULL);

  gtk_container_add (GTK_CONTAINER (group), shortcut);
}

static GtkWidget *
new_group (const char *title)
{
  return g_object_new (GTK_TYPE_SHORTCUTS_GROUP, "visible", TRUE, "title", title, NULL);
}

/* Keys that belong to the widgets, not to a command. */
static GtkWidget *
new_widget_group (void)
{
  GtkWidget *group = new_group (_ ("Bars and Lists"));

  add_shortcut (group, "Left Right", _ ("Previous or next segment of a bar"));
  add_shortcut (group, "Return space", _ ("Show only the type of the segment"));
  add_shortcut (group, "<Primary>Return", _ ("Add the type of the segment"));
  add_shortcut (group, "<Shift>Right <Shift>Left", _ ("Show or hide the blocks of a region"));
  return group;
}

static GtkWidget *
new_window (void)
{
  GtkWidget *window = g_object_new (GTK_TYPE_SHORTCUTS_WINDOW, "modal", TRUE, NULL);
  GtkWidget *section = g_object_new (GTK_TYPE_SHORTCUTS_SECTION, "visible", TRUE, "section-name",
                                     "shortcuts", "max-height", 12, NULL);
  guint n_actions, n_menus;
  const AtlasActionInfo *actions = atlas_actions_get_all (&n_actions);
  const char *const *menus = atlas_actions_get_menus (&n_menus);

  for (guint menu = 0; menu < n_menus; menu++)
    {
      g_autofree char *title = dup_without_mnemonic (atlas_actions_get_menu_title (menus[menu]));
      GtkWidget *group = NULL;

      for (guint i = 0; i < n_actions; i++)
        {
          g_autofree char *label = NULL;

          if (actions[i].accels == NULL || g_strcmp0 (actions[i].menu, menus[menu]) != 0)
            continue;
          if (group == NULL)
            group = new_group (title);
          label = atlas_action_dup_label (&actions[i]);
          add_shortcut (group, actions[i].accels, label);
        }
      if (group != NULL)
        gtk_container_add (GTK_CONTAINER (section), group);
    }
  gtk_container_add (GTK_CONTAINER (section), new_widget_group ());
  gtk_container_add (GTK_CONTAINER (window), section);
  g_signal_connect (window, "delete-event", G_CALLBACK (gtk_widget_hide_on_delete), NULL);
  return window;
}

/* One for all windows, only hidden when it closes and not destroyed: GTK lets assistive
   technology look at parts of a shortcuts window that it has just freed. */
void
atlas_shortcuts_show (GtkWindow *parent)
{
  static GtkWidget *window;

  if (window == NULL)
    {
      window = new_window ();
      g_signal_connect (window, "destroy", G_CALLBACK (gtk_widget_destroyed), &window);
    }
  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
  gtk_window_present (GTK_WINDOW (window));
}
