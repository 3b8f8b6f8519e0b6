// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * conform.c - what conformance runs need before they begin: the lists, the boards, what each
 * program needs (`conform --list` on the board itself), disk images. See conform.h.
 */
#include "conform.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data.h"
#include "store_make.h"

/* ---- what the programs need ---- */

static unsigned needs_of(char *words)
{
    static const char *const names[] = {"disk", "files", "net", "peer", "may-lack"};
    unsigned needs = 0;
    char *word;
    while ((word = strsep(&words, " "))) {
        if (strcmp(word, "-") == 0)
            needs = CONFORM_MISSING;
        for (unsigned k = 0; k < sizeof names / sizeof *names; k++)
            if (strcmp(word, names[k]) == 0)
                needs |= 1u << k;
    }
    return needs;
}

/* Its lines: NAME and what it needs, in the order of the list. */
static int read_list(const struct conform *c, struct conform_board *b, char *text,
                     struct err *err)
{
    for (size_t i = 0; i < c->api.n; i++)
        b->needs[i] = CONFORM_MISSING;
    char *line;
    size_t n = 0;
    while ((line = strsep(&text, "\n"))) {
        char *name = strsep(&line, " ");
        const struct api_function *f = api_find(&c->api, name);
        if (!line || !f)
            continue;
        b->needs[f - c->api.function] = needs_of(line);
        n++;
    }
    if (n != c->api.n)
        return err_set(
            err, ERR_USER,
            "board %s: `conform --list` tells of %zu functions, the API has %zu", b->name,
            n, c->api.n);
    return 0;
}

static int ask_list(struct conform *c, struct conform_board *b, struct err *err)
{
    static char conform[] = "conform", list[] = "--list";
    char *argv[] = {conform, list};
    struct option_program program = {argv, 2};
    struct options o = c->o;
    o.program = &program;
    o.nprograms = 1;
    struct console_input in = {.fd = -1};
    struct session s;
    int rc = session_open(&s, b->name, &o, &c->models, &c->calls, -1, &in, err);
    if (rc)
        return rc;
    session_run(&s);
    char *text = mem_zero(s.console.n + 1, 1);
    memcpy(text, s.console.out, s.console.n);
    int status = s.status;
    rc = session_close(&s, err);
    if (rc == 0 && status != 0)
        rc = err_set(err, ERR_DEAD, "board %s: `conform --list` ended with status %d",
                     b->name, status);
    if (rc == 0)
        rc = read_list(c, b, text, err);
    free(text);
    free(in.bytes);
    return rc;
}

/* What its programs need; or why none can run, which is no error of ours. */
static void open_board(struct conform *c, struct conform_board *b)
{
    struct err err;
    char *kernel = data_path("guest/%s/exo-%s", board_cpu(b->board)->elf_name,
                             mmu_kind_name(board_mmu(b->board)->kind));
    b->no_kernel = !data_exists(kernel);
    if (b->no_kernel)
        b->dead = mem_fmt("there is no exokernel for MMUs of kind %s",
                          mmu_kind_name(board_mmu(b->board)->kind));
    else if (ask_list(c, b, &err))
        b->dead = mem_str(err.msg);
    free(kernel);
}

/* ---- lists and boards ---- */

static int open_boards(struct conform *c, struct err *err)
{
    size_t n = c->o.nboards;
    char **names = n ? c->o.board : board_names(&n);
    int rc = 0;
    if (n == 0)
        rc = err_set(err, ERR_USER, "no boards in %s/boards: is exosim built?",
                     data_dir());
    c->board = mem_zero(n + 1, sizeof *c->board);
    for (size_t i = 0; rc == 0 && i < n; i++) {
        for (size_t k = 0; rc == 0 && k < i; k++)
            if (strcmp(names[i], names[k]) == 0)
                rc = err_set(err, ERR_USER, "-b: board %s is there twice", names[i]);
        if (rc)
            break;
        struct conform_board *b = &c->board[c->nboards++];
        b->name = mem_str(names[i]);
        b->needs = mem_zero(c->api.n + 1, sizeof *b->needs);
        rc = board_open(b->name, &c->models, &b->board, err);
        if (rc == 0)
            open_board(c, b);
    }
    if (!c->o.nboards)
        board_names_free(names, n);
    return rc;
}

int conform_open(struct conform *c, struct err *err)
{
    char *tsv = data_path("guest/calls.tsv");
    int rc = cmd_models_open(&c->models, &c->o, err);
    if (rc == 0)
        rc = calls_read(&c->calls, tsv, err);
    if (rc == 0)
        rc = api_read(&c->api, err);
    if (rc == 0)
        rc = hooks_read(&c->hooks, err);
    if (rc == 0)
        rc = open_boards(c, err);
    free(tsv);
    return rc;
}

/* ---- disks ---- */

/* The medium that --root makes for the board, as a file: made once, each run gets a copy. */
static int make_disk(struct conform *c, struct conform_board *b, size_t number,
                     struct err *err)
{
    struct options o = c->o;
    char *root = data_path("guest/conform/root");
    struct store *store = NULL;
    o.root = root;
    b->disk = mem_fmt("%s/%zu", c->folder, number);
    int fd = open(b->disk, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    int rc = fd < 0 ? err_set(err, ERR_USER, "%s: %s", b->disk, strerror(errno))
                    : store_of_options(&o, b->board, &store, err);
    if (rc == 0)
        rc = store_dump(store, fd, err);
    store_close(store);
    if (fd >= 0)
        close(fd);
    free(root);
    return rc;
}

static int make_folder(struct conform *c, struct err *err)
{
    const char *tmp = getenv("TMPDIR");
    char *path = mem_fmt("%s/exosim-conform-XXXXXX", tmp && *tmp ? tmp : "/tmp");
    if (mkdtemp(path)) {
        c->folder = path;
        return 0;
    }
    int rc = err_set(err, ERR_USER, "%s: %s", path, strerror(errno));
    free(path);
    return rc;
}

int conform_prepare(struct conform *c, const struct conform_case *list, size_t n,
                    struct err *err)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < n; i++) {
        struct conform_board *b = &c->board[list[i].board];
        unsigned needs = b->needs[list[i].api];
        if (b->dead || !(needs & CONFORM_DISK) || needs & CONFORM_MISSING || b->disk ||
            !board_hardware(b->board).disk)
            continue;
        if (!c->folder)
            rc = make_folder(c, err);
        if (rc == 0)
            rc = make_disk(c, b, list[i].board, err);
    }
    return rc;
}

void conform_close(struct conform *c)
{
    for (size_t i = 0; i < c->nboards; i++) {
        struct conform_board *b = &c->board[i];
        if (b->disk)
            unlink(b->disk);
        free(b->disk);
        free(b->dead);
        free(b->needs);
        free((char *)b->name);
        board_free(b->board);
    }
    if (c->folder)
        rmdir(c->folder);
    free(c->folder);
    free(c->board);
    hooks_free(&c->hooks);
    api_free(&c->api);
    calls_free(&c->calls);
    registry_free(&c->models);
}
