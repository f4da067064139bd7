/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a run of the program left. */
typedef struct
{
  int status; /* exit status; -1: ended by a signal */
  char *out;
  char *err;
  gsize out_length;
} Run;

void run_clear (Run *run);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

/*
 * Runs the program that the environment variable MEMATLAS names with the arguments that follow, up
 * to NULL; without a display, in the locale C.UTF-8. @run is cleared first.
 */
void run_program (Run *run, ...) G_GNUC_NULL_TERMINATED;

/* The same in the shell: @command finds the program as "$MEMATLAS". */
void run_shell (Run *run, const char *command);

/* Fails, with everything the program said, unless it ended with @status. */
#define assert_status(run, expected)                                                               \
  G_STMT_START                                                                                     \
  {                                                                                                \
    if ((run)->status != (expected))                                                               \
      g_test_message ("stdout: %s\nstderr: %s", (run)->out, (run)->err);                           \
    g_assert_cmpint ((run)->status, ==, (expected));                                               \
  }                                                                                                \
  G_STMT_END

/* Fails, with the text, unless it holds @part. */
#define assert_holds(text, part)                                                                   \
  G_STMT_START                                                                                     \
  {                                                                                                \
    if (strstr ((text), (part)) == NULL)                                                           \
      g_test_message ("“%s” is not in: %s", (part), (text));                                       \
    g_assert_nonnull (strstr ((text), (part)));                                                    \
  }                                                                                                \
  G_STMT_END

G_END_DECLS
