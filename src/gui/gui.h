/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The one header of gui/ that others include; it does not need gtk.h. */

#include "cli/cli.h"

/** atlas_gui_run: An AtlasOpenWindow: runs the GtkApplication. */
int atlas_gui_run (const AtlasWindowRequest *request);
