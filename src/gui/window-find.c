/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Find: text in any row of Details, or the region that holds an address. Main thread.
 */

#include "config.h"

#include "gui/window-private.h"

#include <glib/gi18n.h>

static void
say (AtlasWindow *self, const char *text, gboolean failed)
{
  GtkStyleContext *context = gtk_widget_get_style_context (self->search_entry);

  gtk_label_set_text (GTK_LABEL (self->search_label), text);
  if (failed)
    gtk_style_context_add_class (context, GTK_STYLE_CLASS_ERROR);
  else
    gtk_style_context_remove_class (context, GTK_STYLE_CLASS_ERROR);
}

/* Whether a search over every type would have found something: then the filter is to blame. */
static gboolean
is_hidden (AtlasWindow *self, const char *text)
{
  g_autoptr (AtlasRows) all = NULL;
  gint block;

  all = atlas_rows_new (self->snapshot, 0, TRUE, ATLAS_COLUMN_ADDRESS, FALSE);
  return atlas_rows_search (all, text, 0, TRUE, &block) >= 0;
}

/* @from: first row looked at. */
static void
search (AtlasWindow *self, guint from, gboolean forward)
{
  AtlasDetailsList *details = ATLAS_DETAILS_LIST (self->details);
  AtlasRows *rows = atlas_details_list_get_rows (details);
  const char *text = gtk_entry_get_text (GTK_ENTRY (self->search_entry));
  gint index, block = -1;
  guint length;

  if (rows == NULL || *text == '\0')
    {
      say (self, "", FALSE);
      return;
    }
  length = atlas_rows_get_length (rows);
  index = length == 0 ? -1 : atlas_rows_search (rows, text, from % length, forward, &block);
  if (index < 0)
    {
      say (self,
           is_hidden (self, text) ? _ ("Not among the rows that are shown; it is in another type.")
                                  : _ ("Not found."),
           TRUE);
      return;
    }
  say (self, "", FALSE);
  atlas_details_list_select (details, index, block);
}

static void
search_changed (AtlasWindow *self)
{
  gint selected = atlas_details_list_get_selected_index (ATLAS_DETAILS_LIST (self->details));

  /* What is selected may still match the longer text. */
  search (self, MAX (selected, 0), TRUE);
}

void
atlas_window_find_again (AtlasWindow *self, gboolean forward)
{
  AtlasDetailsList *details = ATLAS_DETAILS_LIST (self->details);
  AtlasRows *rows = atlas_details_list_get_rows (details);
  gint selected = atlas_details_list_get_selected_index (details);
  guint length = rows != NULL ? atlas_rows_get_length (rows) : 0;

  if (*gtk_entry_get_text (GTK_ENTRY (self->search_entry)) == '\0')
    {
      atlas_window_find (self);
      return;
    }
  if (length == 0)
    return;
  if (selected < 0)
    selected = forward ? -1 : 0;
  search (self, forward ? (guint)(selected + 1) : (guint)selected + length - 1, forward);
}

void
atlas_window_find (AtlasWindow *self)
{
  gtk_search_bar_set_search_mode (GTK_SEARCH_BAR (self->search_bar), TRUE);
  /* The keys that led here are released before the bar has unfolded. */
  gtk_widget_realize (self->search_entry);
  gtk_widget_grab_focus (self->search_entry);
}

static void
next_match (AtlasWindow *self)
{
  atlas_window_find_again (self, TRUE);
}

static void
previous_match (AtlasWindow *self)
{
  atlas_window_find_again (self, FALSE);
}

static void
stop_search (AtlasWindow *self)
{
  gtk_search_bar_set_search_mode (GTK_SEARCH_BAR (self->search_bar), FALSE);
  gtk_widget_grab_focus (self->details);
}

static void
name_close_button (GtkWidget *widget, gpointer name)
{
  AtkObject *accessible = gtk_widget_get_accessible (widget);

  if (!GTK_IS_BUTTON (widget))
    {
      if (GTK_IS_CONTAINER (widget))
        gtk_container_forall (GTK_CONTAINER (widget), name_close_button, name);
    }
  else if (atk_object_get_name (accessible) == NULL || *atk_object_get_name (accessible) == '\0')
    atk_object_set_name (accessible, name);
}

/* GTK gives the button of its own that closes a bar neither a name nor a way to it. */
void
atlas_window_name_close_button (GtkWidget *bar, const char *name)
{
  gtk_container_forall (GTK_CONTAINER (bar), name_close_button, (gpointer)name);
}

void
atlas_window_init_find (AtlasWindow *self)
{
  atlas_window_name_close_button (self->search_bar, _ ("Close the search"));
  gtk_search_bar_connect_entry (GTK_SEARCH_BAR (self->search_bar), GTK_ENTRY (self->search_entry));
  g_signal_connect_swapped (self->search_entry, "search-changed", G_CALLBACK (search_changed),
                            self);
  g_signal_connect_swapped (self->search_entry, "activate", G_CALLBACK (next_match), self);
  g_signal_connect_swapped (self->search_entry, "next-match", G_CALLBACK (next_match), self);
  g_signal_connect_swapped (self->search_entry, "previous-match", G_CALLBACK (previous_match),
                            self);
  g_signal_connect_swapped (self->search_entry, "stop-search", G_CALLBACK (stop_search), self);
}
