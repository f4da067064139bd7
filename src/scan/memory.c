/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads process memory through /proc/PID/mem, which stays with the address space it was opened on,
 * whatever becomes of the pid. Every page is looked up in pagemap first; what that says is kept for
 * the length of a scan, a window of entries at a time. Used by one thread.
 */

#define G_LOG_DOMAIN "atlas-scan"

#include "config.h"

#include "scan/memory.h"

#include "util/fd.h"

#include <string.h>
#include <unistd.h>

#define WINDOW_PAGES    64
#define N_WINDOWS       256
#define PAGEMAP_PRESENT (G_GUINT64_CONSTANT (1) << 63)

typedef struct
{
  guint64 number;  /* address / (WINDOW_PAGES * page size), plus 1; 0: empty */
  guint64 present; /* a bit a page */
} Window;

struct _AtlasMemory
{
  int memory;  /* PID/mem */
  int pagemap; /* PID/pagemap */
  guint page_shift;
  Window windows[N_WINDOWS];
};

AtlasMemory *
atlas_memory_new (AtlasProcfs *procfs, gint pid)
{
  AtlasMemory *memory = g_new0 (AtlasMemory, 1);

  memory->memory = -1;
  memory->pagemap = -1;
  memory->page_shift = (guint)g_bit_nth_lsf ((gulong)sysconf (_SC_PAGESIZE), -1);
  if (!atlas_procfs_is_live (procfs))
    return memory;

  g_autofree char *mem_path = g_strdup_printf ("%d/mem", pid);
  g_autofree char *pagemap_path = g_strdup_printf ("%d/pagemap", pid);
  memory->memory = atlas_procfs_openat (procfs, mem_path);
  if (memory->memory >= 0)
    memory->pagemap = atlas_procfs_openat (procfs, pagemap_path);
  return memory;
}

void
atlas_memory_free (AtlasMemory *memory)
{
  atlas_fd_clear (&memory->memory);
  atlas_fd_clear (&memory->pagemap);
  g_free (memory);
}

gboolean
atlas_memory_is_readable (AtlasMemory *memory)
{
  return memory->memory >= 0 && memory->pagemap >= 0;
}

static gboolean
page_is_present (AtlasMemory *memory, guint64 page)
{
  guint64 number = page / WINDOW_PAGES + 1;
  Window *window = &memory->windows[number % N_WINDOWS];

  if (window->number != number)
    {
      guint64 entries[WINDOW_PAGES];
      ssize_t got = pread (memory->pagemap, entries, sizeof entries,
                           (off_t)((number - 1) * WINDOW_PAGES * sizeof entries[0]));
      window->number = number;
      window->present = 0;
      for (gsize i = 0; got > 0 && i < (gsize)got / sizeof entries[0]; i++)
        if (entries[i] & PAGEMAP_PRESENT)
          window->present |= G_GUINT64_CONSTANT (1) << i;
    }
  return (window->present >> (page % WINDOW_PAGES)) & 1;
}

gboolean
atlas_memory_read (AtlasMemory *memory, guint64 address, void *out, gsize size)
{
  if (!atlas_memory_is_readable (memory) || size == 0 || address + size < address ||
      address + size > (G_GUINT64_CONSTANT (1) << 62))
    return FALSE;
  for (guint64 page = address >> memory->page_shift;
       page <= (address + size - 1) >> memory->page_shift; page++)
    if (!page_is_present (memory, page))
      return FALSE;

  guint8 *bytes = out;
  for (gsize done = 0; done < size;)
    {
      ssize_t got = pread (memory->memory, bytes + done, size - done, (off_t)(address + done));
      if (got <= 0)
        return FALSE;
      done += (gsize)got;
    }
  return TRUE;
}

gboolean
atlas_memory_read_word (AtlasMemory *memory, guint64 address, guint64 *out)
{
  return atlas_memory_read (memory, address, out, sizeof *out);
}

char *
atlas_memory_dup_string (AtlasMemory *memory, guint64 address, gsize limit)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint64 page_size = G_GUINT64_CONSTANT (1) << memory->page_shift;

  while (text->len < limit)
    {
      char part[128];
      gsize size = MIN (sizeof part, limit - text->len);
      size = MIN (size, page_size - (address & (page_size - 1)));
      if (!atlas_memory_read (memory, address, part, size))
        return NULL;
      gsize length = strnlen (part, size);
      g_string_append_len (text, part, (gssize)length);
      if (length < size)
        return g_string_free (g_steal_pointer (&text), FALSE);
      address += size;
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
