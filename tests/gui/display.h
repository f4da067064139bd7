/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <stdlib.h>

/* Begins a test that needs a display: like gtk_test_init(), but without a display the program says
 * so in TAP and ends, where GTK would abort. */
static inline void
display_test_init (int *argc, char ***argv)
{
  if (g_getenv ("DISPLAY") == NULL && g_getenv ("WAYLAND_DISPLAY") == NULL)
    {
      g_print ("1..0 # SKIP no display\n");
      exit (EXIT_SUCCESS);
    }
  gtk_test_init (argc, argv, NULL);
}
