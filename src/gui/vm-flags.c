/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the flags of a block mean, in words. Static data, any thread.
 */

#include "config.h"

#include "gui/vm-flags.h"

#include <glib/gi18n.h>
#include <string.h>

static const struct
{
  char flag[3];
  const char *help;
} flags[] = {
  { "rd", N_ ("may be read") },
  { "wr", N_ ("may be written") },
  { "ex", N_ ("may be executed") },
  { "sh", N_ ("shared: writes are seen by others") },
  { "mr", N_ ("reading may be allowed later") },
  { "mw", N_ ("writing may be allowed later") },
  { "me", N_ ("executing may be allowed later") },
  { "ms", N_ ("sharing may be allowed later") },
  { "gd", N_ ("grows downwards, as a stack does") },
  { "pf", N_ ("pages of a device, without page structures") },
  { "lo", N_ ("locked in memory") },
  { "io", N_ ("memory of a device") },
  { "sr", N_ ("will be read in sequence") },
  { "rr", N_ ("will be read at random") },
  { "dc", N_ ("not given to a child at fork") },
  { "de", N_ ("may not be made larger") },
  { "ac", N_ ("charged to the commit limit") },
  { "nr", N_ ("exempt from the commit charge") },
  { "ht", N_ ("huge pages of hugetlbfs") },
  { "sf", N_ ("page faults wait for the file system") },
  { "ar", N_ ("flag of the architecture") },
  { "wf", N_ ("wiped in a child at fork") },
  { "dd", N_ ("left out of core dumps") },
  { "sd", N_ ("written to since the marks were cleared") },
  { "mm", N_ ("may hold pages of several kinds") },
  { "hg", N_ ("transparent huge pages wanted") },
  { "nh", N_ ("transparent huge pages refused") },
  { "mg", N_ ("equal pages may be merged (KSM)") },
  { "bt", N_ ("guarded branches (arm64)") },
  { "mt", N_ ("memory tags (arm64)") },
  { "um", N_ ("missing pages reported to userfaultfd") },
  { "uw", N_ ("writes reported to userfaultfd") },
  { "ui", N_ ("minor faults reported to userfaultfd") },
  { "ss", N_ ("shadow stack") },
  { "sl", N_ ("sealed: may not be changed any more") },
  { "dp", N_ ("dropped when memory is short") },
  { "lf", N_ ("locked as soon as a page is touched") },
};

const char *
atlas_vm_flag_get_help (const char *flag, gsize length)
{
  if (length != 2)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    if (memcmp (flags[i].flag, flag, 2) == 0)
      return _ (flags[i].help);
  return NULL;
}

char *
atlas_vm_flags_dup_help (const char *text)
{
  GString *help = g_string_new (NULL);

  while (*text != '\0')
    {
      gsize length = strcspn (text, " ");
      const char *meaning = atlas_vm_flag_get_help (text, length);

      if (length > 0)
        {
          if (help->len > 0)
            g_string_append_c (help, '\n');
          g_string_append_len (help, text, length);
          g_string_append_printf (help, "  %s", meaning != NULL ? meaning : _ ("not known here"));
        }
      text += length;
      text += strspn (text, " ");
    }
  return g_string_free (help, FALSE);
}
