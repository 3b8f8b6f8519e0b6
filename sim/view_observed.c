// SPDX-License-Identifier: GPL-2.0-or-later
/* view_observed.c - see view_observed.h. */
#include "view_observed.h"

#include <stdlib.h>

#include "view_priv.h"

#define PIECE 2000000u /* instructions between two looks at the clock */

int view_observed_open(struct view_observed *ob, const char *board,
                       const struct options *o, const struct registry *models,
                       const struct calls *calls, const struct api *api, struct err *err)
{
    *ob = (struct view_observed){0};
    int rc = session_open(&ob->s, board, o, models, calls, -1, NULL, err);
    if (rc)
        return rc;
    rc = apicalls_open(ob->s.machine, api, ob->s.plan.module[0].path, &ob->watch, err);
    if (rc) {
        struct err closing;
        session_close(&ob->s, &closing);
        return rc;
    }
    ob->open = true;
    return 0;
}

bool view_observed_run(struct view_observed *ob, uint64_t ns)
{
    uint64_t end = view_host_ns() + ns;
    while (!ob->done && (ns == 0 || view_host_ns() < end)) {
        struct machine_until until = MACHINE_UNTIL_END;
        struct machine_outcome out;
        until.instruction = machine_place_of(ob->s.machine).instruction + PIECE;
        ob->done = !machine_advance(ob->s.machine, &until, &out);
    }
    if (ob->done && ob->watch) {
        apicalls_close(ob->watch, &ob->calls);
        ob->watch = NULL;
    }
    return ob->done;
}

void view_observed_close(struct view_observed *ob)
{
    struct err closing;
    if (!ob->open)
        return;
    if (ob->watch)
        apicalls_close(ob->watch, &ob->calls);
    apicalls_free(&ob->calls);
    session_close(&ob->s, &closing);
    *ob = (struct view_observed){0};
}

struct align_item *view_observed_items(const struct view_observed *ob, size_t *n)
{
    struct align_item *item = mem_zero(ob->calls.n + 1, sizeof *item);
    *n = ob->calls.n;
    for (size_t i = 0; i < *n; i++) {
        const struct apicall *c = &ob->calls.call[i];
        item[i] = (struct align_item){.record = c->begin,
                                      .cost = c->returned ? c->end - c->begin : 0,
                                      .env = c->env + 1,
                                      .number = c->function,
                                      .outcome = c->result,
                                      .has_outcome = c->returned,
                                      .pointer = c->kind == SYMBOLS_POINTER,
                                      .api = true};
    }
    return item;
}
