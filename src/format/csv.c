/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Comma-separated values in the layout of VMMap: process, summary table, details table, and notes
 * on what is unknown. KiB as plain integers, zero and unknown as empty fields, RFC 4180 quoting,
 * LF. Borrows the snapshot; any thread.
 */

#include "config.h"

#include "format/exporters-private.h"

#include "core/column.h"
#include "core/type.h"
#include "format/report-private.h"
#include "format/text-sink-private.h"
#include "util/error.h"
#include "util/text.h"

/* VMMap's columns in its order, and then, of the same table of columns, those that Linux adds. */
typedef struct
{
  AtlasColumn columns[ATLAS_N_COLUMNS];
  guint n;
} ColumnList;

typedef struct
{
  const AtlasSnapshot *snapshot;
  AtlasTextSink sink;
  ColumnList details;
  int figures[ATLAS_N_COLUMNS]; /* of the columns of details: AtlasFigure, or -1 for a text */
  guint bits;
  gboolean numa;
} CsvExport;

static void
list_columns (ColumnList *list, AtlasColumnFlags where)
{
  list->n = 0;
  for (guint c = 0; c < ATLAS_N_COLUMNS; c++)
    if (atlas_column_get_info (c)->flags & where)
      list->columns[list->n++] = c;
}

/* Printable ASCII without a quote needs no look at its encoding: nearly every field there is.
 * FALSE, with nothing appended, where it is more than that. */
static gboolean
append_plain (AtlasTextSink *sink, const char *text)
{
  char *at = atlas_text_sink_reserve (sink, ATLAS_TEXT_SINK_PIECE);
  const char *end = at + ATLAS_TEXT_SINK_PIECE - 1;

  for (*at++ = '"'; *text != '\0'; text++)
    {
      guchar byte = (guchar)*text;
      if (byte < 0x20 || byte > 0x7e || byte == '"' || at == end)
        return FALSE;
      *at++ = (char)byte;
    }
  *at++ = '"';
  atlas_text_sink_advance (sink, at);
  return TRUE;
}

/* Quotes are doubled; bytes that are no UTF-8 and control characters stand as \ooo. */
static void
append_quoted (AtlasTextSink *sink, const char *text)
{
  if (text == NULL || *text == '\0' || append_plain (sink, text))
    return;

  g_autofree char *display = atlas_bytes_dup_display (text);
  atlas_text_sink_append_char (sink, '"');
  for (const char *at = display; *at != '\0';)
    {
      const char *quote = strchr (at, '"');
      gsize run = quote != NULL ? (gsize)(quote - at) + 1 : strlen (at);
      atlas_text_sink_append (sink, at, run);
      if (quote != NULL)
        atlas_text_sink_append_char (sink, '"');
      at += run;
    }
  atlas_text_sink_append_char (sink, '"');
}

static void
append_amount (AtlasTextSink *sink, guint64 bytes)
{
  if (bytes != 0 && bytes != ATLAS_UNKNOWN)
    atlas_text_sink_append_number (sink, atlas_report_kib (bytes));
}

static void
append_count (AtlasTextSink *sink, guint64 count)
{
  if (count != 0 && count != ATLAS_UNKNOWN)
    atlas_text_sink_append_number (sink, count);
}

static void
append_header (AtlasTextSink *sink, const ColumnList *list)
{
  for (guint i = 0; i < list->n; i++)
    {
      if (i > 0)
        atlas_text_sink_append_char (sink, ',');
      append_quoted (sink, atlas_column_get_info (list->columns[i])->title);
    }
  atlas_text_sink_append_char (sink, '\n');
}

static void
append_summary_field (CsvExport *export, AtlasColumn column, AtlasType type)
{
  const AtlasTotals *totals = atlas_snapshot_get_totals (export->snapshot, type);
  const AtlasColumnInfo *info = atlas_column_get_info (column);

  if (column == ATLAS_COLUMN_TYPE)
    append_quoted (&export->sink, atlas_type_get_info (type)->name);
  else if (column == ATLAS_COLUMN_LARGEST)
    append_amount (&export->sink, totals->largest);
  else if (column == ATLAS_COLUMN_NUMA && export->numa)
    {
      g_autofree char *text = atlas_report_dup_type_numa (export->snapshot, type);
      append_quoted (&export->sink, text);
    }
  else if (info->figure >= 0 && info->kind == ATLAS_COLUMN_COUNT)
    append_count (&export->sink, totals->figures.value[info->figure]);
  else if (info->figure >= 0)
    append_amount (&export->sink, totals->figures.value[info->figure]);
}

static void
append_summary (CsvExport *export)
{
  ColumnList list;

  list_columns (&list, ATLAS_COLUMN_IN_SUMMARY);
  append_header (&export->sink, &list);
  for (guint type = ATLAS_TYPE_TOTAL; type < ATLAS_N_TYPES; type++)
    {
      for (guint i = 0; i < list.n; i++)
        {
          if (i > 0)
            atlas_text_sink_append_char (&export->sink, ',');
          append_summary_field (export, list.columns[i], type);
        }
      atlas_text_sink_append_char (&export->sink, '\n');
    }
}

/* A block stands two blanks to the right of its region. */
static void
append_address (CsvExport *export, const AtlasReportRow *row)
{
  if (!row->has_address && row->block == NULL)
    return;
  char *at = atlas_text_sink_reserve (&export->sink, ATLAS_ADDRESS_TEXT_SIZE + 4);
  *at++ = '"';
  if (row->block != NULL)
    {
      *at++ = ' ';
      *at++ = ' ';
    }
  if (row->has_address)
    {
      atlas_address_to_text (row->start, export->bits, at);
      at += export->bits == 32 && row->start <= G_MAXUINT32 ? 8 : 16;
    }
  *at++ = '"';
  atlas_text_sink_advance (&export->sink, at);
}

static void
append_protection (CsvExport *export, const AtlasReportRow *row)
{
  if (row->region == NULL || !row->has_address)
    return;
  guint8 protection = row->block != NULL
                        ? row->block->protection
                        : atlas_snapshot_region_get_protection (export->snapshot, row->region);
  append_quoted (&export->sink, atlas_protection_get_text (protection));
}

static void
append_numa (CsvExport *export, const AtlasReportRow *row)
{
  if (row->region == NULL || !export->numa)
    return;
  guint first = row->region->first_block;
  guint n = row->region->n_blocks;
  g_autofree char *text = NULL;
  if (row->block == NULL)
    text = atlas_report_dup_numa (export->snapshot, first, n);
  else if (row->block->numa != 0)
    {
      first = (guint)(row->block - atlas_snapshot_get_block (export->snapshot, 0));
      text = atlas_report_dup_numa (export->snapshot, first, 1);
    }
  append_quoted (&export->sink, text);
}

static void
append_details_text (CsvExport *export, AtlasColumn column, const AtlasReportRow *row)
{
  AtlasStringId id = 0;

  switch (column)
    {
    case ATLAS_COLUMN_ADDRESS:
      append_address (export, row);
      return;
    case ATLAS_COLUMN_TYPE:
      append_quoted (&export->sink, atlas_type_get_info (row->type)->name);
      return;
    case ATLAS_COLUMN_PROTECTION:
      append_protection (export, row);
      return;
    case ATLAS_COLUMN_NUMA:
      append_numa (export, row);
      return;
    case ATLAS_COLUMN_DETAILS:
      if (row->region != NULL)
        id = row->block != NULL ? row->block->label : row->region->details;
      break;
    case ATLAS_COLUMN_REASON:
      if (row->region != NULL && row->block == NULL)
        id = row->region->reason;
      break;
    default:
      break;
    }
  append_quoted (&export->sink, atlas_snapshot_get_string (export->snapshot, id));
}

/* Like atlas_text_sink_append_number(), for the one loop where every instruction counts. */
static char *
put_number (char *at, guint64 number)
{
  char digits[ATLAS_INTEGER_TEXT_SIZE];
  guint n = sizeof digits;
  guint32 low;

  for (; number > G_MAXUINT32; number /= 10)
    digits[--n] = (char)('0' + number % 10);
  low = (guint32)number;
  do
    digits[--n] = (char)('0' + low % 10);
  while ((low /= 10) != 0);
  while (n < sizeof digits)
    *at++ = digits[n++];
  return at;
}

static gboolean
append_details_row (const AtlasReportRow *row, gpointer data)
{
  CsvExport *export = data;
  AtlasTextSink *sink = &export->sink;
  char *at = atlas_text_sink_reserve (sink, ATLAS_TEXT_SINK_PIECE);

  for (guint i = 0; i < export->details.n; i++)
    {
      int figure = export->figures[i];

      if (i > 0)
        *at++ = ',';
      if (figure < 0)
        {
          atlas_text_sink_advance (sink, at);
          append_details_text (export, export->details.columns[i], row);
          at = atlas_text_sink_reserve (sink, ATLAS_TEXT_SINK_PIECE);
          continue;
        }
      guint64 value = row->figures.value[figure];
      if (value == 0 || value == ATLAS_UNKNOWN)
        continue;
      if (figure != ATLAS_FIGURE_BLOCKS)
        at = put_number (at, atlas_report_kib (value));
      else if (row->block == NULL)
        at = put_number (at, value);
    }
  *at++ = '\n';
  atlas_text_sink_advance (sink, at);
  return sink->error == NULL;
}

static void
append_notes (CsvExport *export)
{
  g_autoptr (GPtrArray) notes = atlas_report_dup_notes (export->snapshot, TRUE);

  if (notes->len > 0)
    atlas_text_sink_append_char (&export->sink, '\n');
  for (guint i = 0; i < notes->len; i++)
    {
      const AtlasReportNote *note = notes->pdata[i];
      atlas_text_sink_append_text (&export->sink, "\"Note:\",");
      append_quoted (&export->sink, note->what);
      atlas_text_sink_append_char (&export->sink, ',');
      append_quoted (&export->sink, note->text);
      atlas_text_sink_append_char (&export->sink, '\n');
    }
}

static void
append_process (CsvExport *export)
{
  const AtlasProcess *process = atlas_snapshot_get_process (export->snapshot);

  atlas_text_sink_append_text (&export->sink, "\"Process:\",");
  append_quoted (&export->sink, process->name);
  atlas_text_sink_append_text (&export->sink, "\n\"PID:\",\"");
  atlas_text_sink_append_number (&export->sink, (guint64)MAX (process->pid, 0));
  atlas_text_sink_append_text (&export->sink, "\"\n\n");
}

gboolean
atlas_csv_write (AtlasHistory *history, guint index, GOutputStream *stream,
                 GCancellable *cancellable, GError **error)
{
  CsvExport export = { .snapshot = atlas_history_get (history, index) };

  export.bits = atlas_report_get_bits (export.snapshot);
  export.numa = atlas_snapshot_has_numa (export.snapshot);
  list_columns (&export.details, ATLAS_COLUMN_IN_DETAILS);
  for (guint i = 0; i < export.details.n; i++)
    export.figures[i] = atlas_column_get_info (export.details.columns[i])->figure;
  atlas_text_sink_init (&export.sink, stream, cancellable);

  append_process (&export);
  append_summary (&export);
  atlas_text_sink_append_char (&export.sink, '\n');
  append_header (&export.sink, &export.details);
  atlas_report_foreach_row (export.snapshot, append_details_row, &export);
  append_notes (&export);

  gboolean written = atlas_text_sink_finish (&export.sink, error);
  atlas_text_sink_clear (&export.sink);
  return written;
}
