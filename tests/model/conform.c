// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * conform.c - what every model must do, run over every row of a model table (rig_rows: the
 * built-in one, or a plugin's): a new model is tested by adding its row. Classes with more of a
 * contract have suites of their own.
 */
#include "poke.h"
#include "rig.h"
#include "suites.h"
#include <exo/machine.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEPS 4000u
#define CORES 3u

/* Devices (not CPUs, which need a machine: tests/unicorn). */
static const struct hw_model *device(unsigned row)
{
    return rig_rows[row] && rig_rows[row]->class_ != HW_CLASS_CPU ? rig_rows[row] : NULL;
}

#define EACH_ROW(m)                                                                      \
    for (unsigned row_ = 0; rig_rows[row_]; row_++)                                      \
        for (const struct hw_model *m = rig_rows[row_]; m; m = NULL)
#define EACH_DEVICE(m) EACH_ROW(m) if (device(row_))

static void one_param(const struct hw_param *p)
{
    CU_ASSERT(p->name && strncmp(p->name, "exo,", 4) == 0 && strlen(p->name) < 32);
    CU_ASSERT(p->help && p->help[0] && p->unit);
    if (p->type == HW_PARAM_STRING) {
        CU_ASSERT(p->def_string != NULL);
    } else {
        CU_ASSERT(p->min <= p->def && p->def <= p->max);
    }
}

static void rows(void)
{
    EACH_ROW(m)
    {
        CU_ASSERT(m->abi == HW_ABI);
        CU_ASSERT(m->class_ >= HW_CLASS_CPU && m->class_ <= HW_CLASS_NIC);
        CU_ASSERT(m->compatible && strlen(m->compatible) < HW_NAME_MAX);
        CU_ASSERT(m->summary && m->summary[0] && !strchr(m->summary, '\n'));
        CU_ASSERT(m->ops != NULL);
        CU_ASSERT(m->nparams <= HW_MAX_PARAMS && (m->nparams == 0 || m->params));
        for (size_t i = 0; i < m->nparams; i++) {
            one_param(&m->params[i]);
            for (size_t k = 0; k < i; k++)
                CU_ASSERT(strcmp(m->params[i].name, m->params[k].name) != 0);
        }
        for (unsigned k = 0; rig_rows[k] != m; k++)
            CU_ASSERT(strcmp(rig_rows[k]->compatible, m->compatible) != 0);
    }
}

/* Models of ours have the names and numbers that the exokernel goes by. */
static bool is_known(enum hw_class class_, const char *compatible, unsigned kind)
{
    static const struct {
        enum hw_class class_;
        unsigned kind;
        const char *name;
    } all[] = {
#define EXO_KIND_MMU(number, name, NAME) {HW_CLASS_MMU, number, "exo,mmu-" #name},
#define EXO_KIND_DISK(number, name, NAME) {HW_CLASS_DISK, number, "exo,disk-" #name},
#define EXO_KIND_NIC(number, name, NAME) {HW_CLASS_NIC, number, "exo,nic-" #name},
#include <exo/kinds.def>
    };
    for (unsigned i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].class_ == class_ && all[i].kind == kind)
            return strncmp(compatible, "exo,", 4) != 0 ||
                   strcmp(compatible, all[i].name) == 0;
    return kind != 0; /* without a driver, so far */
}

static void operations(void)
{
    EACH_DEVICE(m)
    {
        const struct hw_dev_ops *o = rig_ops(m);
        CU_ASSERT(o->create && o->destroy && o->read && o->write);
        CU_ASSERT(o->save && o->restore && o->describe);
        if (m->class_ == HW_CLASS_MMU) {
            const struct hw_mmu_ops *u = m->ops;
            CU_ASSERT(u->lookup && u->miss && u->stats && u->broadcast);
            CU_ASSERT(u->page_shift && u->table_params);
            CU_ASSERT(is_known(m->class_, m->compatible, u->kind));
        }
        if (m->class_ == HW_CLASS_DISK) {
            const struct hw_disk_ops *k = m->ops;
            CU_ASSERT(k->persist && k->stats && k->table_params);
            CU_ASSERT(is_known(m->class_, m->compatible, k->kind));
        }
        if (m->class_ == HW_CLASS_INTC) {
            const struct hw_intc_ops *i = m->ops;
            CU_ASSERT(i->line && i->line_core);
        }
    }
}

/* A refusal is one sentence that names a property of the model. */
static bool names_property(const struct hw_model *m, const char *msg)
{
    for (size_t i = 0; i < m->nparams; i++)
        if (strstr(msg, m->params[i].name))
            return true;
    return false;
}

static void limits(void)
{
    EACH_DEVICE(m)
    {
        struct rig r;
        CU_ASSERT_FATAL(rig_try(&r, m, NULL, CORES, 1) == 0);
        rig_close(&r);
        for (size_t i = 0; i < m->nparams; i++) {
            const struct hw_param *p = &m->params[i];
            if (p->type != HW_PARAM_U64)
                continue;
            const uint64_t inside[] = {p->min, p->max};
            for (unsigned k = 0; k < 2; k++) {
                struct rig_set set[] = {{p->name, inside[k], NULL}, {0}};
                if (rig_try(&r, m, set, CORES, 1) == 0)
                    rig_close(&r);
                else
                    CU_ASSERT(names_property(m, r.err.msg));
            }
            if (p->min > 0) {
                struct rig_set set[] = {{p->name, p->min - 1, NULL}, {0}};
                CU_ASSERT_FATAL(rig_try(&r, m, set, CORES, 1) == -1);
                CU_ASSERT(strstr(r.err.msg, p->name) != NULL);
            }
            if (p->max < UINT64_MAX) {
                struct rig_set set[] = {{p->name, p->max + 1, NULL}, {0}};
                CU_ASSERT_FATAL(rig_try(&r, m, set, CORES, 1) == -1);
                CU_ASSERT(strstr(r.err.msg, p->name) != NULL);
            }
        }
    }
}

static void no_core_or_too_many(void)
{
    EACH_DEVICE(m)
    {
        static const unsigned counts[] = {0, 1, 8, 16, 17, 64, 65, 100000};
        for (unsigned i = 0; i < sizeof counts / sizeof counts[0]; i++) {
            struct rig r;
            if (rig_try(&r, m, NULL, counts[i], 1) == 0)
                rig_close(&r);
            else
                CU_ASSERT(r.err.msg[0] != 0 && (counts[i] == 0 || counts[i] > 16));
        }
    }
}

/* ---- random use ------------------------------------------------------------------- */

static uint64_t play(struct rig *r, uint64_t rng, unsigned steps)
{
    uint64_t seen = 0;
    for (unsigned i = 0; i < steps; i++) {
        poke_prepare(r, i);
        poke(r, &rng, &seen);
    }
    return seen;
}

/* Things outside the device: what a restored machine has back by itself. */
static void copy_world(struct fake_env *to, const struct fake_env *from)
{
    to->now = from->now;
    to->trace_hash = from->trace_hash;
    memcpy(to->ram, from->ram, from->ram_size);
    if (from->store)
        memcpy(to->store, from->store, fake_env_kept(from));
}

static bool same_world(const struct fake_env *a, const struct fake_env *b)
{
    return a->trace_hash == b->trace_hash && a->irq == b->irq &&
           memcmp(a->irq_core, b->irq_core, sizeof a->irq_core) == 0 &&
           memcmp(a->core_irq, b->core_irq, sizeof a->core_irq) == 0 &&
           memcmp(a->deadline, b->deadline, sizeof a->deadline) == 0 &&
           memcmp(a->ram, b->ram, a->ram_size) == 0 &&
           (!a->store || memcmp(a->store, b->store, fake_env_kept(a)) == 0);
}

static void save_and_restore(void)
{
    EACH_DEVICE(m)
    {
        struct rig a, b;
        rig_open_cores(&a, m->compatible, NULL, CORES, 7);
        rig_open_cores(&b, m->compatible, NULL, CORES, 99);
        play(&a, 0x1234567, STEPS);
        play(&b, 0x7654321, STEPS / 2);
        size_t len;
        uint8_t *state = rig_save(&a, &len);
        CU_ASSERT(b.ops->restore(b.dev, state, len) == 0);
        CU_ASSERT(rig_same_state(&a, &b));
        copy_world(&b.f, &a.f);
        a.f.charged = b.f.charged = 0;
        uint64_t seen = play(&a, 0xabcdef, STEPS);
        CU_ASSERT(play(&b, 0xabcdef, STEPS) == seen);
        CU_ASSERT(rig_same_state(&a, &b));
        CU_ASSERT(same_world(&a.f, &b.f));
        CU_ASSERT(a.f.charged == b.f.charged);
        free(state);
        rig_close(&a);
        rig_close(&b);
    }
}

/* No byte past max is written, whatever max is. */
static void save_into_little(void)
{
    EACH_DEVICE(m)
    {
        struct rig r;
        rig_open_cores(&r, m->compatible, NULL, CORES, 1);
        size_t len = r.ops->save(r.dev, NULL, 0);
        for (size_t max = 0; max < len && max < 64; max++) {
            uint8_t *buf = malloc(max + 1);
            buf[max] = 0x5a;
            CU_ASSERT(r.ops->save(r.dev, buf, max) == len);
            CU_ASSERT(buf[max] == 0x5a);
            free(buf);
        }
        rig_close(&r);
    }
}

static void restore_rubbish(void)
{
    EACH_DEVICE(m)
    {
        struct rig r;
        rig_open_cores(&r, m->compatible, NULL, CORES, 1);
        play(&r, 42, STEPS);
        size_t len;
        uint64_t rng = 77;
        uint8_t *good = rig_save(&r, &len), *bad = malloc(len + 1);
        for (size_t cut = 0; cut < len; cut += 1 + len / 97) {
            memcpy(bad, good, len);
            CU_ASSERT(r.ops->restore(r.dev, bad, cut) == -1);
        }
        memcpy(bad, good, len);
        bad[len] = 0;
        CU_ASSERT(r.ops->restore(r.dev, bad, len + 1) == -1);
        bad[0] ^= 1; /* not this model's state */
        CU_ASSERT(r.ops->restore(r.dev, bad, len) == -1);
        for (unsigned i = 0; i < 300; i++) { /* refused or taken, it goes on working */
            memcpy(bad, good, len);
            for (unsigned k = 0; k < 1 + i % 9; k++)
                bad[rig_random(&rng) % len] = (uint8_t)rig_random(&rng);
            (void)r.ops->restore(r.dev, bad, len);
            play(&r, i + 1, 50);
        }
        CU_ASSERT(r.ops->restore(r.dev, good, len) == 0);
        size_t again;
        uint8_t *now = rig_save(&r, &again);
        CU_ASSERT(again == len && memcmp(now, good, len) == 0);
        free(now);
        free(good);
        free(bad);
        rig_close(&r);
    }
}

/* "name value" lines, NUL-terminated, cut at max. */
static void describe(void)
{
    EACH_DEVICE(m)
    {
        struct rig r;
        rig_open_cores(&r, m->compatible, NULL, CORES, 1);
        play(&r, 5, STEPS);
        static char text[1 << 20];
        size_t n = r.ops->describe(r.dev, text, sizeof text);
        CU_ASSERT(n > 0 && n < sizeof text && text[n] == 0 && strlen(text) == n);
        for (char *line = text; *line;) {
            char *end = strchr(line, '\n'), *space = strchr(line, ' ');
            CU_ASSERT_FATAL(end != NULL);
            CU_ASSERT(space && space > line && space + 1 < end);
            line = end + 1;
        }
        for (size_t max = 0; max < 200; max++) {
            char *buf = malloc(max + 1);
            buf[max] = 'q';
            size_t got = r.ops->describe(r.dev, buf, max);
            CU_ASSERT(max == 0 ? got == 0 : got < max && strlen(buf) == got);
            CU_ASSERT(buf[max] == 'q');
            free(buf);
        }
        rig_close(&r);
    }
}

static void nothing_shared(void)
{
    EACH_DEVICE(m)
    {
        struct rig a, b, fresh;
        rig_open_cores(&a, m->compatible, NULL, CORES, 3);
        rig_open_cores(&b, m->compatible, NULL, CORES, 3);
        play(&a, 9, STEPS);
        rig_open_cores(&fresh, m->compatible, NULL, CORES, 3);
        CU_ASSERT(rig_same_state(&b, &fresh));
        rig_close(&a);
        CU_ASSERT(play(&b, 10, STEPS) == play(&fresh, 10, STEPS));
        CU_ASSERT(rig_same_state(&b, &fresh));
        CU_ASSERT(same_world(&b.f, &fresh.f));
        rig_close(&b);
        rig_close(&fresh);
    }
}

/* lookup() changes nothing a guest could see, and costs nothing. */
static void lookup_is_pure(void)
{
    EACH_DEVICE(m)
    {
        struct rig r;
        rig_open_cores(&r, m->compatible, NULL, CORES, 3);
        if (r.mmu) {
            play(&r, 21, STEPS);
            size_t len, after_len;
            uint8_t *before = rig_save(&r, &len);
            unsigned traces = r.f.traces, changed = r.f.changed, errors = r.f.errors;
            uint64_t charged = r.f.charged, rng = 4;
            for (unsigned i = 0; i < 100000; i++) {
                struct hw_mmu_entry e;
                uint64_t va = rig_random(&rng) >> (i % 64);
                (void)r.mmu->lookup(r.dev, va, (enum hw_access)(i % 3), &e);
            }
            uint8_t *after = rig_save(&r, &after_len);
            CU_ASSERT(len == after_len && memcmp(before, after, len) == 0);
            CU_ASSERT(traces == r.f.traces && changed == r.f.changed);
            CU_ASSERT(errors == r.f.errors && charged == r.f.charged);
            free(before);
            free(after);
        }
        rig_close(&r);
    }
}

/* Who was looked up may decide when the CPU is told, and nothing else. */
static void lookup_decides_nothing(void)
{
    EACH_DEVICE(m)
    {
        struct rig a, b;
        rig_open_cores(&a, m->compatible, NULL, CORES, 3);
        rig_open_cores(&b, m->compatible, NULL, CORES, 3);
        uint64_t rng_a = 8, rng_b = 8, seen_a = 0, seen_b = 0, asks = 15;
        for (unsigned i = 0; a.mmu && i < STEPS; i++) {
            poke_prepare(&a, i);
            poke_prepare(&b, i);
            poke(&a, &rng_a, &seen_a);
            poke(&b, &rng_b, &seen_b);
            struct hw_mmu_entry e;
            for (unsigned k = 0; k < 10; k++)
                (void)a.mmu->lookup(a.dev, rig_random(&asks) & 0x1ffff, k % 3, &e);
        }
        CU_ASSERT(seen_a == seen_b);
        CU_ASSERT(rig_same_state(&a, &b));
        CU_ASSERT(same_world(&a.f, &b.f));
        rig_close(&a);
        rig_close(&b);
    }
}

void conform_suite(void)
{
    CU_pSuite s = CU_add_suite("conform", NULL, NULL);
    CU_add_test(s, "rows are complete and distinct", rows);
    CU_add_test(s, "operations of the class are there", operations);
    CU_add_test(s, "defaults work, limits hold, refusals name the property", limits);
    CU_add_test(s, "core counts", no_core_or_too_many);
    CU_add_test(s, "save and restore: same bytes, same future", save_and_restore);
    CU_add_test(s, "save stays inside its buffer", save_into_little);
    CU_add_test(s, "restore survives rubbish", restore_rubbish);
    CU_add_test(s, "describe: lines, terminated, cut", describe);
    CU_add_test(s, "instances share nothing; a seed decides all", nothing_shared);
    CU_add_test(s, "MMU: lookup is pure", lookup_is_pure);
    CU_add_test(s, "MMU: what was looked up decides nothing", lookup_decides_nothing);
}
