/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Shows what the types and the columns mean; a second call raises the window that is there. */
void atlas_quick_help_show (GtkWindow *parent);

G_END_DECLS
