/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AtlasType:
 * What a region is for, in the fixed order of every list, bar and file. Each region has exactly
 * one type; TOTAL is the sum of all but FREE. docs/semantics.md says how each is recognised.
 */
typedef enum
{
  ATLAS_TYPE_TOTAL,
  ATLAS_TYPE_IMAGE,
  ATLAS_TYPE_PRIVATE,
  ATLAS_TYPE_SHAREABLE,
  ATLAS_TYPE_MAPPED_FILE,
  ATLAS_TYPE_HEAP,
  ATLAS_TYPE_MANAGED_HEAP,
  ATLAS_TYPE_STACK,
  ATLAS_TYPE_SYSTEM,
  ATLAS_TYPE_FREE,
  ATLAS_N_TYPES
} AtlasType;

/**
 * AtlasTypeInfo:
 * One row of the table of types, from which views, exporters, help and CSS are made.
 */
typedef struct
{
  const char *key;   /* stable name for files and CSS classes: "mapped-file" */
  const char *name;  /* English, in CSV: "Mapped File"; translate with _() for the screen */
  const char *help;  /* English, one or two sentences; translate with _() */
  const char *light; /* row colour on a light theme, "#RRGGBB" */
  const char *dark;  /* row colour on a dark theme */
} AtlasTypeInfo;

/** atlas_type_get_info: Returns: (transfer none): the row of @type. */
const AtlasTypeInfo *atlas_type_get_info (AtlasType type);

/** atlas_type_from_key: Finds a type by its key; FALSE where there is none. */
gboolean atlas_type_from_key (const char *key, AtlasType *out_type);

G_END_DECLS
