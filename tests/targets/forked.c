/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Memory that a process and its forked child both map: private pages still shared, also locked
 * and huge ones, some of them written since, and shared memory that both touched.
 */

#include "target.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#define SIZE (8 * MIB)

int
main (void)
{
  size_t page = (size_t)sysconf (_SC_PAGESIZE);
  void *plain = target_map (SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  void *written = target_map (SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  char *huge, *torn;
  void *locked = target_map (SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  void *shared = target_map (SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  int lock_failed;
  int gate[2], ready[2];
  char byte = 0;
  pid_t child;

  target_begin ("forked");
  target_touch (plain, SIZE / page);
  target_touch (written, SIZE / page);
  target_touch (locked, SIZE / page);
  target_touch (shared, 100);
  lock_failed = mlock (locked, SIZE);

  /* Huge pages that parent and child map in part: the kernel counts their pages one by one, or not.
   */
  prctl (PR_SET_THP_DISABLE, 0, 0, 0, 0);
  huge = target_map (SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  torn = target_map (SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  madvise (huge, SIZE, MADV_HUGEPAGE);
  madvise (torn, SIZE, MADV_HUGEPAGE);
  target_touch (huge, SIZE / page);
  target_touch (torn, SIZE / page);

  if (pipe (gate) != 0 || pipe (ready) != 0)
    target_fail ("pipe");
  child = fork ();
  if (child < 0)
    target_fail ("fork");
  if (child == 0)
    {
      /* Ends with its parent, however that ends: the pipe closes. */
      close (gate[1]);
      /* Written, not read: a read would map the neighbours as well. */
      target_touch (shared, 40);
      munmap (torn + MIB, 2 * MIB);
      torn[7 * MIB] = 1;
      if (write (ready[1], &byte, 1) != 1)
        _exit (1);
      _exit (read (gate[0], &byte, 1) != 0);
    }
  if (read (ready[0], &byte, 1) != 1)
    target_fail ("the child");
  target_touch (written, 100);
  target_touch (huge, 3);
  huge[5 * MIB] = 1;

  target_expect ("shared with a child", plain, SIZE, "Private", NULL, "total_ws", (long)SIZE,
                 "private_ws", 0L, "shareable_ws", (long)SIZE, "shared_ws", (long)SIZE, "private",
                 (long)SIZE, "locked_ws", 0L, NULL);
  target_expect ("partly written since", written, SIZE, "Private", NULL, "total_ws", (long)SIZE,
                 "private_ws", (long)(100 * page), "shared_ws", (long)(SIZE - 100 * page), NULL);
  target_expect ("huge pages, partly written since", huge, SIZE, "Private", NULL, "total_ws",
                 (long)SIZE, "private", (long)SIZE, NULL);
  target_expect ("huge pages, partly unmapped by the child", torn, SIZE, "Private", NULL,
                 "total_ws", (long)SIZE, "private", (long)SIZE, NULL);
  if (lock_failed)
    target_skip ("locked and shared with a child", "mlock is not allowed");
  else
    target_expect ("locked and shared with a child", locked, SIZE, "Private", NULL, "total_ws",
                   (long)SIZE, "private_ws", 0L, "shared_ws", (long)SIZE, "locked_ws", (long)SIZE,
                   NULL);
  target_expect ("shared memory", shared, SIZE, "Shareable", NULL, "total_ws", (long)(100 * page),
                 "private_ws", 0L, "shareable_ws", (long)(100 * page), "shared_ws",
                 (long)(40 * page), "private", 0L, "committed", (long)SIZE, NULL);
  target_end ();
  target_wait ();
  return 0;
}
