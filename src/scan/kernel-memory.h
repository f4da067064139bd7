/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/snapshot-builder.h"
#include "scan/procfs.h"

G_BEGIN_DECLS

/**
 * atlas_kernel_stack_size:
 * @meminfo, @loadavg: texts of these files
 * @out_kernel_stack: bytes, KernelStack of meminfo
 * @out_n_tasks: all tasks of the machine, from loadavg
 *
 * Returns the bytes of one kernel stack, measured: what all stacks take divided by the number of
 * tasks, as a power of two; 0 where the quotient is not near one (a container with files of its
 * own).
 */
guint64 atlas_kernel_stack_size (const char *meminfo, gsize meminfo_length, const char *loadavg,
                                 gsize loadavg_length, guint64 *out_kernel_stack,
                                 guint64 *out_n_tasks);

/**
 * atlas_kernel_memory_add:
 * Appends the regions of kernel memory that exists because of @pid: page tables, kernel stacks. To
 * be called after all other regions.
 */
void atlas_kernel_memory_add (AtlasSnapshotBuilder *builder, AtlasProcfs *procfs, gint pid,
                              guint n_threads);

G_END_DECLS
