// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * harness.c - `conform`: runs one conformance program and tells its checks in TAP. See harness.h.
 * Nothing is printed by the main process before the program is done, so that a profile of it holds
 * none of this.
 */
#include "harness.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

const char *exos_hook_missing(void) __attribute__((weak));

/* Functions that no file has a program for yet are NULL here. */
#define API(name, header, group, classes)                                                \
    extern const struct conform_program conform_program_##name __attribute__((weak));
#include <api.def>
#undef API
static const struct {
    const char *name;
    const struct conform_program *program;
} programs[] = {
#define API(name, header, group, classes) {#name, &conform_program_##name},
#include <api.def>
#undef API
};

static const struct conform_program *now;
static struct conform_site *first, **last = &first;
static pid_t main_process;
static bool told; /* tap_last_words() was called */

/* Two functions, not one: their addresses are what a profile looks for. */
__attribute__((noinline)) void conform_begin(void)
{
    __asm__ volatile("" ::"r"(&conform_begin) : "memory");
}

__attribute__((noinline)) void conform_end(void)
{
    __asm__ volatile("" ::"r"(&conform_end) : "memory");
}

static const char *hook_missing(void)
{
    return exos_hook_missing ? exos_hook_missing() : NULL;
}

static bool in_child(void)
{
    return getpid() != main_process;
}

/* ---- telling ---- */

/* Straight to the descriptor: stdio may be what is tested. */
static void tell(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void tell(const char *format, ...)
{
    char line[512];
    va_list ap;
    va_start(ap, format);
    int n = vsnprintf(line, sizeof line, format, ap);
    va_end(ap);
    size_t len = n < 0 ? 0 : (size_t)n < sizeof line ? (size_t)n : sizeof line - 1;
    for (size_t done = 0; done < len;) {
        ssize_t put = write(STDOUT_FILENO, line + done, len - done);
        if (put <= 0)
            _exit(CONFORM_FAIL);
        done += (size_t)put;
    }
}

static const char *base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* All sites in the order of their first check; how many failed. */
static unsigned tell_all(void)
{
    unsigned n = 0, failed = 0;
    for (const struct conform_site *s = first; s; s = s->next) {
        n++;
        failed += s->failed != 0;
        if (s->failed)
            tell("not ok %u - %s:%d %s: %s\n", n, base(s->file), s->line, s->text,
                 s->why);
        else
            tell("ok %u - %s\n", n, s->text);
    }
    tell("1..%u\n", n);
    if (n == 0)
        tell("# no check was made\n");
    return n == 0 ? 1 : failed;
}

static int verdict(int status, const char *why)
{
    unsigned failed = told ? 0 : tell_all();
    const char *hook = hook_missing();
    if (hook && status <= CONFORM_NOT_PORTED) {
        status = CONFORM_NOT_PORTED;
        tell("# not ported: %s\n", hook);
    } else if (status == CONFORM_NOT_APPLICABLE) {
        tell("# not applicable: %s\n", why);
    } else if (status == CONFORM_PASS && failed) {
        status = CONFORM_FAIL;
    }
    return status;
}

void tap_stop(int status, const char *why)
{
    if (in_child())
        _exit(status);
    conform_end();
    _exit(verdict(status, why));
}

void tap_last_words(void)
{
    conform_end();
    int status = verdict(CONFORM_PASS, NULL);
    if (status != CONFORM_PASS)
        _exit(status);
    told = true;
    conform_begin();
}

/* ---- checks ---- */

static void enter(struct conform_site *site)
{
    if (site->passed + site->failed == 0 && last != &site->next) {
        *last = site;
        last = &site->next;
    }
}

/* A failure may mean that there is nothing to check on this machine. */
static void consider(const struct conform_site *site, int error)
{
    if (hook_missing()) {
        if (in_child())
            tell("# %s:%d %s: not ported: %s\n", base(site->file), site->line, site->text,
                 hook_missing());
        tap_stop(CONFORM_NOT_PORTED, NULL);
    }
    if (error == ENOTSUP && now->needs & MAY_LACK)
        tap_stop(CONFORM_NOT_APPLICABLE, site->text);
}

bool tap_check(struct conform_site *site, bool ok, const char *why, ...)
{
    int error = errno;
    enter(site);
    if (ok) {
        site->passed++;
        return true;
    }
    if (site->failed++ == 0) {
        va_list ap;
        va_start(ap, why);
        vsnprintf(site->why, sizeof site->why, why, ap);
        va_end(ap);
        if (in_child() || told)
            tell("# %s:%d %s: %s\n", base(site->file), site->line, site->text, site->why);
    }
    consider(site, error);
    if (told)
        _exit(CONFORM_FAIL);
    return false;
}

bool tap_equal(struct conform_site *site, long long got, long long want)
{
    return tap_check(site, got == want, "got %lld, expected %lld (errno %d)", got, want,
                     errno);
}

bool tap_errno(struct conform_site *site, bool failed, int got, int want)
{
    if (!failed)
        errno = 0;
    return tap_check(site, failed && got == want, "got %s (%d), expected %s (%d)",
                     failed ? strerror(got) : "no error", failed ? got : 0,
                     strerror(want), want);
}

bool tap_string(struct conform_site *site, const char *got, const char *want)
{
    bool same = got && strcmp(got, want) == 0;
    return tap_check(site, same, "got \"%.60s\", expected \"%.60s\"",
                     got ? got : "(null)", want);
}

/* ---- children ---- */

int child_status(pid_t pid)
{
    int status = 0;
    if (waitpid(pid, &status, 0) != pid)
        return -1;
    if (WIFSIGNALED(status))
        return 256 + WTERMSIG(status);
    if (WEXITSTATUS(status) == CONFORM_NOT_APPLICABLE)
        tap_stop(CONFORM_NOT_APPLICABLE, "a child says so");
    if (WEXITSTATUS(status) == CONFORM_NOT_PORTED)
        tap_stop(CONFORM_NOT_PORTED, NULL);
    return WEXITSTATUS(status);
}

bool tap_child(struct conform_site *site, pid_t pid)
{
    int status = child_status(pid);
    if (status >= 256)
        return tap_check(site, false, "killed by signal %d", status - 256);
    return tap_check(site, status == 0, "ended with %d", status);
}

void child_done(void)
{
    unsigned failed = 0;
    for (const struct conform_site *s = first; s; s = s->next)
        failed += s->failed;
    if (hook_missing())
        _exit(CONFORM_NOT_PORTED);
    _exit(failed ? CONFORM_FAIL : CONFORM_PASS);
}

bool can_fork(pid_t *pid)
{
    static struct conform_site site = {__FILE__, "fork()", __LINE__, 0, 0, "", NULL};
    errno = 0;
    *pid = fork();
    if (*pid == 0) { /* the child counts failures of its own */
        for (struct conform_site *s = first; s; s = s->next)
            s->failed = 0;
        return true;
    }
    if (*pid < 0 && errno == ENOTSUP)
        return tap_check(&site, true, " "), errno = ENOTSUP, false;
    return tap_check(&site, *pid > 0, "errno %d", errno);
}

/* ---- the program ---- */

static int list(void)
{
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        const struct conform_program *p = programs[i].program;
        static const char *const words[] = {"disk", "files", "net", "peer", "may-lack"};
        tell("%s%s", programs[i].name, p ? p->needs ? "" : " none" : " -");
        for (unsigned k = 0; p && k < sizeof words / sizeof *words; k++)
            if (p->needs >> k & 1)
                tell(" %s", words[k]);
        tell("\n");
    }
    return CONFORM_PASS;
}

static const struct conform_program *find(const char *name)
{
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
        if (strcmp(programs[i].name, name) == 0)
            return programs[i].program;
    return NULL;
}

int main(int argc, char **argv)
{
    main_process = getpid();
    const char *what = argc > 1 ? argv[1] : "";
    if (strcmp(what, "--exec") == 0)
        return conform_exec(argc, argv);
    if (strcmp(what, "--peer") == 0)
        return conform_peer();
    if (strcmp(what, "--list") == 0)
        return list();
    now = find(what);
    if (!now) {
        tell("conform: no program '%s' (conform --list tells which there are)\n", what);
        return CONFORM_UNKNOWN;
    }
    conform_begin();
    now->run();
    conform_end();
    return verdict(CONFORM_PASS, NULL);
}
