/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * AtlasProcfs:
 * The one place that opens files of /proc, always by openat() below one root, so that a recorded
 * tree can stand in for the machine. Refcounted, immutable, any thread.
 */
typedef struct _AtlasProcfs AtlasProcfs;

/** atlas_procfs_open: @root: (nullable): a recorded tree, NULL for /proc. */
AtlasProcfs *atlas_procfs_open (const char *root, GError **error);
AtlasProcfs *atlas_procfs_ref (AtlasProcfs *procfs);
void atlas_procfs_unref (AtlasProcfs *procfs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasProcfs, atlas_procfs_unref)

/** atlas_procfs_is_live: Returns whether this is the machine's own /proc (ioctl, mem work). */
gboolean atlas_procfs_is_live (AtlasProcfs *procfs);

/**
 * atlas_procfs_has_own_pids:
 * Returns whether its pids are those of this process's pid namespace, so that system calls may use
 * them.
 */
gboolean atlas_procfs_has_own_pids (AtlasProcfs *procfs);

/** atlas_procfs_get_path: Returns: (transfer none): the root as it was given, for messages. */
const char *atlas_procfs_get_path (AtlasProcfs *procfs);

/** atlas_procfs_openat: Opens @path ("42/smaps") for reading; returns -1 with errno set. */
int atlas_procfs_openat (AtlasProcfs *procfs, const char *path);

/**
 * atlas_procfs_open_regular:
 * As atlas_procfs_openat(), but of regular files only: opening a device may already set it going.
 * Anything else is ENXIO.
 */
int atlas_procfs_open_regular (AtlasProcfs *procfs, const char *path);

/**
 * atlas_procfs_read:
 * Returns: (transfer full): the whole of the small file "@pid/@name" (pid 0: "@name"), with NUL
 * appended; at most @limit bytes, more is ATLAS_ERROR_LIMIT. Length without the NUL in @out_length.
 */
char *atlas_procfs_read (AtlasProcfs *procfs, gint pid, const char *name, gsize limit,
                         gsize *out_length, GError **error);

/** atlas_procfs_explain: Returns: (transfer none): what errno @saved_errno of opening means here.
 */
const char *atlas_procfs_explain (AtlasProcfs *procfs, int saved_errno);

/** atlas_procfs_readlink: Returns: (transfer full): target of the link "@pid/@name". */
char *atlas_procfs_readlink (AtlasProcfs *procfs, gint pid, const char *name, GError **error);

/** atlas_procfs_list_ids: Returns: (transfer full) (element-type gint): numeric entries of @path
 * ("" or "42/task"), ascending. */
GArray *atlas_procfs_list_ids (AtlasProcfs *procfs, const char *path, GError **error);

G_END_DECLS
