/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a failed system call means for somebody who saves or opens a file, and what would help.
 * No state, any thread.
 */

#include "config.h"

#include "format/file-error-private.h"

#include "util/error.h"
#include "util/text.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n.h>

static const struct
{
  int saved_errno;
  int io_code;
  AtlasError code;
  const char *text;
} meanings[] = {
  { ENOSPC, G_IO_ERROR_NO_SPACE, ATLAS_ERROR_IO,
    N_ ("the disk is full: make room, or choose a folder on another disk") },
  { EDQUOT, -1, ATLAS_ERROR_IO,
    N_ ("your disk quota is used up: make room, or choose a folder on another disk") },
  { EFBIG, -1, ATLAS_ERROR_IO,
    N_ ("the file would become larger than the file size limit (ulimit -f) allows: raise the "
        "limit, or choose another folder") },
  { EACCES, G_IO_ERROR_PERMISSION_DENIED, ATLAS_ERROR_PERMISSION,
    N_ ("permission denied: check the rights of the file and of its folder, or choose another "
        "folder") },
  { EPERM, -1, ATLAS_ERROR_PERMISSION,
    N_ ("operation not permitted: check the rights and attributes of the file and of its folder, "
        "or choose another folder") },
  { EROFS, G_IO_ERROR_READ_ONLY, ATLAS_ERROR_PERMISSION,
    N_ ("the file system is read-only: choose a folder elsewhere") },
  { ENOENT, G_IO_ERROR_NOT_FOUND, ATLAS_ERROR_NOT_FOUND,
    N_ ("no such file or folder: check the name") },
  { ENOTDIR, G_IO_ERROR_NOT_DIRECTORY, ATLAS_ERROR_NOT_FOUND,
    N_ ("a part of the path is not a folder: check the name") },
  { EISDIR, G_IO_ERROR_IS_DIRECTORY, ATLAS_ERROR_IO,
    N_ ("this is a folder: give the name of a file") },
  { ENAMETOOLONG, G_IO_ERROR_FILENAME_TOO_LONG, ATLAS_ERROR_IO,
    N_ ("the name is too long: choose a shorter one") },
  { ELOOP, G_IO_ERROR_TOO_MANY_LINKS, ATLAS_ERROR_IO,
    N_ ("symbolic links lead in a circle: give the name of the file itself") },
  { EPIPE, G_IO_ERROR_BROKEN_PIPE, ATLAS_ERROR_IO,
    N_ ("the program that reads the output has ended") },
  { ETXTBSY, -1, ATLAS_ERROR_IO, N_ ("the file is being executed: choose another name") },
  { EIO, -1, ATLAS_ERROR_IO, N_ ("the disk reports an error: choose a folder on another disk") },
};

static GError *
new_error (AtlasError code, const char *text)
{
  return g_error_new_literal (ATLAS_ERROR, (gint)code, text);
}

GError *
atlas_file_error_new_from_gio (const GError *error)
{
  if (error->domain == ATLAS_ERROR)
    return g_error_copy (error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return new_error (ATLAS_ERROR_CANCELLED, _ ("stopped"));
  for (guint i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (meanings[i].io_code >= 0 && g_error_matches (error, G_IO_ERROR, meanings[i].io_code))
      return new_error (meanings[i].code, _ (meanings[i].text));
  return new_error (ATLAS_ERROR_IO, error->message);
}

void
atlas_file_set_errno (GError **error, const char *path, int saved_errno)
{
  g_autofree char *name = atlas_bytes_dup_display (path);

  for (guint i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (meanings[i].saved_errno == saved_errno)
      {
        g_set_error (error, ATLAS_ERROR, (gint)meanings[i].code, "%s: %s", name,
                     _ (meanings[i].text));
        return;
      }
  g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_IO, "%s: %s", name, g_strerror (saved_errno));
}

void
atlas_file_prefix_error (GError **error, const char *path)
{
  g_autofree char *name = atlas_bytes_dup_display (path);

  g_prefix_error (error, "%s: ", name);
}
