/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The one table of commands: names, accelerators, menus, help; and what is made from it. Static
 * data; menus are new objects that the caller owns. Main thread.
 */

#include "config.h"

#include "gui/actions.h"

#include <glib/gi18n.h>
#include <string.h>

/* Names that stand for a submenu filled in by the window. */
#define SUBMENU_RECENT          "submenu:recent"
#define SUBMENU_DETAILS_COLUMNS "submenu:details-columns"
#define SUBMENU_SUMMARY_COLUMNS "submenu:summary-columns"

static const char *const menus[] = { "file", "edit", "view", "options", "help" };

static const AtlasActionInfo actions[] = {
  { "win.select-process", "<Primary>p", "file", 1, N_ ("Select _Process…"),
    N_ ("Choose the process whose memory is shown") },
  { "win.open", "<Primary>o", "file", 1, N_ ("_Open…"), N_ ("Open a file of snapshots (.mmp)") },
  { SUBMENU_RECENT, NULL, "file", 1, N_ ("Open _Recent"), NULL },
  { "win.save", "<Primary>s", "file", 2, N_ ("_Save"),
    N_ ("Save all snapshots of this window, to the same file as before") },
  { "win.save-as", "<Primary><Shift>s", "file", 2, N_ ("Save _As…"),
    N_ ("Save to another file: .mmp, .csv or text") },
  { "win.close", "<Primary>w", "file", 3, N_ ("_Close"), N_ ("Close this window") },
  { "app.quit", "<Primary>q", "file", 3, N_ ("_Quit"), N_ ("End the program") },

  { "win.copy-address", "<Primary>c", "edit", 1, N_ ("_Copy Address"),
    N_ ("Copy the address of the selected row") },
  { "win.copy-row", "<Primary><Shift>c", "edit", 1, N_ ("Copy _Row"),
    N_ ("Copy every visible column of the selected row") },
  { "win.copy-all", "<Primary>a", "edit", 1, N_ ("Copy _All"),
    N_ ("Copy the whole snapshot, Summary and Details, as text") },
  { "win.find", "<Primary>f", "edit", 2, N_ ("_Find…"),
    N_ ("Find text, or the region that holds an address") },
  { "win.find-next", "<Primary>g F3", "edit", 2, N_ ("Find _Next"), N_ ("Go to the next match") },
  { "win.find-previous", "<Primary><Shift>g <Shift>F3", "edit", 2, N_ ("Find Pre_vious"),
    N_ ("Go to the match before") },

  { "win.refresh", "F5 <Primary>r", "view", 1, N_ ("_Refresh"), N_ ("Scan the process again") },
  { "win.expand-all", "<Primary>plus <Primary>KP_Add <Primary>equal", "view", 2, N_ ("_Expand All"),
    N_ ("Show the blocks of every region") },
  { "win.collapse-all", "<Primary>minus <Primary>KP_Subtract", "view", 2, N_ ("_Collapse All"),
    N_ ("Hide the blocks of every region") },
  { "win.show-details", "F9", "view", 3, N_ ("_Details Pane"),
    N_ ("Show everything about the selected row beside the list") },
  { SUBMENU_DETAILS_COLUMNS, NULL, "view", 3, N_ ("C_olumns"), NULL },
  { SUBMENU_SUMMARY_COLUMNS, NULL, "view", 3, N_ ("_Summary Columns"), NULL },

  { "win.show-free", "<Primary><Shift>f", "options", 1, N_ ("Show _Free Regions"),
    N_ ("Show the gaps between the regions as well") },
  { "win.unit::kib", NULL, "options", 2, N_ ("Amounts in _KiB"),
    N_ ("Show every amount in KiB: 1,234 K") },
  { "win.unit::auto", NULL, "options", 2, N_ ("Amounts in F_itting Units"),
    N_ ("Show amounts in KiB, MiB, GiB or TiB, whichever fits") },
  { "win.font", NULL, "options", 3, N_ ("F_ont…"), N_ ("Choose the font of the lists") },
  { "win.reset-font", NULL, "options", 3, N_ ("_Default Font"),
    N_ ("Show the lists in the font of the desktop again") },

  { "win.quick-help", "F1", "help", 1, N_ ("_Quick Help"),
    N_ ("What the types and the columns mean") },
  { "win.keyboard-shortcuts", "<Primary>question <Primary><Shift>slash", "help", 1,
    N_ ("_Keyboard Shortcuts"), N_ ("All keys of the program") },
  { "win.command-line-help", NULL, "help", 1, N_ ("Command-_line Options"),
    N_ ("How the program is used without a window") },
  { "win.about", NULL, "help", 2, N_ ("_About Memory Atlas"), N_ ("Version and licence") },
};

static const char *const row_actions[] = { "win.copy-address", "win.copy-row", "win.find",
                                           "win.show-details" };

const AtlasActionInfo *
atlas_actions_get_all (guint *out_n)
{
  *out_n = G_N_ELEMENTS (actions);
  return actions;
}

const char *const *
atlas_actions_get_menus (guint *out_n)
{
  *out_n = G_N_ELEMENTS (menus);
  return menus;
}

const char *
atlas_actions_get_menu_title (const char *key)
{
  static const struct
  {
    const char *key;
    const char *title;
  } titles[] = {
    { "file", N_ ("_File") },       { "edit", N_ ("_Edit") }, { "view", N_ ("_View") },
    { "options", N_ ("_Options") }, { "help", N_ ("_Help") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_str_equal (titles[i].key, key))
      return _ (titles[i].title);
  return key;
}

char *
atlas_action_dup_label (const AtlasActionInfo *info)
{
  GString *label = g_string_new (NULL);

  for (const char *p = _ (info->title); *p != '\0'; p++)
    if (*p != '_')
      g_string_append_c (label, *p);
  if (g_str_has_suffix (label->str, "…"))
    g_string_truncate (label, label->len - strlen ("…"));
  return g_string_free (label, FALSE);
}

void
atlas_actions_install (GtkApplication *application)
{
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      g_auto (GStrv) accels = NULL;

      if (actions[i].accels == NULL)
        continue;
      accels = g_strsplit (actions[i].accels, " ", -1);
      gtk_application_set_accels_for_action (application, actions[i].name,
                                             (const char *const *)accels);
    }
}

static void
append (GMenu *section, const AtlasActionInfo *info, GMenuModel *recent,
        GMenuModel *details_columns, GMenuModel *summary_columns)
{
  GMenuModel *submenu = NULL;

  if (g_str_equal (info->name, SUBMENU_RECENT))
    submenu = recent;
  else if (g_str_equal (info->name, SUBMENU_DETAILS_COLUMNS))
    submenu = details_columns;
  else if (g_str_equal (info->name, SUBMENU_SUMMARY_COLUMNS))
    submenu = summary_columns;

  if (submenu != NULL)
    g_menu_append_submenu (section, _ (info->title), submenu);
  else
    g_menu_append (section, _ (info->title), info->name);
}

GMenuModel *
atlas_actions_new_menu_bar (GMenuModel *recent, GMenuModel *details_columns,
                            GMenuModel *summary_columns)
{
  GMenu *bar = g_menu_new ();

  for (guint m = 0; m < G_N_ELEMENTS (menus); m++)
    {
      g_autoptr (GMenu) menu = g_menu_new ();
      g_autoptr (GMenu) section = NULL;
      guint number = 0;

      for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
        {
          if (g_strcmp0 (actions[i].menu, menus[m]) != 0)
            continue;
          if (actions[i].section != number)
            {
              number = actions[i].section;
              g_clear_object (&section);
              section = g_menu_new ();
              g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
            }
          append (section, &actions[i], recent, details_columns, summary_columns);
        }
      g_menu_append_submenu (bar, atlas_actions_get_menu_title (menus[m]), G_MENU_MODEL (menu));
    }
  return G_MENU_MODEL (bar);
}

GMenuModel *
atlas_actions_new_row_menu (void)
{
  GMenu *menu = g_menu_new ();

  for (guint r = 0; r < G_N_ELEMENTS (row_actions); r++)
    for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
      if (g_str_equal (actions[i].name, row_actions[r]))
        append (menu, &actions[i], NULL, NULL, NULL);
  return G_MENU_MODEL (menu);
}
