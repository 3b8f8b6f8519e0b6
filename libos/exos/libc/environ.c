// SPDX-License-Identifier: GPL-2.0-or-later
/* environ.c - the environment strings. `environ` itself is set at start-up (libos/port
 * crt0). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Index of name in environ, or of its end. */
static size_t find(const char *name, size_t len)
{
    size_t i = 0;

    for (; environ && environ[i]; i++)
        if (!strncmp(environ[i], name, len) && environ[i][len] == '=')
            break;
    return i;
}

char *getenv(const char *name)
{
    size_t len = strlen(name);

    if (!environ || !len)
        return NULL;
    char *entry = environ[find(name, len)];
    return entry ? entry + len + 1 : NULL;
}

static int name_ok(const char *name)
{
    if (name && *name && !strchr(name, '='))
        return 1;
    errno = EINVAL;
    return 0;
}

int setenv(const char *name, const char *value, int overwrite)
{
    static char **own; /* array we allocated; strings replaced are never freed */

    if (!name_ok(name))
        return -1;
    size_t len = strlen(name), at = find(name, len), vlen = strlen(value);
    if (environ && environ[at] && !overwrite)
        return 0;
    char *entry = malloc(len + vlen + 2);
    if (!entry)
        return -1;
    memcpy(entry, name, len);
    entry[len] = '=';
    memcpy(entry + len + 1, value, vlen + 1);
    if (!environ || !environ[at]) {
        char **grown = malloc((at + 2) * sizeof *grown);
        if (!grown) {
            free(entry);
            return -1;
        }
        if (at)
            memcpy(grown, environ, at * sizeof *grown);
        grown[at + 1] = NULL;
        if (environ == own)
            free(own);
        own = environ = grown;
    }
    environ[at] = entry;
    return 0;
}

int unsetenv(const char *name)
{
    if (!name_ok(name))
        return -1;
    size_t at = find(name, strlen(name));
    for (; environ && environ[at]; at++)
        environ[at] = environ[at + 1];
    return 0;
}
