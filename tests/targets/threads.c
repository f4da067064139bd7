/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Threads of every kind: blocked and busy, small stacks, stacks given with pthread_attr_setstack()
 * as a mapping of their own and in the middle of a larger one, without a guard, named, ended; and
 * as many more as the first argument says. Builds with glibc and with musl.
 */

#include "target.h"

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What a thread says of itself before it does what it is for. */
typedef struct
{
  const char *what;
  const char *name;
  int busy;
  pid_t tid;
  void *local;
  void *stack;
  size_t size;
} Worker;

#define MAX_WORKERS 1024
#define BIG_SIZE    (17 * MIB)
#define STACK_SIZE  (256 * KIB)

static Worker workers[MAX_WORKERS];
static size_t n_workers;
static pthread_barrier_t made;
static atomic_int ending;

static void *
run (void *data)
{
  Worker *worker = data;
  pthread_attr_t attributes;
  int local = 1;

  worker->tid = (pid_t)syscall (SYS_gettid);
  worker->local = &local;
  if (worker->name != NULL)
    prctl (PR_SET_NAME, worker->name, 0, 0, 0);
  if (pthread_getattr_np (pthread_self (), &attributes) == 0)
    {
      pthread_attr_getstack (&attributes, &worker->stack, &worker->size);
      pthread_attr_destroy (&attributes);
    }
  pthread_barrier_wait (&made);
  while (worker->busy && !atomic_load_explicit (&ending, memory_order_relaxed))
    ;
  pause ();
  return NULL;
}

static Worker *
start (const char *what, const char *name, int busy, pthread_attr_t *attributes)
{
  Worker *worker = &workers[n_workers++];
  pthread_t thread;

  worker->what = what;
  worker->name = name;
  worker->busy = busy;
  pthread_barrier_init (&made, NULL, 2);
  if (pthread_create (&thread, attributes, run, worker) != 0)
    target_fail ("pthread_create");
  pthread_barrier_wait (&made);
  pthread_barrier_destroy (&made);
  return worker;
}

static Worker *
start_in (const char *what, void *stack, size_t size, size_t guard)
{
  pthread_attr_t attributes;
  Worker *worker;

  pthread_attr_init (&attributes);
  if (stack != NULL ? pthread_attr_setstack (&attributes, stack, size)
                    : pthread_attr_setstacksize (&attributes, size))
    target_fail ("pthread_attr_setstack");
  if (stack == NULL && pthread_attr_setguardsize (&attributes, guard) != 0)
    target_fail ("pthread_attr_setguardsize");
  worker = start (what, NULL, 0, &attributes);
  pthread_attr_destroy (&attributes);
  return worker;
}

static void *
end (void *data)
{
  /* As a number: the address is all that is asked for, and the stack is gone when it is used. */
  *(uintptr_t *)data = (uintptr_t)__builtin_frame_address (0);
  return NULL;
}

int
main (int argc, char **argv)
{
  size_t page = (size_t)sysconf (_SC_PAGESIZE);
  int more = argc > 1 ? atoi (argv[1]) : 0;
  void *ended = NULL, *own;
  char *big;
  pthread_t thread;

  target_begin ("threads");
  start ("blocked", "blocked", 0, NULL);
  start ("busy", "busy", 1, NULL);
  start ("odd name", "a) R 1\nb", 0, NULL);
  start_in ("small stack", NULL, PTHREAD_STACK_MIN < 16384 ? 16384 : PTHREAD_STACK_MIN, page);
  start_in ("large guard", NULL, STACK_SIZE, 16 * page);
  start_in ("no guard", NULL, STACK_SIZE, 0);

  own = target_map (STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  start_in ("setstack, own mapping", own, STACK_SIZE, 0);
  big = target_map (BIG_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  target_touch (big, BIG_SIZE / page);
  start_in ("setstack, inside a larger mapping", big + 8 * MIB, STACK_SIZE, 0);

  for (int i = 0; i < more && n_workers < MAX_WORKERS; i++)
    start ("one of many", NULL, 0, NULL);

  if (pthread_create (&thread, NULL, end, &ended) != 0 || pthread_join (thread, NULL) != 0)
    target_fail ("pthread_create");

  for (size_t i = 0; i < n_workers; i++)
    {
      Worker *worker = &workers[i];
      int inside = strcmp (worker->what, "setstack, inside a larger mapping") == 0;

      target_thread (worker->what, worker->tid, worker->stack, worker->size, !inside,
                     worker->name != NULL ? worker->name : "");
    }
  target_expect ("the larger mapping", big, BIG_SIZE, "Private", NULL, "no_thread", 1L, "or_guess",
                 1L, NULL);
  target_expect ("stack of an ended thread", ended, 0, "Stack|Private", NULL, "no_thread", 1L,
                 "may_be_gone", 1L, NULL);
  target_end ();
  target_wait ();
  atomic_store (&ending, 1);
  _exit (0);
}
