/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The columns of the list of processes. Main thread.
 */

#include "config.h"

#include "gui/process-columns.h"

#include "gui/process-model.h"

#include <glib/gi18n.h>

#define LOCK_WIDTH 20 /* room for the icon in every row: columns are not measured */

static void
add_text_column (GtkTreeView *list, int column, const char *title, const char *tooltip, int width,
                 gboolean number)
{
  GtkTreeViewColumn *view = gtk_tree_view_column_new ();
  GtkCellRenderer *cell;
  GtkWidget *label = gtk_label_new (title);

  gtk_widget_show (label);
  gtk_widget_set_tooltip_text (label, tooltip);
  gtk_tree_view_column_set_widget (view, label);
  gtk_tree_view_column_set_title (view, title);
  gtk_tree_view_column_set_sizing (view, GTK_TREE_VIEW_COLUMN_FIXED);
  gtk_tree_view_column_set_fixed_width (view, width);
  gtk_tree_view_column_set_resizable (view, TRUE);
  gtk_tree_view_column_set_reorderable (view, TRUE);
  gtk_tree_view_column_set_sort_column_id (view, column);
  gtk_tree_view_column_set_expand (view, column == ATLAS_PROCESS_COLUMN_COMMAND_LINE);
  gtk_tree_view_column_set_alignment (view, number ? 1 : 0);
  if (column == ATLAS_PROCESS_COLUMN_NAME)
    {
      gtk_tree_view_column_set_spacing (view, 4);
      cell = gtk_cell_renderer_pixbuf_new ();
      gtk_tree_view_column_pack_start (view, cell, FALSE);
      gtk_tree_view_column_set_attributes (view, cell, "gicon", ATLAS_PROCESS_COLUMN_ICON,
                                           "sensitive", ATLAS_PROCESS_COLUMN_READABLE, NULL);
      /* Not grey alone: a lock says it to those who cannot see the shade. */
      cell = gtk_cell_renderer_pixbuf_new ();
      gtk_cell_renderer_set_fixed_size (cell, LOCK_WIDTH, -1);
      gtk_tree_view_column_pack_end (view, cell, FALSE);
      gtk_tree_view_column_set_attributes (view, cell, "icon-name", ATLAS_PROCESS_COLUMN_LOCK,
                                           NULL);
    }
  cell = gtk_cell_renderer_text_new ();
  g_object_set (cell, "ellipsize", PANGO_ELLIPSIZE_END, "xalign", number ? 1.0 : 0.0, NULL);
  gtk_tree_view_column_pack_start (view, cell, TRUE);
  gtk_tree_view_column_set_attributes (view, cell, "text", column, "sensitive",
                                       ATLAS_PROCESS_COLUMN_READABLE, NULL);
  gtk_tree_view_append_column (list, view);
}

void
atlas_process_columns_add (GtkTreeView *list)
{
  static const struct
  {
    AtlasProcessColumn column;
    const char *title;
    const char *tooltip;
    int width;
    gboolean number;
  } columns[] = {
    { ATLAS_PROCESS_COLUMN_NAME, N_ ("Name"), N_ ("Name of the process (comm)"), 210, FALSE },
    { ATLAS_PROCESS_COLUMN_PID, N_ ("PID"), N_ ("Process id"), 80, TRUE },
    { ATLAS_PROCESS_COLUMN_USER, N_ ("User"), N_ ("User that the process runs as"), 100, FALSE },
    { ATLAS_PROCESS_COLUMN_PRIVATE, N_ ("Private Bytes"),
      N_ ("Anonymous memory of the process, in RAM and in swap (status: RssAnon + VmSwap)"), 140,
      TRUE },
    { ATLAS_PROCESS_COLUMN_WORKING_SET, N_ ("Working Set"),
      N_ ("Memory of the process that is in RAM right now (status: VmRSS)"), 130, TRUE },
    { ATLAS_PROCESS_COLUMN_ARCHITECTURE, N_ ("Architecture"),
      N_ ("Machine that the program was built for"), 120, FALSE },
    { ATLAS_PROCESS_COLUMN_COMMAND_LINE, N_ ("Command Line"), N_ ("The program and its arguments"),
      130, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    add_text_column (list, (int)columns[i].column, _ (columns[i].title), _ (columns[i].tooltip),
                     columns[i].width, columns[i].number);
  gtk_tree_view_set_fixed_height_mode (list, TRUE);
}
