// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fs_crash.c - power cuts. A run of random changes is recorded write by write; then power fails at
 * any of the writes: what was flushed is there, of the rest any part, torn in sectors. Then
 *
 *   e2fsck -p   repairs without questions (status 0 or 1), e2fsck -fn finds nothing afterwards
 *   our mount   of another copy (with a journal) replays it to something e2fsck -fn is content with
 *   every file  that was synced before the cut and not touched since is intact in both
 *
 *   fs_crash [--seed N] [--steps N] [--cuts N (0: all)] [--dir D] [--size S] OPTIONS-OF-MKE2FS
 */
#include "fs_rig.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KEPT 400

static uint32_t seed = 1;
static bool journal, dirs_move;
static unsigned failures;
static struct kept {
    char name[32];
    uint32_t size, content;
    uint32_t synced, gone; /* where in the log */
} kept[KEPT];
static unsigned nkept;
static uint8_t bytes[400000];

static uint32_t any(uint32_t below)
{
    return rig_random(&seed, below);
}

static void pattern(uint32_t content, uint32_t size)
{
    uint32_t s = content | 1;
    for (uint32_t i = 0; i + 4 <= size; i += 4) {
        uint32_t v = rig_random(&s, 0), w = s;
        (void)v;
        memcpy(bytes + i, &w, 4);
    }
    memset(bytes + size / 4 * 4, 'x', size % 4);
}

static uint32_t create(const char *name)
{
    struct fs_open how = {.write = true, .create = true, .truncate = true, .mode = 0644};
    uint32_t ino = 0;
    return fs_open(rig.fs, FS_ROOT, name, &how, &ino) == 0 ? ino : 0;
}

static void keep(void)
{
    if (nkept == KEPT)
        return;
    struct kept *k = &kept[nkept];
    snprintf(k->name, sizeof k->name, "/kept%u", nkept);
    k->size = any(5) == 0 ? any(300000) : any(20000);
    k->content = any(1u << 30);
    uint32_t ino = create(k->name);
    if (ino == 0)
        return;
    pattern(k->content, k->size);
    if (fs_write(rig.fs, ino, 0, bytes, k->size) != (int64_t)k->size) {
        fs_unlink(rig.fs, FS_ROOT, k->name);
        return;
    }
    if (fs_sync(rig.fs) == 0) {
        k->synced = rig.nlog;
        k->gone = UINT32_MAX;
        nkept++;
    }
}

static void forget(void)
{
    if (nkept == 0)
        return;
    struct kept *k = &kept[any(nkept)];
    if (k->gone != UINT32_MAX)
        return;
    k->gone = rig.nlog;
    fs_unlink(rig.fs, FS_ROOT, k->name);
}

static const char *path(char *buf)
{
    static const char *const names[] = {"a", "b", "c", "d"};
    unsigned depth = 1 + any(3);
    buf[0] = '\0';
    while (depth-- > 0)
        sprintf(buf + strlen(buf), "/%s%u", names[any(4)], any(6) == 0 ? any(40) : 0);
    return buf;
}

static bool is_dir(const char *p)
{
    uint32_t ino;
    struct fs_stat st;
    return fs_lookup(rig.fs, FS_ROOT, p, false, &ino) == 0 &&
           fs_stat(rig.fs, ino, &st) == 0 && (st.mode & 0170000) == 0040000;
}

static void change(void)
{
    char p[200], q[200];
    uint32_t ino;
    switch (any(12)) {
    case 0:
    case 1: fs_mkdir(rig.fs, FS_ROOT, path(p), 0755); break;
    case 2: fs_unlink(rig.fs, FS_ROOT, path(p)); break;
    case 3: fs_rmdir(rig.fs, FS_ROOT, path(p)); break;
    case 4:
        path(p);
        path(q);
        if (dirs_move || !is_dir(p))
            fs_rename(rig.fs, FS_ROOT, p, FS_ROOT, q);
        break;
    case 5: fs_link(rig.fs, FS_ROOT, path(p), false, FS_ROOT, path(q)); break;
    case 6: fs_symlink(rig.fs, any(2) ? "somewhere" : path(q), FS_ROOT, path(p)); break;
    case 7:
        if (fs_lookup(rig.fs, FS_ROOT, path(p), true, &ino) == 0)
            fs_truncate(rig.fs, ino, any(3) ? any(100000) : any(3000000));
        break;
    case 8: fs_sync(rig.fs); break;
    default:
        ino = create(path(p));
        pattern(any(1000), 60000);
        if (ino != 0)
            fs_write(rig.fs, ino, any(3) ? 0 : any(2000000), bytes,
                     any(3) ? any(5000) : any(60000));
        break;
    }
}

/* Is what was synced before the cut what it was? */
static void verify(uint32_t cut, const char *who)
{
    for (unsigned i = 0; i < nkept; i++) {
        const struct kept *k = &kept[i];
        uint32_t ino, ahead = 0;
        static uint8_t got[400000];
        if (k->synced > cut || k->gone < cut)
            continue;
        int error = fs_lookup(rig.fs, FS_ROOT, k->name, true, &ino);
        int64_t n = error == 0 ? fs_read(rig.fs, ino, 0, got, sizeof got, &ahead) : error;
        pattern(k->content, k->size);
        if (n != (int64_t)k->size || memcmp(got, bytes, k->size) != 0) {
            printf("cut %u, %s: %s, synced at %u, is damaged (%d)\n", cut, who, k->name,
                   k->synced, (int)n);
            failures++;
        }
    }
}

static int check(const char *how, uint32_t cut, const char *who, int worst)
{
    char img[300];
    snprintf(img, sizeof img, "%s/crash-%d.img", rig_dir, (int)getpid());
    rig_save(img);
    int status = rig_run("%s %s %s >%s.out 2>&1", rig_e2fsck, how, img, img);
    if (status > worst) {
        printf("cut %u, %s: e2fsck %s: status %d\n", cut, who, how, status);
        rig_run("cat %s.out", img);
        failures++;
    }
    rig_load(img);
    rig_run("rm -f %s %s.out", img, img);
    return status;
}

static void try_cut(uint32_t cut)
{
    size_t size = (size_t)rig.blocks * BLOCK;
    uint8_t *copy = malloc(size);
    rig_cut(rig.disk, cut, &seed);
    memcpy(copy, rig.disk, size);
    check("-p", cut, "e2fsck", 1);
    check("-fn", cut, "e2fsck", 0);
    if (rig_mount(FS_MIN_BUFFERS, true) != 0) {
        printf("cut %u: what e2fsck repaired cannot be mounted\n", cut);
        failures++;
    } else {
        verify(cut, "e2fsck");
    }
    rig_unmount();
    if (journal) {
        memcpy(rig.disk, copy, size);
        if (rig_mount(FS_MIN_BUFFERS, false) != 0) {
            printf("cut %u: cannot be mounted\n", cut);
            failures++;
        } else {
            verify(cut, "replay");
            if (rig_unmount() != 0)
                failures++;
            check("-fn", cut, "replay", 0);
        }
    }
    free(copy);
}

int main(int argc, char **argv)
{
    unsigned steps = 150, cuts = 50, buffers = FS_MIN_BUFFERS, every = 0;
    const char *size = "8m";
    int i = 1;
    for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
        if (strcmp(argv[i], "--seed") == 0)
            seed = (uint32_t)strtoul(argv[i + 1], NULL, 10) * 2654435761u + 1;
        else if (strcmp(argv[i], "--steps") == 0)
            steps = (unsigned)strtoul(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--cuts") == 0)
            cuts = (unsigned)strtoul(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--dir") == 0)
            rig_dir = argv[i + 1];
        else if (strcmp(argv[i], "--buffers") == 0)
            buffers = (unsigned)strtoul(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--size") == 0)
            size = argv[i + 1];
        else if (strcmp(argv[i], "--at") == 0)
            every = (unsigned)strtoul(argv[i + 1], NULL, 10);
    }
    const char *options = i < argc ? argv[i] : "-t ext2 -b 4096 -j";
    journal = dirs_move = strstr(options, "-j") != NULL;
    if (!rig_make(options, size) || rig_mount(buffers, false) != 0) {
        printf("no image\n");
        return 1;
    }
    rig_log_begin();
    for (unsigned step = 0; step < steps; step++) {
        unsigned what = any(10);
        if (what == 0)
            keep();
        else if (what == 1 && any(2))
            forget();
        else
            change();
    }
    if (any(2))
        rig_unmount();
    rig.logging = false;
    free(rig.memory);
    rig.memory = NULL;
    uint32_t all = rig.nlog;
    if (every != 0)
        try_cut(every);
    else if (cuts == 0)
        for (uint32_t cut = 0; cut <= all; cut++)
            try_cut(cut);
    else
        for (unsigned k = 0; k < cuts; k++)
            try_cut(any(all + 1));
    printf("%s: %u writes and flushes, %u files synced, %u failures\n", options, all,
           nkept, failures);
    rig_free();
    return failures != 0;
}
