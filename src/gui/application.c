/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Runs the window: one process and one GtkApplication an invocation, so that every "mematlas" shows
 * a window of its own and none needs a session bus.
 */

#define G_LOG_DOMAIN "atlas-gui"

#include "config.h"

#include "gui/gui.h"

#include "gui/actions.h"
#include "gui/style.h"
#include "gui/window.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>

typedef struct
{
  const AtlasWindowRequest *request;
  AtlasPreferences *preferences;
} Run;

static void
quit (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (data));

  /* Each window may object: a save that runs, snapshots that were not saved. */
  for (GList *l = windows; l != NULL; l = l->next)
    if (ATLAS_IS_WINDOW (l->data))
      gtk_window_close (l->data);
}

static void
startup (GtkApplication *application, Run *run)
{
  static const GActionEntry entries[] = { { "quit", quit } };

  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries),
                                   application);
  gtk_window_set_default_icon_name (ATLAS_APPLICATION_ID);
  run->preferences = atlas_preferences_new (ATLAS_APPLICATION_ID);
  atlas_actions_install (application);
  atlas_style_init ();
}

static void
activate (GtkApplication *application, Run *run)
{
  const AtlasWindowRequest *request = run->request;
  AtlasWindow *window = atlas_window_new (application, request->source, run->preferences);

  gtk_window_present (GTK_WINDOW (window));
  if (request->file != NULL)
    atlas_window_show_file (window, request->file);
  else if (request->pid != 0)
    atlas_window_show_process (window, request->pid);
  else
    atlas_window_select_process (window);
}

int
atlas_gui_run (const AtlasWindowRequest *request)
{
  g_autoptr (GtkApplication) application = NULL;
  Run run = { request, NULL };
  int status;

  if (!gtk_init_check (NULL, NULL))
    {
      g_printerr ("%s: %s\n", request->program_name,
                  _ ("no display to open a window on. Set DISPLAY or WAYLAND_DISPLAY, or use the "
                     "commands that need none: see --help"));
      return ATLAS_EXIT_FAILURE;
    }
  g_set_application_name (_ ("Memory Atlas"));
  g_set_prgname ("mematlas");
  gdk_set_program_class (ATLAS_APPLICATION_ID);
  application = gtk_application_new (ATLAS_APPLICATION_ID, G_APPLICATION_NON_UNIQUE);
  g_signal_connect (application, "startup", G_CALLBACK (startup), &run);
  g_signal_connect (application, "activate", G_CALLBACK (activate), &run);
  status = g_application_run (G_APPLICATION (application), 0, NULL);
  g_clear_object (&run.preferences);
  return status;
}
