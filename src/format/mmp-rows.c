/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Blocks and regions as one compact line of text each: what makes a file of 64,000 blocks quick to
 * write and to open. Pure functions.
 */

#include "config.h"

#include "format/mmp-private.h"

#include "util/text.h"

#include <string.h>

#define KERNEL_START "kernel"

static const char counter_letters[ATLAS_N_COUNTERS] = {
  [ATLAS_COUNTER_RSS] = 'R',
  [ATLAS_COUNTER_PSS] = 'P',
  [ATLAS_COUNTER_PSS_DIRTY] = 'Q',
  [ATLAS_COUNTER_SHARED_CLEAN] = 'C',
  [ATLAS_COUNTER_SHARED_DIRTY] = 'D',
  [ATLAS_COUNTER_PRIVATE_CLEAN] = 'E',
  [ATLAS_COUNTER_PRIVATE_DIRTY] = 'F',
  [ATLAS_COUNTER_REFERENCED] = 'A',
  [ATLAS_COUNTER_ANONYMOUS] = 'N',
  [ATLAS_COUNTER_KSM] = 'K',
  [ATLAS_COUNTER_LAZY_FREE] = 'Z',
  [ATLAS_COUNTER_ANON_HUGE] = 'H',
  [ATLAS_COUNTER_SHMEM_HUGE] = 'I',
  [ATLAS_COUNTER_FILE_HUGE] = 'J',
  [ATLAS_COUNTER_SHARED_HUGETLB] = 'G',
  [ATLAS_COUNTER_PRIVATE_HUGETLB] = 'T',
  [ATLAS_COUNTER_SWAP] = 'S',
  [ATLAS_COUNTER_SWAP_PSS] = 'U',
  [ATLAS_COUNTER_LOCKED] = 'L',
  [ATLAS_COUNTER_PRIVATE_WS] = 'W',
};

char
atlas_mmp_counter_letter (AtlasCounter counter)
{
  return counter_letters[counter];
}

static void
append_hex (GString *row, guint64 value)
{
  static const char digits[] = "0123456789abcdef";
  char text[16];
  guint at = sizeof text;

  do
    text[--at] = digits[value & 15];
  while ((value >>= 4) != 0);
  g_string_append_len (row, text + at, sizeof text - at);
}

static void
append_decimal (GString *row, guint64 value)
{
  char text[ATLAS_INTEGER_TEXT_SIZE];

  g_string_append_len (row, text, atlas_integer_to_text (value, text));
}

static void
begin_field (GString *row, char key)
{
  g_string_append_c (row, ' ');
  g_string_append_c (row, key);
}

static void
append_string (GString *row, char key, AtlasStringId id, AtlasMmpNumber number, gpointer data)
{
  if (id == 0)
    return;
  begin_field (row, key);
  append_decimal (row, number (id, data));
}

static void
append_hex_field (GString *row, char key, guint64 value)
{
  if (value == 0)
    return;
  begin_field (row, key);
  append_hex (row, value);
}

/* Nearly all are whole KiB; "b" stands behind one in bytes, "?" for one that is unknown. */
static void
append_counter (GString *row, char key, guint64 value)
{
  begin_field (row, key);
  if (value == ATLAS_UNKNOWN)
    g_string_append_c (row, '?');
  else if (value % 1024 == 0)
    append_decimal (row, value / 1024);
  else
    {
      append_decimal (row, value);
      g_string_append_c (row, 'b');
    }
}

static void
append_file (const AtlasBlock *block, GString *row)
{
  append_hex_field (row, 'o', block->offset);
  if (block->device != 0)
    {
      begin_field (row, 'd');
      append_decimal (row, block->device >> 20);
      g_string_append_c (row, ':');
      append_decimal (row, block->device & 0xfffff);
    }
  if (block->inode != 0)
    {
      begin_field (row, 'i');
      append_decimal (row, block->inode);
    }
}

void
atlas_mmp_block_to_row (const AtlasBlock *block, const AtlasCounters *counters,
                        AtlasMmpNumber number, gpointer data, GString *row)
{
  char letters[5];

  if (block->flags & ATLAS_BLOCK_KERNEL)
    g_string_append (row, KERNEL_START);
  else
    append_hex (row, block->start);
  g_string_append_c (row, ' ');
  append_hex (row, block->end - block->start);
  g_string_append_c (row, ' ');
  g_string_append_len (row, atlas_protection_get_letters (block->protection, letters), 4);
  append_string (row, 'p', block->path, number, data);
  append_string (row, 'l', block->label, number, data);
  append_string (row, 'v', block->vm_flags, number, data);
  append_string (row, 'n', block->numa, number, data);
  append_file (block, row);
  if (block->page_shift != 0)
    {
      begin_field (row, 's');
      append_decimal (row, block->page_shift);
    }
  append_hex_field (row, 't', block->traits);
  append_hex_field (row, 'f', block->flags & ~(guint32)ATLAS_BLOCK_KERNEL);
  for (guint i = 0; i < ATLAS_N_COUNTERS; i++)
    if (counters->value[i] != 0)
      append_counter (row, counter_letters[i], counters->value[i]);
}

void
atlas_mmp_region_to_row (const AtlasRegion *region, AtlasMmpNumber number, gpointer data,
                         GString *row)
{
  append_decimal (row, region->n_blocks);
  g_string_append_c (row, ' ');
  g_string_append (row, atlas_type_get_info (region->type)->key);
  append_string (row, 'd', region->details, number, data);
  append_string (row, 'r', region->reason, number, data);
  if (region->owner != 0)
    {
      begin_field (row, 'w');
      append_decimal (row, region->owner);
    }
  if (region->guess != 0)
    {
      begin_field (row, 'g');
      append_decimal (row, region->guess);
    }
}

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
      for (guint i = 0; i < ATLAS_N_COUNTERS; i++)
        if (key == counter_letters[i])
          return read_counter (at, &counters->value[i]);
      (*at)--;
      skip_field (at);
      return TRUE;
    }
}

static gboolean
read_range (const char **at, AtlasBlock *block)
{
  guint64 size;

  if (g_str_has_prefix (*at, KERNEL_START))
    {
      *at += strlen (KERNEL_START);
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
