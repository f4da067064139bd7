/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * A GtkTreeView that has an accessible tells it of every cell of every row that comes and goes: a
 * quarter of a second for 64,000 rows, whether anybody listens or not. GTK makes the accessible of
 * whatever has the focus, for no other reason than to pass it to nobody. A big list asks here
 * whether its accessible is wanted, and gives a stand-in where it is not.
 */

/* Begins to notice whether an assistive technology listens; after gtk_init(). */
void atlas_assistive_init (void);

/* FALSE: the accessible is asked for by GTK's own watch of the focus, and nobody listens. */
gboolean atlas_assistive_is_wanted (void);

G_END_DECLS
