/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private anonymous memory of every kind: touched, reserved, exempt from the charge, made
 * inaccessible, locked, growing down, huge.
 */

#include "target.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS)

static size_t page;

static int
overcommit_is_strict (void)
{
  FILE *file = fopen ("/proc/sys/vm/overcommit_memory", "re");
  int mode = file != NULL ? fgetc (file) : '0';

  if (file != NULL)
    fclose (file);
  return mode == '2';
}

static void
make_plain (void)
{
  void *writable = target_map (MIB, PROT_READ | PROT_WRITE, ANONYMOUS, -1, 0);
  void *readable = target_map (MIB, PROT_READ, ANONYMOUS, -1, 0);
  void *zero = target_map (MIB, PROT_READ | PROT_WRITE, ANONYMOUS, -1, 0);
  void *code = target_map (MIB, PROT_READ | PROT_EXEC, ANONYMOUS, -1, 0);
  char *two = target_map (2 * MIB, PROT_READ | PROT_WRITE, ANONYMOUS, -1, 0);

  target_touch (writable, 64);
  target_expect ("private rw", writable, MIB, "Private", NULL, "committed", (long)MIB, "private",
                 (long)MIB, "total_ws", (long)(64 * page), "private_ws", (long)(64 * page),
                 "shareable_ws", 0L, "shared_ws", 0L, "locked_ws", 0L, "region", 1L, NULL);

  /* Readable only: never charged, and the zero page is nobody's memory. */
  target_read (readable, 4);
  target_expect ("private ro", readable, MIB, "Private", NULL, "committed", (long)MIB, "private",
                 0L, "total_ws", 0L, "private_ws", 0L, NULL);
  target_read (zero, MIB / page);
  target_expect ("zero page only", zero, MIB, "Private", NULL, "committed", (long)MIB, "private",
                 (long)MIB, "total_ws", 0L, "private_ws", 0L, "shareable_ws", 0L, NULL);
  target_expect ("private rx", code, MIB, "Private", NULL, "committed", (long)MIB, "total_ws", 0L,
                 NULL);

  target_touch (two, 2 * MIB / page);
  if (mprotect (two + MIB, MIB, PROT_READ) != 0)
    target_fail ("mprotect");
  target_expect ("two adjacent blocks", two, 2 * MIB, "Private", NULL, "committed", (long)(2 * MIB),
                 "private", (long)(2 * MIB), "total_ws", (long)(2 * MIB), "private_ws",
                 (long)(2 * MIB), "blocks", 2L, "region", 1L, NULL);
}

static void
make_reserved (void)
{
  void *reserve = target_map (GIB, PROT_NONE, ANONYMOUS | MAP_NORESERVE, -1, 0);
  void *none = target_map (GIB, PROT_NONE, ANONYMOUS, -1, 0);
  void *exempt = target_map (GIB, PROT_READ | PROT_WRITE, ANONYMOUS | MAP_NORESERVE, -1, 0);
  void *withdrawn = target_map (MIB, PROT_READ | PROT_WRITE, ANONYMOUS, -1, 0);

  target_expect ("PROT_NONE NORESERVE", reserve, GIB, "Private", NULL, "committed", 0L, "private",
                 0L, "total_ws", 0L, NULL);
  target_expect ("PROT_NONE", none, GIB, "Private", NULL, "committed", 0L, "private", 0L,
                 "total_ws", 0L, NULL);

  target_touch (exempt, 10);
  if (overcommit_is_strict ())
    target_skip ("NORESERVE", "vm.overcommit_memory is 2: the kernel charges it all the same");
  else
    target_expect ("NORESERVE", exempt, GIB, "Private", NULL, "committed", (long)(10 * page),
                   "private", (long)(10 * page), "total_ws", (long)(10 * page), NULL);

  target_touch (withdrawn, 8);
  if (mprotect (withdrawn, MIB, PROT_NONE) != 0)
    target_fail ("mprotect");
  target_expect ("writable, then PROT_NONE", withdrawn, MIB, "Private", NULL, "committed",
                 (long)MIB, "private", (long)MIB, "total_ws", (long)(8 * page), "private_ws",
                 (long)(8 * page), NULL);
}

/* The kernel keeps neither of these apart from other private memory. */
static void
make_disguised (void)
{
  int fd = open ("/dev/zero", O_RDWR | O_CLOEXEC);
  void *zero, *moved, *guarded;
  char *place;

  if (fd >= 0)
    {
      zero = target_map (MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
      target_touch (zero, 9);
      target_expect ("/dev/zero, private", zero, MIB, "Private", NULL, "private", (long)MIB,
                     "private_ws", (long)(9 * page), NULL);
      close (fd);
    }

  moved = target_map (MIB, PROT_READ | PROT_WRITE, ANONYMOUS, -1, 0);
  target_touch (moved, 12);
  place = target_place (2 * MIB);
  moved = mremap (moved, MIB, 2 * MIB, MREMAP_MAYMOVE | MREMAP_FIXED, place);
  if (moved == MAP_FAILED)
    target_fail ("mremap");
  target_expect ("moved and grown", moved, 2 * MIB, "Private", NULL, "private", (long)(2 * MIB),
                 "private_ws", (long)(12 * page), NULL);

  /* Guards inside a block, since Linux 6.13. */
  guarded = target_map (MIB, PROT_READ | PROT_WRITE, ANONYMOUS, -1, 0);
  target_touch (guarded, 20);
  if (madvise (guarded, 4 * page, 102 /* MADV_GUARD_INSTALL */) != 0)
    target_skip ("guards inside a block", "this kernel has none");
  else
    target_expect ("guards inside a block", guarded, MIB, "Private", NULL, "private_ws",
                   (long)(16 * page), "total_ws", (long)(16 * page), NULL);
}

static void
make_special (void)
{
  void *locked = target_map (MIB, PROT_READ | PROT_WRITE, ANONYMOUS, -1, 0);
  char *down = target_map (MIB, PROT_READ | PROT_WRITE, ANONYMOUS | MAP_GROWSDOWN, -1, 0);
  void *lazy = target_map (MIB, PROT_READ | PROT_WRITE, ANONYMOUS, -1, 0);

  if (mlock (locked, MIB) == 0)
    target_expect ("locked", locked, MIB, "Private", NULL, "total_ws", (long)MIB, "private_ws",
                   (long)MIB, "locked_ws", (long)MIB, NULL);
  else
    target_skip ("locked", "mlock is not allowed");

  target_touch (down, 4);
  target_expect ("grow-down", down, MIB, "Private", NULL, "total_ws", (long)(4 * page), "committed",
                 (long)MIB, NULL);

  target_touch (lazy, 16);
#ifdef MADV_FREE
  madvise (lazy, MIB, MADV_FREE);
#endif
  target_expect ("MADV_FREE", lazy, MIB, "Private", NULL, "committed", (long)MIB, NULL);
}

static void
make_huge (void)
{
  char *huge;

  prctl (PR_SET_THP_DISABLE, 0, 0, 0, 0);
  huge = target_map (4 * MIB, PROT_READ | PROT_WRITE, ANONYMOUS, -1, 0);
  if (madvise (huge, 4 * MIB, MADV_HUGEPAGE) != 0)
    target_skip ("transparent huge pages", "madvise: the kernel has none");
  else
    {
      target_touch (huge, 4 * MIB / page);
      target_expect ("transparent huge pages", huge, 4 * MIB, "Private", NULL, "total_ws",
                     (long)(4 * MIB), "private_ws", (long)(4 * MIB), "committed", (long)(4 * MIB),
                     NULL);
    }

  /* Read, never written: the huge page of zeros. */
  huge = target_map (4 * MIB, PROT_READ | PROT_WRITE, ANONYMOUS, -1, 0);
  madvise (huge, 4 * MIB, MADV_HUGEPAGE);
  target_read (huge, 4 * MIB / page);
  target_expect ("huge zero page", huge, 4 * MIB, "Private", NULL, "total_ws", 0L, "private_ws", 0L,
                 "shared_ws", 0L, "committed", (long)(4 * MIB), NULL);

#ifdef MAP_HUGETLB
  huge = mmap (target_place (4 * MIB), 4 * MIB, PROT_READ | PROT_WRITE,
               ANONYMOUS | MAP_HUGETLB | MAP_FIXED, -1, 0);
  if (huge == MAP_FAILED)
    target_skip ("hugetlb", "no pages in vm.nr_hugepages");
  else
    {
      huge[0] = 1;
      target_expect ("hugetlb", huge, 4 * MIB, "Private", NULL, "total_ws", (long)(2 * MIB),
                     "private_ws", (long)(2 * MIB), "locked_ws", (long)(2 * MIB), NULL);
    }
#endif
}

int
main (void)
{
  page = (size_t)sysconf (_SC_PAGESIZE);
  target_begin ("anonymous");
  make_plain ();
  make_reserved ();
  make_disguised ();
  make_special ();
  make_huge ();
  target_end ();
  target_wait ();
  return 0;
}
