// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fs_fuzz.c - images that lie. A good image with files, directories, links and a journal is damaged
 * in its structures (superblock, group descriptors, inodes, directories, indirect blocks,
 * journal), mounted and used: every call must come back, with an error or without; a mount
 * that is refused must say why. Run under sanitizers. fs_fuzz [--seed N] [--runs N] [--dir D] OPTIONS
 */
#include "fs_rig.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ext2.h"

static uint32_t seed = 1;
static unsigned mounted, refused, silent;
static uint8_t bytes[70000];

static uint32_t any(uint32_t below)
{
    return rig_random(&seed, below);
}

/* -- a good image -- */

static void write_file(const char *name, uint64_t at, size_t n)
{
    struct fs_open how = {.write = true, .create = true, .mode = 0644};
    uint32_t ino;
    if (fs_open(rig.fs, FS_ROOT, name, &how, &ino) == 0)
        fs_write(rig.fs, ino, at, bytes, n);
}

static void populate(void)
{
    char name[64];
    fs_mkdir(rig.fs, FS_ROOT, "/dir", 0755);
    fs_mkdir(rig.fs, FS_ROOT, "/dir/deep", 0755);
    for (unsigned i = 0; i < 60; i++) {
        snprintf(name, sizeof name, "/dir/file-with-a-name-%u", i);
        write_file(name, 0, i * 100);
    }
    write_file("/big", 0, 70000);
    write_file("/big", 5000000, 5000);
    write_file("/huge", 60000000, 100);
    fs_symlink(rig.fs, "dir/file-with-a-name-7", FS_ROOT, "/short");
    memset(name, 'x', sizeof name);
    char target[200];
    memset(target, 'y', sizeof target - 1);
    target[sizeof target - 1] = '\0';
    fs_symlink(rig.fs, target, FS_ROOT, "/long");
    fs_symlink(rig.fs, "loop", FS_ROOT, "/loop");
    fs_link(rig.fs, FS_ROOT, "/big", false, FS_ROOT, "/dir/other");
    uint32_t ino; /* an orphan */
    if (fs_lookup(rig.fs, FS_ROOT, "/huge", false, &ino) == 0) {
        rig_open_inodes[0] = ino;
        fs_unlink(rig.fs, FS_ROOT, "/huge");
        rig_open_inodes[0] = 0;
    }
}

/* -- lies -- */

static uint32_t liar(uint32_t old)
{
    static const uint32_t values[] = {
        0,      1,      2,       7,          8,          11,         12,        0xff,
        0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff};
    switch (any(5)) {
    case 0: return values[any(sizeof values / sizeof values[0])];
    case 1: return old + any(5) - 2;
    case 2: return old ^ 1u << any(32);
    case 3: return any(rig.blocks * 2);
    default: return any(0) ^ seed;
    }
}

static void lie_at(uint8_t *p)
{
    uint32_t v;
    memcpy(&v, p, 4);
    v = liar(v);
    memcpy(p, &v, any(3) == 0 ? 2 : any(3) == 0 ? 1 : 4);
}

static void damage(uint8_t *good)
{
    uint32_t n = 1 + any(any(4) == 0 ? 40 : 4);
    uint32_t used[64], nused = 0;
    (void)good;
    for (uint32_t tries = 0; tries < 5000 && nused < 64; tries++) {
        uint32_t b = any(tries % 2 ? rig.blocks : 600 < rig.blocks ? 600 : rig.blocks);
        for (uint32_t i = 0; i < BLOCK; i += 64)
            if (rig.disk[(size_t)b * BLOCK + i] != 0) {
                used[nused++] = b;
                break;
            }
    }
    while (n-- > 0) {
        uint8_t *p;
        switch (any(6)) {
        case 0: p = rig.disk + 1024 + any(90) * 4; break; /* superblock */
        case 1:
            p = rig.disk + (any(2) ? 2048 : 4096) + any(32) * 4;
            break; /* descriptors */
        default:
            p = rig.disk + (size_t)used[any(nused)] * BLOCK + any(BLOCK / 4) * 4;
            break;
        }
        lie_at(p);
        if (any(8) == 0)
            memmove(p, rig.disk + (size_t)used[any(nused)] * BLOCK + any(1000) * 4, 32);
    }
}

/* -- use -- */

static void read_tree(uint32_t dir, unsigned depth)
{
    struct fs_entry e;
    uint64_t pos = 0;
    for (unsigned n = 0; n < 300 && fs_readdir(rig.fs, dir, &pos, &e) == 1; n++) {
        struct fs_stat st;
        uint32_t ahead = 0, parent;
        if (fs_stat(rig.fs, e.ino, &st) != 0)
            continue;
        for (unsigned i = 0; i < 4; i++)
            fs_read(rig.fs, e.ino, i * 30000, bytes, 30000, &ahead);
        fs_read(rig.fs, e.ino, st.size > 100 ? st.size - 100 : 0, bytes, 5000, &ahead);
        fs_readlink(rig.fs, e.ino, (char *)bytes, 4096);
        if (depth < 4 && e.name[0] != '.' && (st.mode & 0170000) == 0040000) {
            read_tree(e.ino, depth + 1);
            struct fs_entry up;
            fs_name_of(rig.fs, e.ino, &parent, &up);
        }
    }
}

static void change_tree(void)
{
    char name[64];
    struct fs_time now = {.ns = FS_TIME_NOW};
    uint32_t ino;
    for (unsigned i = 0; i < 6; i++) {
        snprintf(name, sizeof name, "/dir/file-with-a-name-%u", any(60));
        switch (any(9)) {
        case 0: fs_unlink(rig.fs, FS_ROOT, name); break;
        case 1: write_file(name, any(100000), any(60000)); break;
        case 2:
            if (fs_lookup(rig.fs, FS_ROOT, "/big", true, &ino) == 0)
                fs_truncate(rig.fs, ino, any(6000000));
            break;
        case 3:
            fs_rename(rig.fs, FS_ROOT, name, FS_ROOT, any(2) ? "/big" : "/new");
            break;
        case 4: fs_rename(rig.fs, FS_ROOT, "/dir/deep", FS_ROOT, "/moved"); break;
        case 5: fs_unlink(rig.fs, FS_ROOT, "/big"); break;
        case 6: fs_mkdir(rig.fs, FS_ROOT, "/dir/deep/more", 0755); break;
        case 7:
            if (fs_lookup(rig.fs, FS_ROOT, name, true, &ino) == 0)
                fs_utime(rig.fs, ino, &now, &now);
            break;
        default: fs_rmdir(rig.fs, FS_ROOT, "/dir/deep"); break;
        }
        if (any(4) == 0)
            fs_sync(rig.fs);
    }
    write_file("/new-one", 0, 70000);
}

int main(int argc, char **argv)
{
    unsigned runs = 300;
    int i = 1;
    for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
        if (strcmp(argv[i], "--seed") == 0)
            seed = (uint32_t)strtoul(argv[i + 1], NULL, 10) * 2654435761u + 1;
        else if (strcmp(argv[i], "--runs") == 0)
            runs = (unsigned)strtoul(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--dir") == 0)
            rig_dir = argv[i + 1];
    }
    const char *options = i < argc ? argv[i] : "-t ext2 -b 4096 -j";
    if (!rig_make(options, "8m") || rig_mount(FS_MIN_BUFFERS, false) != 0) {
        printf("no image\n");
        return 1;
    }
    populate();
    fs_sync(rig.fs); /* not unmounted: the journal is to be replayed */
    size_t size = (size_t)rig.blocks * BLOCK;
    uint8_t *good = malloc(size);
    memcpy(good, rig.disk, size);
    rig.quiet = true;
    for (unsigned run = 0; run < runs; run++) {
        memcpy(rig.disk, good, size);
        damage(good);
        rig.said[0] = '\0';
        if (any(10) == 0)
            rig.fail_reads_after = 1 + any(60);
        if (any(10) == 0)
            rig.fail_writes_after = 1 + any(60);
        int error = rig_mount(FS_MIN_BUFFERS, any(8) == 0);
        if (error == 0) {
            mounted++;
            read_tree(FS_ROOT, 0);
            change_tree();
            read_tree(FS_ROOT, 0);
        } else {
            refused++;
            silent += rig.said[0] == '\0' && error != -ENODEV && error != -EIO;
        }
        if (error > 0) {
            printf("run %u: mount is %d\n", run, error);
            return 1;
        }
        rig_unmount();
        rig.fail_reads_after = rig.fail_writes_after = 0;
    }
    printf("%s: %u runs, %u mounted, %u refused, %u of those without a word\n", options,
           runs, mounted, refused, silent);
    free(good);
    rig_free();
    return silent > 0;
}
