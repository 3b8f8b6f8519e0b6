// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * evil.h - what the attacks share. The cast:
 *
 *   victim     the boot program, capability {1}. Owns a secret page, checks itself all the time, and
 *              does what an honest owner may (enum order).
 *   attacker   its child, whose only capability is {1,0}: it knows everything about the victim
 *              and dominates nothing of it.
 *   one more environment for each attack, made by the attacker, with the attacker's capability:
 *              whatever happens to it, the attacker looks on.
 *
 * An attack returns NULL if it was refused as it should, or says what happened instead.
 */
#ifndef EVIL_H
#define EVIL_H

#include <exo/machine.h>
#include <exo/user.h>
#include <signal.h>
#include <stdbool.h>

#define EVIL_SECRET 0x5ec2e700u
/* Addresses the library OS uses for nothing: what is bound there the attack bound itself. A small
 * direct-mapped software TLB may lose bindings: these addresses share entries with little else. */
#define EVIL_ARENA ((uintptr_t)0x68500000)
#define EVIL_ARENA_PAGES 16u
/* Cycles after which somebody is said not to answer any more. */
#define EVIL_PATIENCE (200u * (uint64_t)EXO_SLICE_CYCLES)
/* No environment's: the kernel is linked there, physically. */
#define EVIL_KERNEL_VA ((uintptr_t)M_KERNEL_BASE)

/* What the attacker may ask of the victim: things an owner does with what it owns. */
enum order {
    ORDER_NONE = 0,
    ORDER_REVOKE, /* frame, environment, grace */
    ORDER_TAKE,   /* frame: allocate it, fill it with the secret, keep it */
    ORDER_FREE,   /* give back what was taken on order */
    ORDER_DISK    /* read its secret on the disk: 0 if it is still there */
};

/* One page both can write, besides nothing. */
struct evil_shared {
    volatile uint32_t ready, finished;
    volatile uint32_t heartbeat; /* rounds of the victim's self check */
    volatile uint32_t harmed;    /* checks that failed */
    volatile uint32_t victim, secret_frame;
    volatile uintptr_t secret_va;
    volatile uint32_t order, asked, answered;
    volatile uintptr_t argument[3];
    volatile exo_sword answer;
    char harm[120];    /* what the victim found first */
    char outcome[160]; /* of the running attack, empty if refused as it should */
    uint32_t word[8];  /* for attacks that need to talk */
};
extern struct evil_shared *evil_shared;

struct evil_attack {
    const char *name;
    const char *(*run)(void);
    bool dies; /* the environment is to die of it, instead of returning */
};
/* Each ends with a row without a name. */
extern const struct evil_attack evil_memory[], evil_frames[], evil_caps[], evil_envs[],
    evil_slices[], evil_pointers[], evil_traps[], evil_revocation[], evil_exhaustion[],
    evil_code[], evil_network[];

/* -- port/mmu: bindings in this board's terms; env 0 is the caller -- */
struct evil_mmu {
    uint32_t kind;
    exo_sword (*bind)(uint32_t env, uintptr_t va_rights, exo_word frame, exo_word cap);
    exo_sword (*unbind)(uint32_t env, uintptr_t va, exo_word pages);
    exo_sword (*protect)(uint32_t env, uintptr_t va_rights, exo_word pages);
    exo_sword (*batch)(uint32_t env, const struct exo_map *maps, exo_word n);
    /* What must exist before va can be bound: 0 or negative enum exo_error. */
    exo_sword (*prepare)(uintptr_t va);
    exo_sword (*foreign_call)(void);   /* a call of the other kind of MMU */
    const struct evil_attack *attacks; /* that only this kind can be asked for */
};
/* A kind without one is not attacked: weak. */
#define EXO_KIND_MMU(number, name, NAME)                                                 \
    extern const struct evil_mmu evil_mmu_##name __attribute__((weak));
#include <exo/kinds.def>
extern const struct evil_mmu *evil_mmu; /* this board's */

/* -- port/isa -- */
struct evil_instruction {
    const char *name;
    void (*run)(void); /* returns if the processor let it pass */
};
extern const struct evil_instruction evil_instructions[]; /* ends without a name */
/* A call with everything odd that user code can do to the processor's state first. */
exo_sword evil_odd_call(void);
/* Writes at `to` a function that returns `value` (at most 0x7ff); its size. */
unsigned evil_make_code(void *to, unsigned value);
/* Any system call number, two arguments. */
exo_sword evil_raw_call(exo_word number, exo_word a, exo_word b);
/* Loads the stack pointer with sp, makes the call `null`, restores the stack pointer. */
exo_sword evil_call_on_stack(uintptr_t sp);
/* An endless loop that needs no stack. */
_Noreturn void evil_spin(void);

/* -- probe.c -- */
struct evil_fault {
    int signal;
    uint32_t cause;
    uintptr_t address;
};
/* Runs f(va): did it fault? */
bool evil_faults(void (*f)(uintptr_t), uintptr_t va, struct evil_fault *out);
void evil_read(uintptr_t va);
void evil_write(uintptr_t va);
void evil_jump(uintptr_t va);
/* NULL if f(va) raises one of the two signals, else what happened. */
const char *evil_must_fault(void (*f)(uintptr_t), uintptr_t va, int sig, int or_sig);
const char *evil_wrong(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
const char *evil_result(const char *call, exo_sword got, int expected);
/* The victim does this; its result. */
exo_sword evil_order(enum order order, uintptr_t a, uintptr_t b, uintptr_t c);
/* Waits until the victim has checked itself again. false: it does not any more. */
bool evil_victim_lives(void);
void evil_probe_init(void);

/* This call must be refused with this error. */
#define REFUSED(call, error)                                                             \
    do {                                                                                 \
        exo_sword refused_ = (call);                                                     \
        if (refused_ != -(exo_sword)(error))                                             \
            return evil_result(#call, refused_, error);                                  \
    } while (0)
/* This call is no attack, it must work. */
#define WORKS(call)                                                                      \
    do {                                                                                 \
        exo_sword works_ = (call);                                                       \
        if (works_ < 0)                                                                  \
            return evil_result(#call, works_, 0);                                        \
    } while (0)
#define TRY(check)                                                                       \
    do {                                                                                 \
        const char *try_ = (check);                                                      \
        if (try_)                                                                        \
            return try_;                                                                 \
    } while (0)

/* -- tables.c: what everybody can see -- */
#define EVIL_KINFO ((volatile const struct exo_kinfo *)(uintptr_t)EXO_EXPORT_VA)
const struct exo_hw_table *evil_hardware(void);
volatile const struct exo_frame *evil_frame(uint32_t frame);
volatile const struct exo_env_public *evil_env(uint32_t env);
volatile const uint8_t *evil_slices_of(uint32_t core);
uintptr_t evil_page(void);
uint32_t evil_self(void); /* environment number of the caller */
/* A frame number of this type, 0 if there is none. */
uint32_t evil_frame_of_type(uint8_t type);
/* A free frame, allocated under slot 0; 0 if there is none. */
uint32_t evil_take_frame(void);
/* Allocates a frame and binds it at va for reading and writing. NULL, or what went wrong. */
const char *evil_own_page(uintptr_t va, uint32_t *frame);
/* The caller's upage, bound a second time; NULL if that fails. */
volatile struct exo_upage *evil_upage(void);
/* A free environment's number; 0 if there is none. */
uint32_t evil_free_env(void);

#endif
