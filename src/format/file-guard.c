/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Keeps the file size limit of the shell from killing the program in the middle of a file. The
 * signal goes to the thread that writes, so nothing but that thread's mask is changed.
 */

#include "config.h"

#include "format/file-guard-private.h"

#include <time.h>

static sigset_t
size_signal (void)
{
  sigset_t set;

  sigemptyset (&set);
  sigaddset (&set, SIGXFSZ);
  return set;
}

AtlasFileGuard
atlas_file_guard_begin (void)
{
  AtlasFileGuard guard;
  sigset_t set = size_signal ();

  pthread_sigmask (SIG_BLOCK, &set, &guard.before);
  return guard;
}

void
atlas_file_guard_end (AtlasFileGuard *guard)
{
  const struct timespec now = { 0, 0 };
  sigset_t set = size_signal ();

  while (sigtimedwait (&set, NULL, &now) == SIGXFSZ)
    ;
  pthread_sigmask (SIG_SETMASK, &guard->before, NULL);
}
