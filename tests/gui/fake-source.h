/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/source.h"

/* A source whose processes are made by the test; it can list and nothing else. */
#define FAKE_TYPE_SOURCE (fake_source_get_type ())
G_DECLARE_FINAL_TYPE (FakeSource, fake_source, FAKE, SOURCE, GObject)

FakeSource *fake_source_new (void);

/* A process with plausible facts; pid names it. */
AtlasProcess *fake_process (gint pid, const char *name, const char *user, guint64 private_bytes);

/* What the next list gives: @processes (transfer full) (element-type AtlasProcess), or @message. */
void fake_source_set_processes (FakeSource *source, GPtrArray *processes);
void fake_source_set_failure (FakeSource *source, const char *message);

/* How many times the list was asked for. */
guint fake_source_get_n_lists (FakeSource *source);
