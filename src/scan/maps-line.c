/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Parser of a line of /proc/PID/maps, which is also the head of each record of smaps. Pure, owns
 * nothing, any thread.
 */

#include "config.h"

#include "scan/maps-line.h"

#include "scan/digits.h"

#include <string.h>

static gboolean
parse_protection (const char *p, guint8 *out_protection)
{
  guint8 protection = 0;

  if (p[0] == 'r')
    protection |= ATLAS_PROTECTION_READ;
  else if (p[0] != '-')
    return FALSE;
  if (p[1] == 'w')
    protection |= ATLAS_PROTECTION_WRITE;
  else if (p[1] != '-')
    return FALSE;
  if (p[2] == 'x')
    protection |= ATLAS_PROTECTION_EXECUTE;
  else if (p[2] != '-')
    return FALSE;
  if (p[3] == 's' || p[3] == 'S')
    protection |= ATLAS_PROTECTION_SHARED;
  else if (p[3] != 'p')
    return FALSE;
  *out_protection = protection;
  return TRUE;
}

static inline gboolean
skip_char (const char **cursor, const char *end, char expected)
{
  if (*cursor >= end || **cursor != expected)
    return FALSE;
  ++*cursor;
  return TRUE;
}

gboolean
atlas_maps_line_parse (const char *line, const char *end, AtlasMapsLine *out_line)
{
  AtlasMapsLine parsed = { 0 };
  const char *p = line;
  guint64 major, minor;

  if (!atlas_digits_hex (&p, end, &parsed.start) || !skip_char (&p, end, '-') ||
      !atlas_digits_hex (&p, end, &parsed.end) || !skip_char (&p, end, ' '))
    return FALSE;
  if (parsed.end <= parsed.start || end - p < 5 || p[4] != ' ' ||
      !parse_protection (p, &parsed.protection))
    return FALSE;
  p += 5;
  if (!atlas_digits_hex (&p, end, &parsed.offset) || !skip_char (&p, end, ' ') ||
      !atlas_digits_hex (&p, end, &major) || !skip_char (&p, end, ':') ||
      !atlas_digits_hex (&p, end, &minor) || !skip_char (&p, end, ' ') ||
      !atlas_digits_decimal (&p, end, &parsed.inode))
    return FALSE;
  if (p < end && *p != ' ')
    return FALSE;
  if (major > 0xfff || minor > 0xfffff)
    return FALSE;
  parsed.device = (guint32)(major << 20 | minor);

  p = atlas_digits_skip_blanks (p, end);
  if (p < end)
    {
      parsed.path = p;
      parsed.path_length = (gsize)(end - p);
    }
  *out_line = parsed;
  return TRUE;
}

AtlasStringId
atlas_maps_path_intern (AtlasStringPool *pool, const char *path, gsize length)
{
  /* A NUL cannot come from a kernel; in a recorded file it would end the string early. */
  const char *nul = memchr (path, '\0', length);
  if (nul != NULL)
    length = (gsize)(nul - path);
  if (memmem (path, length, "\\012", 4) == NULL)
    return atlas_string_pool_intern (pool, path, (gssize)length);

  g_autofree char *plain = g_malloc (length + 1);
  gsize n = 0;
  for (gsize i = 0; i < length;)
    {
      if (length - i >= 4 && memcmp (path + i, "\\012", 4) == 0)
        {
          plain[n++] = '\n';
          i += 4;
        }
      else
        plain[n++] = path[i++];
    }
  return atlas_string_pool_intern (pool, plain, (gssize)n);
}
