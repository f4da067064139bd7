/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/snapshot-builder.h"

G_BEGIN_DECLS

/**
 * atlas_numa_line_parse:
 * @line: bytes from @line up to @end, without the newline: a line of numa_maps
 * @page_size: bytes, for kernels that do not write kernelpagesize_kB
 * @out_text: gets "0=4096 1=8192": bytes by node; emptied first
 *
 * Returns FALSE where the line begins with no address, or a number does not fit.
 */
gboolean atlas_numa_line_parse (const char *line, const char *end, guint page_size,
                                guint64 *out_start, GString *out_text);

/**
 * atlas_numa_maps_apply:
 * Sets the nodes of the blocks in @builder from the text of numa_maps. Returns the number of
 * resident blocks that the text does not mention (the process changed meanwhile).
 */
guint atlas_numa_maps_apply (AtlasSnapshotBuilder *builder, const char *text, gsize length,
                             guint page_size);

G_END_DECLS
