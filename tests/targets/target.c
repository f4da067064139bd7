/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The part that all targets share: places for mappings, and the line of JSON that says what was
 * made. Written with write() into a static buffer: no malloc, no stdio, no memory of its own.
 */

#include "target.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

#define PLACES_START ((uintptr_t)(sizeof (void *) == 8 ? 0x100000000000ull : 0x50000000ull))

static char line[1024 * 1024];
static size_t line_length;
static int n_items;
static uintptr_t next_place = PLACES_START;

void
target_fail (const char *what)
{
  perror (what);
  exit (77);
}

static void
add (const char *format, ...)
{
  va_list arguments;
  int length;

  va_start (arguments, format);
  length = vsnprintf (line + line_length, sizeof line - line_length, format, arguments);
  va_end (arguments);
  if (length < 0 || (size_t)length >= sizeof line - line_length)
    {
      fputs ("target: the line is full\n", stderr);
      exit (77);
    }
  line_length += (size_t)length;
}

static void
add_string (const char *text)
{
  add ("\"");
  for (const unsigned char *byte = (const unsigned char *)text; *byte != 0; byte++)
    {
      if (*byte == '"' || *byte == '\\')
        add ("\\%c", *byte);
      else if (*byte < 0x20 || *byte >= 0x7f)
        add ("\\u%04x", *byte);
      else
        add ("%c", *byte);
    }
  add ("\"");
}

void
target_begin (const char *kind)
{
#ifdef PR_SET_THP_DISABLE
  prctl (PR_SET_THP_DISABLE, 1, 0, 0, 0);
#endif
  add ("{\"kind\":");
  add_string (kind);
  add (",\"pid\":%d,\"items\":[", (int)getpid ());
}

void *
target_place (size_t size)
{
  uintptr_t place = next_place;

  /* 64 KiB pages at most; 2 MiB so that huge pages fit; a stack's guard gap is 1 MiB. */
  next_place += (size + 4 * MIB + 2 * MIB - 1) & ~(uintptr_t)(2 * MIB - 1);
  return (void *)place;
}

void *
target_map (size_t size, int protection, int flags, int fd, off_t offset)
{
  void *address =
    mmap (target_place (size), size, protection, flags | MAP_FIXED_NOREPLACE, fd, offset);

  if (address == MAP_FAILED)
    target_fail ("mmap");
  return address;
}

void
target_touch (void *address, size_t pages)
{
  size_t page = (size_t)sysconf (_SC_PAGESIZE);

  for (size_t i = 0; i < pages; i++)
    ((volatile char *)address)[i * page] = (char)(i + 1);
}

void
target_read (const void *address, size_t pages)
{
  size_t page = (size_t)sysconf (_SC_PAGESIZE);
  char sum = 0;

  for (size_t i = 0; i < pages; i++)
    sum = (char)(sum + ((const volatile char *)address)[i * page]);
  (void)sum;
}

static void
begin_item (const char *what)
{
  add ("%s{\"what\":", n_items++ > 0 ? "," : "");
  add_string (what);
}

void
target_expect (const char *what, const void *start, size_t size, const char *type,
               const char *details, ...)
{
  va_list arguments;
  const char *name;

  begin_item (what);
  add (",\"start\":%llu,\"size\":%llu,\"type\":", (unsigned long long)(uintptr_t)start,
       (unsigned long long)size);
  add_string (type);
  if (details != NULL)
    {
      add (",\"details\":");
      add_string (details);
    }

  va_start (arguments, details);
  while ((name = va_arg (arguments, const char *)) != NULL)
    add (",\"%s\":%ld", name, va_arg (arguments, long));
  va_end (arguments);
  add ("}");
}

void
target_thread (const char *what, pid_t tid, const void *start, size_t size, int own,
               const char *name)
{
  begin_item (what);
  add (",\"thread\":%d,\"start\":%llu,\"size\":%llu,\"own\":%s,\"name\":", (int)tid,
       (unsigned long long)(uintptr_t)start, (unsigned long long)size, own ? "true" : "false");
  add_string (name);
  add ("}");
}

void
target_skip (const char *what, const char *reason)
{
  begin_item (what);
  add (",\"skip\":");
  add_string (reason);
  add ("}");
}

void
target_end (void)
{
  size_t done = 0;

  add ("]}\n");
  while (done < line_length)
    {
      ssize_t n = write (STDOUT_FILENO, line + done, line_length - done);

      if (n < 0 && errno != EINTR)
        exit (77);
      if (n > 0)
        done += (size_t)n;
    }
}

void
target_wait (void)
{
  char byte;
  ssize_t n;

  do
    n = read (STDIN_FILENO, &byte, 1);
  while (n > 0 || (n < 0 && errno == EINTR));
}
