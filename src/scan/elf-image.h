/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AtlasElfImage:
 * What is needed of an ELF file to recognise where it is mapped: its segments, its sections, a few
 * symbols. Refcounted and immutable, any thread. Files are hostile: everything is checked, tables
 * beyond ATLAS_ELF_MAX_* are refused.
 */
typedef struct _AtlasElfImage AtlasElfImage;

#define ATLAS_ELF_MAX_SEGMENTS 1024
#define ATLAS_ELF_MAX_SECTIONS 8192
#define ATLAS_ELF_MAX_SYMBOLS  (4u * 1024 * 1024)
#define ATLAS_ELF_MAX_TABLE    (256u * 1024 * 1024) /* bytes of one symbol or string table */

typedef struct
{
  guint64 offset;    /* bytes, p_offset */
  guint64 address;   /* bytes, p_vaddr */
  guint64 file_size; /* bytes, p_filesz */
  guint64 size;      /* bytes, p_memsz, at least file_size */
  guint32 flags;     /* PF_R, PF_W, PF_X */
} AtlasElfSegment;

typedef struct
{
  const char *name; /* owned by the image */
  guint64 address;  /* bytes, sh_addr */
  guint64 size;     /* bytes, sh_size */
  gboolean no_bits; /* .bss */
} AtlasElfSection;

/**
 * atlas_elf_image_new:
 * @fd: a file, read by offset; stays the caller's
 * @with_symbols: also look for the known symbols in .symtab, not in .dynsym alone
 *
 * Returns: (transfer full) (nullable): NULL with ATLAS_ERROR_FORMAT where it is no ELF executable
 * or library, or a damaged one; ATLAS_ERROR_LIMIT; ATLAS_ERROR_IO.
 */
AtlasElfImage *atlas_elf_image_new (int fd, gboolean with_symbols, GError **error);

/**
 * atlas_elf_image_get:
 * As atlas_elf_image_new() through a cache of the files seen last, found by device, inode, size and
 * time of change; any thread.
 */
AtlasElfImage *atlas_elf_image_get (int fd, gboolean with_symbols, GError **error);

AtlasElfImage *atlas_elf_image_ref (AtlasElfImage *image);
void atlas_elf_image_unref (AtlasElfImage *image);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasElfImage, atlas_elf_image_unref)

/** atlas_elf_image_get_segments: Returns: (transfer none): the PT_LOADs by address, at least 1. */
const AtlasElfSegment *atlas_elf_image_get_segments (const AtlasElfImage *image, guint *out_n);

/** atlas_elf_image_get_relro: Gives the range of PT_GNU_RELRO, 0 and 0 without one. */
void atlas_elf_image_get_relro (const AtlasElfImage *image, guint64 *out_start, guint64 *out_end);

/** atlas_elf_image_get_span: Gives the range from the first PT_LOAD to the end of the last. */
void atlas_elf_image_get_span (const AtlasElfImage *image, guint64 *out_start, guint64 *out_end);

/** atlas_elf_image_has_section: Returns whether there is a section @name, loaded or not. */
gboolean atlas_elf_image_has_section (const AtlasElfImage *image, const char *name);

/**
 * atlas_elf_image_dup_sections:
 * Returns: (transfer full) (nullable): the names of the sections that fill most of [@start, @end),
 * addresses of the file, in order: ".data, .bss"; "headers" where the file's headers do.
 */
char *atlas_elf_image_dup_sections (const AtlasElfImage *image, guint64 start, guint64 end);

/**
 * atlas_elf_image_find_symbol:
 * Finds the value of @name, one of the symbols that the rules look for (the table in elf-image.c).
 * Returns FALSE where the file does not define it.
 */
gboolean atlas_elf_image_find_symbol (const AtlasElfImage *image, const char *name,
                                      guint64 *out_value);

/**
 * atlas_elf_image_to_offset:
 * Gives the offset in the file of the byte at @address of the file; FALSE for .bss and the like.
 */
gboolean atlas_elf_image_to_offset (const AtlasElfImage *image, guint64 address,
                                    guint64 *out_offset);

G_END_DECLS
