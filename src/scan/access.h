/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/process.h"
#include "scan/procfs.h"

G_BEGIN_DECLS

/**
 * atlas_access_open_map:
 * @process: with pid, name, uid, state and kernel_thread
 * @files: the id below which its files lie, see AtlasProcessOrigin
 * @out_smaps: whether it is smaps; FALSE: the kernel has none and this is maps
 *
 * Opens the memory map of @process; opening is what the kernel checks the right at, and it costs
 * little. Returns a descriptor, or -1 with UNSUPPORTED (kernel thread, zombie), GONE, or PERMISSION
 * with a message that says which right is missing and how to get it.
 */
int atlas_access_open_map (AtlasProcfs *procfs, const AtlasProcess *process, gint files,
                           gboolean *out_smaps, GError **error);

/**
 * atlas_access_set_no_process_error:
 * Sets GONE, or PERMISSION where the process exists but /proc hides it (mount option hidepid).
 */
void atlas_access_set_no_process_error (AtlasProcfs *procfs, gint pid, GError **error);

G_END_DECLS
