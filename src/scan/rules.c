/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table of rules: what makes a block an Image, a Stack, a Heap ... A new runtime is a new row
 * here, the function it names, and a recorded tree in tests/data. Constant data, any thread.
 */

#define G_LOG_DOMAIN "atlas-scan"

#include "config.h"

#include "scan/rules.h"

#include "scan/recognisers-private.h"
#include "scan/walk.h"

#include <glib/gi18n.h>
#include <string.h>

#define RECOGNISER(id_, function_)                                                                 \
  {                                                                                                \
    .id = id_, .kind = ATLAS_RULE_RECOGNISER, .recognise = function_                               \
  }

#define NAME(id_, kind_, pattern_, sharing_, type_, family_, details_, label_, reason_)            \
  {                                                                                                \
    .id = id_, .kind = ATLAS_RULE_##kind_, .pattern = pattern_, .sharing = ATLAS_RULE_##sharing_,  \
    .type = ATLAS_TYPE_##type_, .family = family_, .details = details_, .label = label_,           \
    .reason = reason_                                                                              \
  }

#define KERNEL(id_, kind_, pattern_, family_, reason_)                                             \
  NAME (id_, kind_, pattern_, ANY, SYSTEM, family_, NULL, NULL, reason_)

/* Translators: %s is who names its memory: "glibc", "the Go runtime" */
#define REASON_NAMED N_ ("named so by %s (a program may give its memory any name)")

#define ANON(id_, kind_, pattern_, type_, family_, details_, label_, named_by_)                    \
  {                                                                                                \
    .id = id_, .kind = ATLAS_RULE_##kind_, .pattern = pattern_, .type = ATLAS_TYPE_##type_,        \
    .family = family_, .details = details_, .label = label_, .reason = REASON_NAMED,               \
    .named_by = named_by_                                                                          \
  }

#define SHAREABLE(id_, pattern_, sharing_, details_, reason_)                                      \
  NAME (id_, PREFIX, pattern_, sharing_, SHAREABLE, NULL, details_, NULL, reason_)

/* clang-format off */
static const AtlasRule rules[] = {
  /* The kernel's own mappings. */
  KERNEL ("kernel.vdso", EXACT, "[vdso]", NULL,
          N_ ("the kernel's code for fast system calls, mapped into every process")),
  KERNEL ("kernel.vvar", PREFIX, "[vvar", "vvar",
          N_ ("the kernel's clock data, read by [vdso]")),
  KERNEL ("kernel.vsyscall", EXACT, "[vsyscall]", NULL,
          N_ ("the kernel's old system call page, at one address in every process")),
  KERNEL ("kernel.uprobes", EXACT, "[uprobes]", NULL,
          N_ ("the kernel's page for single-stepping traced instructions")),
  KERNEL ("kernel.sigpage", EXACT, "[sigpage]", NULL,
          N_ ("the kernel's page for returning from signal handlers")),
  KERNEL ("kernel.vectors", EXACT, "[vectors]", NULL,
          N_ ("the kernel's exception vectors, mapped into every process")),
  KERNEL ("kernel.gate", EXACT, "[gate]", NULL,
          N_ ("the kernel's gate page, mapped into every process")),
  KERNEL ("kernel.shadow", PREFIX, "[shadow", NULL,
          N_ ("the kernel's own mapping, by its name")),

  RECOGNISER ("stack.main", atlas_recognise_main_thread),
  RECOGNISER ("stack.named", atlas_recognise_named_stacks),
  RECOGNISER ("heap.brk", atlas_recognise_brk),

  /* Memory files that a runtime keeps code or objects in; before the rule for images, as such a
     file is executable without being one. */
  NAME ("dotnet.doublemapper", PREFIX, "/memfd:doublemapper", ANY, MANAGED_HEAP, ".NET",
        ".NET code and stubs", "doublemapper",
        N_ ("the memory file that the .NET runtime maps its code through")),
  NAME ("java.zgc", PREFIX, "/memfd:java_heap", ANY, MANAGED_HEAP, "Java heap", "Java heap", NULL,
        N_ ("the memory file that the Java machine's Z collector keeps the heap in, mapped several "
            "times")),
  NAME ("art.jit", PREFIX, "/memfd:jit-cache", ANY, MANAGED_HEAP, "ART", "ART JIT cache", NULL,
        N_ ("the memory file that the Android runtime keeps compiled code in")),
  NAME ("art.zygote-jit", PREFIX, "/memfd:jit-zygote-cache", ANY, MANAGED_HEAP, "ART",
        "ART JIT cache", NULL,
        N_ ("the memory file that the Android runtime keeps compiled code in")),

  RECOGNISER ("image", atlas_recognise_images),

  /* Shared memory that is no file of the user's, and devices. */
  NAME ("private.zero", PREFIX, "/dev/zero", PRIVATE, PRIVATE, NULL, "private mapping of /dev/zero",
        NULL, N_ ("a private mapping of /dev/zero is anonymous memory")),
  SHAREABLE ("shared.zero", "/dev/zero", ANY, "shared anonymous memory",
             N_ ("made with MAP_SHARED and MAP_ANONYMOUS, shared with forked processes")),
  NAME ("shared.memfd", PREFIX, "/memfd:", ANY, SHAREABLE, NULL, "memfd %s", NULL,
        N_ ("a memory file (memfd_create) that can be passed to other processes")),
  NAME ("shared.sysv", PREFIX, "/SYSV", ANY, SHAREABLE, NULL, "SysV shared memory, key 0x%s", NULL,
        N_ ("a System V shared memory segment (shmget)")),
  SHAREABLE ("shared.shm", "/dev/shm/", ANY, NULL,
             N_ ("POSIX shared memory, a file in /dev/shm, which is memory")),
  NAME ("shared.named", PREFIX, "[anon_shmem:", ANY, SHAREABLE, NULL, "shared memory \"%s\"", NULL,
        N_ ("shared anonymous memory; the program gave it this name")),
  SHAREABLE ("shared.hugetlb", "/anon_hugepage", SHARED, "shared huge pages (hugetlb)",
             N_ ("shared anonymous memory made of reserved huge pages (MAP_HUGETLB)")),
  SHAREABLE ("shared.dmabuf", "/dmabuf", ANY, NULL,
             N_ ("a buffer that devices and processes share (dma-buf)")),
  SHAREABLE ("shared.dma_heap", "anon_inode:dmabuf", ANY, NULL,
             N_ ("a buffer that devices and processes share (dma-buf)")),
  SHAREABLE ("shared.io_uring", "anon_inode:[io_uring]", ANY, "io_uring queue",
             N_ ("queues shared with the kernel for input and output (io_uring)")),
  SHAREABLE ("shared.anon_inode", "anon_inode:", ANY, NULL,
             N_ ("memory shared with the kernel through a file descriptor without a name")),
  SHAREABLE ("shared.aio", "/[aio]", ANY, "asynchronous input and output ring",
             N_ ("the ring of finished requests shared with the kernel (io_setup)")),
  SHAREABLE ("shared.socket", "socket:", ANY, NULL,
             N_ ("packet buffers shared with the kernel through a socket")),
  SHAREABLE ("shared.secretmem", "/secretmem", ANY, "secret memory",
             N_ ("memory that even the kernel cannot read (memfd_secret)")),
  SHAREABLE ("shared.drm", "/drm mm object", ANY, "graphics memory",
             N_ ("a buffer of the graphics driver")),
  SHAREABLE ("shared.i915", "/i915", ANY, "graphics memory",
             N_ ("a buffer of the graphics driver")),
  SHAREABLE ("shared.hugetlbfs", "/dev/hugepages/", ANY, NULL,
             N_ ("a file in /dev/hugepages, which is memory made of reserved huge pages")),
  SHAREABLE ("shared.device", "/dev/", ANY, NULL,
             N_ ("a device mapped into the process, or memory shared with its driver")),
  SHAREABLE ("shared.sysfs", "/sys/", SHARED, NULL,
             N_ ("memory of a device, mapped through sysfs")),

  /* What is proved by looking at it. */
  RECOGNISER ("stack.thread", atlas_recognise_stacks),
  RECOGNISER ("heap.glibc.arena", atlas_recognise_arenas),
  RECOGNISER ("stack.unused", atlas_recognise_unused_stacks),

  /* Names that programs give (PR_SET_VMA_ANON_NAME); hints. */
  ANON ("anon.glibc.arena", PREFIX, "[anon: glibc: malloc arena", HEAP, "glibc arena",
        "glibc arena", NULL, "glibc"),
  ANON ("anon.glibc.malloc", PREFIX, "[anon: glibc: malloc", HEAP, "glibc malloc",
        "large blocks of malloc", NULL, "glibc"),
  ANON ("anon.glibc.loader", PREFIX, "[anon: glibc: loader malloc", HEAP, "glibc loader",
        "memory of the dynamic loader", NULL, "glibc"),
  ANON ("anon.glibc.stack", PREFIX, "[anon: glibc: pthread stack: ", STACK, NULL,
        "stack of thread %s, which is no longer there", NULL, "glibc"),
  ANON ("anon.glibc.user-stack", PREFIX, "[anon: glibc: pthread user stack: ", STACK, NULL,
        "stack of thread %s, which is no longer there", NULL, "glibc"),
  ANON ("anon.glibc.unused", PREFIX, "[anon: glibc: unused stack", STACK, NULL,
        "cached thread stack, not in use", NULL, "glibc"),
  ANON ("anon.glibc.other", PREFIX, "[anon: glibc: ", HEAP, NULL, "glibc: %s", NULL, "glibc"),
  ANON ("anon.go.heap", EXACT, "[anon: Go: heap]", MANAGED_HEAP, "Go heap", "Go heap", "heap",
        N_ ("the Go runtime")),
  ANON ("anon.go.reservation", EXACT, "[anon: Go: heap reservation]", MANAGED_HEAP, "Go heap",
        "Go heap", "heap reservation", N_ ("the Go runtime")),
  ANON ("anon.go.other", PREFIX, "[anon: Go: ", MANAGED_HEAP, "Go metadata", "Go runtime metadata",
        "%s", N_ ("the Go runtime")),
  ANON ("anon.mimalloc", PREFIX, "[anon:mimalloc", HEAP, "mimalloc", "mimalloc", NULL, "mimalloc"),
  ANON ("anon.jemalloc", PREFIX, "[anon:jemalloc", HEAP, "jemalloc", "jemalloc", NULL, "jemalloc"),
  ANON ("anon.snmalloc", PREFIX, "[anon:snmalloc", HEAP, "snmalloc", "snmalloc", NULL, "snmalloc"),
  ANON ("anon.rpmalloc", PREFIX, "[anon:rpmalloc", HEAP, "rpmalloc", "rpmalloc", NULL, "rpmalloc"),
  ANON ("anon.scudo", PREFIX, "[anon:scudo:", HEAP, "scudo", "scudo", "%s", "scudo"),
  ANON ("anon.gwp", PREFIX, "[anon:GWP-ASan", HEAP, "scudo", "GWP-ASan", NULL, "scudo"),
  ANON ("anon.bionic", PREFIX, "[anon:libc_malloc", HEAP, "bionic", "malloc of bionic", NULL,
        N_ ("the C library of Android")),
  ANON ("anon.tcmalloc", PREFIX, "[anon:tcmalloc", HEAP, "tcmalloc", "tcmalloc", "%s", "tcmalloc"),
  ANON ("anon.partition", PREFIX, "[anon:partition_alloc", HEAP, "PartitionAlloc",
        "PartitionAlloc", NULL, N_ ("Chromium's PartitionAlloc")),
  ANON ("anon.ruby.heap", PREFIX, "[anon:Ruby:GC:", MANAGED_HEAP, "Ruby heap", "Ruby heap", NULL,
        N_ ("the Ruby runtime")),
  ANON ("anon.ruby.fiber", PREFIX, "[anon:Ruby:fiber_pool", STACK, "Ruby fibers",
        "stacks of Ruby fibers", NULL, N_ ("the Ruby runtime")),
  ANON ("anon.ruby.thread", PREFIX, "[anon:Ruby:nt_alloc_thread_stack", STACK, "Ruby threads",
        "stacks of Ruby threads", NULL, N_ ("the Ruby runtime")),
  ANON ("anon.ruby.other", PREFIX, "[anon:Ruby:", MANAGED_HEAP, "Ruby", "Ruby: %s", NULL,
        N_ ("the Ruby runtime")),
  ANON ("anon.php", PREFIX, "[anon:zend_alloc", MANAGED_HEAP, "PHP", "PHP heap", NULL,
        N_ ("the PHP runtime")),
  ANON ("anon.ocaml", PREFIX, "[anon:OCaml:", MANAGED_HEAP, "OCaml", "OCaml heap", "%s",
        N_ ("the OCaml runtime")),
  ANON ("anon.jsc", PREFIX, "[anon:JSGigacage", MANAGED_HEAP, "JavaScriptCore",
        "JavaScriptCore heap", NULL, "JavaScriptCore"),
  ANON ("anon.webkit", PREFIX, "[anon:WebKit", MANAGED_HEAP, "JavaScriptCore",
        "JavaScriptCore heap", NULL, "WebKit"),
  ANON ("anon.js-jit", PREFIX, "[anon:js-", MANAGED_HEAP, "SpiderMonkey", "SpiderMonkey: %s", NULL,
        "SpiderMonkey"),
  ANON ("anon.node", PREFIX, "[anon:nodejs", MANAGED_HEAP, "V8", "Node: %s", NULL, "Node"),
  ANON ("anon.v8", PREFIX, "[anon:v8", MANAGED_HEAP, "V8", "V8", NULL, "V8"),
  ANON ("anon.cpython", PREFIX, "[anon:cpython:", MANAGED_HEAP, "CPython", "CPython: %s", NULL,
        N_ ("the Python interpreter")),
  ANON ("anon.dalvik", PREFIX, "[anon:dalvik-", MANAGED_HEAP, "ART", "ART: %s", NULL,
        N_ ("the Android runtime")),
  ANON ("anon.dotnet", PREFIX, "[anon:.NET", MANAGED_HEAP, ".NET", ".NET", NULL,
        N_ ("the .NET runtime")),
  ANON ("anon.stack_and_tls", PREFIX, "[anon:stack_and_tls:", STACK, NULL,
        "stack and thread-local storage of thread %s", NULL, N_ ("the C library of Android")),
  ANON ("anon.bss", EXACT, "[anon:.bss]", IMAGE, NULL, ".bss of a library", ".bss",
        N_ ("the dynamic loader")),
  ANON ("anon.kj", PREFIX, "[anon:kj_fiber_stack", STACK, NULL, "stack of a KJ fiber", NULL, "KJ"),
  ANON ("anon.guest", PREFIX, "[anon:guest-memory", PRIVATE, NULL, "memory of a virtual machine",
        NULL, N_ ("the virtual machine monitor")),
  ANON ("anon.stack", CONTAINS, "stack", STACK, NULL, NULL, NULL, N_ ("the program")),
  ANON ("anon.other", PREFIX, "[anon:", PRIVATE, NULL, "\"%s\"", NULL, N_ ("the program")),

  /* Files. */
  NAME ("file", FILE, "/", ANY, MAPPED_FILE, NULL, NULL, NULL, N_ ("a file mapped as data")),

  /* Runtimes and allocators that name nothing: their marks in memory, or their layout. */
  RECOGNISER ("runtime.jvm", atlas_recognise_jvm),
  RECOGNISER ("runtime.go", atlas_recognise_go),
  RECOGNISER ("runtime.dotnet", atlas_recognise_dotnet),
  RECOGNISER ("runtime.ruby", atlas_recognise_ruby),
  RECOGNISER ("heap.jemalloc", atlas_recognise_jemalloc),
  RECOGNISER ("heap.mimalloc", atlas_recognise_mimalloc),
  RECOGNISER ("pieces", atlas_recognise_pieces),
  RECOGNISER ("thread.main", atlas_recognise_main_storage),
  RECOGNISER ("owners", atlas_recognise_owners),
  RECOGNISER ("reservations", atlas_recognise_reservations),

  NAME ("private.hugetlb", PREFIX, "/anon_hugepage", PRIVATE, PRIVATE, NULL,
        "huge pages (hugetlb)", NULL,
        N_ ("private memory made of reserved huge pages (MAP_HUGETLB); the kernel calls it a file")),
};
/* clang-format on */

const AtlasRule *
atlas_rules_get (guint *out_n)
{
  *out_n = G_N_ELEMENTS (rules);
  return rules;
}

gboolean
atlas_rule_matches (const AtlasRule *rule, const char *path, guint8 protection,
                    const char **out_rest)
{
  gboolean shared = (protection & ATLAS_PROTECTION_SHARED) != 0;

  *out_rest = "";
  if ((rule->sharing == ATLAS_RULE_SHARED && !shared) ||
      (rule->sharing == ATLAS_RULE_PRIVATE && shared))
    return FALSE;
  switch (rule->kind)
    {
    case ATLAS_RULE_EXACT:
      return strcmp (path, rule->pattern) == 0;
    case ATLAS_RULE_FILE:
      /* Anonymous for everybody but the kernel. */
      if (g_str_has_prefix (path, "/anon_hugepage"))
        return FALSE;
      G_GNUC_FALLTHROUGH;
    case ATLAS_RULE_PREFIX:
      if (!g_str_has_prefix (path, rule->pattern))
        return FALSE;
      *out_rest = path + strlen (rule->pattern);
      return TRUE;
    case ATLAS_RULE_CONTAINS:
      return g_str_has_prefix (path, "[anon:") && strstr (path, rule->pattern) != NULL;
    case ATLAS_RULE_RECOGNISER:
      break;
    }
  return FALSE;
}
