/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bytes and integers as JSON without loss, and the look at a line before it is parsed. No state,
 * any thread.
 */

#include "config.h"

#include "format/mmp-private.h"

#include "util/error.h"

#include <glib/gi18n.h>
#include <string.h>

#define BASE64_KEY "base64"

JsonNode *
atlas_mmp_bytes_to_node (const char *bytes)
{
  if (bytes == NULL)
    return json_node_init_null (json_node_alloc ());
  if (g_utf8_validate (bytes, -1, NULL))
    return json_node_init_string (json_node_alloc (), bytes);

  JsonObject *object = json_object_new ();
  g_autofree char *text = g_base64_encode ((const guchar *)bytes, strlen (bytes));
  json_object_set_string_member (object, BASE64_KEY, text);
  JsonNode *node = json_node_init_object (json_node_alloc (), object);
  json_object_unref (object);
  return node;
}

static gboolean
decode_base64 (JsonObject *object, char **out_bytes)
{
  JsonNode *node = json_object_get_member (object, BASE64_KEY);

  if (node == NULL || json_node_get_value_type (node) != G_TYPE_STRING)
    return FALSE;
  gsize length;
  g_autofree guchar *bytes = g_base64_decode (json_node_get_string (node), &length);
  if (memchr (bytes, '\0', length) != NULL)
    return FALSE;
  *out_bytes = g_strndup ((const char *)bytes, length);
  return TRUE;
}

gboolean
atlas_mmp_bytes_from_node (JsonNode *node, char **out_bytes)
{
  *out_bytes = NULL;
  if (node == NULL || json_node_is_null (node))
    return TRUE;
  if (JSON_NODE_HOLDS_OBJECT (node))
    return decode_base64 (json_node_get_object (node), out_bytes);
  if (json_node_get_value_type (node) != G_TYPE_STRING)
    return FALSE;
  *out_bytes = g_strdup (json_node_get_string (node));
  return TRUE;
}

JsonNode *
atlas_mmp_integer_to_node (guint64 value)
{
  if (value == ATLAS_UNKNOWN)
    return json_node_init_null (json_node_alloc ());
  if (value <= G_MAXINT64)
    return json_node_init_int (json_node_alloc (), (gint64)value);
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, value);
  return json_node_init_string (json_node_alloc (), text);
}

gboolean
atlas_mmp_integer_from_node (JsonNode *node, guint64 *out_value)
{
  *out_value = ATLAS_UNKNOWN;
  if (node == NULL || json_node_is_null (node))
    return TRUE;
  GType type = json_node_get_value_type (node);
  if (type == G_TYPE_STRING)
    return g_ascii_string_to_unsigned (json_node_get_string (node), 10, 0, G_MAXUINT64 - 1,
                                       out_value, NULL);
  if (type != G_TYPE_INT64 || json_node_get_int (node) < 0)
    return FALSE;
  *out_value = (guint64)json_node_get_int (node);
  return TRUE;
}

/* Returns the end of the string that begins behind @at, its closing quote. */
static const char *
skip_string (const char *at, const char *end)
{
  while (at < end)
    {
      const char *quote = memchr (at, '"', (gsize)(end - at));
      if (quote == NULL)
        return end;
      const char *before = quote;
      while (before > at && before[-1] == '\\')
        before--;
      at = quote + 1;
      if ((quote - before) % 2 == 0)
        return at;
    }
  return end;
}

/* A parser that calls itself for every bracket must not be given a million of them. */
gboolean
atlas_mmp_check_line (const char *line, gsize length, GError **error)
{
  const char *end = line + length;
  guint depth = 0;
  guint values = 0;

  if (!g_utf8_validate (line, (gssize)length, NULL))
    {
      g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT, _ ("it is not valid UTF-8"));
      return FALSE;
    }
  for (const char *at = line; at < end;)
    switch (*at++)
      {
      case '"':
        at = skip_string (at, end);
        break;
      case '[':
      case '{':
        depth++;
        values++;
        if (depth > ATLAS_MMP_MAX_DEPTH)
          goto limit;
        break;
      case ']':
      case '}':
        depth -= depth > 0;
        break;
      case ',':
      case ':':
        if (++values > ATLAS_MMP_MAX_VALUES)
          goto limit;
        break;
      default:
        /* What json-glib takes beyond JSON (comments, 'strings') could hide brackets from this. */
        if (!g_ascii_isalnum (at[-1]) && strchr ("+-. \t\r", at[-1]) == NULL)
          {
            g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_FORMAT, _ ("it is not JSON"));
            return FALSE;
          }
        break;
      }
  return TRUE;

limit:
  g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_LIMIT,
               _ ("it holds more values, or nested deeper, than any record does"));
  return FALSE;
}
