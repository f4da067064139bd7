/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scan/scene.h"

G_BEGIN_DECLS

/* How a rule finds its blocks. */
typedef enum
{
  ATLAS_RULE_EXACT,      /* the path column is the pattern */
  ATLAS_RULE_PREFIX,     /* the path column begins with it */
  ATLAS_RULE_CONTAINS,   /* the path column holds it */
  ATLAS_RULE_FILE,       /* what is left that maps a file: the path column begins with it */
  ATLAS_RULE_RECOGNISER, /* a function looks at the whole scene */
} AtlasRuleKind;

/* Which mappings a name rule is for. */
typedef enum
{
  ATLAS_RULE_ANY,
  ATLAS_RULE_SHARED,
  ATLAS_RULE_PRIVATE,
} AtlasRuleSharing;

/**
 * AtlasRule:
 * One row of the table of rules. Rows run in order, the first claim on a block stands.
 */
typedef struct
{
  const char *id; /* unique, "anon.glibc.arena"; for tests and debugging */
  AtlasRuleKind kind;
  const char *pattern;      /* name rules */
  AtlasRuleSharing sharing; /* name rules */
  AtlasType type;           /* name rules */
  const char *family;       /* name rules: touching blocks of one family are one region;
                               NULL: those with the same path */
  const char *details;      /* name rules: label of the region, NULL: the path; "%s" stands for
                               what follows the pattern */
  const char *label;        /* name rules: label of the block, as details; NULL: none */
  const char *reason;       /* name rules: English, for _(); has "%s" where named_by is set */
  const char *named_by;     /* name rules: who gives the name, English, for _(), or NULL */
  void (*recognise) (AtlasScene *scene); /* recognisers */
} AtlasRule;

/** atlas_rules_get: Returns: (transfer none): the table, @out_n rows. */
const AtlasRule *atlas_rules_get (guint *out_n);

/**
 * atlas_rule_matches:
 * Returns whether the name rule @rule is for a block with @path and @protection; what follows a
 * prefix, in @path, is in @out_rest.
 */
gboolean atlas_rule_matches (const AtlasRule *rule, const char *path, guint8 protection,
                             const char **out_rest);

G_END_DECLS
