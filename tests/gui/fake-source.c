/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An AtlasSource for tests of windows. Any thread may list; the test changes it from its own.
 */

#include "config.h"

#include "fake-source.h"

#include "util/error.h"

struct _FakeSource
{
  GObject parent;

  GMutex lock;
  GPtrArray *processes;
  char *failure;
  guint n_lists;
};

static void fake_source_interface_init (AtlasSourceInterface *iface);

G_DEFINE_TYPE_WITH_CODE (FakeSource, fake_source, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (ATLAS_TYPE_SOURCE, fake_source_interface_init))

static GPtrArray *
fake_source_list (AtlasSource *source, GCancellable *cancellable, GError **error)
{
  FakeSource *self = FAKE_SOURCE (source);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GPtrArray *copy;

  self->n_lists++;
  if (self->failure != NULL)
    {
      g_set_error_literal (error, ATLAS_ERROR, ATLAS_ERROR_IO, self->failure);
      return NULL;
    }
  copy = g_ptr_array_new_with_free_func ((GDestroyNotify)atlas_process_free);
  for (guint i = 0; self->processes != NULL && i < self->processes->len; i++)
    g_ptr_array_add (copy, atlas_process_copy (g_ptr_array_index (self->processes, i)));
  return copy;
}

static void
fake_source_interface_init (AtlasSourceInterface *iface)
{
  iface->list = fake_source_list;
}

static void
fake_source_finalize (GObject *object)
{
  FakeSource *self = FAKE_SOURCE (object);

  g_clear_pointer (&self->processes, g_ptr_array_unref);
  g_free (self->failure);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (fake_source_parent_class)->finalize (object);
}

static void
fake_source_class_init (FakeSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_source_finalize;
}

static void
fake_source_init (FakeSource *self)
{
  g_mutex_init (&self->lock);
}

FakeSource *
fake_source_new (void)
{
  return g_object_new (FAKE_TYPE_SOURCE, NULL);
}

AtlasProcess *
fake_process (gint pid, const char *name, const char *user, guint64 private_bytes)
{
  AtlasProcess *process = atlas_process_new ();

  process->pid = pid;
  process->start_ticks = (guint64)pid * 10;
  process->uid = 1000;
  process->name = g_strdup (name);
  process->user = g_strdup (user);
  process->command_line = g_strdup_printf ("/opt/%s --serve", name);
  process->executable = g_strdup_printf ("/opt/%s", name);
  process->architecture = g_strdup ("x86-64");
  process->private_bytes = private_bytes;
  process->working_set = private_bytes;
  return process;
}

void
fake_source_set_processes (FakeSource *self, GPtrArray *processes)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_clear_pointer (&self->processes, g_ptr_array_unref);
  g_clear_pointer (&self->failure, g_free);
  self->processes = processes;
}

void
fake_source_set_failure (FakeSource *self, const char *message)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_free (self->failure);
  self->failure = g_strdup (message);
}

guint
fake_source_get_n_lists (FakeSource *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->n_lists;
}
