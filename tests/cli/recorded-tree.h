/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * A /proc tree of a few small processes, written below a temporary directory:
 *
 *   100 worker   "/usr/bin/worker --name alpha", readable, the largest working set
 *   110 partial  its smaps is missing: a scan is partial
 *   200 worker2  "/usr/bin/worker2 needle"
 *   300 other    "/usr/bin/other /srv/needle.py"
 *   400 od"d,\n  a name with a quote, a comma and a line feed
 *   2   kthreadd a kernel thread
 */

/* Returns the directory; recorded_tree_free() takes it. */
char *recorded_tree_new (void);

/* Removes the directory and everything in it. */
void recorded_tree_free (char *directory);

/* Removes @directory and everything in it, whatever it is. */
void remove_tree (const char *directory);

G_END_DECLS
