// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gdb_serve.c - the debugger's packets and their answers (appendix E of the GDB manual). See gdb.h. An
 * empty answer says that we do not know a packet.
 */
#include "gdb.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void answer(struct gdb *g, const char *text)
{
    gdb_link_put(&g->link, text, strlen(text));
}

/* ---- numbers ---- */

static bool number(const char **p, uint64_t *out)
{
    char *end;
    *out = strtoull(*p, &end, 16);
    bool good = end != *p && **p != '-' && **p != '+' && **p != ' ';
    *p = end;
    return good;
}

/* "address,length" */
static bool range(const char *p, uint64_t *at, uint64_t *len, const char **behind)
{
    if (!number(&p, at) || *p++ != ',' || !number(&p, len))
        return false;
    *behind = p;
    return true;
}

/* "5", "-1", "p1.5": a thread; 0: any. False: none of this form. */
static bool thread_of(const char *p, uint32_t *out)
{
    uint64_t id;
    const char *dot = *p == 'p' ? strchr(p, '.') : NULL;
    if (dot)
        p = dot + 1;
    if (strncmp(p, "-1", 2) == 0) {
        *out = 0;
        return true;
    }
    if (!number(&p, &id) || id > UINT32_MAX)
        return false;
    *out = (uint32_t)id;
    return true;
}

static size_t to_hex(char *to, const void *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sprintf(to + 2 * i, "%02x", ((const uint8_t *)from)[i]);
    return 2 * n;
}

/* ---- threads ---- */

static bool exists(const struct gdb *g, uint32_t thread)
{
    struct kv_env e;
    unsigned core;
    return gdb_core_of(g, thread, &core) ||
           (thread < GDB_NOBODY && kernel_view_env(g->view, thread, &e));
}

static void list_threads(struct gdb *g)
{
    char text[16 * KV_ENVS + 64] = "m";
    size_t n = 1;
    struct kv_env e;
    for (uint32_t i = 1; i < kernel_view_envs(g->view); i++)
        if (kernel_view_env(g->view, i, &e))
            n += (size_t)sprintf(text + n, "%s%x", n > 1 ? "," : "", i);
    unsigned core;
    if (n == 1 || gdb_core_of(g, GDB_NOBODY, &core))
        n += (size_t)sprintf(text + n, "%s%x", n > 1 ? "," : "", GDB_NOBODY);
    gdb_link_put(&g->link, text, n);
}

static void describe_thread(struct gdb *g, uint32_t thread)
{
    char words[128], hex[2 * sizeof words + 1];
    struct kv_env e;
    unsigned core;
    bool kernel = false, on = gdb_core_of(g, thread, &core);
    if (on)
        machine_pc(g->m, core, &kernel);
    if (thread == GDB_NOBODY)
        snprintf(words, sizeof words, "kernel, for no environment");
    else if (kernel_view_env(g->view, thread, &e))
        snprintf(words, sizeof words, "environment %u, %.31s, %s%s", thread, e.program,
                 kv_env_state(e.state), kernel ? ", in the kernel" : "");
    else
        snprintf(words, sizeof words, "no such environment");
    gdb_link_put(&g->link, hex, to_hex(hex, words, strlen(words)));
}

/* ---- registers and memory ---- */

/* What describe() says of the thread's core. Of a thread on none only where it goes on is known. */
static void registers_text(const struct gdb *g, uint32_t thread, char *text, size_t max)
{
    unsigned core;
    size_t n = 0;
    struct kv_env e;
    if (gdb_core_of(g, thread, &core))
        n = machine_describe(g->m, core, text, max - 1);
    else if (thread < GDB_NOBODY && kernel_view_env(g->view, thread, &e))
        n = (size_t)snprintf(text, max, "pc %" PRIu64 "\n%s %" PRIu64 "\n", e.pc,
                             g->target->reg[g->target->sp].from, e.sp);
    text[n < max ? n : max - 1] = 0;
}

static void send_registers(struct gdb *g, unsigned first, unsigned n)
{
    char text[4096], hex[GDB_REGISTERS * 20 + 1];
    size_t len = 0;
    registers_text(g, g->thread, text, sizeof text);
    for (unsigned r = first; r < first + n; r++)
        len += gdb_target_register(g->target, r, text, hex + len);
    gdb_link_put(&g->link, hex, len);
}

static void send_memory(struct gdb *g, const char *p)
{
    static uint8_t bytes[GDB_PACKET / 2];
    static char hex[GDB_PACKET + 1];
    uint64_t at, len;
    unsigned core;
    bool kernel;
    if (!range(p, &at, &len, &p)) {
        answer(g, "E22");
        return;
    }
    if (len > sizeof bytes)
        len = sizeof bytes;
    size_t n = 0;
    if (gdb_core_of(g, g->thread, &core)) {
        machine_pc(g->m, core, &kernel);
        if (kernel)
            n = machine_peek(g->m, at, bytes, len) ? len : 0;
        else
            n = machine_peek_user(g->m, core, at, bytes, len);
    }
    if (n == 0 && len > 0)
        answer(g, "E14");
    else
        gdb_link_put(&g->link, hex, to_hex(hex, bytes, n));
}

/* ---- breakpoints ---- */

/* One address stops in both modes: the kernel's and programs' addresses differ. */
static void set_watches(struct gdb *g)
{
    static struct hw_watch w[2 * GDB_BREAKS];
    for (unsigned i = 0; i < 2 * g->nbreaks; i++)
        w[i] = (struct hw_watch){g->brk[i / 2], i & 1};
    machine_watch(g->m, w, 2 * g->nbreaks);
}

static bool set_break(struct gdb *g, uint64_t at, bool on)
{
    unsigned i = 0;
    while (i < g->nbreaks && g->brk[i] != at)
        i++;
    if (on && i == g->nbreaks) {
        if (g->nbreaks == GDB_BREAKS)
            return false;
        g->brk[g->nbreaks++] = at;
    } else if (!on && i < g->nbreaks) {
        g->brk[i] = g->brk[--g->nbreaks];
    }
    set_watches(g);
    return true;
}

static bool set_watchpoint(struct gdb *g, uint64_t at, uint64_t len, bool on)
{
    unsigned i = 0, core = g->core;
    while (i < g->nwatches && (g->watch[i].va != at || g->watch[i].len != len))
        i++;
    if (!on) {
        if (i < g->nwatches)
            g->watch[i] = g->watch[--g->nwatches];
        return true;
    }
    if (i == GDB_WATCHES || len == 0 || len > GDB_WATCH_MAX)
        return false;
    struct gdb_watchpoint *w = &g->watch[i];
    *w = (struct gdb_watchpoint){.va = at, .len = len};
    gdb_core_of(g, g->thread, &core);
    machine_pc(g->m, core, &w->kernel);
    w->context = machine_context(g->m, core);
    if (i == g->nwatches)
        g->nwatches++;
    return true;
}

/* Z or z: type,address,kind */
static void point(struct gdb *g, const char *p, bool on)
{
    char type = *p;
    uint64_t at, kind;
    if (type != '0' && type != '1' && type != '2') {
        answer(g, "");
        return;
    }
    if (p[1] != ',' || !range(p + 2, &at, &kind, &p)) {
        answer(g, "E22");
        return;
    }
    bool good = type == '2' ? set_watchpoint(g, at, kind, on) : set_break(g, at, on);
    answer(g, good ? "OK" : "E28");
}

/* ---- running ---- */

static void stop_reply(struct gdb *g)
{
    char text[128];
    size_t n = (size_t)snprintf(text, sizeof text, "T%02xthread:%x;",
                                g->why == GDB_INTERRUPT ? 2 : 5, g->thread);
    switch (g->why) {
    case GDB_BREAK: n += (size_t)sprintf(text + n, "swbreak:;"); break;
    case GDB_WATCH:
        n += (size_t)sprintf(text + n, "watch:%" PRIx64 ";", g->watched);
        break;
    case GDB_BEGIN: n += (size_t)sprintf(text + n, "replaylog:begin;"); break;
    case GDB_END: n += (size_t)sprintf(text + n, "replaylog:end;"); break;
    case GDB_START:
    case GDB_STEPPED:
    case GDB_INTERRUPT: break;
    }
    gdb_link_put(&g->link, text, n);
}

static void resume(struct gdb *g, char how, uint32_t thread)
{
    if (how == 's' || how == 'S')
        gdb_step(g, thread ? thread : g->thread);
    else
        gdb_continue(g);
    if (!g->broken)
        stop_reply(g);
}

/* "vCont;s:5;c": the first action is the one that counts */
static void v_cont(struct gdb *g, const char *p)
{
    uint32_t thread = 0;
    char how = *p;
    const char *colon = strchr(p, ':'), *next = strchr(p, ';');
    if (!strchr("cCsS", how) || how == 0) {
        answer(g, "E22");
        return;
    }
    if (colon && (!next || colon < next) && !thread_of(colon + 1, &thread)) {
        answer(g, "E22");
        return;
    }
    resume(g, how, thread);
}

/* ---- questions ---- */

/* A part of a document: "offset,length". */
static void part_of(struct gdb *g, const char *text, const char *p)
{
    static char out[GDB_PACKET];
    uint64_t at, len;
    if (!text || !range(p, &at, &len, &p)) {
        answer(g, "E00");
        return;
    }
    size_t all = strlen(text), left = at < all ? all - at : 0;
    size_t n = left < len ? left : len;
    if (n > sizeof out - 2)
        n = sizeof out - 2;
    out[0] = n < left ? 'm' : 'l';
    memcpy(out + 1, text + (left ? at : 0), n);
    gdb_link_put(&g->link, out, n + 1);
}

static const char *begins(const char *packet, const char *with)
{
    size_t n = strlen(with);
    return strncmp(packet, with, n) == 0 ? packet + n : NULL;
}

static void transfer(struct gdb *g, const char *q)
{
    const char *p;
    if ((p = begins(q, "features:read:target.xml:"))) {
        char *xml = gdb_target_xml(g->target);
        part_of(g, xml, p);
        free(xml);
    } else if ((p = begins(q, "exec-file:read:"))) {
        char *path = realpath(g->session->plan.module[0].path, NULL);
        const char *colon = strchr(p, ':');
        part_of(g, path, colon ? colon + 1 : "");
        free(path);
    } else {
        answer(g, "");
    }
}

static void question(struct gdb *g, const char *q)
{
    const char *p;
    char text[256];
    uint32_t thread;
    if (begins(q, "Supported")) {
        snprintf(text, sizeof text,
                 "PacketSize=%x;QStartNoAckMode+;qXfer:features:read+;"
                 "qXfer:exec-file:read+;ReverseStep+;ReverseContinue+;swbreak+;"
                 "vContSupported+",
                 GDB_PACKET - 1);
        answer(g, text);
    } else if ((p = begins(q, "Xfer:"))) {
        transfer(g, p);
    } else if (strcmp(q, "fThreadInfo") == 0) {
        list_threads(g);
    } else if (strcmp(q, "sThreadInfo") == 0) {
        answer(g, "l");
    } else if ((p = begins(q, "ThreadExtraInfo,")) && thread_of(p, &thread)) {
        describe_thread(g, thread);
    } else if (strcmp(q, "C") == 0) {
        snprintf(text, sizeof text, "QC%x", g->thread);
        answer(g, text);
    } else if (begins(q, "Attached")) {
        answer(g, "1");
    } else if (begins(q, "Symbol")) {
        answer(g, "OK");
    } else {
        answer(g, "");
    }
}

static void select_thread(struct gdb *g, const char *p)
{
    uint32_t thread;
    if (!*p || !thread_of(p + 1, &thread) || (thread != 0 && !exists(g, thread))) {
        answer(g, "E03");
        return;
    }
    if (thread != 0 && *p == 'g')
        g->thread = thread;
    answer(g, "OK");
}

static void one_register(struct gdb *g, const char *p)
{
    uint64_t r;
    if (number(&p, &r) && r < g->target->nreg)
        send_registers(g, (unsigned)r, 1);
    else
        answer(g, "E22");
}

static void v_packet(struct gdb *g, const char *p)
{
    const char *actions;
    if (strcmp(p, "vCont?") == 0) {
        answer(g, "vCont;c;C;s;S");
    } else if ((actions = begins(p, "vCont;"))) {
        v_cont(g, actions);
    } else if (begins(p, "vKill")) {
        g->killed = true;
        answer(g, "OK");
    } else {
        answer(g, "");
    }
}

static void backwards(struct gdb *g, char how)
{
    if (how != 's' && how != 'c') {
        answer(g, "");
        return;
    }
    if (how == 's')
        gdb_reverse_step(g);
    else
        gdb_reverse_continue(g);
    if (!g->broken)
        stop_reply(g);
}

void gdb_serve(struct gdb *g, const char *packet, size_t len)
{
    uint32_t thread;
    switch (len > 0 ? packet[0] : 0) {
    case '?': stop_reply(g); break;
    case 'g': send_registers(g, 0, g->target->nreg); break;
    case 'p': one_register(g, packet + 1); break;
    case 'm': send_memory(g, packet + 1); break;
    case 'G':
    case 'P':
    case 'M':
    case 'X': answer(g, "E01"); break; /* a past cannot be changed */
    case 'Z': point(g, packet + 1, true); break;
    case 'z': point(g, packet + 1, false); break;
    case 'c':
    case 's': resume(g, packet[0], 0); break;
    case 'b': backwards(g, packet[1]); break;
    case 'v': v_packet(g, packet); break;
    case 'q': question(g, packet + 1); break;
    case 'Q':
        if (strcmp(packet, "QStartNoAckMode") == 0) {
            answer(g, "OK");
            g->link.no_ack = true;
        } else {
            answer(g, "");
        }
        break;
    case 'H': select_thread(g, packet + 1); break;
    case 'T':
        answer(g, thread_of(packet + 1, &thread) && exists(g, thread) ? "OK" : "E03");
        break;
    case 'D':
        answer(g, "OK");
        g->detached = true;
        break;
    case 'k': g->killed = true; break;
    default: answer(g, ""); break;
    }
}
