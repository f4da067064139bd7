/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tells ThreadSanitizer about the locks of GLib, which is not built with it and makes them with
 * futex(): without this every use of a GMutex looks like a race. Preloaded by build-aux/test; does
 * nothing in a program that has no ThreadSanitizer.
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>

void __tsan_acquire (void *address) __attribute__ ((weak));
void __tsan_release (void *address) __attribute__ ((weak));

static void
acquire (void *address)
{
  if (__tsan_acquire != NULL)
    __tsan_acquire (address);
}

static void
release (void *address)
{
  if (__tsan_release != NULL)
    __tsan_release (address);
}

typedef void (*Lock) (void *lock);
typedef int (*TryLock) (void *lock);
typedef void (*Wait) (void *cond, void *mutex);
typedef int (*WaitUntil) (void *cond, void *mutex, long long end_time);

/* Finds GLib's own function; the answer is kept, whoever finds it first. */
#define REAL(name, type)                                                                           \
  static type real;                                                                                \
  if (__atomic_load_n (&real, __ATOMIC_RELAXED) == NULL)                                           \
  __atomic_store_n (&real, (type)dlsym (RTLD_NEXT, name), __ATOMIC_RELAXED)

#define LOCK(name)                                                                                 \
  void name (void *lock);                                                                          \
  void name (void *lock)                                                                           \
  {                                                                                                \
    REAL (#name, Lock);                                                                            \
    real (lock);                                                                                   \
    acquire (lock);                                                                                \
  }

#define TRY_LOCK(name)                                                                             \
  int name (void *lock);                                                                           \
  int name (void *lock)                                                                            \
  {                                                                                                \
    REAL (#name, TryLock);                                                                         \
    int locked = real (lock);                                                                      \
    if (locked)                                                                                    \
      acquire (lock);                                                                              \
    return locked;                                                                                 \
  }

#define UNLOCK(name)                                                                               \
  void name (void *lock);                                                                          \
  void name (void *lock)                                                                           \
  {                                                                                                \
    REAL (#name, Lock);                                                                            \
    release (lock);                                                                                \
    real (lock);                                                                                   \
  }

LOCK (g_mutex_lock)
TRY_LOCK (g_mutex_trylock)
UNLOCK (g_mutex_unlock)
LOCK (g_rw_lock_writer_lock)
TRY_LOCK (g_rw_lock_writer_trylock)
UNLOCK (g_rw_lock_writer_unlock)
LOCK (g_rw_lock_reader_lock)
TRY_LOCK (g_rw_lock_reader_trylock)
UNLOCK (g_rw_lock_reader_unlock)

void g_cond_wait (void *cond, void *mutex);
int g_cond_wait_until (void *cond, void *mutex, long long end_time);

void
g_cond_wait (void *cond, void *mutex)
{
  REAL ("g_cond_wait", Wait);
  release (mutex);
  real (cond, mutex);
  acquire (mutex);
}

int
g_cond_wait_until (void *cond, void *mutex, long long end_time)
{
  REAL ("g_cond_wait_until", WaitUntil);
  release (mutex);
  int signalled = real (cond, mutex, end_time);
  acquire (mutex);
  return signalled;
}
