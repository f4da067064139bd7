/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Changes when it is told to: maps and touches three more megabytes for each line that it reads,
 * and says so in a line of JSON. The first argument becomes its name. Ends with its standard input.
 */

#include "target.h"

#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#define STEP (3 * MIB)

int
main (int argc, char **argv)
{
  size_t page = (size_t)sysconf (_SC_PAGESIZE);
  char byte;

  if (argc > 1)
    prctl (PR_SET_NAME, argv[1], 0, 0, 0);
  target_begin ("step");
  void *first = target_map (STEP, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  target_touch (first, STEP / page);
  target_expect ("first step", first, STEP, "Private", NULL, NULL);
  target_end ();

  while (read (STDIN_FILENO, &byte, 1) == 1)
    {
      if (byte != '\n')
        continue;
      char *next = target_map (STEP, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      target_touch (next, STEP / page);
      dprintf (STDOUT_FILENO, "{\"start\":%llu,\"size\":%llu}\n", (unsigned long long)(size_t)next,
               (unsigned long long)STEP);
    }
  return 0;
}
