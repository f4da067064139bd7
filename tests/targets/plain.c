/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The smallest program with something of everything: linked in every way there is (dynamic, static,
 * static-pie, not position independent, 32-bit). An argument becomes its name.
 */

#include "target.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

static char data[16 * 1024] = { 1 };
static char bss[256 * 1024];

int
main (int argc, char **argv)
{
  size_t page = (size_t)sysconf (_SC_PAGESIZE);
  char *heap = malloc (10000);
  void *mapped;
  int local = 0;

  if (argc > 1)
    prctl (PR_SET_NAME, argv[1], 0, 0, 0);
  target_begin ("plain");
  data[1] = 2;
  heap[0] = 1;
  target_touch (bss, sizeof bss / page);
  mapped = target_map (MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  target_touch (mapped, 3);

  target_expect ("code", (void *)(uintptr_t)main, 0, "Image", NULL, NULL);
  target_expect ("data", data + sizeof data / 2, 0, "Image", NULL, NULL);
  target_expect ("bss", bss + sizeof bss / 2, 0, "Image", NULL, NULL);
  target_expect ("heap", heap, 0, "Heap", NULL, NULL);
  target_expect ("stack", &local, 0, "Stack", "Thread ID: ", NULL);
  target_expect ("mapped", mapped, MIB, "Private", NULL, "total_ws", (long)(3 * page), NULL);
  target_end ();
  target_wait ();
  return 0;
}
