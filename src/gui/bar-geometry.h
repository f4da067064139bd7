/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/figures.h"
#include "core/type.h"

G_BEGIN_DECLS

/**
 * AtlasBarScale:
 * What a bar's whole length stands for. Bars that are to be compared share one scale.
 *
 * A type that dwarfs everything else and of which next to nothing is in use is drawn shortened: it
 * counts as @cap bytes and no more, so that the rest stays readable.
 */
typedef struct
{
  guint64 length; /* bytes that the whole length stands for; 0: nothing to draw */
  guint64 cap;    /* bytes beyond which a segment is drawn shortened; ATLAS_UNKNOWN: never */
} AtlasBarScale;

/* One type in a bar. */
typedef struct
{
  AtlasType type;
  guint64 bytes;
  double x;        /* from the beginning of the bar, in the unit of the width given */
  double width;    /* likewise */
  gboolean broken; /* shortened: longer than it is drawn */
} AtlasBarSegment;

/**
 * AtlasBarGeometry:
 * Where each segment of a bar lies; a plain value without anything to free.
 */
typedef struct
{
  AtlasBarSegment segments[ATLAS_N_TYPES];
  guint n_segments;
  double end;       /* where the last segment ends */
  double width;     /* the whole */
  gboolean unknown; /* at least one type is unknown: what follows @end may be more */
  gboolean broken;  /* at least one segment is shortened */
} AtlasBarGeometry;

/**
 * atlas_bar_scale_init:
 * @extent: bytes by type of the longest of the bars that share the scale (Committed)
 * @in_use: bytes by type that are resident
 *
 * Computes the scale on which @extent fills the bar. Unknown values count as nothing.
 */
void atlas_bar_scale_init (AtlasBarScale *scale, const guint64 extent[ATLAS_N_TYPES],
                           const guint64 in_use[ATLAS_N_TYPES]);

/**
 * atlas_bar_geometry_init:
 * @bytes: by type; TOTAL and FREE are passed over; 0 has no segment, unknown has none either
 * @width: of the bar
 * @least: width below which no segment falls, as long as they all fit
 * @grid: edges fall on multiples of this (a device pixel); 0: anywhere
 *
 * Lays the segments out from the left without gaps, in the order of the types.
 */
void atlas_bar_geometry_init (AtlasBarGeometry *geometry, const AtlasBarScale *scale,
                              const guint64 bytes[ATLAS_N_TYPES], double width, double least,
                              double grid);

/** atlas_bar_geometry_hit: Returns the index of the segment at @x, or -1. */
gint atlas_bar_geometry_hit (const AtlasBarGeometry *geometry, double x);

/** atlas_bar_geometry_find: Returns the index of the segment of @type, or -1. */
gint atlas_bar_geometry_find (const AtlasBarGeometry *geometry, AtlasType type);

G_END_DECLS
