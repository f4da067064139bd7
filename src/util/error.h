/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AtlasError:
 * The expected failures. Every message names the process or file and says what to do about it.
 */
typedef enum
{
  ATLAS_ERROR_GONE,        /* the process has ended, or another one has its pid now */
  ATLAS_ERROR_PERMISSION,  /* the kernel refuses: a right is missing */
  ATLAS_ERROR_FORMAT,      /* the data is damaged or not of the expected form */
  ATLAS_ERROR_VERSION,     /* written by a newer program, in a form this one does not know */
  ATLAS_ERROR_LIMIT,       /* larger than the stated limit */
  ATLAS_ERROR_CANCELLED,   /* stopped by the user */
  ATLAS_ERROR_NOT_FOUND,   /* no such process, file or snapshot */
  ATLAS_ERROR_UNSUPPORTED, /* this kernel, or this kind of process, has no such thing */
  ATLAS_ERROR_IO,          /* reading or writing failed: disk full, broken pipe, ... */
  ATLAS_ERROR_USAGE,       /* the command line is wrong */
} AtlasError;

#define ATLAS_ERROR (atlas_error_quark ())

/**
 * atlas_error_quark:
 * Returns the one error domain of the program.
 */
GQuark atlas_error_quark (void);

/**
 * atlas_error_from_errno:
 * Returns the code that says what @saved_errno means for somebody who reads a process: ENOENT and
 * ESRCH are GONE, EACCES and EPERM are PERMISSION, everything unexpected is IO.
 */
AtlasError atlas_error_from_errno (int saved_errno);

/**
 * atlas_set_error_if_cancelled:
 * Returns TRUE, with @error set to ATLAS_ERROR_CANCELLED, when @cancelled is TRUE; a caller passes
 * g_cancellable_is_cancelled().
 */
gboolean atlas_set_error_if_cancelled (gboolean cancelled, GError **error);

G_END_DECLS
