// SPDX-License-Identifier: GPL-2.0-or-later
/* lrpc.c - remote calls over pct_call: see exos/lrpc.h and port/isa/<isa>/lrpc.S. */
#include <exos/lrpc.h>

#include "self.h"

exo_sword exos_pct(exo_word number, exo_word env, exo_word accept, exo_word msg[4]);

#define CALL(name) (EXO_CALL_BASE + EXO_CALL_##name)
_Static_assert(CALL(pct_call) == CALL_PCT_CALL, "layout.h");
_Static_assert(CALL(exc_return) == CALL_EXC_RETURN, "layout.h");
_Static_assert(CALL(slice_end) == CALL_SLICE_END, "layout.h");
_Static_assert(EXO_CALL_BASE == CALL_BASE, "layout.h");

uint32_t exos_env(void)
{
    return SELF->env;
}

/* Entries keep their stack at the window's upage: without it there are none. */
static inline bool cannot(void)
{
    return UPAGE != W_UPAGE && mmu_missing();
}

int exos_lrpc_call(uint32_t server, struct exos_lrpc *m)
{
    MARK_CALL(pct_call);
    if (cannot())
        return -EXO_ENOSYS;
    for (;;) {
        exo_sword r = exos_pct(CALL(pct_call), server, server, m->word);
        if (r >= 0)
            return 0;
        if (r != -EXO_EBUSY)
            return (int)r;
        if (exo_yield(server) < 0) /* it serves somebody else, or does not wait yet */
            exo_yield((exo_word)-1);
    }
}

exo_sword exos_lrpc_wait(uint32_t accept, struct exos_lrpc *m)
{
    MARK_CALL(pct_wait);
    if (cannot())
        return -EXO_ENOSYS;
    return exos_pct(CALL(pct_wait), accept, 0, m->word);
}

exo_sword exos_lrpc_reply(uint32_t client, struct exos_lrpc *m)
{
    MARK_CALL(pct_call);
    exo_sword r = exos_pct(CALL(pct_call), client, 0, m->word);
    if (r == -EXO_EENV || r == -EXO_EBUSY)
        r = exos_lrpc_wait(0, m);
    return r;
}
