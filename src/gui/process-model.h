/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/process.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum
{
  ATLAS_PROCESS_COLUMN_NAME,
  ATLAS_PROCESS_COLUMN_PID,
  ATLAS_PROCESS_COLUMN_USER,
  ATLAS_PROCESS_COLUMN_PRIVATE,
  ATLAS_PROCESS_COLUMN_WORKING_SET,
  ATLAS_PROCESS_COLUMN_ARCHITECTURE,
  ATLAS_PROCESS_COLUMN_COMMAND_LINE,
  ATLAS_PROCESS_N_TEXT_COLUMNS,
  ATLAS_PROCESS_COLUMN_ICON = ATLAS_PROCESS_N_TEXT_COLUMNS, /* GIcon */
  ATLAS_PROCESS_COLUMN_READABLE,                            /* gboolean */
  ATLAS_PROCESS_COLUMN_LOCK,                                /* icon name where it is not */
  ATLAS_PROCESS_N_COLUMNS
} AtlasProcessColumn;

#define ATLAS_TYPE_PROCESS_MODEL (atlas_process_model_get_type ())
G_DECLARE_FINAL_TYPE (AtlasProcessModel, atlas_process_model, ATLAS, PROCESS_MODEL, GObject)

/**
 * AtlasProcessModel:
 * A GtkTreeModel (a list) and GtkTreeSortable over an array of processes, filtered and sorted here.
 * The sort ids are the text columns. A new array is taken as changes to the old one, so that a view
 * keeps its selection and its scroll position.
 */
AtlasProcessModel *atlas_process_model_new (void);

/* @processes: (transfer full) (element-type AtlasProcess). */
void atlas_process_model_take (AtlasProcessModel *model, GPtrArray *processes);

/* @text: (nullable): every word of it must occur in name, pid, user or command line. */
void atlas_process_model_set_filter (AtlasProcessModel *model, const char *text);

void atlas_process_model_set_show_kernel_threads (AtlasProcessModel *model, gboolean show);

guint atlas_process_model_get_length (AtlasProcessModel *model);

/* Returns: (transfer none) (nullable): valid until the model changes. */
const AtlasProcess *atlas_process_model_get (AtlasProcessModel *model, GtkTreeIter *iter);

G_END_DECLS
