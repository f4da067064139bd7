/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The private working set of every block, which the scan takes from smaps wherever it can, against
 * pagemap read bit by bit, on children that hold still with memory of every kind: shared by fork,
 * huge, locked, partly written files, sparse, never written.
 */

#include "config.h"

#include "scan/machine-source.h"
#include "scan/pagemap.h"
#include "util/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MIB ((gsize)1 << 20)
#define TIB ((gsize)1 << 40)

static gsize page;

static char *
map (gsize size, int flags, int fd)
{
  char *at = mmap (NULL, size, PROT_READ | PROT_WRITE, flags | MAP_NORESERVE, fd, 0);

  if (at == MAP_FAILED)
    _exit (77);
  return at;
}

static void
touch (char *at, gsize n_pages, gsize step)
{
  for (gsize i = 0; i < n_pages; i++)
    at[i * step] = (char)i + 1;
}

static guint
look (const char *at, gsize n_pages, gsize step)
{
  guint sum = 0;

  for (gsize i = 0; i < n_pages; i++)
    sum += (guint8)((const volatile char *)at)[i * step];
  return sum;
}

/* A second process with the same memory, which holds still as well and ends with its parent. */
static void
share_with_child (void)
{
  pid_t parent = getpid ();
  pid_t pid = fork ();

  if (pid != 0)
    {
      waitpid (pid, NULL, WUNTRACED);
      return;
    }
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (getppid () != parent)
    _exit (0);
  raise (SIGSTOP);
  _exit (0);
}

static int
make_file (gsize size)
{
  int fd = memfd_create ("private", MFD_CLOEXEC);

  if (fd < 0 || ftruncate (fd, (off_t)size) != 0)
    _exit (77);
  return fd;
}

static void
make_plain (void)
{
  touch (map (4 * MIB, MAP_PRIVATE | MAP_ANONYMOUS, -1), 600, page);
  look (map (4 * MIB, MAP_PRIVATE | MAP_ANONYMOUS, -1), 500, page); /* the page of zeros */
  touch (map (4 * MIB, MAP_SHARED | MAP_ANONYMOUS, -1), 300, page);
}

static void
make_forked (void)
{
  char *at = map (8 * MIB, MAP_PRIVATE | MAP_ANONYMOUS, -1);
  char *locked = map (2 * MIB, MAP_PRIVATE | MAP_ANONYMOUS, -1);

  touch (at, 1000, page);
  touch (locked, 512, page);
  mlock (locked, 2 * MIB);
  share_with_child ();
  touch (at, 333, 2 * page);
  touch (locked, 10, page);
}

static void
make_huge (void)
{
  char *at = map (16 * MIB, MAP_PRIVATE | MAP_ANONYMOUS, -1);

  madvise (at, 16 * MIB, MADV_HUGEPAGE);
  touch (at, 12 * MIB / page, page);
  share_with_child ();
  touch (at + 5 * MIB, 100, page);
  at = map (8 * MIB, MAP_PRIVATE | MAP_ANONYMOUS, -1);
  madvise (at, 8 * MIB, MADV_HUGEPAGE);
  touch (at, 8 * MIB / page, page);
  munmap (at + 3 * MIB, 100 * page);
  mprotect (at + 5 * MIB, page, PROT_READ);
}

/* Anonymous pages and pages of the file side by side, mapped by another as well or not. */
static void
make_file_pages (void)
{
  int fd = make_file (8 * MIB);
  char *shared = map (8 * MIB, MAP_SHARED, fd);
  char *copied = map (8 * MIB, MAP_PRIVATE, fd);

  touch (shared, 2000, page);
  look (copied, 1500, page);
  touch (copied, 300, 3 * page);
  share_with_child ();
  touch (copied + 4 * MIB, 50, page);
}

/* The same, over a terabyte: what must not be read entry by entry. */
static void
make_sparse (void)
{
  char *at = map (TIB, MAP_PRIVATE, make_file (TIB));

  look (at, 500, TIB / 512);
  touch (at + 5 * page, 400, TIB / 512);
  share_with_child ();
  touch (at + 9 * page, 100, TIB / 512);
}

static void
make_hugetlb (void)
{
  char *at =
    mmap (NULL, 4 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);

  if (at == MAP_FAILED)
    _exit (77);
  if (look (at, 1, page) != 0)
    _exit (1);
  at[2 * MIB] = 1;
}

/* A real program with libraries, halted anywhere. */
static void
make_program (void)
{
  execl ("/bin/sh", "sh", "-c", "set -- $(ls /usr/lib); kill -STOP $$", NULL);
  _exit (77);
}

static const struct
{
  const char *name;
  void (*make) (void);
} kinds[] = {
  { "plain", make_plain },           { "forked", make_forked }, { "huge", make_huge },
  { "file-pages", make_file_pages }, { "sparse", make_sparse }, { "hugetlb", make_hugetlb },
  { "program", make_program },
};

/* Starts a child that makes memory of the kind @index and stops; 0: it cannot be made here. It is a
 * program of its own, because what it shared with this one would change while this one goes on. */
static pid_t
start (guint index)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  int status;
  pid_t pid = fork ();

  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      execl (self, self, "--make", kinds[index].name, NULL);
      _exit (1);
    }
  g_assert_cmpint (waitpid (pid, &status, WUNTRACED), ==, pid);
  if (WIFEXITED (status) && WEXITSTATUS (status) == 77)
    return 0;
  g_assert_true (WIFSTOPPED (status));
  return pid;
}

static void
be_child (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (kinds[i].name, name) == 0)
      {
        kinds[i].make ();
        raise (SIGSTOP);
        _exit (0);
      }
  _exit (1);
}

static void
stop (pid_t pid)
{
  kill (pid, SIGKILL);
  /* Its own child as well, which is handed to this process and ends with it. */
  while (waitpid (-1, NULL, 0) > 0)
    continue;
}

/* Bytes that are present, anonymous and mapped once in [start, end), by single entries. */
static guint64
count_entries (int fd, guint64 start, guint64 end)
{
  guint64 entries[512], bytes = 0;

  while (start < end)
    {
      gsize n = MIN ((end - start) / page, G_N_ELEMENTS (entries));
      ssize_t got = pread (fd, entries, n * 8, (off_t)(start / page * 8));
      g_assert_cmpint (got, ==, (gint64)n * 8);
      for (gsize i = 0; i < n; i++)
        if ((entries[i] >> 63 & 1) != 0 && (entries[i] >> 61 & 1) == 0 &&
            (entries[i] >> 56 & 1) != 0)
          bytes += page;
      start += n * page;
    }
  return bytes;
}

/* A terabyte is looked at every 512th of it, where make_sparse() put its pages. */
static guint64
count_block (int fd, const AtlasBlock *block)
{
  guint64 bytes = 0;

  if (atlas_block_get_size (block) < TIB)
    return count_entries (fd, block->start, block->end);
  for (guint64 at = block->start; at < block->end; at += TIB / 512)
    bytes += count_entries (fd, at, at + 16 * page);
  return bytes;
}

static void
compare (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  pid_t pid = start (GPOINTER_TO_UINT (data));
  if (pid == 0)
    {
      g_test_skip ("this machine does not give such memory");
      return;
    }

  g_autoptr (AtlasSource) source = atlas_machine_source_new (NULL, &error);
  AtlasScanRequest request = { .pid = pid };
  g_autoptr (AtlasSnapshot) snapshot = atlas_source_scan (source, &request, NULL, &error);
  g_assert_no_error (error);
  g_autofree char *path = g_strdup_printf ("/proc/%d/pagemap", pid);
  atlas_autofd fd = open (path, O_RDONLY | O_CLOEXEC);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpuint (atlas_snapshot_get_missing (snapshot)->len, ==, 0);

  guint n_mixed = 0, n_wrong = 0;
  for (guint i = 0; i < atlas_snapshot_get_n_blocks (snapshot); i++)
    {
      const AtlasBlock *block = atlas_snapshot_get_block (snapshot, i);
      AtlasCounters counters;
      /* [vsyscall] lies outside of what pagemap covers; a sanitizer reserves more than can be read.
       */
      if ((block->flags & ATLAS_BLOCK_KERNEL) != 0 || block->start >> 63 != 0 ||
          atlas_block_get_size (block) > TIB)
        continue;
      atlas_snapshot_get_counters (snapshot, block, &counters);
      guint64 private_ws = counters.value[ATLAS_COUNTER_PRIVATE_WS];
      guint64 counted = count_block (fd, block);
      n_mixed += private_ws != 0 && private_ws != counters.value[ATLAS_COUNTER_RSS];
      if (private_ws != counted)
        {
          n_wrong++;
          g_test_message ("%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x: %" G_GUINT64_FORMAT
                          " in the snapshot, %" G_GUINT64_FORMAT " in pagemap",
                          block->start, block->end, private_ws, counted);
        }
    }
  g_test_message ("%u blocks are private in part", n_mixed);
  stop (pid);
  g_assert_cmpuint (n_wrong, ==, 0);
}

/* From now on this process has a kernel without PAGEMAP_SCAN. */
static gboolean
forbid_scan (void)
{
  struct sock_filter filter[] = {
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, nr)),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 0, 3),
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, args[1])),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, _IOWR ('f', 16, char[96]), 0, 1),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOTTY),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog rules = { .len = G_N_ELEMENTS (filter), .filter = filter };

  return prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &rules) == 0;
}

/* The terabyte is not read blindly: its figure is unknown, and the snapshot says why. */
static void
test_without_scan (void)
{
  g_autoptr (GError) error = NULL;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }
  guint index = 0;
  while (strcmp (kinds[index].name, "sparse") != 0)
    index++;
  pid_t pid = start (index);
  if (pid == 0 || !forbid_scan ())
    {
      g_test_skip ("no memory of a terabyte, or no seccomp, here");
      return;
    }
  g_autoptr (AtlasSource) source = atlas_machine_source_new (NULL, &error);
  AtlasScanRequest request = { .pid = pid };
  g_autoptr (AtlasSnapshot) snapshot = atlas_source_scan (source, &request, NULL, &error);
  stop (pid);
  g_assert_no_error (error);

  guint n_unknown = 0;
  for (guint i = 0; i < atlas_snapshot_get_n_blocks (snapshot); i++)
    {
      const AtlasBlock *block = atlas_snapshot_get_block (snapshot, i);
      AtlasCounters counters;
      atlas_snapshot_get_counters (snapshot, block, &counters);
      n_unknown += counters.value[ATLAS_COUNTER_PRIVATE_WS] == ATLAS_UNKNOWN;
      g_assert_cmpint (counters.value[ATLAS_COUNTER_PRIVATE_WS] == ATLAS_UNKNOWN, ==,
                       atlas_block_get_size (block) == TIB);
    }
  g_assert_cmpuint (n_unknown, ==, 1);
  const GPtrArray *missing = atlas_snapshot_get_missing (snapshot);
  g_assert_cmpuint (missing->len, ==, 1);
  const AtlasMissing *one = g_ptr_array_index (missing, 0);
  g_assert_cmpstr (one->what, ==, "pagemap");
  g_assert_nonnull (strstr (one->why, "PAGEMAP_SCAN"));
}

int
main (int argc, char **argv)
{
  page = (gsize)sysconf (_SC_PAGESIZE);
  if (argc == 3 && strcmp (argv[1], "--make") == 0)
    be_child (argv[2]);
  g_test_init (&argc, &argv, NULL);
  prctl (PR_SET_CHILD_SUBREAPER, 1);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *path = g_strdup_printf ("/private/%s", kinds[i].name);
      g_test_add_data_func (path, GUINT_TO_POINTER (i), compare);
    }
  g_test_add_func ("/private/without-pagemap-scan", test_without_scan);
  return g_test_run ();
}
