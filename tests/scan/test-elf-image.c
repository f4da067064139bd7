/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading ELF files: this very program, whose layout dl_iterate_phdr() tells, and damaged ones.
 */

#include "config.h"

#include "scan/elf-image.h"
#include "util/error.h"
#include "util/fd.h"

#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int in_data = 42;
static char in_bss[8192];

static AtlasElfImage *
read_self (gboolean with_symbols)
{
  g_autoptr (GError) error = NULL;
  atlas_autofd fd = open ("/proc/self/exe", O_RDONLY | O_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  AtlasElfImage *image = atlas_elf_image_new (fd, with_symbols, &error);
  g_assert_no_error (error);
  return image;
}

static int
get_own_bias (struct dl_phdr_info *info, gsize size, gpointer data)
{
  *(guint64 *)data = info->dlpi_addr; /* the program comes first */
  return 1;
}

static void
assert_sections (AtlasElfImage *image, gconstpointer place, const char *name)
{
  guint64 bias = 0;

  dl_iterate_phdr (get_own_bias, &bias);
  guint64 address = (guint64)(guintptr)place - bias;
  g_autofree char *sections = atlas_elf_image_dup_sections (image, address, address + 1);
  g_assert_cmpstr (sections, ==, name);
}

static void
test_self (void)
{
  g_autoptr (AtlasElfImage) image = read_self (FALSE);
  guint n;
  guint64 start, end, offset;
  const AtlasElfSegment *segments = atlas_elf_image_get_segments (image, &n);

  g_assert_cmpuint (n, >=, 2);
  for (guint i = 1; i < n; i++)
    g_assert_cmpuint (segments[i - 1].address, <=, segments[i].address);
  atlas_elf_image_get_span (image, &start, &end);
  g_assert_cmpuint (start, ==, segments[0].address);
  g_assert_cmpuint (end, >=, segments[n - 1].address + segments[n - 1].size);
  g_assert_true (atlas_elf_image_has_section (image, ".text"));
  g_assert_false (atlas_elf_image_has_section (image, ".go.buildinfo"));

  in_bss[0] = (char)in_data;
  assert_sections (image, (gconstpointer)(guintptr)test_self, ".text");
  assert_sections (image, &in_data, ".data");
  assert_sections (image, in_bss + 4096, ".bss");

  g_assert_true (atlas_elf_image_to_offset (image, segments[0].address, &offset));
  g_assert_cmpuint (offset, ==, segments[0].offset);
  g_assert_false (atlas_elf_image_to_offset (image, end, &offset));
}

static void
test_symbols (void)
{
  g_autoptr (AtlasElfImage) image = read_self (TRUE);
  guint64 value;

  /* Nothing of an allocator is in this program, and unknown names are never found. */
  g_assert_false (atlas_elf_image_find_symbol (image, "mi_malloc", &value));
  g_assert_false (atlas_elf_image_find_symbol (image, "main", &value));
}

static void
test_known_symbol (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (g_getenv ("ATLAS_TEST_CORPUS"), "elf", "shared", NULL);
  atlas_autofd fd = open (path, O_RDONLY | O_CLOEXEC);
  guint64 value, start, end;

  g_assert_cmpint (fd, >=, 0);
  g_autoptr (AtlasElfImage) image = atlas_elf_image_new (fd, FALSE, &error);
  g_assert_no_error (error);
  g_assert_true (atlas_elf_image_find_symbol (image, "mallctl", &value));
  atlas_elf_image_get_span (image, &start, &end);
  g_assert_cmpuint (value, >, start);
  g_assert_cmpuint (value, <, end);
  atlas_elf_image_get_relro (image, &start, &end);
  g_assert_cmpuint (start, <, end);
}

static void
test_cache (void)
{
  atlas_autofd fd = open ("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  g_autoptr (AtlasElfImage) first = atlas_elf_image_get (fd, FALSE, NULL);
  g_autoptr (AtlasElfImage) second = atlas_elf_image_get (fd, FALSE, NULL);
  g_autoptr (AtlasElfImage) third = atlas_elf_image_get (fd, TRUE, NULL);

  g_assert_nonnull (first);
  g_assert_true (first == second);
  g_assert_true (first != third);
}

static void
assert_refused (const void *bytes, gsize size, AtlasError code)
{
  g_autoptr (GError) error = NULL;
  atlas_autofd fd = memfd_create ("test-elf-image", MFD_CLOEXEC);

  g_assert_cmpint (write (fd, bytes, size), ==, (gssize)size);
  g_assert_null (atlas_elf_image_new (fd, TRUE, &error));
  g_assert_error (error, ATLAS_ERROR, (gint)code);
  /* The cache remembers that as well. */
  g_clear_error (&error);
  g_assert_null (atlas_elf_image_get (fd, TRUE, NULL));
  g_assert_null (atlas_elf_image_get (fd, TRUE, &error));
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT);
}

static void
test_damaged (void)
{
  g_autofree char *bytes = NULL;
  gsize size;

  g_assert_true (g_file_get_contents ("/proc/self/exe", &bytes, &size, NULL));
  assert_refused ("", 0, ATLAS_ERROR_FORMAT);
  assert_refused ("#!/bin/sh\n", 10, ATLAS_ERROR_FORMAT);
  assert_refused (bytes, 20, ATLAS_ERROR_FORMAT);
  assert_refused (bytes, sizeof (ElfW (Ehdr)), ATLAS_ERROR_FORMAT);

  ElfW (Ehdr) header;
  memcpy (&header, bytes, sizeof header);
  ElfW (Phdr) segment;
  for (guint i = 0; i < header.e_phnum; i++)
    {
      gsize at = header.e_phoff + i * sizeof segment;
      memcpy (&segment, bytes + at, sizeof segment);
      if (segment.p_type != PT_LOAD)
        continue;
      segment.p_memsz = segment.p_filesz / 2;
      memcpy (bytes + at, &segment, sizeof segment);
      break;
    }
  assert_refused (bytes, size, ATLAS_ERROR_FORMAT);
}

static void
test_no_file (void)
{
  g_autoptr (GError) error = NULL;
  int ends[2];

  g_assert_cmpint (pipe (ends), ==, 0);
  g_assert_null (atlas_elf_image_new (ends[0], FALSE, &error));
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_IO);
  close (ends[0]);
  close (ends[1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scan/elf-image/self", test_self);
  g_test_add_func ("/scan/elf-image/symbols", test_symbols);
  g_test_add_func ("/scan/elf-image/known-symbol", test_known_symbol);
  g_test_add_func ("/scan/elf-image/cache", test_cache);
  g_test_add_func ("/scan/elf-image/damaged", test_damaged);
  g_test_add_func ("/scan/elf-image/no-file", test_no_file);
  return g_test_run ();
}
