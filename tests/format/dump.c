/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Saves a fixture: "plain", "odd" or "large" with a number of blocks, or many rounds as a history.
 * Arguments: KIND PATH [NUMBER]. Prints the milliseconds it took.
 */

#include "config.h"

#include "fixture.h"

#include "format/format.h"

#include <signal.h>
#include <stdlib.h>

static AtlasHistory *
make (const char *kind, guint number)
{
  if (g_str_equal (kind, "history"))
    return fixture_new_history (number);

  AtlasHistory *history = atlas_history_new ();
  AtlasStringPool *pool = atlas_history_get_pool (history);
  g_autoptr (AtlasSnapshot) snapshot = g_str_equal (kind, "plain") ? fixture_new_plain (pool)
                                       : g_str_equal (kind, "large")
                                         ? fixture_new_large (pool, number)
                                         : fixture_new (pool, number);
  atlas_history_add (history, snapshot);
  return history;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  if (argc < 3)
    return 2;
  signal (SIGXFSZ, SIG_IGN);
  signal (SIGPIPE, SIG_IGN);
  g_autoptr (AtlasHistory) history = make (argv[1], argc > 3 ? (guint)atoi (argv[3]) : 0);
  const AtlasFormat *format = atlas_format_for_output (argv[2], NULL, &path, &error);
  gint64 start = g_get_monotonic_time ();
  if (format == NULL || !atlas_format_save (format, history, 0, path, NULL, &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  g_print ("%.1f ms\n", (double)(g_get_monotonic_time () - start) / 1000);
  if (!g_str_equal (format->key, "mmp"))
    return 0;

  g_auto (AtlasLoadResult) result = { FALSE, NULL };
  start = g_get_monotonic_time ();
  g_autoptr (AtlasHistory) loaded = atlas_mmp_load (path, NULL, NULL, NULL, &result, &error);
  g_print ("%.1f ms to open\n", (double)(g_get_monotonic_time () - start) / 1000);
  if (loaded == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  fixture_assert_same_history (history, loaded);
  return 0;
}
