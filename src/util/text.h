/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Room for an address or an integer as text, with its NUL. */
#define ATLAS_ADDRESS_TEXT_SIZE 17
#define ATLAS_INTEGER_TEXT_SIZE 21

/**
 * AtlasUnit:
 * How amounts of memory are shown on the screen. Files always hold plain integers.
 */
typedef enum
{
  ATLAS_UNIT_KIB,  /* "1,234 K", as VMMap */
  ATLAS_UNIT_AUTO, /* "1.2 MiB": three digits and the binary unit that fits */
} AtlasUnit;

/**
 * atlas_address_to_text:
 * @bits: 32 or 64: pads with zeros to 8 or 16 digits
 * Writes @address in upper-case hexadecimal into @out and returns @out.
 */
const char *atlas_address_to_text (guint64 address, guint bits,
                                   char out[static ATLAS_ADDRESS_TEXT_SIZE]);

/**
 * atlas_address_from_text:
 * Reads a hexadecimal address, with or without "0x", spaces around and '`' or '_' between digits
 * allowed (debuggers print those). Returns FALSE where @text is anything else or does not fit.
 */
gboolean atlas_address_from_text (const char *text, guint64 *out_address);

/**
 * atlas_integer_to_text:
 * Writes @value in decimal into @out, without grouping, and returns the number of digits; the fast
 * path of the exporters.
 */
guint atlas_integer_to_text (guint64 value, char out[static ATLAS_INTEGER_TEXT_SIZE]);

/**
 * atlas_size_dup_text:
 * Returns: (transfer full): @bytes as the screen shows it, digits grouped by locale. KiB amounts
 * are rounded up, so that nothing that exists reads as 0.
 */
char *atlas_size_dup_text (guint64 bytes, AtlasUnit unit);

/**
 * atlas_size_from_text:
 * Reads "64", "64K", "1.5 MiB", "2G" (binary units, case does not matter). Returns FALSE for
 * anything else.
 */
gboolean atlas_size_from_text (const char *text, guint64 *out_bytes);

/**
 * atlas_bytes_dup_display:
 * Returns: (transfer full): @bytes (a path, a name; any bytes) as one line of valid UTF-8 for the
 * screen: newline and other control characters and invalid bytes are written as \ooo.
 */
char *atlas_bytes_dup_display (const char *bytes);

G_END_DECLS
