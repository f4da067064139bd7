/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The details pane: range, type with its reason, protection, flags, file and every counter of the
 * selected region, block or free range, as one text: one stop of the keyboard, in which one can
 * select and copy. Main thread.
 */

#include "config.h"

#include "gui/region-pane.h"

#include "gui/row-text.h"
#include "gui/vm-flags.h"

#include <glib/gi18n.h>
#include <string.h>

#define MARGIN     10
#define COLUMN_GAP 12

struct _AtlasRegionPane
{
  GtkScrolledWindow parent;
  GtkWidget *view;
  GtkTextTag *line; /* caption, tab, value */
  GtkTextTag *caption;
  GtkTextTag *heading;
  GtkTextTag *title;
  GString *captions;   /* of the text so far, a line each: the widest makes the column */
  GPtrArray *tooltips; /* by line of the text; NULL: none */
};

G_DEFINE_TYPE (AtlasRegionPane, atlas_region_pane, GTK_TYPE_SCROLLED_WINDOW)

/* --- Lines --- */

static void
append (AtlasRegionPane *self, const char *text, GtkTextTag *tag)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
  GtkTextIter end;

  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_insert_with_tags (buffer, &end, text, -1, tag, NULL);
}

/* A line of its own, without a caption. */
static void
add_whole (AtlasRegionPane *self, const char *text, GtkTextTag *tag)
{
  append (self, text, tag);
  append (self, "\n", tag);
  g_ptr_array_add (self->tooltips, NULL);
}

static void
add (AtlasRegionPane *self, const char *caption, const char *value, const char *tooltip)
{
  g_auto (GStrv) lines = g_strsplit (value, "\n", -1);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
  GtkTextIter start, end;

  g_string_append_printf (self->captions, "%s\n", caption);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      gint offset = gtk_text_buffer_get_char_count (buffer);

      append (self, i == 0 ? caption : "", self->caption);
      append (self, "\t", self->line);
      append (self, lines[i], self->line);
      append (self, "\n", self->line);
      gtk_text_buffer_get_iter_at_offset (buffer, &start, offset);
      gtk_text_buffer_get_end_iter (buffer, &end);
      gtk_text_buffer_apply_tag (buffer, self->line, &start, &end);
      g_ptr_array_add (self->tooltips, g_strdup (tooltip));
    }
}

static void
add_bytes (AtlasRegionPane *self, const char *caption, const char *bytes, const char *tooltip)
{
  g_autofree char *text = bytes != NULL ? atlas_bytes_dup_display (bytes) : NULL;

  if (text == NULL || *text == '\0')
    return;
  if (caption != NULL)
    add (self, caption, text, tooltip);
  else
    add_whole (self, text, NULL);
}

static void add_format (AtlasRegionPane *self, const char *caption, const char *tooltip,
                        const char *format, ...) G_GNUC_PRINTF (4, 5);

static void
add_format (AtlasRegionPane *self, const char *caption, const char *tooltip, const char *format,
            ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  add (self, caption, text, tooltip);
}

/* --- What there is to say --- */

static void
add_range (AtlasRegionPane *self, const AtlasRows *rows, AtlasRow row)
{
  guint bits = atlas_snapshot_get_bits (atlas_rows_get_snapshot (rows));
  char first[ATLAS_ADDRESS_TEXT_SIZE], last[ATLAS_ADDRESS_TEXT_SIZE];
  guint64 start, end;

  if (!atlas_rows_get_range (rows, row, &start, &end))
    {
      add (self, _ ("Range"), _ ("inside the kernel, no address in the process"), NULL);
      return;
    }
  add_format (self, _ ("Range"), _ ("First address – first address behind it"), "%s – %s",
              atlas_address_to_text (start, bits, first), atlas_address_to_text (end, bits, last));
}

static void
add_size_line (AtlasRegionPane *self, const char *caption, guint64 value, AtlasUnit unit,
               const char *tooltip, const char *unknown)
{
  g_autofree char *text = NULL;

  if (value == ATLAS_UNKNOWN)
    {
      add (self, caption, "–", unknown);
      return;
    }
  text = atlas_size_dup_text (value, unit);
  add (self, caption, text, tooltip);
}

static void
add_figures (AtlasRegionPane *self, const AtlasRows *rows, AtlasRow row, AtlasUnit unit)
{
  g_autofree char *unknown = atlas_snapshot_dup_unknown_reason (atlas_rows_get_snapshot (rows));
  AtlasFigures figures;

  atlas_rows_get_figures (rows, row, &figures);
  add_whole (self, _ ("Columns"), self->heading);
  for (guint id = 0; id < ATLAS_N_COLUMNS; id++)
    {
      const AtlasColumnInfo *info = atlas_column_get_info (id);

      if (info->figure < 0 || info->kind != ATLAS_COLUMN_BYTES)
        continue;
      add_size_line (self, _ (info->title), figures.value[info->figure], unit, _ (info->help),
                     unknown);
    }
}

static void
add_counters (AtlasRegionPane *self, AtlasSnapshot *snapshot, guint first, guint n, AtlasUnit unit)
{
  g_autofree char *unknown = atlas_snapshot_dup_unknown_reason (snapshot);
  AtlasCounters sum = { 0 };

  for (guint i = first; i < first + n; i++)
    {
      AtlasCounters counters;

      atlas_snapshot_get_counters (snapshot, atlas_snapshot_get_block (snapshot, i), &counters);
      for (guint c = 0; c < ATLAS_N_COUNTERS; c++)
        sum.value[c] = atlas_sum (sum.value[c], counters.value[c]);
    }
  add_whole (self, _ ("Counters of the kernel"), self->heading);
  for (guint c = 0; c < ATLAS_N_COUNTERS; c++)
    add_size_line (self, atlas_counter_get_key (c), sum.value[c], unit,
                   atlas_counter_get_source (c), unknown);
}

/* What the blocks @first.. have in common, NULL where they differ. */
static const AtlasBlock *
common_block (AtlasSnapshot *snapshot, guint first, guint n)
{
  return n == 1 ? atlas_snapshot_get_block (snapshot, first) : NULL;
}

static void
add_mapping (AtlasRegionPane *self, const AtlasRows *rows, AtlasRow row, guint first, guint n)
{
  AtlasSnapshot *snapshot = atlas_rows_get_snapshot (rows);
  const AtlasBlock *one = common_block (snapshot, first, n);
  const AtlasBlock *block = atlas_snapshot_get_block (snapshot, first);
  guint8 protection = atlas_rows_get_protection (rows, row);
  char letters[5];

  if (block->flags & ATLAS_BLOCK_KERNEL)
    return;
  add_format (self, _ ("Protection"),
              one != NULL ? _ ("Access rights, in words and as in maps")
                          : _ ("All access rights that one of the blocks has"),
              "%s (%s)", _ (atlas_protection_get_text (protection)),
              atlas_protection_get_letters (protection, letters));
  add_bytes (self, _ ("File"), atlas_row_get_path (rows, row), _ ("Last column of maps"));
  if (block->inode != 0 && atlas_row_get_path (rows, row) != NULL)
    {
      add_format (self, _ ("Inode"), _ ("From maps"), "%" G_GUINT64_FORMAT, block->inode);
      add_format (self, _ ("Device"), _ ("Major and minor number, from maps"), "%02x:%02x",
                  block->device >> 20, block->device & 0xfffff);
    }
  if (one == NULL)
    return;
  if (one->inode != 0)
    add_format (self, _ ("Offset"), _ ("Where in the file the block begins"),
                "%#" G_GINT64_MODIFIER "x", one->offset);
  if (one->page_shift != 0)
    {
      g_autofree char *size = atlas_size_dup_text (1ull << one->page_shift, ATLAS_UNIT_KIB);
      add (self, _ ("Page size"), size, _ ("KernelPageSize of smaps"));
    }
  if (one->vm_flags != 0)
    {
      g_autofree char *help =
        atlas_vm_flags_dup_help (atlas_snapshot_get_string (snapshot, one->vm_flags));
      add (self, _ ("Flags"), help, _ ("VmFlags of smaps"));
    }
  else
    add (self, _ ("Flags"), "–", _ ("VmFlags of smaps could not be read"));
}

static void
show_row (AtlasRegionPane *self, const AtlasRows *rows, AtlasRow row, AtlasUnit unit)
{
  AtlasSnapshot *snapshot = atlas_rows_get_snapshot (rows);
  gint index = atlas_rows_get_region (rows, row);
  const AtlasRegion *region = index >= 0 ? atlas_snapshot_get_region (snapshot, index) : NULL;
  gboolean is_block = ATLAS_ROW_GET_KIND (row) == ATLAS_ROW_BLOCK;
  const char *type = _ (atlas_type_get_info (atlas_rows_get_type (rows, row))->name);
  g_autofree char *title = NULL;
  guint first = 0, n = 0;

  /* Translators: a block of a region; the type, as in "Block of Image" */
  title = g_strdup_printf (is_block ? _ ("Block of %s") : "%s", type);
  add_whole (self, title, self->title);
  add_bytes (self, NULL, atlas_rows_get_details (rows, row), NULL);
  if (region != NULL)
    {
      add_bytes (self, _ ("Why"), atlas_snapshot_get_string (snapshot, region->reason),
                 _ ("Why the region has this type and this label"));
      if (region->guess)
        add (self, "", _ ("A guess by its shape: nothing proves it."), NULL);
      first = is_block ? ATLAS_ROW_GET_INDEX (row) : region->first_block;
      n = is_block ? 1 : region->n_blocks;
    }
  add_range (self, rows, row);
  if (region == NULL)
    {
      add_figures (self, rows, row, unit);
      return;
    }
  if (!is_block)
    add_format (self, _ ("Blocks"), NULL, "%'u", region->n_blocks);
  add_mapping (self, rows, row, first, n);
  add_figures (self, rows, row, unit);
  if (atlas_snapshot_has_numa (snapshot))
    {
      g_autofree char *numa = atlas_snapshot_get_numa_text (snapshot, first, n);
      add_bytes (self, _ ("NUMA"), numa, _ ("Bytes by node, from numa_maps"));
    }
  add_counters (self, snapshot, first, n, unit);
}

/* --- The object --- */

/* The values stand below one another behind the widest caption, but for a caption that would leave
 * them no room. */
static void
place_values (AtlasRegionPane *self)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (self->view, self->captions->str);
  PangoTabArray *tabs;
  gint width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  width += COLUMN_GAP;
  tabs = pango_tab_array_new_with_positions (1, TRUE, PANGO_TAB_LEFT, width);
  g_object_set (self->line, "tabs", tabs, "indent", -width, NULL);
  pango_tab_array_free (tabs);
}

static void
style_updated (GtkWidget *widget)
{
  AtlasRegionPane *self = ATLAS_REGION_PANE (widget);
  GtkStyleContext *context;
  GdkRGBA color;

  GTK_WIDGET_CLASS (atlas_region_pane_parent_class)->style_updated (widget);
  if (self->view == NULL)
    return;
  context = gtk_widget_get_style_context (self->view);
  gtk_style_context_get_color (context, GTK_STATE_FLAG_NORMAL, &color);
  color.alpha *= 0.75;
  g_object_set (self->caption, "foreground-rgba", &color, NULL);
  place_values (self);
}

static gboolean
query_tooltip (GtkWidget *widget, gint x, gint y, gboolean keyboard, GtkTooltip *tooltip,
               AtlasRegionPane *self)
{
  GtkTextView *view = GTK_TEXT_VIEW (widget);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);
  GtkTextIter iter;
  gint line;

  if (keyboard)
    gtk_text_buffer_get_iter_at_mark (buffer, &iter, gtk_text_buffer_get_insert (buffer));
  else
    {
      gtk_text_view_window_to_buffer_coords (view, GTK_TEXT_WINDOW_WIDGET, x, y, &x, &y);
      gtk_text_view_get_line_at_y (view, &iter, y, NULL);
    }
  line = gtk_text_iter_get_line (&iter);
  if (line >= (gint)self->tooltips->len || self->tooltips->pdata[line] == NULL)
    return FALSE;
  gtk_tooltip_set_text (tooltip, self->tooltips->pdata[line]);
  return TRUE;
}

static void
atlas_region_pane_finalize (GObject *object)
{
  AtlasRegionPane *self = ATLAS_REGION_PANE (object);

  g_string_free (self->captions, TRUE);
  g_ptr_array_unref (self->tooltips);
  G_OBJECT_CLASS (atlas_region_pane_parent_class)->finalize (object);
}

static void
atlas_region_pane_class_init (AtlasRegionPaneClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = atlas_region_pane_finalize;
  GTK_WIDGET_CLASS (klass)->style_updated = style_updated;
}

static void
atlas_region_pane_init (AtlasRegionPane *self)
{
  GtkTextBuffer *buffer;

  self->captions = g_string_new (NULL);
  self->tooltips = g_ptr_array_new_with_free_func (g_free);
  self->view = gtk_text_view_new ();
  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
  self->line = gtk_text_buffer_create_tag (buffer, NULL, NULL);
  self->caption = gtk_text_buffer_create_tag (buffer, NULL, NULL);
  self->heading = gtk_text_buffer_create_tag (buffer, NULL, "weight", PANGO_WEIGHT_BOLD,
                                              "pixels-above-lines", 10, NULL);
  self->title = gtk_text_buffer_create_tag (buffer, NULL, "weight", PANGO_WEIGHT_BOLD, "scale",
                                            PANGO_SCALE_LARGE, NULL);
  g_object_set (self->view, "visible", TRUE, "editable", FALSE, "accepts-tab", FALSE, "wrap-mode",
                GTK_WRAP_WORD_CHAR, "left-margin", MARGIN, "right-margin", MARGIN, "top-margin",
                MARGIN, "bottom-margin", MARGIN, "pixels-below-lines", 2, "has-tooltip", TRUE,
                NULL);
  g_signal_connect (self->view, "query-tooltip", G_CALLBACK (query_tooltip), self);
  g_object_set (self, "hscrollbar-policy", GTK_POLICY_NEVER, "min-content-width", 200, NULL);
  gtk_container_add (GTK_CONTAINER (self), self->view);
  gtk_style_context_add_class (gtk_widget_get_style_context (GTK_WIDGET (self)), "atlas-scroller");
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self)), _ ("Selected row"));
  atk_object_set_name (gtk_widget_get_accessible (self->view), _ ("Selected row"));
  atlas_region_pane_set_row (self, NULL, 0, ATLAS_UNIT_KIB);
}

void
atlas_region_pane_set_row (AtlasRegionPane *self, const AtlasRows *rows, AtlasRow row,
                           AtlasUnit unit)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
  GtkTextIter start;

  gtk_text_buffer_set_text (buffer, "", 0);
  g_string_truncate (self->captions, 0);
  g_ptr_array_set_size (self->tooltips, 0);
  if (rows != NULL)
    show_row (self, rows, row, unit);
  else
    add_whole (self, _ ("Select a row to see everything that is known about it."), NULL);
  place_values (self);
  gtk_text_buffer_get_start_iter (buffer, &start);
  gtk_text_buffer_place_cursor (buffer, &start);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self)), 0);
}

char *
atlas_region_pane_dup_text (AtlasRegionPane *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
}
