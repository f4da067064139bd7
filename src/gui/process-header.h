/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/snapshot.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ATLAS_TYPE_PROCESS_HEADER (atlas_process_header_get_type ())
G_DECLARE_FINAL_TYPE (AtlasProcessHeader, atlas_process_header, ATLAS, PROCESS_HEADER, GtkGrid)

/*
 * atlas_process_header_set_snapshot:
 * @icon: (nullable): of the process
 * @file: (nullable): base name of the file the snapshot comes from
 * @ended: whether the process is known to have ended
 *
 * Shows whose memory is seen: name, PID, user, start time, command line.
 */
void atlas_process_header_set_snapshot (AtlasProcessHeader *self, AtlasSnapshot *snapshot,
                                        GIcon *icon, const char *file, gboolean ended);

/* The name of the process, else its number: for titles and messages. */
char *atlas_process_dup_display_name (const AtlasProcess *process);

G_END_DECLS
