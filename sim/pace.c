// SPDX-License-Identifier: GPL-2.0-or-later
/* pace.c - waiting for the host. See pace.h. */
#include "pace.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "err.h"

#define LOOK_NS 20000u   /* of the host's time between two looks while machines run */
#define DEBT_NS 1000000u /* idle time that is worth waiting for */
#define BARREN 120u /* rounds after which nothing will ever come: minutes, for libslirp */
#define SHORT_NS 100000u /* an idle time that is not, alone */

static uint64_t host_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint64_t hz_of(const struct world_member *w)
{
    return machine_setup_of(w->m)->board->clock_hz;
}

static struct wire *outside_wire(const struct world_member *w)
{
    struct wire *wire = w->ended || !w->net ? NULL : net_wire(w->net);
    return wire_outside(wire) ? wire : NULL;
}

void pace_open(struct pace *p, const struct world_member *member, size_t n)
{
    *p = (struct pace){0};
    for (size_t i = 0; i < n; i++)
        p->outside |= outside_wire(&member[i]) != NULL;
}

void pace_close(struct pace *p)
{
    free(p->wait.fd);
}

void pace_passed(struct pace *p, const struct world_member *member, size_t n, bool idle,
                 uint64_t next_ns)
{
    uint64_t passed = 0;
    if (!idle)
        passed = next_ns;
    else
        for (size_t i = 0; i < n; i++) {
            uint64_t ns = ns_of_cycles(machine_cycles(member[i].m), hz_of(&member[i]));
            if (!member[i].ended && ns > passed)
                passed = ns;
        }
    if (passed != EVENT_NEVER && passed > p->ns)
        p->ns = passed;
}

/* Asks the host, waiting ns (EVENT_NEVER: for ever), and gives the wires of members [from, to)
 * what there is at the virtual time that has come then. False: there is nothing to ask. */
static bool look(struct pace *p, struct world_member *from, struct world_member *to,
                 uint64_t ns, uint64_t *waited)
{
    p->wait.n = 0;
    p->wait.ns = EVENT_NEVER;
    for (struct world_member *w = from; w < to; w++) {
        struct wire *wire = outside_wire(w);
        if (wire)
            wire->ops->fill(wire, &p->wait);
    }
    bool barren = ns == EVENT_NEVER && p->wait.n == 0;
    p->barren = barren ? p->barren + 1 : 0;
    if (p->wait.ns < ns)
        ns = p->wait.ns;
    *waited = 0;
    if (barren && (ns == EVENT_NEVER || p->barren > BARREN))
        return false;
    if (barren) { /* the wires' own time may pass at once: there is no host in it */
        *waited = ns;
        return true;
    }
    struct timespec t = {(time_t)(ns / 1000000000u), (long)(ns % 1000000000u)};
    uint64_t start = host_ns();
    int got = ppoll(p->wait.fd, p->wait.n, ns == EVENT_NEVER ? NULL : &t, NULL);
    if (got < 0) /* a signal: nothing is known of the descriptors */
        for (size_t i = 0; i < p->wait.n; i++)
            p->wait.fd[i].revents = 0;
    p->last_host_ns = host_ns();
    *waited = got == 0 && ns != EVENT_NEVER ? ns : p->last_host_ns - start;
    return true;
}

static void give(struct pace *p, struct world_member *w, uint64_t cycle)
{
    struct wire *wire = outside_wire(w);
    if (wire)
        wire->ops->poll(wire, cycle, &p->wait);
}

bool pace_idle(struct pace *p, struct world_member *member, size_t n, uint64_t next_ns)
{
    if (next_ns <= p->ns)
        return false;
    uint64_t idle = next_ns == EVENT_NEVER ? EVENT_NEVER : next_ns - p->ns;
    bool brief = idle < SHORT_NS && p->debt_ns + idle < DEBT_NS;
    if (brief && host_ns() - p->last_host_ns < LOOK_NS) {
        p->debt_ns += idle;
        p->ns = next_ns;
        return false;
    }
    uint64_t waited, wait = brief ? 0 : idle;
    if (wait != EVENT_NEVER)
        wait += brief ? 0 : p->debt_ns;
    if (!look(p, member, member + n, wait, &waited))
        return false;
    if (brief) {
        p->debt_ns += idle;
        waited = idle;
    } else {
        uint64_t paid = waited < p->debt_ns ? waited : p->debt_ns;
        p->debt_ns -= paid;
        waited -= paid;
    }
    p->ns += waited < idle ? waited : idle;
    for (size_t i = 0; i < n; i++)
        give(p, &member[i], cycles_of_ns(p->ns, hz_of(&member[i])));
    return true;
}

uint64_t pace_next(struct world_member *w)
{
    if (!outside_wire(w))
        return EVENT_NEVER;
    uint64_t reached = machine_reached(w->m), every;
    if (w->next_poll <= reached && reached != EVENT_NEVER) {
        every = cycles_of_ns(WORLD_POLL_NS, hz_of(w));
        w->next_poll = reached + (every > WORLD_POLL_CYCLES ? every : WORLD_POLL_CYCLES);
    }
    return w->next_poll;
}

void pace_busy(struct pace *p, struct world_member *w)
{
    uint64_t waited;
    if (!outside_wire(w) || machine_idle(w->m) || machine_reached(w->m) < w->next_poll ||
        host_ns() - p->last_host_ns < LOOK_NS)
        return;
    if (look(p, w, w + 1, 0, &waited))
        give(p, w, w->next_poll);
}
