/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The machine's own processes: the list, the facts of a child, what is refused and in which words,
 * and a child that goes on to another program all the time.
 */

#include "config.h"

#include "scan/machine-source.h"
#include "util/error.h"

#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_SCANS 60

static const char *program;

static AtlasSource *
open_machine (void)
{
  g_autoptr (GError) error = NULL;
  AtlasSource *source = atlas_machine_source_new (NULL, &error);

  g_assert_no_error (error);
  return source;
}

static AtlasSnapshot *
scan (AtlasSource *source, gint pid, GError **error)
{
  AtlasScanRequest request = { .pid = pid };

  return atlas_source_scan (source, &request, NULL, error);
}

static pid_t
start (const char *mode)
{
  pid_t pid = fork ();

  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      execl (program, "child", mode, "two words", NULL);
      _exit (1);
    }
  return pid;
}

static void
stop (pid_t pid)
{
  kill (pid, SIGKILL);
  waitpid (pid, NULL, 0);
}

static void
test_list (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasSource) source = open_machine ();
  gint64 started = g_get_monotonic_time ();
  g_autoptr (GPtrArray) processes = atlas_source_list (source, NULL, &error);
  gint64 took = g_get_monotonic_time () - started;
  gint last = 0;
  gboolean found = FALSE;

  g_assert_no_error (error);
  g_test_message ("%u processes in %" G_GINT64_FORMAT " µs", processes->len, took);
  for (guint i = 0; i < processes->len; i++)
    {
      const AtlasProcess *process = g_ptr_array_index (processes, i);
      g_assert_cmpint (process->pid, >, last);
      last = process->pid;
      g_assert_nonnull (process->name);
      g_assert_true (!process->kernel_thread || process->unreadable != NULL);
      if (process->pid == getpid ())
        {
          found = TRUE;
          g_assert_null (process->unreadable);
          g_assert_cmpuint (process->uid, ==, geteuid ());
          g_assert_cmpint (process->parent_pid, ==, getppid ());
          g_assert_cmpint (ABS (process->start_time - g_get_real_time ()), <, 600 * G_USEC_PER_SEC);
          g_assert_cmpuint (process->working_set, >=, process->private_bytes);
          g_assert_cmpuint (process->private_bytes, >, 0);
        }
    }
  g_assert_true (found);
}

static void
test_child (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasSource) source = open_machine ();
  pid_t pid = start ("--wait");
  g_autofree char *link = g_strdup_printf ("/proc/%d/exe", pid);

  /* Until it has become the program that it is to be. */
  for (guint i = 0; i < 1000; i++)
    {
      g_autoptr (AtlasProcess) process = atlas_source_query (source, pid, NULL, &error);
      g_assert_no_error (error);
      if (process->command_line != NULL && g_str_has_prefix (process->command_line, "child"))
        break;
      g_usleep (1000);
    }
  g_autoptr (AtlasSnapshot) snapshot = scan (source, pid, &error);
  g_assert_no_error (error);
  g_assert_true (atlas_snapshot_check (snapshot, &error));
  g_assert_no_error (error);
  const AtlasProcess *process = atlas_snapshot_get_process (snapshot);
  g_autofree char *executable = g_file_read_link (link, NULL);
  g_assert_cmpstr (process->executable, ==, executable);
  g_assert_cmpstr (process->command_line, ==, "child --wait 'two words'");
  g_assert_cmpuint (process->bits, ==, sizeof (void *) * 8);
  g_assert_cmpuint (process->page_size, ==, (guint)sysconf (_SC_PAGESIZE));
  g_assert_cmpuint (process->n_threads, ==, 1);
  g_assert_cmpuint (process->address_limit, >, G_MAXUINT32);

  /* The identity is the pid and the time it started at, not the pid. */
  AtlasScanRequest other = { .pid = pid, .start_ticks = process->start_ticks + 1 };
  g_assert_null (atlas_source_scan (source, &other, NULL, &error));
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_GONE);
  g_clear_error (&error);

  kill (pid, SIGKILL);
  siginfo_t info;
  g_assert_cmpint (waitid (P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), ==, 0);
  g_assert_null (scan (source, pid, &error));
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "zombie"));
  g_clear_error (&error);
  waitpid (pid, NULL, 0);
  g_assert_null (scan (source, pid, &error));
  g_assert_error (error, ATLAS_ERROR, ATLAS_ERROR_GONE);
}

static gboolean
maps_file (AtlasSnapshot *snapshot, const char *path)
{
  for (guint i = 0; i < atlas_snapshot_get_n_blocks (snapshot); i++)
    if (g_strcmp0 (
          atlas_snapshot_get_string (snapshot, atlas_snapshot_get_block (snapshot, i)->path),
          path) == 0)
      return TRUE;
  return FALSE;
}

/* The first thread has ended, another lives on: its memory is shown below that one alone. */
static void
test_first_thread_gone (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasSource) source = open_machine ();
  pid_t pid = start ("--first-thread-ends");
  g_autofree char *path = g_strdup_printf ("/proc/%d/smaps", pid);
  guint n_threads;

  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *text = NULL;
      gsize length = 1;
      if (g_file_get_contents (path, &text, &length, NULL) && length == 0)
        break;
      g_usleep (1000);
    }
  g_autoptr (AtlasSnapshot) snapshot = scan (source, pid, &error);
  g_autoptr (AtlasProcess) process = atlas_source_query (source, pid, NULL, NULL);
  stop (pid);
  g_assert_no_error (error);
  g_assert_true (maps_file (snapshot, atlas_snapshot_get_process (snapshot)->executable));
  g_assert_cmpint (atlas_snapshot_get_process (snapshot)->pid, ==, pid);
  atlas_snapshot_get_threads (snapshot, &n_threads);
  g_assert_cmpuint (n_threads, ==, 2);
  g_assert_null (process->unreadable);
  g_assert_cmpuint (process->working_set, >, 0);
  g_assert_cmpuint (process->working_set, !=, ATLAS_UNKNOWN);
}

/* In a child that gave up its rights: 0 when everything is refused as it must be. */
static int
look_without_rights (gint pid)
{
  struct passwd *nobody = getpwnam ("nobody");
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasSource) source = open_machine ();

  if (nobody == NULL || setresgid (nobody->pw_gid, nobody->pw_gid, nobody->pw_gid) != 0 ||
      setresuid (nobody->pw_uid, nobody->pw_uid, nobody->pw_uid) != 0)
    return 77;
  if (scan (source, pid, &error) != NULL || error->domain != ATLAS_ERROR)
    return 1;
  if (error->code != ATLAS_ERROR_PERMISSION || strstr (error->message, "CAP_SYS_PTRACE") == NULL)
    return 2;
  /* Whose process it is, and what helps, each once: being root. */
  if (strstr (error->message, "belongs to root") == NULL ||
      strstr (error->message, "as root (sudo)") == NULL ||
      strstr (error->message, "or as root") != NULL)
    return 4;
  g_autoptr (AtlasProcess) process = atlas_source_query (source, pid, NULL, NULL);
  if (process == NULL)
    return 0; /* hidepid: then even this much is not told */
  return process->unreadable != NULL && process->name != NULL ? 0 : 3;
}

static void
test_permission (void)
{
  int status;

  if (geteuid () != 0)
    {
      g_test_skip ("needs root, to give up its rights");
      return;
    }
  pid_t pid = fork ();
  if (pid == 0)
    _exit (look_without_rights (getppid ()));
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  if (WEXITSTATUS (status) == 77)
    g_test_skip ("there is no user nobody");
  else
    g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

/* Whatever is found is one program's map, whole, with that program's name; or it says it is not. */
static void
test_exec (void)
{
  g_autoptr (AtlasSource) source = open_machine ();
  pid_t pid = start ("--exec");
  guint n_whole = 0, n_partial = 0;

  for (guint i = 0; i < N_SCANS; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AtlasSnapshot) snapshot = scan (source, pid, &error);
      if (snapshot == NULL)
        {
          /* Between two programs there is an instant without memory. */
          g_assert_true (error->domain == ATLAS_ERROR && error->code == ATLAS_ERROR_UNSUPPORTED);
          continue;
        }
      g_assert_true (atlas_snapshot_check (snapshot, &error));
      g_assert_no_error (error);
      if (atlas_snapshot_is_partial (snapshot))
        {
          n_partial++;
          continue;
        }
      n_whole++;
      const AtlasProcess *process = atlas_snapshot_get_process (snapshot);
      g_assert_true (maps_file (snapshot, process->executable));
      g_assert_true (maps_file (snapshot, "[stack]"));
    }
  g_test_message ("%u whole, %u partial", n_whole, n_partial);
  stop (pid);
  g_assert_cmpuint (n_whole + n_partial, >, 0);
}

static gpointer
live_on (gpointer data)
{
  for (;;)
    pause ();
  return NULL;
}

/* What the children of this program do instead of testing. */
static void
be_child (const char *self, const char *mode)
{
  if (strcmp (mode, "--wait") == 0)
    for (;;)
      pause ();
  if (strcmp (mode, "--first-thread-ends") == 0)
    {
      g_thread_new ("survivor", live_on, NULL);
      pthread_exit (NULL);
    }
  if (strcmp (mode, "--exec") == 0)
    {
      usleep (500);
      execl ("/bin/sh", "sh", "-c", "exec \"$0\" --exec", self, NULL);
      _exit (1);
    }
}

int
main (int argc, char **argv)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);

  program = self;
  if (argc > 1)
    be_child (self, argv[1]);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/machine/list", test_list);
  g_test_add_func ("/machine/child", test_child);
  g_test_add_func ("/machine/first-thread-gone", test_first_thread_gone);
  g_test_add_func ("/machine/permission", test_permission);
  g_test_add_func ("/machine/exec", test_exec);
  return g_test_run ();
}
