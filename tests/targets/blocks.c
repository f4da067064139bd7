/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * As many blocks as the first argument says, each of one page, half of them touched: neighbours
 * differ in protection, so that the kernel cannot merge them.
 */

#include "target.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int
main (int argc, char **argv)
{
  size_t page = (size_t)sysconf (_SC_PAGESIZE);
  size_t n = argc > 1 ? strtoul (argv[1], NULL, 10) : 64000;
  char *base;

  target_begin ("blocks");
  base = target_map (n * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  target_touch (base, n);
  for (size_t i = 0; i < n; i += 2)
    {
      if (mprotect (base + i * page, page, PROT_READ) != 0)
        target_fail ("mprotect");
    }
  target_expect ("many blocks", base, n * page, "Private", NULL, "blocks", (long)n, "total_ws",
                 (long)(n * page), "private_ws", (long)(n * page), NULL);
  target_end ();
  target_wait ();
  return 0;
}
