/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Snapshots and a source made for the tests of the window: no process is needed.
 */

#include "config.h"

#include "synthetic.h"

#include "core/snapshot-builder.h"
#include "util/error.h"

#define FIRST_ADDRESS G_GUINT64_CONSTANT (0x550000000000)
#define BLOCK_SIZE    G_GUINT64_CONSTANT (0x4000)

static void source_iface (AtlasSourceInterface *iface);

G_DEFINE_TYPE_WITH_CODE (SyntheticSource, synthetic_source, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (ATLAS_TYPE_SOURCE, source_iface))

guint64
synthetic_address (const SyntheticShape *shape, guint index)
{
  return FIRST_ADDRESS + (guint64)index * (shape->blocks_per_region + 1) * BLOCK_SIZE;
}

static AtlasProcess *
make_process (void)
{
  AtlasProcess *process = atlas_process_new ();

  process->pid = 4242;
  process->start_ticks = 99;
  process->bits = 64;
  process->page_size = 4096;
  process->address_limit = G_GUINT64_CONSTANT (0x7ffffffff000);
  process->name = g_strdup ("synthetic");
  process->command_line = g_strdup ("/usr/bin/synthetic --with arguments");
  process->user = g_strdup ("somebody");
  return process;
}

static void
add_region (AtlasSnapshotBuilder *builder, const SyntheticShape *shape, guint i)
{
  AtlasStringPool *pool = atlas_snapshot_builder_get_pool (builder);
  g_autofree char *details = g_strdup_printf ("label-%u", i);
  guint64 start = synthetic_address (shape, i);
  AtlasRegion region = {
    .first_block = atlas_snapshot_builder_get_n_blocks (builder),
    .n_blocks = shape->blocks_per_region,
    .details = atlas_string_pool_intern (pool, details, -1),
    .reason = atlas_string_pool_intern (pool, "made for a test", -1),
    .type = ATLAS_TYPE_IMAGE + i % 7,
  };

  if (i >= shape->n_regions / 2)
    start += shape->shift;
  for (guint b = 0; b < shape->blocks_per_region; b++)
    {
      guint64 resident = (guint64)((i * 7 + b) % 5) * 4096;
      AtlasCounters counters = { { 0 } };
      AtlasBlock block = {
        .start = start + b * BLOCK_SIZE,
        .end = start + (b + 1) * BLOCK_SIZE,
        .protection =
          b % 2 ? ATLAS_PROTECTION_READ : ATLAS_PROTECTION_READ | ATLAS_PROTECTION_WRITE,
        .traits = ATLAS_VM_KNOWN | ATLAS_VM_ACCOUNTED,
        .vm_flags = atlas_string_pool_intern (pool, "rd wr mr mw me ac", -1),
        .page_shift = 12,
      };

      counters.value[ATLAS_COUNTER_RSS] = resident;
      counters.value[ATLAS_COUNTER_PSS] = resident;
      counters.value[ATLAS_COUNTER_PRIVATE_DIRTY] = resident;
      counters.value[ATLAS_COUNTER_REFERENCED] = resident;
      counters.value[ATLAS_COUNTER_ANONYMOUS] = resident;
      counters.value[ATLAS_COUNTER_PRIVATE_WS] = shape->partial ? ATLAS_UNKNOWN : resident;
      atlas_snapshot_builder_add_block (builder, &block, &counters);
    }
  atlas_snapshot_builder_add_region (builder, &region);
}

AtlasSnapshot *
synthetic_snapshot (AtlasStringPool *pool, const SyntheticShape *shape)
{
  g_autoptr (AtlasSnapshotBuilder) builder = atlas_snapshot_builder_new (pool);
  g_autoptr (GError) error = NULL;
  AtlasSnapshot *snapshot;

  atlas_snapshot_builder_take_process (builder, make_process ());
  atlas_snapshot_builder_add_thread (builder, 4242, "synthetic");
  atlas_snapshot_builder_set_time (builder, g_get_real_time (), 1000);
  if (shape->partial)
    atlas_snapshot_builder_add_missing (builder, "pagemap", "it may not be read in this test");
  for (guint i = 0; i < shape->n_regions; i++)
    if (shape->step == 0 || i % shape->step != 0)
      add_region (builder, shape, i);
  snapshot = atlas_snapshot_builder_finish (builder, &error);
  g_assert_no_error (error);
  return snapshot;
}

AtlasHistory *
synthetic_history (const SyntheticShape *shape)
{
  AtlasHistory *history = atlas_history_new ();
  g_autoptr (AtlasSnapshot) snapshot = synthetic_snapshot (atlas_history_get_pool (history), shape);

  atlas_history_add (history, snapshot);
  return history;
}

/* --- The source --- */

static gboolean
fail (SyntheticSource *self, GError **error)
{
  if (self->error < 0)
    return FALSE;
  g_set_error (error, ATLAS_ERROR, self->error, "process 4242 is made to fail");
  return TRUE;
}

static GPtrArray *
source_list (AtlasSource *source, GCancellable *cancellable, GError **error)
{
  GPtrArray *processes = g_ptr_array_new_with_free_func ((GDestroyNotify)atlas_process_free);

  g_ptr_array_add (processes, make_process ());
  return processes;
}

static AtlasProcess *
source_query (AtlasSource *source, gint pid, GCancellable *cancellable, GError **error)
{
  return fail (SYNTHETIC_SOURCE (source), error) ? NULL : make_process ();
}

static AtlasSnapshot *
source_scan (AtlasSource *source, const AtlasScanRequest *request, GCancellable *cancellable,
             GError **error)
{
  SyntheticSource *self = SYNTHETIC_SOURCE (source);
  gint64 end = g_get_monotonic_time () + self->delay_ms * 1000;

  g_atomic_int_inc (&self->n_scans);
  if (fail (self, error))
    return NULL;
  while (g_get_monotonic_time () < end)
    {
      if (request->progress != NULL)
        request->progress (0.5, "Reading smaps", request->progress_data);
      if (atlas_set_error_if_cancelled (g_cancellable_is_cancelled (cancellable), error))
        return NULL;
      g_usleep (5000);
    }
  return synthetic_snapshot (request->pool, &self->shape);
}

static void
source_iface (AtlasSourceInterface *iface)
{
  iface->list = source_list;
  iface->query = source_query;
  iface->scan = source_scan;
}

static void
synthetic_source_class_init (SyntheticSourceClass *klass)
{
}

static void
synthetic_source_init (SyntheticSource *self)
{
  self->error = -1;
}

SyntheticSource *
synthetic_source_new (const SyntheticShape *shape)
{
  SyntheticSource *self = g_object_new (SYNTHETIC_TYPE_SOURCE, NULL);

  self->shape = *shape;
  return self;
}
