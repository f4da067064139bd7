/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Everything that opens a window, as far as it needs no window.
 */

#include "config.h"

#include "cli/command.h"
#include "cli/message.h"
#include "cli/target.h"
#include "scan/machine-source.h"
#include "util/error.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <unistd.h>

static gboolean
is_set (const char *variable)
{
  const char *value = g_getenv (variable);
  return value != NULL && *value != '\0';
}

/* Whether GDK has anywhere to connect to; what it finds there it says itself. */
static gboolean
have_display (void)
{
  if (is_set ("DISPLAY") || is_set ("WAYLAND_DISPLAY") || is_set ("WAYLAND_SOCKET") ||
      is_set ("BROADWAY_DISPLAY"))
    return TRUE;
  g_autofree char *socket = g_build_filename (g_get_user_runtime_dir (), "wayland-0", NULL);
  return g_file_test (socket, G_FILE_TEST_EXISTS);
}

/* Says at once, without a window, that there is no such file. */
static int
check_file (const AtlasOptions *options)
{
  if (options->input == NULL || access (options->input, R_OK) == 0)
    return ATLAS_EXIT_OK;

  int saved_errno = errno;
  g_autofree char *name = g_filename_display_name (options->input);
  if (options->input_is_word && saved_errno == ENOENT)
    {
      g_autoptr (GError) error =
        g_error_new (ATLAS_ERROR, ATLAS_ERROR_USAGE,
                     _ ("“%s” is neither a command nor a file that is there"), name);
      return atlas_message_usage (error);
    }
  atlas_message (_ ("Cannot open “%s”: %s"), name, g_strerror (saved_errno));
  return ATLAS_EXIT_FAILURE;
}

int
atlas_command_window (const AtlasOptions *options, AtlasOpenWindow open_window)
{
  g_autoptr (GError) error = NULL;
  AtlasWindowRequest request = { .file = options->input, .program_name = options->program_name };

  int status = check_file (options);
  if (status != ATLAS_EXIT_OK)
    return status;
  if (open_window == NULL)
    {
      atlas_message (_ ("This mematlas was built without its window; name an OUTPUT (“-” prints "
                        "text), or use “mematlas list”"));
      return ATLAS_EXIT_FAILURE;
    }
  if (!have_display ())
    {
      atlas_message (_ ("There is no display to open a window on (neither WAYLAND_DISPLAY nor "
                        "DISPLAY is set); name an OUTPUT (“-” prints text), or use “mematlas "
                        "list”"));
      return ATLAS_EXIT_FAILURE;
    }
  g_autoptr (AtlasSource) source = atlas_machine_source_new (options->proc_root, &error);
  if (source == NULL)
    return atlas_message_error (error);
  request.source = source;
  if (options->process != NULL || options->largest)
    {
      request.pid = atlas_target_find (source, options, &error);
      if (request.pid == 0)
        return atlas_message_error (error);
      g_autoptr (AtlasProcess) process = atlas_source_query (source, request.pid, NULL, &error);
      if (process == NULL)
        return atlas_message_error (error);
    }
  return open_window (&request);
}
