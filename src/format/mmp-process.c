/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The facts of a process as a JSON object: one table says which key holds what, for writing and
 * for reading. Static data, any thread.
 */

#include "config.h"

#include "format/mmp-private.h"

#include "util/error.h"

#include <glib/gi18n.h>
#include <stddef.h>
#include <string.h>

typedef enum
{
  KIND_BYTES,   /* char*; the key is left out for NULL */
  KIND_INT,     /* gint */
  KIND_UINT32,  /* guint32, guint; null for G_MAXUINT32 */
  KIND_UINT64,  /* guint64; null for ATLAS_UNKNOWN */
  KIND_TIME,    /* gint64 */
  KIND_BOOLEAN, /* gboolean */
  KIND_LETTER,  /* char; the key is left out for 0 */
} Kind;

static const struct
{
  const char *key;
  Kind kind;
  gsize offset;
} keys[] = {
  { "pid", KIND_INT, offsetof (AtlasProcess, pid) },
  { "parent_pid", KIND_INT, offsetof (AtlasProcess, parent_pid) },
  { "name", KIND_BYTES, offsetof (AtlasProcess, name) },
  { "command_line", KIND_BYTES, offsetof (AtlasProcess, command_line) },
  { "executable", KIND_BYTES, offsetof (AtlasProcess, executable) },
  { "start_ticks", KIND_UINT64, offsetof (AtlasProcess, start_ticks) },
  { "start_time", KIND_TIME, offsetof (AtlasProcess, start_time) },
  { "uid", KIND_UINT32, offsetof (AtlasProcess, uid) },
  { "user", KIND_BYTES, offsetof (AtlasProcess, user) },
  { "state", KIND_LETTER, offsetof (AtlasProcess, state) },
  { "kernel_thread", KIND_BOOLEAN, offsetof (AtlasProcess, kernel_thread) },
  { "n_threads", KIND_UINT32, offsetof (AtlasProcess, n_threads) },
  { "bits", KIND_UINT32, offsetof (AtlasProcess, bits) },
  { "architecture", KIND_BYTES, offsetof (AtlasProcess, architecture) },
  { "page_size", KIND_UINT32, offsetof (AtlasProcess, page_size) },
  { "address_limit", KIND_UINT64, offsetof (AtlasProcess, address_limit) },
  { "private_bytes", KIND_UINT64, offsetof (AtlasProcess, private_bytes) },
  { "working_set", KIND_UINT64, offsetof (AtlasProcess, working_set) },
  { "cgroup", KIND_BYTES, offsetof (AtlasProcess, cgroup) },
  { "unreadable", KIND_BYTES, offsetof (AtlasProcess, unreadable) },
};

static JsonNode *
value_to_node (const void *value, Kind kind)
{
  switch (kind)
    {
    case KIND_BYTES:
      {
        const char *bytes = *(char *const *)value;
        return bytes != NULL ? atlas_mmp_bytes_to_node (bytes) : NULL;
      }
    case KIND_INT:
      return json_node_init_int (json_node_alloc (), *(const gint *)value);
    case KIND_UINT32:
      {
        guint32 number = *(const guint32 *)value;
        return atlas_mmp_integer_to_node (number == G_MAXUINT32 ? ATLAS_UNKNOWN : number);
      }
    case KIND_UINT64:
      return atlas_mmp_integer_to_node (*(const guint64 *)value);
    case KIND_TIME:
      return json_node_init_int (json_node_alloc (), *(const gint64 *)value);
    case KIND_BOOLEAN:
      return json_node_init_boolean (json_node_alloc (), *(const gboolean *)value);
    case KIND_LETTER:
      {
        char text[2] = { *(const char *)value, '\0' };
        return text[0] != '\0' ? atlas_mmp_bytes_to_node (text) : NULL;
      }
    default:
      g_assert_not_reached ();
    }
}

static gboolean
letter_from_node (JsonNode *node, char *out)
{
  g_autofree char *text = NULL;

  if (!atlas_mmp_bytes_from_node (node, &text) || text == NULL || strlen (text) != 1)
    return FALSE;
  *out = text[0];
  return TRUE;
}

static gboolean
uint32_from_node (JsonNode *node, guint32 *out)
{
  guint64 number;

  if (!atlas_mmp_integer_from_node (node, &number) ||
      (number != ATLAS_UNKNOWN && number >= G_MAXUINT32))
    return FALSE;
  *out = number == ATLAS_UNKNOWN ? G_MAXUINT32 : (guint32)number;
  return TRUE;
}

static gboolean
value_from_node (JsonNode *node, Kind kind, void *value)
{
  GType type = json_node_get_value_type (node);

  switch (kind)
    {
    case KIND_BYTES:
      return atlas_mmp_bytes_from_node (node, value);
    case KIND_INT:
      if (type != G_TYPE_INT64 || json_node_get_int (node) < G_MININT ||
          json_node_get_int (node) > G_MAXINT)
        return FALSE;
      *(gint *)value = (gint)json_node_get_int (node);
      return TRUE;
    case KIND_UINT32:
      return uint32_from_node (node, value);
    case KIND_UINT64:
      return atlas_mmp_integer_from_node (node, value);
    case KIND_TIME:
      if (type != G_TYPE_INT64)
        return FALSE;
      *(gint64 *)value = json_node_get_int (node);
      return TRUE;
    case KIND_BOOLEAN:
      if (type != G_TYPE_BOOLEAN)
        return FALSE;
      *(gboolean *)value = json_node_get_boolean (node);
      return TRUE;
    case KIND_LETTER:
      return letter_from_node (node, value);
    default:
      g_assert_not_reached ();
    }
}

JsonObject *
atlas_mmp_process_to_object (const AtlasProcess *process)
{
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      JsonNode *node = value_to_node ((const char *)process + keys[i].offset, keys[i].kind);
      if (node != NULL)
        json_object_set_member (object, keys[i].key, node);
    }
  return object;
}

AtlasProcess *
atlas_mmp_process_from_object (JsonObject *object, GError **error)
{
  g_autoptr (AtlasProcess) process = atlas_process_new ();

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      JsonNode *node = json_object_get_member (object, keys[i].key);
      if (node != NULL && !value_from_node (node, keys[i].kind, (char *)process + keys[i].offset))
        {
          g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT,
                       _ ("\"%s\" of the process has no value of the expected kind"), keys[i].key);
          return NULL;
        }
    }
  return g_steal_pointer (&process);
}
