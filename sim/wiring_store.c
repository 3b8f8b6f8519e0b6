// SPDX-License-Identifier: GPL-2.0-or-later
/* wiring_store.c - what a disk's pins are connected to: the machine's medium (store.h). */
#include "machine_priv.h"

static uint64_t env_store_size(void *host)
{
    const struct instance *i = host;
    return store_size(i->m->store);
}

static int env_store_blank(void *host, uint64_t size)
{
    struct instance *i = host;
    return store_blank(i->m->store, size, model_disk(i->node->model)->blank);
}

/* The machine ends: the host cannot read the image any more, or the power is gone. */
static int check(struct machine *m, int rc)
{
    if (rc && (store_failed(m->store) || store_cut_done(m->store)) && !m->store_ended) {
        m->store_ended = true;
        wire_kick(m);
    }
    return rc;
}

static int env_store_read(void *host, uint64_t off, void *to, size_t len)
{
    struct instance *i = host;
    return check(i->m, store_read(i->m->store, off, to, len));
}

static int env_store_write(void *host, uint64_t off, const void *from, size_t len)
{
    struct instance *i = host;
    return check(i->m, store_write(i->m->store, off, from, len));
}

static void env_store_flush(void *host)
{
    struct instance *i = host;
    store_flush(i->m->store);
}

void wire_store(struct instance *inst)
{
    inst->env.store_size = env_store_size;
    inst->env.store_blank = env_store_blank;
    inst->env.store_read = env_store_read;
    inst->env.store_write = env_store_write;
    inst->env.store_flush = env_store_flush;
}
