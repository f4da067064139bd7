/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which process "-p TEXT" means.
 */

#include "config.h"

#include "core/process.h"

static GPtrArray *processes;

static void
add (gint pid, const char *name, const char *executable, const char *command_line)
{
  AtlasProcess *process = atlas_process_new ();

  process->pid = pid;
  process->name = g_strdup (name);
  process->executable = g_strdup (executable);
  process->command_line = g_strdup (command_line);
  g_ptr_array_add (processes, process);
}

static void
assert_matches (const char *text, gint first, guint n)
{
  g_autoptr (GPtrArray) matches = atlas_processes_match (processes, text);

  g_assert_cmpuint (matches->len, ==, n);
  if (n > 0)
    g_assert_cmpint (((AtlasProcess *)matches->pdata[0])->pid, ==, first);
}

static void
test_match (void)
{
  assert_matches ("7", 7, 1);
  assert_matches ("3", 0, 0); /* no such pid, and not a text either */
  assert_matches ("py", 5, 2);
  assert_matches ("python3.11", 5, 1);
  assert_matches ("manage.py", 7, 1); /* no name begins so: the command line holds it */
  assert_matches ("a-very-long-program-name", 9, 1); /* comm is cut, the executable is not */
  assert_matches ("nothing", 0, 0);
  assert_matches ("", 0, 0);
}

static void
test_copy (void)
{
  g_autoptr (AtlasProcess) copy = atlas_process_copy (processes->pdata[0]);

  g_assert_cmpstr (copy->name, ==, "python3.11");
  g_assert_true (copy->name != ((AtlasProcess *)processes->pdata[0])->name);
  g_assert_null (copy->user);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  processes = g_ptr_array_new_with_free_func ((GDestroyNotify)atlas_process_free);
  add (5, "python3.11", "/usr/bin/python3.11", "python3.11 server");
  add (7, "pypy", NULL, "pypy manage.py run");
  add (9, "a-very-long-pro", "/opt/a-very-long-program-name", NULL);
  g_test_add_func ("/process/match", test_match);
  g_test_add_func ("/process/copy", test_copy);
  int status = g_test_run ();
  g_ptr_array_unref (processes);
  return status;
}
