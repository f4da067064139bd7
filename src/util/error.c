/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The one error domain.
 */

#include "config.h"

#include "util/error.h"

#include <errno.h>
#include <glib/gi18n.h>

G_DEFINE_QUARK (atlas - error - quark, atlas_error)

AtlasError
atlas_error_from_errno (int saved_errno)
{
  switch (saved_errno)
    {
    case ENOENT:
    case ESRCH:
      return ATLAS_ERROR_GONE;
    case EACCES:
    case EPERM:
      return ATLAS_ERROR_PERMISSION;
    case ENOSYS:
    case EOPNOTSUPP:
      return ATLAS_ERROR_UNSUPPORTED;
    default:
      return ATLAS_ERROR_IO;
    }
}

gboolean
atlas_set_error_if_cancelled (gboolean cancelled, GError **error)
{
  if (cancelled)
    g_set_error_literal (error, ATLAS_ERROR, ATLAS_ERROR_CANCELLED, _ ("Cancelled"));
  return cancelled;
}
