/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A snapshot as aligned text for reading: what was scanned, when and on what, what is missing, the
 * summary and the details. KiB as plain integers; zero is blank, unknown a dash. Borrows the
 * snapshot; any thread.
 */

#include "config.h"

#include "format/exporters-private.h"

#include "core/column.h"
#include "core/type.h"
#include "format/report-private.h"
#include "format/text-sink-private.h"
#include "util/text.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <string.h>

/* Details texts up to this many characters keep the reasons behind them aligned. */
#define DETAILS_WIDTH 48

#define UNKNOWN_TEXT "\342\200\223" /* en dash */

typedef struct
{
  AtlasColumn column;
  const char *title; /* translated */
  gsize upper;       /* bytes of title that stand on the upper line; 0: it has one line */
  gsize width;       /* characters */
} TextColumn;

typedef struct
{
  const AtlasSnapshot *snapshot;
  AtlasTextSink sink;
  guint bits;
  TextColumn columns[ATLAS_N_COLUMNS]; /* of the numbers, both tables */
  guint n_columns;
  gsize type_width;
  gsize protection_width;
  gsize details_width;
} TextExport;

static gsize
text_width (const char *text)
{
  gsize width = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar character = g_utf8_get_char (text);
      width += g_unichar_iszerowidth (character) ? 0 : g_unichar_iswide (character) ? 2 : 1;
    }
  return width;
}

static gsize
number_width (guint64 number)
{
  char text[ATLAS_INTEGER_TEXT_SIZE];

  return number == ATLAS_UNKNOWN ? 1 : atlas_integer_to_text (number, text);
}

static guint64
shown_number (const AtlasColumnInfo *info, guint64 value)
{
  return value == ATLAS_UNKNOWN || info->kind == ATLAS_COLUMN_COUNT ? value
                                                                    : atlas_report_kib (value);
}

/* Number and column apart by two blanks; no blank at the end of a line. */
static void
append_number (AtlasTextSink *sink, guint64 number, gsize width)
{
  if (number == 0)
    atlas_text_sink_fill (sink, ' ', width);
  else if (number == ATLAS_UNKNOWN)
    {
      atlas_text_sink_fill (sink, ' ', width - 1);
      atlas_text_sink_append_text (sink, UNKNOWN_TEXT);
    }
  else
    {
      char text[ATLAS_INTEGER_TEXT_SIZE];
      gsize length = atlas_integer_to_text (number, text);
      atlas_text_sink_fill (sink, ' ', width > length ? width - length : 0);
      atlas_text_sink_append (sink, text, length);
    }
}

static void
append_left (AtlasTextSink *sink, const char *text, gsize width)
{
  gsize used = text_width (text);

  atlas_text_sink_append_text (sink, text);
  atlas_text_sink_fill (sink, ' ', width > used ? width - used : 0);
}

static void
append_right (AtlasTextSink *sink, const char *text, gsize width)
{
  gsize used = text_width (text);

  atlas_text_sink_fill (sink, ' ', width > used ? width - used : 0);
  atlas_text_sink_append_text (sink, text);
}

static void
end_line (AtlasTextSink *sink)
{
  while (sink->used > 0 && sink->data[sink->used - 1] == ' ')
    sink->used--;
  atlas_text_sink_append_char (sink, '\n');
}

/* A column is shown where the process has anything in it: most have nothing locked or swapped, and
 * lines are long as it is. */
static gboolean
is_worth_a_column (const AtlasSnapshot *snapshot, const AtlasColumnInfo *info)
{
  const AtlasTotals *totals = atlas_snapshot_get_totals (snapshot, ATLAS_TYPE_TOTAL);

  return info->figure >= 0 && totals->figures.value[info->figure] != 0;
}

/* A title of several words takes two lines, so that it is not wider than its numbers. */
static void
set_title (TextColumn *column, const char *title)
{
  const char *blank = strrchr (title, ' ');

  column->title = title;
  column->upper = blank != NULL ? (gsize)(blank - title) : 0;
  if (blank == NULL)
    {
      column->width = text_width (title);
      return;
    }
  g_autofree char *upper = g_strndup (title, column->upper);
  column->width = MAX (text_width (upper), text_width (blank + 1));
}

static gsize
figure_width (const AtlasSnapshot *snapshot, const AtlasColumnInfo *info)
{
  gsize width = 0;

  for (guint type = ATLAS_TYPE_TOTAL; type < ATLAS_N_TYPES; type++)
    {
      const AtlasTotals *totals = atlas_snapshot_get_totals (snapshot, type);
      guint64 value = totals->figures.value[info->figure];
      /* A sum that is unknown says nothing of its parts: they are not larger than the Size. */
      if (value == ATLAS_UNKNOWN)
        value = totals->figures.value[ATLAS_FIGURE_SIZE];
      width = MAX (width, number_width (shown_number (info, value)));
    }
  return width;
}

static void
choose_columns (TextExport *export)
{
  for (guint c = 0; c < ATLAS_N_COLUMNS; c++)
    {
      const AtlasColumnInfo *info = atlas_column_get_info (c);
      if (c != ATLAS_COLUMN_LARGEST && !is_worth_a_column (export->snapshot, info))
        continue;
      TextColumn *column = &export->columns[export->n_columns++];
      column->column = c;
      set_title (column, _ (info->title));
      gsize width = c == ATLAS_COLUMN_LARGEST
                      ? figure_width (export->snapshot, atlas_column_get_info (ATLAS_COLUMN_SIZE))
                      : figure_width (export->snapshot, info);
      column->width = MAX (column->width, width);
    }
  for (guint type = ATLAS_TYPE_TOTAL; type < ATLAS_N_TYPES; type++)
    export->type_width =
      MAX (export->type_width, text_width (_ (atlas_type_get_info (type)->name)));
}

static void
append_fact (AtlasTextSink *sink, const char *title, const char *bytes)
{
  if (bytes == NULL || *bytes == '\0')
    return;
  g_autofree char *display = atlas_bytes_dup_display (bytes);
  append_left (sink, title, 16);
  atlas_text_sink_append_text (sink, display);
  atlas_text_sink_append_char (sink, '\n');
}

/* The same on every machine: UTC, ISO 8601. */
static char *
dup_time (gint64 time)
{
  g_autoptr (GDateTime) moment = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);

  if (time == 0 || moment == NULL)
    return NULL;
  return g_date_time_format (moment, "%Y-%m-%d %H:%M:%S UTC");
}

static void
append_process_facts (TextExport *export)
{
  const AtlasProcess *process = atlas_snapshot_get_process (export->snapshot);
  AtlasTextSink *sink = &export->sink;
  g_autofree char *started = dup_time (process->start_time);
  g_autofree char *name =
    g_strdup_printf (_ ("%s (PID %d)"), process->name != NULL ? process->name : "?", process->pid);
  g_autofree char *threads =
    process->n_threads > 0 ? g_strdup_printf ("%u", process->n_threads) : NULL;
  g_autofree char *user = NULL;
  g_autofree char *machine = NULL;

  if (process->uid != G_MAXUINT32)
    user = process->user != NULL ? g_strdup_printf ("%s (%u)", process->user, process->uid)
                                 : g_strdup_printf ("%u", process->uid);
  if (process->bits != 0)
    machine = g_strdup_printf (
      _ ("%s, %u-bit"), process->architecture != NULL ? process->architecture : "?", process->bits);
  append_fact (sink, _ ("Process:"), name);
  append_fact (sink, _ ("Command line:"), process->command_line);
  append_fact (sink, _ ("Executable:"), process->executable);
  append_fact (sink, _ ("User:"), user);
  append_fact (sink, _ ("Started:"), started);
  append_fact (sink, _ ("Threads:"), threads);
  append_fact (sink, _ ("Architecture:"), machine);
  append_fact (sink, _ ("Control group:"), process->cgroup);
}

static void
append_scan_facts (TextExport *export)
{
  AtlasTextSink *sink = &export->sink;
  const AtlasSnapshot *snapshot = export->snapshot;
  g_autofree char *time = dup_time (atlas_snapshot_get_time (snapshot));
  g_autofree char *scanned = NULL;
  gint64 duration = atlas_snapshot_get_duration (snapshot);
  g_autofree char *amounts = g_strdup_printf (
    /* Translators: %s is the dash that stands for what is not known */
    _ ("KiB; blank is zero, as is a column that is missing, %s is unknown; "
       "indented lines are the blocks of a region of several"),
    UNKNOWN_TEXT);

  if (time != NULL)
    scanned = g_strdup_printf (_ ("%s, took %" PRId64 " ms"), time, (duration + 999) / 1000);
  append_fact (sink, _ ("Scanned:"), scanned);
  append_fact (sink, _ ("Host:"), atlas_snapshot_get_host (snapshot));
  append_fact (sink, _ ("Kernel:"), atlas_snapshot_get_kernel (snapshot));
  append_fact (sink, _ ("Written by:"), "Memory Atlas " ATLAS_VERSION);
  append_fact (sink, _ ("Amounts:"), amounts);
}

static void
append_notes (TextExport *export)
{
  g_autoptr (GPtrArray) notes = atlas_report_dup_notes (export->snapshot, FALSE);
  AtlasTextSink *sink = &export->sink;

  for (guint i = 0; i < notes->len; i++)
    {
      const AtlasReportNote *note = notes->pdata[i];
      g_autofree char *what = atlas_bytes_dup_display (_ (note->what));
      g_autofree char *text = atlas_bytes_dup_display (note->text);

      append_left (sink, i == 0 ? _ ("Notes:") : "", 16);
      atlas_text_sink_append_text (sink, what);
      atlas_text_sink_append_text (sink, ": ");
      atlas_text_sink_append_text (sink, text);
      atlas_text_sink_append_char (sink, '\n');
    }
}

/* The upper or the lower line of the titles of the numbers. */
static void
append_titles (TextExport *export, gboolean summary, gboolean is_upper)
{
  for (guint i = 0; i < export->n_columns; i++)
    {
      const TextColumn *column = &export->columns[i];
      if (!summary && column->column == ATLAS_COLUMN_LARGEST)
        continue;
      g_autofree char *upper = g_strndup (column->title, column->upper);
      const char *lower = column->upper > 0 ? column->title + column->upper + 1 : column->title;
      atlas_text_sink_fill (&export->sink, ' ', 2);
      append_right (&export->sink, is_upper ? upper : lower, column->width);
    }
}

static void
append_summary (TextExport *export)
{
  AtlasTextSink *sink = &export->sink;

  append_left (sink, "", export->type_width);
  append_titles (export, TRUE, TRUE);
  end_line (sink);
  append_left (sink, _ (atlas_column_get_info (ATLAS_COLUMN_TYPE)->title), export->type_width);
  append_titles (export, TRUE, FALSE);
  end_line (sink);
  for (guint type = ATLAS_TYPE_TOTAL; type < ATLAS_N_TYPES; type++)
    {
      const AtlasTotals *totals = atlas_snapshot_get_totals (export->snapshot, type);
      append_left (sink, _ (atlas_type_get_info (type)->name), export->type_width);
      for (guint i = 0; i < export->n_columns; i++)
        {
          const TextColumn *column = &export->columns[i];
          const AtlasColumnInfo *info = atlas_column_get_info (column->column);
          guint64 value = column->column == ATLAS_COLUMN_LARGEST
                            ? totals->largest
                            : totals->figures.value[info->figure];
          atlas_text_sink_fill (sink, ' ', 2);
          append_number (sink, shown_number (info, value), column->width);
        }
      end_line (sink);
    }
}

/* A region of one block is one line, unless its block has a label of its own. */
static gboolean
is_folded (const AtlasReportRow *row)
{
  return row->block != NULL && row->region->n_blocks == 1 &&
         (row->block->label == 0 || row->block->label == row->region->details);
}

static guint8
row_protection (TextExport *export, const AtlasReportRow *row)
{
  return row->block != NULL ? row->block->protection
                            : atlas_snapshot_region_get_protection (export->snapshot, row->region);
}

static void
append_row_text (TextExport *export, const AtlasReportRow *row)
{
  AtlasTextSink *sink = &export->sink;
  const char *protection =
    row->has_address ? _ (atlas_protection_get_text (row_protection (export, row))) : "";
  AtlasStringId id = row->block != NULL ? row->block->label : row->region->details;
  const char *bytes = atlas_snapshot_get_string (export->snapshot, id);
  g_autofree char *details = atlas_bytes_dup_display (bytes != NULL ? bytes : "");

  atlas_text_sink_fill (sink, ' ', 2);
  append_left (sink, protection, export->protection_width);
  atlas_text_sink_fill (sink, ' ', 2);
  append_left (sink, details, row->block != NULL ? 0 : export->details_width);
  bytes = atlas_snapshot_get_string (export->snapshot, row->region->reason);
  if (row->block == NULL && bytes != NULL)
    {
      g_autofree char *reason = atlas_bytes_dup_display (bytes);
      atlas_text_sink_fill (sink, ' ', 2);
      atlas_text_sink_append_text (sink, reason);
    }
}

static void
append_row_address (TextExport *export, const AtlasReportRow *row)
{
  char text[ATLAS_ADDRESS_TEXT_SIZE] = "";
  gsize width = export->bits / 4 + 2;
  gsize indent = row->block != NULL ? 2 : 0;

  if (row->has_address)
    atlas_address_to_text (row->start, export->bits, text);
  atlas_text_sink_fill (&export->sink, ' ', indent);
  append_left (&export->sink, text, width - indent);
}

static gboolean
append_details_row (const AtlasReportRow *row, gpointer data)
{
  TextExport *export = data;
  AtlasTextSink *sink = &export->sink;

  if (is_folded (row))
    return TRUE;
  append_row_address (export, row);
  atlas_text_sink_fill (sink, ' ', 2);
  append_left (sink, _ (atlas_type_get_info (row->type)->name), export->type_width);
  for (guint i = 0; i < export->n_columns; i++)
    {
      const TextColumn *column = &export->columns[i];
      const AtlasColumnInfo *info = atlas_column_get_info (column->column);
      if (column->column == ATLAS_COLUMN_LARGEST)
        continue;
      gboolean blank = column->column == ATLAS_COLUMN_BLOCKS && row->block != NULL;
      atlas_text_sink_fill (sink, ' ', 2);
      append_number (sink, blank ? 0 : shown_number (info, row->figures.value[info->figure]),
                     column->width);
    }
  if (row->region != NULL)
    append_row_text (export, row);
  end_line (sink);
  return sink->error == NULL;
}

static void
measure_texts (TextExport *export)
{
  guint n_regions = atlas_snapshot_get_n_regions (export->snapshot);
  guint n_blocks = atlas_snapshot_get_n_blocks (export->snapshot);
  guint32 protections = 0;

  export->protection_width =
    text_width (_ (atlas_column_get_info (ATLAS_COLUMN_PROTECTION)->title));
  export->details_width = text_width (_ (atlas_column_get_info (ATLAS_COLUMN_DETAILS)->title));
  for (guint i = 0; i < n_blocks; i++)
    protections |= 1u << (atlas_snapshot_get_block (export->snapshot, i)->protection & 15);
  for (guint i = 0; i < n_regions; i++)
    {
      const AtlasRegion *region = atlas_snapshot_get_region (export->snapshot, i);
      guint8 protection = atlas_snapshot_region_get_protection (export->snapshot, region);
      protections |= 1u << (protection & 15);
      const char *details = atlas_snapshot_get_string (export->snapshot, region->details);
      gsize length = details != NULL ? strlen (details) : 0;
      export->details_width = MAX (export->details_width, MIN (length, DETAILS_WIDTH));
    }
  for (guint i = 0; i < 16; i++)
    if (protections & 1u << i)
      {
        gsize width = text_width (_ (atlas_protection_get_text ((guint8)i)));
        export->protection_width = MAX (export->protection_width, width);
      }
}

static void
append_details (TextExport *export)
{
  AtlasTextSink *sink = &export->sink;

  measure_texts (export);
  append_left (sink, "", export->bits / 4 + 2 + 2 + export->type_width);
  append_titles (export, FALSE, TRUE);
  end_line (sink);
  append_left (sink, _ (atlas_column_get_info (ATLAS_COLUMN_ADDRESS)->title), export->bits / 4 + 2);
  atlas_text_sink_fill (sink, ' ', 2);
  append_left (sink, _ (atlas_column_get_info (ATLAS_COLUMN_TYPE)->title), export->type_width);
  append_titles (export, FALSE, FALSE);
  atlas_text_sink_fill (sink, ' ', 2);
  append_left (sink, _ (atlas_column_get_info (ATLAS_COLUMN_PROTECTION)->title),
               export->protection_width);
  atlas_text_sink_fill (sink, ' ', 2);
  append_left (sink, _ (atlas_column_get_info (ATLAS_COLUMN_DETAILS)->title),
               export->details_width);
  atlas_text_sink_fill (sink, ' ', 2);
  atlas_text_sink_append_text (sink, _ (atlas_column_get_info (ATLAS_COLUMN_REASON)->title));
  end_line (sink);
  atlas_report_foreach_row (export->snapshot, append_details_row, export);
}

gboolean
atlas_txt_write (AtlasHistory *history, guint index, GOutputStream *stream,
                 GCancellable *cancellable, GError **error)
{
  TextExport export = { .snapshot = atlas_history_get (history, index) };

  export.bits = atlas_report_get_bits (export.snapshot);
  atlas_text_sink_init (&export.sink, stream, cancellable);
  choose_columns (&export);

  append_process_facts (&export);
  append_scan_facts (&export);
  append_notes (&export);
  atlas_text_sink_append_char (&export.sink, '\n');
  append_summary (&export);
  atlas_text_sink_append_char (&export.sink, '\n');
  append_details (&export);

  gboolean written = atlas_text_sink_finish (&export.sink, error);
  atlas_text_sink_clear (&export.sink);
  return written;
}
