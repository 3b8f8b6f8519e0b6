// SPDX-License-Identifier: GPL-2.0-or-later
/* device.c - may an environment lend this memory to a device? See device.h. */
#include "device.h"

int io_memory_check(uint32_t env, const struct exo_io_memory *m, uint32_t bytes,
                    uint32_t align, uint32_t rights)
{
    const struct exo_frame *f = frame_named(m->frame);
    if (f == NULL || f->type != EXO_FRAME_USER)
        return -EXO_EFRAME;
    if (!frame_held(env, m->frame))
        return -EXO_ENOTHELD;
    if (m->offset & (align - 1))
        return -EXO_EVA;
    if (m->offset > machine.page_size || bytes > machine.page_size - m->offset)
        return -EXO_ERANGE;
    return frame_authority(env, m->cap, f, rights);
}
