/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A reservation of 16 TiB with 20,000 pages scattered over it.
 */

#include "target.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#define RESERVED (16 * TIB)
#define PAGES    20000

int
main (void)
{
  size_t page = (size_t)sysconf (_SC_PAGESIZE);
  uint64_t random = 88172645463325252ull;
  size_t touched = 0;
  char *base;

  target_begin ("sparse");
  base = target_map (RESERVED, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                     -1, 0);

  /* One page in each of as many equal parts: no page is hit twice. */
  for (size_t i = 0; i < PAGES; i++)
    {
      size_t part = RESERVED / PAGES / page * page;

      random ^= random << 13;
      random ^= random >> 7;
      random ^= random << 17;
      base[i * part + random % (part / page) * page] = 1;
      touched++;
    }
  target_expect ("16 TiB", base, RESERVED, "Private", NULL, "total_ws", (long)(touched * page),
                 "private_ws", (long)(touched * page), "committed", (long)(touched * page),
                 "private", (long)(touched * page), NULL);
  target_end ();
  target_wait ();
  return 0;
}
