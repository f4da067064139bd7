/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Icons of processes, over desktop files that the test writes. Needs no display.
 */

#include "config.h"

#include "gui/process-icon.h"

#include <glib/gstdio.h>

static void
write_desktop_file (const char *folder, const char *name, const char *exec, const char *extra)
{
  g_autofree char *path = g_strdup_printf ("%s/%s.desktop", folder, name);
  g_autofree char *text =
    g_strdup_printf ("[Desktop Entry]\nType=Application\nName=%s\nExec=%s\nIcon=icon-%s\n%s", name,
                     exec, name, extra);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
check_icon (const char *executable, const char *name, const char *expected)
{
  g_autoptr (AtlasProcess) process = atlas_process_new ();

  process->executable = g_strdup (executable);
  process->name = g_strdup (name);
  g_autofree char *text = g_icon_to_string (atlas_process_icon_get (process));
  g_assert_cmpstr (text, ==, expected);
}

static void
test_match (void)
{
  atlas_process_icon_prepare ();
  check_icon ("/usr/bin/true", "true", "icon-one");               /* by the program it starts */
  check_icon ("/usr/bin/true (deleted)", "true", "icon-one");     /* replaced by an update */
  check_icon ("/opt/fancy/fancy", NULL, "icon-one");              /* by its window class */
  check_icon (NULL, "Fancy", "icon-one");                         /* the executable is unknown */
  check_icon ("/usr/bin/env", "env", "application-x-executable"); /* a launcher says nothing */
  check_icon ("/no/such/thing", "thing", "application-x-executable");
  check_icon (NULL, NULL, "application-x-executable");
  check_icon ("/bad/\xff\xfe", "\xff", "application-x-executable");
}

static void
test_kernel_thread (void)
{
  g_autoptr (AtlasProcess) process = atlas_process_new ();

  process->name = g_strdup ("fancy");
  process->kernel_thread = TRUE;
  g_autofree char *text = g_icon_to_string (atlas_process_icon_get (process));
  g_assert_cmpstr (text, ==, "application-x-executable");
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *data = g_dir_make_tmp ("mematlas-icons-XXXXXX", &error);
  g_assert_no_error (error);
  g_autofree char *folder = g_build_filename (data, "applications", NULL);
  int status;

  /* Before GLib looks at any of them. */
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_setenv ("XDG_DATA_DIRS", data, TRUE);
  g_mkdir (folder, 0700);
  write_desktop_file (folder, "one", "true --flag %U", "StartupWMClass=Fancy\n");
  write_desktop_file (folder, "two", "env NAME=value true", "");

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/process-icon/match", test_match);
  g_test_add_func ("/process-icon/kernel-thread", test_kernel_thread);
  status = g_test_run ();

  static const char *const names[] = { "one", "two" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%s.desktop", folder, names[i]);
      g_unlink (path);
    }
  g_rmdir (folder);
  g_rmdir (data);
  return status;
}
