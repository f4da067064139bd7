/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One source, used by several threads at once with one string pool: what a window does that lists
 * processes, scans one and saves another. Under ThreadSanitizer this shows what is not locked.
 */

#include "config.h"

#include "format/format.h"
#include "recorded-tree.h"
#include "scan/machine-source.h"

#define N_THREADS 4
#define N_ROUNDS  8

typedef struct
{
  AtlasSource *source;
  AtlasHistory *history; /* of its own, with the pool of all */
  const AtlasFormat *format;
  gint pid;
  char *text; /* what the format made of the first scan, without the times */
} Worker;

static AtlasSnapshot *
scan (Worker *worker)
{
  g_autoptr (GError) error = NULL;
  AtlasScanRequest request = { .pid = worker->pid,
                               .pool = atlas_history_get_pool (worker->history) };
  AtlasSnapshot *snapshot = atlas_source_scan (worker->source, &request, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (snapshot);
  return snapshot;
}

/* The snapshot as CSV, which holds no times. */
static char *
dup_csv (Worker *worker, AtlasSnapshot *snapshot)
{
  guint index = atlas_history_get_length (worker->history);
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;

  atlas_history_add (worker->history, snapshot);
  g_assert_true (worker->format->write (worker->history, index, stream, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_output_stream_write_all (stream, "", 1, NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (stream, NULL, NULL));
  return g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (stream));
}

static gpointer
work (gpointer data)
{
  Worker *worker = data;

  for (guint i = 0; i < N_ROUNDS; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) processes = atlas_source_list (worker->source, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (processes->len, ==, 6);

      g_autoptr (AtlasSnapshot) snapshot = scan (worker);
      g_autofree char *text = dup_csv (worker, snapshot);
      if (worker->text == NULL)
        worker->text = g_steal_pointer (&text);
      else
        g_assert_cmpstr (text, ==, worker->text);
    }
  return NULL;
}

static void
test_one_source (void)
{
  static const gint pids[N_THREADS] = { 100, 200, 300, 100 };
  g_autoptr (GError) error = NULL;
  char *tree = recorded_tree_new ();
  g_autoptr (AtlasSource) source = atlas_machine_source_new (tree, &error);
  g_assert_no_error (error);
  /* The pool is the history's: that of a window, which all its snapshots share. */
  g_autoptr (AtlasHistory) history = atlas_history_new ();
  Worker workers[N_THREADS];
  GThread *threads[N_THREADS];

  for (guint i = 0; i < N_THREADS; i++)
    {
      workers[i] = (Worker){ source, atlas_history_dup_shallow (history),
                             atlas_format_from_key ("csv"), pids[i], NULL };
      threads[i] = g_thread_new ("scan", work, &workers[i]);
    }
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  g_assert_cmpstr (workers[0].text, ==, workers[3].text);
  g_assert_cmpstr (workers[0].text, !=, workers[1].text);
  for (guint i = 0; i < N_THREADS; i++)
    {
      atlas_history_unref (workers[i].history);
      g_free (workers[i].text);
    }
  recorded_tree_free (tree);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/threads/one-source", test_one_source);
  return g_test_run ();
}
