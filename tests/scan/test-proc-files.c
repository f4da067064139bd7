/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The small files of /proc/PID, good and hostile: stat, status, cgroup, syscall, cmdline,
 * numa_maps, auxv, the head of an ELF file; and what is concluded from them.
 */

#include "config.h"

#include "core/figures.h"
#include "scan/elf-kind.h"
#include "scan/kernel-memory.h"
#include "scan/numa-maps.h"
#include "scan/proc-stat.h"

#include <elf.h>
#include <string.h>

static void
test_stat (void)
{
  static const char text[] = "42 (a) R 1 (b) S 7 2 3 0 -1 4194560 5 6 7 8 9 10 11 12 20 -5 3 0 "
                             "987654 100 200 18446744073709551615 4198400 4202496 140720000\n";
  g_auto (AtlasProcStat) stat = { 0 };

  g_assert_true (atlas_proc_stat_parse (text, strlen (text), &stat));
  g_assert_cmpint (stat.pid, ==, 42);
  g_assert_cmpstr (stat.name, ==, "a) R 1 (b");
  g_assert_cmpint (stat.state, ==, 'S');
  g_assert_cmpint (stat.parent_pid, ==, 7);
  g_assert_cmpuint (stat.flags, ==, 4194560);
  g_assert_cmpuint (stat.n_threads, ==, 3);
  g_assert_cmpuint (stat.start_ticks, ==, 987654);
  g_assert_cmpuint (stat.start_code, ==, 4198400);
  g_assert_cmpuint (stat.start_stack, ==, 140720000);
}

static void
test_stat_refused (void)
{
  static const char *const bad[] = { "",
                                     "42",
                                     "42 (",
                                     "42 (x",
                                     "42 )x(",
                                     "42 (x)",
                                     "42 (x) ",
                                     "42 (x) S",
                                     "42 (x) S 1 2 3",
                                     "x (x) S 1",
                                     "99999999999 (x) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 "
                                     "18 19 20 21 22 23" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *copy = g_memdup2 (bad[i], MAX (strlen (bad[i]), 1));
      AtlasProcStat stat = { 0 };
      if (atlas_proc_stat_parse (copy, strlen (bad[i]), &stat))
        g_error ("accepted: %s", bad[i]);
      g_assert_null (stat.name);
    }
}

static void
test_status (void)
{
  static const char text[] = "Name:\tRssAnon:\t7 kB\nUid:\t1000\t1001\t1002\t1003\nKthread:\t0\n"
                             "VmSize:\t    3060 kB\nVmRSS:\t     100 kB\nRssAnon:\t     12 kB\n"
                             "VmPTE:\t      40 kB\nVmSwap:\t  oops kB";
  AtlasProcStatus status;

  atlas_proc_status_parse (text, strlen (text), &status);
  g_assert_cmpuint (status.uid, ==, 1001);
  g_assert_cmpuint (status.vm_size, ==, 3060 * 1024);
  g_assert_cmpuint (status.vm_rss, ==, 100 * 1024);
  g_assert_cmpuint (status.rss_anon, ==, 12 * 1024);
  g_assert_cmpuint (status.vm_pte, ==, 40 * 1024);
  g_assert_true (status.vm_swap == ATLAS_UNKNOWN);
  g_assert_true (status.vm_pmd == ATLAS_UNKNOWN);
  g_assert_false (status.kernel_thread);

  static const char large[] = "Kthread:\t1\nUid:\t1\t99999999999";
  atlas_proc_status_parse (large, strlen (large), &status);
  g_assert_true (status.kernel_thread);
  g_assert_cmpuint (status.uid, ==, G_MAXUINT32);
  g_assert_true (status.vm_rss == ATLAS_UNKNOWN);
}

static void
test_cgroup (void)
{
  static const struct
  {
    const char *text, *path;
  } cases[] = {
    { "0::/user.slice/a:b\n", "/user.slice/a:b" },
    { "11:cpu,memory:/v1\n1:name=systemd:/s\n0::/v2\n", "/v1" },
    { "12:cpu:/c\n0::/v2", "/v2" },
    { "12:cpumemory:/c\n", NULL },
    { "", NULL },
    { "::\n:::\n", ":" },
    { "nothing", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = atlas_proc_cgroup_dup_path (cases[i].text, strlen (cases[i].text));
      g_assert_cmpstr (path, ==, cases[i].path);
    }
}

static void
test_syscall (void)
{
  static const struct
  {
    const char *text;
    guint64 stack_pointer;
  } cases[] = {
    { "35 0x1 0x0 0x0 0x0 0x0 0x0 0x7ffc11112222 0x7f0011112222\n", 0x7ffc11112222 },
    { "-1 0x7ffc11113333 0x7f0011112222\n", 0x7ffc11113333 },
    { "running\n", 0 },
    { "", 0 },
    { "1 2 3 4 5 6 7 8 9 10 11 12\n", 0 },
    { "-1 7ffc11113333 0x0\n", 0 },
    { "-1 0xffffffffffffffffffff 0x0\n", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmphex (atlas_proc_syscall_parse (cases[i].text, strlen (cases[i].text)), ==,
                     cases[i].stack_pointer);
}

static void
test_command_line (void)
{
#define LINE(text) atlas_proc_command_line_dup (text, sizeof text - 1)
  g_autofree char *plain = LINE ("/bin/ls\0-l\0--color=auto\0");
  g_autofree char *quoted = LINE ("sh\0-c\0echo 'a'\0\0*\0");
  g_autofree char *title = LINE ("postgres: writer process \0\0\0\0");
  g_autofree char *bytes = LINE ("a\0\xff\xfe\0b");

  g_assert_cmpstr (plain, ==, "/bin/ls -l --color=auto");
  g_assert_cmpstr (quoted, ==, "sh -c 'echo '\\''a'\\''' '' '*'");
  g_assert_cmpstr (title, ==, "postgres: writer process ");
  g_assert_cmpstr (bytes, ==, "a \xff\xfe b");
  g_assert_null (LINE (""));
  g_assert_null (LINE ("\0\0"));
}

static void
test_numa (void)
{
  static const struct
  {
    const char *line, *nodes; /* NULL: refused */
  } cases[] = {
    { "1000 default file=/a\\040N7=9 anon=3 N0=2 N1=1 kernelpagesize_kB=4", "0=8192 1=4096" },
    { "1000 bind:1 anon=2 N12=2 kernelpagesize_kB=2048", "12=4194304" },
    { "1000 default", "" },
    { "1000 prefer:N0 N0=0 N1=1", "1=4096" },
    { "1000 default N0=x", NULL },
    { "1000 default N0=99999999999999999999", NULL },
    { "1000 default N99999=1", NULL },
    { "1000 default N0=9223372036854775807 kernelpagesize_kB=4", NULL },
    { "1000 default N0=1 kernelpagesize_kB=0", NULL },
    { "default N0=1", NULL },
    { "", NULL },
  };
  g_autoptr (GString) nodes = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize length = strlen (cases[i].line);
      g_autofree char *copy = g_memdup2 (cases[i].line, MAX (length, 1));
      guint64 start = 0;
      gboolean good = atlas_numa_line_parse (copy, copy + length, 4096, &start, nodes);
      if (good != (cases[i].nodes != NULL))
        g_error ("%s", cases[i].line);
      if (good)
        {
          g_assert_cmpstr (nodes->str, ==, cases[i].nodes);
          g_assert_cmphex (start, ==, 0x1000);
        }
    }
}

static void
test_elf (void)
{
  Elf64_Ehdr header = { .e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB } };
  AtlasElfKind kind;

  ((guint8 *)&header)[18] = EM_X86_64;
  g_assert_true (atlas_elf_kind_parse (&header, 20, &kind));
  g_assert_cmpuint (kind.bits, ==, 64);
  g_assert_cmpstr (kind.architecture, ==, "x86-64");
  g_assert_false (atlas_elf_kind_parse (&header, 19, &kind));
  header.e_ident[EI_CLASS] = ELFCLASS32;
  g_assert_true (atlas_elf_kind_parse (&header, 20, &kind));
  g_assert_cmpstr (kind.architecture, ==, "x32");
  header.e_ident[EI_DATA] = ELFDATA2MSB;
  ((guint8 *)&header)[18] = 0;
  ((guint8 *)&header)[19] = EM_PPC;
  g_assert_true (atlas_elf_kind_parse (&header, 20, &kind));
  g_assert_cmpstr (kind.architecture, ==, "ppc");
  header.e_ident[EI_CLASS] = 3;
  g_assert_false (atlas_elf_kind_parse (&header, 20, &kind));
  g_assert_false (atlas_elf_kind_parse ("#!/bin/sh\n..........", 20, &kind));

  g_assert_true (atlas_elf_kind_guess ("x86_64", 32, &kind));
  g_assert_cmpstr (kind.architecture, ==, "i386");
  g_assert_false (atlas_elf_kind_guess ("pdp11", 32, &kind));
}

static void
test_auxv (void)
{
  const guint64 wide[] = { 33, 0x7ffff000, AT_PAGESZ, 65536, AT_NULL, 0 };
  const guint32 narrow[] = { 32, 0xf7fc0000, AT_PAGESZ, 4096, AT_NULL, 0 };
  const guint64 odd[] = { AT_PAGESZ, 4097, AT_NULL, 0 };
  guint bits, page_size;

  g_assert_true (atlas_auxv_parse (wide, sizeof wide, &bits, &page_size));
  g_assert_cmpuint (bits, ==, 64);
  g_assert_cmpuint (page_size, ==, 65536);
  g_assert_true (atlas_auxv_parse (narrow, sizeof narrow, &bits, &page_size));
  g_assert_cmpuint (bits, ==, 32);
  g_assert_cmpuint (page_size, ==, 4096);
  g_assert_false (atlas_auxv_parse (wide, sizeof wide - 16, &bits, &page_size));
  g_assert_false (atlas_auxv_parse (odd, sizeof odd, &bits, &page_size));
  g_assert_false (atlas_auxv_parse ("", 0, &bits, &page_size));
}

static void
test_address_limit (void)
{
  const guint64 one = 1;
  static const guint64 gib = G_GUINT64_CONSTANT (1) << 30;

  g_assert_cmphex (atlas_address_limit (EM_X86_64, 64, 0x7ffd00000000), ==, 0x7ffffffff000);
  g_assert_cmphex (atlas_address_limit (EM_X86_64, 64, 0x800000000000), ==, (one << 56) - 4096);
  g_assert_cmphex (atlas_address_limit (EM_X86_64, 64, one << 60), ==, 0);
  g_assert_cmphex (atlas_address_limit (EM_AARCH64, 64, 0xffffe0000000), ==, one << 48);
  g_assert_cmphex (atlas_address_limit (EM_386, 32, 0xbffff000), ==, 3 * gib);
  g_assert_cmphex (atlas_address_limit (EM_386, 32, 0xfff00000), ==, 0xffffe000);
  g_assert_cmphex (atlas_address_limit (EM_ARM, 32, 0xffff1000), ==, 4 * gib);
  g_assert_cmphex (atlas_address_limit (EM_386, 32, 5 * gib), ==, 0);
  g_assert_cmphex (atlas_address_limit (EM_X86_64, 0, 0x1000), ==, 0);
}

static void
test_kernel_stack (void)
{
  static const struct
  {
    const char *meminfo, *loadavg;
    guint64 size;
  } cases[] = {
    { "MemTotal: 1 kB\nKernelStack:        1268 kB\n", "0.66 0.20 0.07 1/78 11691\n", 16384 },
    { "KernelStack:        8192 kB\n", "0 0 0 1/1024 1\n", 8192 },
    { "KernelStack:        1268 kB\n", "0 0 0 1/3 1\n", 0 },    /* a container's own loadavg */
    { "KernelStack:        1268 kB\n", "0 0 0 1/9000 1\n", 0 }, /* below a page each */
    { "KernelStack:        1268 kB\n", "0 0 0 1/0 1\n", 0 },
    { "KernelStack:        1268 kB\n", "nothing", 0 },
    { "MemTotal: 1 kB\n", "0.66 0.20 0.07 1/78 11691\n", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint64 all, n_tasks;
      g_assert_cmpuint (atlas_kernel_stack_size (cases[i].meminfo, strlen (cases[i].meminfo),
                                                 cases[i].loadavg, strlen (cases[i].loadavg), &all,
                                                 &n_tasks),
                        ==, cases[i].size);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/proc-files/stat", test_stat);
  g_test_add_func ("/proc-files/stat-refused", test_stat_refused);
  g_test_add_func ("/proc-files/status", test_status);
  g_test_add_func ("/proc-files/cgroup", test_cgroup);
  g_test_add_func ("/proc-files/syscall", test_syscall);
  g_test_add_func ("/proc-files/command-line", test_command_line);
  g_test_add_func ("/proc-files/numa-maps", test_numa);
  g_test_add_func ("/proc-files/elf", test_elf);
  g_test_add_func ("/proc-files/auxv", test_auxv);
  g_test_add_func ("/proc-files/address-limit", test_address_limit);
  g_test_add_func ("/proc-files/kernel-stack", test_kernel_stack);
  return g_test_run ();
}
