/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Thread control blocks of glibc and musl in the memory of a 64-bit process. Their layout differs
 * from version to version, so nothing is read at a fixed place but the pointers to itself with
 * which every control block begins; the rest is found by what it must be. One thread.
 */

#define G_LOG_DOMAIN "atlas-scan"

#include "config.h"

#include "scan/thread-block.h"

#include <string.h>

#define BACK      4096 /* the robust list lies that near behind the start of struct pthread */
#define LENGTH    4096 /* more than struct pthread of any version */
#define MUSL_TAIL (64 * 1024)
#define MAX_STACK (G_GUINT64_CONSTANT (1) << 40)
/* Behind the control block lie only the rest of struct pthread and what alignment needs, or, on
   machines with thread-local storage above it, that. */
#define MAX_TAIL (64 * 1024)

static guint64
word_at (const guint8 *bytes, gsize offset)
{
  guint64 word;

  memcpy (&word, bytes + offset, sizeof word);
  return word;
}

/* The longest readable part of [address, address + size), at least a word. */
static gsize
read_some (AtlasMemory *memory, guint64 address, guint8 *out, gsize size)
{
  gsize first = MIN (size, 4096 - (gsize)(address & 4095));

  if (!atlas_memory_read (memory, address, out, first))
    return 0;
  if (first < size && atlas_memory_read (memory, address + first, out + first, size - first))
    return size;
  return first;
}

/* A pair of words that is the start and the size of a stack that holds @address near its end. */
static gboolean
find_extent (const guint8 *bytes, gsize length, guint64 address, guint64 *out_start,
             guint64 *out_end)
{
  for (gsize i = 0x20; i + 16 <= length; i += 8)
    {
      guint64 start = word_at (bytes, i);
      guint64 size = word_at (bytes, i + 8);
      if (start == 0 || (start & 7) != 0 || start >= address || size < 2048 || size > MAX_STACK)
        continue;
      guint64 end = start + size;
      if (end <= address || end - address > MAX_TAIL)
        continue;
      *out_start = start;
      *out_end = end;
      return TRUE;
    }
  return FALSE;
}

static gboolean
has_tid (const guint8 *bytes, gsize from, gsize to, gint tid)
{
  for (gsize i = from; i + 4 <= to; i += 4)
    {
      gint32 value;
      memcpy (&value, bytes + i, sizeof value);
      if (value == tid)
        return TRUE;
    }
  return FALSE;
}

gboolean
atlas_thread_block_read_glibc (AtlasMemory *memory, guint64 address, gint tid,
                               AtlasThreadBlock *out)
{
  guint8 bytes[LENGTH];
  gsize length = read_some (memory, address, bytes, sizeof bytes);

  /* tcb and self. The id of the thread in it is another one in another pid namespace. */
  if (length < 0x400 || word_at (bytes, 0) != address || word_at (bytes, 16) != address)
    return FALSE;
  out->tid = tid;
  out->address = address;
  out->musl = FALSE;
  out->start = 0;
  out->end = 0;
  find_extent (bytes, length, address, &out->start, &out->end);
  return TRUE;
}

/* Machines whose thread pointer is behind struct pthread keep no pointer to it in itself; the
   thread id in front of the robust list and the pair of the stack behind it are enough. */
static gboolean
find_without_self (AtlasMemory *memory, guint64 near, gint tid, AtlasThreadBlock *out)
{
  guint8 bytes[LENGTH];

  if (near < 64 || tid == 0)
    return FALSE;
  gsize length = read_some (memory, near - 64, bytes, sizeof bytes);
  if (length < 256 || !has_tid (bytes, 0, 64, tid))
    return FALSE;
  out->tid = tid;
  out->address = near;
  out->musl = FALSE;
  return find_extent (bytes, length, near, &out->start, &out->end);
}

gboolean
atlas_thread_block_find_glibc (AtlasMemory *memory, guint64 near, gint tid, AtlasThreadBlock *out)
{
  guint8 bytes[BACK];
  guint64 base = near & ~G_GUINT64_CONSTANT (15);
  gsize length = 0;

  if (near < BACK * 2)
    return FALSE;
  /* What lies on the page in front need not be there. */
  if (atlas_memory_read (memory, base - BACK, bytes, BACK))
    length = BACK;
  else
    {
      gsize part = (gsize)(base & 4095);
      if (part >= 32 && atlas_memory_read (memory, base - part, bytes + BACK - part, part))
        length = part;
    }
  for (gsize back = 16; back + 0 <= length; back += 16)
    {
      guint64 address = base - back;
      gsize at = BACK - back;
      if (word_at (bytes, at) != address)
        continue;
      if (atlas_thread_block_read_glibc (memory, address, tid, out))
        return TRUE;
    }
  return find_without_self (memory, near, tid, out);
}

static gint
compare_tids (gconstpointer a, gconstpointer b)
{
  gint left = *(const gint *)a;
  gint right = *(const gint *)b;

  return left < right ? -1 : left > right;
}

static gboolean
contains_tid (const gint *tids, guint n, gint tid)
{
  return n > 0 && bsearch (&tid, tids, n, sizeof tid, compare_tids) != NULL;
}

/* A stack that the program gave: musl notes no mapping, but the upper end and the size of what is
 * left for the stack once the control block is in; that is less than half a page away. */
static gboolean
find_given_stack (const guint8 *bytes, gsize length, guint64 address, guint64 *out_start,
                  guint64 *out_end)
{
  for (gsize i = 0x20; i + 16 <= length; i += 8)
    {
      guint64 top = word_at (bytes, i);
      guint64 size = word_at (bytes, i + 8);
      if (top > address || address - top > 4096 || size < 1024 || size > MAX_STACK || size > top)
        continue;
      *out_start = top - size;
      *out_end = (address + 128 + 4095) & ~G_GUINT64_CONSTANT (4095);
      return TRUE;
    }
  return FALSE;
}

gboolean
atlas_thread_block_read_musl (AtlasMemory *memory, guint64 address, const gint *tids, guint n_tids,
                              AtlasThreadBlock *out)
{
  guint8 bytes[256];
  gsize length = address % 8 == 0 ? read_some (memory, address, bytes, sizeof bytes) : 0;

  if (length < 0x68 || word_at (bytes, 0) != address)
    return FALSE;
  for (gsize k = 0x20; k <= 0x40; k += 4)
    {
      gint32 tid;
      memcpy (&tid, bytes + k, sizeof tid);
      if (!contains_tid (tids, n_tids, tid))
        continue;
      out->tid = tid;
      out->address = address;
      out->musl = TRUE;
      out->start = 0;
      out->end = 0;
      for (guint i = 0; i < G_N_ELEMENTS (out->links); i++)
        out->links[i] = word_at (bytes, 8 + i * 8);
      if (!find_extent (bytes, length, address, &out->start, &out->end))
        find_given_stack (bytes, length, address, &out->start, &out->end);
      return TRUE;
    }
  return FALSE;
}

gboolean
atlas_thread_block_find_musl (AtlasMemory *memory, guint64 start, guint64 end, const gint *tids,
                              guint n_tids, AtlasThreadBlock *out)
{
  guint8 bytes[4096];
  guint64 low = end - start > MUSL_TAIL ? end - MUSL_TAIL : start;

  for (guint64 page = (end - 1) & ~G_GUINT64_CONSTANT (4095); page >= low && page != 0;
       page -= 4096)
    {
      if (!atlas_memory_read (memory, page, bytes, sizeof bytes))
        continue;
      for (gsize i = sizeof bytes; i >= 8; i -= 8)
        if (word_at (bytes, i - 8) == page + i - 8 &&
            atlas_thread_block_read_musl (memory, page + i - 8, tids, n_tids, out))
          return TRUE;
    }
  return FALSE;
}

gboolean
atlas_thread_block_find_unused (AtlasMemory *memory, guint64 end, AtlasThreadBlock *out)
{
  guint8 bytes[4096];

  if (end % 4096 != 0 || !atlas_memory_read (memory, end - 4096, bytes, sizeof bytes))
    return FALSE;
  for (gsize i = 0; i + 1024 <= sizeof bytes; i += 16)
    if (word_at (bytes, i) == end - 4096 + i &&
        atlas_thread_block_read_glibc (memory, end - 4096 + i, 0, out) && out->end == end)
      return TRUE;
  return FALSE;
}
