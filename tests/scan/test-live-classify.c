/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The proofs from process memory, on this very process: threads with stacks of every kind, heaps of
 * the C library, pieces in anonymous memory, forged marks.
 */

#include "config.h"

#include "scan/machine-source.h"
#include "scan/memory.h"

#include <malloc.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef __has_feature
#define CLANG_SANITIZES (__has_feature (address_sanitizer) || __has_feature (thread_sanitizer))
#else
#define CLANG_SANITIZES 0
#endif

#define KIB ((gsize)1024)
#define MIB (1024 * KIB)

typedef struct
{
  const char *name;
  gboolean busy;
  void *stack; /* given; NULL: made by the C library */
  gsize size;
  gsize allocate; /* bytes, in its arena */
  gint tid;
  void *block;
  gpointer local;
  pthread_t thread;
} Worker;

static pthread_barrier_t ready;
static gint ending;

static void *
work (void *data)
{
  Worker *worker = data;
  int local = 1;

  worker->tid = gettid ();
  worker->local = &local;
  pthread_setname_np (pthread_self (), worker->name);
  if (worker->allocate > 0)
    worker->block = malloc (worker->allocate);
  pthread_barrier_wait (&ready);
  while (!g_atomic_int_get (&ending))
    if (!worker->busy)
      usleep (10000);
  free (worker->block);
  return NULL;
}

static void
start (Worker *worker)
{
  pthread_attr_t attributes;

  pthread_attr_init (&attributes);
  if (worker->stack != NULL)
    pthread_attr_setstack (&attributes, worker->stack, worker->size);
  else if (worker->size != 0)
    pthread_attr_setstacksize (&attributes, worker->size);
  pthread_barrier_init (&ready, NULL, 2);
  g_assert_cmpint (pthread_create (&worker->thread, &attributes, work, worker), ==, 0);
  pthread_barrier_wait (&ready);
  pthread_barrier_destroy (&ready);
  pthread_attr_destroy (&attributes);
}

static void
stop (Worker *workers, guint n)
{
  g_atomic_int_set (&ending, 1);
  for (guint i = 0; i < n; i++)
    pthread_join (workers[i].thread, NULL);
  g_atomic_int_set (&ending, 0);
}

/* With inaccessible pages around, so that the kernel merges nothing with it. */
static guint8 *
map_alone (gsize size)
{
  guint8 *place = mmap (NULL, size + 128 * KIB, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  g_assert_true (place != MAP_FAILED);
  g_assert_cmpint (mprotect (place + 64 * KIB, size, PROT_READ | PROT_WRITE), ==, 0);
  return place + 64 * KIB;
}

static void
unmap_alone (guint8 *place, gsize size)
{
  munmap (place - 64 * KIB, size + 128 * KIB);
}

static AtlasSnapshot *
scan_self (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasSource) source = atlas_machine_source_new (NULL, &error);
  AtlasScanRequest request = { .pid = getpid () };
  AtlasSnapshot *snapshot = atlas_source_scan (source, &request, NULL, &error);

  g_assert_no_error (error);
  return snapshot;
}

static const AtlasRegion *
region_of (AtlasSnapshot *snapshot, gconstpointer address)
{
  gint index = atlas_snapshot_find_region (snapshot, (guint64)(guintptr)address);

  g_assert_cmpint (index, >=, 0);
  const AtlasRegion *region = atlas_snapshot_get_region (snapshot, (guint)index);
  g_test_message ("%p: type %u, %s: %s", address, region->type,
                  atlas_snapshot_get_string (snapshot, region->details),
                  atlas_snapshot_get_string (snapshot, region->reason));
  return region;
}

static void
assert_text (AtlasSnapshot *snapshot, AtlasStringId text, const char *part)
{
  const char *whole = atlas_snapshot_get_string (snapshot, text);

  g_assert_nonnull (whole);
  g_assert_nonnull (strstr (whole, part));
}

static gboolean
can_read (void)
{
  g_autoptr (AtlasProcfs) procfs = atlas_procfs_open (NULL, NULL);
  g_autoptr (AtlasMemory) memory = atlas_memory_new (procfs, getpid ());
  guint64 word = 0;
  static const guint64 sample = G_GUINT64_CONSTANT (0x0123456789abcdef);

  if (atlas_memory_read_word (memory, (guint64)(guintptr)&sample, &word))
    g_assert_cmpuint (word, ==, sample);
  return word == sample;
}

static gboolean
skip_without_memory (void)
{
  if (sizeof (gpointer) == 8 && can_read ())
    return FALSE;
  g_test_skip ("the memory of a process may not be read here, or is not of 64 bits");
  return TRUE;
}

static void
test_memory (void)
{
  if (skip_without_memory ())
    return;
  g_autoptr (AtlasProcfs) procfs = atlas_procfs_open (NULL, NULL);
  g_autoptr (AtlasMemory) memory = atlas_memory_new (procfs, getpid ());
  guint8 *place = map_alone (64 * KIB);
  guint64 address = (guint64)(guintptr)place;
  guint64 word;
  unsigned char present;

  /* What was never touched is not read, and is not there afterwards either. */
  madvise (place, 64 * KIB, MADV_NOHUGEPAGE);
  g_assert_false (atlas_memory_read_word (memory, address, &word));
  g_assert_cmpint (mincore (place, 4096, &present), ==, 0);
  g_assert_cmpuint (present & 1, ==, 0);

  memcpy (place + 32 * KIB, "a text", 7);
  g_autoptr (AtlasMemory) again = atlas_memory_new (procfs, getpid ());
  g_autofree char *text = atlas_memory_dup_string (again, address + 32 * KIB, 100);
  g_assert_cmpstr (text, ==, "a text");
  g_autofree char *start = atlas_memory_dup_string (again, address + 32 * KIB, 3);
  g_assert_cmpstr (start, ==, "a t");
  guint8 bytes[8192];
  g_assert_false (atlas_memory_read (again, address + 32 * KIB, bytes, sizeof bytes));
  g_assert_false (atlas_memory_read (again, G_MAXUINT64 - 4, bytes, 8));
  unmap_alone (place, 64 * KIB);
}

static void
test_thread_stacks (void)
{
  guint8 *own = map_alone (256 * KIB);
  guint8 *large = map_alone (4 * MIB);
  Worker workers[] = {
    { .name = "blocked" },
    { .name = "busy", .busy = TRUE },
    { .name = "small", .size = 64 * KIB },
    { .name = "own mapping", .stack = own, .size = 256 * KIB },
    { .name = "inside", .stack = large + MIB, .size = 256 * KIB },
  };

  if (skip_without_memory ())
    return;
  for (guint i = 0; i < G_N_ELEMENTS (workers); i++)
    start (&workers[i]);
  g_autoptr (AtlasSnapshot) snapshot = scan_self ();
  for (guint i = 0; i < 4; i++)
    {
      const AtlasRegion *region = region_of (snapshot, workers[i].local);
      g_autofree char *details =
        g_strdup_printf ("Thread ID: %d (%s)", workers[i].tid, workers[i].name);
      g_assert_cmpint (region->type, ==, ATLAS_TYPE_STACK);
      g_assert_cmpuint (region->owner, ==, (guint)workers[i].tid);
      g_assert_cmpstr (atlas_snapshot_get_string (snapshot, region->details), ==, details);
      g_assert_cmpint (region->guess, ==, 0);
    }
  const AtlasRegion *inside = region_of (snapshot, workers[4].local);
  g_assert_cmpint (inside->type, ==, ATLAS_TYPE_PRIVATE);
  g_assert_cmpuint (inside->owner, ==, 0);
  assert_text (snapshot, inside->reason, "(inside) lies in it at");
  stop (workers, G_N_ELEMENTS (workers));
  unmap_alone (own, 256 * KIB);
  unmap_alone (large, 4 * MIB);
}

/* Two stacks side by side in one mapping that is full with them. */
static void
test_merged_stacks (void)
{
  guint8 *place = map_alone (512 * KIB);
  Worker workers[] = {
    { .name = "lower", .stack = place, .size = 256 * KIB },
    { .name = "upper", .stack = place + 256 * KIB, .size = 256 * KIB },
  };

  if (skip_without_memory ())
    return;
  start (&workers[0]);
  start (&workers[1]);
  g_autoptr (AtlasSnapshot) snapshot = scan_self ();
  const AtlasRegion *region = region_of (snapshot, place);
  g_assert_cmpint (region->type, ==, ATLAS_TYPE_STACK);
  g_assert_cmpuint (region->owner, ==, 0);
  assert_text (snapshot, region->details, "(lower)");
  assert_text (snapshot, region->details, "(upper)");
  stop (workers, 2);
  unmap_alone (place, 512 * KIB);
}

static gboolean
skip_without_glibc (void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || CLANG_SANITIZES
  g_test_skip ("a sanitizer replaces malloc");
  return TRUE;
#elif !defined(__GLIBC__)
  g_test_skip ("the C library is not glibc");
  return TRUE;
#else
  return skip_without_memory ();
#endif
}

/* glibc keeps the stack of a thread that has ended. */
static void
test_unused_stack (void)
{
  Worker worker = { .name = "ended" };

  if (skip_without_glibc ())
    return;
  start (&worker);
  gpointer local = worker.local;
  stop (&worker, 1);
  g_autoptr (AtlasSnapshot) snapshot = scan_self ();
  const AtlasRegion *region = region_of (snapshot, local);
  g_assert_cmpint (region->type, ==, ATLAS_TYPE_STACK);
  g_assert_cmpuint (region->owner, ==, 0);
  assert_text (snapshot, region->details, "not in use");
}

static void
test_heaps (void)
{
  Worker workers[] = {
    { .name = "first", .allocate = 1000 },
    { .name = "second", .allocate = 1000 },
  };

  if (skip_without_glibc ())
    return;
  start (&workers[0]);
  start (&workers[1]);
  guint8 *big = malloc (3 * MIB);
  memset (big, 1, 3 * MIB);

  g_autoptr (AtlasSnapshot) snapshot = scan_self ();
  const AtlasRegion *first = region_of (snapshot, workers[0].block);
  const AtlasRegion *second = region_of (snapshot, workers[1].block);
  const AtlasRegion *chunk = region_of (snapshot, big);
  g_assert_cmpint (first->type, ==, ATLAS_TYPE_HEAP);
  g_assert_cmpint (second->type, ==, ATLAS_TYPE_HEAP);
  g_assert_cmpuint (first->owner, >=, 1);
  g_assert_cmpuint (second->owner, >=, 1);
  assert_text (snapshot, first->details, "Heap ID: ");
  g_assert_cmpint (first->guess, ==, 0);
  g_assert_cmpint (chunk->type, ==, ATLAS_TYPE_HEAP);
  assert_text (snapshot, chunk->details, "large blocks of malloc");
  free (big);
  stop (workers, 2);
}

/* What only looks a little like something stays private memory. */
static void
test_forged (void)
{
  guint8 *place = map_alone (MIB);
  guint64 *words = (guint64 *)(gpointer)place;

  if (skip_without_glibc ())
    return;
  memset (place, 0x5a, MIB);
  words[1] = (2 * MIB) | 2; /* a chunk that is larger than its mapping */
  {
    g_autoptr (AtlasSnapshot) snapshot = scan_self ();
    g_assert_cmpint (region_of (snapshot, place)->type, ==, ATLAS_TYPE_PRIVATE);
  }
  words[0] = 0;
  words[1] = (64 * KIB) | 6; /* flags that malloc never sets together */
  {
    g_autoptr (AtlasSnapshot) snapshot = scan_self ();
    g_assert_cmpint (region_of (snapshot, place)->type, ==, ATLAS_TYPE_PRIVATE);
  }
  words[1] = (64 * KIB) | 2; /* one good chunk in a mapping full of something else */
  {
    g_autoptr (AtlasSnapshot) snapshot = scan_self ();
    g_assert_cmpint (region_of (snapshot, place)->type, ==, ATLAS_TYPE_PRIVATE);
  }
  words[1] = MIB | 2; /* one that fills it */
  {
    g_autoptr (AtlasSnapshot) snapshot = scan_self ();
    g_assert_cmpint (region_of (snapshot, place)->type, ==, ATLAS_TYPE_HEAP);
  }
  unmap_alone (place, MIB);
}

static void
test_images (void)
{
  g_autoptr (AtlasSnapshot) snapshot = scan_self ();
  const AtlasRegion *program = region_of (snapshot, (gconstpointer)(guintptr)test_images);
  const AtlasRegion *data = region_of (snapshot, &ending);
  gint index = atlas_snapshot_find_block (snapshot, (guint64)(guintptr)test_images);
  const AtlasBlock *code = atlas_snapshot_get_block (snapshot, (guint)index);

  g_assert_cmpint (program->type, ==, ATLAS_TYPE_IMAGE);
  g_assert_true (program == data);
  g_assert_cmpint (program->guess, ==, 0);
  assert_text (snapshot, program->reason, "the program itself");
  assert_text (snapshot, code->label, ".text");
  g_assert_cmpint (region_of (snapshot, (gconstpointer)(guintptr)strlen)->type, ==,
                   ATLAS_TYPE_IMAGE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scan/classify/live/memory", test_memory);
  g_test_add_func ("/scan/classify/live/images", test_images);
  g_test_add_func ("/scan/classify/live/thread-stacks", test_thread_stacks);
  g_test_add_func ("/scan/classify/live/merged-stacks", test_merged_stacks);
  g_test_add_func ("/scan/classify/live/unused-stack", test_unused_stack);
  g_test_add_func ("/scan/classify/live/heaps", test_heaps);
  g_test_add_func ("/scan/classify/live/forged", test_forged);
  return g_test_run ();
}
