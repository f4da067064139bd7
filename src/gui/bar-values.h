/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/snapshot.h"
#include "gui/bar-geometry.h"
#include "util/text.h"

G_BEGIN_DECLS

/**
 * AtlasBarValues:
 * What a bar shows, and in which words; a plain value without anything to free but the title.
 */
typedef struct
{
  gboolean filled;              /* a snapshot is shown */
  guint64 bytes[ATLAS_N_TYPES]; /* the figure by type */
  AtlasBarScale scale;
  AtlasUnit unit;
  char *title; /* owned: "Private Bytes" */
} AtlasBarValues;

/* Takes @figure of @snapshot, NULL: nothing; @scale_bytes as for atlas_bar_set_snapshot(). */
void atlas_bar_values_set (AtlasBarValues *values, AtlasSnapshot *snapshot, AtlasFigure figure,
                           guint64 scale_bytes);

/* The scale common to Committed, Private Bytes and Working Set. */
void atlas_bar_values_get_common_scale (AtlasSnapshot *snapshot, AtlasBarScale *out_scale);

/* Returns: (transfer full): "1,234 K", "–" where it is unknown, "" where nothing is shown. */
char *atlas_bar_values_dup_total (const AtlasBarValues *values);

/* Returns: (transfer full): "Heap: 1,234 K, 34.5 % of Private Bytes", and whether it is shortened.
 */
char *atlas_bar_values_dup_segment_text (const AtlasBarValues *values,
                                         const AtlasBarSegment *segment);

/* Returns: (transfer full): the bar in a sentence. */
char *atlas_bar_values_dup_description (const AtlasBarValues *values,
                                        const AtlasBarGeometry *geometry);

G_END_DECLS
