/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Shows the keys of every action of the table in actions.h. */
void atlas_shortcuts_show (GtkWindow *parent);

G_END_DECLS
