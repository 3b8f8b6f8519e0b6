// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * main.c - fsstress: random operations on a tree of files, each checked against a model of it.
 *
 *   fsstress [-d DIR] [-n OPERATIONS] [-s SEED] [-p PROCESSES] [-l] [-r] [-v] [-z]
 *
 * DIR (default: stress) is made and must not exist. -p: so many processes, each in a directory of
 * its own in DIR. -l: log what is durable (log.c). -r: remove everything at the end. -v: say each
 * operation. -z: without the file of several gigabytes, nearly all hole. The same seed gives the same operations. Exit status 0: everything was as it must be (a
 * disk that got full is no error); 1: it was not, said on standard error.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fsstress.h"

static const struct {
    const char *name;
    op *run;
    unsigned weight;
} ops[] = {
    {"create", op_create, 14},    {"write", op_write, 24},
    {"append", op_append, 10},    {"overwrite", op_overwrite, 6},
    {"read", op_read, 14},        {"truncate", op_truncate, 6},
    {"reopen", op_reopen, 10},    {"close", op_close, 8},
    {"unlink", op_unlink, 5},     {"mkdir", op_mkdir, 5},
    {"rmdir", op_rmdir, 3},       {"rename", op_rename, 8},
    {"link", op_link, 4},         {"symlink", op_symlink, 4},
    {"chmod", op_chmod, 2},       {"times", op_times, 2},
    {"fsync", op_fsync, 6},       {"sync", op_sync, 1},
    {"stat", op_stat, 5},         {"list", op_list, 3},
    {"readlink", op_readlink, 2}, {"errors", op_errors, 2},
    {"huge", op_huge, 1},
};

static unsigned operations = 500, processes = 1;
static uint32_t seed = 1;
static bool verbose, removing, no_huge;

static void one_operation(unsigned count)
{
    unsigned sum = 0, i = 0;
    for (size_t k = 0; k < sizeof ops / sizeof ops[0]; k++)
        sum += ops[k].weight;
    for (uint32_t at = any(sum); at >= ops[i].weight; i++)
        at -= ops[i].weight;
    operation = ops[i].name;
    if (verbose) {
        printf("# %u %s\n", count, operation);
        fflush(stdout);
    }
    if (!no_huge || ops[i].run != op_huge)
        ops[i].run();
}

static void close_all(void)
{
    for (int h = 0; h < OPEN; h++)
        if (handle[h].inode != NULL && close(handle[h].fd) < 0)
            fail("close: %s", strerror(errno));
        else if (handle[h].inode != NULL) {
            handle[h].inode->opens--;
            inode_put(handle[h].inode);
            handle[h].inode = NULL;
        }
}

static void run(const char *dir, uint32_t its_seed)
{
    seed_with(its_seed);
    if (mkdir(dir, 0755) < 0)
        die(errno, "cannot make directory %s", dir);
    struct inode *root = inode_new(DIRECTORY, 0755);
    root->names = 1;
    node[0] = (struct node){root, 0, copy_string(dir), false};
    for (unsigned i = 0; i < operations; i++) {
        one_operation(i);
        if (i % 1000 == 999)
            verify_all();
    }
    operation = "verify";
    verify_all();
    close_all();
    operation = "sync";
    op_sync();
    operation = "verify";
    verify_all();
    if (removing)
        remove_all();
}

static unsigned number(const char *s)
{
    char *end;
    unsigned long v = strtoul(s, &end, 10);
    if (*s < '0' || *s > '9' || *end != '\0' || v > 100000000)
        die(0, "%s: expected a number", s);
    return (unsigned)v;
}

/* Processes 1 to n, each in its directory; how many failed. */
static unsigned run_many(const char *dir)
{
    unsigned failed = 0, started = 0;
    if (mkdir(dir, 0755) < 0)
        die(errno, "cannot make directory %s", dir);
    for (unsigned k = 1; k <= processes; k++) {
        char name[16];
        snprintf(name, sizeof name, "p%u", k);
        pid_t pid = fork();
        if (pid == 0) {
            char *its = join(dir, name);
            run(its, seed + k);
            free(its);
            exit(0);
        }
        if (pid < 0)
            say(errno, "fork");
        started += pid > 0;
        failed += pid < 0;
    }
    for (; started > 0; started--) {
        int s;
        failed += wait(&s) < 0 || s != 0;
    }
    if (removing && failed == 0 && rmdir(dir) < 0)
        die(errno, "%s", dir);
    return failed;
}

int main(int argc, char **argv)
{
    const char *dir = "stress";
    program = "fsstress";
    umask(0);
    for (int opt; (opt = getopt(argc, argv, "d:n:s:p:lrvz")) != -1;) {
        switch (opt) {
        case 'd': dir = optarg; break;
        case 'n': operations = number(optarg); break;
        case 's': seed = number(optarg); break;
        case 'p': processes = number(optarg); break;
        case 'l': logging = true; break;
        case 'r': removing = true; break;
        case 'v': verbose = true; break;
        case 'z': no_huge = true; break;
        default: argc = 0; break;
        }
    }
    if (argc == 0 || optind < argc) {
        fprintf(stderr,
                "usage: fsstress [-d DIR] [-n OPERATIONS] [-s SEED] [-p PROCESSES] "
                "[-l] [-r] [-v] [-z]\n");
        return 1;
    }
    if (processes > 1) {
        unsigned failed = run_many(dir);
        printf("# %u processes, %u operations each, %u failed\n", processes, operations,
               failed);
        return failed != 0;
    }
    run(dir, seed);
    printf("# %u operations, %u times no space\n", operations, full);
    return 0;
}
