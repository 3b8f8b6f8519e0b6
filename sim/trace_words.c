// SPDX-License-Identifier: GPL-2.0-or-later
/* trace_words.c - trace records and trap causes in words, for reports and listings. */
#include <inttypes.h>
#include <stdio.h>

#include "trace.h"

static const struct {
    const char *name, *words;
} causes[HW_CAUSE_COUNT] = {
    [HW_CAUSE_IRQ] = {"irq", "interrupt"},
    [HW_CAUSE_SYSCALL] = {"syscall", "system call"},
    [HW_CAUSE_TLB_MISS] = {"tlb_miss", "no TLB entry for the address"},
    [HW_CAUSE_PAGE] = {"page_fault", "no translation for the address"},
    [HW_CAUSE_PROT] = {"protection", "the translation forbids the access"},
    [HW_CAUSE_ILLEGAL] = {"illegal", "undefined or privileged instruction"},
    [HW_CAUSE_BREAK] = {"breakpoint", "breakpoint instruction"},
    [HW_CAUSE_UNALIGNED] = {"unaligned", "misaligned access"},
    [HW_CAUSE_ARITH] = {"arithmetic", "overflow, division or trap instruction"},
    [HW_CAUSE_BUS] = {"bus_error", "nothing answers at the physical address"},
    [HW_CAUSE_FP] = {"floating_point", "floating point exception"},
};

const char *cause_name(uint32_t cause)
{
    cause &= HW_CAUSE_CODE;
    return cause < HW_CAUSE_COUNT ? causes[cause].name : "unknown";
}

const char *cause_words(uint32_t cause)
{
    cause &= HW_CAUSE_CODE;
    return cause < HW_CAUSE_COUNT ? causes[cause].words : "unknown cause";
}

static const char *const events[] = {
    [HW_EV_TRAP] = "trap",
    [HW_EV_RETURN] = "return",
    [HW_EV_FAULT] = "fault",
    [HW_EV_CALL] = "call",
    [HW_EV_RESULT] = "result",
    [HW_EV_MISS] = "miss",
    [HW_EV_WALK] = "walk",
    [HW_EV_INSERT] = "insert",
    [HW_EV_EVICT] = "evict",
    [HW_EV_FLUSH] = "flush",
    [HW_EV_IRQ] = "irq",
    [HW_EV_TIMER] = "timer",
    [HW_EV_CONTEXT] = "context",
    [HW_EV_CONSOLE] = "console",
    [HW_EV_WAIT] = "wait",
    [HW_EV_HALT] = "halt",
    [HW_EV_CODE] = "code",
    [HW_EV_DISK_START] = "disk",
    [HW_EV_DISK_DONE] = "disk_done",
    [HW_EV_NIC_TX] = "nic_tx",
    [HW_EV_NIC_RX] = "nic_rx",
    [HW_EV_NIC_DROP] = "nic_drop",
};

/* Events the kernel writes through HW_CORE_TRACE_EVENT. Their numbers are part of the guest's
 * ABI (enum exo_trace); tests/unit checks that the two agree. */
static const char *const guest_events[] = {
    [1] = "upcall",  [2] = "slice", [3] = "slice_end", [4] = "revoke",  [5] = "abort",
    [6] = "wake",    [7] = "death", [8] = "create",    [9] = "pct",     [10] = "forced",
    [11] = "extent", [12] = "ring", [13] = "filter",   [14] = "packet", [15] = "batched",
};

const char *trace_event_name(unsigned event)
{
    const char *name = NULL;
    if (event < sizeof events / sizeof *events)
        name = events[event];
    else if (event >= HW_EV_GUEST &&
             event - HW_EV_GUEST < sizeof guest_events / sizeof *guest_events)
        name = guest_events[event - HW_EV_GUEST];
    return name ? name : "unknown";
}

static const char *access_word(uint64_t access)
{
    static const char *const words[] = {"read", "write", "fetch", "?"};
    return words[access & 3];
}

static void disk_words(const struct hw_trace_record *r, char *text, size_t max)
{
    static const char *const ops[] = {"?", "read", "write", "flush", "erase"};
    uint64_t op = r->b >> 32 & 0xff, status = r->b >> 40;
    int n = snprintf(text, max, "%s %" PRIu64 ", %" PRIu32 " units",
                     op < sizeof ops / sizeof *ops ? ops[op] : "?", r->a, (uint32_t)r->b);
    if (status && n > 0 && (size_t)n < max)
        snprintf(text + n, max - (size_t)n, ": error %" PRIu64, status);
}

/* What is asked back: kind << 28 | number. */
static void resource_words(uint64_t name, char *text, size_t max)
{
    static const char *const kinds[] = {"frame", "extent", "ring", "filter"};
    uint64_t kind = name >> 28 & 15;
    snprintf(text, max, "%s %" PRIu64, kind < 4 ? kinds[kind] : "resource",
             name & 0xfffffff);
}

static void guest_words(const struct hw_trace_record *r, char *text, size_t max)
{
    static const char *const upcalls[] = {"?", "exception", "slice begins", "slice ends",
                                          "revocation"};
    char what[40];
    switch (r->event) {
    case TRACE_UPCALL:
        snprintf(text, max, "env %" PRIu64 ": %s", r->a, upcalls[r->b < 5 ? r->b : 0]);
        break;
    case TRACE_SLICE:
        snprintf(text, max, "env %" PRIu64 ", position %" PRIu64, r->a, r->b);
        break;
    case TRACE_SLICE_END:
        snprintf(text, max, "env %" PRIu64 ", %" PRIu64 " cycles too many", r->a, r->b);
        break;
    case TRACE_REVOKE:
        resource_words(r->b, what, sizeof what);
        snprintf(text, max, "%s of env %" PRIu64 " asked back", what, r->a);
        break;
    case TRACE_ABORT:
        resource_words(r->b, what, sizeof what);
        snprintf(text, max, "%s of env %" PRIu64 " taken by force", what, r->a);
        break;
    case TRACE_DEATH:
        snprintf(text, max, "env %" PRIu64 ", status %" PRIu64, r->a, r->b);
        break;
    case TRACE_CREATE:
        snprintf(text, max, "env %" PRIu64 " by env %" PRIu64, r->a, r->b);
        break;
    case TRACE_WAKE:
    case TRACE_FORCED: snprintf(text, max, "env %" PRIu64, r->a); break;
    case TRACE_PCT:
        snprintf(text, max, "env %" PRIu64 " -> env %" PRIu64, r->a, r->b);
        break;
    case TRACE_EXTENT:
    case TRACE_RING:
        snprintf(text, max, "%s %" PRIu64 " %s env %" PRIu64,
                 r->event == TRACE_RING ? "ring" : "extent", r->b,
                 r->a ? "taken by" : "freed by", r->a ? r->a : r->env);
        break;
    case TRACE_FILTER:
        if (r->a)
            snprintf(text, max, "filter %" PRIu64 " to ring %" PRIu64, r->b, r->a - 1);
        else
            snprintf(text, max, "filter %" PRIu64 " freed", r->b);
        break;
    case TRACE_PACKET:
        snprintf(text, max, "ring %" PRIu64 ", filter %" PRIu64 ", %" PRIu64 " bytes",
                 r->a, r->b >> 16, r->b & 0xffff);
        break;
    default: snprintf(text, max, "0x%" PRIx64 " 0x%" PRIx64, r->a, r->b);
    }
}

void trace_words(const struct hw_trace_record *r,
                 const char *(*call_name)(uint64_t number), char *text, size_t max)
{
    const char *name = trace_event_name(r->event);
    char who[32] = "";
    if (r->core != TRACE_NO_CORE)
        snprintf(who, sizeof who, "core %u env %" PRIu32, r->core, r->env);
    int n = snprintf(text, max, "%14" PRIu64 "  %-14s %-9s ", r->cycle, who, name);
    if (n < 0 || (size_t)n >= max)
        return;
    text += n;
    max -= (size_t)n;
    const char *call = call_name ? call_name(r->a) : NULL;
    switch (r->event) {
    case HW_EV_TRAP:
        snprintf(text, max, "%s at 0x%" PRIx64, cause_words((uint32_t)r->a), r->b);
        break;
    case HW_EV_RETURN:
        snprintf(text, max, "to 0x%" PRIx64 ", stack 0x%" PRIx64, r->a, r->b);
        break;
    case HW_EV_FAULT:
        snprintf(text, max, "%s 0x%" PRIx64 ": %s",
                 access_word(r->b >> HW_CAUSE_ACCESS_SHIFT), r->a,
                 cause_words((uint32_t)r->b));
        break;
    case HW_EV_CALL:
    case TRACE_BATCHED:
        if (call)
            snprintf(text, max, "%s(0x%" PRIx64 " ...)", call, r->b);
        else
            snprintf(text, max, "%" PRIu64 "(0x%" PRIx64 " ...)", r->a, r->b);
        break;
    case HW_EV_RESULT:
        if (call)
            snprintf(text, max, "%s = %" PRId64, call, (int64_t)r->b);
        else
            snprintf(text, max, "%" PRIu64 " = %" PRId64, r->a, (int64_t)r->b);
        break;
    case HW_EV_MISS: snprintf(text, max, "%s 0x%" PRIx64, access_word(r->b), r->a); break;
    case HW_EV_WALK:
        snprintf(text, max, "0x%" PRIx64 ", %" PRIu64 " levels", r->a, r->b);
        break;
    case HW_EV_INSERT:
    case HW_EV_EVICT:
        snprintf(text, max, "0x%" PRIx64 " -> 0x%" PRIx64, r->a, r->b);
        break;
    case HW_EV_IRQ:
        n = snprintf(text, max, "line %" PRIu64 " %s", r->a, r->b & 1 ? "up" : "down");
        if (r->b >> 8 && n > 0 && (size_t)n < max)
            snprintf(text + n, max - (size_t)n, " at core %" PRIu64, (r->b >> 8) - 1);
        break;
    case HW_EV_TIMER: snprintf(text, max, "for cycle %" PRIu64, r->a); break;
    case HW_EV_CONTEXT: snprintf(text, max, "%" PRIu64 " -> %" PRIu64, r->a, r->b); break;
    case HW_EV_WAIT: snprintf(text, max, "%s", r->a ? "idle" : "woke"); break;
    case HW_EV_HALT: snprintf(text, max, "status %" PRIu64, r->a); break;
    case HW_EV_NIC_TX:
    case HW_EV_NIC_RX:
    case HW_EV_NIC_DROP:
        snprintf(text, max, "%" PRIu64 " bytes, hash %016" PRIx64, r->a, r->b);
        break;
    case HW_EV_DISK_START:
    case HW_EV_DISK_DONE: disk_words(r, text, max); break;
    case HW_EV_CODE: snprintf(text, max, "page 0x%" PRIx64 " written", r->a); break;
    default: guest_words(r, text, max);
    }
}
