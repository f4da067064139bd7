/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mematlas list: the table of processes as aligned text, CSV or JSON. The columns of each are
 * fixed; a new one would come last.
 */

#include "config.h"

#include "cli/command.h"
#include "cli/message.h"
#include "cli/output.h"
#include "scan/machine-source.h"
#include "util/error.h"
#include "util/text.h"

#include <glib/gi18n.h>
#include <string.h>

/* The columns of the text and of CSV. */
enum
{
  COLUMN_PID,
  COLUMN_USER,
  COLUMN_NAME,
  COLUMN_PRIVATE_BYTES,
  COLUMN_WORKING_SET,
  COLUMN_ARCHITECTURE,
  COLUMN_READABLE,
  COLUMN_REASON,       /* CSV only; the text has a few words of it in READABLE */
  COLUMN_COMMAND_LINE, /* CSV only */
  N_COLUMNS,
  N_TEXT_COLUMNS = COLUMN_REASON,
};

/* English in every locale: what is printed is read by scripts, too. Amounts are KiB. */
static const char *const titles[N_COLUMNS] = { "PID",           "User",        "Name",
                                               "Private Bytes", "Working Set", "Architecture",
                                               "Readable",      "Reason",      "Command Line" };
static const gboolean numeric[N_COLUMNS] = {
  [COLUMN_PID] = TRUE, [COLUMN_PRIVATE_BYTES] = TRUE, [COLUMN_WORKING_SET] = TRUE
};

typedef struct
{
  char *cell[N_COLUMNS];
} Line;

static void
line_free (gpointer data)
{
  Line *line = data;

  for (guint i = 0; i < N_COLUMNS; i++)
    g_free (line->cell[i]);
  g_free (line);
}

static char *
dup_kib (guint64 bytes)
{
  if (bytes == ATLAS_UNKNOWN)
    return g_strdup ("");
  return g_strdup_printf ("%" G_GUINT64_FORMAT, bytes / 1024 + (bytes % 1024 != 0));
}

static char *
dup_text (const char *bytes)
{
  return atlas_bytes_dup_display (bytes != NULL ? bytes : "");
}

static Line *
line_new (const AtlasProcess *process)
{
  Line *line = g_new0 (Line, 1);

  line->cell[COLUMN_PID] = g_strdup_printf ("%d", process->pid);
  line->cell[COLUMN_USER] = dup_text (process->user);
  line->cell[COLUMN_NAME] = dup_text (process->name);
  line->cell[COLUMN_PRIVATE_BYTES] = dup_kib (process->private_bytes);
  line->cell[COLUMN_WORKING_SET] = dup_kib (process->working_set);
  line->cell[COLUMN_ARCHITECTURE] = dup_text (process->architecture);
  line->cell[COLUMN_READABLE] = g_strdup (process->unreadable == NULL ? "yes" : "no");
  line->cell[COLUMN_REASON] = dup_text (process->unreadable);
  line->cell[COLUMN_COMMAND_LINE] = dup_text (process->command_line);
  return line;
}

/* How many columns of a terminal @text takes. */
static guint
get_width (const char *text)
{
  guint width = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar character = g_utf8_get_char (text);
      if (!g_unichar_iszerowidth (character))
        width += g_unichar_iswide (character) ? 2 : 1;
    }
  return width;
}

static void
append_padded (GString *out, const char *text, guint width, gboolean right)
{
  guint padding = width - MIN (width, get_width (text));

  if (right)
    g_string_append_printf (out, "%*s", (int)padding, "");
  g_string_append (out, text);
  if (!right)
    g_string_append_printf (out, "%*s", (int)padding, "");
}

/* The last column stands as it is, with the reason behind a "no"; cells[] has N_COLUMNS. */
static void
append_text_line (GString *out, const char *const cells[], const guint widths[])
{
  for (guint i = 0; i < COLUMN_READABLE; i++)
    {
      append_padded (out, *cells[i] != '\0' ? cells[i] : "-", widths[i], numeric[i]);
      g_string_append (out, "  ");
    }
  g_string_append (out, cells[COLUMN_READABLE]);
  if (cells[COLUMN_REASON][0] != '\0')
    g_string_append_printf (out, ": %s", cells[COLUMN_REASON]);
  g_string_append_c (out, '\n');
}

/* What the reason begins with, without the process, which stands ahead of it in the line; the
 * remedy is left to CSV and JSON, and to “mematlas -p PID -”. */
static char *
dup_short_reason (const AtlasProcess *process)
{
  if (process->unreadable == NULL)
    return g_strdup ("");
  /* There are hundreds of them, and all for the same reason. */
  if (process->kernel_thread)
    return g_strdup (_ ("kernel thread"));
  g_autofree char *title = atlas_process_dup_title (process);
  if (!g_str_has_prefix (process->unreadable, title))
    return atlas_bytes_dup_display (process->unreadable);
  const char *rest = process->unreadable + strlen (title);
  rest += *rest == ' ';
  const char *colon = strstr (rest, ": ");
  g_autofree char *beginning =
    g_strndup (rest, colon != NULL ? (gsize)(colon - rest) : strlen (rest));
  return atlas_bytes_dup_display (beginning);
}

static void
append_text (GString *out, GPtrArray *processes)
{
  static const char *const head[N_COLUMNS] = {
    "PID", "USER", "NAME", "PRIVATE/KiB", "WORKING-SET/KiB", "ARCH", "READABLE", "", ""
  };
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (line_free);
  guint widths[N_TEXT_COLUMNS];

  for (guint i = 0; i < N_TEXT_COLUMNS; i++)
    widths[i] = get_width (head[i]);
  for (guint i = 0; i < processes->len; i++)
    {
      const AtlasProcess *process = g_ptr_array_index (processes, i);
      Line *line = line_new (process);
      g_free (line->cell[COLUMN_REASON]);
      line->cell[COLUMN_REASON] = dup_short_reason (process);
      for (guint j = 0; j < N_TEXT_COLUMNS; j++)
        widths[j] = MAX (widths[j], get_width (line->cell[j]));
      g_ptr_array_add (lines, line);
    }
  append_text_line (out, head, widths);
  for (guint i = 0; i < lines->len; i++)
    {
      const Line *line = g_ptr_array_index (lines, i);
      append_text_line (out, (const char *const *)line->cell, widths);
    }
}

static void
append_csv_cell (GString *out, const char *text, gboolean bare)
{
  if (bare)
    {
      g_string_append (out, text);
      return;
    }
  g_string_append_c (out, '"');
  for (; *text != '\0'; text++)
    {
      if (*text == '"')
        g_string_append_c (out, '"');
      g_string_append_c (out, *text);
    }
  g_string_append_c (out, '"');
}

static void
append_csv_line (GString *out, const char *const cells[], gboolean head)
{
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      append_csv_cell (out, cells[i], numeric[i] && !head);
    }
  g_string_append_c (out, '\n');
}

static void
append_csv (GString *out, GPtrArray *processes)
{
  append_csv_line (out, titles, TRUE);
  for (guint i = 0; i < processes->len; i++)
    {
      Line *line = line_new (g_ptr_array_index (processes, i));
      append_csv_line (out, (const char *const *)line->cell, FALSE);
      line_free (line);
    }
}

/* @bytes: any bytes; those that are not UTF-8, and control characters, appear as \ooo. */
static void
append_json_text (GString *out, const char *key, const char *bytes)
{
  g_string_append_printf (out, ", \"%s\": ", key);
  if (bytes == NULL)
    {
      g_string_append (out, "null");
      return;
    }
  g_autofree char *text = atlas_bytes_dup_display (bytes);
  g_string_append_c (out, '"');
  for (const char *at = text; *at != '\0'; at++)
    {
      if (*at == '"' || *at == '\\')
        g_string_append_c (out, '\\');
      g_string_append_c (out, *at);
    }
  g_string_append_c (out, '"');
}

static void
append_json_bytes (GString *out, const char *key, guint64 bytes)
{
  if (bytes == ATLAS_UNKNOWN)
    g_string_append_printf (out, ", \"%s\": null", key);
  else
    g_string_append_printf (out, ", \"%s\": %" G_GUINT64_FORMAT, key, bytes);
}

static void
append_json (GString *out, GPtrArray *processes)
{
  g_string_append (out, "[\n");
  for (guint i = 0; i < processes->len; i++)
    {
      const AtlasProcess *process = g_ptr_array_index (processes, i);
      g_string_append_printf (out, "  { \"pid\": %d", process->pid);
      append_json_text (out, "user", process->user);
      append_json_text (out, "name", process->name);
      append_json_bytes (out, "private_bytes", process->private_bytes);
      append_json_bytes (out, "working_set", process->working_set);
      append_json_text (out, "architecture", process->architecture);
      g_string_append_printf (out, ", \"readable\": %s",
                              process->unreadable == NULL ? "true" : "false");
      append_json_text (out, "reason", process->unreadable);
      append_json_text (out, "command_line", process->command_line);
      g_string_append (out, i + 1 < processes->len ? " },\n" : " }\n");
    }
  g_string_append (out, "]\n");
}

static const struct
{
  const char *key;
  void (*append) (GString *out, GPtrArray *processes);
} list_formats[] = {
  { "txt", append_text },
  { "csv", append_csv },
  { "json", append_json },
};

int
atlas_command_list (const AtlasOptions *options)
{
  const char *key = options->format != NULL ? options->format : list_formats[0].key;
  g_autoptr (GError) error = NULL;
  guint format = 0;

  while (format < G_N_ELEMENTS (list_formats) && strcmp (list_formats[format].key, key) != 0)
    format++;
  if (format == G_N_ELEMENTS (list_formats))
    {
      g_autofree char *word = atlas_bytes_dup_display (key);
      g_set_error (&error, ATLAS_ERROR, ATLAS_ERROR_USAGE,
                   _ ("The list has no format “%s”; it has txt, csv and json"), word);
      return atlas_message_usage (error);
    }

  g_autoptr (AtlasSource) source = atlas_machine_source_new (options->proc_root, &error);
  if (source == NULL)
    return atlas_message_error (error);
  g_autoptr (GPtrArray) processes = atlas_source_list (source, NULL, &error);
  if (processes == NULL)
    return atlas_message_error (error);

  if (processes->len == 0)
    {
      g_autofree char *name =
        g_filename_display_name (options->proc_root != NULL ? options->proc_root : "/proc");
      atlas_message (_ ("There is no process in “%s”; a /proc tree has a folder named by a number "
                        "for each"),
                     name);
      return ATLAS_EXIT_FAILURE;
    }
  g_autoptr (GString) out = g_string_new (NULL);
  list_formats[format].append (out, processes);
  if (!atlas_output_print (out->str, out->len, &error))
    return atlas_message_error (error);
  return ATLAS_EXIT_OK;
}
