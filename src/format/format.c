/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The registry of output formats, and the rule by which a name on the command line chooses one.
 * Static data, any thread.
 */

#include "config.h"

#include "format/format.h"

#include "format/exporters-private.h"
#include "util/error.h"

#include <glib/gi18n.h>
#include <string.h>

static const AtlasFormat formats[] = {
  { "mmp", ".mmp", "application/x-mematlas", N_ ("Memory Atlas snapshots"), TRUE, atlas_mmp_write },
  { "csv", ".csv", "text/csv", N_ ("Comma-separated values"), FALSE, atlas_csv_write },
  { "txt", ".txt", "text/plain", N_ ("Text"), FALSE, atlas_txt_write },
};

const AtlasFormat *
atlas_format_get_all (guint *out_n)
{
  *out_n = G_N_ELEMENTS (formats);
  return formats;
}

const AtlasFormat *
atlas_format_from_key (const char *key)
{
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (g_ascii_strcasecmp (key, formats[i].key) == 0)
      return &formats[i];
  return NULL;
}

/* The extension of the last part of @output with its dot, or NULL. ".hidden" has none. */
static const char *
find_extension (const char *output)
{
  const char *slash = strrchr (output, '/');
  const char *name = slash != NULL ? slash + 1 : output;
  const char *dot = strrchr (name, '.');

  return dot != NULL && dot != name && dot[1] != '\0' ? dot : NULL;
}

const AtlasFormat *
atlas_format_for_output (const char *output, const char *key, char **out_path, GError **error)
{
  const AtlasFormat *format = key != NULL ? atlas_format_from_key (key) : NULL;
  const char *extension = find_extension (output);

  if (key != NULL && format == NULL)
    {
      g_set_error (error, ATLAS_ERROR, ATLAS_ERROR_USAGE,
                   _ ("There is no format “%s”; there are mmp, csv and txt"), key);
      return NULL;
    }
  if (strcmp (output, "-") == 0)
    {
      *out_path = NULL;
      return format != NULL ? format : atlas_format_from_key ("txt");
    }
  /* A device or a pipe has no extension and must keep its name. */
  gboolean exists_special =
    g_file_test (output, G_FILE_TEST_EXISTS) && !g_file_test (output, G_FILE_TEST_IS_REGULAR);
  gboolean add_extension =
    extension == NULL && !exists_special && (format == NULL || g_str_equal (format->key, "mmp"));
  if (format == NULL && extension == NULL)
    format = atlas_format_from_key ("mmp");
  for (guint i = 0; format == NULL && i < G_N_ELEMENTS (formats); i++)
    if (g_ascii_strcasecmp (extension, formats[i].extension) == 0)
      format = &formats[i];
  if (format == NULL)
    format = atlas_format_from_key ("txt");
  *out_path = add_extension ? g_strconcat (output, ".mmp", NULL) : g_strdup (output);
  return format;
}
