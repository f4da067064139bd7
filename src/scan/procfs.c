/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The one place that opens files of /proc. A recorded tree is data from somebody else: nothing
 * outside of it is opened, whatever its links say. Immutable after it is made, any thread.
 */

#include "config.h"

#include "scan/procfs.h"

#include "scan/digits.h"
#include "util/error.h"
#include "util/fd.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <limits.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

struct _AtlasProcfs
{
  gatomicrefcount references;
  int root;
  char *path;
  gboolean live;
  gboolean own_pids;
};

/* <linux/openat2.h>, carried along because old headers lack it. */
struct open_how_copy
{
  guint64 flags;
  guint64 mode;
  guint64 resolve;
};
#define RESOLVE_NO_MAGICLINKS_COPY 0x02
#define RESOLVE_BENEATH_COPY       0x08
#ifndef SYS_openat2
#define SYS_openat2 437
#endif

AtlasProcfs *
atlas_procfs_open (const char *root, GError **error)
{
  const char *path = root != NULL ? root : "/proc";
  atlas_autofd fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    {
      int saved = errno;
      g_autofree char *shown = g_filename_display_name (path);
      AtlasError code =
        saved == EACCES || saved == EPERM ? ATLAS_ERROR_PERMISSION : ATLAS_ERROR_NOT_FOUND;
      g_set_error (error, ATLAS_ERROR, code, _ ("The directory “%s” cannot be opened: %s"), shown,
                   g_strerror (saved));
      return NULL;
    }

  AtlasProcfs *procfs = g_new0 (AtlasProcfs, 1);
  g_atomic_ref_count_init (&procfs->references);
  struct statfs filesystem;
  procfs->live = fstatfs (fd, &filesystem) == 0 && filesystem.f_type == PROC_SUPER_MAGIC;
  procfs->root = atlas_fd_steal (&fd);
  procfs->path = g_strdup (path);
  if (procfs->live)
    {
      /* The pids of a /proc that belongs to another pid namespace mean nothing to system calls. */
      char self[32];
      ssize_t length = readlinkat (procfs->root, "self", self, sizeof self - 1);
      if (length > 0)
        {
          self[length] = '\0';
          procfs->own_pids = g_ascii_strtoll (self, NULL, 10) == (gint64)getpid ();
        }
    }
  return procfs;
}

AtlasProcfs *
atlas_procfs_ref (AtlasProcfs *procfs)
{
  g_atomic_ref_count_inc (&procfs->references);
  return procfs;
}

void
atlas_procfs_unref (AtlasProcfs *procfs)
{
  if (!g_atomic_ref_count_dec (&procfs->references))
    return;
  close (procfs->root);
  g_free (procfs->path);
  g_free (procfs);
}

gboolean
atlas_procfs_is_live (AtlasProcfs *procfs)
{
  return procfs->live;
}

gboolean
atlas_procfs_has_own_pids (AtlasProcfs *procfs)
{
  return procfs->own_pids;
}

const char *
atlas_procfs_get_path (AtlasProcfs *procfs)
{
  return procfs->path;
}

/* Without openat2() (before Linux 5.6) the path is walked by hand, and no link is followed. */
static int
open_without_links (int root, const char *path)
{
  atlas_autofd directory = -1;
  const char *name = path;

  for (const char *slash; (slash = strchr (name, '/')) != NULL; name = slash + 1)
    {
      if (slash == name)
        continue;
      g_autofree char *part = g_strndup (name, (gsize)(slash - name));
      if (strcmp (part, "..") == 0)
        {
          errno = EXDEV;
          return -1;
        }
      int next = openat (directory >= 0 ? directory : root, part,
                         O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      if (next < 0)
        return -1;
      atlas_fd_clear (&directory);
      directory = next;
    }
  if (strcmp (name, "..") == 0)
    {
      errno = EXDEV;
      return -1;
    }
  return openat (directory >= 0 ? directory : root, *name != '\0' ? name : ".",
                 O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

static int
open_recorded (int root, const char *path)
{
  struct open_how_copy how = {
    .flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC,
    .resolve = RESOLVE_BENEATH_COPY | RESOLVE_NO_MAGICLINKS_COPY,
  };
  int fd = (int)syscall (SYS_openat2, root, path, &how, sizeof how);

  if (fd < 0 && (errno == ENOSYS || errno == EPERM))
    fd = open_without_links (root, path);
  if (fd < 0)
    return -1;

  /* A pipe or a device in a recorded tree would hang the reader or do who knows what. */
  struct stat status;
  if (fstat (fd, &status) != 0 || !(S_ISREG (status.st_mode) || S_ISDIR (status.st_mode)))
    {
      close (fd);
      errno = ENXIO;
      return -1;
    }
  return fd;
}

int
atlas_procfs_openat (AtlasProcfs *procfs, const char *path)
{
  while (*path == '/')
    path++;
  if (*path == '\0')
    path = ".";
  if (procfs->live)
    /* Below PID/root a pipe may lie where a file was: never wait for its writer. */
    return openat (procfs->root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  return open_recorded (procfs->root, path);
}

int
atlas_procfs_open_regular (AtlasProcfs *procfs, const char *path)
{
  struct stat status;

  /* What is there is asked ahead of opening; of a recorded tree, open_recorded() asks. */
  if (procfs->live && fstatat (procfs->root, path, &status, 0) != 0)
    return -1;
  if (procfs->live && !S_ISREG (status.st_mode))
    {
      errno = ENXIO;
      return -1;
    }
  return atlas_procfs_openat (procfs, path);
}

static char *
dup_relative (gint pid, const char *name)
{
  return pid != 0 ? g_strdup_printf ("%d/%s", pid, name) : g_strdup (name);
}

const char *
atlas_procfs_explain (AtlasProcfs *procfs, int saved_errno)
{
  if (procfs->live)
    return g_strerror (saved_errno);
  switch (saved_errno)
    {
    case EXDEV:
    case ELOOP:
      return _ ("a link that leads out of the recorded tree is not followed; put a copy in its "
                "place");
    case ENXIO:
      return _ ("neither a file nor a directory, so it is not opened");
    default:
      return g_strerror (saved_errno);
    }
}

static void
set_file_error (AtlasProcfs *procfs, const char *path, int saved_errno, GError **error)
{
  g_autofree char *full = g_build_filename (procfs->path, path, NULL);
  g_autofree char *shown = g_filename_display_name (full);

  g_set_error (error, ATLAS_ERROR, atlas_error_from_errno (saved_errno), _ ("%s: %s"), shown,
               atlas_procfs_explain (procfs, saved_errno));
}

char *
atlas_procfs_read (AtlasProcfs *procfs, gint pid, const char *name, gsize limit, gsize *out_length,
                   GError **error)
{
  g_autofree char *path = dup_relative (pid, name);
  atlas_autofd fd = atlas_procfs_openat (procfs, path);
  if (fd < 0)
    {
      set_file_error (procfs, path, errno, error);
      return NULL;
    }

  gsize room = 4096, length = 0;
  g_autofree char *data = g_malloc (room);
  for (;;)
    {
      ssize_t n = read (fd, data + length, room - 1 - length);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          set_file_error (procfs, path, errno, error);
          return NULL;
        }
      if (n == 0)
        break;
      length += (gsize)n;
      if (length > limit)
        {
          g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_LIMIT, _ ("%s/%s is larger than %lu bytes"),
                       procfs->path, path, (gulong)limit);
          return NULL;
        }
      if (room - length < 1024)
        data = g_realloc (data, room *= 2);
    }
  data[length] = '\0';
  if (out_length != NULL)
    *out_length = length;
  return g_steal_pointer (&data);
}

/* The directory of a recorded link is walked without following links: only its own text is wanted.
 */
static ssize_t
read_link_text (AtlasProcfs *procfs, const char *path, char *out, gsize size)
{
  if (procfs->live)
    return readlinkat (procfs->root, path, out, size);

  g_autofree char *directory_path = g_path_get_dirname (path);
  g_autofree char *base = g_path_get_basename (path);
  atlas_autofd directory = open_recorded (procfs->root, directory_path);
  if (directory < 0)
    return -1;
  return readlinkat (directory, base, out, size);
}

char *
atlas_procfs_readlink (AtlasProcfs *procfs, gint pid, const char *name, GError **error)
{
  g_autofree char *path = dup_relative (pid, name);
  char target[PATH_MAX + 64]; /* " (deleted)" comes on top of the longest path */
  ssize_t length = read_link_text (procfs, path, target, sizeof target);

  if (length < 0)
    {
      set_file_error (procfs, path, errno, error);
      return NULL;
    }
  return g_strndup (target, (gsize)length);
}

static gint
compare_ids (gconstpointer a, gconstpointer b)
{
  gint first = *(const gint *)a, second = *(const gint *)b;
  return first < second ? -1 : first > second;
}

GArray *
atlas_procfs_list_ids (AtlasProcfs *procfs, const char *path, GError **error)
{
  int fd = atlas_procfs_openat (procfs, path);
  DIR *directory = fd >= 0 ? fdopendir (fd) : NULL;
  if (directory == NULL)
    {
      set_file_error (procfs, path, errno, error);
      if (fd >= 0)
        close (fd);
      return NULL;
    }

  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint));
  for (struct dirent *entry; (entry = readdir (directory)) != NULL;)
    {
      const char *p = entry->d_name, *end = p + strlen (p);
      guint64 id;
      if (atlas_digits_decimal (&p, end, &id) && p == end && id > 0 && id <= G_MAXINT)
        {
          gint value = (gint)id;
          g_array_append_val (ids, value);
        }
    }
  closedir (directory);
  g_array_sort (ids, compare_ids);
  return ids;
}
