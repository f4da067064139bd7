/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Memory that can be shared and is no file: anonymous, memfd, System V, POSIX, io_uring, hugetlb.
 */

#include "target.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

static size_t page;

static void
make_anonymous (void)
{
  void *shared = target_map (MIB, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  void *exempt =
    target_map (GIB, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

  target_touch (shared, 16);
  target_expect ("shared anonymous", shared, MIB, "Shareable", NULL, "committed", (long)MIB,
                 "private", 0L, "total_ws", (long)(16 * page), "private_ws", 0L, "shareable_ws",
                 (long)(16 * page), "shared_ws", 0L, "region", 1L, NULL);
  target_touch (exempt, 4);
  target_expect ("shared anonymous NORESERVE", exempt, GIB, "Shareable", NULL, "committed",
                 (long)GIB, "private", 0L, "total_ws", (long)(4 * page), NULL);
}

static void
make_memfd (void)
{
  int fd = memfd_create ("a target's memory", MFD_CLOEXEC);
  void *shared, *private;

  if (fd < 0 || ftruncate (fd, (off_t)MIB) != 0)
    target_fail ("memfd_create");
  shared = target_map (MIB, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  target_touch (shared, 32);
  target_expect ("memfd", shared, MIB, "Shareable", "a target's memory", "committed", (long)MIB,
                 "private", 0L, "total_ws", (long)(32 * page), "private_ws", 0L, NULL);
  private = target_map (MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  target_touch (private, 8);
  target_expect ("memfd, private", private, MIB, "Shareable", "a target's memory", "private",
                 (long)MIB, "private_ws", (long)(8 * page), NULL);
}

static void
make_system_v (void)
{
  /* A key that reads the same in every way of writing it. */
  unsigned key = 0x41540000u + (unsigned)getpid () % 10 + 0x10u * ((unsigned)getpid () / 10 % 10);
  char text[16];
  int id = shmget ((key_t)key, MIB, IPC_CREAT | IPC_EXCL | 0600);
  void *address;

  if (id < 0)
    {
      target_skip ("SysV shared memory", "shmget is not allowed");
      return;
    }
  address = shmat (id, target_place (MIB), 0);
  shmctl (id, IPC_RMID, NULL);
  if (address == (void *)-1)
    target_fail ("shmat");
  target_touch (address, 5);
  snprintf (text, sizeof text, "%08x", key);
  target_expect ("SysV shared memory", address, MIB, "Shareable", text, "total_ws",
                 (long)(5 * page), "private_ws", 0L, "private", 0L, NULL);
}

static void
make_posix (void)
{
  char name[64];
  void *address;
  int fd;

  snprintf (name, sizeof name, "/atlas-target-%d", (int)getpid ());
  fd = shm_open (name, O_RDWR | O_CREAT | O_EXCL, 0600);
  if (fd < 0)
    {
      target_skip ("POSIX shared memory", "no /dev/shm");
      return;
    }
  shm_unlink (name);
  if (ftruncate (fd, (off_t)MIB) != 0)
    target_fail ("ftruncate");
  address = target_map (MIB, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  target_touch (address, 7);
  target_expect ("POSIX shared memory", address, MIB, "Shareable", name + 1, "total_ws",
                 (long)(7 * page), "private_ws", 0L, NULL);
}

static void
make_io_uring (void)
{
#ifdef SYS_io_uring_setup
  char parameters[120];
  void *address;
  int fd;

  memset (parameters, 0, sizeof parameters);
  fd = (int)syscall (SYS_io_uring_setup, 8, parameters);
  if (fd < 0)
    {
      target_skip ("io_uring", "io_uring_setup is not allowed");
      return;
    }
  /* The ring chooses its own address. */
  address = mmap (NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
  if (address == MAP_FAILED)
    target_skip ("io_uring", "the ring cannot be mapped");
  else
    target_expect ("io_uring", address, page, "Shareable", "io_uring", "private", 0L, NULL);
#endif
}

static void
make_hugetlb (void)
{
#ifdef MAP_HUGETLB
  char *address = mmap (target_place (4 * MIB), 4 * MIB, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_HUGETLB | MAP_FIXED, -1, 0);

  if (address == MAP_FAILED)
    {
      target_skip ("shared hugetlb", "no pages in vm.nr_hugepages");
      return;
    }
  address[0] = 1;
  target_expect ("shared hugetlb", address, 4 * MIB, "Shareable", NULL, "total_ws", (long)(2 * MIB),
                 "private_ws", 0L, "locked_ws", (long)(2 * MIB), NULL);
#endif
}

int
main (void)
{
  page = (size_t)sysconf (_SC_PAGESIZE);
  target_begin ("shared");
  make_anonymous ();
  make_memfd ();
  make_system_v ();
  make_posix ();
  make_io_uring ();
  make_hugetlb ();
  target_end ();
  target_wait ();
  return 0;
}
