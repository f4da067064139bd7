/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "gui/gui.h"
int
atlas_gui_run (const AtlasWindowRequest *request)
{
  return 0;
}
