/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the two-letter flag @flag of VmFlags means, translated; NULL: not known. */
const char *atlas_vm_flag_get_help (const char *flag, gsize length);

/* @flags as the kernel writes them, each with its meaning on a line of its own. */
char *atlas_vm_flags_dup_help (const char *flags);

G_END_DECLS
