// SPDX-License-Identifier: GPL-2.0-or-later
/* flash_state.c - "exo,disk-flash": its state as bytes and as words. See flash.c. */
#include "flash_priv.h"
#include "text.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define FLASH_STATE 0x4b534446u /* "FDSK" */

size_t flash_save(void *dev, uint8_t *buf, size_t max)
{
    struct flash *d = dev;
    struct state_out o = {buf, max, 0};
    state_put32(&o, FLASH_STATE);
    state_put64(&o, d->pages);
    disk_put_stats(&o, &d->stats);
    state_put32(&o, d->page);
    state_put64(&o, d->data);
    state_put64(&o, d->oob);
    state_put8(&o, d->busy);
    state_put8(&o, d->error);
    state_put8(&o, d->irq);
    state_put32(&o, d->op);
    state_put32(&o, d->at);
    state_put64(&o, d->to_data);
    state_put64(&o, d->to_oob);
    state_put64(&o, d->done);
    state_put8(&o, d->fails);
    for (uint32_t i = 0; i < flash_page_bytes(d); i++)
        state_put8(&o, d->buffer[i]);
    for (uint32_t b = 0; b < d->blocks; b++) {
        state_put32(&o, d->block[b].next);
        state_put32(&o, d->block[b].erases);
        state_put8(&o, d->block[b].bad);
    }
    return o.at;
}

/* A command that this chip could have taken. */
static bool sane(const struct flash *d)
{
    for (uint32_t b = 0; b < d->blocks; b++)
        if (d->block[b].next > d->block_pages && d->block[b].next != FLASH_UNKNOWN)
            return false;
    if (!d->busy)
        return true;
    if (d->op != HW_DISK_READ && d->op != HW_DISK_WRITE && d->op != HW_DISK_ERASE)
        return false;
    return d->at < d->pages && (d->op != HW_DISK_ERASE || d->at % d->block_pages == 0);
}

/* Reads into d, whose buffer and blocks are its own. */
static bool load(struct flash *d, struct state_in *in, bool *irq)
{
    if (state_get32(in) != FLASH_STATE || state_get64(in) != d->pages)
        return false;
    disk_get_stats(in, &d->stats);
    d->page = state_get32(in);
    d->data = state_get64(in);
    d->oob = state_get64(in);
    d->busy = state_get8(in) != 0;
    d->error = state_get8(in) != 0;
    *irq = state_get8(in) != 0;
    d->op = state_get32(in);
    d->at = state_get32(in);
    d->to_data = state_get64(in);
    d->to_oob = state_get64(in);
    d->done = state_get64(in);
    d->fails = state_get8(in) != 0;
    for (uint32_t i = 0; i < flash_page_bytes(d); i++)
        d->buffer[i] = state_get8(in);
    for (uint32_t b = 0; b < d->blocks; b++) {
        d->block[b].next = state_get32(in);
        d->block[b].erases = state_get32(in);
        d->block[b].bad = state_get8(in) != 0;
    }
    return state_done(in) && sane(d);
}

int flash_restore(void *dev, const uint8_t *buf, size_t len)
{
    struct flash *d = dev, new = *d;
    struct state_in in = {buf, len, 0, false};
    bool irq = false;
    if (len != flash_save(d, NULL, 0))
        return -1;
    new.buffer = malloc(flash_page_bytes(d));
    new.block = calloc(d->blocks, sizeof *new.block);
    bool ok = new.buffer &&new.block &&load(&new, &in, &irq);
    if (ok) {
        uint8_t *buffer = d->buffer;
        struct flash_block *block = d->block;
        *d = new;
        new.buffer = buffer;
        new.block = block;
        flash_irq(d, irq);
        d->env.event(d->env.host, 0, d->busy ? d->done : DISK_NEVER);
    }
    free(new.buffer);
    free(new.block);
    return ok ? 0 : -1;
}

size_t flash_describe(void *dev, char *buf, size_t max)
{
    static const char *const ops[] = {"idle", "read", "program", "?", "erase"};
    struct flash *d = dev;
    struct text t = text_start(buf, max);
    uint32_t bad = 0, most = 0, least = UINT32_MAX;
    for (uint32_t b = 0; b < d->blocks; b++) {
        const struct flash_block *k = &d->block[b];
        bad += k->bad;
        if (!k->bad && k->erases > most)
            most = k->erases;
        if (!k->bad && k->erases < least)
            least = k->erases;
    }
    text_add(&t,
             "pages %" PRIu64 "\nblocks %" PRIu32 "\nbad %" PRIu32 "\nerases %" PRIu32
             " to %" PRIu32 "\nstate %s\n",
             d->pages, d->blocks, bad, bad == d->blocks ? 0 : least, most,
             d->busy ? ops[d->op] : "idle");
    if (d->busy)
        text_add(&t, "page %" PRIu32 "\nends %" PRIu64 "\n", d->at, d->done);
    text_add(&t, "fail %s\ninterrupt %s\n", d->error ? "yes" : "no",
             d->irq ? "up" : "down");
    return t.at;
}
