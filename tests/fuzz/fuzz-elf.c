/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An ELF file, read and asked everything.
 */

#include "config.h"

#include "scan/elf-image.h"
#include "util/fd.h"
#include "fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

static void
ask (const AtlasElfImage *image)
{
  guint n;
  guint64 start, end, value;
  const AtlasElfSegment *segments = atlas_elf_image_get_segments (image, &n);

  g_assert (n > 0 && n <= ATLAS_ELF_MAX_SEGMENTS);
  atlas_elf_image_get_span (image, &start, &end);
  g_assert (start < end);
  for (guint i = 0; i < n; i++)
    {
      g_assert (segments[i].size >= segments[i].file_size);
      g_assert (segments[i].address >= start && segments[i].address + segments[i].size <= end);
      g_autofree char *names = atlas_elf_image_dup_sections (
        image, segments[i].address, segments[i].address + segments[i].size);
      atlas_elf_image_to_offset (image, segments[i].address, &value);
    }
  atlas_elf_image_get_relro (image, &start, &end);
  g_assert (start <= end);
  atlas_elf_image_has_section (image, ".go.buildinfo");
  atlas_elf_image_find_symbol (image, "mallctl", &value);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  atlas_autofd fd = memfd_create ("fuzz-elf", MFD_CLOEXEC);

  if (fd < 0 || write (fd, data, size) != (ssize_t)size)
    return 0;
  g_autoptr (AtlasElfImage) image = atlas_elf_image_new (fd, TRUE, NULL);
  if (image != NULL)
    ask (image);
  return 0;
}
