/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/process.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Whether every one of @words (case folded; NULL: none) is in name, pid, user or command line. */
gboolean atlas_process_has_words (const AtlasProcess *process, char **words);

/* Order by @column (AtlasProcessColumn), then by pid; what is unknown comes last in both orders. */
int atlas_process_compare (const AtlasProcess *a, const AtlasProcess *b, int column,
                           GtkSortType order);

G_END_DECLS
