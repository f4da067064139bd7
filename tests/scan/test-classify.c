/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table of rules, on recorded processes: light recordings of real programs (maps and threads
 * alone, so that everything goes by name and shape) and trees made by hand for what no machine has
 * all of.
 */

#include "config.h"

#include "scan/machine-source.h"
#include "scan/rules.h"

#include <string.h>

#define MIB (G_GUINT64_CONSTANT (1) << 20)

/* A region that must be there. */
typedef struct
{
  guint64 address; /* in it */
  AtlasType type;
  const char *details; /* it begins with this; NULL: it has none */
  const char *reason;  /* it holds this */
  gboolean guess;
} Expected;

static AtlasSnapshot *
scan (const char *tree)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (g_getenv ("ATLAS_TEST_DATA"), tree, NULL);
  g_autoptr (AtlasSource) source = atlas_machine_source_new (path, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) processes = atlas_source_list (source, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (processes->len, ==, 1);

  AtlasProcess *process = g_ptr_array_index (processes, 0);
  AtlasScanRequest request = { .pid = process->pid };
  AtlasSnapshot *snapshot = atlas_source_scan (source, &request, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (atlas_snapshot_check (snapshot, &error));
  g_assert_no_error (error);
  return snapshot;
}

static const AtlasRegion *
region_at (AtlasSnapshot *snapshot, guint64 address)
{
  gint index = atlas_snapshot_find_region (snapshot, address);

  g_assert_cmpint (index, >=, 0);
  return atlas_snapshot_get_region (snapshot, (guint)index);
}

static void
assert_regions (AtlasSnapshot *snapshot, const Expected *expected, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      const AtlasRegion *region = region_at (snapshot, expected[i].address);
      const char *details = atlas_snapshot_get_string (snapshot, region->details);
      const char *reason = atlas_snapshot_get_string (snapshot, region->reason);
      g_test_message ("%" G_GINT64_MODIFIER "x: %s, %s", expected[i].address,
                      details != NULL ? details : "(none)", reason);
      g_assert_cmpint (region->type, ==, expected[i].type);
      if (expected[i].details == NULL)
        g_assert_null (details);
      else
        g_assert_true (g_str_has_prefix (details, expected[i].details));
      g_assert_nonnull (reason);
      if (expected[i].reason != NULL)
        g_assert_nonnull (strstr (reason, expected[i].reason));
      g_assert_cmpint (region->guess, ==, expected[i].guess);
    }
}

#define ASSERT_REGIONS(snapshot, expected)                                                         \
  assert_regions (snapshot, expected, G_N_ELEMENTS (expected))

static const char *
label_at (AtlasSnapshot *snapshot, guint64 address)
{
  gint index = atlas_snapshot_find_block (snapshot, address);

  g_assert_cmpint (index, >=, 0);
  return atlas_snapshot_get_string (snapshot,
                                    atlas_snapshot_get_block (snapshot, (guint)index)->label);
}

static void
assert_thread_stacks (AtlasSnapshot *snapshot, guint n)
{
  guint found = 0;

  for (guint i = 0; i < atlas_snapshot_get_n_regions (snapshot); i++)
    {
      const AtlasRegion *region = atlas_snapshot_get_region (snapshot, i);
      if (region->type == ATLAS_TYPE_STACK && region->owner != 0)
        found++;
    }
  g_assert_cmpuint (found, ==, n);
}

/* Bytes of the regions of @type whose details begin with @details. */
static guint64
size_of (AtlasSnapshot *snapshot, AtlasType type, const char *details)
{
  guint64 size = 0;

  for (guint i = 0; i < atlas_snapshot_get_n_regions (snapshot); i++)
    {
      const AtlasRegion *region = atlas_snapshot_get_region (snapshot, i);
      const char *text = atlas_snapshot_get_string (snapshot, region->details);
      if (region->type != type ||
          (details == NULL ? text != NULL : text == NULL || !g_str_has_prefix (text, details)))
        continue;
      size += atlas_snapshot_get_region_end (snapshot, region) -
              atlas_snapshot_get_region_start (snapshot, region);
    }
  return size;
}

static void
test_table (void)
{
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  guint n;
  const AtlasRule *rules = atlas_rules_get (&n);

  g_assert_cmpuint (n, >, 50);
  for (guint i = 0; i < n; i++)
    {
      g_assert_nonnull (rules[i].id);
      g_assert_true (g_hash_table_add (ids, (gpointer)rules[i].id));
      if (rules[i].kind == ATLAS_RULE_RECOGNISER)
        {
          g_assert_nonnull (rules[i].recognise);
          continue;
        }
      g_assert_nonnull (rules[i].pattern);
      g_assert_nonnull (rules[i].reason);
      g_assert_cmpint (rules[i].type, >, ATLAS_TYPE_TOTAL);
      g_assert_cmpint (rules[i].type, <, ATLAS_TYPE_FREE);
    }
}

/* No row stands in the shadow of one before it: each decides some path of the tree of all names. */
static void
test_every_row (void)
{
  g_autoptr (AtlasSnapshot) snapshot = scan ("proc-names");
  g_autoptr (GHashTable) used = g_hash_table_new (NULL, NULL);
  guint n;
  const AtlasRule *rules = atlas_rules_get (&n);

  for (guint b = 0; b < atlas_snapshot_get_n_blocks (snapshot); b++)
    {
      const AtlasBlock *block = atlas_snapshot_get_block (snapshot, b);
      const char *path = atlas_snapshot_get_string (snapshot, block->path);
      const char *rest;
      for (guint i = 0; path != NULL && i < n; i++)
        if (rules[i].kind != ATLAS_RULE_RECOGNISER &&
            atlas_rule_matches (&rules[i], path, block->protection, &rest))
          {
            g_hash_table_add (used, (gpointer)rules[i].id);
            break;
          }
    }
  for (guint i = 0; i < n; i++)
    if (rules[i].kind != ATLAS_RULE_RECOGNISER && !g_hash_table_contains (used, rules[i].id))
      g_error ("no block of proc-names is for the rule %s", rules[i].id);
}

static void
test_names (void)
{
  static const Expected expected[] = {
    { 0x7f0000000000, ATLAS_TYPE_HEAP, "Heap ID: 2  glibc arena", "named so by glibc", FALSE },
    { 0x7f0000060000, ATLAS_TYPE_STACK, "Thread ID: 4711 (named)", "named it after", FALSE },
    { 0x7f0000080000, ATLAS_TYPE_STACK, "stack of thread 4712", "named so by glibc", FALSE },
    { 0x7f00000a0000, ATLAS_TYPE_STACK, "cached thread stack", "named so by glibc", FALSE },
    { 0x7f00000e0000, ATLAS_TYPE_MANAGED_HEAP, "Go heap", "the Go runtime", FALSE },
    { 0x7f0000110000, ATLAS_TYPE_MANAGED_HEAP, "Go runtime metadata", "the Go runtime", FALSE },
    { 0x7f0000410000, ATLAS_TYPE_MANAGED_HEAP, "ART: main space (region space)", "Android", FALSE },
    { 0x7f00004d0000, ATLAS_TYPE_STACK, "[anon:my stack]", "named so by the program", FALSE },
    { 0x7f00004f0000, ATLAS_TYPE_PRIVATE, "\"my own name\"", "named so by the program", FALSE },
    { 0x7f0000510000, ATLAS_TYPE_SHAREABLE, "shared anonymous memory", "MAP_SHARED", FALSE },
    { 0x7f0000910000, ATLAS_TYPE_PRIVATE, "private mapping of /dev/zero", NULL, FALSE },
    { 0x7f0000d10000, ATLAS_TYPE_SHAREABLE, "memfd my memory", "memfd_create", FALSE },
    { 0x7f0001110000, ATLAS_TYPE_SHAREABLE, "SysV shared memory, key 0x0000002a", NULL, FALSE },
    { 0x7f0001910000, ATLAS_TYPE_SHAREABLE, "shared memory \"ring\"", NULL, FALSE },
    { 0x7f0002110000, ATLAS_TYPE_PRIVATE, "huge pages (hugetlb)", NULL, FALSE },
    { 0x7f0004910000, ATLAS_TYPE_SHAREABLE, "/dev/dri/renderD128", "a device", FALSE },
    { 0x7f0005510000, ATLAS_TYPE_MAPPED_FILE, "/home/user/old (deleted)", "deleted", FALSE },
    { 0x7f0005d10000, ATLAS_TYPE_MANAGED_HEAP, ".NET code and stubs", NULL, FALSE },
    { 0x7f0006d10000, ATLAS_TYPE_SYSTEM, "[uprobes]", NULL, FALSE },
    { 0x7f0007210000, ATLAS_TYPE_PRIVATE, "[new kernel thing]", NULL, FALSE },
    { 0x7ffff7fc0000, ATLAS_TYPE_SYSTEM, "[vvar]", NULL, FALSE },
    { 0x7fffffffe000, ATLAS_TYPE_STACK, "Thread ID: 7 (names)", "[stack]", FALSE },
  };
  g_autoptr (AtlasSnapshot) snapshot = scan ("proc-names");

  ASSERT_REGIONS (snapshot, expected);
  g_assert_cmpuint (region_at (snapshot, 0x7f0000060000)->owner, ==, 4711);
  g_assert_cmpuint (region_at (snapshot, 0x7f00000e0000)->n_blocks, ==, 2);
  g_assert_cmpstr (label_at (snapshot, 0x7f00000f0000), ==, "heap reservation");
  g_assert_cmpuint (region_at (snapshot, 0x7ffff7fc0000)->n_blocks, ==, 2);
  g_assert_cmpuint (region_at (snapshot, 0x555556000000)->owner, ==, 1);
  /* One heap, two places: jemalloc's two names. */
  g_assert_cmpuint (region_at (snapshot, 0x7f0000150000)->owner, ==,
                    region_at (snapshot, 0x7f0000170000)->owner);
}

static void
test_stacks (void)
{
  static const Expected expected[] = {
    { 0x555555554000, ATLAS_TYPE_IMAGE, "/usr/bin/stacks (deleted)", "probably", TRUE },
    { 0x7f0000010ff0, ATLAS_TYPE_STACK, "Thread ID: 13 (good)", "guard lies below", TRUE },
    { 0x7f0001010ff0, ATLAS_TYPE_PRIVATE, NULL, "the stack pointer of thread 15", FALSE },
    { 0x7f0002010ff0, ATLAS_TYPE_PRIVATE, NULL, "the stack pointer of thread 16", FALSE },
    { 0x7f0004000000, ATLAS_TYPE_HEAP, "Heap ID: 2  glibc arena 2", "could not be read", TRUE },
    { 0x7f0009000000, ATLAS_TYPE_PRIVATE, NULL, "nothing shows who uses it", FALSE },
    { 0x7f0022000000, ATLAS_TYPE_MAPPED_FILE, "/usr/lib/libdata.so", "mapped as data", FALSE },
    { 0x7f0023000000, ATLAS_TYPE_MAPPED_FILE, "/opt/one-block.bin", "mapped as data", FALSE },
  };
  g_autoptr (AtlasSnapshot) snapshot = scan ("proc-stacks");

  ASSERT_REGIONS (snapshot, expected);
  assert_thread_stacks (snapshot, 2);
  g_assert_cmpstr (label_at (snapshot, 0x7f0000000000), ==, "guard");
  g_assert_cmpstr (label_at (snapshot, 0x7f0000001000), ==, "stack");
  g_assert_cmpuint (region_at (snapshot, 0x7f0004000000)->n_blocks, ==, 2);
  /* Segments of a file that could not be looked into, and what follows like its .bss. */
  const AtlasRegion *library = region_at (snapshot, 0x7f0021000000);
  g_assert_cmpint (library->type, ==, ATLAS_TYPE_IMAGE);
  g_assert_cmpuint (library->n_blocks, ==, 5);
  g_assert_cmpstr (label_at (snapshot, 0x7f0021004000), ==, "code");
  g_assert_cmpstr (label_at (snapshot, 0x7f002101a000), ==, ".bss");
}

/* Files that the recording holds: their segments, sections and what they are not. */
static void
test_images (void)
{
  static const Expected expected[] = {
    { 0x400000, ATLAS_TYPE_IMAGE, "/usr/bin/sample", "the program itself", FALSE },
    { 0x7f0000000000, ATLAS_TYPE_IMAGE, "/usr/lib/sample.so", "as the file says", FALSE },
    { 0x7f0000100000, ATLAS_TYPE_IMAGE, "/usr/lib/sample.so", "as the file says", FALSE },
    { 0x7f0000200000, ATLAS_TYPE_MAPPED_FILE, "/usr/lib/sample.so", "mapped as data", FALSE },
    { 0x7f0000300000, ATLAS_TYPE_IMAGE, "/usr/lib/sample.so", "mapped once more", FALSE },
    { 0x7f0000400000, ATLAS_TYPE_IMAGE, "/usr/lib/merged.so", "as the file says", FALSE },
    { 0x7f0000405000, ATLAS_TYPE_PRIVATE, NULL, "the .bss of /usr/lib/merged.so", FALSE },
    { 0x7f0000700000, ATLAS_TYPE_MAPPED_FILE, "/usr/share/text", "mapped as data", FALSE },
  };
  g_autoptr (AtlasSnapshot) snapshot = scan ("proc-elf");

  ASSERT_REGIONS (snapshot, expected);
  g_assert_cmpuint (region_at (snapshot, 0x400000)->n_blocks, ==, 5);
  g_assert_cmpuint (region_at (snapshot, 0x7f0000000000)->n_blocks, ==, 6);
  g_assert_true (region_at (snapshot, 0x7f0000005000) == region_at (snapshot, 0x7f0000000000));
  g_assert_true (g_str_has_prefix (label_at (snapshot, 0x400000), "headers"));
  g_assert_cmpstr (label_at (snapshot, 0x401000), ==, ".text");
  g_assert_cmpstr (label_at (snapshot, 0x403000), ==, ".data, .bss");
  g_assert_cmpstr (label_at (snapshot, 0x404000), ==, ".bss");
  g_assert_cmpstr (label_at (snapshot, 0x7f0000003000), ==, "relro: .dynamic, .got");
}

static void
test_dotnet (void)
{
  static const Expected expected[] = {
    { 0x7e8000000000, ATLAS_TYPE_MANAGED_HEAP, ".NET heap", "libcoreclr.so", TRUE },
    { 0x7f0000000000, ATLAS_TYPE_MANAGED_HEAP, ".NET code and stubs", NULL, FALSE },
    { 0x7f0000400000, ATLAS_TYPE_MANAGED_HEAP, ".NET runtime", "probably", TRUE },
  };
  g_autoptr (AtlasSnapshot) snapshot = scan ("proc-dotnet");

  ASSERT_REGIONS (snapshot, expected);
  g_assert_cmpuint (region_at (snapshot, 0x7e8000000000)->n_blocks, ==, 4);
  g_assert_cmpstr (label_at (snapshot, 0x7e8000500000), ==, "reserved");
}

static void
test_by_name (gconstpointer data)
{
  static const struct
  {
    const char *tree;
    guint64 address;
    const char *details;
  } cases[] = {
    { "proc-php", 0x7f0000200000, "PHP heap" },
    { "proc-erlang", 0x7f0000200000, "Erlang runtime" },
    { "proc-mono", 0x7f0000200000, "Mono runtime" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AtlasSnapshot) snapshot = scan (cases[i].tree);
      Expected expected = { cases[i].address, ATLAS_TYPE_MANAGED_HEAP, cases[i].details, "probably",
                            TRUE };
      assert_regions (snapshot, &expected, 1);
    }
}

/* A recording of a real program: what must be in it, and its threads. */
typedef struct
{
  const char *tree;
  guint n_threads; /* whose stack is a mapping of its own */
  AtlasType type;
  const char *details;
  guint64 least; /* bytes */
  guint64 bare;  /* bytes of private memory without label, at most */
} Recording;

static const Recording recordings[] = {
  { "proc-cpython", 4, ATLAS_TYPE_MANAGED_HEAP, "Python objects (pymalloc)", 40 * MIB, MIB },
  { "proc-glibc", 4, ATLAS_TYPE_HEAP, "Heap ID: 4  glibc arena 4", 64 * MIB, MIB },
  { "proc-go", 1, ATLAS_TYPE_MANAGED_HEAP, "Go heap", 64 * MIB, 0 },
  { "proc-java", 24, ATLAS_TYPE_MANAGED_HEAP, "Java heap", 200 * MIB, 4 * MIB },
  { "proc-java", 24, ATLAS_TYPE_MANAGED_HEAP, "Java code cache", 240 * MIB, 4 * MIB },
  { "proc-jemalloc", 4, ATLAS_TYPE_HEAP, "Heap ID: 2  jemalloc", 80 * MIB, MIB },
  { "proc-mimalloc", 4, ATLAS_TYPE_HEAP, "Heap ID: 2  mimalloc", 100 * MIB, MIB },
  { "proc-musl", 4, ATLAS_TYPE_HEAP, "Heap ID: 2  malloc of musl", 60 * MIB, MIB },
  { "proc-node", 7, ATLAS_TYPE_MANAGED_HEAP, "V8", 10 * MIB, 4 * MIB },
  { "proc-ruby", 4, ATLAS_TYPE_MANAGED_HEAP, "Ruby runtime", 20 * MIB, MIB },
  { "proc-ruby", 4, ATLAS_TYPE_STACK, "stacks of Ruby fibers", 10 * MIB, MIB },
  { "proc-tcmalloc", 4, ATLAS_TYPE_HEAP, "Heap ID: 1  [heap]", 60 * MIB, MIB },
};

static void
test_recording (gconstpointer data)
{
  const Recording *recording = data;
  g_autoptr (AtlasSnapshot) snapshot = scan (recording->tree);
  guint64 bare = size_of (snapshot, ATLAS_TYPE_PRIVATE, NULL);

  g_test_message ("%" G_GUINT64_FORMAT " KiB without label", bare / 1024);
  g_assert_cmpuint (size_of (snapshot, recording->type, recording->details), >=, recording->least);
  g_assert_cmpuint (bare, <=, recording->bare);
  assert_thread_stacks (snapshot, recording->n_threads);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scan/classify/table", test_table);
  g_test_add_func ("/scan/classify/every-row", test_every_row);
  g_test_add_func ("/scan/classify/names", test_names);
  g_test_add_func ("/scan/classify/stacks", test_stacks);
  g_test_add_func ("/scan/classify/images", test_images);
  g_test_add_func ("/scan/classify/dotnet", test_dotnet);
  g_test_add_data_func ("/scan/classify/by-name", NULL, test_by_name);
  for (guint i = 0; i < G_N_ELEMENTS (recordings); i++)
    {
      g_autofree char *path = g_strdup_printf ("/scan/classify/%s/%u", recordings[i].tree, i);
      g_test_add_data_func (path, &recordings[i], test_recording);
    }
  return g_test_run ();
}
