/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/cli.h"
#include "cli/option.h"

G_BEGIN_DECLS

/**
 * AtlasCommand:
 * One row of the table of verbs, a file each.
 */
struct _AtlasCommand
{
  const char *name;                         /* "list" */
  const char *synopsis;                     /* "list [--format=FORMAT]" */
  const char *help;                         /* English, for _() */
  int (*run) (const AtlasOptions *options); /* returns an AtlasExit */
};

/** atlas_command_get_all: Returns: (transfer none): the table; its length in @out_n. */
const AtlasCommand *atlas_command_get_all (guint *out_n);

/** atlas_command_list: mematlas list: writes the table of processes to stdout. */
int atlas_command_list (const AtlasOptions *options);

/** atlas_command_scan: mematlas -p PID|NAME OUTPUT: scans a process and saves what was found. */
int atlas_command_scan (const AtlasOptions *options);

/** atlas_command_convert: mematlas -o FILE OUTPUT: writes a saved file in another format. */
int atlas_command_convert (const AtlasOptions *options);

/** atlas_command_window: opens a window on what the options ask for. */
int atlas_command_window (const AtlasOptions *options, AtlasOpenWindow open_window);

G_END_DECLS
