// SPDX-License-Identifier: GPL-2.0-or-later
/* links.c - symbolic links that could lead outside: made when all other members are there. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tar.h"

static struct delayed {
    char *name;
    struct member m; /* link, owner, time */
} * delayed;
static size_t count;

void delay_link(const char *name, const struct member *m)
{
    /* What had this name before is no way for other members. */
    if (unlink(name) < 0 && errno != ENOENT && errno != ENOTDIR) {
        say(errno, "%s: cannot remove", name);
        return;
    }
    char *link = copy_string(m->link);
    if (count % 64 == 0)
        delayed = grow(delayed, (count + 64) * sizeof *delayed);
    struct delayed *d = &delayed[count++];
    *d = (struct delayed){copy_string(name), *m};
    d->m.link = link;
    d->m.name = NULL;
    d->m.piece = NULL;
}

const struct member *delayed_link(const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(delayed[i].name, name) == 0)
            return &delayed[i].m;
    return NULL;
}

static void make(const struct delayed *d)
{
    struct stat st;
    if (lstat(d->name, &st) == 0)
        return; /* a later member of that name replaced it */
    for (char *p = d->name + 1; (p = strchr(p, '/')) != NULL; p++) {
        *p = '\0';
        mkdir(d->name, 0777); /* symlink() says what is wrong */
        *p = '/';
    }
    if (symlink(d->m.link, d->name) < 0) {
        say(errno, "%s: cannot make a symbolic link to '%s'", d->name, d->m.link);
        return;
    }
    if (geteuid() == 0 && lchown(d->name, d->m.uid, d->m.gid) < 0)
        say(errno, "%s: cannot change owner", d->name);
    struct timespec times[2] = {d->m.mtime, d->m.mtime};
    if (!touch && utimensat(AT_FDCWD, d->name, times, AT_SYMLINK_NOFOLLOW) < 0)
        say(errno, "%s: cannot set the time", d->name);
}

void make_delayed_links(void)
{
    for (size_t i = 0; i < count; i++) {
        make(&delayed[i]);
        free(delayed[i].name);
        free(delayed[i].m.link);
    }
    free(delayed);
    count = 0;
}
