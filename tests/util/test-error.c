/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The error domain, and file descriptors that close themselves.
 */

#include "config.h"

#include "util/error.h"
#include "util/fd.h"

#include <errno.h>
#include <fcntl.h>

static void
test_from_errno (void)
{
  static const struct
  {
    int saved_errno;
    AtlasError code;
  } rows[] = {
    { ENOENT, ATLAS_ERROR_GONE },
    { ESRCH, ATLAS_ERROR_GONE },
    { EACCES, ATLAS_ERROR_PERMISSION },
    { EPERM, ATLAS_ERROR_PERMISSION },
    { ENOSYS, ATLAS_ERROR_UNSUPPORTED },
    { EOPNOTSUPP, ATLAS_ERROR_UNSUPPORTED },
    { EIO, ATLAS_ERROR_IO },
    { ENOSPC, ATLAS_ERROR_IO },
    { 123456, ATLAS_ERROR_IO },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (atlas_error_from_errno (rows[i].saved_errno), ==, rows[i].code);
}

static void
test_cancelled (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (atlas_set_error_if_cancelled (FALSE, &error));
  g_assert_no_error (error);
  g_assert_true (atlas_set_error_if_cancelled (TRUE, &error));
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_CANCELLED);
  g_assert_true (atlas_set_error_if_cancelled (TRUE, NULL));
}

static gboolean
is_open (int fd)
{
  return fcntl (fd, F_GETFD) >= 0;
}

static void
test_fd (void)
{
  int inner, stolen;

  {
    atlas_autofd fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);
    inner = fd;
    g_assert_true (is_open (inner));
  }
  g_assert_false (is_open (inner));

  {
    atlas_autofd fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);
    stolen = atlas_fd_steal (&fd);
    g_assert_cmpint (fd, ==, -1);
  }
  g_assert_true (is_open (stolen));
  atlas_fd_clear (&stolen);
  g_assert_cmpint (stolen, ==, -1);
  atlas_fd_clear (&stolen);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error/from-errno", test_from_errno);
  g_test_add_func ("/error/cancelled", test_cancelled);
  g_test_add_func ("/fd/auto", test_fd);
  return g_test_run ();
}
