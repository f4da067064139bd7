/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table of types: the one place for their names, meanings and colours.
 */

#include "config.h"

#include "core/type.h"

#include <glib/gi18n.h>

/* The hues are those that users of VMMap know; lightness and saturation are mended so that black
 * (light theme) and white (dark theme) text on them has a contrast of at least 4.5:1. */
static const AtlasTypeInfo types[ATLAS_N_TYPES] = {
  [ATLAS_TYPE_TOTAL] = { "total", N_ ("Total"), N_ ("The sum of all types below it, without Free."),
                         "#ECECEC", "#3A3A3A" },
  [ATLAS_TYPE_IMAGE] = { "image", N_ ("Image"),
                         N_ ("A program or library that the loader mapped: code, constants and "
                             "variables of an ELF file."),
                         "#DCC2F7", "#5B3A80" },
  [ATLAS_TYPE_PRIVATE] = { "private", N_ ("Private"),
                           N_ ("Anonymous private memory that no allocator or runtime is known to "
                               "own."),
                           "#F6EE8F", "#615A10" },
  [ATLAS_TYPE_SHAREABLE] = { "shareable", N_ ("Shareable"),
                             N_ ("Memory that other processes can map as well and that has swap "
                                 "behind it: shared anonymous memory, memfd, System V and POSIX "
                                 "shared memory, device buffers."),
                             "#DCEBFA", "#2E4A63" },
  [ATLAS_TYPE_MAPPED_FILE] = { "mapped-file", N_ ("Mapped File"),
                               N_ ("A file mapped into memory as data."), "#B3D5F7", "#1F4E80" },
  [ATLAS_TYPE_HEAP] = { "heap", N_ ("Heap"),
                        N_ ("Memory of a native allocator: malloc of glibc or musl, jemalloc, "
                            "tcmalloc, mimalloc and others."),
                        "#FBB592", "#8A3A12" },
  [ATLAS_TYPE_MANAGED_HEAP] = { "managed-heap", N_ ("Managed Heap"),
                                N_ ("Memory of a garbage-collected runtime: Java, Go, Node.js, "
                                    ".NET, Python, Ruby and others."),
                                "#DBE79A", "#4C5B14" },
  [ATLAS_TYPE_STACK] = { "stack", N_ ("Stack"), N_ ("The stack of a thread, with its guard pages."),
                         "#FBD2A0", "#7A4A10" },
  [ATLAS_TYPE_SYSTEM] = { "system", N_ ("System"),
                          N_ (
                            "Memory of the kernel that exists because of the process (page "
                            "tables, kernel stacks), and the kernel's own mappings in it (vdso)."),
                          "#DDB9B9", "#6B3A3A" },
  [ATLAS_TYPE_FREE] = { "free", N_ ("Free"), N_ ("Addresses that nothing uses."), "#FFFFFF",
                        "#242424" },
};

const AtlasTypeInfo *
atlas_type_get_info (AtlasType type)
{
  g_return_val_if_fail (type < ATLAS_N_TYPES, NULL);
  return &types[type];
}

gboolean
atlas_type_from_key (const char *key, AtlasType *out_type)
{
  for (guint i = 0; i < ATLAS_N_TYPES; i++)
    if (g_str_equal (types[i].key, key))
      {
        *out_type = i;
        return TRUE;
      }
  return FALSE;
}
