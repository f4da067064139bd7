/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/history.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * AtlasFormat:
 * One row of the registry of output formats. docs/mmp-format.md describes .mmp.
 */
typedef struct
{
  const char *key;       /* "mmp", "csv", "txt": --format and file dialogs */
  const char *extension; /* ".mmp" */
  const char *mime_type;
  const char *title; /* English; translate with _() */
  gboolean whole;    /* holds every snapshot of a history; else one snapshot */

  /* Writes @history (@whole) or its snapshot @index to @stream; does not close it. */
  gboolean (*write) (AtlasHistory *history, guint index, GOutputStream *stream,
                     GCancellable *cancellable, GError **error);
} AtlasFormat;

/** atlas_format_get_all: Returns: (transfer none): the registry; n in @out_n. */
const AtlasFormat *atlas_format_get_all (guint *out_n);

/** atlas_format_from_key: Returns: (transfer none) (nullable): the format named @key. */
const AtlasFormat *atlas_format_from_key (const char *key);

/**
 * atlas_format_for_output:
 * @output: what the user typed: a path or "-"
 * @key: (nullable): --format
 * @out_path: (transfer full): the path to write, ".mmp" added where there was no extension; NULL
 *   for "-"
 *
 * The rule of the command line: @key wins; "-" is text; no extension is .mmp; ".mmp" native, ".csv"
 * CSV, anything else text. NULL with ATLAS_ERROR_USAGE where @key is unknown.
 */
const AtlasFormat *atlas_format_for_output (const char *output, const char *key, char **out_path,
                                            GError **error);

/**
 * atlas_format_save:
 * Writes to a temporary file beside @path, syncs and renames it: an existing file is either whole
 * or replaced. Keeps the permissions of an existing file, follows symbolic links.
 */
gboolean atlas_format_save (const AtlasFormat *format, AtlasHistory *history, guint index,
                            const char *path, GCancellable *cancellable, GError **error);

/**
 * AtlasLoadResult:
 * What was found while a file was opened that the user should hear of.
 */
typedef struct
{
  gboolean truncated; /* the file breaks off; everything up to the last whole record is there */
  char *message;      /* one sentence for the user, or NULL */
} AtlasLoadResult;

void atlas_load_result_clear (AtlasLoadResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AtlasLoadResult, atlas_load_result_clear)

/**
 * atlas_mmp_load:
 * @progress: (nullable): fraction of the file read, from the calling thread
 *
 * Returns: (transfer full): every snapshot of the file at @path. A file that breaks off gives what
 * was whole and says so in @out_result. Errors name the file and the line: FORMAT (damaged, or no
 * snapshot in it), VERSION (newer major version), LIMIT, NOT_FOUND, PERMISSION, IO, CANCELLED.
 */
AtlasHistory *atlas_mmp_load (const char *path, void (*progress) (double fraction, gpointer data),
                              gpointer progress_data, GCancellable *cancellable,
                              AtlasLoadResult *out_result, GError **error);

/** atlas_mmp_load_stream: The same from a stream; @name stands for the file in messages. */
AtlasHistory *atlas_mmp_load_stream (GInputStream *stream, const char *name,
                                     GCancellable *cancellable, AtlasLoadResult *out_result,
                                     GError **error);

/**
 * atlas_mmp_append:
 * Appends the snapshots of @history from index @first on to the existing file at @path, whose
 * snapshots before that are the same. A kill in the middle costs at most what was being appended.
 */
gboolean atlas_mmp_append (AtlasHistory *history, guint first, const char *path,
                           GCancellable *cancellable, GError **error);

G_END_DECLS
