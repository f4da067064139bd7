/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/source.h"

G_BEGIN_DECLS

typedef struct _AtlasCommand AtlasCommand;

/**
 * AtlasOptions:
 * What the command line says; strings are borrowed from argv.
 */
typedef struct
{
  const char *program_name;    /* argv[0] */
  const char *process;         /* -p: a pid, or text to look for; NULL */
  const char *input;           /* -o, or a file named alone; NULL */
  const char *output;          /* OUTPUT; NULL: open a window */
  const char *format;          /* --format; NULL: by the name of OUTPUT */
  const char *proc_root;       /* --proc; NULL: /proc */
  gboolean input_is_word;      /* input is a word that no option announced */
  gboolean largest;            /* --largest */
  gboolean numa;               /* --numa */
  gboolean help;               /* --help */
  gboolean version;            /* --version */
  const AtlasCommand *command; /* a verb; NULL: what the options ask for */
} AtlasOptions;

/**
 * AtlasOption:
 * One row of the table of options: --help, the parser, the manual page and the completion are made
 * from it or checked against it.
 */
typedef struct
{
  const char *name;     /* "--format"; or "-64", which has no long form */
  const char *letter;   /* "-p"; NULL */
  const char *argument; /* English, for _(): "PID|NAME"; NULL where it takes none */
  const char *help;     /* English, for _() */
  gsize field;          /* offset in AtlasOptions of its string or gboolean */
} AtlasOption;

/** atlas_option_get_all: Returns: (transfer none): the table; its length in @out_n. */
const AtlasOption *atlas_option_get_all (guint *out_n);

/**
 * atlas_options_parse:
 * Reads @argv into @out_options. ATLAS_ERROR_USAGE where it makes no sense.
 */
gboolean atlas_options_parse (int argc, char **argv, AtlasOptions *out_options, GError **error);

G_END_DECLS
