// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * path.c - targets, and the files they mean; see path.h.
 *
 * Links are followed here, a component at a time, and not by the file system, since it would leave
 * the folder that is served without telling.
 */
#include "path.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define LINKS_MAX 32

static char root[TARGET_MAX]; /* its absolute name, no slash at the end: "" is / */

int path_root(const char *folder)
{
    if (chdir(folder))
        return errno;
    if (!getcwd(root, sizeof root))
        return errno;
    if (!strcmp(root, "/"))
        root[0] = 0;
    return 0;
}

/* -- components: a path is built up and cut back at its end -- */

static bool push(char path[TARGET_MAX], const char *name, size_t n)
{
    size_t have = strlen(path);
    if (have + 1 + n + 1 > TARGET_MAX)
        return false;
    if (have)
        path[have++] = '/';
    memcpy(path + have, name, n);
    path[have + n] = 0;
    return true;
}

/* Without its last component; false: it has none. */
static bool pop(char path[TARGET_MAX])
{
    char *slash = strrchr(path, '/');
    if (!*path)
        return false;
    *(slash ? slash : path) = 0;
    return true;
}

/* The next component at *s, which moves behind it; 0: none left. */
static size_t component(const char **s, const char **name)
{
    *name = *s + strspn(*s, "/");
    size_t n = strcspn(*name, "/");
    *s = *name + n;
    return n;
}

static bool is_dots(const char *name, size_t n, size_t dots)
{
    return n == dots && name[0] == '.' && name[n - 1] == '.';
}

/* -- decoding -- */

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Percent-decoding up to the query. 0 or a status. */
static int unescape(char out[TARGET_MAX], const char *s)
{
    size_t n = 0;
    for (; *s && *s != '?' && *s != '#'; s++) {
        char c = *s;
        if (c == '%') {
            int high = hex(s[1]);
            int low = high < 0 ? -1 : hex(s[2]);
            if (low < 0 || high + low == 0)
                return 400;
            c = (char)(high << 4 | low);
            s += 2;
        }
        if (n + 1 == TARGET_MAX)
            return 414;
        out[n++] = c;
    }
    out[n] = 0;
    return 0;
}

int path_decode(char path[TARGET_MAX], const char *target, bool *folder)
{
    char text[TARGET_MAX];
    const char *s = text, *name, *last = "";
    int status = unescape(text, target);
    if (status)
        return status;
    *path = 0;
    size_t n, length = 0;
    while ((n = component(&s, &name))) {
        last = name;
        length = n;
        if (is_dots(name, n, 1))
            continue;
        if (is_dots(name, n, 2) ? !pop(path) : !push(path, name, n))
            return is_dots(name, n, 2) ? 400 : 414;
    }
    *folder = last[length] == '/' || !length || is_dots(last, length, 1) ||
              is_dots(last, length, 2);
    if (!*path)
        strcpy(path, ".");
    return 0;
}

/* -- resolving -- */

static int status_of(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG: return 404;
    case EACCES:
    case EPERM: return 403;
    default: return 500;
    }
}

/* The link at real (just pushed) goes before what is left to walk. 0 or a status. */
static int follow(char real[TARGET_MAX], char left[TARGET_MAX], const char *rest)
{
    char to[TARGET_MAX];
    ssize_t n = readlink(real, to, sizeof to - 1);
    if (n < 0)
        return status_of(errno);
    to[n] = 0;
    pop(real);
    const char *target = to;
    if (*to == '/') { /* only what leads back below the root */
        size_t prefix = strlen(root);
        if (strncmp(to, root, prefix) || (to[prefix] && to[prefix] != '/'))
            return 403;
        target = to + prefix;
        *real = 0;
    }
    size_t have = strlen(target), more = strlen(rest);
    if (have + 1 + more + 1 > TARGET_MAX)
        return 404;
    char joined[TARGET_MAX];
    memcpy(joined, target, have);
    joined[have] = '/';
    memcpy(joined + have + 1, rest, more + 1);
    strcpy(left, joined);
    return 0;
}

int path_resolve(char real[TARGET_MAX], const char *path, struct stat *st)
{
    char left[TARGET_MAX];
    const char *name;
    unsigned links = 0;
    bool known = false; /* *st is real's */
    strcpy(left, path);
    const char *s = left;
    *real = 0;
    for (size_t n; (n = component(&s, &name));) {
        if (is_dots(name, n, 1))
            continue;
        if (is_dots(name, n, 2)) {
            known = false;
            if (!pop(real))
                return 403;
            continue;
        }
        if (!push(real, name, n))
            return 404;
        if (lstat(real, st))
            return status_of(errno);
        known = !S_ISLNK(st->st_mode);
        if (known) {
            if (!S_ISDIR(st->st_mode) && s[strspn(s, "/")])
                return 404;
            continue;
        }
        if (++links > LINKS_MAX)
            return 508;
        int status = follow(real, left, s);
        if (status)
            return status;
        s = left;
    }
    if (!*real)
        strcpy(real, ".");
    return known || !lstat(real, st) ? 0 : status_of(errno);
}
