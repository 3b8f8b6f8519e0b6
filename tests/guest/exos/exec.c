// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * exec.c - another program in the same process: arguments, environment strings, process number,
 * open files, close-on-exec, ignored signals; what cannot be executed. The program executed is
 * this one, in a mode its first argument names. --file: text=..., junk=... (CMakeLists.txt).
 */
#include "expect.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *program;
static int data = 3;

static int run(char *const argv[], int *status)
{
    pid_t pid = fork();
    if (pid == 0) {
        execv(program, argv);
        _exit(100 + errno);
    }
    CHECK_EQ(waitpid(pid, status, 0), pid);
    return WIFEXITED(*status) ? WEXITSTATUS(*status) : -1;
}

static void arguments(void)
{
    static char longer[9000];
    int status;
    memset(longer, 'x', sizeof longer - 1);
    data = 4; /* not inherited */
    char *argv[] = {"first", "args", "", "a b", longer, NULL};
    setenv("COLOUR", "green", 1);
    CHECK_EQ(run(argv, &status), 55);
}

static int mode_args(int argc, char **argv)
{
    const char *colour = getenv("COLOUR");
    bool ok = argc == 5 && strcmp(argv[0], "first") == 0 && argv[2][0] == '\0' &&
              strcmp(argv[3], "a b") == 0 && strlen(argv[4]) == 8999 && argv[5] == NULL &&
              colour != NULL && strcmp(colour, "green") == 0 && data == 3;
    return ok ? 55 : 1;
}

static void files(void)
{
    int fds[2], status;
    char text[20] = "";
    CHECK_EQ(pipe(fds), 0);
    int kept = open("text", O_RDONLY), closed = open("text", O_RDONLY | O_CLOEXEC);
    CHECK(kept > 0 && closed > 0);
    lseek(kept, 4, SEEK_SET);
    char numbers[3][4];
    snprintf(numbers[0], 4, "%d", fds[1]);
    snprintf(numbers[1], 4, "%d", kept);
    snprintf(numbers[2], 4, "%d", closed);
    char *argv[] = {"p", "files", numbers[0], numbers[1], numbers[2], NULL};
    CHECK_EQ(run(argv, &status), 7);
    CHECK_EQ(read(fds[0], text, sizeof text), 6);
    CHECK(strcmp(text, "quick ") == 0);
    CHECK_EQ(lseek(kept, 0, SEEK_CUR), 10); /* one offset for all */
    close(kept);
    close(closed);
    close(fds[0]);
    close(fds[1]);
}

static int mode_files(char **argv)
{
    char text[6];
    int out = atoi(argv[2]), kept = atoi(argv[3]), closed = atoi(argv[4]);
    if (read(kept, text, 6) != 6 || write(out, text, 6) != 6)
        return 1;
    return read(closed, text, 1) == -1 && errno == EBADF ? 7 : 2;
}

/* The process number stays over two execs; the parent waits for the last program. */
static void identity(void)
{
    int status;
    char *argv[] = {"p", "chain", "0", NULL};
    signal(SIGUSR1, SIG_IGN);
    CHECK_EQ(run(argv, &status), 21);
    signal(SIGUSR1, SIG_DFL);
}

static int mode_chain(char **argv)
{
    char number[12];
    if (strcmp(argv[2], "0") == 0) {
        snprintf(number, sizeof number, "%d", (int)getpid());
        char *next[] = {"p", "chain", number, NULL};
        execv(program, next);
        return 1;
    }
    struct sigaction old;
    sigaction(SIGUSR1, NULL, &old);
    if (atoi(argv[2]) != getpid() || old.sa_handler != SIG_IGN)
        return 2;
    pid_t pid = fork(); /* and it is a full process */
    if (pid == 0)
        _exit(20);
    int status;
    waitpid(pid, &status, 0);
    return WEXITSTATUS(status) + 1;
}

static void refused(void)
{
    char *argv[] = {"p", NULL};
    CHECK_EQ(execv("nothing", argv), -1);
    CHECK_EQ(errno, ENOENT);
    CHECK_EQ(execv("text", argv), -1);
    CHECK_EQ(errno, ENOEXEC);
    CHECK_EQ(execv("junk", argv), -1);
    CHECK_EQ(errno, ENOEXEC);
    static char huge[60000];
    memset(huge, 'y', sizeof huge - 1);
    char *many[] = {"p", huge, huge, NULL};
    CHECK_EQ(execv(program, many), -1);
    CHECK_EQ(errno, E2BIG);
}

static void faulting(void)
{
    int status;
    char *argv[] = {"p", "fault", NULL};
    CHECK_EQ(run(argv, &status), -1);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
}

int main(int argc, char **argv)
{
    const struct exo_hw_table *t =
        (const struct exo_hw_table *)(uintptr_t)(EXO_EXPORT_VA + kinfo->hwtable_off);
    program = t->module[0].name;
    if (argc > 1 && strcmp(argv[1], "args") == 0)
        return mode_args(argc, argv);
    if (argc > 1 && strcmp(argv[1], "files") == 0)
        return mode_files(argv);
    if (argc > 1 && strcmp(argv[1], "chain") == 0)
        return mode_chain(argv);
    if (argc > 1 && strcmp(argv[1], "fault") == 0) {
        *(volatile int *)16 = 1;
        return 0;
    }
    if (argc > 1 && strcmp(argv[1], "last") == 0)
        return 77 * (getpid() == 1 && getppid() == 0);
    BALANCED(arguments);
    BALANCED(files);
    BALANCED(identity);
    BALANCED(refused);
    BALANCED(faulting);
    if (verdict() != 0)
        return 1;
    fflush(stdout);
    char *next[] = {"p", "last",
                    NULL}; /* the first process too; its status is the machine's */
    execv(program, next);
    return 2;
}
