/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The details pane: range, type with its reason, protection, flags, file and every counter of the
 * selected region, block or free range. Its labels are used again for the next row. Main thread.
 */

#include "config.h"

#include "gui/region-pane.h"

#include "gui/row-text.h"
#include "gui/vm-flags.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  GtkWidget *caption;
  GtkWidget *value;
} Line;

struct _AtlasRegionPane
{
  GtkScrolledWindow parent;
  GtkWidget *grid;
  GArray *lines; /* of Line; those from n_used on are hidden */
  guint n_used;
};

G_DEFINE_TYPE (AtlasRegionPane, atlas_region_pane, GTK_TYPE_SCROLLED_WINDOW)

/* --- Lines --- */

static GtkWidget *
new_label (const char *class_name)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_yalign (GTK_LABEL (label), 0);
  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_line_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_style_context_add_class (gtk_widget_get_style_context (label), class_name);
  return label;
}

static Line *
next_line (AtlasRegionPane *self)
{
  if (self->n_used == self->lines->len)
    {
      Line line = { new_label ("atlas-caption"), new_label ("atlas-value") };

      gtk_label_set_selectable (GTK_LABEL (line.value), TRUE);
      gtk_widget_set_hexpand (line.value, TRUE);
      gtk_grid_attach (GTK_GRID (self->grid), line.caption, 0, self->n_used, 1, 1);
      gtk_grid_attach (GTK_GRID (self->grid), line.value, 1, self->n_used, 1, 1);
      g_array_append_val (self->lines, line);
    }
  return &g_array_index (self->lines, Line, self->n_used++);
}

static void
set_class (GtkWidget *widget, const char *class_name, gboolean on)
{
  GtkStyleContext *context = gtk_widget_get_style_context (widget);

  if (on)
    gtk_style_context_add_class (context, class_name);
  else
    gtk_style_context_remove_class (context, class_name);
}

/* A line; @caption NULL: the value takes the whole width; @value NULL: a heading. */
static void
add (AtlasRegionPane *self, const char *caption, const char *value, const char *tooltip)
{
  Line *line = next_line (self);
  const char *text = value != NULL ? value : caption;
  gboolean whole = caption == NULL || value == NULL;

  gtk_container_child_set (GTK_CONTAINER (self->grid), line->value, "left-attach", whole ? 0 : 1,
                           "width", whole ? 2 : 1, NULL);
  gtk_label_set_text (GTK_LABEL (line->value), text);
  gtk_label_set_text (GTK_LABEL (line->caption), whole ? "" : caption);
  gtk_widget_set_tooltip_text (line->caption, tooltip);
  gtk_widget_set_tooltip_text (line->value, tooltip);
  gtk_widget_set_visible (line->caption, !whole);
  gtk_widget_show (line->value);
  set_class (line->value, "atlas-heading", value == NULL);
  set_class (line->value, "atlas-title", FALSE);
}

static void
add_bytes (AtlasRegionPane *self, const char *caption, const char *bytes, const char *tooltip)
{
  g_autofree char *text = bytes != NULL ? atlas_bytes_dup_display (bytes) : NULL;

  if (text != NULL && *text != '\0')
    add (self, caption, text, tooltip);
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
  add_format (self, _ ("Range"), _ ("First address – first address behind it"), "%s –\n%s",
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
  add (self, _ ("Columns"), NULL, NULL);
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
  add (self, _ ("Counters of the kernel"), NULL, NULL);
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
  guint first = 0, n = 0;

  /* Translators: a block of a region; the type, as in "Block of Image" */
  add_format (self, NULL, NULL, is_block ? _ ("Block of %s") : "%s", type);
  set_class (g_array_index (self->lines, Line, self->n_used - 1).value, "atlas-title", TRUE);
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

static void
atlas_region_pane_finalize (GObject *object)
{
  g_array_unref (ATLAS_REGION_PANE (object)->lines);
  G_OBJECT_CLASS (atlas_region_pane_parent_class)->finalize (object);
}

static void
atlas_region_pane_class_init (AtlasRegionPaneClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = atlas_region_pane_finalize;
}

static void
atlas_region_pane_init (AtlasRegionPane *self)
{
  self->lines = g_array_new (FALSE, TRUE, sizeof (Line));
  self->grid = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (self->grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (self->grid), 2);
  g_object_set (self->grid, "margin", 10, "visible", TRUE, NULL);
  g_object_set (self, "hscrollbar-policy", GTK_POLICY_NEVER, "min-content-width", 200, NULL);
  gtk_container_add (GTK_CONTAINER (self), self->grid);
  gtk_style_context_add_class (gtk_widget_get_style_context (GTK_WIDGET (self)), "atlas-scroller");
  gtk_style_context_add_class (gtk_widget_get_style_context (gtk_bin_get_child (GTK_BIN (self))),
                               "atlas-pane");
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self)), _ ("Selected row"));
  atlas_region_pane_set_row (self, NULL, 0, ATLAS_UNIT_KIB);
}

void
atlas_region_pane_set_row (AtlasRegionPane *self, const AtlasRows *rows, AtlasRow row,
                           AtlasUnit unit)
{
  self->n_used = 0;
  if (rows != NULL)
    show_row (self, rows, row, unit);
  else
    add (self, NULL, _ ("Select a row to see everything that is known about it."), NULL);
  for (guint i = self->n_used; i < self->lines->len; i++)
    {
      gtk_widget_hide (g_array_index (self->lines, Line, i).caption);
      gtk_widget_hide (g_array_index (self->lines, Line, i).value);
    }
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self)), 0);
}

char *
atlas_region_pane_dup_text (AtlasRegionPane *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->n_used; i++)
    {
      const Line *line = &g_array_index (self->lines, Line, i);
      const char *caption = gtk_label_get_text (GTK_LABEL (line->caption));

      if (*caption != '\0')
        g_string_append_printf (text, "%s: ", caption);
      g_string_append_printf (text, "%s\n", gtk_label_get_text (GTK_LABEL (line->value)));
    }
  return g_string_free (text, FALSE);
}
