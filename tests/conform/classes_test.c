// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * classes_test.c - the hardware classes that api.def says a function relies on, against the function's
 * closure in the objects (cost.h): none is named that the function cannot reach.
 *
 *   conform_classes BOARD
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "cost.h"

static bool named(const char *classes, const char *one)
{
    size_t n = strlen(one);
    for (const char *at = classes; (at = strstr(at, one)); at += n)
        if ((at == classes || at[-1] == ' ') && (at[n] == 0 || at[n] == ' '))
            return true;
    return false;
}

/* Does the closure have code of the class, or call a hook of it? */
static bool reaches(const struct cost *c, const struct cost_set *s,
                    enum cost_class class_)
{
    struct cost_sums sums;
    cost_sum(c, s, &sums);
    return sums.at[COST_LIBOS][class_].lines > 0 || sums.hooks[class_] > 0;
}

static unsigned check(const struct cost *c, size_t api)
{
    const struct cost_api *row = cost_api_row(c, api);
    const struct cost_set *closure = cost_api(c, 0, api);
    unsigned wrong = 0;
    for (enum cost_class k = COST_ISA; k < COST_CLASSES; k++)
        if (named(row->classes, cost_class_names[k]) && !reaches(c, closure, k) &&
            ++wrong)
            printf("%s: api.def says it relies on %s; its closure has nothing of that\n",
                   row->name, cost_class_names[k]);
    return wrong;
}

int main(int argc, char **argv)
{
    struct registry models = {0};
    struct options none = {0};
    struct board *board = NULL;
    struct cost *c = NULL;
    struct err err;
    unsigned wrong = 0;
    if (argc != 2) {
        fprintf(stderr, "usage: conform_classes BOARD\n");
        return 2;
    }
    int rc = cmd_models_open(&models, &none, &err);
    if (rc == 0)
        rc = board_open(argv[1], &models, &board, &err);
    const struct board *boards[] = {board};
    if (rc == 0)
        rc = cost_open(boards, 1, &c, &err);
    for (size_t i = 0; rc == 0 && i < cost_apis(c); i++)
        wrong += check(c, i);
    if (rc)
        say("%s", err.msg);
    else
        printf("%zu functions, %u wrong\n", cost_apis(c), wrong);
    cost_close(c);
    board_free(board);
    registry_free(&models);
    return rc ? 2 : wrong != 0;
}
