/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The definitions of docs/semantics.md, one by one.
 */

#include "config.h"

#include "core/block.h"

#define R       ATLAS_PROTECTION_READ
#define W       ATLAS_PROTECTION_WRITE
#define S       ATLAS_PROTECTION_SHARED
#define SIZE    0x10000
#define K       ATLAS_VM_KNOWN
#define F(name) figures.value[ATLAS_FIGURE_##name]
#define C(name) counters.value[ATLAS_COUNTER_##name]

static AtlasFigures figures;

static AtlasCounters
none (void)
{
  return (AtlasCounters){ { 0 } };
}

static void
derive (guint8 protection, guint16 traits, AtlasCounters counters)
{
  AtlasBlock block = {
    .start = 0x1000, .end = 0x1000 + SIZE, .protection = protection, .traits = traits
  };
  atlas_figures_of_block (&block, &counters, &figures);
}

static void
test_committed (void)
{
  AtlasCounters counters = none ();
  C (RSS) = 0x2000;
  C (SWAP) = 0x1000;

  derive (R | W, K | ATLAS_VM_ACCOUNTED, counters);
  g_assert_cmpuint (F (COMMITTED), ==, SIZE);
  derive (R, K, counters); /* a read-only file */
  g_assert_cmpuint (F (COMMITTED), ==, SIZE);
  derive (0, K, counters); /* reserved */
  g_assert_cmpuint (F (COMMITTED), ==, 0x3000);
  derive (0, K | ATLAS_VM_ACCOUNTED, counters); /* made inaccessible later: stays charged */
  g_assert_cmpuint (F (COMMITTED), ==, SIZE);
  derive (R | W, K | ATLAS_VM_NO_RESERVE, counters);
  g_assert_cmpuint (F (COMMITTED), ==, 0x3000);
  derive (R | W | S, K | ATLAS_VM_NO_RESERVE, counters); /* exempt, but shared */
  g_assert_cmpuint (F (COMMITTED), ==, SIZE);
}

static void
test_private (void)
{
  AtlasCounters counters = none ();
  C (RSS) = 0x3000;
  C (ANONYMOUS) = 0x2000;
  C (SWAP) = 0x1000;

  derive (R | W, K | ATLAS_VM_ACCOUNTED, counters);
  g_assert_cmpuint (F (PRIVATE), ==, SIZE);
  derive (R, K, counters);
  g_assert_cmpuint (F (PRIVATE), ==, 0x3000);
  derive (R | W | S, K | ATLAS_VM_ACCOUNTED, counters);
  g_assert_cmpuint (F (PRIVATE), ==, 0);
}

static void
test_working_set (void)
{
  AtlasCounters counters = none ();
  C (RSS) = 0x8000;
  C (PRIVATE_WS) = 0x3000;
  C (SHARED_CLEAN) = 0x1000;
  C (SHARED_DIRTY) = 0x2000;
  C (PRIVATE_DIRTY) = 0x4000;
  C (LOCKED) = 0x800; /* divided by sharers: must not be used */

  derive (R | W, K, counters);
  g_assert_cmpuint (F (TOTAL_WS), ==, 0x8000);
  g_assert_cmpuint (F (PRIVATE_WS), ==, 0x3000);
  g_assert_cmpuint (F (SHAREABLE_WS), ==, 0x5000);
  g_assert_cmpuint (F (SHARED_WS), ==, 0x3000);
  g_assert_cmpuint (F (LOCKED_WS), ==, 0);
  g_assert_cmpuint (F (DIRTY), ==, 0x6000);
  derive (R | W, K | ATLAS_VM_LOCKED, counters);
  g_assert_cmpuint (F (LOCKED_WS), ==, 0x8000);
}

static void
test_hugetlb (void)
{
  AtlasCounters counters = none ();
  C (PRIVATE_HUGETLB) = 0x4000;
  C (SHARED_HUGETLB) = 0x2000;

  derive (R | W, K | ATLAS_VM_HUGETLB, counters);
  g_assert_cmpuint (F (TOTAL_WS), ==, 0x6000);
  g_assert_cmpuint (F (LOCKED_WS), ==, 0x6000);
  g_assert_cmpuint (F (SHARED_WS), ==, 0x2000);
  g_assert_cmpuint (F (HUGE), ==, 0x6000);

  /* A kernel that does not count them: unknown where there may be some, 0 where there cannot. */
  C (PRIVATE_HUGETLB) = C (SHARED_HUGETLB) = ATLAS_UNKNOWN;
  derive (R | W, K | ATLAS_VM_HUGETLB, counters);
  g_assert_cmpuint (F (TOTAL_WS), ==, ATLAS_UNKNOWN);
  derive (R | W, K, counters);
  g_assert_cmpuint (F (TOTAL_WS), ==, 0);
}

static void
test_unknown (void)
{
  AtlasCounters counters = none ();

  derive (R | W, 0, counters); /* no VmFlags */
  g_assert_cmpuint (F (COMMITTED), ==, ATLAS_UNKNOWN);
  g_assert_cmpuint (F (PRIVATE), ==, ATLAS_UNKNOWN);
  g_assert_cmpuint (F (LOCKED_WS), ==, ATLAS_UNKNOWN);
  C (PRIVATE_WS) = ATLAS_UNKNOWN;
  derive (R | W, K, counters);
  g_assert_cmpuint (F (PRIVATE_WS), ==, ATLAS_UNKNOWN);
  g_assert_cmpuint (F (SHAREABLE_WS), ==, ATLAS_UNKNOWN);

  AtlasFigures sum = { { 1, 2 } };
  AtlasFigures more = { { 5, ATLAS_UNKNOWN } };
  atlas_figures_add (&sum, &more);
  g_assert_cmpuint (sum.value[0], ==, 6);
  g_assert_cmpuint (sum.value[1], ==, ATLAS_UNKNOWN);

  /* What does not fit is not wrapped into a small figure. */
  g_assert_cmpuint (atlas_sum (G_MAXUINT64 - 1, 2), ==, ATLAS_UNKNOWN);
  g_assert_cmpuint (atlas_sum (G_GUINT64_CONSTANT (1) << 63, 7), ==,
                    (G_GUINT64_CONSTANT (1) << 63) + 7);
}

static void
test_vm_flags (void)
{
  static const char text[] = "rd wr mr mw me lo gd ac nr zz";

  g_assert_cmpuint (atlas_vm_traits_parse (text, sizeof text - 1), ==,
                    ATLAS_VM_KNOWN | ATLAS_VM_LOCKED | ATLAS_VM_GROWS_DOWN | ATLAS_VM_ACCOUNTED |
                      ATLAS_VM_NO_RESERVE);
  g_assert_cmpuint (atlas_vm_traits_parse ("", 0), ==, ATLAS_VM_KNOWN);
  g_assert_cmpuint (atlas_vm_traits_parse ("xac a", 5), ==, ATLAS_VM_KNOWN);
}

static void
test_protection (void)
{
  char letters[5];

  g_assert_cmpstr (atlas_protection_get_text (0), ==, "No Access");
  g_assert_cmpstr (atlas_protection_get_text (R | W | S), ==, "Read/Write, Shared");
  g_assert_cmpstr (atlas_protection_get_letters (R | W, letters), ==, "rw-p");
  g_assert_cmpstr (atlas_protection_get_letters (ATLAS_PROTECTION_EXECUTE | S, letters), ==,
                   "--xs");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/figures/committed", test_committed);
  g_test_add_func ("/figures/private", test_private);
  g_test_add_func ("/figures/working-set", test_working_set);
  g_test_add_func ("/figures/hugetlb", test_hugetlb);
  g_test_add_func ("/figures/unknown", test_unknown);
  g_test_add_func ("/figures/vm-flags", test_vm_flags);
  g_test_add_func ("/figures/protection", test_protection);
  return g_test_run ();
}
