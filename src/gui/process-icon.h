/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/process.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Reads the desktop files of the machine, once; slow, so call it in a worker thread first. */
void atlas_process_icon_prepare (void);

/* Returns: (transfer none): the icon of the desktop file that belongs to @process, or a general
 * one. Kept for as long as the program runs. Call it after atlas_process_icon_prepare(), any
 * thread. */
GIcon *atlas_process_icon_get (const AtlasProcess *process);

G_END_DECLS
