// SPDX-License-Identifier: GPL-2.0-or-later
/* sim_board.c - the board reader: a good board is read whole, each kind of bad one is refused
 * with file, node, property, what was wrong and what was expected. */
#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim_fake.h"
#include "sim_suites.h"

static void test_good(void)
{
    char *dts =
        fake_dts("exo,clock-hz = <25000000>; exo,seed = <9>;",
                 "dev@f0003000 { compatible = \"test,device\"; interrupts = <3>;\n"
                 "  reg = <0xf0003000 0x100>; exo,size = <7>; exo,fast;\n"
                 "  exo,big = /bits/ 64 <0x123456789abcdef0>; exo,mode = \"odd\"; };");
    struct board *b;
    struct err err = {""};
    int rc = fake_board(dts, &b, &err);
    CU_ASSERT_STRING_EQUAL(err.msg, "");
    CU_ASSERT_EQUAL_FATAL(rc, 0);
    CU_ASSERT_EQUAL(b->ram_size, 0x400000);
    CU_ASSERT_EQUAL(b->clock_hz, 25000000);
    CU_ASSERT_EQUAL(b->seed, 9);
    CU_ASSERT_EQUAL(b->cores, 1);
    CU_ASSERT_EQUAL(b->ndev, 3);
    CU_ASSERT_STRING_EQUAL(b->title, "a test");
    CU_ASSERT_STRING_EQUAL(b->cpu.path, "/cpus/cpu@0");
    const struct board_node *d = &b->dev[2];
    CU_ASSERT_STRING_EQUAL(d->path, "/dev@f0003000");
    CU_ASSERT_EQUAL(d->base, 0xf0003000);
    CU_ASSERT_EQUAL(d->size, 0x100);
    CU_ASSERT_EQUAL(d->irq, 3);
    CU_ASSERT_EQUAL(d->values[0].u, 7);
    CU_ASSERT_EQUAL(d->values[1].u, 0x123456789abcdef0);
    CU_ASSERT_EQUAL(d->values[2].u, 1);
    CU_ASSERT_STRING_EQUAL(d->values[3].s, "odd");
    CU_ASSERT_EQUAL(b->dev[0].irq, BOARD_NO_IRQ);
    board_free(b);
    free(dts);
}

static void test_defaults_and_cores(void)
{
    char *dts = fake_dts(
        "", "dev@f0003000 { compatible = \"test,device\"; reg = <0xf0003000 4>; };");
    struct board *b;
    struct err err = {""};
    CU_ASSERT_EQUAL_FATAL(fake_board(dts, &b, &err), 0);
    CU_ASSERT_EQUAL(b->dev[2].values[0].u, 4);
    CU_ASSERT_EQUAL(b->dev[2].values[2].u, 0);
    CU_ASSERT_STRING_EQUAL(b->dev[2].values[3].s, "plain");
    board_free(b);
    free(dts);
    CU_ASSERT_EQUAL_FATAL(
        fake_board("/dts-v1/; / { compatible = \"exo,board\"; #address-cells = <1>;"
                   " #size-cells = <1>; memory@0 { reg = <0 0x400000>; };"
                   " cpus { cpu@0 { compatible = \"test,cpu\"; };"
                   " cpu@1 { compatible = \"test,cpu\"; exo,cores = <2>; };"
                   " cpu@9 { compatible = \"test,cpu\"; status = \"disabled\"; }; };"
                   " m { compatible = \"test,mmu\"; reg = <0xf0001000 0x1000>; }; };",
                   &b, &err),
        0);
    CU_ASSERT_EQUAL(b->cores, 3);
    CU_ASSERT_EQUAL(b->intc, -1);
    board_free(b);
}

/* A line for the root, and words the message must have. */
struct bad {
    const char *extra;
    const char *words[4];
};

static void check_bad(const char *dts, const struct bad *bad)
{
    struct board *b;
    struct err err = {""};
    int rc = fake_board(dts, &b, &err);
    CU_ASSERT_EQUAL(rc, ERR_USER);
    CU_ASSERT_PTR_NULL(b);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "/tmp/exosim-test-")); /* the file */
    for (unsigned k = 0; k < 4 && bad->words[k]; k++) {
        if (!strstr(err.msg, bad->words[k]))
            fprintf(stderr, "message \"%s\" lacks \"%s\"\n", err.msg, bad->words[k]);
        CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, bad->words[k]));
    }
}

#define DEV "dev@f0003000 { compatible = \"test,device\"; reg = <0xf0003000 0x1000>; "

static void test_bad(void)
{
    static const struct bad all[] = {
        {DEV "exo,size = <101>; };", {"/dev@f0003000", "'exo,size'", "101", "1 to 100"}},
        {DEV "exo,size = <0>; };", {"'exo,size'", "expected 1 to 100"}},
        {DEV "exo,size = \"four\"; };", {"'exo,size'", "5 bytes", "one number"}},
        {DEV "exo,size; };", {"'exo,size'", "0 bytes", "one number"}},
        {DEV "exo,siz = <4>; };", {"'exo,siz'", "no such property", "'exo,size'"}},
        {DEV "exo,colour = <4>; };", {"'exo,colour'", "expected one of", "exo,mode"}},
        {DEV "exo,mode = <1>; };", {"'exo,mode'", "text in quotes"}},
        {DEV "exo,mode = \"a\", \"b\"; };", {"'exo,mode'", "one text"}},
        {DEV "exo,fast = <2>; };", {"'exo,fast'", "0 to 1"}},
        {DEV "interrupts = <32>; };", {"'interrupts'", "32", "0 to 31"}},
        {DEV "interrupts = <1 2>; };", {"'interrupts'", "one line"}},
        {DEV "interrupts = <1>; }; e@f0004000 { compatible = \"test,device\"; interrupts "
             "= <1>;"
             " reg = <0xf0004000 4>; };",
         {"/e@f0004000", "'interrupts'", "already that of /dev@f0003000"}},
        {"d { compatible = \"test,devise\"; reg = <0xf0003000 4>; };",
         {"'compatible'", "test,devise", "did you mean 'test,device'"}},
        {"d { compatible = \"acme,rocket\"; reg = <0xf0003000 4>; };",
         {"/d", "'compatible'", "no model 'acme,rocket'", "--plugin"}},
        {"d { reg = <0xf0003000 4>; };", {"/d", "'compatible'", "missing"}},
        {"d { compatible = \"test,cpu\"; reg = <0xf0003000 4>; };",
         {"/d", "below /cpus"}},
        {"d { compatible = \"test,device\"; };", {"/d", "'reg'", "missing"}},
        {"d { compatible = \"test,device\"; reg = <0xf0003000>; };",
         {"'reg'", "1 cells", "2"}},
        {"d { compatible = \"test,device\"; reg = <0xf0003002 4>; };",
         {"'reg'", "multiples of 4"}},
        {"d { compatible = \"test,device\"; reg = <0xf0000000 4>; };",
         {"'reg'", "0xf0001000"}},
        {"d { compatible = \"test,device\"; reg = <0x1000 4>; };",
         {"'reg'", "0xf0001000"}},
        {"d { compatible = \"test,device\"; reg = <0xf0fff000 0x2000>; };",
         {"'reg'", "0xf1000000"}},
        {"d { compatible = \"test,device\"; reg = <0xf0001800 0x1000>; };",
         {"'reg'", "overlaps", "/mmu@f0001000"}},
        {"m2 { compatible = \"test,mmu\"; reg = <0xf0003000 4>; };",
         {"/m2", "second MMU"}},
        {"i2 { compatible = \"test,intc\"; reg = <0xf0003000 4>; };",
         {"/i2", "second interrupt"}},
        {"memory@1 { reg = <0 0x400000>; };", {"/memory@1", "second memory"}},
        {"exo,speed = <1>;", {"node /", "'exo,speed'", "exo,seed"}},
        {"exo,clock-hz = <0>;", {"node /", "'exo,clock-hz'", "expected 1"}},
        {"syntax error", {"dtc", "syntax error"}},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        bool prop = strncmp(all[i].extra, "exo,", 4) == 0;
        char *dts = fake_dts(prop ? all[i].extra : "", prop ? "" : all[i].extra);
        check_bad(dts, &all[i]);
        free(dts);
    }
}

#define HEAD "/dts-v1/; / { #address-cells = <1>; #size-cells = <1>; "
#define BOARD HEAD "compatible = \"exo,board\"; "
#define CPUS "cpus { cpu@0 { compatible = \"test,cpu\"; }; }; "
#define MMU "m { compatible = \"test,mmu\"; reg = <0xf0001000 0x1000>; }; "
#define MEMORY "memory@0 { reg = <0 0x400000>; }; "

static void test_bad_whole(void)
{
    static const struct bad all[] = {
        {HEAD "};", {"node /", "'compatible'", "missing", "exo,board"}},
        {HEAD "compatible = \"acme,pc\"; };", {"acme,pc", "expected \"exo,board\""}},
        {BOARD CPUS MMU "};", {"no node memory@0"}},
        {BOARD MEMORY MMU "};", {"no core"}},
        {BOARD MEMORY CPUS "};", {"no MMU"}},
        {BOARD "memory@0 { reg = <0x1000 0x400000>; }; " CPUS MMU "};",
         {"0x1000", "expected at 0"}},
        {BOARD "memory@0 { reg = <0 0x400001>; }; " CPUS MMU "};", {"4096"}},
        {BOARD "memory@0 { reg = <0 0x1000>; }; " CPUS MMU "};", {"too small"}},
        {BOARD "memory@0 { reg = <0 0x80000000>; }; " CPUS MMU "};", {"too much"}},
        {BOARD MEMORY "cpus { cpu@0 { compatible = \"test,mmu\"; }; }; };",
         {"/cpus/cpu@0", "class mmu", "expected a cpu"}},
        {BOARD MEMORY
         "cpus { cpu@0 { compatible = \"test,cpu\"; exo,cores = <9>; }; }; };",
         {"'exo,cores'", "1 to 8"}},
        {BOARD MEMORY "cpus { cpu@0 { compatible = \"test,cpu\"; exo,cores = <8>; };"
                      " cpu@8 { compatible = \"test,cpu\"; }; }; };",
         {"/cpus/cpu@8", "9 cores", "at most 8"}},
        {BOARD MEMORY CPUS MMU "d { compatible = \"test,device\"; reg = <0xf0003000 4>;"
                               " interrupts = <1>; }; };",
         {"no interrupt controller"}},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        check_bad(all[i].extra, &all[i]);
}

static void test_not_a_tree(void)
{
    struct registry r;
    fake_registry(&r);
    struct board *b;
    struct err err;
    char *file = fake_file("hello, this is text", 19);
    char *dtb = mem_fmt("%s.dtb", file);
    CU_ASSERT_EQUAL(rename(file, dtb), 0);
    CU_ASSERT_EQUAL(board_open(dtb, &r, &b, &err), ERR_USER);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "not a device tree blob"));
    unlink(dtb);
    CU_ASSERT_EQUAL(board_open(dtb, &r, &b, &err), ERR_USER);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "No such file"));
    CU_ASSERT_EQUAL(board_open("nonesuch", &r, &b, &err), ERR_USER);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "no board 'nonesuch'"));
    CU_ASSERT_EQUAL(board_open("/tmp/", &r, &b, &err), ERR_USER);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "is a folder"));
    free(file);
    free(dtb);
    registry_free(&r);
}

static void test_sizes(void)
{
    struct err err;
    uint64_t v = 0;
    CU_ASSERT_EQUAL(size_parse("64M", &v, &err), 0);
    CU_ASSERT_EQUAL(v, 64u << 20);
    CU_ASSERT_EQUAL(size_parse("0x1000", &v, &err), 0);
    CU_ASSERT_EQUAL(v, 4096);
    CU_ASSERT_EQUAL(size_parse("1G", &v, &err), 0);
    CU_ASSERT_EQUAL(v, 1u << 30);
    static const char *const wrong[] = {"", "M", "12X", "1MB", "-1", "99999999999999G"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CU_ASSERT_EQUAL(size_parse(wrong[i], &v, &err), ERR_USER);
}

void suite_board(void)
{
    CU_pSuite s = CU_add_suite("board", NULL, NULL);
    CU_add_test(s, "a good board", test_good);
    CU_add_test(s, "defaults and cores", test_defaults_and_cores);
    CU_add_test(s, "bad properties", test_bad);
    CU_add_test(s, "bad boards", test_bad_whole);
    CU_add_test(s, "not a device tree", test_not_a_tree);
    CU_add_test(s, "sizes", test_sizes);
}
