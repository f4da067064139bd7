/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/source.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ATLAS_TYPE_PROCESS_DIALOG (atlas_process_dialog_get_type ())
G_DECLARE_FINAL_TYPE (AtlasProcessDialog, atlas_process_dialog, ATLAS, PROCESS_DIALOG, GtkDialog)

/**
 * AtlasProcessDialog:
 * The processes of a source, live, to choose one from.
 *
 * Signal "process-chosen" (gint pid): the user opened a process that may be read; it is emitted
 * before GtkDialog::response with GTK_RESPONSE_ACCEPT. Who shows the dialog destroys it on
 * ::response.
 */

/* @parent: (nullable): the dialog is modal for it. */
GtkWidget *atlas_process_dialog_new (GtkWindow *parent, AtlasSource *source);

G_END_DECLS
