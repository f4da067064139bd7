/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * atlas_digits_decimal:
 * @cursor: (inout): moved behind the digits
 * @end: first byte that may not be read
 *
 * Reads an unsigned decimal number. Returns FALSE where there is no digit or it does not fit 64
 * bits.
 */
static inline gboolean
atlas_digits_decimal (const char **cursor, const char *end, guint64 *out_value)
{
  const char *p = *cursor;
  guint64 value = 0;

  for (; p < end && (guint8)(*p - '0') < 10; p++)
    {
      guint digit = (guint8)(*p - '0');
      if (G_UNLIKELY (value > (G_MAXUINT64 - digit) / 10))
        return FALSE;
      value = value * 10 + digit;
    }
  if (p == *cursor)
    return FALSE;
  *cursor = p;
  *out_value = value;
  return TRUE;
}

/** atlas_digits_hex: As atlas_digits_decimal(), hexadecimal without "0x". */
static inline gboolean
atlas_digits_hex (const char **cursor, const char *end, guint64 *out_value)
{
  const char *p = *cursor;
  guint64 value = 0;

  for (; p < end; p++)
    {
      guint digit = (guint8)(*p - '0');
      if (digit >= 10)
        {
          digit = (guint8)((*p | 0x20) - 'a');
          if (digit >= 6)
            break;
          digit += 10;
        }
      if (G_UNLIKELY (value >> 60 != 0))
        return FALSE;
      value = value << 4 | digit;
    }
  if (p == *cursor)
    return FALSE;
  *cursor = p;
  *out_value = value;
  return TRUE;
}

/** atlas_digits_skip_blanks: Returns the first byte from @p on that is neither blank nor tab. */
static inline const char *
atlas_digits_skip_blanks (const char *p, const char *end)
{
  while (p < end && (*p == ' ' || *p == '\t'))
    p++;
  return p;
}

G_END_DECLS
