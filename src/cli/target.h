/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/option.h"

G_BEGIN_DECLS

/**
 * atlas_target_find:
 * @source: where to look
 *
 * Returns the pid of the process that -p or --largest of @options means, or 0 with NOT_FOUND in
 * @error. Where a text means several, they are listed on stderr. A process is never found by the
 * command line that looks for it: ourselves, sudo, a shell.
 */
gint atlas_target_find (AtlasSource *source, const AtlasOptions *options, GError **error);

G_END_DECLS
