/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/snapshot.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * AtlasScanProgress:
 * @fraction: 0..1, or below 0 where it is not known
 * @phase: English, for _(): "Reading smaps"
 *
 * Called from the scanning thread, at most some tens of times a second.
 */
typedef void (*AtlasScanProgress) (double fraction, const char *phase, gpointer data);

typedef enum
{
  ATLAS_SCAN_NUMA = 1 << 0, /* read numa_maps as well: one more page walk in the target */
} AtlasScanFlags;

typedef struct
{
  gint pid;
  guint64 start_ticks; /* 0: whatever has the pid; else ATLAS_ERROR_GONE where it is another one */
  AtlasScanFlags flags;
  AtlasStringPool *pool;      /* strings go here; NULL: a new pool */
  AtlasScanProgress progress; /* nullable */
  gpointer progress_data;
} AtlasScanRequest;

#define ATLAS_TYPE_SOURCE (atlas_source_get_type ())
G_DECLARE_INTERFACE (AtlasSource, atlas_source, ATLAS, SOURCE, GObject)

/**
 * AtlasSource:
 * The only way to a process for views and commands: this machine, a recorded /proc tree, and later
 * a core file or an agent on another machine. Calls block and may be slow: a window calls them in a
 * worker thread. Every call may be made from any thread.
 */
struct _AtlasSourceInterface
{
  GTypeInterface parent;

  GPtrArray *(*list) (AtlasSource *self, GCancellable *cancellable, GError **error);
  AtlasProcess *(*query) (AtlasSource *self, gint pid, GCancellable *cancellable, GError **error);
  AtlasSnapshot *(*scan) (AtlasSource *self, const AtlasScanRequest *request,
                          GCancellable *cancellable, GError **error);
};

/**
 * atlas_source_list:
 * Returns: (transfer full) (element-type AtlasProcess): all processes by ascending pid, kernel
 * threads and zombies included; those that may not be read have @unreadable set.
 */
GPtrArray *atlas_source_list (AtlasSource *self, GCancellable *cancellable, GError **error);

/**
 * atlas_source_query:
 * Returns: (transfer full): the facts of one process, cheap and without stalling it: status and
 * the like, no map. ATLAS_ERROR_GONE where there is none.
 */
AtlasProcess *atlas_source_query (AtlasSource *self, gint pid, GCancellable *cancellable,
                                  GError **error);

/**
 * atlas_source_scan:
 * Returns: (transfer full): a snapshot, perhaps partial (atlas_snapshot_is_partial()).
 * Errors: GONE, PERMISSION, UNSUPPORTED (kernel thread, zombie), CANCELLED, LIMIT, IO.
 */
AtlasSnapshot *atlas_source_scan (AtlasSource *self, const AtlasScanRequest *request,
                                  GCancellable *cancellable, GError **error);

G_END_DECLS
