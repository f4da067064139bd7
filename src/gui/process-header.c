/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The top of the window: whose memory is seen. Keeps nothing of the snapshot. Main thread.
 */

#include "config.h"

#include "gui/process-header.h"

#include "util/text.h"

#include <glib/gi18n.h>

struct _AtlasProcessHeader
{
  GtkGrid parent;
  GtkWidget *icon;
  GtkWidget *name_label;
  GtkWidget *facts_label;
  GtkWidget *command_label;
};

G_DEFINE_TYPE (AtlasProcessHeader, atlas_process_header, GTK_TYPE_GRID)

static void
atlas_process_header_class_init (AtlasProcessHeaderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/mematlas/MemoryAtlas/process-header.ui");
  gtk_widget_class_bind_template_child (widget_class, AtlasProcessHeader, icon);
  gtk_widget_class_bind_template_child (widget_class, AtlasProcessHeader, name_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasProcessHeader, facts_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasProcessHeader, command_label);
}

static void
atlas_process_header_init (AtlasProcessHeader *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  atk_object_set_name (gtk_widget_get_accessible (self->icon), _ ("Icon of the process"));
}

char *
atlas_process_dup_display_name (const AtlasProcess *process)
{
  if (process->name != NULL)
    return atlas_bytes_dup_display (process->name);
  return g_strdup_printf (_ ("Process %d"), process->pid);
}

static char *
dup_start_time (gint64 start_time)
{
  g_autoptr (GDateTime) start = g_date_time_new_from_unix_local (start_time / G_USEC_PER_SEC);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  if (start == NULL)
    return NULL;
  if (g_date_time_get_year (start) == g_date_time_get_year (now) &&
      g_date_time_get_day_of_year (start) == g_date_time_get_day_of_year (now))
    return g_date_time_format (start, "%X");
  return g_date_time_format (start, "%x %X");
}

/* "PID 1234 · root · 64-bit · started 10:15:02" */
static char *
dup_facts (const AtlasProcess *process, const char *file, gboolean ended)
{
  GString *facts = g_string_new (NULL);

  g_string_append_printf (facts, _ ("PID: %d"), process->pid);
  if (process->user != NULL)
    {
      g_autofree char *user = atlas_bytes_dup_display (process->user);
      g_string_append (facts, "  ·  ");
      g_string_append_printf (facts, _ ("User: %s"), user);
    }
  if (process->start_time != 0)
    {
      g_autofree char *start = dup_start_time (process->start_time);

      if (start != NULL)
        {
          g_string_append (facts, "  ·  ");
          g_string_append_printf (facts, _ ("Started: %s"), start);
        }
    }
  if (process->bits != 0)
    {
      g_string_append (facts, "  ·  ");
      g_string_append_printf (facts, _ ("%u-bit"), process->bits);
    }
  if (file != NULL)
    g_string_append_printf (facts, "  ·  %s", file);
  else if (ended)
    g_string_append_printf (facts, "  ·  %s", _ ("has ended"));
  return g_string_free (facts, FALSE);
}

/* A tooltip with a megabyte of arguments would cover every screen. */
static char *
shorten (char *text)
{
  enum
  {
    LIMIT = 2000
  };

  if (g_utf8_strlen (text, -1) > LIMIT)
    {
      char *end = g_utf8_offset_to_pointer (text, LIMIT);
      char *shorter;

      *end = '\0';
      shorter = g_strconcat (text, "…", NULL);
      g_free (text);
      return shorter;
    }
  return text;
}

void
atlas_process_header_set_snapshot (AtlasProcessHeader *self, AtlasSnapshot *snapshot, GIcon *icon,
                                   const char *file, gboolean ended)
{
  const AtlasProcess *process = atlas_snapshot_get_process (snapshot);
  const char *bytes = process->command_line != NULL ? process->command_line : process->executable;
  g_autofree char *name = atlas_process_dup_display_name (process);
  g_autofree char *shown_file = file != NULL ? atlas_bytes_dup_display (file) : NULL;
  g_autofree char *facts = dup_facts (process, shown_file, ended);
  g_autofree char *command = bytes != NULL ? shorten (atlas_bytes_dup_display (bytes)) : NULL;

  if (icon != NULL)
    gtk_image_set_from_gicon (GTK_IMAGE (self->icon), icon, GTK_ICON_SIZE_DIALOG);
  else
    gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), "application-x-executable",
                                  GTK_ICON_SIZE_DIALOG);
  gtk_image_set_pixel_size (GTK_IMAGE (self->icon), 48);
  gtk_label_set_text (GTK_LABEL (self->name_label), name);
  gtk_label_set_text (GTK_LABEL (self->facts_label), facts);
  gtk_widget_set_tooltip_text (self->facts_label, facts);
  gtk_label_set_text (GTK_LABEL (self->command_label), command != NULL ? command : "");
  gtk_widget_set_tooltip_text (self->command_label, command);
}
