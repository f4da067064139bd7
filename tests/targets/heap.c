/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What malloc() of the C library does: the main heap, an arena for each of N threads (the first
 * argument), chunks large enough for a mapping of their own.
 */

#include "target.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static pthread_barrier_t made;
static char *chunks[256];

static void *
run (void *data)
{
  size_t index = (size_t)data;

  for (int i = 0; i < 100; i++)
    {
      chunks[index] = malloc (5000);
      memset (chunks[index], 1, 5000);
    }
  pthread_barrier_wait (&made);
  pause ();
  return NULL;
}

int
main (int argc, char **argv)
{
  size_t n = argc > 1 ? (size_t)atoi (argv[1]) : 4;
  char *small = malloc (1000);
  char *big = malloc (4 * MIB);

  if (n > 255)
    n = 255;
  memset (small, 1, 1000);
  memset (big, 1, 4 * MIB);
  target_begin ("heap");
  pthread_barrier_init (&made, NULL, (unsigned)n + 1);
  for (size_t i = 0; i < n; i++)
    {
      pthread_t thread;

      if (pthread_create (&thread, NULL, run, (void *)i) != 0)
        target_fail ("pthread_create");
    }
  pthread_barrier_wait (&made);

  target_expect ("main heap", small, 0, "Heap", NULL, NULL);
  /* Nothing in the process says that this mapping came from malloc(). */
  target_expect ("big chunk", big + MIB, 0, "Heap|Private", NULL, NULL);
  /* Beside the allocator, whichever it is, and none of its business. */
  void *stranger = target_map (8 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  target_touch (stranger, 4);
  target_expect ("a stranger", stranger, 8 * MIB, "Private", NULL, "or_guess", 1L, NULL);
  for (size_t i = 0; i < n; i++)
    {
      char what[32];

      snprintf (what, sizeof what, "arena of thread %zu", i);
      target_expect (what, chunks[i], 0, "Heap", "Heap ID: ", NULL);
    }
  target_end ();
  target_wait ();
  _exit (0);
}
