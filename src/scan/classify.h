/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scan/scene.h"

G_BEGIN_DECLS

/**
 * atlas_classify:
 * Gives every block of @scene that has an address a claim: type, label, reason and the group that
 * makes it part of a region; labels the blocks (".text", "guard") as well. Rules run in the order
 * of the table in rules.c, the first claim on a block stands. Looks into files and process memory
 * where that is possible and works without. Stops early, with what is left claimed as what it looks
 * like, when the scan is cancelled.
 */
void atlas_classify (AtlasScene *scene);

G_END_DECLS
