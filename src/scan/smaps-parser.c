/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Parser of smaps. A process with 64,000 mappings has 46 MB of it, so the usual line costs two
 * 8-byte comparisons: the kernel pads each key to 16 columns and keeps its order, so the key that
 * is expected next is compared as a whole. Everything unexpected takes the slow way.
 */

#include "config.h"

#include "scan/smaps-parser.h"

#include "scan/digits.h"
#include "scan/scan-limits.h"
#include "scan/maps-line.h"
#include "util/error.h"

#include <glib/gi18n.h>
#include <string.h>

#define KEY_WIDTH      16 /* columns of a key with its colon and blanks */
#define N_CACHED_PATHS 64
#define N_CACHED_FLAGS 16

/* What a key means, when it is not an AtlasCounter. */
enum
{
  KEY_IGNORED = ATLAS_N_COUNTERS,
  KEY_PAGE_SIZE,
  KEY_VM_FLAGS,
};

/* The keys in the order in which the kernel writes them. */
static const struct
{
  char text[KEY_WIDTH + 1];
  guint8 meaning;
} keys[] = {
  { "Size:           ", KEY_IGNORED },
  { "KernelPageSize: ", KEY_PAGE_SIZE },
  { "MMUPageSize:    ", KEY_IGNORED },
  { "Rss:            ", ATLAS_COUNTER_RSS },
  { "Pss:            ", ATLAS_COUNTER_PSS },
  { "Pss_Dirty:      ", ATLAS_COUNTER_PSS_DIRTY },
  { "Shared_Clean:   ", ATLAS_COUNTER_SHARED_CLEAN },
  { "Shared_Dirty:   ", ATLAS_COUNTER_SHARED_DIRTY },
  { "Private_Clean:  ", ATLAS_COUNTER_PRIVATE_CLEAN },
  { "Private_Dirty:  ", ATLAS_COUNTER_PRIVATE_DIRTY },
  { "Referenced:     ", ATLAS_COUNTER_REFERENCED },
  { "Anonymous:      ", ATLAS_COUNTER_ANONYMOUS },
  { "KSM:            ", ATLAS_COUNTER_KSM },
  { "LazyFree:       ", ATLAS_COUNTER_LAZY_FREE },
  { "AnonHugePages:  ", ATLAS_COUNTER_ANON_HUGE },
  { "ShmemPmdMapped: ", ATLAS_COUNTER_SHMEM_HUGE },
  { "FilePmdMapped:  ", ATLAS_COUNTER_FILE_HUGE },
  { "Shared_Hugetlb: ", ATLAS_COUNTER_SHARED_HUGETLB },
  { "Private_Hugetlb:", ATLAS_COUNTER_PRIVATE_HUGETLB },
  { "Swap:           ", ATLAS_COUNTER_SWAP },
  { "SwapPss:        ", ATLAS_COUNTER_SWAP_PSS },
  { "Locked:         ", ATLAS_COUNTER_LOCKED },
  { "THPeligible:    ", KEY_IGNORED },
  { "ProtectionKey:  ", KEY_IGNORED },
  { "VmFlags: ", KEY_VM_FLAGS },
};

/* A string that was interned lately: the pool takes a lock and a hash for each. */
typedef struct
{
  AtlasStringId id;
  guint16 traits; /* of VmFlags */
  guint16 length;
  const char *text; /* owned by the pool */
} Cached;

struct _AtlasSmapsParser
{
  AtlasStringPool *pool;
  AtlasSmapsBlockFunc func;
  gpointer data;
  AtlasSmapsReport report;

  gboolean has_block; /* block and counters are being filled */
  guint next_key;     /* index into keys: what the next line is likely to be */
  AtlasBlock block;
  AtlasCounters counters;
  AtlasCounters unknown; /* all of them, copied for each new block */
  Cached paths[N_CACHED_PATHS];
  Cached flags[N_CACHED_FLAGS];
};

AtlasSmapsParser *
atlas_smaps_parser_new (AtlasStringPool *pool, AtlasSmapsBlockFunc func, gpointer data)
{
  AtlasSmapsParser *parser = g_new0 (AtlasSmapsParser, 1);

  parser->pool = atlas_string_pool_ref (pool);
  parser->func = func;
  parser->data = data;
  for (guint i = 0; i < ATLAS_N_COUNTERS; i++)
    parser->unknown.value[i] = ATLAS_UNKNOWN;
  return parser;
}

void
atlas_smaps_parser_free (AtlasSmapsParser *parser)
{
  atlas_string_pool_unref (parser->pool);
  g_free (parser);
}

static inline guint64
load8 (const char *p)
{
  guint64 value;
  memcpy (&value, p, sizeof value);
  return value;
}

static inline guint32
load4 (const char *p)
{
  guint32 value;
  memcpy (&value, p, sizeof value);
  return value;
}

static void
give_block (AtlasSmapsParser *parser)
{
  if (!parser->has_block)
    return;
  parser->has_block = FALSE;
  parser->report.n_blocks++;
  parser->report.has_counters |= parser->counters.value[ATLAS_COUNTER_RSS] != ATLAS_UNKNOWN;
  parser->func (&parser->block, &parser->counters, parser->data);
}

static AtlasStringId
intern_path (AtlasSmapsParser *parser, const char *path, gsize length)
{
  /* Neighbours mostly have the same path; the last bytes tell different ones apart. */
  guint64 tail = length >= 8 ? load8 (path + length - 8) : (guint8)path[0];
  guint slot = (guint)((tail * 0x9e3779b97f4a7c15 >> 32) + length) % N_CACHED_PATHS;
  Cached *cached = &parser->paths[slot];

  if (cached->id != 0 && cached->length == length && memcmp (cached->text, path, length) == 0)
    return cached->id;
  AtlasStringId id = atlas_maps_path_intern (parser->pool, path, length);
  const char *text = atlas_string_pool_get (parser->pool, id);
  /* Only what is the same escaped and unescaped may be compared with the text of the pool. */
  if (text != NULL && length <= G_MAXUINT16 && strlen (text) == length)
    *cached = (Cached){ .id = id, .length = (guint16)length, .text = text };
  return id;
}

/* Returns FALSE where the line is not the head of a record. */
static gboolean
begin_block (AtlasSmapsParser *parser, const char *line, const char *end)
{
  AtlasMapsLine head;

  if (!atlas_maps_line_parse (line, end, &head))
    return FALSE;
  give_block (parser);
  parser->next_key = 0;
  if (head.start < parser->report.last_end)
    {
      parser->report.n_out_of_order++;
      return TRUE;
    }

  parser->block = (AtlasBlock){
    .start = head.start,
    .end = head.end,
    .offset = head.offset,
    .inode = head.inode,
    .device = head.device,
    .protection = head.protection,
    .path = head.path != NULL ? intern_path (parser, head.path, head.path_length) : 0,
  };
  parser->counters = parser->unknown;
  parser->has_block = TRUE;
  parser->report.last_end = head.end;
  return TRUE;
}

static void
set_vm_flags (AtlasSmapsParser *parser, const char *text, const char *end)
{
  text = atlas_digits_skip_blanks (text, end);
  while (end > text && end[-1] == ' ')
    end--;
  gsize length = (gsize)(end - text);
  if (length == 0 || length > ATLAS_LIMIT_VM_FLAGS || memchr (text, '\0', length) != NULL)
    {
      if (length == 0)
        parser->block.traits = ATLAS_VM_KNOWN;
      else
        parser->report.n_damaged++;
      return;
    }

  guint64 tail = length >= 8 ? load8 (text + length - 8) : (guint8)text[0];
  guint slot = (guint)((tail * 0x9e3779b97f4a7c15 >> 32) + length) % N_CACHED_FLAGS;
  Cached *cached = &parser->flags[slot];
  if (cached->id == 0 || cached->length != length || memcmp (cached->text, text, length) != 0)
    {
      cached->id = atlas_string_pool_intern (parser->pool, text, (gssize)length);
      cached->text = atlas_string_pool_get (parser->pool, cached->id);
      cached->length = (guint16)length;
      cached->traits = atlas_vm_traits_parse (text, length);
    }
  parser->block.vm_flags = cached->id;
  parser->block.traits = cached->traits;
}

static inline void
set_value (AtlasSmapsParser *parser, guint meaning, guint64 kib)
{
  if (meaning < ATLAS_N_COUNTERS)
    parser->counters.value[meaning] = kib << 10;
  else if (meaning == KEY_PAGE_SIZE && kib != 0 && (kib & (kib - 1)) == 0)
    parser->block.page_shift = (guint8)(__builtin_ctzll (kib) + 10);
}

/* Index of the key of @line, which ends at @colon, or -1: one that this program does not know. */
static int
find_key (const AtlasSmapsParser *parser, const char *line, const char *colon)
{
  gsize length = (gsize)(colon - line) + 1;

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      guint index = (parser->next_key + i) % G_N_ELEMENTS (keys);
      const char *key = keys[index].text;
      if (length <= KEY_WIDTH && memcmp (key, line, length) == 0)
        return (int)index;
    }
  return -1;
}

/* Any line, in any order, with any spacing. */
static void
parse_line (AtlasSmapsParser *parser, const char *line, const char *end)
{
  if (g_ascii_isxdigit (*line) && begin_block (parser, line, end))
    return;

  const char *colon = memchr (line, ':', (gsize)(end - line));
  if (colon == NULL || colon == line || (!parser->has_block && parser->report.n_out_of_order == 0))
    {
      parser->report.n_damaged++;
      return;
    }
  int index = find_key (parser, line, colon);
  if (index < 0 || !parser->has_block)
    return;
  parser->next_key = ((guint)index + 1) % G_N_ELEMENTS (keys);

  guint meaning = keys[index].meaning;
  if (meaning == KEY_VM_FLAGS)
    set_vm_flags (parser, colon + 1, end);
  else if (meaning != KEY_IGNORED)
    {
      const char *p = atlas_digits_skip_blanks (colon + 1, end);
      guint64 value;
      if (atlas_digits_decimal (&p, end, &value) && end - p == 3 && memcmp (p, " kB", 3) == 0 &&
          value < G_MAXUINT64 >> 11)
        set_value (parser, meaning, value);
      else
        parser->report.n_damaged++;
    }
}

/*
 * The line as this kernel always writes it: the expected key, a number of up to 8 digits, " kB".
 * Returns the beginning of the next line, or NULL: take the slow way.
 */
static inline const char *
parse_usual_line (AtlasSmapsParser *parser, const char *line, const char *end)
{
  static const char blank_zero[8] = { ' ', ' ', ' ', ' ', ' ', ' ', ' ', '0' };
  static const char unit[4] = { ' ', 'k', 'B', '\n' };

  if (end - line < KEY_WIDTH + 12)
    return NULL;
  const char *key = keys[parser->next_key].text;
  if (load8 (line) != load8 (key) || load8 (line + 8) != load8 (key + 8))
    return NULL;
  const char *p = line + KEY_WIDTH;
  if (load4 (p + 8) != load4 (unit))
    return NULL;

  guint64 value = 0;
  if (load8 (p) != load8 (blank_zero))
    {
      const char *last = p + 8;
      while (*p == ' ')
        p++;
      if (p >= last)
        return NULL;
      for (; p < last; p++)
        {
          guint digit = (guint8)(*p - '0');
          if (digit >= 10)
            return NULL;
          value = value * 10 + digit;
        }
    }
  set_value (parser, keys[parser->next_key].meaning, value);
  parser->next_key = (parser->next_key + 1) % G_N_ELEMENTS (keys);
  return line + KEY_WIDTH + 12;
}

static gboolean
set_line_error (GError **error)
{
  g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_LIMIT,
               _ ("A line of the memory map is longer than %d bytes"), ATLAS_LIMIT_LINE);
  return FALSE;
}

static gboolean
set_blocks_error (GError **error)
{
  g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_LIMIT, _ ("The memory map has more than %d blocks"),
               ATLAS_LIMIT_BLOCKS);
  return FALSE;
}

gboolean
atlas_smaps_parser_feed (AtlasSmapsParser *parser, const char *data, gsize length,
                         gsize *out_consumed, GError **error)
{
  const char *p = data, *end = data + length;

  while (p < end)
    {
      if (G_LIKELY (parser->has_block))
        {
          const char *next = parse_usual_line (parser, p, end);
          if (G_LIKELY (next != NULL))
            {
              p = next;
              continue;
            }
        }
      const char *newline = memchr (p, '\n', (gsize)(end - p));
      if ((newline != NULL ? newline : end) - p > ATLAS_LIMIT_LINE)
        return set_line_error (error);
      if (newline == NULL)
        break;
      if (newline > p)
        parse_line (parser, p, newline);
      p = newline + 1;
      if (G_UNLIKELY (parser->report.n_blocks > ATLAS_LIMIT_BLOCKS))
        return set_blocks_error (error);
    }
  *out_consumed = (gsize)(p - data);
  return TRUE;
}

void
atlas_smaps_parser_end (AtlasSmapsParser *parser, gsize n_rest)
{
  if (n_rest > 0)
    parser->report.n_damaged++;
  give_block (parser);
}

const AtlasSmapsReport *
atlas_smaps_parser_get_report (const AtlasSmapsParser *parser)
{
  return &parser->report;
}
