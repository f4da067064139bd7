/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scan/scene.h"

G_BEGIN_DECLS

/* Each claims what it knows of the blocks that are still free; called from the table of rules. */

void atlas_recognise_images (AtlasScene *scene);        /* image.c */
void atlas_recognise_stacks (AtlasScene *scene);        /* stacks.c */
void atlas_recognise_unused_stacks (AtlasScene *scene); /* stacks.c */
void atlas_recognise_named_stacks (AtlasScene *scene);  /* named-stacks.c */
void atlas_recognise_main_thread (AtlasScene *scene);   /* stacks.c */
void atlas_recognise_brk (AtlasScene *scene);           /* heaps.c */
void atlas_recognise_arenas (AtlasScene *scene);        /* heaps.c */
void atlas_recognise_jemalloc (AtlasScene *scene);      /* jemalloc.c */
void atlas_recognise_mimalloc (AtlasScene *scene);      /* mimalloc.c */
void atlas_recognise_jvm (AtlasScene *scene);           /* runtime-jvm.c */
void atlas_recognise_go (AtlasScene *scene);            /* runtime-go.c */
void atlas_recognise_ruby (AtlasScene *scene);          /* runtime-ruby.c */
void atlas_recognise_dotnet (AtlasScene *scene);        /* runtime-dotnet.c */
void atlas_recognise_main_storage (AtlasScene *scene);  /* leftovers.c */
void atlas_recognise_reservations (AtlasScene *scene);  /* leftovers.c */
void atlas_recognise_owners (AtlasScene *scene);        /* owners.c */

G_END_DECLS
