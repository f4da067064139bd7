/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The list of processes as a GtkTreeModel: owns the array of AtlasProcess and, over it, an array of
 * the visible ones in the order of the sort. An iterator holds the index of a row. Main thread.
 */

#include "config.h"

#include "gui/process-model.h"

#include "core/figures.h"
#include "gui/process-icon.h"
#include "gui/process-order.h"
#include "util/text.h"

#include <glib/gi18n.h>

struct _AtlasProcessModel
{
  GObject parent;

  GPtrArray *processes; /* of AtlasProcess, owned, by pid */
  GPtrArray *rows;      /* of AtlasProcess in processes: the visible ones, sorted */
  char **words;         /* filter, case folded; NULL: none */
  gboolean show_kernel_threads;
  int sort;
  GtkSortType order;
  int stamp;
};

static void atlas_process_model_tree_init (GtkTreeModelIface *iface);
static void atlas_process_model_sortable_init (GtkTreeSortableIface *iface);

G_DEFINE_TYPE_WITH_CODE (AtlasProcessModel, atlas_process_model, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (GTK_TYPE_TREE_MODEL, atlas_process_model_tree_init)
                           G_IMPLEMENT_INTERFACE (GTK_TYPE_TREE_SORTABLE,
                                                  atlas_process_model_sortable_init))

/* ---- Filter and order ---- */

static gboolean
process_passes (AtlasProcessModel *self, const AtlasProcess *process)
{
  return (!process->kernel_thread || self->show_kernel_threads) &&
         atlas_process_has_words (process, self->words);
}

static int
compare_processes (gconstpointer first, gconstpointer second, gpointer data)
{
  AtlasProcessModel *self = data;

  return atlas_process_compare (*(const AtlasProcess *const *)first,
                                *(const AtlasProcess *const *)second, self->sort, self->order);
}

/* ---- Changes ---- */

static gboolean
same_process (const AtlasProcess *a, const AtlasProcess *b)
{
  return a->pid == b->pid && a->start_ticks == b->start_ticks;
}

static gboolean
looks_same (const AtlasProcess *a, const AtlasProcess *b)
{
  return a->private_bytes == b->private_bytes && a->working_set == b->working_set &&
         g_strcmp0 (a->name, b->name) == 0 && g_strcmp0 (a->user, b->user) == 0 &&
         g_strcmp0 (a->architecture, b->architecture) == 0 &&
         g_strcmp0 (a->command_line, b->command_line) == 0 &&
         g_strcmp0 (a->executable, b->executable) == 0 &&
         g_strcmp0 (a->unreadable, b->unreadable) == 0;
}

static void
init_iter (AtlasProcessModel *self, GtkTreeIter *iter, guint index)
{
  iter->stamp = self->stamp;
  iter->user_data = GUINT_TO_POINTER (index);
}

static void
emit_reordered (AtlasProcessModel *self, GPtrArray *before)
{
  g_autoptr (GHashTable) places = g_hash_table_new (NULL, NULL);
  g_autofree int *order = g_new (int, MAX (before->len, 1));
  g_autoptr (GtkTreePath) root = gtk_tree_path_new ();
  gboolean moved = FALSE;

  for (guint i = 0; i < before->len; i++)
    g_hash_table_insert (places, g_ptr_array_index (before, i), GUINT_TO_POINTER (i));
  for (guint i = 0; i < self->rows->len; i++)
    {
      order[i] =
        (int)GPOINTER_TO_UINT (g_hash_table_lookup (places, g_ptr_array_index (self->rows, i)));
      moved |= order[i] != (int)i;
    }
  if (moved)
    gtk_tree_model_rows_reordered (GTK_TREE_MODEL (self), root, NULL, order);
}

static void
sort_rows (AtlasProcessModel *self)
{
  g_autoptr (GPtrArray) before = g_ptr_array_copy (self->rows, NULL, NULL);

  g_ptr_array_sort_with_data (self->rows, compare_processes, self);
  emit_reordered (self, before);
}

/* Turns the rows into those of @self->processes that pass the filter, told to views as the rows
 * that went, changed and came. The old rows must still be valid. */
static void
update_rows (AtlasProcessModel *self)
{
  g_autoptr (GHashTable) wanted = g_hash_table_new (NULL, NULL); /* pid → process, those to add */

  for (guint i = 0; i < self->processes->len; i++)
    {
      AtlasProcess *process = g_ptr_array_index (self->processes, i);

      if (process_passes (self, process))
        g_hash_table_insert (wanted, GINT_TO_POINTER (process->pid), process);
    }

  for (guint i = self->rows->len; i-- > 0;)
    {
      AtlasProcess *old = g_ptr_array_index (self->rows, i);
      AtlasProcess *new = g_hash_table_lookup (wanted, GINT_TO_POINTER (old->pid));
      g_autoptr (GtkTreePath) path = gtk_tree_path_new_from_indices ((int)i, -1);
      GtkTreeIter iter;

      if (new == NULL || !same_process (old, new))
        {
          g_ptr_array_remove_index (self->rows, i);
          gtk_tree_model_row_deleted (GTK_TREE_MODEL (self), path);
          continue;
        }
      g_hash_table_remove (wanted, GINT_TO_POINTER (old->pid));
      g_ptr_array_index (self->rows, i) = new;
      init_iter (self, &iter, i);
      if (new != old && !looks_same (old, new))
        gtk_tree_model_row_changed (GTK_TREE_MODEL (self), path, &iter);
    }

  for (guint i = 0; i < self->processes->len; i++)
    {
      AtlasProcess *process = g_ptr_array_index (self->processes, i);
      GtkTreeIter iter;

      if (g_hash_table_lookup (wanted, GINT_TO_POINTER (process->pid)) != process)
        continue;
      init_iter (self, &iter, self->rows->len);
      g_ptr_array_add (self->rows, process);
      g_autoptr (GtkTreePath) path = gtk_tree_path_new_from_indices ((int)self->rows->len - 1, -1);
      gtk_tree_model_row_inserted (GTK_TREE_MODEL (self), path, &iter);
    }
  sort_rows (self);
}

/* ---- GtkTreeModel ---- */

static GtkTreeModelFlags
atlas_process_model_get_flags (GtkTreeModel *model)
{
  return GTK_TREE_MODEL_LIST_ONLY;
}

static int
atlas_process_model_get_n_columns (GtkTreeModel *model)
{
  return ATLAS_PROCESS_N_COLUMNS;
}

static GType
atlas_process_model_get_column_type (GtkTreeModel *model, int column)
{
  switch (column)
    {
    case ATLAS_PROCESS_COLUMN_ICON:
      return G_TYPE_ICON;
    case ATLAS_PROCESS_COLUMN_READABLE:
      return G_TYPE_BOOLEAN;
    default:
      return G_TYPE_STRING;
    }
}

static gboolean
iter_nth (AtlasProcessModel *self, GtkTreeIter *iter, int index)
{
  if (index < 0 || index >= (int)self->rows->len)
    {
      iter->stamp = 0;
      return FALSE;
    }
  init_iter (self, iter, (guint)index);
  return TRUE;
}

static gboolean
atlas_process_model_get_iter (GtkTreeModel *model, GtkTreeIter *iter, GtkTreePath *path)
{
  if (gtk_tree_path_get_depth (path) != 1)
    return FALSE;
  return iter_nth (ATLAS_PROCESS_MODEL (model), iter, gtk_tree_path_get_indices (path)[0]);
}

static GtkTreePath *
atlas_process_model_get_path (GtkTreeModel *model, GtkTreeIter *iter)
{
  return gtk_tree_path_new_from_indices (GPOINTER_TO_INT (iter->user_data), -1);
}

static char *
dup_amount (guint64 bytes)
{
  return bytes == ATLAS_UNKNOWN ? g_strdup ("–") : atlas_size_dup_text (bytes, ATLAS_UNIT_KIB);
}

static void
atlas_process_model_get_value (GtkTreeModel *model, GtkTreeIter *iter, int column, GValue *value)
{
  const AtlasProcess *process = atlas_process_model_get (ATLAS_PROCESS_MODEL (model), iter);

  g_value_init (value, atlas_process_model_get_column_type (model, column));
  if (process == NULL)
    return;
  switch (column)
    {
    case ATLAS_PROCESS_COLUMN_NAME:
      g_value_take_string (value, atlas_bytes_dup_display (process->name ? process->name : ""));
      break;
    case ATLAS_PROCESS_COLUMN_PID:
      g_value_take_string (value, g_strdup_printf ("%d", process->pid));
      break;
    case ATLAS_PROCESS_COLUMN_USER:
      g_value_take_string (value, process->user != NULL ? atlas_bytes_dup_display (process->user)
                                  : process->uid != G_MAXUINT32
                                    ? g_strdup_printf ("%u", process->uid)
                                    : g_strdup ("–"));
      break;
    case ATLAS_PROCESS_COLUMN_PRIVATE:
      g_value_take_string (value, dup_amount (process->private_bytes));
      break;
    case ATLAS_PROCESS_COLUMN_WORKING_SET:
      g_value_take_string (value, dup_amount (process->working_set));
      break;
    case ATLAS_PROCESS_COLUMN_ARCHITECTURE:
      g_value_set_string (value, process->architecture != NULL ? process->architecture : "–");
      break;
    case ATLAS_PROCESS_COLUMN_COMMAND_LINE:
      g_value_take_string (
        value, atlas_bytes_dup_display (process->command_line ? process->command_line : ""));
      break;
    case ATLAS_PROCESS_COLUMN_ICON:
      g_value_set_object (value, atlas_process_icon_get (process));
      break;
    case ATLAS_PROCESS_COLUMN_READABLE:
      g_value_set_boolean (value, process->unreadable == NULL);
      break;
    case ATLAS_PROCESS_COLUMN_LOCK:
      g_value_set_static_string (value,
                                 process->unreadable != NULL ? "changes-prevent-symbolic" : NULL);
      break;
    default:
      g_return_if_reached ();
    }
}

static gboolean
atlas_process_model_iter_next (GtkTreeModel *model, GtkTreeIter *iter)
{
  return iter_nth (ATLAS_PROCESS_MODEL (model), iter, GPOINTER_TO_INT (iter->user_data) + 1);
}

static gboolean
atlas_process_model_iter_previous (GtkTreeModel *model, GtkTreeIter *iter)
{
  return iter_nth (ATLAS_PROCESS_MODEL (model), iter, GPOINTER_TO_INT (iter->user_data) - 1);
}

static gboolean
atlas_process_model_iter_children (GtkTreeModel *model, GtkTreeIter *iter, GtkTreeIter *parent)
{
  return parent == NULL && iter_nth (ATLAS_PROCESS_MODEL (model), iter, 0);
}

static gboolean
atlas_process_model_iter_has_child (GtkTreeModel *model, GtkTreeIter *iter)
{
  return FALSE;
}

static int
atlas_process_model_iter_n_children (GtkTreeModel *model, GtkTreeIter *iter)
{
  return iter == NULL ? (int)ATLAS_PROCESS_MODEL (model)->rows->len : 0;
}

static gboolean
atlas_process_model_iter_nth_child (GtkTreeModel *model, GtkTreeIter *iter, GtkTreeIter *parent,
                                    int n)
{
  return parent == NULL && iter_nth (ATLAS_PROCESS_MODEL (model), iter, n);
}

static gboolean
atlas_process_model_iter_parent (GtkTreeModel *model, GtkTreeIter *iter, GtkTreeIter *child)
{
  return FALSE;
}

static void
atlas_process_model_tree_init (GtkTreeModelIface *iface)
{
  iface->get_flags = atlas_process_model_get_flags;
  iface->get_n_columns = atlas_process_model_get_n_columns;
  iface->get_column_type = atlas_process_model_get_column_type;
  iface->get_iter = atlas_process_model_get_iter;
  iface->get_path = atlas_process_model_get_path;
  iface->get_value = atlas_process_model_get_value;
  iface->iter_next = atlas_process_model_iter_next;
  iface->iter_previous = atlas_process_model_iter_previous;
  iface->iter_children = atlas_process_model_iter_children;
  iface->iter_has_child = atlas_process_model_iter_has_child;
  iface->iter_n_children = atlas_process_model_iter_n_children;
  iface->iter_nth_child = atlas_process_model_iter_nth_child;
  iface->iter_parent = atlas_process_model_iter_parent;
}

/* ---- GtkTreeSortable: the header of a view sorts ---- */

static gboolean
atlas_process_model_get_sort_column_id (GtkTreeSortable *sortable, int *column, GtkSortType *order)
{
  AtlasProcessModel *self = ATLAS_PROCESS_MODEL (sortable);

  if (column != NULL)
    *column = self->sort;
  if (order != NULL)
    *order = self->order;
  return TRUE;
}

static void
atlas_process_model_set_sort_column_id (GtkTreeSortable *sortable, int column, GtkSortType order)
{
  AtlasProcessModel *self = ATLAS_PROCESS_MODEL (sortable);

  if (column < 0 || column >= ATLAS_PROCESS_N_TEXT_COLUMNS ||
      (column == self->sort && order == self->order))
    return;
  self->sort = column;
  self->order = order;
  gtk_tree_sortable_sort_column_changed (sortable);
  sort_rows (self);
}

static gboolean
atlas_process_model_has_default_sort_func (GtkTreeSortable *sortable)
{
  return FALSE;
}

static void
atlas_process_model_sortable_init (GtkTreeSortableIface *iface)
{
  iface->get_sort_column_id = atlas_process_model_get_sort_column_id;
  iface->set_sort_column_id = atlas_process_model_set_sort_column_id;
  iface->has_default_sort_func = atlas_process_model_has_default_sort_func;
}

/* ---- The object ---- */

static void
atlas_process_model_finalize (GObject *object)
{
  AtlasProcessModel *self = ATLAS_PROCESS_MODEL (object);

  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->processes);
  g_strfreev (self->words);
  G_OBJECT_CLASS (atlas_process_model_parent_class)->finalize (object);
}

static void
atlas_process_model_class_init (AtlasProcessModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = atlas_process_model_finalize;
}

static void
atlas_process_model_init (AtlasProcessModel *self)
{
  self->processes = g_ptr_array_new_with_free_func ((GDestroyNotify)atlas_process_free);
  self->rows = g_ptr_array_new ();
  self->sort = ATLAS_PROCESS_COLUMN_NAME;
  self->order = GTK_SORT_ASCENDING;
  self->stamp = g_random_int_range (1, G_MAXINT);
}

AtlasProcessModel *
atlas_process_model_new (void)
{
  return g_object_new (ATLAS_TYPE_PROCESS_MODEL, NULL);
}

void
atlas_process_model_take (AtlasProcessModel *self, GPtrArray *processes)
{
  /* The old rows point into the old array until they are told to be gone. */
  g_autoptr (GPtrArray) old = self->processes;

  self->processes = processes;
  update_rows (self);
}

void
atlas_process_model_set_filter (AtlasProcessModel *self, const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text != NULL ? text : "", -1);

  g_strfreev (self->words);
  self->words = g_strsplit_set (folded, " \t", -1);
  update_rows (self);
}

void
atlas_process_model_set_show_kernel_threads (AtlasProcessModel *self, gboolean show)
{
  self->show_kernel_threads = show;
  update_rows (self);
}

guint
atlas_process_model_get_length (AtlasProcessModel *self)
{
  return self->rows->len;
}

const AtlasProcess *
atlas_process_model_get (AtlasProcessModel *self, GtkTreeIter *iter)
{
  guint index = GPOINTER_TO_UINT (iter->user_data);

  g_return_val_if_fail (iter->stamp == self->stamp, NULL);
  return index < self->rows->len ? g_ptr_array_index (self->rows, index) : NULL;
}
