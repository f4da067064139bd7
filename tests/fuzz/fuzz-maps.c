/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One line of maps.
 */

#include "config.h"

#include "scan/maps-line.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char *text = (const char *)data;
  AtlasMapsLine line;

  if (!atlas_maps_line_parse (text, text + size, &line))
    return 0;
  g_assert (line.start < line.end);
  if (line.path != NULL)
    {
      g_autoptr (AtlasStringPool) pool = atlas_string_pool_new ();
      g_assert (line.path + line.path_length == text + size);
      atlas_maps_path_intern (pool, line.path, line.path_length);
    }
  return 0;
}
