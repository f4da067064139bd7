/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How long a snapshot of 64,000 rows takes to be painted, and a filter by type; how much memory a
 * block takes. Prints a line a figure with its limit; exit status 1 where one is over it, 77
 * without a display.
 */

#include "config.h"

#include "gui/window-private.h"

#include "synthetic.h"

#include <stdlib.h>

#define N_BLOCKS 64000
#define N_RUNS   7

#define SHOW_LIMIT_MS   150.0
#define FILTER_LIMIT_MS 50.0
#define MEMORY_LIMIT    256.0

typedef struct
{
  AtlasWindow *window;
  GMainLoop *loop;
  gboolean drawn; /* the list has been drawn since the clock was started */
  gint64 start;
  double elapsed; /* ms */
} Bench;

static gboolean
details_drawn (GtkWidget *widget, cairo_t *cr, Bench *bench)
{
  bench->drawn = TRUE;
  return GDK_EVENT_PROPAGATE;
}

static void
after_paint (GdkFrameClock *clock, Bench *bench)
{
  if (!bench->drawn || bench->start == 0)
    return;
  gdk_display_sync (gtk_widget_get_display (GTK_WIDGET (bench->window)));
  bench->elapsed = (g_get_monotonic_time () - bench->start) / 1000.0;
  bench->start = 0;
  g_main_loop_quit (bench->loop);
}

static gboolean
settled (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

static void
settle (Bench *bench)
{
  g_timeout_add (250, settled, bench->loop);
  g_main_loop_run (bench->loop);
}

static void
start_clock (Bench *bench)
{
  bench->drawn = FALSE;
  bench->start = g_get_monotonic_time ();
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double x = *(const double *)a, y = *(const double *)b;

  return x < y ? -1 : x > y;
}

static gboolean
report (const char *what, const char *unit, double *values, guint n, double limit)
{
  double median;

  qsort (values, n, sizeof *values, compare);
  median = values[n / 2];
  g_print ("%-44s %7.1f %s (%.1f to %.1f), limit %.0f: %.2f of it\n", what, median, unit, values[0],
           values[n - 1], limit, median / limit);
  return median <= limit;
}

static gboolean
run (Bench *bench, guint blocks_per_region)
{
  SyntheticShape shape = { .n_regions = N_BLOCKS / blocks_per_region,
                           .blocks_per_region = blocks_per_region };
  AtlasSummaryList *summary = ATLAS_SUMMARY_LIST (bench->window->summary);
  double show[N_RUNS], filter[N_RUNS], all[N_RUNS], memory[1];
  g_autofree char *rows =
    g_strdup_printf ("%u rows, %u blocks each", shape.n_regions, blocks_per_region);
  gboolean fine = TRUE;

  for (guint i = 0; i < N_RUNS; i++)
    {
      g_autoptr (AtlasHistory) history = synthetic_history (&shape);
      AtlasSnapshot *snapshot = atlas_history_get_last (history);

      memory[0] = (atlas_snapshot_get_memory (snapshot) +
                   atlas_string_pool_get_memory (atlas_history_get_pool (history))) /
                  (double)N_BLOCKS;
      /* The rows are made here although a scan makes them in its thread: both are counted. */
      start_clock (bench);
      atlas_window_take_history (bench->window, history);
      g_main_loop_run (bench->loop);
      show[i] = bench->elapsed;
      settle (bench);

      start_clock (bench);
      atlas_summary_list_set_types (summary, 1u << ATLAS_TYPE_HEAP);
      g_main_loop_run (bench->loop);
      filter[i] = bench->elapsed;
      settle (bench);

      start_clock (bench);
      atlas_summary_list_set_types (summary, 1u << ATLAS_TYPE_TOTAL);
      g_main_loop_run (bench->loop);
      all[i] = bench->elapsed;
      settle (bench);
    }
  g_print ("%s\n", rows);
  fine = report ("  painted after the end of the scan", "ms", show, N_RUNS, SHOW_LIMIT_MS) && fine;
  fine = report ("  painted after a filter by type", "ms", filter, N_RUNS, FILTER_LIMIT_MS) && fine;
  fine =
    report ("  painted after the filter is taken away", "ms", all, N_RUNS, FILTER_LIMIT_MS) && fine;
  fine = report ("  memory a block, strings included", "bytes", memory, 1, MEMORY_LIMIT) && fine;
  return fine;
}

static void
activate (GtkApplication *application, Bench *bench)
{
  SyntheticShape small = { .n_regions = 100, .blocks_per_region = 2 };
  g_autoptr (SyntheticSource) source = synthetic_source_new (&small);
  g_autoptr (AtlasPreferences) preferences = atlas_preferences_new ("none.such");
  g_autoptr (AtlasHistory) first = synthetic_history (&small);
  GdkFrameClock *clock;
  gboolean fine;

  bench->window = atlas_window_new (application, ATLAS_SOURCE (source), preferences);
  g_signal_connect_after (bench->window->details, "draw", G_CALLBACK (details_drawn), bench);
  gtk_window_present (GTK_WINDOW (bench->window));
  clock = gtk_widget_get_frame_clock (GTK_WIDGET (bench->window));
  g_signal_connect (clock, "after-paint", G_CALLBACK (after_paint), bench);
  atlas_window_take_history (bench->window, first);
  settle (bench);

  fine = run (bench, 1);
  fine = run (bench, 4) && fine;
  g_object_set_data (G_OBJECT (application), "failed", GINT_TO_POINTER (!fine));
  gtk_widget_destroy (GTK_WIDGET (bench->window));
}

int
main (int argc, char **argv)
{
  g_autoptr (GtkApplication) application = NULL;
  Bench bench = { 0 };
  int status;

  if (!gtk_init_check (&argc, &argv))
    {
      g_print ("no display: nothing is painted\n");
      return 77;
    }
  bench.loop = g_main_loop_new (NULL, FALSE);
  application = gtk_application_new ("io.github.mematlas.Bench", G_APPLICATION_NON_UNIQUE);
  g_signal_connect (application, "activate", G_CALLBACK (activate), &bench);
  status = g_application_run (G_APPLICATION (application), argc, argv);
  if (g_object_get_data (G_OBJECT (application), "failed") != NULL)
    status = 1;
  g_main_loop_unref (bench.loop);
  return status;
}
