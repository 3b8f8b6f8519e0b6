// SPDX-License-Identifier: GPL-2.0-or-later
/* hello.c - the smallest program: no upage, no handler, two calls. */
#include <exo/user.h>

void program(const struct exo_args *args);

static const char text[] = "hello\n";

void program(const struct exo_args *args)
{
    bool odd = args->env != 1 || args->argc != 1;
    exo_console_write((exo_word)text, sizeof text - 1);
    exo_env_exit(odd ? 1 : 7);
}
