/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/history.h"
#include "core/snapshot-builder.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What the header says; docs/mmp-format.md tells what may change within a major version. */
#define ATLAS_MMP_FORMAT "mematlas-snapshots"
#define ATLAS_MMP_MAJOR  1
#define ATLAS_MMP_MINOR  0

/* How the foreign line begins that keeps the unknown keys of a header. */
#define ATLAS_MMP_FOREIGN_HEADER "{\"record\":\"header\""

/* Limits of what is read; a file beyond one of them is refused with ATLAS_ERROR_LIMIT. */
#define ATLAS_MMP_MAX_LINE      (8u << 20)                     /* bytes of one record */
#define ATLAS_MMP_MAX_VALUES    (256u << 10)                   /* JSON values of one record */
#define ATLAS_MMP_MAX_DEPTH     32                             /* nesting of one record */
#define ATLAS_MMP_MAX_INFLATED  (G_GUINT64_CONSTANT (4) << 30) /* bytes of all records */
#define ATLAS_MMP_FREE_INFLATED (64u << 20)  /* bytes from which on the ratio is looked at */
#define ATLAS_MMP_MAX_RATIO     200          /* inflated to compressed */
#define ATLAS_MMP_MAX_MEMORY    (1u << 30)   /* bytes of all snapshots */
#define ATLAS_MMP_MAX_STRINGS   (4u << 20)   /* of one part of the file */
#define ATLAS_MMP_MAX_TEXT      (256u << 20) /* bytes of all strings of the file */
#define ATLAS_MMP_MAX_BLOCKS    (4u << 20)   /* of one snapshot */
#define ATLAS_MMP_MAX_SNAPSHOTS 100000
#define ATLAS_MMP_MAX_THREADS   (4u << 20)  /* of one snapshot: the kernel's limit of pids */
#define ATLAS_MMP_MAX_MISSING   4096        /* of one snapshot */
#define ATLAS_MMP_MAX_FOREIGN   (16u << 20) /* bytes of records of unknown kind that are kept */

/* A record grows to about this many rows or bytes before the next is begun. */
/* So many rows share one JSON string: its cost is by string more than by byte. */
#define ATLAS_MMP_ROWS_PER_TEXT 64

#define ATLAS_MMP_ROWS_PER_RECORD  1024
#define ATLAS_MMP_BYTES_PER_RECORD (128u << 10)

/* A whole snapshot after so many that are changes: what a damaged one can take with it. */
#define ATLAS_MMP_WHOLE_EVERY 64

/* In mmp-text.c: bytes as JSON. */

/** atlas_mmp_bytes_to_node: Returns: (transfer full): a string; {"base64": …} where @bytes are no
 * UTF-8; null for NULL. */
JsonNode *atlas_mmp_bytes_to_node (const char *bytes);

/**
 * atlas_mmp_bytes_from_node:
 * Gives the bytes of @node (NULL for null or a node that is not there) in @out_bytes, (transfer
 * full). FALSE where @node is anything else.
 */
gboolean atlas_mmp_bytes_from_node (JsonNode *node, char **out_bytes);

/** atlas_mmp_integer_to_node: Returns: (transfer full): an integer; a decimal string where JSON's
 * does not reach; null for ATLAS_UNKNOWN. */
JsonNode *atlas_mmp_integer_to_node (guint64 value);

/** atlas_mmp_integer_from_node: The reverse: null and a node that is not there are ATLAS_UNKNOWN.
 */
gboolean atlas_mmp_integer_from_node (JsonNode *node, guint64 *out_value);

/** atlas_mmp_check_line: Verifies what a JSON parser cannot be trusted with: UTF-8 without NUL,
 * nesting and number of values within the limits. */
gboolean atlas_mmp_check_line (const char *line, gsize length, GError **error);

/* In mmp-process.c: the facts of a process as a JSON object. */

JsonObject *atlas_mmp_process_to_object (const AtlasProcess *process);

/** atlas_mmp_process_from_object: Returns: (transfer full): NULL with FORMAT where a key is of the
 * wrong kind. */
AtlasProcess *atlas_mmp_process_from_object (JsonObject *object, GError **error);

/* In mmp-records.c: records as JSON objects, all (transfer full). */

JsonObject *atlas_mmp_record_new (const char *kind);
JsonObject *atlas_mmp_header_to_object (AtlasHistory *history, guint first);

/** atlas_mmp_snapshot_to_object: @base: (nullable): what it is written as changes against. */
JsonObject *atlas_mmp_snapshot_to_object (const AtlasSnapshot *snapshot, guint index,
                                          const AtlasSnapshot *base);

/** atlas_mmp_threads_to_object: ATLAS_MMP_ROWS_PER_RECORD threads from @first on, or what is left.
 */
JsonObject *atlas_mmp_threads_to_object (const AtlasSnapshot *snapshot, guint first);
JsonObject *atlas_mmp_missing_to_object (const AtlasMissing *missing);
JsonObject *atlas_mmp_end_to_object (const AtlasSnapshot *snapshot, guint index);

/** atlas_mmp_header_check: FALSE with FORMAT, or with VERSION for one of a newer major version. */
gboolean atlas_mmp_header_check (JsonObject *object, GError **error);

/** atlas_mmp_header_dup_foreign: Returns: (transfer full): a record of the keys of a header that
 * this version does not know, to be kept as a foreign line; NULL where there are none. */
char *atlas_mmp_header_dup_foreign (JsonObject *object);

/** atlas_mmp_header_is_foreign: Returns whether a foreign line is one of those. */
gboolean atlas_mmp_header_is_foreign (const char *line);

/** atlas_mmp_get_text: Returns: (transfer none): the string @key of @object; NULL where there is
 * none. */
const char *atlas_mmp_get_text (JsonObject *object, const char *key);

/* In mmp-rows.c: blocks and regions as one line of text each. */

/* Stands for the address of kernel memory, which has none. */
#define ATLAS_MMP_KERNEL_START "kernel"

/** AtlasMmpNumber: Returns the number in the file of string @id, never called with 0. */
typedef guint32 (*AtlasMmpNumber) (AtlasStringId id, gpointer data);

/* The letter that stands for each counter in the row of a block. */
extern const char atlas_mmp_counter_letters[ATLAS_N_COUNTERS];

void atlas_mmp_block_to_row (const AtlasBlock *block, const AtlasCounters *counters,
                             AtlasMmpNumber number, gpointer data, GString *row);
void atlas_mmp_region_to_row (const AtlasRegion *region, AtlasMmpNumber number, gpointer data,
                              GString *row);

/**
 * atlas_mmp_block_from_row:
 * @strings: (element-type AtlasStringId): string n is element n - 1
 *
 * Reads what atlas_mmp_block_to_row() wrote; fields it does not know are passed over.
 */
gboolean atlas_mmp_block_from_row (const char *row, const GArray *strings, AtlasBlock *out_block,
                                   AtlasCounters *out_counters);

/** atlas_mmp_region_from_row: The same for a region; first_block is left to the caller. */
gboolean atlas_mmp_region_from_row (const char *row, const GArray *strings,
                                    AtlasRegion *out_region);

/** atlas_mmp_run_from_row: Reads "=N" or "-N"; FALSE for an ordinary row or a damaged one. */
gboolean atlas_mmp_run_from_row (const char *row, gboolean *out_copy, guint32 *out_n);

/* In mmp-writer.c. */

/** atlas_mmp_write_part: Writes a header and the snapshots of @history from @first on, as one gzip
 * member; those after the first may be changes against the one before. Errors: IO, CANCELLED. */
gboolean atlas_mmp_write_part (AtlasHistory *history, guint first, GOutputStream *stream,
                               GCancellable *cancellable, GError **error);

/* In mmp-reader.c: records to snapshots. */

typedef struct _AtlasMmpReader AtlasMmpReader;

AtlasMmpReader *atlas_mmp_reader_new (void);
void atlas_mmp_reader_free (AtlasMmpReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasMmpReader, atlas_mmp_reader_free)

/** atlas_mmp_reader_take_line: Takes one record, without its line feed; errors do not say the line.
 */
gboolean atlas_mmp_reader_take_line (AtlasMmpReader *reader, const char *line, gsize length,
                                     GError **error);

/** atlas_mmp_reader_break: What came last was torn: an unfinished snapshot is dropped. */
void atlas_mmp_reader_break (AtlasMmpReader *reader);

/** atlas_mmp_reader_set_max_memory: Another limit than ATLAS_MMP_MAX_MEMORY, for tests. */
void atlas_mmp_reader_set_max_memory (AtlasMmpReader *reader, gsize bytes);

/** atlas_mmp_reader_is_incomplete: Returns whether a snapshot is unfinished, or one was dropped. */
gboolean atlas_mmp_reader_is_incomplete (AtlasMmpReader *reader);

/** atlas_mmp_reader_get_history: Returns: (transfer none): the whole snapshots so far. */
AtlasHistory *atlas_mmp_reader_get_history (AtlasMmpReader *reader);

/* In mmp-input.c: a stream of gzip members to bytes. */

typedef struct _AtlasMmpInput AtlasMmpInput;

typedef enum
{
  ATLAS_MMP_INPUT_DATA, /* some bytes */
  ATLAS_MMP_INPUT_END,  /* nothing more, all whole */
  ATLAS_MMP_INPUT_TORN, /* a part broke off; another one may follow */
  ATLAS_MMP_INPUT_ERROR,
} AtlasMmpInputStatus;

/** atlas_mmp_input_new: @stream is borrowed. */
AtlasMmpInput *atlas_mmp_input_new (GInputStream *stream, GCancellable *cancellable);
void atlas_mmp_input_free (AtlasMmpInput *input);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasMmpInput, atlas_mmp_input_free)

/** atlas_mmp_input_read: Gives up to @size inflated bytes in @out. Errors: FORMAT, LIMIT, IO,
 * CANCELLED. */
AtlasMmpInputStatus atlas_mmp_input_read (AtlasMmpInput *input, char *out, gsize size,
                                          gsize *out_length, GError **error);

/**
 * atlas_mmp_input_skip_part:
 * What was given last makes no sense: perhaps it was torn, and the bytes of a part that was
 * appended behind it, or the zeros a power cut left, were inflated as if they belonged to it. Goes
 * on behind that. FALSE where it was not so; then nothing more can be read.
 */
gboolean atlas_mmp_input_skip_part (AtlasMmpInput *input);

/** atlas_mmp_input_is_finished: Returns, after TORN, whether nothing follows. */
gboolean atlas_mmp_input_is_finished (AtlasMmpInput *input);

/** atlas_mmp_input_get_position: Returns how many compressed bytes were read. */
guint64 atlas_mmp_input_get_position (AtlasMmpInput *input);

G_END_DECLS
