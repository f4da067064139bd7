/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rows of blocks and regions read back: the reverse of mmp-rows.c, for text that nobody vouches
 * for. Pure functions.
 */

#include "config.h"

#include "format/mmp-private.h"

#include <string.h>

static gboolean
read_hex (const char **at, guint64 *out)
{
  const char *from = *at;
  guint64 value = 0;

  for (;; (*at)++)
    {
      guint digit;
      char c = **at;
      if (c >= '0' && c <= '9')
        digit = (guint)(c - '0');
      else if (c >= 'a' && c <= 'f')
        digit = (guint)(c - 'a' + 10);
      else
        break;
      if (value >> 60 != 0)
        return FALSE;
      value = value << 4 | digit;
    }
  *out = value;
  return *at != from;
}

static gboolean
read_decimal (const char **at, guint64 limit, guint64 *out)
{
  const char *from = *at;
  guint64 value = 0;

  for (; **at >= '0' && **at <= '9'; (*at)++)
    {
      guint digit = (guint)(**at - '0');
      if (value > (G_MAXUINT64 - digit) / 10)
        return FALSE;
      value = value * 10 + digit;
    }
  *out = value;
  return *at != from && value <= limit;
}

static gboolean
read_string (const char **at, const GArray *strings, AtlasStringId *out)
{
  guint64 number;

  if (!read_decimal (at, strings->len, &number) || number == 0)
    return FALSE;
  *out = g_array_index (strings, AtlasStringId, number - 1);
  return TRUE;
}

static gboolean
read_counter (const char **at, guint64 *out)
{
  if (**at == '?')
    {
      (*at)++;
      *out = ATLAS_UNKNOWN;
      return TRUE;
    }
  if (!read_decimal (at, ATLAS_UNKNOWN - 1, out))
    return FALSE;
  if (**at == 'b')
    {
      (*at)++;
      return TRUE;
    }
  if (*out > (ATLAS_UNKNOWN - 1) / 1024)
    return FALSE;
  *out *= 1024;
  return TRUE;
}

static gboolean
read_device (const char **at, guint32 *out)
{
  guint64 major, minor;

  if (!read_decimal (at, 0xfff, &major) || *(*at)++ != ':' || !read_decimal (at, 0xfffff, &minor))
    return FALSE;
  *out = (guint32)(major << 20 | minor);
  return TRUE;
}

static gboolean
read_protection (const char **at, guint8 *out)
{
  static const char letters[] = "rwxs";

  *out = 0;
  for (guint i = 0; i < 4; i++, (*at)++)
    if (**at == letters[i])
      *out |= (guint8)(1u << i);
    else if (**at != (i == 3 ? 'p' : '-'))
      return FALSE;
  return TRUE;
}

/* At the key of a field that this version does not know. */
static void
skip_field (const char **at)
{
  while (**at != '\0' && **at != ' ')
    (*at)++;
}

static gboolean
read_small (const char **at, guint64 limit, gboolean hex, guint64 *out)
{
  return (hex ? read_hex (at, out) : read_decimal (at, limit, out)) && *out <= limit;
}

static gboolean
read_block_field (const char **at, const GArray *strings, AtlasBlock *block,
                  AtlasCounters *counters)
{
  guint64 number;
  const char *letter;
  char key = *(*at)++;

  switch (key)
    {
    case 'p':
      return read_string (at, strings, &block->path);
    case 'l':
      return read_string (at, strings, &block->label);
    case 'v':
      return read_string (at, strings, &block->vm_flags);
    case 'n':
      return read_string (at, strings, &block->numa);
    case 'o':
      return read_hex (at, &block->offset);
    case 'd':
      return read_device (at, &block->device);
    case 'i':
      return read_decimal (at, G_MAXUINT64, &block->inode);
    case 's':
      if (!read_small (at, 63, FALSE, &number))
        return FALSE;
      block->page_shift = (guint8)number;
      return TRUE;
    case 't':
      if (!read_small (at, G_MAXUINT16, TRUE, &number))
        return FALSE;
      block->traits = (guint16)number;
      return TRUE;
    case 'f':
      if (!read_small (at, G_MAXUINT32, TRUE, &number))
        return FALSE;
      block->flags |= (guint32)number & ~(guint32)ATLAS_BLOCK_KERNEL;
      return TRUE;
    default:
      letter = memchr (atlas_mmp_counter_letters, key, ATLAS_N_COUNTERS);
      if (letter != NULL)
        return read_counter (at, &counters->value[letter - atlas_mmp_counter_letters]);
      (*at)--;
      skip_field (at);
      return TRUE;
    }
}

static gboolean
read_range (const char **at, AtlasBlock *block)
{
  guint64 size;

  if (g_str_has_prefix (*at, ATLAS_MMP_KERNEL_START))
    {
      *at += strlen (ATLAS_MMP_KERNEL_START);
      block->flags = ATLAS_BLOCK_KERNEL;
    }
  else if (!read_hex (at, &block->start))
    return FALSE;
  if (*(*at)++ != ' ' || !read_hex (at, &size) || size > G_MAXUINT64 - block->start)
    return FALSE;
  block->end = block->start + size;
  return *(*at)++ == ' ';
}

gboolean
atlas_mmp_block_from_row (const char *row, const GArray *strings, AtlasBlock *out_block,
                          AtlasCounters *out_counters)
{
  const char *at = row;

  memset (out_block, 0, sizeof *out_block);
  memset (out_counters, 0, sizeof *out_counters);
  if (!read_range (&at, out_block) || !read_protection (&at, &out_block->protection))
    return FALSE;
  while (*at == ' ')
    {
      at++;
      if (*at == '\0' || *at == ' ' || !read_block_field (&at, strings, out_block, out_counters))
        return FALSE;
    }
  return *at == '\0';
}

static gboolean
read_type (const char **at, guint8 *out)
{
  for (guint type = ATLAS_TYPE_IMAGE; type < ATLAS_TYPE_FREE; type++)
    {
      const char *key = atlas_type_get_info (type)->key;
      gsize length = strlen (key);
      if (strncmp (*at, key, length) == 0 && ((*at)[length] == ' ' || (*at)[length] == '\0'))
        {
          *at += length;
          *out = (guint8)type;
          return TRUE;
        }
    }
  return FALSE;
}

static gboolean
read_region_field (const char **at, const GArray *strings, AtlasRegion *region)
{
  guint64 number;

  switch (*(*at)++)
    {
    case 'd':
      return read_string (at, strings, &region->details);
    case 'r':
      return read_string (at, strings, &region->reason);
    case 'w':
      if (!read_decimal (at, G_MAXUINT32, &number))
        return FALSE;
      region->owner = (guint32)number;
      return TRUE;
    case 'g':
      if (!read_decimal (at, G_MAXUINT8, &number))
        return FALSE;
      region->guess = (guint8)number;
      return TRUE;
    default:
      (*at)--;
      skip_field (at);
      return TRUE;
    }
}

gboolean
atlas_mmp_region_from_row (const char *row, const GArray *strings, AtlasRegion *out_region)
{
  const char *at = row;
  guint64 n_blocks;

  memset (out_region, 0, sizeof *out_region);
  if (!read_decimal (&at, G_MAXUINT32, &n_blocks) || *at++ != ' ' ||
      !read_type (&at, &out_region->type))
    return FALSE;
  out_region->n_blocks = (guint32)n_blocks;
  while (*at == ' ')
    {
      at++;
      if (*at == '\0' || *at == ' ' || !read_region_field (&at, strings, out_region))
        return FALSE;
    }
  return *at == '\0';
}

gboolean
atlas_mmp_run_from_row (const char *row, gboolean *out_copy, guint32 *out_n)
{
  const char *at = row + 1;
  guint64 n;

  if ((row[0] != '=' && row[0] != '-') || !read_decimal (&at, G_MAXUINT32, &n) || *at != '\0')
    return FALSE;
  *out_copy = row[0] == '=';
  *out_n = (guint32)n;
  return TRUE;
}
