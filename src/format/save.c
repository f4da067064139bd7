/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Saving: a temporary file beside the target, synced and renamed, so that an existing file is
 * either whole or replaced. What is not a regular file (a pipe, a device) is written straight.
 * No state; any thread.
 */

#include "config.h"

#include "format/format.h"

#include "format/file-error-private.h"
#include "format/file-guard-private.h"
#include "util/error.h"
#include "util/fd.h"
#include "util/text.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <sys/stat.h>

/* Attempts to find a name that is free. */
#define MAX_TRIES 100

/* Like a chain of links in the kernel. */
#define MAX_LINKS 40

/* Where @path leads through symbolic links, the last of which may dangle. */
static char *
resolve_links (const char *path, GError **error)
{
  g_autofree char *at = g_strdup (path);

  for (guint i = 0; i < MAX_LINKS; i++)
    {
      g_autofree char *target = g_file_read_link (at, NULL);
      if (target == NULL)
        return g_steal_pointer (&at);
      g_autofree char *folder = g_path_get_dirname (at);
      g_free (at);
      at = g_path_is_absolute (target) ? g_steal_pointer (&target)
                                       : g_build_filename (folder, target, NULL);
    }
  atlas_file_set_errno (error, path, ELOOP);
  return NULL;
}

static gboolean
write_stream (const AtlasFormat *format, AtlasHistory *history, guint index, int fd,
              const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (GOutputStream) stream = g_unix_output_stream_new (fd, FALSE);

  if (format->write (history, index, stream, cancellable, error))
    return TRUE;
  atlas_file_prefix_error (error, path);
  return FALSE;
}

static gboolean
write_straight (const AtlasFormat *format, AtlasHistory *history, guint index, const char *path,
                GCancellable *cancellable, GError **error)
{
  atlas_autofd fd = open (path, O_WRONLY | O_CLOEXEC | O_NOCTTY);

  if (fd < 0)
    {
      atlas_file_set_errno (error, path, errno);
      return FALSE;
    }
  if (!write_stream (format, history, index, fd, path, cancellable, error))
    return FALSE;
  if (close (atlas_fd_steal (&fd)) != 0)
    {
      atlas_file_set_errno (error, path, errno);
      return FALSE;
    }
  return TRUE;
}

/* An existing file keeps its owner (where that is allowed) and its mode; a new one has the mode
 * that open() with the umask gives. */
static void
copy_rights (int fd, const struct stat *existing)
{
  if (existing == NULL)
    return;
  mode_t mode = existing->st_mode & 07777;
  /* Set-id bits are for their owner only. */
  if (fchown (fd, existing->st_uid, existing->st_gid) != 0)
    mode &= 0777;
  if (fchmod (fd, mode) != 0)
    g_debug ("the mode of the saved file could not be set: %s", g_strerror (errno));
}

static int
create_temporary (const char *target, const struct stat *existing, char **out_path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (target);
  mode_t mode = existing != NULL ? 0600 : 0666;

  for (guint i = 0; i < MAX_TRIES; i++)
    {
      g_autofree char *name = g_strdup_printf (".mematlas-%08x.tmp", g_random_int ());
      g_autofree char *path = g_build_filename (folder, name, NULL);
      int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
      if (fd >= 0)
        {
          copy_rights (fd, existing);
          *out_path = g_steal_pointer (&path);
          return fd;
        }
      if (errno != EEXIST)
        break;
    }
  atlas_file_set_errno (error, target, errno);
  return -1;
}

/* So that the new name itself outlives a power cut; a file system that cannot sync a folder is no
 * reason to fail. */
static void
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  atlas_autofd fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd >= 0 && fsync (fd) != 0)
    g_debug ("%s could not be synced: %s", folder, g_strerror (errno));
}

static gboolean
fill_and_rename (const AtlasFormat *format, AtlasHistory *history, guint index, int fd_in,
                 const char *temporary, const char *target, GCancellable *cancellable,
                 GError **error)
{
  atlas_autofd fd = fd_in;

  if (!write_stream (format, history, index, fd, target, cancellable, error))
    return FALSE;
  /* Errors of delayed writing show here at the latest; before the rename, nothing is lost. */
  if ((fsync (fd) != 0 && errno != EINVAL && errno != ENOTSUP) || close (atlas_fd_steal (&fd)) != 0)
    {
      atlas_file_set_errno (error, target, errno);
      return FALSE;
    }
  if (g_cancellable_is_cancelled (cancellable))
    {
      atlas_set_error_if_cancelled (TRUE, error);
      return FALSE;
    }
  if (rename (temporary, target) != 0)
    {
      atlas_file_set_errno (error, target, errno);
      return FALSE;
    }
  return TRUE;
}

gboolean
atlas_format_save (const AtlasFormat *format, AtlasHistory *history, guint index, const char *path,
                   GCancellable *cancellable, GError **error)
{
  g_auto (AtlasFileGuard) guard = atlas_file_guard_begin ();
  struct stat status;
  g_autofree char *temporary = NULL;

  if (atlas_history_get_length (history) == 0 || index >= atlas_history_get_length (history))
    {
      g_autofree char *name = atlas_bytes_dup_display (path);
      g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_NOT_FOUND,
                   _ ("%s: there is no such snapshot to save: scan a process first"), name);
      return FALSE;
    }
  gboolean exists = stat (path, &status) == 0;
  if (exists && S_ISDIR (status.st_mode))
    {
      atlas_file_set_errno (error, path, EISDIR);
      return FALSE;
    }
  if (exists && !S_ISREG (status.st_mode))
    return write_straight (format, history, index, path, cancellable, error);

  g_autofree char *target = resolve_links (path, error);
  if (target == NULL)
    return FALSE;
  /* Renaming over a file needs no right to it: what is write-protected stays as it is. */
  if (exists && faccessat (AT_FDCWD, target, W_OK, AT_EACCESS) != 0)
    {
      atlas_file_set_errno (error, path, errno);
      return FALSE;
    }
  int fd = create_temporary (target, exists ? &status : NULL, &temporary, error);
  if (fd < 0)
    return FALSE;
  if (!fill_and_rename (format, history, index, fd, temporary, target, cancellable, error))
    {
      unlink (temporary);
      return FALSE;
    }
  sync_folder (target);
  return TRUE;
}
