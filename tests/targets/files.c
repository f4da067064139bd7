/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Mapped files of every kind, below the directory of the first argument; a library loaded with
 * dlopen(), named by the second; the same library's file mapped as data.
 */

#include "target.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_SIZE (256 * KIB)

/* Initialised and not: the loader maps the one from the file, the other behind it. */
static char own_data[64 * 1024] = { 1 };
static char own_bss[1024 * 1024];

static size_t page;

static int
make_file (const char *directory, const char *name, char **out_path)
{
  static const char pattern[4096] = { 'x' };
  char *path;
  int fd;

  if (asprintf (&path, "%s/%s", directory, name) < 0)
    target_fail ("asprintf");
  fd = open (path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0)
    target_fail (path);
  for (size_t done = 0; done < FILE_SIZE; done += sizeof pattern)
    {
      if (write (fd, pattern, sizeof pattern) != (ssize_t)sizeof pattern)
        target_fail (path);
    }
  *out_path = path;
  return fd;
}

static void
make_files (const char *directory)
{
  char *path;
  void *address;
  int fd;

  fd = make_file (directory, "read-only", &path);
  address = target_map (FILE_SIZE, PROT_READ, MAP_PRIVATE, fd, 0);
  target_read (address, FILE_SIZE / page);
  target_expect ("private file", address, FILE_SIZE, "Mapped File", path, "committed",
                 (long)FILE_SIZE, "private", 0L, "private_ws", 0L, "total_ws", (long)FILE_SIZE,
                 NULL);

  fd = make_file (directory, "shared", &path);
  address = target_map (FILE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  target_touch (address, FILE_SIZE / page);
  target_expect ("shared file", address, FILE_SIZE, "Mapped File", path, "private", 0L,
                 "private_ws", 0L, "total_ws", (long)FILE_SIZE, NULL);

  fd = make_file (directory, "written", &path);
  address = target_map (FILE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  target_touch (address, 4);
  target_expect ("private file, written", address, FILE_SIZE, "Mapped File", path, "private",
                 (long)FILE_SIZE, "private_ws", (long)(4 * page), NULL);

  fd = make_file (directory, "withdrawn", &path);
  address = target_map (FILE_SIZE, PROT_NONE, MAP_PRIVATE, fd, 0);
  target_expect ("file, PROT_NONE", address, FILE_SIZE, "Mapped File", path, "committed", 0L,
                 "private", 0L, NULL);

  fd = make_file (directory, "deleted", &path);
  address = target_map (FILE_SIZE, PROT_READ, MAP_PRIVATE, fd, 0);
  unlink (path);
  target_expect ("deleted file", address, FILE_SIZE, "Mapped File", "/deleted (deleted)", NULL);

  fd = make_file (directory, "not really (deleted)", &path);
  address = target_map (FILE_SIZE, PROT_READ, MAP_SHARED, fd, 0);
  target_expect ("file named (deleted)", address, FILE_SIZE, "Mapped File", path, NULL);

  /* Shown as one line of UTF-8: control characters and invalid bytes as \ooo. */
  fd = make_file (directory, "new\nline, \xff\xfe, \"quote\", caf\xc3\xa9", &path);
  address = target_map (FILE_SIZE, PROT_READ, MAP_PRIVATE, fd, 0);
  target_expect ("newline and invalid UTF-8", address, FILE_SIZE, "Mapped File",
                 "new\\012line, \\377\\376, \"quote\", caf", NULL);
}

static void
make_images (const char *library)
{
  void *handle = dlopen (library, RTLD_NOW | RTLD_LOCAL);
  char *(*get_bss) (size_t * out_size);
  struct stat status;
  const char *name = strrchr (library, '/') != NULL ? strrchr (library, '/') + 1 : library;
  char *bss, *data;
  size_t bss_size;
  int fd;

  if (handle == NULL)
    {
      fprintf (stderr, "%s\n", dlerror ());
      exit (77);
    }
  *(void **)&get_bss = dlsym (handle, "plugin_get_bss");
  if (get_bss == NULL)
    target_fail ("plugin_get_bss");
  bss = get_bss (&bss_size);
  target_touch (bss, bss_size / page);
  target_expect ("library's code", (void *)((uintptr_t)get_bss & ~(page - 1)), 0, "Image", name,
                 NULL);
  target_expect ("library's .bss", bss + bss_size / 2, 0, "Image", name, NULL);
  target_expect ("program's .data", own_data, 0, "Image", "target-files", NULL);
  target_expect ("program's .bss", own_bss + sizeof own_bss / 2, 0, "Image", "target-files", NULL);
  *(void **)&data = dlsym (RTLD_DEFAULT, "mmap");
  target_expect ("libc's code", data, 0, "Image", "libc", NULL);

  /* The same file as nothing but bytes. */
  fd = open (library, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || fstat (fd, &status) != 0)
    target_fail (library);
  data = target_map ((size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
  target_read (data, 1);
  target_expect ("ELF file as data", data, ((size_t)status.st_size + page - 1) & ~(page - 1),
                 "Mapped File", name, "region", 1L, NULL);
}

int
main (int argc, char **argv)
{
  if (argc < 3)
    {
      fputs ("usage: files DIRECTORY LIBRARY\n", stderr);
      return 2;
    }
  page = (size_t)sysconf (_SC_PAGESIZE);
  target_begin ("files");
  own_data[1] = 1;
  target_touch (own_bss, sizeof own_bss / page);
  make_files (argv[1]);
  make_images (argv[2]);
  target_end ();
  target_wait ();
  return 0;
}
