// SPDX-License-Identifier: GPL-2.0-or-later
/* sim_store.h - images for the tests of the medium: sim_store.c, sim_store_cut.c. */
#ifndef SIM_STORE_IMAGES_H
#define SIM_STORE_IMAGES_H

#include "store.h"

#define BORDER (16 * STORE_PAGE)
#define BIG (3 * BORDER + 1000)

/* Every suite's folder of images. */
int store_make_folder(void);
int store_drop_folder(void);

/* The byte of an image at an offset. */
uint8_t store_pattern(uint64_t at);
/* A file of the pattern; free() its name. */
char *store_image(const char *name, size_t size);
struct store *store_of(const char *file, bool write);

#endif
