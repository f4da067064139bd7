/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Parsers of the small files of /proc/PID: stat, status, cgroup, task/TID/syscall, cmdline. Pure:
 * text in, plain values out; any thread.
 */

#include "config.h"

#include "scan/proc-stat.h"

#include "core/figures.h"
#include "scan/digits.h"

#include <string.h>

/* Fields of stat, as proc(5) numbers them. */
enum
{
  STAT_STATE = 3,
  STAT_PARENT = 4,
  STAT_FLAGS = 9,
  STAT_THREADS = 20,
  STAT_START_TIME = 22,
  STAT_START_CODE = 26,
  STAT_START_STACK = 28,
};

static void
set_stat_field (AtlasProcStat *stat, guint field, guint64 value)
{
  switch (field)
    {
    case STAT_PARENT:
      stat->parent_pid = value <= G_MAXINT ? (gint)value : 0;
      break;
    case STAT_FLAGS:
      stat->flags = value;
      break;
    case STAT_THREADS:
      stat->n_threads = value <= G_MAXUINT ? (guint)value : 0;
      break;
    case STAT_START_TIME:
      stat->start_ticks = value;
      break;
    case STAT_START_CODE:
      stat->start_code = value;
      break;
    case STAT_START_STACK:
      stat->start_stack = value;
      break;
    default:
      break;
    }
}

gboolean
atlas_proc_stat_parse (const char *text, gsize length, AtlasProcStat *out_stat)
{
  const char *p = text, *end = text + length;
  const char *open = memchr (text, '(', length);
  const char *close = memrchr (text, ')', length);
  guint64 pid;

  if (!atlas_digits_decimal (&p, end, &pid) || pid > G_MAXINT || open == NULL || close == NULL ||
      close < open || end - close < 4 || close[1] != ' ')
    return FALSE;

  AtlasProcStat stat = { .pid = (gint)pid, .state = close[2] };
  guint field = STAT_STATE;
  for (p = close + 3; p < end && *p != '\n';)
    {
      p = atlas_digits_skip_blanks (p, end);
      gboolean negative = p < end && *p == '-';
      guint64 value;
      p += negative;
      if (!atlas_digits_decimal (&p, end, &value))
        break;
      set_stat_field (&stat, ++field, negative ? 0 : value);
    }
  if (field < STAT_START_TIME)
    return FALSE;
  stat.name = g_strndup (open + 1, (gsize)(close - open - 1));
  *out_stat = stat;
  return TRUE;
}

void
atlas_proc_stat_clear (AtlasProcStat *stat)
{
  g_clear_pointer (&stat->name, g_free);
}

/* Returns the text behind the line's key when @line begins with @key, else NULL. */
static const char *
value_of (const char *line, const char *end, const char *key)
{
  gsize length = strlen (key);

  if ((gsize)(end - line) < length || memcmp (line, key, length) != 0)
    return NULL;
  return atlas_digits_skip_blanks (line + length, end);
}

static guint64
parse_kib (const char *p, const char *end)
{
  guint64 value;

  if (!atlas_digits_decimal (&p, end, &value) || value >= G_MAXUINT64 >> 11 || end - p < 3 ||
      memcmp (p, " kB", 3) != 0)
    return ATLAS_UNKNOWN;
  return value << 10;
}

/* Uid: real effective saved filesystem */
static guint32
parse_effective_uid (const char *p, const char *end)
{
  guint64 real, effective;

  if (!atlas_digits_decimal (&p, end, &real))
    return G_MAXUINT32;
  p = atlas_digits_skip_blanks (p, end);
  if (!atlas_digits_decimal (&p, end, &effective) || effective > G_MAXUINT32)
    return G_MAXUINT32;
  return (guint32)effective;
}

void
atlas_proc_status_parse (const char *text, gsize length, AtlasProcStatus *out_status)
{
  const char *end = text + length;
  struct
  {
    const char *key;
    guint64 *value;
  } amounts[] = {
    { "VmSize:", &out_status->vm_size },   { "VmRSS:", &out_status->vm_rss },
    { "RssAnon:", &out_status->rss_anon }, { "VmSwap:", &out_status->vm_swap },
    { "VmPTE:", &out_status->vm_pte },     { "VmPMD:", &out_status->vm_pmd },
  };

  out_status->uid = G_MAXUINT32;
  out_status->kernel_thread = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (amounts); i++)
    *amounts[i].value = ATLAS_UNKNOWN;

  for (const char *line = text; line < end;)
    {
      const char *newline = memchr (line, '\n', (gsize)(end - line));
      const char *stop = newline != NULL ? newline : end;
      const char *value;
      if (*line == 'V' || *line == 'R')
        {
          for (guint i = 0; i < G_N_ELEMENTS (amounts); i++)
            if ((value = value_of (line, stop, amounts[i].key)) != NULL)
              *amounts[i].value = parse_kib (value, stop);
        }
      else if ((value = value_of (line, stop, "Uid:")) != NULL)
        out_status->uid = parse_effective_uid (value, stop);
      else if ((value = value_of (line, stop, "Kthread:")) != NULL)
        out_status->kernel_thread = value < stop && *value == '1';
      line = stop + 1;
    }
}

guint64
atlas_proc_key_kib (const char *text, gsize length, const char *key)
{
  const char *end = text + length;

  for (const char *line = text; line < end;)
    {
      const char *newline = memchr (line, '\n', (gsize)(end - line));
      const char *stop = newline != NULL ? newline : end;
      const char *value = value_of (line, stop, key);
      if (value != NULL)
        return parse_kib (value, stop);
      line = stop + 1;
    }
  return ATLAS_UNKNOWN;
}

/* Whether the comma-separated list holds "memory". */
static gboolean
has_memory_controller (const char *list, const char *end)
{
  while (list < end)
    {
      const char *comma = memchr (list, ',', (gsize)(end - list));
      const char *stop = comma != NULL ? comma : end;
      if (stop - list == 6 && memcmp (list, "memory", 6) == 0)
        return TRUE;
      list = stop + 1;
    }
  return FALSE;
}

/* Lines are ID:CONTROLLERS:PATH; the path may hold ':'. */
char *
atlas_proc_cgroup_dup_path (const char *text, gsize length)
{
  const char *end = text + length, *path = NULL;
  gsize path_length = 0;
  gboolean is_memory = FALSE;

  for (const char *line = text; line < end;)
    {
      const char *newline = memchr (line, '\n', (gsize)(end - line));
      const char *stop = newline != NULL ? newline : end;
      const char *first = memchr (line, ':', (gsize)(stop - line));
      const char *second =
        first != NULL ? memchr (first + 1, ':', (gsize)(stop - first - 1)) : NULL;
      if (second != NULL && !is_memory)
        {
          is_memory = has_memory_controller (first + 1, second);
          if (is_memory || second == first + 1)
            {
              path = second + 1;
              path_length = (gsize)(stop - path);
            }
        }
      line = stop + 1;
    }
  return path_length > 0 ? g_strndup (path, path_length) : NULL;
}

/* "NR ARG1..ARG6 SP PC" in a system call, "-1 SP PC" blocked outside of one, or "running". */
guint64
atlas_proc_syscall_parse (const char *text, gsize length)
{
  const char *end = text + length, *fields[10];
  guint n = 0;

  for (const char *p = text; p < end && *p != '\n' && n < G_N_ELEMENTS (fields);)
    {
      p = atlas_digits_skip_blanks (p, end);
      if (p >= end || *p == '\n')
        break;
      fields[n++] = p;
      while (p < end && *p != ' ' && *p != '\n')
        p++;
    }
  if (n != 3 && n != 9)
    return 0;

  const char *p = fields[n - 2];
  guint64 address;
  if (end - p < 3 || p[0] != '0' || p[1] != 'x')
    return 0;
  p += 2;
  return atlas_digits_hex (&p, end, &address) ? address : 0;
}

static gboolean
needs_quotes (const char *word, gsize length)
{
  static const char plain[] = "@%+=:,./_-~^{}[]";

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (word[i]) && (guint8)word[i] < 0x80 && strchr (plain, word[i]) == NULL)
      return TRUE;
  return length == 0;
}

static void
append_quoted (GString *line, const char *word, gsize length)
{
  if (!needs_quotes (word, length))
    {
      g_string_append_len (line, word, (gssize)length);
      return;
    }
  g_string_append_c (line, '\'');
  for (gsize i = 0; i < length; i++)
    {
      if (word[i] == '\'')
        g_string_append (line, "'\\''");
      else
        g_string_append_c (line, word[i]);
    }
  g_string_append_c (line, '\'');
}

char *
atlas_proc_command_line_dup (const char *text, gsize length)
{
  while (length > 0 && text[length - 1] == '\0')
    length--;
  if (length == 0)
    return NULL;
  if (memchr (text, '\0', length) == NULL)
    return g_strndup (text, length);

  GString *line = g_string_sized_new (length + 16);
  const char *end = text + length;
  for (const char *word = text; word <= end;)
    {
      const char *nul = memchr (word, '\0', (gsize)(end - word));
      const char *stop = nul != NULL ? nul : end;
      if (line->len > 0 || word > text)
        g_string_append_c (line, ' ');
      append_quoted (line, word, (gsize)(stop - word));
      word = stop + 1;
    }
  return g_string_free (line, FALSE);
}
