/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/option.h"
#include "format/format.h"

G_BEGIN_DECLS

/**
 * AtlasOutput:
 * Where a command writes and in which format; on the stack of the command.
 */
typedef struct
{
  const AtlasFormat *format;
  char *path; /* NULL: stdout */
} AtlasOutput;

/** atlas_output_init: Decides by OUTPUT and --format; ATLAS_ERROR_USAGE where they make no sense.
 */
gboolean atlas_output_init (AtlasOutput *output, const AtlasOptions *options, GError **error);

/** atlas_output_clear: Frees what @output holds. */
void atlas_output_clear (AtlasOutput *output);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AtlasOutput, atlas_output_clear)

/**
 * atlas_output_write:
 * Writes @history, or its newest snapshot where the format holds only one.
 */
gboolean atlas_output_write (const AtlasOutput *output, AtlasHistory *history, GError **error);

/**
 * atlas_output_print:
 * Writes @length bytes of @text to stdout; errors are of the domain G_IO_ERROR.
 */
gboolean atlas_output_print (const char *text, gsize length, GError **error);

G_END_DECLS
