/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the first bytes of an ELF file say. */
typedef struct
{
  guint bits;    /* 32 or 64 */
  guint machine; /* EM_* */
  const char
    *architecture; /* static: "x86-64", "i386", "aarch64"; NULL: one that has no name here */
} AtlasElfKind;

/** atlas_elf_kind_parse: Reads the ELF header in @data (20 bytes are enough); FALSE: not an ELF. */
gboolean atlas_elf_kind_parse (const void *data, gsize length, AtlasElfKind *out_kind);

/**
 * atlas_elf_kind_guess:
 * @arch: name of the kernel's architecture as in sys/kernel/arch and uname, "x86_64"
 * @bits: 32 or 64: of the process
 *
 * What a process is where its program cannot be read: FALSE where @arch has no name here.
 */
gboolean atlas_elf_kind_guess (const char *arch, guint bits, AtlasElfKind *out_kind);

/**
 * atlas_auxv_parse:
 * @data: the bytes of /proc/PID/auxv, of this machine's byte order
 * @out_bits: 32 or 64, from the size of its entries
 * @out_page_size: bytes, AT_PAGESZ
 * Returns FALSE where it is not an auxiliary vector.
 */
gboolean atlas_auxv_parse (const void *data, gsize length, guint *out_bits, guint *out_page_size);

/**
 * atlas_address_limit:
 * @machine: EM_*, 0 unknown
 * @bits: 32 or 64, 0 unknown
 * @highest: bytes, end of the highest mapping in the user half of the address space
 *
 * Returns the end of the user address space of a process, decided from what the process is and
 * where its mappings are, because the top of the stack lies just below it; 0 where it cannot be
 * known.
 */
guint64 atlas_address_limit (guint machine, guint bits, guint64 highest);

G_END_DECLS
