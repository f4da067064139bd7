/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether an assistive technology has use for the accessible of a big list. Process-wide state,
 * main thread.
 */

#include "config.h"

#include "gui/assistive.h"

static gboolean listening;
static guint (*add_listener) (GSignalEmissionHook listener, const gchar *event);

/* The bridge to the accessibility bus adds listeners as soon as somebody on the bus does. */
static guint
note_listener (GSignalEmissionHook listener, const gchar *event)
{
  listening = TRUE;
  return add_listener (listener, event);
}

void
atlas_assistive_init (void)
{
  AtkUtilClass *klass;

  if (add_listener != NULL)
    return;
  klass = g_type_class_ref (ATK_TYPE_UTIL);
  add_listener = klass->add_global_event_listener;
  if (add_listener != NULL)
    klass->add_global_event_listener = note_listener;
  g_type_class_unref (klass);
}

gboolean
atlas_assistive_is_wanted (void)
{
  GSource *source = g_main_current_source ();
  const char *name = source != NULL ? g_source_get_name (source) : NULL;

  /* Without its name the watch cannot be told from a request: then the accessible is made. */
  return listening || name == NULL || !g_str_has_suffix (name, "gail_focus_idle_handler");
}
