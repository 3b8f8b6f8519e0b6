// SPDX-License-Identifier: GPL-2.0-or-later
/* exo_boot.c - what a boot program finds; bad hardware tables; the ELF reader on bad input. */
#include "exo_rig.h"

#include <stdlib.h>

static const struct host_config plain = {.cores = 1, .frames = 1024, .programs = 1};

EXO_TEST(a_program_finds_its_world)
{
    boot(2);
    for (uint32_t env = 1; env <= 2; env++) {
        run_until(env);
        struct ctx *c = host_running(0);
        CHECK(c->pc == HOST_CODE_VA && c->sp == EXO_STACK_TOP &&
              c->regs[1] == EXO_ARGS_VA);
        CHECK(envs[env].cap[0].len == 1 && envs[env].cap[0].byte[0] == env);
        CHECK(envs[env].cap[0].rights == EXO_CAP_ALL);
        CHECK(machine.slice[0][env - 1] == env);
        CHECK(word(HOST_CODE_VA) == 0x01010101 &&
              word(HOST_CODE_VA + 0x1000) == 0x02020202);
        CHECK(word(HOST_DATA_VA) == 0x03030303 && word(HOST_DATA_VA + 0x1ffc) == 0);
        CHECK(host_store32(0, HOST_DATA_VA, env) &&
              host_store32(0, EXO_STACK_TOP - 4, 1));
        CHECK(
            host_store32(0, EXO_STACK_TOP - (EXO_STACK_PAGES << machine.page_shift), 1));
        CHECK(word(EXO_ARGS_VA) == 2 && word(EXO_ARGS_VA + 4) == 9);
        CHECK(word(EXO_ARGS_VA + 8) == env && word(EXO_ARGS_VA + 12) == env - 1);
        CHECK(word(EXO_ARGS_VA + 16) == 0x676f7270); /* "prog" */
        CHECK(word(EXO_EXPORT_VA) == EXO_ABI_VERSION);
        uint32_t hw =
            word(EXO_EXPORT_VA + (uint32_t)offsetof(struct exo_kinfo, hwtable_off));
        CHECK(word(EXO_EXPORT_VA + hw) == EXO_HW_MAGIC);
        CHECK(word(EXO_UPAGE_VA) == 0 && host_store32(0, EXO_UPAGE_VA + 4, 0));
    }
    CHECK(word(HOST_DATA_VA) == 2); /* data is private */
}

EXO_TEST(boot_runs_tell_the_frames)
{
    boot(1);
    const struct exo_boot *b = (const void *)upage(1)->library;
    uint32_t pages = 0, held = 0;
    CHECK(b->magic == EXO_BOOT_MAGIC && b->nruns > 4);
    for (uint32_t i = 0; i < b->nruns; i++)
        for (uint32_t p = 0; p < b->run[i].pages; p++, pages++) {
            uint32_t cause, f = b->run[i].frame + p;
            uint64_t pa, va = b->run[i].va + (p << machine.page_shift);
            CHECK(mmu_translate(&kernel_ctx[1], va, 0, &pa, &cause) == 0 &&
                  pa >> 12 == f);
            CHECK((mmu_translate(&kernel_ctx[1], va, 1, &pa, &cause) == 0) ==
                  ((b->run[i].flags & EXO_W) != 0));
            held += machine.frame[f].type == EXO_FRAME_USER;
            CHECK(machine.frame[f].type != EXO_FRAME_USER || frame_held(1, f));
        }
    CHECK(pages == 2 + 2 + EXO_STACK_PAGES + 1 + 1 + machine.kinfo->export_pages);
    CHECK(held == 2 + EXO_STACK_PAGES + 1 + 1); /* text is the module's own frames */
}

static void dies(uint64_t va, bool write)
{
    boot(1);
    CHECK(!(write ? may_write(va) : may_read(va)));
    CHECK(state_of(1) == EXO_ENV_STATE_DEAD && host.report.badvaddr == va);
}

EXO_TEST(text_is_not_writable)
{
    dies(HOST_CODE_VA, true);
}
EXO_TEST(arguments_are_not_writable)
{
    dies(EXO_ARGS_VA, true);
}
EXO_TEST(exported_tables_are_not_writable)
{
    dies(EXO_EXPORT_VA, true);
}
EXO_TEST(page_zero_is_not_there)
{
    dies(0, false);
}
EXO_TEST(the_stack_ends)
{
    dies(EXO_STACK_TOP - ((EXO_STACK_PAGES + 1) << 12), true);
}

EXO_TEST(long_arguments)
{
    static char args[9000];
    memset(args, 'x', sizeof args - 1);
    struct host_config config = plain;
    config.args = args;
    config.args_len = sizeof args;
    config.argc = 1;
    host_setup(&config);
    CHECK(host_boot() == HOST_USER);
    CHECK(word(EXO_ARGS_VA + 16 + 8992) == 0x78787878);
    CHECK((word(EXO_ARGS_VA + 16 + 8996) & 0xff000000) == 0); /* its NUL */
}

EXO_TEST(page_sizes)
{
    struct host_config config = plain;
    config.page_shift = 14;
    config.frames = 512;
    host_setup(&config);
    if (host_boot() == HOST_PANIC) { /* a kind may refuse; it must say so */
        CHECK(strstr(host.message, "panic") == NULL && host.message[0] != 0);
        host.panicked = false;
        return;
    }
    CHECK(word(HOST_DATA_VA) == 0x03030303 && word(HOST_DATA_VA + 0x7ffc) == 0);
}

static void panics(const char *why)
{
    CHECK(host_boot() == HOST_PANIC);
    if (strstr(host.message, why) == NULL)
        rig_fail(__FILE__, __LINE__, host.message);
    host.panicked = false;
}

#define BAD_TABLE(name, change, why)                                                     \
    EXO_TEST(name)                                                                       \
    {                                                                                    \
        host_setup(&plain);                                                              \
        struct exo_hw_table *t = host_table();                                           \
        change;                                                                          \
        panics(why);                                                                     \
    }

BAD_TABLE(bad_magic, t->magic++, "magic")
BAD_TABLE(bad_version, t->version++, "version")
BAD_TABLE(no_cores, t->cores = 0, "cores")
BAD_TABLE(too_many_cores, t->cores = EXO_NCORE + 1, "cores")
BAD_TABLE(bad_page, t->page_shift = 11, "page size")
BAD_TABLE(bad_ram, t->ram_size = 0x80000000u, "memory size")
BAD_TABLE(bad_free_base, t->free_base = t->ram_size, "memory size")
BAD_TABLE(many_devices, t->ndevices = EXO_HW_MAX_DEVICES + 1, "too many")
BAD_TABLE(many_modules, t->nmodules = EXO_HW_MAX_MODULES + 1, "too many")
BAD_TABLE(module_beyond_ram, t->module[0].pa = t->ram_size, "module")
BAD_TABLE(module_wraps, t->module[0].size = ~0ull, "module")
BAD_TABLE(module_unaligned, t->module[0].pa += 4, "module")
BAD_TABLE(bad_args, (t->module[0].args_len = 16, t->module[0].args_pa = t->ram_size - 8),
          "arguments")
BAD_TABLE(long_args, t->module[0].args_len = 70000, "arguments")
BAD_TABLE(no_timer, t->device[2].class_ = 0, "timer")
BAD_TABLE(no_mmu, t->device[0].class_ = 0, "MMU")
BAD_TABLE(no_program, t->module[0].kind = EXO_MODULE_FILE, "nothing to run")
BAD_TABLE(little_memory, t->ram_size = t->free_base + 0x4000, "out of memory")

static void elf_panics(const uint8_t *image, uint32_t size, const char *why)
{
    struct host_config config = plain;
    config.image = image;
    config.image_size = size;
    host_setup(&config);
    panics(why);
}

EXO_TEST(not_an_elf)
{
    elf_panics((const uint8_t *)"#!/bin/sh\necho no such thing\n", 28, "not an ELF");
}

/* -- elf_open, elf_segment -- */

static uint8_t image[4096];

static void write_at(uint32_t at, uint64_t value, uint32_t bytes)
{
    memcpy(image + at, &value, bytes);
}

static void good_elf(bool wide)
{
    memset(image, 0, sizeof image);
    memcpy(image, "\177ELF\1\1\1", 7);
    image[4] = wide ? 2 : 1;
    write_at(16, 2, 2);
    write_at(24, 0x400000, wide ? 8 : 4);
    write_at(wide ? 32 : 28, 128, wide ? 8 : 4);
    write_at(wide ? 54 : 42, wide ? 56 : 32, 2);
    write_at(wide ? 56 : 44, 2, 2);
    for (uint32_t i = 0; i < 2; i++) {
        uint32_t p = 128 + i * (wide ? 56u : 32u);
        write_at(p, 1, 4);
        write_at(p + (wide ? 4 : 24), 5, 4);
        write_at(p + (wide ? 8 : 4), 512, wide ? 8 : 4);
        write_at(p + (wide ? 16 : 8), 0x400000 + 0x1000 * i, wide ? 8 : 4);
        write_at(p + (wide ? 32 : 16), 256, wide ? 8 : 4);
        write_at(p + (wide ? 40 : 20), 512, wide ? 8 : 4);
    }
}

static int read_all(uint64_t size, bool wide)
{
    uint64_t entry;
    uint32_t n;
    struct elf_segment s;
    int r = elf_open(image, size, wide, &entry, &n);
    for (uint32_t i = 0; r >= 0 && i < n; i++)
        r = elf_segment(image, size, wide, i, &s);
    return r;
}

EXO_TEST(elf_good)
{
    for (int wide = 0; wide < 2; wide++) {
        struct elf_segment s;
        good_elf(wide);
        CHECK(read_all(sizeof image, wide) == 1);
        CHECK(elf_segment(image, sizeof image, wide, 1, &s) == 1);
        CHECK(s.va == 0x401000 && s.offset == 512 && s.file_size == 256 &&
              s.mem_size == 512);
        CHECK(s.flags == (EXO_R | EXO_X));
        CHECK(read_all(sizeof image, !wide) == -ELF_CLASS);
    }
}

EXO_TEST(elf_bad_headers)
{
    for (int w = 0; w < 2; w++) {
        good_elf(w);
        image[0] = 0;
        CHECK(read_all(sizeof image, w) == -ELF_MAGIC);
        good_elf(w);
        image[5] = 2; /* big endian */
        CHECK(read_all(sizeof image, w) == -ELF_CLASS);
        good_elf(w);
        write_at(16, 3, 2); /* ET_DYN */
        CHECK(read_all(sizeof image, w) == -ELF_TYPE);
        good_elf(w);
        write_at(w ? 54 : 42, 31, 2);
        CHECK(read_all(sizeof image, w) == -ELF_TABLE);
        good_elf(w);
        write_at(w ? 56 : 44, 0, 2);
        CHECK(read_all(sizeof image, w) == -ELF_TABLE);
        write_at(w ? 56 : 44, 0xffff, 2);
        CHECK(read_all(sizeof image, w) == -ELF_TABLE);
        good_elf(w);
        write_at(w ? 32 : 28, ~0ull, w ? 8 : 4); /* table at the end of the world */
        CHECK(read_all(sizeof image, w) == -ELF_SHORT);
        write_at(w ? 32 : 28, sizeof image - 8, w ? 8 : 4);
        CHECK(read_all(sizeof image, w) == -ELF_SHORT);
        good_elf(w);
        write_at(24, 0, w ? 8 : 4);
        CHECK(read_all(sizeof image, w) == -ELF_ADDRESS);
        write_at(24, EXO_EXPORT_VA, w ? 8 : 4);
        CHECK(read_all(sizeof image, w) == -ELF_ADDRESS);
        good_elf(w);
        write_at(128, 3, 4); /* PT_INTERP */
        CHECK(read_all(sizeof image, w) == -ELF_TYPE);
    }
}

EXO_TEST(elf_bad_segments)
{
    for (int w = 0; w < 2; w++) {
        uint32_t word_ = w ? 8 : 4, off = w ? 136 : 132, va = w ? 144 : 136,
                 fsz = w ? 160 : 144, msz = w ? 168 : 148, flags = w ? 132 : 152;
        good_elf(w);
        write_at(fsz, 513, word_); /* more in the file than in memory */
        CHECK(read_all(sizeof image, w) == -ELF_SEGMENT);
        good_elf(w);
        write_at(flags, 0, 4);
        CHECK(read_all(sizeof image, w) == -ELF_SEGMENT);
        good_elf(w);
        write_at(off, sizeof image - 255, word_);
        CHECK(read_all(sizeof image, w) == -ELF_SHORT);
        write_at(off, ~0ull, word_);
        CHECK(read_all(sizeof image, w) == -ELF_SHORT);
        good_elf(w);
        write_at(va, 0, word_);
        CHECK(read_all(sizeof image, w) == -ELF_ADDRESS);
        write_at(va, EXO_EXPORT_VA - 256, word_);
        CHECK(read_all(sizeof image, w) == -ELF_ADDRESS);
        write_at(va, ~0ull, word_);
        CHECK(read_all(sizeof image, w) == -ELF_ADDRESS);
        good_elf(w);
        write_at(msz, ~0ull, word_);
        CHECK(read_all(sizeof image, w) == -ELF_ADDRESS);
    }
}

/* Every truncation and every single-byte change is refused or read within bounds (sanitizers). */
EXO_TEST(elf_truncated_and_changed)
{
    for (int w = 0; w < 2; w++) {
        good_elf(w);
        for (uint32_t size = 0; size < 800; size++) {
            uint8_t *copy = malloc(size + 1), saved[sizeof image];
            memcpy(copy, image, size);
            uint64_t entry;
            uint32_t n;
            struct elf_segment s;
            int r = elf_open(copy, size, w, &entry, &n);
            for (uint32_t i = 0; r >= 0 && i < n; i++)
                r = elf_segment(copy, size, w, i, &s);
            CHECK((r >= 0) == (size >= 768));
            free(copy);
            memcpy(saved, image, sizeof image);
            for (int bit = 0; bit < 8 && size < 300; bit++) {
                image[size] ^= (uint8_t)(1 << bit);
                read_all(sizeof image, w);
                memcpy(image, saved, sizeof image);
            }
        }
    }
}

EXO_TEST(overlapping_segments)
{
    good_elf(true);
    write_at(128 + 56 + 16, 0x400800, 8); /* in the page of the first */
    elf_panics(image, sizeof image, "overlap");
}

const struct rig_test exo_boot_tests[] = {RIG_ROW(a_program_finds_its_world),
                                          RIG_ROW(boot_runs_tell_the_frames),
                                          RIG_ROW(text_is_not_writable),
                                          RIG_ROW(arguments_are_not_writable),
                                          RIG_ROW(exported_tables_are_not_writable),
                                          RIG_ROW(page_zero_is_not_there),
                                          RIG_ROW(the_stack_ends),
                                          RIG_ROW(long_arguments),
                                          RIG_ROW(page_sizes),
                                          RIG_ROW(bad_magic),
                                          RIG_ROW(bad_version),
                                          RIG_ROW(no_cores),
                                          RIG_ROW(too_many_cores),
                                          RIG_ROW(bad_page),
                                          RIG_ROW(bad_ram),
                                          RIG_ROW(bad_free_base),
                                          RIG_ROW(many_devices),
                                          RIG_ROW(many_modules),
                                          RIG_ROW(module_beyond_ram),
                                          RIG_ROW(module_wraps),
                                          RIG_ROW(module_unaligned),
                                          RIG_ROW(bad_args),
                                          RIG_ROW(long_args),
                                          RIG_ROW(no_timer),
                                          RIG_ROW(no_mmu),
                                          RIG_ROW(no_program),
                                          RIG_ROW(little_memory),
                                          RIG_ROW(not_an_elf),
                                          RIG_ROW(elf_good),
                                          RIG_ROW(elf_bad_headers),
                                          RIG_ROW(elf_bad_segments),
                                          RIG_ROW(elf_truncated_and_changed),
                                          RIG_ROW(overlapping_segments),
                                          RIG_END};
