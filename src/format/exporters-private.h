/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/history.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/** atlas_csv_write: Writes snapshot @index as comma-separated values; see AtlasFormat.write. */
gboolean atlas_csv_write (AtlasHistory *history, guint index, GOutputStream *stream,
                          GCancellable *cancellable, GError **error);

/** atlas_txt_write: Writes snapshot @index as aligned text; see AtlasFormat.write. */
gboolean atlas_txt_write (AtlasHistory *history, guint index, GOutputStream *stream,
                          GCancellable *cancellable, GError **error);

/** atlas_mmp_write: Writes every snapshot of @history as .mmp; @index is not used. */
gboolean atlas_mmp_write (AtlasHistory *history, guint index, GOutputStream *stream,
                          GCancellable *cancellable, GError **error);

G_END_DECLS
