// SPDX-License-Identifier: GPL-2.0-or-later
/* lrpc.c - remote calls by protected control transfer (exos/lrpc.h). */
#include "harness.h"

#include <exo/abi.h>
#include <exos/lrpc.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define LAST 99
#define NOBODY 0x7fffffffu

/* Answers (a, b, c, d) with (a + b, b, calls so far, d) until a is LAST. */
static _Noreturn void serve(void)
{
    struct exos_lrpc m = {{0}};
    exo_sword client = exos_lrpc_wait(0, &m);
    for (exo_word calls = 1; client > 0 && m.word[0] != LAST; calls++) {
        m.word[0] += m.word[1];
        m.word[2] = calls;
        client = exos_lrpc_reply((uint32_t)client, &m);
    }
    m.word[0] = 100;
    exos_lrpc_reply((uint32_t)client, &m); /* goes on only when another calls */
    _exit(CONFORM_FAIL);
}

/* A child that serves, and its environment; false: no children here. */
static bool server(pid_t *pid, uint32_t *env)
{
    int fds[2];
    REQUIRE(pipe(fds) == 0);
    if (!can_fork(pid))
        return false;
    if (*pid == 0) {
        *env = exos_env();
        CHECK_EQ(write(fds[1], env, sizeof *env), (ssize_t)sizeof *env);
        serve();
    }
    CHECK_EQ(read(fds[0], env, sizeof *env), (ssize_t)sizeof *env);
    close(fds[0]);
    close(fds[1]);
    return true;
}

static void end_server(pid_t pid, uint32_t env)
{
    struct exos_lrpc m = {{LAST}};
    CHECK_EQ(exos_lrpc_call(env, &m), 0);
    CHECK_EQ(m.word[0], 100);
    CHECK_EQ(kill(pid, SIGKILL), 0);
    CHECK_EQ(waitpid(pid, NULL, 0), pid);
    CHECK_EQ(exos_lrpc_call(env, &m), -EXO_EENV);
}

CONFORM(exos_env, NEEDS_NONE)
{
    uint32_t me = exos_env();
    CHECK(me > 0);
    CHECK_EQ(exos_env(), me);
    pid_t pid;
    if (can_fork(&pid)) {
        if (pid == 0) {
            CHECK(exos_env() != me);
            child_done();
        }
        CHECK_CHILD(pid);
    }
}

CONFORM(exos_lrpc_call, NEEDS_NONE)
{
    struct exos_lrpc m = {{1, 2, 3, 4}};
    CHECK_EQ(exos_lrpc_call(NOBODY, &m), -EXO_EENV);
    pid_t pid;
    uint32_t env;
    if (!server(&pid, &env))
        return;
    for (exo_word i = 1; i <= 30; i++) {
        m = (struct exos_lrpc){{i, 2 * i, 0, i}};
        CHECK_EQ(exos_lrpc_call(env, &m), 0);
        CHECK_EQ(m.word[0], 3 * i);
        CHECK_EQ(m.word[1], 2 * i);
        CHECK_EQ(m.word[2], i);
        CHECK_EQ(m.word[3], i);
    }
    end_server(pid, env);
}

CONFORM(exos_lrpc_wait, NEEDS_NONE)
{
    struct exos_lrpc m = {{0}};
    uint32_t me = exos_env();
    pid_t pid;
    CHECK(exos_lrpc_wait(NOBODY, &m) < 0); /* nobody to wait for */
    if (!can_fork(&pid))
        return;
    if (pid == 0) {
        m = (struct exos_lrpc){{11, 12, 13, 14}};
        CHECK_EQ(exos_lrpc_call(me, &m), 0);
        bool right = m.word[0] == 21 && m.word[3] == 24;
        m = (struct exos_lrpc){{right, 0, 0, 0}};
        exos_lrpc_call(me, &m); /* not answered */
        _exit(CONFORM_FAIL);
    }
    exo_sword client = exos_lrpc_wait(0, &m);
    CHECK(client > 0);
    CHECK(client != (exo_sword)me);
    CHECK_EQ(m.word[0], 11);
    CHECK_EQ(m.word[3], 14);
    for (int i = 0; i < 4; i++)
        m.word[i] += 10;
    CHECK_EQ(exos_lrpc_reply((uint32_t)client, &m), client);
    CHECK_EQ(m.word[0], true);
    CHECK_EQ(kill(pid, SIGKILL), 0);
    CHECK_EQ(waitpid(pid, NULL, 0), pid);
    CHECK(exos_lrpc_wait((uint32_t)client, &m) < 0); /* it is gone */
}

CONFORM(exos_lrpc_reply, NEEDS_NONE)
{
    pid_t pid, other;
    uint32_t env;
    if (!server(&pid, &env))
        return;
    if (can_fork(&other)) { /* two clients: each gets its own answers */
        if (other == 0) {
            for (exo_word i = 1; i <= 40; i++) {
                struct exos_lrpc m = {{i, 1000, 0, 0}};
                CHECK_EQ(exos_lrpc_call(env, &m), 0);
                CHECK_EQ(m.word[0], i + 1000);
            }
            child_done();
        }
        for (exo_word i = 1; i <= 40; i++) {
            struct exos_lrpc m = {{i, 5000, 0, 0}};
            CHECK_EQ(exos_lrpc_call(env, &m), 0);
            CHECK_EQ(m.word[0], i + 5000);
        }
        CHECK_CHILD(other);
    }
    end_server(pid, env);
}
