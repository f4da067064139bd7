/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "cli/cli.h"
int
atlas_cli_main (int argc, char **argv, AtlasOpenWindow open_window)
{
  return 0;
}
