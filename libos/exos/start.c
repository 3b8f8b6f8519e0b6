// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * start.c - from the first instruction to main() and out again.
 *
 * Interface:
 *   exos_start(args)   entered by crt0 on the initial stack; never returns
 *   environ            the environment variables, handed over by exec
 */
#include <exo/user.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv, char **envp);
_Noreturn void exos_start(const struct exo_args *args);

extern void (*const exos_init_start[])(void), (*const exos_init_end[])(void);

static char *no_environment[1];
char **environ = no_environment;

_Noreturn void exos_start(const struct exo_args *args)
{
    uint32_t argc = args->argc;
    char *argv[argc + 1];
    const char *s = args->strings;
    for (uint32_t i = 0; i < argc; i++) {
        argv[i] = (char *)(uintptr_t)s;
        while (*s++)
            ;
    }
    argv[argc] = NULL;
    for (void (*const *f)(void) = exos_init_start; f < exos_init_end; f++)
        (*f)();
    exit(main((int)argc, argv, environ));
}

_Noreturn void _exit(int status)
{
    exo_env_exit((exo_word)(status & 0xff));
    for (;;)
        exo_yield((exo_word)-1);
}
