/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The interface through which views and commands reach processes.
 */

#include "config.h"

#include "core/source.h"

G_DEFINE_INTERFACE (AtlasSource, atlas_source, G_TYPE_OBJECT)

static void
atlas_source_default_init (AtlasSourceInterface *iface)
{
}

GPtrArray *
atlas_source_list (AtlasSource *self, GCancellable *cancellable, GError **error)
{
  return ATLAS_SOURCE_GET_IFACE (self)->list (self, cancellable, error);
}

AtlasProcess *
atlas_source_query (AtlasSource *self, gint pid, GCancellable *cancellable, GError **error)
{
  return ATLAS_SOURCE_GET_IFACE (self)->query (self, pid, cancellable, error);
}

AtlasSnapshot *
atlas_source_scan (AtlasSource *self, const AtlasScanRequest *request, GCancellable *cancellable,
                   GError **error)
{
  return ATLAS_SOURCE_GET_IFACE (self)->scan (self, request, cancellable, error);
}
