/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * AtlasSource over /proc, this machine's or a recorded one. Immutable after construction but for
 * the caches of AtlasProcessReader, which lock; so every call may be made from any thread.
 */

#include "config.h"

#include "scan/machine-source.h"

#include "scan/access.h"
#include "scan/process-reader.h"
#include "scan/process-scan.h"
#include "scan/procfs.h"
#include "util/error.h"

#include <unistd.h>

struct _AtlasMachineSource
{
  GObject parent_instance;
  AtlasProcfs *procfs;
  AtlasProcessReader *reader;
};

static void atlas_machine_source_init_interface (AtlasSourceInterface *iface);

G_DEFINE_TYPE_WITH_CODE (AtlasMachineSource, atlas_machine_source, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (ATLAS_TYPE_SOURCE,
                                                atlas_machine_source_init_interface))

static AtlasProcess *
read_with_access (AtlasMachineSource *self, gint pid, GError **error)
{
  AtlasProcessOrigin origin;
  AtlasProcess *process = atlas_process_reader_read (self->reader, pid, &origin, error);
  if (process == NULL)
    return NULL;

  g_autoptr (GError) refused = NULL;
  gboolean is_smaps;
  int fd = atlas_access_open_map (self->procfs, process, origin.files, &is_smaps, &refused);
  if (fd >= 0)
    close (fd);
  else
    process->unreadable = g_strdup (refused->message);
  return process;
}

/* A process of which the kernel tells the pid and nothing else. */
static AtlasProcess *
dup_unreadable (gint pid, const GError *why)
{
  AtlasProcess *process = atlas_process_new ();

  process->pid = pid;
  process->unreadable = g_strdup (why->message);
  return process;
}

static GPtrArray *
atlas_machine_source_list (AtlasSource *source, GCancellable *cancellable, GError **error)
{
  AtlasMachineSource *self = ATLAS_MACHINE_SOURCE (source);
  g_autoptr (GArray) ids = atlas_procfs_list_ids (self->procfs, "", error);
  if (ids == NULL)
    return NULL;

  g_autoptr (GPtrArray) processes =
    g_ptr_array_new_full (ids->len, (GDestroyNotify)atlas_process_free);
  for (guint i = 0; i < ids->len; i++)
    {
      if (atlas_set_error_if_cancelled (g_cancellable_is_cancelled (cancellable), error))
        return NULL;
      g_autoptr (GError) failed = NULL;
      gint pid = g_array_index (ids, gint, i);
      AtlasProcess *process = read_with_access (self, pid, &failed);
      /* One that ended since the directory was read is no process any more. */
      if (process == NULL && g_error_matches (failed, ATLAS_ERROR, ATLAS_ERROR_GONE))
        continue;
      g_ptr_array_add (processes, process != NULL ? process : dup_unreadable (pid, failed));
    }
  return g_steal_pointer (&processes);
}

static AtlasProcess *
atlas_machine_source_query (AtlasSource *source, gint pid, GCancellable *cancellable,
                            GError **error)
{
  if (atlas_set_error_if_cancelled (g_cancellable_is_cancelled (cancellable), error))
    return NULL;
  return read_with_access (ATLAS_MACHINE_SOURCE (source), pid, error);
}

static AtlasSnapshot *
atlas_machine_source_scan (AtlasSource *source, const AtlasScanRequest *request,
                           GCancellable *cancellable, GError **error)
{
  AtlasMachineSource *self = ATLAS_MACHINE_SOURCE (source);

  return atlas_process_scan (self->procfs, self->reader, request, cancellable, error);
}

static void
atlas_machine_source_init_interface (AtlasSourceInterface *iface)
{
  iface->list = atlas_machine_source_list;
  iface->query = atlas_machine_source_query;
  iface->scan = atlas_machine_source_scan;
}

static void
atlas_machine_source_finalize (GObject *object)
{
  AtlasMachineSource *self = ATLAS_MACHINE_SOURCE (object);

  g_clear_pointer (&self->reader, atlas_process_reader_free);
  g_clear_pointer (&self->procfs, atlas_procfs_unref);
  G_OBJECT_CLASS (atlas_machine_source_parent_class)->finalize (object);
}

static void
atlas_machine_source_class_init (AtlasMachineSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = atlas_machine_source_finalize;
}

static void
atlas_machine_source_init (AtlasMachineSource *self)
{
}

AtlasSource *
atlas_machine_source_new (const char *proc_root, GError **error)
{
  AtlasProcfs *procfs = atlas_procfs_open (proc_root, error);
  if (procfs == NULL)
    return NULL;

  AtlasMachineSource *self = g_object_new (ATLAS_TYPE_MACHINE_SOURCE, NULL);
  self->procfs = procfs;
  self->reader = atlas_process_reader_new (procfs);
  return ATLAS_SOURCE (self);
}
