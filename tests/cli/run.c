/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Runs the program and keeps what it said.
 */

#include "config.h"

#include "run.h"

#include <string.h>

void
run_clear (Run *run)
{
  g_clear_pointer (&run->out, g_free);
  g_clear_pointer (&run->err, g_free);
}

static char *
dup_bytes (GBytes *bytes, gsize *out_length)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  if (out_length != NULL)
    *out_length = length;
  return data != NULL ? g_strndup (data, length) : g_strdup ("");
}

static void
run_arguments (Run *run, const char *const *arguments)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) out = NULL;
  g_autoptr (GBytes) err = NULL;

  run_clear (run);
  g_subprocess_launcher_unsetenv (launcher, "DISPLAY");
  g_subprocess_launcher_unsetenv (launcher, "WAYLAND_DISPLAY");
  g_subprocess_launcher_unsetenv (launcher, "WAYLAND_SOCKET");
  g_subprocess_launcher_unsetenv (launcher, "BROADWAY_DISPLAY");
  g_subprocess_launcher_unsetenv (launcher, "LANGUAGE");
  g_subprocess_launcher_setenv (launcher, "XDG_RUNTIME_DIR", "/nonexistent", TRUE);
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C.UTF-8", TRUE);

  g_autoptr (GSubprocess) process = g_subprocess_launcher_spawnv (launcher, arguments, &error);
  g_assert_no_error (error);
  g_subprocess_communicate (process, NULL, NULL, &out, &err, &error);
  g_assert_no_error (error);
  run->status = g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : -1;
  run->out = dup_bytes (out, &run->out_length);
  run->err = dup_bytes (err, NULL);
}

void
run_program (Run *run, ...)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  va_list list;

  g_ptr_array_add (arguments, (gpointer)g_getenv ("MEMATLAS"));
  va_start (list, run);
  for (char *argument = va_arg (list, char *); argument != NULL; argument = va_arg (list, char *))
    g_ptr_array_add (arguments, argument);
  va_end (list);
  g_ptr_array_add (arguments, NULL);
  run_arguments (run, (const char *const *)arguments->pdata);
}

void
run_shell (Run *run, const char *command)
{
  const char *arguments[] = { "bash", "-c", command, NULL };

  run_arguments (run, arguments);
}
