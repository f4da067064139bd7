/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Addresses, amounts and foreign bytes as text. No state, any thread.
 */

#include "config.h"

#include "util/text.h"

#include <glib/gi18n.h>
#include <string.h>

const char *
atlas_address_to_text (guint64 address, guint bits, char out[static ATLAS_ADDRESS_TEXT_SIZE])
{
  static const char digits[] = "0123456789ABCDEF";
  guint length = bits == 32 && address <= G_MAXUINT32 ? 8 : 16;

  for (guint i = length; i-- > 0; address >>= 4)
    out[i] = digits[address & 15];
  out[length] = '\0';
  return out;
}

gboolean
atlas_address_from_text (const char *text, guint64 *out_address)
{
  guint64 value = 0;
  guint digits = 0;

  while (g_ascii_isspace (*text))
    text++;
  if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
    text += 2;
  for (; g_ascii_isxdigit (*text) || *text == '`' || *text == '_'; text++)
    {
      if (!g_ascii_isxdigit (*text))
        continue;
      if (value >> 60 != 0)
        return FALSE;
      value = value << 4 | (guint64)g_ascii_xdigit_value (*text);
      digits++;
    }
  while (g_ascii_isspace (*text))
    text++;
  if (digits == 0 || *text != '\0')
    return FALSE;
  *out_address = value;
  return TRUE;
}

guint
atlas_integer_to_text (guint64 value, char out[static ATLAS_INTEGER_TEXT_SIZE])
{
  char reversed[ATLAS_INTEGER_TEXT_SIZE];
  guint length = 0;

  do
    reversed[length++] = (char)('0' + value % 10);
  while ((value /= 10) != 0);
  for (guint i = 0; i < length; i++)
    out[i] = reversed[length - 1 - i];
  out[length] = '\0';
  return length;
}

char *
atlas_size_dup_text (guint64 bytes, AtlasUnit unit)
{
  /* Translators: short names of binary units, in order: bytes, kibibytes, mebibytes ... */
  static const char *const units[] = { N_ ("B"),   N_ ("KiB"), N_ ("MiB"), N_ ("GiB"),
                                       N_ ("TiB"), N_ ("PiB"), N_ ("EiB") };

  if (unit == ATLAS_UNIT_KIB)
    {
      guint64 kib = bytes / 1024 + (bytes % 1024 != 0);
      g_autofree char *number = g_strdup_printf ("%'" G_GUINT64_FORMAT, kib);
      /* Translators: an amount of memory in KiB, as VMMap writes it */
      return g_strdup_printf (_ ("%s K"), number);
    }

  double amount = (double)bytes;
  guint step = 0;
  /* 999.5 would print as 1000 with three digits: the next unit takes it. */
  while (step + 1 < G_N_ELEMENTS (units) && amount >= 999.5)
    {
      amount /= 1024;
      step++;
    }
  int decimals = step == 0 || amount >= 99.95 ? 0 : amount >= 9.995 ? 1 : 2;
  return g_strdup_printf ("%.*f %s", decimals, amount, _ (units[step]));
}

gboolean
atlas_size_from_text (const char *text, guint64 *out_bytes)
{
  static const char letters[] = "KMGTPE";
  char *end;
  double amount = g_ascii_strtod (text, &end);

  if (end == text || !(amount >= 0))
    return FALSE;
  while (g_ascii_isspace (*end))
    end++;
  const char *letter = *end != '\0' ? strchr (letters, g_ascii_toupper (*end)) : NULL;
  if (letter != NULL)
    {
      for (long i = 0; i <= letter - letters; i++)
        amount *= 1024;
      end++;
      if (*end == 'i' || *end == 'I')
        end++;
    }
  if (*end == 'b' || *end == 'B')
    end++;
  if (*end != '\0' || amount >= 18446744073709549568.0)
    return FALSE;
  *out_bytes = (guint64)amount;
  return TRUE;
}

char *
atlas_bytes_dup_display (const char *bytes)
{
  const char *bad;

  if (g_utf8_validate (bytes, -1, &bad))
    {
      const char *at = bytes;
      while (*at != '\0' && !g_unichar_iscntrl (g_utf8_get_char (at)))
        at = g_utf8_next_char (at);
      if (*at == '\0')
        return g_strdup (bytes);
    }

  GString *out = g_string_new (NULL);
  for (const char *at = bytes; *at != '\0';)
    {
      gunichar character = g_utf8_get_char_validated (at, -1);
      if (character == (gunichar)-1 || character == (gunichar)-2)
        {
          g_string_append_printf (out, "\\%03o", (guchar)*at);
          at++;
          continue;
        }
      const char *next = g_utf8_next_char (at);
      if (g_unichar_iscntrl (character))
        for (; at < next; at++)
          g_string_append_printf (out, "\\%03o", (guchar)*at);
      else
        g_string_append_len (out, at, next - at);
      at = next;
    }
  return g_string_free (out, FALSE);
}
