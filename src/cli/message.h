/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/snapshot.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/** atlas_message: Writes "mematlas: " and the formatted text as one line to stderr. */
void atlas_message (const char *format, ...) G_GNUC_PRINTF (1, 2);

/**
 * atlas_message_error:
 * Writes @error to stderr and returns the exit status that it means. A reader of stdout that has
 * gone away is not worth a word.
 */
int atlas_message_error (const GError *error);

/**
 * atlas_message_missing:
 * Writes what could not be read of @snapshot to stderr; returns whether there was anything.
 */
gboolean atlas_message_missing (const AtlasSnapshot *snapshot);

/** atlas_message_usage: Writes @error and how to get help to stderr; returns ATLAS_EXIT_USAGE. */
int atlas_message_usage (const GError *error);

/** atlas_process_dup_title: Returns: (transfer full): "Process 42 (name)". */
char *atlas_process_dup_title (const AtlasProcess *process);

G_END_DECLS
