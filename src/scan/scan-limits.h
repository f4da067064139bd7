/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The limits of everything that is read from /proc. What is larger gives ATLAS_ERROR_LIMIT or,
 * where the rest is still useful, an entry in the list of what is missing; nothing is cut in
 * silence. */

#define ATLAS_LIMIT_LINE       (64 * 1024)       /* bytes in a line of maps, smaps, numa_maps */
#define ATLAS_LIMIT_BLOCKS     (4 * 1024 * 1024) /* VMAs; the kernel's default is 65,530 */
#define ATLAS_LIMIT_SMALL_FILE (1024 * 1024)     /* bytes in stat, status, cgroup, ... */
#define ATLAS_LIMIT_COMMAND_LINE                                                                   \
  (8 * 1024 * 1024)                             /* bytes in cmdline; the kernel's limit is 6 MiB */
#define ATLAS_LIMIT_THREADS   (4 * 1024 * 1024) /* the kernel's largest pid_max */
#define ATLAS_LIMIT_VM_FLAGS  512               /* bytes in the text of VmFlags */
#define ATLAS_LIMIT_NUMA_MAPS (1024u * 1024 * 1024) /* bytes */
