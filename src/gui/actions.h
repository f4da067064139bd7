/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * AtlasActionInfo:
 * One row of the table of commands. The menu bar, the accelerators, the shortcuts window and the
 * quick help are made from it; a command that is not in the table is in no menu.
 */
typedef struct
{
  const char *name;   /* detailed action: "win.refresh", "win.unit::kib" */
  const char *accels; /* separated by blanks, the first is the one shown; NULL: none */
  const char *menu;   /* "file", "edit", "view", "options", "help"; NULL: in no menu */
  guint section;      /* a new number begins a new section */
  const char *title;  /* English, with mnemonic; translate with _() */
  const char *help;   /* English, one sentence; translate with _() */
} AtlasActionInfo;

/* atlas_actions_get_all: Returns: (transfer none): the table, in the order of the menus. */
const AtlasActionInfo *atlas_actions_get_all (guint *out_n);

/* atlas_action_dup_label: Returns the translated title without mnemonic and ellipsis. */
char *atlas_action_dup_label (const AtlasActionInfo *info);

/* Title of the menu @key ("file") as the menu bar shows it, with mnemonic, translated. */
const char *atlas_actions_get_menu_title (const char *key);

/* The five menus in the order of the menu bar; n in @out_n. */
const char *const *atlas_actions_get_menus (guint *out_n);

/* Sets every accelerator of the table. */
void atlas_actions_install (GtkApplication *application);

/*
 * atlas_actions_new_menu_bar:
 * @recent, @columns: put into File > Open Recent and View > Columns
 */
GMenuModel *atlas_actions_new_menu_bar (GMenuModel *recent, GMenuModel *details_columns,
                                        GMenuModel *summary_columns);

/* Menu of a row of Details, from the same table. */
GMenuModel *atlas_actions_new_row_menu (void);

G_END_DECLS
