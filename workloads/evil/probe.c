// SPDX-License-Identifier: GPL-2.0-or-later
/* probe.c - trying things and living to tell. See evil.h. */
#include "evil.h"

#include <exos/context.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static sigjmp_buf escape;
static volatile bool armed;
static volatile struct evil_fault last;
static char text[sizeof((struct evil_shared *)0)->outcome];

const char *evil_wrong(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return text;
}

static const char *error_name(exo_sword error)
{
    static const char *const name[] = {
        "ok",         "EPERM",   "ECAP",     "EENV",   "EFRAME",   "EBUSY", "ENOTHELD",
        "EVA",        "ERANGE",  "EINVAL",   "EFAULT", "ENOTABLE", "EFULL", "EAGAIN",
        "ENODEVCALL", "ENOCALL", "EOVERLAP", "EIO",    "EPROGRAM", "ENAME"};
    return error >= 0 && error < (exo_sword)(sizeof name / sizeof *name) ? name[error]
                                                                         : "?";
}

const char *evil_result(const char *call, exo_sword got, int expected)
{
    char what[96];
    snprintf(what, sizeof what, "%.95s", call);
    if (got >= 0)
        return evil_wrong("%s succeeded (%ld), expected %s", what, (long)got,
                          error_name(expected));
    return evil_wrong("%s gave %s, expected %s", what, error_name(-got),
                      error_name(expected));
}

static void on_signal(int sig, siginfo_t *info, void *context)
{
    const struct exos_context *c = context;
    (void)info;
    last.signal = sig;
    last.cause = (uint32_t)c->cause;
    last.address = c->badvaddr;
    if (!armed)
        _exit(98);
    armed = false;
    siglongjmp(escape, 1);
}

void evil_probe_init(void)
{
    static const int signals[] = {SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV, SIGSYS};
    for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct sigaction act = {.sa_flags = SA_SIGINFO};
        act.sa_sigaction = on_signal;
        sigaction(signals[i], &act, NULL);
    }
}

bool evil_faults(void (*f)(uintptr_t), uintptr_t va, struct evil_fault *out)
{
    if (sigsetjmp(escape, 1) != 0) {
        *out = (struct evil_fault){last.signal, last.cause, last.address};
        return true;
    }
    armed = true;
    f(va);
    armed = false;
    return false;
}

void evil_read(uintptr_t va)
{
    (void)*(volatile uint8_t *)va;
}

void evil_write(uintptr_t va)
{
    *(volatile uint8_t *)va = 0x66;
}

void evil_jump(uintptr_t va)
{
    ((void (*)(void))va)();
}

const char *evil_must_fault(void (*f)(uintptr_t), uintptr_t va, int sig, int or_sig)
{
    struct evil_fault got;
    if (!evil_faults(f, va, &got))
        return evil_wrong("%s at 0x%lx went through",
                          f == evil_read    ? "the read"
                          : f == evil_write ? "the write"
                                            : "the jump",
                          (unsigned long)va);
    if (got.signal != sig && got.signal != or_sig)
        return evil_wrong("signal %d (cause %u), expected %d", got.signal,
                          (unsigned)(got.cause & M_CAUSE_CODE), sig);
    return NULL;
}

exo_sword evil_order(enum order order, uintptr_t a, uintptr_t b, uintptr_t c)
{
    struct evil_shared *s = evil_shared;
    s->argument[0] = a;
    s->argument[1] = b;
    s->argument[2] = c;
    s->order = order;
    uint32_t mine = s->asked + 1;
    __atomic_store_n(&s->asked, mine, __ATOMIC_RELEASE);
    for (uint64_t end = exo_time64() + EVIL_PATIENCE; exo_time64() < end;) {
        if (__atomic_load_n(&s->answered, __ATOMIC_ACQUIRE) == mine)
            return s->answer;
        exo_yield(s->victim);
    }
    return -EXO_EAGAIN;
}

bool evil_victim_lives(void)
{
    uint32_t then = evil_shared->heartbeat;
    for (uint64_t end = exo_time64() + EVIL_PATIENCE; exo_time64() < end;) {
        if (evil_shared->heartbeat - then >= 2)
            return true;
        exo_yield(evil_shared->victim);
    }
    return false;
}
