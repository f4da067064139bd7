/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/source.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_MACHINE_SOURCE (atlas_machine_source_get_type ())
G_DECLARE_FINAL_TYPE (AtlasMachineSource, atlas_machine_source, ATLAS, MACHINE_SOURCE, GObject)

/**
 * atlas_machine_source_new:
 * @proc_root: (nullable): directory of a recorded /proc tree; NULL: /proc of this machine
 *
 * Returns: (transfer full): an AtlasSource over that tree; NOT_FOUND or PERMISSION where the
 * directory cannot be opened. Of a recorded tree only files are read: no process memory, no ioctl.
 */
AtlasSource *atlas_machine_source_new (const char *proc_root, GError **error);

G_END_DECLS
