/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scan/scene.h"

G_BEGIN_DECLS

/* Bytes of every possible piece that are shown to a recogniser. */
#define ATLAS_PIECE_HEADER 128

/**
 * AtlasPiece:
 * Something with a header of its own that lies in anonymous memory next to others of its kind or
 * not: a large block of malloc, a pool of CPython, a page of V8. The kernel merges what touches, so
 * one block may hold pieces of several owners.
 */
typedef struct
{
  const char *key;     /* "CPython" */
  AtlasType type;      /* HEAP or MANAGED_HEAP */
  const char *details; /* label of the region */
  const char *reason;  /* English, for _(); what was found in the memory */
  guint64 alignment;   /* bytes; where a piece may begin */
  /* Whether this kind can be in the process at all. */
  gboolean (*is_possible) (AtlasScene *scene);
  /* Returns the length of the piece that begins at @address, 0: there is none; @limit is where the
   * block ends. @header has ATLAS_PIECE_HEADER bytes. */
  guint64 (*measure) (AtlasScene *scene, const guint8 *header, guint64 address, guint64 limit);
} AtlasPiece;

/** atlas_pieces_get: Returns: (transfer none): the table of kinds in order of trust, @out_n rows.
 */
const AtlasPiece *atlas_pieces_get (guint *out_n);

/** atlas_recognise_pieces: The rule that walks through what anonymous memory is still free. */
void atlas_recognise_pieces (AtlasScene *scene);

G_END_DECLS
