/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writes the /proc tree that the tests of the command line read.
 */

#include "config.h"

#include "recorded-tree.h"

#include <glib/gstdio.h>
#include <unistd.h>

typedef struct
{
  gint pid;
  const char *name;
  const char *name_in_status; /* the kernel escapes there; NULL: as it is */
  const char *command_line;   /* arguments ended by NUL each */
  gsize command_line_length;
  guint rss; /* KiB */
  gboolean kernel_thread;
  gboolean without_smaps;
} Recorded;

#define ARGUMENTS(text) text, sizeof text

static const Recorded table[] = {
  { .pid = 2, .name = "kthreadd", .kernel_thread = TRUE },
  { 100, "worker", NULL, ARGUMENTS ("/usr/bin/worker\0--name\0alpha"), 400, FALSE, FALSE },
  { 110, "partial", NULL, ARGUMENTS ("/usr/bin/partial"), 200, FALSE, TRUE },
  { 200, "worker2", NULL, ARGUMENTS ("/usr/bin/worker2\0needle"), 200, FALSE, FALSE },
  { 300, "other", NULL, ARGUMENTS ("/usr/bin/other\0/srv/needle.py"), 200, FALSE, FALSE },
  { 400, "od\"d,\n", "od\"d,\\n", ARGUMENTS ("/usr/bin/odd"), 200, FALSE, FALSE },
};

static void
write_file (const char *directory, const char *name, const char *text, gssize length)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_file_set_contents (path, text, length, &error);
  g_assert_no_error (error);
}

static void
append_mapping (GString *maps, GString *smaps, const char *head, guint size, guint rss,
                const char *flags)
{
  g_string_append_printf (maps, "%s\n", head);
  g_string_append_printf (
    smaps,
    "%s\nSize: %u kB\nKernelPageSize: 4 kB\nMMUPageSize: 4 kB\nRss: %u kB\nPss: %u kB\n"
    "Pss_Dirty: %u kB\nShared_Clean: 0 kB\nShared_Dirty: 0 kB\nPrivate_Clean: 0 kB\n"
    "Private_Dirty: %u kB\nReferenced: %u kB\nAnonymous: %u kB\nKSM: 0 kB\nLazyFree: 0 kB\n"
    "AnonHugePages: 0 kB\nShmemPmdMapped: 0 kB\nFilePmdMapped: 0 kB\nShared_Hugetlb: 0 kB\n"
    "Private_Hugetlb: 0 kB\nSwap: 0 kB\nSwapPss: 0 kB\nLocked: 0 kB\nTHPeligible: 0\n"
    "VmFlags: %s\n",
    head, size, rss, rss, rss, rss, rss, rss, flags);
}

static void
write_memory (const char *directory, const Recorded *process)
{
  g_autoptr (GString) maps = g_string_new (NULL);
  g_autoptr (GString) smaps = g_string_new (NULL);

  append_mapping (maps, smaps, "10000000-10100000 rw-p 00000000 00:00 0 ", 1024, process->rss - 8,
                  "rd wr mr mw me ac");
  append_mapping (maps, smaps, "7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0 [stack]", 132, 8,
                  "rd wr mr mw me gd ac");
  write_file (directory, "maps", maps->str, -1);
  if (!process->without_smaps)
    write_file (directory, "smaps", smaps->str, -1);
}

static void
write_process (const char *root, const Recorded *process)
{
  g_autofree char *pid = g_strdup_printf ("%d", process->pid);
  g_autofree char *directory = g_build_filename (root, pid, NULL);
  g_autofree char *task = g_build_filename ("task", pid, NULL);
  g_autofree char *task_stat = g_build_filename (task, "stat", NULL);
  g_autofree char *task_comm = g_build_filename (task, "comm", NULL);
  g_autofree char *comm = g_strdup_printf ("%s\n", process->name);
  g_autofree char *stat =
    g_strdup_printf ("%d (%s) S 1 1 1 0 -1 %u 0 0 0 0 1 1 0 0 20 0 1 0 5000 4194304 100 "
                     "18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 "
                     "0 0\n",
                     process->pid, process->name, process->kernel_thread ? 0x208040 : 0x400000);
  g_autofree char *memory =
    process->kernel_thread
      ? g_strdup ("")
      : g_strdup_printf ("VmSize:\t1156 kB\nVmRSS:\t%u kB\nRssAnon:\t%u kB\nRssFile:\t0 kB\n"
                         "RssShmem:\t0 kB\nVmPTE:\t40 kB\nVmSwap:\t0 kB\n",
                         process->rss, process->rss);
  g_autofree char *status = g_strdup_printf (
    "Name:\t%s\nState:\tS (sleeping)\nTgid:\t%s\nPid:\t%s\nPPid:\t1\n"
    "Uid:\t0\t0\t0\t0\n%sThreads:\t1\n",
    process->name_in_status != NULL ? process->name_in_status : process->name, pid, pid, memory);

  write_file (directory, "stat", stat, -1);
  write_file (directory, "comm", comm, -1);
  write_file (directory, "status", status, -1);
  write_file (directory, "cmdline", process->command_line != NULL ? process->command_line : "",
              (gssize)process->command_line_length);
  write_file (directory, "cgroup", "0::/\n", -1);
  write_file (directory, task_stat, stat, -1);
  write_file (directory, task_comm, comm, -1);
  if (process->kernel_thread)
    {
      write_file (directory, "maps", "", 0);
      write_file (directory, "smaps", "", 0);
    }
  else
    write_memory (directory, process);
}

char *
recorded_tree_new (void)
{
  g_autoptr (GError) error = NULL;
  char *root = g_dir_make_tmp ("mematlas-proc-XXXXXX", &error);

  g_assert_no_error (error);
  write_file (root, "stat", "cpu 0 0 0 0\nbtime 1700000000\n", -1);
  write_file (root, "meminfo", "MemTotal: 1000000 kB\nKernelStack: 1600 kB\n", -1);
  write_file (root, "loadavg", "0.00 0.00 0.00 1/100 400\n", -1);
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    write_process (root, &table[i]);
  return root;
}

void
remove_tree (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);
      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        remove_tree (path);
      else
        g_unlink (path);
    }
  g_rmdir (directory);
}

void
recorded_tree_free (char *directory)
{
  remove_tree (directory);
  g_free (directory);
}
