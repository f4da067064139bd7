/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A library to be loaded with dlopen(): code, data and a megabyte that the file does not hold.
 */

#include <stddef.h>

char *plugin_get_bss (size_t *out_size);

static char zeros[1024 * 1024];
int plugin_data[4096] = { 1, 2, 3 };

char *
plugin_get_bss (size_t *out_size)
{
  *out_size = sizeof zeros;
  return zeros;
}
