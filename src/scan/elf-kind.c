/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a process is, from the first bytes of its program and its auxiliary vector, and how large
 * its address space is. Pure, any thread.
 */

#include "config.h"

#include "scan/elf-kind.h"

#include <elf.h>
#include <string.h>

#ifndef EM_LOONGARCH
#define EM_LOONGARCH 258
#endif

static const struct
{
  guint machine;
  guint bits; /* 0: both */
  const char *name;
} architectures[] = {
  { EM_X86_64, 64, "x86-64" },   { EM_X86_64, 32, "x32" },
  { EM_386, 32, "i386" },        { EM_AARCH64, 0, "aarch64" },
  { EM_ARM, 32, "arm" },         { EM_RISCV, 64, "riscv64" },
  { EM_RISCV, 32, "riscv32" },   { EM_PPC64, 64, "ppc64" },
  { EM_PPC, 32, "ppc" },         { EM_S390, 64, "s390x" },
  { EM_S390, 32, "s390" },       { EM_MIPS, 64, "mips64" },
  { EM_MIPS, 32, "mips" },       { EM_LOONGARCH, 0, "loongarch64" },
  { EM_SPARCV9, 64, "sparc64" },
};

static void
set_name (AtlasElfKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (architectures) && kind->architecture == NULL; i++)
    if (architectures[i].machine == kind->machine &&
        (architectures[i].bits == 0 || architectures[i].bits == kind->bits))
      kind->architecture = architectures[i].name;
}

gboolean
atlas_elf_kind_parse (const void *data, gsize length, AtlasElfKind *out_kind)
{
  const guint8 *bytes = data;

  if (length < 20 || memcmp (bytes, ELFMAG, SELFMAG) != 0)
    return FALSE;
  if (bytes[EI_CLASS] != ELFCLASS32 && bytes[EI_CLASS] != ELFCLASS64)
    return FALSE;

  AtlasElfKind kind = { .bits = bytes[EI_CLASS] == ELFCLASS64 ? 64 : 32 };
  if (bytes[EI_DATA] == ELFDATA2LSB)
    kind.machine = bytes[18] | (guint)bytes[19] << 8;
  else if (bytes[EI_DATA] == ELFDATA2MSB)
    kind.machine = bytes[19] | (guint)bytes[18] << 8;
  else
    return FALSE;
  set_name (&kind);
  *out_kind = kind;
  return TRUE;
}

gboolean
atlas_elf_kind_guess (const char *arch, guint bits, AtlasElfKind *out_kind)
{
  static const struct
  {
    const char *arch;
    guint machine;    /* of a 64-bit process, or the only one */
    guint machine_32; /* of a 32-bit process; 0: there is none */
  } kernels[] = {
    { "x86_64", EM_X86_64, EM_386 },   { "i686", EM_386, EM_386 },
    { "i586", EM_386, EM_386 },        { "i386", EM_386, EM_386 },
    { "aarch64", EM_AARCH64, EM_ARM }, { "armv7l", EM_ARM, EM_ARM },
    { "riscv64", EM_RISCV, EM_RISCV }, { "ppc64le", EM_PPC64, EM_PPC },
    { "ppc64", EM_PPC64, EM_PPC },     { "s390x", EM_S390, EM_S390 },
    { "mips64", EM_MIPS, EM_MIPS },    { "loongarch64", EM_LOONGARCH, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kernels); i++)
    if (strcmp (kernels[i].arch, arch) == 0)
      {
        AtlasElfKind kind = {
          .bits = bits,
          .machine = bits == 32 ? kernels[i].machine_32 : kernels[i].machine,
        };
        if (kind.machine == 0)
          return FALSE;
        set_name (&kind);
        *out_kind = kind;
        return TRUE;
      }
  return FALSE;
}

/* Walks @data as entries of @width-byte words; returns whether it makes sense as such. */
static gboolean
walk_auxv (const guint8 *data, gsize length, guint width, guint *out_page_size)
{
  guint page_size = 0;

  for (gsize at = 0; at + 2 * width <= length; at += 2 * width)
    {
      guint64 key = 0, value = 0;
      guint32 word;
      if (width == 8)
        {
          memcpy (&key, data + at, 8);
          memcpy (&value, data + at + 8, 8);
        }
      else
        {
          memcpy (&word, data + at, 4);
          key = word;
          memcpy (&word, data + at + 4, 4);
          value = word;
        }
      if (key == AT_NULL)
        {
          *out_page_size = page_size;
          return page_size != 0;
        }
      if (key > 1024)
        return FALSE;
      if (key == AT_PAGESZ)
        {
          if (value < 4096 || value > 1 << 20 || (value & (value - 1)) != 0)
            return FALSE;
          page_size = (guint)value;
        }
    }
  return FALSE;
}

gboolean
atlas_auxv_parse (const void *data, gsize length, guint *out_bits, guint *out_page_size)
{
  /* 64 bits first: read as 32-bit words, the upper half of a first key would be AT_NULL. */
  for (guint width = 8; width >= 4; width -= 4)
    if (walk_auxv (data, length, width, out_page_size))
      {
        *out_bits = width * 8;
        return TRUE;
      }
  return FALSE;
}

/* The smallest of the sizes that a 64-bit address space has on @machine which holds @highest. */
static guint64
limit_of_64_bits (guint machine, guint64 highest)
{
  static const struct
  {
    guint machine;
    guint8 widths[8]; /* bits of a user address, ascending, ends with 0 */
    guint16 guard;    /* bytes at the end that are never given out */
  } spaces[] = {
    { EM_X86_64, { 47, 56 }, 4096 }, { EM_AARCH64, { 39, 42, 47, 48, 52 }, 0 },
    { EM_RISCV, { 38, 47, 56 }, 0 }, { EM_PPC64, { 46, 47, 49, 52 }, 0 },
    { EM_S390, { 42, 53 }, 0 },      { EM_MIPS, { 40, 48 }, 0 },
    { EM_LOONGARCH, { 39, 47 }, 0 }, { 0, { 47, 48, 52, 56 }, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (spaces); i++)
    {
      if (spaces[i].machine != machine && spaces[i].machine != 0)
        continue;
      for (const guint8 *width = spaces[i].widths; *width != 0; width++)
        {
          guint64 limit = (G_GUINT64_CONSTANT (1) << *width) - spaces[i].guard;
          if (highest <= limit)
            return limit;
        }
      break;
    }
  return 0;
}

guint64
atlas_address_limit (guint machine, guint bits, guint64 highest)
{
  const guint64 gib = G_GUINT64_CONSTANT (1) << 30;

  if (highest == 0 || bits == 0)
    return 0;
  if (bits == 64)
    return limit_of_64_bits (machine, highest);
  if (highest > 4 * gib)
    return 0;
  if (machine == EM_MIPS || machine == EM_S390)
    return 2 * gib;
  /* A kernel of 32 bits keeps the last GiB for itself; one of 64 bits gives a 32-bit process all.
   */
  if (highest <= 3 * gib)
    return 3 * gib;
  if ((machine == EM_386 || machine == EM_X86_64) && highest <= 0xffffe000)
    return 0xffffe000;
  return 4 * gib;
}
