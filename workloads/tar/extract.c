// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * extract.c - tar x: members become files. Nothing is written outside the directory one is in: names
 * lose their leading slashes, names with .. are refused, and symbolic links that could lead
 * outside are made when everything else is there (links.c), so that no member goes through them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tar.h"

bool touch;

/* Directories get their modes and times at the end, innermost first. */
static struct directory {
    char *name;
    mode_t mode;
    uid_t uid;
    gid_t gid;
    struct timespec mtime;
} * directory;
static size_t directories;

static bool root(void)
{
    return geteuid() == 0;
}

static void set_times(const char *name, struct timespec mtime)
{
    struct timespec times[2] = {{0, 0}, mtime};
    if (touch)
        return;
    clock_gettime(CLOCK_REALTIME, &times[0]);
    if (utimensat(AT_FDCWD, name, times, AT_SYMLINK_NOFOLLOW) < 0)
        say(errno, "%s: cannot set the time", name);
}

static void set_owner(const char *name, uid_t uid, gid_t gid)
{
    if (root() && lchown(name, uid, gid) < 0)
        say(errno, "%s: cannot change owner", name);
}

static mode_t allowed(mode_t mode)
{
    static mode_t mask = (mode_t)-1;
    if (root())
        return mode;
    if (mask == (mode_t)-1) {
        mask = umask(0);
        umask(mask);
    }
    return mode & 0777 & ~mask;
}

/* Make the directories above name. */
static void make_parents(const char *name)
{
    char *path = copy_string(name);
    for (char *p = path + 1; (p = strchr(p, '/')) != NULL; p++) {
        *p = '\0';
        if (mkdir(path, 0777) < 0 && errno != EEXIST) {
            free(path);
            return; /* what is made in it says why */
        }
        *p = '/';
    }
    free(path);
}

/* Something with this name is in the way: gone? Not directories. */
static bool remove_old(const char *name)
{
    return unlink(name) == 0;
}

/* Try to make `name`; once more when what was missing is there, or what was there is gone. */
static int attempt(const char *name, struct member *m,
                   int (*make)(const char *, struct member *))
{
    int r = make(name, m);
    if (r < 0 && errno == ENOENT) {
        make_parents(name);
        r = make(name, m);
    }
    if (r < 0 && errno == EEXIST && remove_old(name))
        r = make(name, m);
    return r;
}

static int make_file(const char *name, struct member *m)
{
    /* Modes that let others do something come after the owner is right. */
    return open(name, O_WRONLY | O_CREAT | O_EXCL, m->mode & (root() ? 0700 : 0777));
}

static int make_directory(const char *name, struct member *m)
{
    struct stat st;
    int r = mkdir(name, (m->mode & 0777) | 0700);
    if (r < 0 && errno == EEXIST && stat(name, &st) == 0 && S_ISDIR(st.st_mode))
        return 0;
    return r;
}

static int make_symbolic(const char *name, struct member *m)
{
    return symlink(m->link, name);
}

static int make_hard(const char *name, struct member *m)
{
    return make_link(name, m);
}

static char buffer[64 * 1024];

/* n bytes of data into the file; false: it cannot be written, the data are skipped. */
static bool copy_data(int fd, const char *name, off_t n)
{
    bool good = true;
    while (n > 0) {
        size_t part = n < (off_t)sizeof buffer ? (size_t)n : sizeof buffer;
        archive_bytes(buffer, part);
        if (good && write_full(fd, buffer, part) < 0) {
            say(errno, "%s: cannot write", name);
            good = false;
        }
        n -= (off_t)part;
    }
    return good;
}

/* Pieces of a sparse file. Their data lie one after the other: only the last one's end is padded. */
static void copy_pieces(int fd, const struct member *m)
{
    off_t left = m->stored;
    bool good = true;
    size_t used = 0, have = 0; /* of buffer */
    for (size_t i = 0; i < m->pieces && good; i++) {
        off_t length = m->piece[i].length;
        good = length <= left + (off_t)(have - used) &&
               m->piece[i].offset + length <= m->size;
        if (!good) {
            say(0, "%s: the map of a sparse file is damaged", m->name);
            status = trouble;
        } else if (lseek(fd, m->piece[i].offset, SEEK_SET) < 0) {
            good = false;
            say(errno, "%s: cannot seek", m->name);
        }
        while (good && length > 0) {
            if (used == have) {
                have = left < (off_t)sizeof buffer ? (size_t)left : sizeof buffer;
                archive_bytes(buffer, have);
                left -= (off_t)have;
                used = 0;
            }
            size_t part = length < (off_t)(have - used) ? (size_t)length : have - used;
            if (write_full(fd, buffer + used, part) < 0) {
                say(errno, "%s: cannot write", m->name);
                good = false;
            }
            used += part;
            length -= (off_t)part;
        }
    }
    archive_skip(left);
    if (good && ftruncate(fd, m->size) < 0)
        say(errno, "%s: cannot truncate", m->name);
}

static void extract_file(const char *name, struct member *m)
{
    int fd = attempt(name, m, make_file);
    if (fd < 0) {
        say(errno, "%s: cannot open", name);
        archive_skip(m->stored);
        return;
    }
    if (m->sparse)
        copy_pieces(fd, m);
    else
        copy_data(fd, name, m->stored);
    if (close(fd) < 0)
        say(errno, "%s: cannot close", name);
    set_owner(name, m->uid, m->gid);
    if (root() && chmod(name, m->mode) < 0)
        say(errno, "%s: cannot change mode", name);
    set_times(name, m->mtime);
}

static void extract_directory(const char *name, struct member *m)
{
    if (attempt(name, m, make_directory) < 0) {
        say(errno, "%s: cannot make directory", name);
        return;
    }
    if (directories % 64 == 0)
        directory = grow(directory, (directories + 64) * sizeof *directory);
    directory[directories++] =
        (struct directory){copy_string(name), m->mode, m->uid, m->gid, m->mtime};
}

static void extract_link(const char *name, struct member *m)
{
    if (m->type == '2') {
        if (m->link[0] == '/' || has_dot_dot(m->link)) {
            delay_link(name, m);
            return;
        }
        if (attempt(name, m, make_symbolic) < 0) {
            say(errno, "%s: cannot make a symbolic link to '%s'", name, m->link);
            return;
        }
        set_owner(name, m->uid, m->gid);
        set_times(name, m->mtime);
        return;
    }
    const char *to = strip_leading(m->link, "hard link targets");
    const struct member *delayed = delayed_link(to);
    if (delayed != NULL) {
        delay_link(name, delayed);
        return;
    }
    char *target = copy_string(to);
    free(m->link);
    m->link = target;
    if (attempt(name, m, make_hard) < 0)
        say(errno, "%s: cannot make a hard link to '%s'", name, m->link);
}

int make_link(const char *name, const struct member *m)
{
    struct stat a, b;
    if (link(m->link, name) == 0)
        return 0;
    int error = errno;
    if (error == EEXIST && lstat(name, &a) == 0 && lstat(m->link, &b) == 0 &&
        a.st_dev == b.st_dev && a.st_ino == b.st_ino)
        return 0; /* it is that already */
    errno = error;
    return -1;
}

void extract_member(struct member *m)
{
    if (has_dot_dot(m->name)) {
        say(0, "%s: Member name contains '..'", m->name);
        status = trouble;
        archive_skip(m->stored);
        return;
    }
    char *name = copy_string(strip_leading(m->name, "member names"));
    for (size_t n = strlen(name); n > 1 && name[n - 1] == '/';)
        name[--n] = '\0';
    switch (m->type) {
    case '1':
    case '2': extract_link(name, m); break;
    case '3':
    case '4':
    case '6':
        say(0, "%s: a device or pipe: not made", name);
        status = trouble;
        break;
    case '5': extract_directory(name, m); break;
    default:
        if (m->type != '0')
            say(0, "%s: unknown file type '%c', extracted as normal file", name, m->type);
        extract_file(name, m);
        break;
    }
    free(name);
}

void extract_finish(void)
{
    make_delayed_links();
    while (directories > 0) {
        struct directory *d = &directory[--directories];
        set_owner(d->name, d->uid, d->gid);
        if (chmod(d->name, allowed(d->mode)) < 0)
            say(errno, "%s: cannot change mode", d->name);
        set_times(d->name, d->mtime);
        free(d->name);
    }
    free(directory);
}
