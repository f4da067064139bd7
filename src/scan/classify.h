/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scan/scene.h"

G_BEGIN_DECLS

/** atlas_classify: Claims every block of @scene. */
void atlas_classify (AtlasScene *scene);

G_END_DECLS
