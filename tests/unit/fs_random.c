// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fs_random.c - random operations done twice: by our file system on an image, and by the host's in a
 * directory. Results, errors, contents must be the same; in the end e2fsck finds nothing,
 * and what debugfs takes out of the image is what the directory holds.
 *
 *   fs_random [--seed N] [--steps N] [--dir D] [--buffers N] [--size S] OPTIONS-OF-MKE2FS
 */
#define _GNU_SOURCE
#include "fs_rig.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define OPENS 8

static char top[256];
static bool journal;
static uint32_t seed = 1;
static unsigned step, failures;
static struct {
    int fd; /* the host's; -1: free */
    uint32_t ino;
} opened[OPENS];
static const char *doing = "";
static char shown[512]; /* the last path */

static uint32_t any(uint32_t below)
{
    return rig_random(&seed, below);
}

static void differ(const char *what, long long ours, long long theirs)
{
    printf("step %u, %s %s: %s is %lld, the host's %lld\n", step, doing, shown, what,
           ours, theirs);
    if (++failures > 10)
        exit(1);
}

static void compare_result(long long ours, long long theirs)
{
    size_t n = strlen(shown);
    if (ours < 0 && theirs < 0 && n > 0 && shown[n - 1] == '/')
        return; /* a slash behind a file: there is a choice of errors */
    if (ours != (theirs < 0 ? -errno : theirs))
        differ("result", ours, theirs < 0 ? -errno : theirs);
}

/* A path of up to four of a few names, so that operations meet. */
static char *path(char *buf)
{
    static const char *const names[] = {
        "a", "b", "c", "dir", "e-name-that-is-rather-long", "f", "link"};
    static const char digits[] = "0123456789";
    unsigned depth = 1 + any(4), n = 0;
    buf[0] = '\0';
    while (depth-- > 0) {
        n += (unsigned)sprintf(buf + n, "/%s", names[any(7)]);
        if (any(5) == 0)
            n += (unsigned)sprintf(buf + n, "%c%c", digits[any(10)], digits[any(10)]);
    }
    if (any(40) == 0)
        strcpy(buf + n, "/");
    strcpy(shown, buf);
    return buf;
}

static const char *host(const char *p)
{
    static char buf[2][1024];
    static unsigned which;
    which = !which;
    snprintf(buf[which], sizeof buf[which], "%s%s", top, p);
    return buf[which];
}

static void op_open(void)
{
    char p[512];
    unsigned k = any(OPENS);
    struct fs_open how = {.write = true,
                          .create = any(4) != 0,
                          .exclusive = any(6) == 0,
                          .truncate = any(4) == 0,
                          .no_follow = any(8) == 0,
                          .mode = 0644};
    if (opened[k].fd >= 0) {
        close(opened[k].fd);
        uint32_t ino = opened[k].ino;
        opened[k].fd = -1;
        opened[k].ino = rig_open_inodes[k] = 0;
        doing = "close";
        if (fs_forget(rig.fs, ino) != 0)
            differ("result", -1, 0);
        return;
    }
    path(p);
    doing = "open";
    uint32_t ino = 0;
    int error = fs_open(rig.fs, FS_ROOT, p, &how, &ino);
    int fd = open(host(p),
                  O_RDWR | (how.create ? O_CREAT : 0) | (how.exclusive ? O_EXCL : 0) |
                      (how.truncate ? O_TRUNC : 0) | (how.no_follow ? O_NOFOLLOW : 0),
                  0644);
    compare_result(error, fd < 0 ? -1 : 0);
    opened[k].fd = fd;
    opened[k].ino = rig_open_inodes[k] = fd >= 0 && error == 0 ? ino : 0;
    if (fd >= 0 && error != 0) {
        close(fd);
        opened[k].fd = -1;
    }
}

static uint64_t offset(void)
{
    switch (any(6)) {
    case 0: return any(100);
    case 1: return any(20000);
    case 2: return any(400) * 4096;
    case 3: return any(100) == 0 ? (uint64_t)any(3000) << 20 : any(3000000);
    default: return any(60000);
    }
}

static int some_open(void)
{
    for (unsigned tries = 0; tries < 20; tries++) {
        unsigned k = any(OPENS);
        if (opened[k].fd >= 0)
            return (int)k;
    }
    return -1;
}

static uint8_t bytes[200000], theirs[200000];

static void op_write(void)
{
    int k = some_open();
    size_t n = any(3) == 0 ? any(150000) : any(9000);
    uint64_t at = offset();
    if (k < 0)
        return;
    doing = "write";
    for (size_t i = 0; i < n; i += 64)
        memset(bytes + i, (int)any(256), 64);
    int64_t ours = fs_write(rig.fs, opened[k].ino, at, bytes, n);
    if (ours == -ENOSPC || (ours >= 0 && (size_t)ours < n))
        n = ours > 0 ? (size_t)ours : 0; /* ours is smaller than the host's */
    ssize_t host_n = n > 0 || ours == 0 ? pwrite(opened[k].fd, bytes, n, (off_t)at) : 0;
    if (ours != -ENOSPC)
        compare_result(ours, host_n);
}

static void op_read(void)
{
    int k = some_open();
    size_t n = any(3) == 0 ? any(190000) : any(9000);
    uint64_t at = offset();
    uint32_t ahead = any(2) ? 0 : (uint32_t)(at / 4096);
    if (k < 0)
        return;
    doing = "read";
    int64_t ours = fs_read(rig.fs, opened[k].ino, at, bytes, n, &ahead);
    ssize_t host_n = pread(opened[k].fd, theirs, n, (off_t)at);
    compare_result(ours, host_n);
    if (ours > 0 && ours == host_n && memcmp(bytes, theirs, (size_t)ours) != 0)
        differ("content", 0, 0);
}

static void op_truncate(void)
{
    int k = some_open();
    uint64_t size = offset();
    if (k < 0)
        return;
    doing = "truncate";
    int ours = fs_truncate(rig.fs, opened[k].ino, size);
    if (ours == -ENOSPC)
        return;
    compare_result(ours, ftruncate(opened[k].fd, (off_t)size));
}

static bool full(int error)
{
    return error == -ENOSPC;
}

static void op_mkdir(void)
{
    char p[512];
    doing = "mkdir";
    int ours = fs_mkdir(rig.fs, FS_ROOT, path(p), 0755);
    if (!full(ours))
        compare_result(ours, mkdir(host(p), 0755));
}

static void op_unlink(void)
{
    char p[512];
    doing = "unlink";
    int ours = fs_unlink(rig.fs, FS_ROOT, path(p));
    compare_result(ours, unlink(host(p)));
}

static void op_rmdir(void)
{
    char p[512];
    doing = "rmdir";
    int ours = fs_rmdir(rig.fs, FS_ROOT, path(p));
    compare_result(ours, rmdir(host(p)));
}

static void op_rename(void)
{
    char p[512], q[512];
    path(p);
    path(q);
    doing = "rename";
    int ours = fs_rename(rig.fs, FS_ROOT, p, FS_ROOT, q);
    if (full(ours))
        return;
    int r = rename(host(p), host(q));
    if (r < 0 && ours < 0)
        return; /* which of two errors is a matter of taste */
    compare_result(ours, r);
}

static void op_link(void)
{
    char p[512], q[512];
    path(p);
    path(q);
    doing = "link";
    int ours = fs_link(rig.fs, FS_ROOT, p, false, FS_ROOT, q);
    if (full(ours))
        return;
    int r = link(host(p), host(q));
    if (r < 0 && ours < 0)
        return;
    compare_result(ours, r);
}

/* Relative ones: absolute ones lead the host elsewhere. */
static void op_symlink(void)
{
    char p[512], target[600];
    static const char *const to[] = {"a",        "b",    "./a",     "dir/c",
                                     "nowhere/", "link", "dir/../b"};
    strcpy(target, to[any(7)]);
    if (any(5) == 0) {
        size_t n = 60 + any(200);
        memset(target, '.', n);
        for (size_t i = 1; i < n; i += 2)
            target[i] = '/';
        target[n] = 'a';
        target[n + 1] = '\0';
    }
    doing = "symlink";
    int ours = fs_symlink(rig.fs, target, FS_ROOT, path(p));
    if (!full(ours))
        compare_result(ours, symlink(target, host(p)));
}

static void op_stat(void)
{
    char p[512];
    struct stat st;
    struct fs_stat mine;
    uint32_t ino;
    bool follow = any(2);
    doing = "stat";
    int ours = fs_lookup(rig.fs, FS_ROOT, path(p), follow, &ino);
    if (ours == 0)
        ours = fs_stat(rig.fs, ino, &mine);
    int r = follow ? stat(host(p), &st) : lstat(host(p), &st);
    compare_result(ours, r);
    if (ours != 0 || r != 0)
        return;
    if (mine.mode != st.st_mode)
        differ("mode", mine.mode, st.st_mode);
    if (!S_ISDIR(st.st_mode) && mine.size != (uint64_t)st.st_size)
        differ("size", (long long)mine.size, (long long)st.st_size);
    if (!S_ISDIR(st.st_mode) && mine.links != st.st_nlink)
        differ("links", mine.links, (long long)st.st_nlink);
}

static void op_chmod(void)
{
    int k = some_open();
    uint32_t mode = any(01000);
    if (k < 0)
        return;
    doing = "chmod";
    compare_result(fs_chmod(rig.fs, opened[k].ino, mode), fchmod(opened[k].fd, mode));
}

static void op_sync(void)
{
    doing = "sync";
    if (any(4) != 0 || fs_sync(rig.fs) == 0)
        return;
    differ("result", -1, 0);
}

/* Everything leaves memory and comes back; open files with and without names stay open. */
static void op_remount(void)
{
    doing = "remount";
    if (any(30) != 0)
        return;
    int error = any(3) != 0 || !journal ? rig_unmount() : fs_sync(rig.fs);
    if (error == 0)
        error = rig_mount(rig.nbufs, false);
    if (error != 0) {
        differ("result", error, 0);
        exit(1);
    }
}

static void compare_dir(uint32_t ino, const char *p)
{
    struct fs_entry e;
    uint64_t pos = 0;
    unsigned ours = 0, theirs_n = 0;
    int r;
    while ((r = fs_readdir(rig.fs, ino, &pos, &e)) == 1) {
        char q[4096];
        struct stat st;
        if (strcmp(e.name, ".") == 0 || strcmp(e.name, "..") == 0 ||
            strcmp(e.name, "lost+found") == 0)
            continue;
        ours++;
        snprintf(q, sizeof q, "%s/%s", p, e.name);
        if (lstat(q, &st) != 0) {
            printf("%s is only ours\n", q);
            failures++;
        } else if (S_ISDIR(st.st_mode)) {
            compare_dir(e.ino, q);
        }
    }
    if (r < 0)
        differ("readdir", r, 0);
    DIR *d = opendir(p);
    for (struct dirent *x; d != NULL && (x = readdir(d)) != NULL;)
        theirs_n += strcmp(x->d_name, ".") != 0 && strcmp(x->d_name, "..") != 0;
    if (d != NULL)
        closedir(d);
    if (ours != theirs_n)
        differ(p, ours, theirs_n);
}

static void (*const ops[])(void) = {
    op_open, op_open,  op_open,    op_open,  op_write,    op_write, op_write,  op_read,
    op_read, op_mkdir, op_mkdir,   op_stat,  op_unlink,   op_rmdir, op_rename, op_rename,
    op_link, op_stat,  op_symlink, op_chmod, op_truncate, op_sync,  op_remount};

/* What the image holds by e2fsprogs' lights. */
static void compare_dump(void)
{
    char img[300], out[300];
    snprintf(img, sizeof img, "%s/random-%d.img", rig_dir, (int)getpid());
    snprintf(out, sizeof out, "%s/dump-%d", rig_dir, (int)getpid());
    rig_save(img);
    mkdir(out, 0700);
    rig_run("%s -R 'rdump / %s' %s >/dev/null 2>&1", rig_debugfs, out, img);
    rig_run("rmdir %s/lost+found", out);
    if (rig_run("diff -r --no-dereference %s %s", out, top) != 0) {
        printf("the dumped image differs\n");
        failures++;
    }
    rig_run("rm -rf %s %s", out, img);
}

static void close_all(void)
{
    for (unsigned k = 0; k < OPENS; k++)
        if (opened[k].fd >= 0) {
            close(opened[k].fd);
            uint32_t ino = opened[k].ino;
            opened[k].fd = -1;
            rig_open_inodes[k] = 0;
            fs_forget(rig.fs, ino);
        }
}

int main(int argc, char **argv)
{
    unsigned steps = 3000, buffers = FS_MIN_BUFFERS;
    const char *size = "16m";
    int i = 1;
    for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
        if (strcmp(argv[i], "--seed") == 0)
            seed = (uint32_t)strtoul(argv[i + 1], NULL, 10) * 2654435761u + 1;
        else if (strcmp(argv[i], "--steps") == 0)
            steps = (unsigned)strtoul(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--dir") == 0)
            rig_dir = argv[i + 1];
        else if (strcmp(argv[i], "--buffers") == 0)
            buffers = (unsigned)strtoul(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--size") == 0)
            size = argv[i + 1];
    }
    journal = i >= argc || strstr(argv[i], "-j") != NULL;
    umask(0);
    if (!rig_make(i < argc ? argv[i] : "-t ext2 -b 4096 -j", size)) {
        printf("mke2fs fails\n");
        return 1;
    }
    snprintf(top, sizeof top, "%s/host-%d", rig_dir, (int)getpid());
    mkdir(top, 0755);
    for (unsigned k = 0; k < OPENS; k++)
        opened[k].fd = -1;
    int error = rig_mount(buffers, false);
    if (error != 0) {
        printf("mount: %d\n", error);
        return 1;
    }
    for (step = 0; step < steps; step++)
        ops[any(sizeof ops / sizeof ops[0])]();
    doing = "the end";
    close_all();
    compare_dir(FS_ROOT, top);
    error = rig_unmount();
    if (error != 0)
        differ("unmount", error, 0);
    if (rig_check() != 0)
        failures++;
    compare_dump();
    rig_run("chmod -R u+rwX %s; rm -rf %s", top, top);
    printf("%s: %u steps, %llu reads, %llu writes, %llu flushes, %u failures\n",
           i < argc ? argv[i] : "", steps, (unsigned long long)rig.reads,
           (unsigned long long)rig.writes, (unsigned long long)rig.flushes, failures);
    rig_free();
    return failures != 0;
}
