/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Adds the columns of an AtlasProcessModel to @list, all of fixed width. */
void atlas_process_columns_add (GtkTreeView *list);

G_END_DECLS
