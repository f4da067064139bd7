/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/history.h"
#include "core/source.h"

/* What a snapshot made for a test looks like. */
typedef struct
{
  guint n_regions;
  guint blocks_per_region;
  guint64 shift;    /* bytes by which every address but the first half's lies higher */
  guint step;       /* every step-th region is left out; 0: none */
  gboolean partial; /* pagemap is missing: Private WS is unknown */
} SyntheticShape;

/* First address of region @index of a shape without shift. */
guint64 synthetic_address (const SyntheticShape *shape, guint index);

/* A snapshot of process 4242 "synthetic"; region i has type 1 + i % 7, Image ... Stack; its details
 * hold "label-i". */
AtlasSnapshot *synthetic_snapshot (AtlasStringPool *pool, const SyntheticShape *shape);

/* A history that holds one such snapshot. */
AtlasHistory *synthetic_history (const SyntheticShape *shape);

#define SYNTHETIC_TYPE_SOURCE (synthetic_source_get_type ())
G_DECLARE_FINAL_TYPE (SyntheticSource, synthetic_source, SYNTHETIC, SOURCE, GObject)

/*
 * SyntheticSource: a source whose one process has the shape that is set at the time; it can be told
 * to fail or to wait, and counts how often it was asked.
 */
struct _SyntheticSource
{
  GObject parent;
  SyntheticShape shape;
  gint error;     /* AtlasError of the next scans and queries; -1: none */
  guint delay_ms; /* before a scan comes back; ends early when it is cancelled */
  gint n_scans;   /* atomic */
};

SyntheticSource *synthetic_source_new (const SyntheticShape *shape);
