/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Shows the text of "mematlas --help". */
void atlas_command_line_help_show (GtkWindow *parent);

G_END_DECLS
