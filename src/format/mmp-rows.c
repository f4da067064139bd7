/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Blocks and regions as one compact line of text each: what makes a file of 64,000 blocks quick to
 * write and to open. Pure functions.
 */

#include "config.h"

#include "format/mmp-private.h"

#include "util/text.h"

const char atlas_mmp_counter_letters[ATLAS_N_COUNTERS] = {
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
    g_string_append (row, ATLAS_MMP_KERNEL_START);
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
      append_counter (row, atlas_mmp_counter_letters[i], counters->value[i]);
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
