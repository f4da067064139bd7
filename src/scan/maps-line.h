/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/block.h"

G_BEGIN_DECLS

/**
 * AtlasMapsLine:
 * One line of maps, or the first line of a record of smaps, cut into its fields.
 */
typedef struct
{
  guint64 start;  /* bytes */
  guint64 end;    /* bytes, above start */
  guint64 offset; /* bytes into the file */
  guint64 inode;
  guint32 device;    /* major << 20 | minor */
  guint8 protection; /* AtlasProtection */
  const char *path;  /* inside the line, escaped, without NUL; NULL: none */
  gsize path_length; /* bytes */
} AtlasMapsLine;

/**
 * atlas_maps_line_parse:
 * @line: bytes from @line up to @end, without the newline
 * Returns FALSE where the line has not the form "START-END rwxp OFFSET MAJOR:MINOR INODE [PATH]",
 * or END is not above START.
 */
gboolean atlas_maps_line_parse (const char *line, const char *end, AtlasMapsLine *out_line);

/**
 * atlas_maps_path_intern:
 * Interns the path of a line. The kernel writes a newline in a path as "\012" and escapes nothing
 * else, not even the backslash; so a file whose name holds those four characters literally cannot
 * be told from one with a newline.
 */
AtlasStringId atlas_maps_path_intern (AtlasStringPool *pool, const char *path, gsize length);

G_END_DECLS
