// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bad.c - stands in for `conform`, so that `exosim conform` meets programs that go wrong in every
 * way: what NAME does is told by the table below; all others pass.
 */
#include <exo/user.h>
#include <exos/hook.h>
#include <stdio.h>
#include <string.h>

#define MMU_PROTECT (EXOS_HOOK_MARK | EXO_HW_MMU << 8 | 3)

static const char *const names[] = {
#define API(name, header, group, classes) #name,
#include <api.def>
#undef API
};

static int pass(void)
{
    puts("ok 1 - fine\n1..1");
    return 0;
}

static int hang(void)
{
    for (volatile int i = 0;; i++)
        ;
}

static int die(void)
{
    *(volatile int *)16 = 1;
    return pass();
}

static int wrong_plan(void)
{
    puts("ok 1 - fine\n1..2");
    return 0;
}

static int silent(void)
{
    return 0;
}

static int check_fails(void)
{
    puts("ok 1 - fine\nnot ok 2 - file.c:7 one == two: got 1, expected 2\n1..2");
    return 1;
}

static int denies(void) /* a failed check, and status 0 */
{
    puts("not ok 1 - file.c:7 nothing\n1..1");
    return 0;
}

static int not_ported(void) /* it says nothing itself: the mark does */
{
    exo_note(MMU_PROTECT);
    return pass();
}

static int other_mark(void) /* no hook's */
{
    exo_note(EXOS_HOOK_MARK | 0xffff);
    exo_note(3);
    return pass();
}

static int not_applicable(void)
{
    puts("1..0\n# not applicable: no such thing here");
    return 3;
}

static int odd_status(void)
{
    pass();
    return 77;
}

static const struct {
    const char *name;
    int (*run)(void);
} table[] = {
    {"malloc", pass},         {"mmap", hang},       {"munmap", die},
    {"mprotect", silent},     {"sbrk", wrong_plan}, {"calloc", check_fails},
    {"realloc", denies},      {"free", not_ported}, {"aligned_alloc", other_mark},
    {"fork", not_applicable}, {"kill", odd_status},
};

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    if (strcmp(what, "--list") == 0) {
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            printf("%s %s\n", names[i], strcmp(names[i], "raise") == 0 ? "-" : "none");
        return 0;
    }
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(what, table[i].name) == 0)
            return table[i].run();
    return pass();
}
