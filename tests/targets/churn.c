/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A process that never holds still: maps, unmaps, protects, forks, starts and ends threads, and
 * executes itself anew, until its standard input ends. With the argument "brief" it lives for some
 * milliseconds only.
 */

#include "target.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int
is_over (void)
{
  struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };

  return poll (&input, 1, 0) != 0;
}

static void *
nothing (void *data)
{
  return data;
}

static void
churn_once (size_t page, uint64_t random)
{
  static char *maps[64];
  size_t index = random % 64, size = (1 + random / 64 % 200) * page;
  pthread_t thread;
  pid_t child;

  if (maps[index] != NULL)
    munmap (maps[index], page);
  maps[index] = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (maps[index] == MAP_FAILED)
    {
      maps[index] = NULL;
      return;
    }
  maps[index][0] = 1;
  mprotect (maps[index], page, random & 1 ? PROT_NONE : PROT_READ);
  if (random % 3 == 0)
    munmap (maps[index], size);
  if (random % 16 == 0 && pthread_create (&thread, NULL, nothing, NULL) == 0)
    pthread_join (thread, NULL);
  if (random % 32 == 0)
    {
      child = fork ();
      if (child == 0)
        _exit (0);
      if (child > 0)
        waitpid (child, NULL, 0);
    }
}

int
main (int argc, char **argv)
{
  int brief = argc > 1 && strcmp (argv[1], "brief") == 0;
  int again = argc > 1 && strcmp (argv[1], "again") == 0;
  size_t page = (size_t)sysconf (_SC_PAGESIZE);
  uint64_t random = (uint64_t)time (NULL) * 2654435761u + (uint64_t)getpid ();
  struct timespec pause = { .tv_nsec = 300 * 1000 };
  char again_argument[] = "again";
  char *next[] = { argv[0], again_argument, NULL };
  int rounds = brief ? 20 : 400;

  if (!again)
    {
      target_begin ("churn");
      target_end ();
    }
  for (int i = 0; i < rounds; i++)
    {
      random ^= random << 13;
      random ^= random >> 7;
      random ^= random << 17;
      churn_once (page, random);
      /* Leave the other programs of the machine some of the processor. */
      nanosleep (&pause, NULL);
      if (!brief && is_over ())
        return 0;
    }
  if (!brief)
    execv ("/proc/self/exe", next);
  return 0;
}
