/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/source.h"

G_BEGIN_DECLS

/* Exit statuses of the program. */
typedef enum
{
  ATLAS_EXIT_OK = 0,
  ATLAS_EXIT_FAILURE = 1,
  ATLAS_EXIT_USAGE = 2,
  ATLAS_EXIT_PARTIAL = 3,
} AtlasExit;

/**
 * AtlasWindowRequest:
 * What the command line asks a window to show first; all empty: the process selection.
 */
typedef struct
{
  AtlasSource *source;
  gint pid;                 /* show this process; 0: none */
  const char *file;         /* open this file; NULL: none */
  const char *program_name; /* argv[0] */
} AtlasWindowRequest;

/** AtlasOpenWindow: Runs the window until it is closed and returns the exit status. */
typedef int (*AtlasOpenWindow) (const AtlasWindowRequest *request);

/**
 * atlas_cli_main:
 * @open_window: (nullable): NULL where the program was built without a window
 *
 * The whole command line: parses @argv, runs a verb or opens the window. Returns the exit status.
 */
int atlas_cli_main (int argc, char **argv, AtlasOpenWindow open_window);

/**
 * atlas_cli_get_help:
 * Returns: (transfer none): the text of --help in the user's language, ending with a line feed.
 */
const char *atlas_cli_get_help (void);

G_END_DECLS
