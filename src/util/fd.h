/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <unistd.h>

/* A file descriptor that closes itself when it goes out of scope; -1 is none. */
static inline void
atlas_fd_clear (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

static inline int
atlas_fd_steal (int *fd)
{
  int taken = *fd;
  *fd = -1;
  return taken;
}

#define atlas_autofd __attribute__ ((cleanup (atlas_fd_clear))) int
