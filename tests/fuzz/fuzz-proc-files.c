/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The small files of /proc: the first byte says which. The text is a copy with no byte to spare.
 */

#include "config.h"

#include "scan/elf-kind.h"
#include "scan/kernel-memory.h"
#include "scan/proc-stat.h"
#include "fuzz.h"

#include <string.h>

static void
parse_stat (const char *text, gsize size)
{
  AtlasProcStat stat;

  if (atlas_proc_stat_parse (text, size, &stat))
    {
      g_assert (stat.pid >= 0 && stat.name != NULL);
      atlas_proc_stat_clear (&stat);
    }
}

static void
parse_command_line (const char *text, gsize size)
{
  g_autofree char *line = atlas_proc_command_line_dup (text, size);

  g_assert (line == NULL || strlen (line) > 0);
}

static void
parse_meminfo (const char *text, gsize size)
{
  guint64 all, n_tasks;
  guint64 stack = atlas_kernel_stack_size (text, size, text, size, &all, &n_tasks);

  g_assert (stack == 0 || (stack >= 4096 && stack <= 65536));
}

static void
parse_cgroup (const char *text, gsize size)
{
  g_free (atlas_proc_cgroup_dup_path (text, size));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (size == 0)
    return 0;
  size--;
  g_autofree char *text = g_memdup2 (data + 1, size);
  AtlasProcStatus status;
  AtlasElfKind kind;
  guint bits, page_size;

  if (text == NULL)
    return 0;
  switch (data[0])
    {
    case 's':
      parse_stat (text, size);
      break;
    case 't':
      atlas_proc_status_parse (text, size, &status);
      break;
    case 'g':
      parse_cgroup (text, size);
      break;
    case 'y':
      atlas_proc_syscall_parse (text, size);
      break;
    case 'c':
      parse_command_line (text, size);
      break;
    case 'a':
      if (atlas_auxv_parse (text, size, &bits, &page_size))
        g_assert (page_size >= 4096 && (bits == 32 || bits == 64));
      break;
    case 'e':
      if (atlas_elf_kind_parse (text, size, &kind))
        atlas_address_limit (kind.machine, kind.bits, 0x7fff00000000);
      break;
    default:
      parse_meminfo (text, size);
      break;
    }
  return 0;
}
