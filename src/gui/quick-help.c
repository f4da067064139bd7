/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The window that says what the types and the columns mean, made from the tables of core/ as they
 * are. One window for the program. Main thread.
 */

#include "config.h"

#include "gui/quick-help.h"

#include "core/column.h"
#include "core/type.h"
#include "gui/help-window.h"
#include "gui/type-color.h"

#include <glib/gi18n.h>

#define SWATCH_WIDTH  28
#define SWATCH_HEIGHT 18

static GtkWidget *window; /* NULL: not shown */

static gboolean
on_draw_swatch (GtkWidget *swatch, cairo_t *cr, gpointer type)
{
  GtkStyleContext *style = gtk_widget_get_style_context (swatch);
  int width = gtk_widget_get_allocated_width (swatch);
  int height = gtk_widget_get_allocated_height (swatch);
  GdkRGBA color;

  atlas_widget_get_type_color (swatch, (AtlasType)GPOINTER_TO_UINT (type), &color);
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_fill (cr);
  gtk_style_context_get_color (style, gtk_style_context_get_state (style), &color);
  color.alpha = 0.5;
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_set_line_width (cr, 1);
  cairo_rectangle (cr, 0.5, 0.5, width - 1, height - 1);
  cairo_stroke (cr);
  return GDK_EVENT_PROPAGATE;
}

static GtkWidget *
new_swatch (AtlasType type)
{
  GtkWidget *swatch = gtk_drawing_area_new ();
  AtkObject *accessible = gtk_widget_get_accessible (swatch);

  gtk_widget_set_size_request (swatch, SWATCH_WIDTH, SWATCH_HEIGHT);
  gtk_widget_set_valign (swatch, GTK_ALIGN_START);
  g_signal_connect (swatch, "draw", G_CALLBACK (on_draw_swatch), GUINT_TO_POINTER (type));
  /* The name beside it says everything that the colour says. */
  atk_object_set_role (accessible, ATK_ROLE_REDUNDANT_OBJECT);
  return swatch;
}

static GtkWidget *
new_label (const char *text, gboolean wrap)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  if (wrap)
    {
      gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
      gtk_label_set_line_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
      gtk_label_set_width_chars (GTK_LABEL (label), 24);
      gtk_label_set_max_width_chars (GTK_LABEL (label), 72);
      gtk_widget_set_hexpand (label, TRUE);
    }
  return label;
}

static GtkWidget *
new_name (const char *text)
{
  GtkWidget *label = new_label (text, FALSE);
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  gtk_label_set_attributes (GTK_LABEL (label), attributes);
  pango_attr_list_unref (attributes);
  return label;
}

/* Paler than the rest, but with the contrast of text that is to be read. */
static GtkWidget *
new_pale_label (const char *text)
{
  GtkWidget *label = new_label (text, TRUE);
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_foreground_alpha_new (G_MAXUINT16 / 4 * 3));
  pango_attr_list_insert (attributes, pango_attr_scale_new (PANGO_SCALE_SMALL));
  gtk_label_set_attributes (GTK_LABEL (label), attributes);
  pango_attr_list_unref (attributes);
  return label;
}

static GtkWidget *
new_page (GtkWidget *grid)
{
  GtkWidget *scrolled = gtk_scrolled_window_new (NULL, NULL);

  gtk_grid_set_row_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  g_object_set (grid, "margin", 18, NULL);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  /* Without a control inside, the keyboard scrolls the page itself. */
  gtk_widget_set_can_focus (scrolled, TRUE);
  gtk_container_add (GTK_CONTAINER (scrolled), grid);
  return scrolled;
}

static GtkWidget *
new_types_page (void)
{
  GtkWidget *grid = gtk_grid_new ();

  for (guint type = 0; type < ATLAS_N_TYPES; type++)
    {
      const AtlasTypeInfo *info = atlas_type_get_info ((AtlasType)type);

      gtk_grid_attach (GTK_GRID (grid), new_swatch ((AtlasType)type), 0, (int)type, 1, 1);
      gtk_grid_attach (GTK_GRID (grid), new_name (_ (info->name)), 1, (int)type, 1, 1);
      gtk_grid_attach (GTK_GRID (grid), new_label (_ (info->help), TRUE), 2, (int)type, 1, 1);
    }
  return new_page (grid);
}

static GtkWidget *
new_columns_page (void)
{
  GtkWidget *grid = gtk_grid_new ();

  for (guint column = 0; column < ATLAS_N_COLUMNS; column++)
    {
      const AtlasColumnInfo *info = atlas_column_get_info ((AtlasColumn)column);
      GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

      gtk_container_add (GTK_CONTAINER (texts), new_label (_ (info->help), TRUE));
      if (info->source != NULL && *info->source != '\0')
        {
          /* Translators: where the kernel tells a number, "From smaps: Rss, Swap" */
          g_autofree char *source = g_strdup_printf (_ ("From %s"), info->source);

          gtk_container_add (GTK_CONTAINER (texts), new_pale_label (source));
        }
      gtk_grid_attach (GTK_GRID (grid), new_name (_ (info->title)), 0, (int)column, 1, 1);
      gtk_grid_attach (GTK_GRID (grid), texts, 1, (int)column, 1, 1);
    }
  return new_page (grid);
}

static GtkWidget *
new_window (void)
{
  GtkWidget *stack = gtk_stack_new ();
  GtkWidget *switcher = gtk_stack_switcher_new ();

  gtk_stack_add_titled (GTK_STACK (stack), new_types_page (), "types", _ ("Types"));
  gtk_stack_add_titled (GTK_STACK (stack), new_columns_page (), "columns", _ ("Columns"));
  gtk_stack_switcher_set_stack (GTK_STACK_SWITCHER (switcher), GTK_STACK (stack));
  return atlas_help_window_new (_ ("Quick Help"), switcher, stack, 640, 560);
}

void
atlas_quick_help_show (GtkWindow *parent)
{
  atlas_help_window_show (&window, new_window, parent);
}
