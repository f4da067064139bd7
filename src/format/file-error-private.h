/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * atlas_file_error_new_from_gio:
 * Returns: (transfer full): an ATLAS_ERROR that means the same as @error of G_IO_ERROR, and says
 * what to do about it. An error of ATLAS_ERROR is copied.
 */
GError *atlas_file_error_new_from_gio (const GError *error);

/** atlas_file_set_errno: Sets @error to what @saved_errno means for the file @path. */
void atlas_file_set_errno (GError **error, const char *path, int saved_errno);

/** atlas_file_prefix_error: Puts the displayed name of @path before the message of @error. */
void atlas_file_prefix_error (GError **error, const char *path);

G_END_DECLS
