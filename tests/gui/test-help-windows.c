/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The windows of the Help menu: each says all of the table that it is made from, is there once, and
 * goes with Escape.
 */

#include "config.h"

#include "display.h"

#include "cli/cli.h"
#include "core/column.h"
#include "core/type.h"
#include "gui/about.h"
#include "gui/actions.h"
#include "gui/command-line-help.h"
#include "gui/quick-help.h"
#include "gui/resources.h"
#include "gui/shortcuts-window.h"

#include <string.h>

static GtkWindow *parent;

/* The one window that is there besides the parent. */
static GtkWidget *
get_window (void)
{
  g_autoptr (GList) all = gtk_window_list_toplevels ();
  GtkWidget *found = NULL;

  for (GList *at = all; at != NULL; at = at->next)
    if (gtk_widget_get_visible (at->data) && at->data != (gpointer)parent &&
        gtk_window_get_window_type (at->data) == GTK_WINDOW_TOPLEVEL)
      {
        g_assert_null (found);
        found = at->data;
      }
  return found;
}

typedef struct
{
  GType type;
  GPtrArray *found;
} Collection;

static void
collect (GtkWidget *widget, gpointer data)
{
  Collection *collection = data;

  if (g_type_is_a (G_OBJECT_TYPE (widget), collection->type))
    g_ptr_array_add (collection->found, widget);
  if (GTK_IS_CONTAINER (widget))
    gtk_container_forall (GTK_CONTAINER (widget), collect, data);
}

/* All widgets of @type in @widget, shown or not. */
static GPtrArray *
find_all (GtkWidget *widget, GType type)
{
  Collection collection = { type, g_ptr_array_new () };

  collect (widget, &collection);
  return collection.found;
}

static gboolean
has_label (GPtrArray *labels, const char *text)
{
  for (guint i = 0; i < labels->len; i++)
    if (g_strcmp0 (gtk_label_get_text (g_ptr_array_index (labels, i)), text) == 0)
      return TRUE;
  return FALSE;
}

static void
settle (void)
{
  while (gtk_events_pending ())
    gtk_main_iteration ();
}

static void
press_escape (GtkWidget *window)
{
  GdkEvent *event = gdk_event_new (GDK_KEY_PRESS);

  event->key.window = g_object_ref (gtk_widget_get_window (window));
  event->key.keyval = GDK_KEY_Escape;
  gdk_event_set_device (
    event, gdk_seat_get_keyboard (gdk_display_get_default_seat (gdk_display_get_default ())));
  gtk_widget_event (window, event);
  gdk_event_free (event);
  settle ();
}

static void
test_quick_help (void)
{
  atlas_quick_help_show (parent);
  settle ();
  GtkWidget *window = get_window ();
  g_assert_nonnull (window);
  g_autoptr (GPtrArray) labels = find_all (window, GTK_TYPE_LABEL);

  for (guint type = 0; type < ATLAS_N_TYPES; type++)
    {
      g_assert_true (has_label (labels, atlas_type_get_info ((AtlasType)type)->name));
      g_assert_true (has_label (labels, atlas_type_get_info ((AtlasType)type)->help));
    }
  for (guint column = 0; column < ATLAS_N_COLUMNS; column++)
    {
      const AtlasColumnInfo *info = atlas_column_get_info ((AtlasColumn)column);
      g_autofree char *source = g_strdup_printf ("From %s", info->source);

      g_assert_true (has_label (labels, info->title));
      g_assert_true (has_label (labels, info->help));
      g_assert_true (info->source == NULL || has_label (labels, source));
    }

  atlas_quick_help_show (parent);
  settle ();
  g_assert_true (get_window () == window);
  press_escape (window);
  g_assert_null (get_window ());
  atlas_quick_help_show (parent); /* and again */
  settle ();
  g_assert_nonnull (get_window ());
  gtk_widget_destroy (get_window ());
}

static void
test_command_line (void)
{
  atlas_command_line_help_show (parent);
  settle ();
  GtkWidget *window = get_window ();
  g_assert_nonnull (window);
  g_autoptr (GPtrArray) views = find_all (window, GTK_TYPE_TEXT_VIEW);
  GtkTextIter start, end;

  g_assert_cmpuint (views->len, ==, 1);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (g_ptr_array_index (views, 0));
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  g_autofree char *text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  g_assert_cmpstr (text, ==, atlas_cli_get_help ());
  g_assert_nonnull (strstr (text, "--proc"));
  press_escape (window);
  g_assert_null (get_window ());
}

static void
test_shortcuts (void)
{
  guint n_actions, n_keys = 0;
  const AtlasActionInfo *actions = atlas_actions_get_all (&n_actions);

  atlas_shortcuts_show (parent);
  settle ();
  GtkWidget *window = get_window ();
  g_assert_nonnull (window);
  g_autoptr (GPtrArray) shortcuts = find_all (window, GTK_TYPE_SHORTCUTS_SHORTCUT);

  for (guint i = 0; i < n_actions; i++)
    {
      gboolean found = FALSE;

      if (actions[i].accels == NULL || actions[i].menu == NULL)
        continue;
      n_keys++;
      g_autofree char *label = atlas_action_dup_label (&actions[i]);
      g_autofree char *first = g_strndup (actions[i].accels, strcspn (actions[i].accels, " "));
      for (guint k = 0; k < shortcuts->len; k++)
        {
          g_autofree char *title = NULL, *accelerator = NULL;

          g_object_get (g_ptr_array_index (shortcuts, k), "title", &title, "accelerator",
                        &accelerator, NULL);
          found |= g_strcmp0 (title, label) == 0 && accelerator != NULL &&
                   g_str_has_prefix (accelerator, first);
          g_assert_true (accelerator == NULL || strstr (accelerator, "KP_") == NULL);
        }
      if (!found)
        g_test_message ("%s is not among the shortcuts", label);
      g_assert_true (found);
    }
  g_assert_cmpuint (n_keys, >, 5);
  g_assert_cmpuint (shortcuts->len, >=, n_keys);
  gtk_widget_destroy (window);
}

static void
test_about (void)
{
  g_autofree char *version = NULL, *icon = NULL;
  GtkLicense license;

  atlas_about_show (parent);
  settle ();
  GtkWidget *window = get_window ();
  g_assert_true (GTK_IS_ABOUT_DIALOG (window));
  g_object_get (window, "version", &version, "logo-icon-name", &icon, "license-type", &license,
                NULL);
  g_assert_cmpstr (version, ==, ATLAS_VERSION);
  g_assert_cmpint (license, ==, GTK_LICENSE_GPL_3_0);
  g_assert_true (gtk_icon_theme_has_icon (gtk_icon_theme_get_default (), icon));
  g_autoptr (GdkPixbuf) pixbuf =
    gtk_icon_theme_load_icon (gtk_icon_theme_get_default (), icon, 128, 0, NULL);
  g_assert_nonnull (pixbuf);
  gtk_widget_destroy (window);
}

int
main (int argc, char **argv)
{
  display_test_init (&argc, &argv);
  g_resources_register (atlas_get_resource ());
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_default (),
                                    "/io/github/mematlas/MemoryAtlas/icons");
  parent = GTK_WINDOW (gtk_window_new (GTK_WINDOW_TOPLEVEL));
  gtk_widget_show (GTK_WIDGET (parent));
  g_test_add_func ("/help-windows/quick-help", test_quick_help);
  g_test_add_func ("/help-windows/command-line", test_command_line);
  g_test_add_func ("/help-windows/shortcuts", test_shortcuts);
  g_test_add_func ("/help-windows/about", test_about);
  return g_test_run ();
}
