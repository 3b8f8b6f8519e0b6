// SPDX-License-Identifier: GPL-2.0-or-later
/* stepper_info.c - what there is at this place: tables, registers, code. See stepper.h. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "code.h"
#include "stepper.h"

static void print_holders(FILE *out, uint64_t held)
{
    const char *comma = "";
    for (unsigned e = 1; e < KV_ENVS; e++)
        if (held >> e & 1) {
            fprintf(out, "%s%u", comma, e);
            comma = ",";
        }
    if (!*comma)
        fprintf(out, "-");
}

static void info_envs(struct stepper *s)
{
    fprintf(s->out,
            "ENV STATE  PARENT CORE FRAMES       CYCLES GUARD            PROGRAM\n");
    for (uint32_t i = 1; i < kernel_view_envs(s->view); i++) {
        struct kv_env e;
        char guard[64];
        if (!kernel_view_env(s->view, i, &e))
            continue;
        kv_name_text(&e.guard, guard, sizeof guard);
        fprintf(s->out, "%3" PRIu32 " %-6s %6" PRIu32 " ", i, kv_env_state(e.state),
                e.parent);
        if (e.on_core)
            fprintf(s->out, "%4" PRIu32, e.on_core - 1);
        else
            fprintf(s->out, "   -");
        fprintf(s->out, " %6" PRIu32 " %12" PRIu64 " %-16s %s\n", e.frames, e.cycles,
                guard, e.program);
    }
}

/* Runs of frames alike are one line. */
static bool alike(const struct kv_frame *a, const struct kv_frame *b)
{
    return a->type == b->type && a->held == b->held && (a->pins != 0) == (b->pins != 0);
}

static void print_frames(struct stepper *s, uint32_t first, uint32_t end,
                         const struct kv_frame *f)
{
    char guard[64];
    kv_name_text(&f->guard[0], guard, sizeof guard);
    fprintf(s->out, "%7" PRIu32 "..%-7" PRIu32 " %-7s %s ", first, end - 1,
            kv_frame_type(f->type), f->pins ? "pinned" : "      ");
    if (f->held) {
        fprintf(s->out, "guard %-12s held by ", guard);
        print_holders(s->out, f->held);
    }
    fputc('\n', s->out);
}

static void info_frames(struct stepper *s)
{
    uint32_t n = kernel_view_frames(s->view), first = 0;
    struct kv_frame run, f;
    for (uint32_t i = 0; i < n && kernel_view_frame(s->view, i, &f); i++) {
        if (i > 0 && !alike(&run, &f)) {
            print_frames(s, first, i, &run);
            first = i;
        }
        if (i == first)
            run = f;
    }
    if (n > 0)
        print_frames(s, first, n, &run);
}

static void info_caps(struct stepper *s)
{
    for (uint32_t e = 1; e < kernel_view_envs(s->view); e++) {
        struct kv_env env;
        if (!kernel_view_env(s->view, e, &env))
            continue;
        for (uint32_t slot = 0; slot < kernel_view_caps(s->view); slot++) {
            struct kv_name n;
            char text[64];
            if (!kernel_view_cap(s->view, e, slot, &n))
                continue;
            kv_name_text(&n, text, sizeof text);
            fprintf(s->out, "env %" PRIu32 " slot %" PRIu32 ": %s\n", e, slot, text);
        }
    }
}

static void info_slices(struct stepper *s)
{
    for (unsigned c = 0; c < machine_cores(s->session->machine); c++) {
        fprintf(s->out, "core %u:", c);
        for (uint32_t i = 0; i < kernel_view_slots(s->view); i++) {
            uint32_t owner = kernel_view_slice(s->view, c, i);
            if (owner)
                fprintf(s->out, " %" PRIu32 "=%" PRIu32, i, owner);
        }
        fprintf(s->out, " (slot=environment)\n");
    }
}

static void info_disk(struct stepper *s)
{
    for (uint32_t i = 0; i < kernel_view_extents(s->view); i++) {
        struct kv_extent x;
        char guard[64];
        if (!kernel_view_extent(s->view, i, &x))
            continue;
        kv_name_text(&x.guard, guard, sizeof guard);
        fprintf(s->out,
                "extent %" PRIu32 ": units %" PRIu32 "..%" PRIu32 ", %" PRIu32
                " requests, guard %s, held by ",
                i, x.first, x.first + x.count - 1, x.requests, guard);
        print_holders(s->out, x.held);
        fputc('\n', s->out);
    }
}

static void info_nic(struct stepper *s)
{
    for (uint32_t i = 0; i < kernel_view_rings(s->view); i++) {
        struct kv_ring r;
        char guard[64];
        if (!kernel_view_ring(s->view, i, &r))
            continue;
        kv_name_text(&r.guard, guard, sizeof guard);
        fprintf(s->out,
                "ring %" PRIu32 ": %" PRIu32 " slots, %" PRIu32 " filters, guard %s, ", i,
                r.slots, r.filters, guard);
        if (r.queue)
            fprintf(s->out, "hardware queue %" PRIu32 ", ", r.queue - 1);
        fprintf(s->out, "held by ");
        print_holders(s->out, r.held);
        fputc('\n', s->out);
    }
}

static void print_model(struct stepper *s, enum hw_class class_)
{
    char text[16384];
    for (unsigned i = 0;
         machine_describe_device(s->session->machine, class_, i, text, sizeof text); i++)
        fprintf(s->out, "%s", text);
}

static void info_registers(struct stepper *s)
{
    for (unsigned c = 0; c < machine_cores(s->session->machine); c++) {
        char text[8192];
        size_t n = machine_describe(s->session->machine, c, text, sizeof text - 1);
        text[n < sizeof text ? n : sizeof text - 1] = 0;
        fprintf(s->out, "core %u\n%s", c, text);
    }
}

bool stepper_info(struct stepper *s, const char *what)
{
    static const struct {
        const char *name;
        void (*show)(struct stepper *s);
        enum hw_class class_; /* of the models that have more to say; 0: none */
    } tables[] = {
        {"envs", info_envs, 0},          {"frames", info_frames, 0},
        {"caps", info_caps, 0},          {"slices", info_slices, 0},
        {"tlb", NULL, HW_CLASS_MMU},     {"disk", info_disk, HW_CLASS_DISK},
        {"nic", info_nic, HW_CLASS_NIC}, {"registers", info_registers, 0},
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        if (strcmp(tables[i].name, what) != 0)
            continue;
        if (tables[i].show)
            tables[i].show(s);
        if (tables[i].class_)
            print_model(s, tables[i].class_);
        return true;
    }
    return false;
}

/* ---- code ---- */

void stepper_disassemble(struct stepper *s, unsigned n)
{
    struct machine *m = s->session->machine;
    for (unsigned c = 0; c < machine_cores(m); c++) {
        bool kernel;
        uint64_t pc = machine_pc(m, c, &kernel);
        char where[700], last[700] = "", text[200];
        for (unsigned i = 0; i < n; i++) {
            unsigned size = code_instruction(s->code, c, pc, text, sizeof text);
            if (size == 0) {
                fprintf(s->out, "  0x%" PRIx64 "  not translated, or no instruction\n",
                        pc);
                break;
            }
            code_where(s->code, c, kernel, pc, where, sizeof where);
            if (strcmp(where, last) != 0 && where[0])
                fprintf(s->out, "%s:\n", where);
            snprintf(last, sizeof last, "%s", where);
            fprintf(s->out, "%s 0x%" PRIx64 "  %s\n", i ? "  " : "=>", pc, text);
            pc += size;
        }
    }
}

void stepper_where(struct stepper *s)
{
    struct machine *m = s->session->machine;
    struct machine_place p = travel_place(s->travel);
    char text[300];
    fprintf(s->out, "event %" PRIu64 ", cycle %" PRIu64 ", instruction %" PRIu64 "\n",
            s->cursor, p.cycle, p.instruction);
    if (s->cursor > 0 && stepper_record(s, s->cursor - 1, text, sizeof text))
        fprintf(s->out, "  %s\n", text);
    for (unsigned c = 0; c < machine_cores(m); c++) {
        bool kernel;
        uint64_t pc = machine_pc(m, c, &kernel);
        char where[700] = "";
        code_where(s->code, c, kernel, pc, where, sizeof where);
        fprintf(s->out, "  core %u: environment %" PRIu32 ", %s, pc 0x%" PRIx64 " %s\n",
                c, machine_context(m, c), kernel ? "kernel" : "user", pc, where);
    }
    if (travel_ended(s->travel))
        fprintf(s->out, "  the run ends here\n");
}
