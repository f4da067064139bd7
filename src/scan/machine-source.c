/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "scan/machine-source.h"
#include "util/error.h"
struct _AtlasMachineSource
{
  GObject parent;
};
static void
source_iface (AtlasSourceInterface *iface)
{
}
G_DEFINE_TYPE_WITH_CODE (AtlasMachineSource, atlas_machine_source, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (ATLAS_TYPE_SOURCE, source_iface))
static void
atlas_machine_source_class_init (AtlasMachineSourceClass *klass)
{
}
static void
atlas_machine_source_init (AtlasMachineSource *self)
{
}
AtlasSource *
atlas_machine_source_new (const char *proc_root, GError **error)
{
  return g_object_new (ATLAS_TYPE_MACHINE_SOURCE, NULL);
}
