/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Snapshots made by hand for the tests of the formats, and the full comparison of two.
 */

#include "config.h"

#include "fixture.h"

typedef struct
{
  AtlasSnapshotBuilder *builder;
  AtlasStringPool *pool;
  guint pending; /* blocks without region */
  guint covered;
} Maker;

static AtlasStringId
intern (Maker *maker, const char *text)
{
  return atlas_string_pool_intern (maker->pool, text, -1);
}

static void
add_block (Maker *maker, guint64 start, guint64 size, guint8 protection, const char *flags,
           const char *path, const char *label, const AtlasCounters *counters)
{
  AtlasBlock block = {
    .start = start,
    .end = start + size,
    .protection = protection,
    .path = intern (maker, path),
    .label = intern (maker, label),
    .vm_flags = intern (maker, flags),
    .page_shift = 12,
    .traits = flags != NULL ? atlas_vm_traits_parse (flags, strlen (flags)) : 0,
  };

  if (path != NULL && path[0] == '/')
    {
      block.offset = 0x1000;
      block.inode = 123456789012;
      block.device = 259 << 20 | 2;
    }
  if (counters->value[ATLAS_COUNTER_RSS] != 0 && flags != NULL)
    block.numa = intern (maker, "0=4096 1=8192");
  atlas_snapshot_builder_add_block (maker->builder, &block, counters);
  maker->pending++;
}

static void
end_region (Maker *maker, AtlasType type, const char *details, const char *reason, guint32 owner,
            gboolean guess)
{
  AtlasRegion region = {
    .first_block = maker->covered,
    .n_blocks = maker->pending,
    .details = intern (maker, details),
    .reason = intern (maker, reason),
    .owner = owner,
    .type = type,
    .guess = guess ? 1 : 0,
  };

  atlas_snapshot_builder_add_region (maker->builder, &region);
  maker->covered += maker->pending;
  maker->pending = 0;
}

static AtlasProcess *
make_process (void)
{
  AtlasProcess *process = atlas_process_new ();

  process->pid = 4242;
  process->parent_pid = 1;
  process->start_ticks = 987654321;
  process->start_time = 1700000000123456;
  process->uid = 1000;
  process->bits = 64;
  process->page_size = 4096;
  process->address_limit = G_GUINT64_CONSTANT (0x7ffffffff000);
  process->state = 'S';
  process->n_threads = 2;
  process->private_bytes = 123 * 1024;
  process->working_set = ATLAS_UNKNOWN;
  process->name = g_strdup ("od\"d, name");
  process->command_line = g_strdup ("/bin/odd '\xff\xfe' --x\n");
  process->executable = g_strdup ("/usr/bin/odd (deleted)");
  process->user = g_strdup ("alice");
  process->cgroup = g_strdup ("");
  process->architecture = g_strdup ("x86-64");
  return process;
}

static AtlasCounters
resident (guint64 kib)
{
  AtlasCounters counters = { { 0 } };

  counters.value[ATLAS_COUNTER_RSS] = kib * 1024;
  counters.value[ATLAS_COUNTER_PSS] = kib * 1024;
  counters.value[ATLAS_COUNTER_PRIVATE_DIRTY] = kib * 1024;
  counters.value[ATLAS_COUNTER_ANONYMOUS] = kib * 1024;
  counters.value[ATLAS_COUNTER_PRIVATE_WS] = kib * 1024;
  counters.value[ATLAS_COUNTER_REFERENCED] = kib * 1024;
  return counters;
}

static void
add_image (Maker *maker, guint round)
{
  const guint8 read = ATLAS_PROTECTION_READ;
  AtlasCounters none = { { 0 } };
  AtlasCounters clean = { { 0 } };

  clean.value[ATLAS_COUNTER_RSS] = 8192;
  clean.value[ATLAS_COUNTER_PSS] = 4096 + 1024;
  clean.value[ATLAS_COUNTER_SHARED_CLEAN] = 8192;
  clean.value[ATLAS_COUNTER_REFERENCED] = 8192;
  if (round % 3 == 2)
    return;
  add_block (maker, 0x400000, 0x2000, read | ATLAS_PROTECTION_EXECUTE, "rd ex mr mw me",
             "/usr/bin/odd (deleted)", ".text", &clean);
  add_block (maker, 0x402000, 0x1000, read, "rd mr mw me ac", "/usr/bin/odd (deleted)", ".rodata",
             &none);
  end_region (maker, ATLAS_TYPE_IMAGE, "/usr/bin/odd (deleted)", "ELF file mapped by its segments",
              0, FALSE);
}

static void
add_middle (Maker *maker, guint round)
{
  const guint8 write = ATLAS_PROTECTION_READ | ATLAS_PROTECTION_WRITE;
  AtlasCounters unknown;
  AtlasCounters odd = resident (8 + 4 * (round % 14));

  for (guint i = 0; i < ATLAS_N_COUNTERS; i++)
    unknown.value[i] = ATLAS_UNKNOWN;
  odd.value[ATLAS_COUNTER_LOCKED] = 1001; /* no multiple of 1024 */
  add_block (maker, 0x600000, 0x10000, write, "rd wr mr mw me ac", "[heap]", NULL, &odd);
  end_region (maker, ATLAS_TYPE_HEAP, "Heap ID: 1", "the kernel names it [heap]", 1, FALSE);
  if (round > 0)
    {
      AtlasCounters more = resident (4);
      add_block (maker, 0x700000 + 0x10000 * round, 0x4000, write, "rd wr mr mw me ac", NULL, NULL,
                 &more);
      end_region (maker, ATLAS_TYPE_PRIVATE, NULL, "no allocator is known to own it", 0, TRUE);
    }
  add_block (maker, 0x10000000, 0x3000, write | ATLAS_PROTECTION_SHARED, NULL,
             "/tmp/a \"b\"\nc\xff\xc3(deleted)", NULL, &unknown);
  end_region (maker, ATLAS_TYPE_MAPPED_FILE, "/tmp/a \"b\"\nc\xff\xc3(deleted)",
              "a file mapped as data", 0, FALSE);
}

static void
add_kernel (Maker *maker)
{
  AtlasCounters none = { { 0 } };
  AtlasBlock tables = { .end = 96 * 1024,
                        .flags = ATLAS_BLOCK_KERNEL,
                        .label = intern (maker, "Page tables") };

  atlas_snapshot_builder_add_block (maker->builder, &tables, &none);
  maker->pending++;
  end_region (maker, ATLAS_TYPE_SYSTEM, "Page tables", "VmPTE of status", 0, FALSE);
  tables.end = 32 * 1024;
  tables.label = intern (maker, "Kernel stacks");
  atlas_snapshot_builder_add_block (maker->builder, &tables, &none);
  maker->pending++;
  end_region (maker, ATLAS_TYPE_SYSTEM, "Kernel stacks", "16 KiB a thread", 0, TRUE);
}

static void
add_end (Maker *maker, guint round)
{
  AtlasCounters none = { { 0 } };
  AtlasCounters stack = resident (12);

  add_block (maker, 0x7ff000000000, 0x1000, 0, "mr mw me", NULL, "guard", &none);
  add_block (maker, 0x7ff000001000, 0x21000, ATLAS_PROTECTION_READ | ATLAS_PROTECTION_WRITE,
             "rd wr mr mw me gd ac lo", "[stack]", NULL, &stack);
  end_region (maker, ATLAS_TYPE_STACK, "Thread ID: 4242 (w\303\266rker)", "holds the stack pointer",
              4242 + round, FALSE);
  add_block (maker, 0xffffffffff600000, 0x1000, ATLAS_PROTECTION_EXECUTE, "ex", "[vsyscall]", NULL,
             &none);
  end_region (maker, ATLAS_TYPE_SYSTEM, "[vsyscall]", "the kernel's own mapping", 0, FALSE);
}

static AtlasSnapshot *
finish (Maker *maker)
{
  g_autoptr (GError) error = NULL;
  AtlasSnapshot *snapshot = atlas_snapshot_builder_finish (maker->builder, &error);

  g_assert_no_error (error);
  g_assert_true (atlas_snapshot_check (snapshot, &error));
  atlas_snapshot_builder_free (maker->builder);
  return snapshot;
}

AtlasSnapshot *
fixture_new (AtlasStringPool *pool, guint round)
{
  Maker maker = { .builder = atlas_snapshot_builder_new (pool), .pool = pool };

  atlas_snapshot_builder_take_process (maker.builder, make_process ());
  atlas_snapshot_builder_set_time (maker.builder, 1700000100654321 + round * 1000000, 12345);
  atlas_snapshot_builder_set_machine (maker.builder, "box\xff", "Linux 6.18.4");
  atlas_snapshot_builder_add_thread (maker.builder, 4242, "w\303\266rker");
  atlas_snapshot_builder_add_thread (maker.builder, 4243 + (gint)round, "\x80\001\x7f");
  atlas_snapshot_builder_add_missing (maker.builder, "smaps from 10000000",
                                      "Permission \"denied\"\nby the kernel");
  if (round != 1)
    atlas_snapshot_builder_add_missing (maker.builder, "pagemap", "needs \xe2\x82\xac");
  atlas_snapshot_builder_set_has_numa (maker.builder, round != 1);
  add_image (&maker, round);
  add_middle (&maker, round);
  add_end (&maker, round);
  add_kernel (&maker);
  return finish (&maker);
}

AtlasSnapshot *
fixture_new_plain (AtlasStringPool *pool)
{
  Maker maker = { .builder = atlas_snapshot_builder_new (pool), .pool = pool };
  AtlasProcess *process = atlas_process_new ();
  AtlasCounters counters = resident (8);
  const guint8 write = ATLAS_PROTECTION_READ | ATLAS_PROTECTION_WRITE;

  process->pid = 7;
  process->name = g_strdup ("plain");
  process->bits = 32;
  process->address_limit = 0x100000000;
  atlas_snapshot_builder_take_process (maker.builder, process);
  atlas_snapshot_builder_set_has_numa (maker.builder, TRUE);
  add_block (&maker, 0x10000, 0x4000, write, "rd wr ac", NULL, NULL, &counters);
  add_block (&maker, 0x14000, 0x2000, 0, "mr", NULL, "guard", &(AtlasCounters){ { 0 } });
  end_region (&maker, ATLAS_TYPE_PRIVATE, "say \"hi\", twice", "for the test", 0, FALSE);
  return finish (&maker);
}

AtlasSnapshot *
fixture_new_large (AtlasStringPool *pool, guint n_blocks)
{
  Maker maker = { .builder = atlas_snapshot_builder_new (pool), .pool = pool };

  atlas_snapshot_builder_take_process (maker.builder, make_process ());
  for (guint i = 0; i < n_blocks; i++)
    {
      AtlasCounters counters = resident (4 * (1 + i % 3));
      g_autofree char *path = i % 2 ? g_strdup_printf ("/usr/lib/library-%u.so", i / 16) : NULL;
      add_block (&maker, 0x7f0000000000 + (guint64)i * 0x10000, 0x8000,
                 ATLAS_PROTECTION_READ | (i % 2 ? ATLAS_PROTECTION_WRITE : 0),
                 i % 2 ? "rd wr mr mw me ac sd" : "rd mr mw me sd", path, NULL, &counters);
      end_region (&maker, i % 2 ? ATLAS_TYPE_MAPPED_FILE : ATLAS_TYPE_PRIVATE, path,
                  i % 2 ? "a file that is mapped as data" : "no allocator is known to own it", 0,
                  FALSE);
    }
  return finish (&maker);
}

AtlasHistory *
fixture_new_history (guint n)
{
  AtlasHistory *history = atlas_history_new ();

  for (guint round = 0; round < n; round++)
    {
      g_autoptr (AtlasSnapshot) snapshot = fixture_new (atlas_history_get_pool (history), round);
      atlas_history_add (history, snapshot);
    }
  return history;
}

static void
assert_same_process (const AtlasProcess *a, const AtlasProcess *b)
{
  g_assert_cmpint (a->pid, ==, b->pid);
  g_assert_cmpint (a->parent_pid, ==, b->parent_pid);
  g_assert_cmpuint (a->start_ticks, ==, b->start_ticks);
  g_assert_cmpint (a->start_time, ==, b->start_time);
  g_assert_cmpuint (a->uid, ==, b->uid);
  g_assert_cmpuint (a->bits, ==, b->bits);
  g_assert_cmpuint (a->page_size, ==, b->page_size);
  g_assert_cmpuint (a->address_limit, ==, b->address_limit);
  g_assert_cmpint (a->state, ==, b->state);
  g_assert_cmpint (a->kernel_thread, ==, b->kernel_thread);
  g_assert_cmpuint (a->n_threads, ==, b->n_threads);
  g_assert_cmpuint (a->private_bytes, ==, b->private_bytes);
  g_assert_cmpuint (a->working_set, ==, b->working_set);
  g_assert_cmpstr (a->name, ==, b->name);
  g_assert_cmpstr (a->command_line, ==, b->command_line);
  g_assert_cmpstr (a->executable, ==, b->executable);
  g_assert_cmpstr (a->user, ==, b->user);
  g_assert_cmpstr (a->cgroup, ==, b->cgroup);
  g_assert_cmpstr (a->architecture, ==, b->architecture);
  g_assert_cmpstr (a->unreadable, ==, b->unreadable);
}

static void
assert_same_block (const AtlasSnapshot *a, const AtlasSnapshot *b, guint index)
{
  const AtlasBlock *x = atlas_snapshot_get_block (a, index);
  const AtlasBlock *y = atlas_snapshot_get_block (b, index);
  AtlasCounters counters_x, counters_y;
  AtlasFigures figures_x, figures_y;

  g_assert_cmphex (x->start, ==, y->start);
  g_assert_cmphex (x->end, ==, y->end);
  g_assert_cmphex (x->offset, ==, y->offset);
  g_assert_cmpuint (x->inode, ==, y->inode);
  g_assert_cmphex (x->device, ==, y->device);
  g_assert_cmphex (x->traits, ==, y->traits);
  g_assert_cmphex (x->protection, ==, y->protection);
  g_assert_cmpuint (x->page_shift, ==, y->page_shift);
  g_assert_cmphex (x->flags, ==, y->flags);
  g_assert_cmphex (x->present, ==, y->present);
  g_assert_cmphex (x->unknown, ==, y->unknown);
  g_assert_cmpstr (atlas_snapshot_get_string (a, x->path), ==,
                   atlas_snapshot_get_string (b, y->path));
  g_assert_cmpstr (atlas_snapshot_get_string (a, x->label), ==,
                   atlas_snapshot_get_string (b, y->label));
  g_assert_cmpstr (atlas_snapshot_get_string (a, x->vm_flags), ==,
                   atlas_snapshot_get_string (b, y->vm_flags));
  g_assert_cmpstr (atlas_snapshot_get_string (a, x->numa), ==,
                   atlas_snapshot_get_string (b, y->numa));
  atlas_snapshot_get_counters (a, x, &counters_x);
  atlas_snapshot_get_counters (b, y, &counters_y);
  g_assert_cmpmem (&counters_x, sizeof counters_x, &counters_y, sizeof counters_y);
  atlas_snapshot_get_block_figures (a, x, &figures_x);
  atlas_snapshot_get_block_figures (b, y, &figures_y);
  g_assert_cmpmem (&figures_x, sizeof figures_x, &figures_y, sizeof figures_y);
}

static void
assert_same_region (const AtlasSnapshot *a, const AtlasSnapshot *b, guint index)
{
  const AtlasRegion *x = atlas_snapshot_get_region (a, index);
  const AtlasRegion *y = atlas_snapshot_get_region (b, index);

  g_assert_cmpuint (x->first_block, ==, y->first_block);
  g_assert_cmpuint (x->n_blocks, ==, y->n_blocks);
  g_assert_cmpuint (x->owner, ==, y->owner);
  g_assert_cmpuint (x->type, ==, y->type);
  g_assert_cmpuint (x->guess, ==, y->guess);
  g_assert_cmpstr (atlas_snapshot_get_string (a, x->details), ==,
                   atlas_snapshot_get_string (b, y->details));
  g_assert_cmpstr (atlas_snapshot_get_string (a, x->reason), ==,
                   atlas_snapshot_get_string (b, y->reason));
}

static void
assert_same_lists (const AtlasSnapshot *a, const AtlasSnapshot *b)
{
  guint n_a, n_b;
  const AtlasThread *threads_a = atlas_snapshot_get_threads (a, &n_a);
  const AtlasThread *threads_b = atlas_snapshot_get_threads (b, &n_b);
  const GPtrArray *missing_a = atlas_snapshot_get_missing (a);
  const GPtrArray *missing_b = atlas_snapshot_get_missing (b);

  g_assert_cmpuint (n_a, ==, n_b);
  for (guint i = 0; i < n_a; i++)
    {
      g_assert_cmpint (threads_a[i].tid, ==, threads_b[i].tid);
      g_assert_cmpstr (threads_a[i].name, ==, threads_b[i].name);
    }
  g_assert_cmpuint (missing_a->len, ==, missing_b->len);
  for (guint i = 0; i < missing_a->len; i++)
    {
      const AtlasMissing *x = missing_a->pdata[i];
      const AtlasMissing *y = missing_b->pdata[i];
      g_assert_cmpstr (x->what, ==, y->what);
      g_assert_cmpstr (x->why, ==, y->why);
    }
}

void
fixture_assert_same (const AtlasSnapshot *a, const AtlasSnapshot *b)
{
  assert_same_process (atlas_snapshot_get_process (a), atlas_snapshot_get_process (b));
  assert_same_lists (a, b);
  g_assert_cmpint (atlas_snapshot_get_time (a), ==, atlas_snapshot_get_time (b));
  g_assert_cmpint (atlas_snapshot_get_duration (a), ==, atlas_snapshot_get_duration (b));
  g_assert_cmpstr (atlas_snapshot_get_host (a), ==, atlas_snapshot_get_host (b));
  g_assert_cmpstr (atlas_snapshot_get_kernel (a), ==, atlas_snapshot_get_kernel (b));
  g_assert_cmpint (atlas_snapshot_has_numa (a), ==, atlas_snapshot_has_numa (b));
  g_assert_cmpuint (atlas_snapshot_get_n_blocks (a), ==, atlas_snapshot_get_n_blocks (b));
  g_assert_cmpuint (atlas_snapshot_get_n_regions (a), ==, atlas_snapshot_get_n_regions (b));
  for (guint i = 0; i < atlas_snapshot_get_n_blocks (a); i++)
    assert_same_block (a, b, i);
  for (guint i = 0; i < atlas_snapshot_get_n_regions (a); i++)
    assert_same_region (a, b, i);
  for (guint type = 0; type < ATLAS_N_TYPES; type++)
    g_assert_cmpmem (atlas_snapshot_get_totals (a, type), sizeof (AtlasTotals),
                     atlas_snapshot_get_totals (b, type), sizeof (AtlasTotals));
}

void
fixture_assert_same_history (AtlasHistory *a, AtlasHistory *b)
{
  g_assert_cmpuint (atlas_history_get_length (a), ==, atlas_history_get_length (b));
  for (guint i = 0; i < atlas_history_get_length (a); i++)
    fixture_assert_same (atlas_history_get (a, i), atlas_history_get (b, i));
}
