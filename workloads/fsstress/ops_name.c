// SPDX-License-Identifier: GPL-2.0-or-later
/* ops_name.c - what fsstress does with names: directories, links, renaming; modes and times. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fsstress.h"

void op_unlink(void)
{
    int n = any_node(any(4) == 0 ? LINK : FILE_);
    if (n < 0)
        return;
    log_change(n);
    if (worked(unlink(path_of(n)), path_of(n)))
        node_remove(n);
}

void op_mkdir(void)
{
    int dir = any_node(DIRECTORY);
    const char *name = new_name(), *path = path_in(dir, name);
    if (strlen(path) > 2000)
        return;
    if (child(dir, name) >= 0) {
        refused(mkdir(path, 0755), EEXIST, EEXIST, path);
        return;
    }
    struct inode *i = node_free() >= 0 ? inode_new(DIRECTORY, 0755) : NULL;
    if (i == NULL)
        return;
    if (worked(mkdir(path, 0755), path))
        node_new(dir, name, i);
    else
        inode_put(i);
}

void op_rmdir(void)
{
    int n = any_node(DIRECTORY);
    if (n <= 0)
        return;
    if (has_children(n)) {
        refused(rmdir(path_of(n)), ENOTEMPTY, EEXIST, path_of(n));
        return;
    }
    log_change(n);
    if (worked(rmdir(path_of(n)), path_of(n)))
        node_remove(n);
}

/* n becomes name in dir, where `there` is now (-1: nothing). */
static void rename_to(int n, int dir, const char *name, int there)
{
    char *to = copy_string(name);
    char *from = copy_string(path_of(n)), *path = copy_string(path_in(dir, name));
    bool is_dir = node[n].inode->type == DIRECTORY;
    bool onto_dir = there >= 0 && node[there].inode->type == DIRECTORY;
    if (is_dir && below(dir, n)) {
        refused(rename(from, path), EINVAL, there == n ? 0 : ENOTEMPTY, path);
    } else if (there >= 0 && node[there].inode == node[n].inode) {
        worked(rename(from, path), path); /* the same file: nothing is done */
    } else if (there >= 0 && is_dir && !onto_dir) {
        refused(rename(from, path), ENOTDIR, ENOTDIR, path);
    } else if (onto_dir && below(n, there)) {
        refused(rename(from, path), is_dir ? ENOTEMPTY : EISDIR, ENOTEMPTY, path);
    } else if (there >= 0 && !is_dir && onto_dir) {
        refused(rename(from, path), EISDIR, EEXIST, path);
    } else if (onto_dir && has_children(there)) {
        refused(rename(from, path), ENOTEMPTY, EEXIST, path);
    } else {
        log_change(n);
        if (there >= 0)
            log_change(there);
        if (worked(rename(from, path), path)) {
            if (there >= 0)
                node_remove(there);
            free(node[n].name);
            node[n].name = to;
            node[n].parent = dir;
            to = NULL;
        }
    }
    free(to);
    free(from);
    free(path);
}

void op_rename(void)
{
    int n = any_node(FREE), dir = any_node(DIRECTORY);
    if (n < 0)
        return;
    int there = any(3) == 0 ? any_node(FREE) : -1;
    if (there >= 0)
        dir = node[there].parent;
    const char *name = there >= 0 ? node[there].name : new_name();
    if (there < 0)
        there = child(dir, name);
    if (strlen(path_in(dir, name)) > 2000)
        return;
    if (there >= 0 && below(n, there) && n != there && node[n].inode->type == DIRECTORY) {
        refused(rename(path_of(n), path_of(there)), ENOTEMPTY, EEXIST, path_of(n));
        return;
    }
    rename_to(n, dir, name, there);
}

void op_link(void)
{
    int n = any_node(FILE_), dir = any_node(DIRECTORY);
    if (n < 0 || node_free() < 0)
        return;
    const char *name = new_name(), *path = path_in(dir, name);
    if (child(dir, name) >= 0)
        refused(link(path_of(n), path), EEXIST, EEXIST, path);
    else if (worked(link(path_of(n), path), path))
        node_new(dir, name, node[n].inode);
}

void op_symlink(void)
{
    static char target[1200];
    int dir = any_node(DIRECTORY);
    uint32_t length = any(3) == 0 ? 60 + any(900) : 1 + any(59); /* in the inode or not */
    for (uint32_t k = 0; k < length; k++)
        target[k] = (char)('a' + any(26));
    target[length] = '\0';
    const char *name = new_name(), *path = path_in(dir, name);
    if (child(dir, name) >= 0) {
        refused(symlink(target, path), EEXIST, EEXIST, path);
        return;
    }
    struct inode *i = node_free() >= 0 ? inode_new(LINK, 0777) : NULL;
    if (i == NULL)
        return;
    if (worked(symlink(target, path), path)) {
        i->target = copy_string(target);
        node_new(dir, name, i);
    } else {
        inode_put(i);
    }
}

void op_chmod(void)
{
    static const mode_t modes[] = {0600, 0644, 0640, 0755, 0700};
    int n = any_node(FILE_);
    if (n < 0)
        return;
    mode_t mode = modes[any(5)];
    if (worked(chmod(path_of(n), mode), path_of(n)))
        node[n].inode->mode = mode;
}

void op_times(void)
{
    int n = any_node(FILE_);
    if (n < 0)
        return;
    struct timespec times[2] = {{1000000000 + (time_t)any(1000000000), 0},
                                {1000000000 + (time_t)any(1000000000), 0}};
    if (worked(utimensat(AT_FDCWD, path_of(n), times, 0), path_of(n)))
        node[n].inode->mtime = times[1].tv_sec;
}

void op_stat(void)
{
    int n = any_node(FREE);
    if (n >= 0)
        verify_node(n);
}

void op_list(void)
{
    verify_directory(any_node(DIRECTORY));
}

void op_readlink(void)
{
    int n = any_node(LINK);
    if (n >= 0)
        verify_node(n);
}

/* What must not work, with the reason POSIX gives. */
void op_errors(void)
{
    static char long_name[257];
    int f = any_node(FILE_), d = any_node(DIRECTORY), l = any_node(LINK);
    const char *nowhere = path_in(d, "no such name/x"),
               *none = path_in(d, "no such name");
    struct stat st;
    refused(open(nowhere, O_CREAT | O_RDWR, 0644), ENOENT, ENOENT, nowhere);
    refused(open(none, O_RDONLY), ENOENT, ENOENT, none);
    refused(unlink(none), ENOENT, ENOENT, none);
    refused(rmdir(none), ENOENT, ENOENT, none);
    refused(mkdir(nowhere, 0755), ENOENT, ENOENT, nowhere);
    refused(rename(none, path_in(d, "other")), ENOENT, ENOENT, none);
    refused(open(path_of(d), O_WRONLY), EISDIR, EISDIR, path_of(d));
    memset(long_name, 'n', 256);
    const char *too_long = path_in(d, long_name);
    refused(open(too_long, O_CREAT | O_RDWR, 0644), ENAMETOOLONG, ENAMETOOLONG, too_long);
    if (d > 0)
        refused(unlink(path_of(d)), EISDIR, EPERM, path_of(d));
    if (f >= 0) {
        char *through = join(path_of(f), "x");
        refused(stat(through, &st), ENOTDIR, ENOTDIR, through);
        refused(mkdir(through, 0755), ENOTDIR, ENOTDIR, through);
        free(through);
        refused(rmdir(path_of(f)), ENOTDIR, ENOTDIR, path_of(f));
        refused(open(path_of(f), O_RDONLY | O_DIRECTORY), ENOTDIR, ENOTDIR, path_of(f));
        refused(link(path_of(f), path_of(f)), EEXIST, EEXIST, path_of(f));
        char c;
        refused(readlink(path_of(f), &c, 1), EINVAL, EINVAL, path_of(f));
    }
    if (l >= 0) {
        refused(open(path_of(l), O_RDONLY | O_NOFOLLOW), ELOOP, ELOOP, path_of(l));
        refused(symlink("x", path_of(l)), EEXIST, EEXIST, path_of(l));
    }
}
