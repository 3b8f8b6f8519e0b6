// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fsys.c - one file system for all processes of a session: in the area AREA_FS lie its lock, the
 * disk backend's state, the file system and its cache. The first process that names a file takes
 * the disk and mounts; the last one to leave writes everything and marks it clean. Where a process
 * died inside, the next forgets what is in memory and mounts again, which replays the journal.
 */
#include "fsys.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "area.h"
#include "disk.h"
#include "file.h"
#include "fs/fs_dev.h"

#define BUFFERS_MAX 1024u
#define CACHE_SHARE 8u /* of the free memory one part is the cache */

struct shared {
    struct mutex mutex;
    uint32_t ready; /* the rest is set up */
    uint32_t taken; /* the disk is ours */
    int32_t failed; /* errno of a mount that will fail again */
    uint32_t blocks, nbufs;
    uint32_t state, fs; /* offsets of the backend's state and the file system */
};

/* Of this process; an environment's number tells it from what a child copied. */
static uint32_t attached_env;
static struct shared *shared;

static int posix_error(int error)
{
    switch (-error) {
    case EXO_EOVERLAP:
    case EXO_EBUSY: return EBUSY;
    case EXO_EFULL: return ENOSPC;
    case EXO_ENOSYS:
    case EXO_ENODEVCALL: return ENOSYS;
    case EXO_ENOTSUP: return ENOTSUP;
    case EXO_ERANGE: return ENODEV;
    default: return EIO;
    }
}

static struct fs *the_fs(void)
{
    return (struct fs *)(void *)((uint8_t *)shared + shared->fs);
}

static void *state(void)
{
    return (uint8_t *)shared + shared->state;
}

/* -- what the file system needs (fs_dev.h) -- */

int fs_dev_io(struct fs *fs, struct disk_io *const io[], uint32_t n)
{
    (void)fs;
    int error = 0;
    for (uint32_t i = 0; i < n; i++)
        io[i]->done = 0;
    for (uint32_t started = 0; started < n && error >= 0;) {
        error = disk_submit(state(), io + started, n - started);
        if (error > 0)
            started += (uint32_t)error;
        else if (error == 0)
            exo_yield((exo_word)-1);
        if (error < 0)
            n = started;
    }
    int waited = n > 0 ? disk_wait(state(), io, n) : 0;
    if (error < 0 || waited < 0)
        return -EIO;
    for (uint32_t i = 0; i < n; i++)
        if (io[i]->done != EXO_IO_DONE)
            return -EIO;
    return 0;
}

int fs_dev_flush(struct fs *fs)
{
    (void)fs;
    return disk_flush(state()) < 0 ? -EIO : 0;
}

void fs_dev_place(struct fs *fs, const void *p, uint32_t *frame, uint32_t *offset)
{
    (void)fs;
    uint32_t at = (uint32_t)((const uint8_t *)p - (const uint8_t *)shared);
    *frame = area_frame(AREA_FS, at >> PAGE_SHIFT);
    *offset = at & (PAGE_SIZE - 1);
}

/* Divisions are dear on a 32-bit machine: they are made once a second. */
uint64_t fs_dev_seconds(uint32_t *ns)
{
    static uint64_t hz, started, seconds,
        scale; /* the second `seconds` began at `started` */
    uint64_t now = exo_time64();
    if (hz == 0) {
        hz = HWTABLE->cycles_per_second != 0 ? HWTABLE->cycles_per_second : 1000000;
        scale = (1000000000ull << 32) / hz;
    }
    if (now - started >= hz) {
        seconds = now / hz;
        started = seconds * hz;
    }
    uint64_t rest = now - started; /* below 2^36, scale below 2^42: hz is 1 MHz or more */
    *ns = (uint32_t)((rest * (scale >> 10)) >> 22);
    return seconds;
}

bool fs_dev_is_open(uint32_t ino)
{
    return file_is_open(OFILE_INODE, ino);
}

static void say(const char *text)
{
    exo_console_write((exo_word)text, strlen(text));
}

void fs_dev_say(const char *what)
{
    say("exos: file system: ");
    say(what);
    say("\n");
}

/* -- taking the disk, mounting -- */

static uint32_t page_up(size_t n)
{
    return PAGE_UP((uint32_t)n);
}

static uint32_t buffers(void)
{
    uint32_t n = (KINFO->free_frames / CACHE_SHARE) << (PAGE_SHIFT - 12);
    return n < FS_MIN_BUFFERS ? FS_MIN_BUFFERS : n > BUFFERS_MAX ? BUFFERS_MAX : n;
}

static struct shared *attach(void)
{
    if (SELF->area_pages[AREA_FS] == 0)
        attached_env = 0; /* a forebear's, whose number this environment has now */
    uint32_t n = buffers(), head = page_up(sizeof(struct shared));
    uint32_t state_bytes = page_up(disk_state_bytes());
    bool first;
    uint32_t bytes = head + state_bytes + page_up(fs_bytes(n));
    struct shared *s = area_open(AREA_FS, bytes, &first);
    if (s != NULL &&
        first) { /* others read this with the lock held, which nobody had yet */
        s->state = head;
        s->fs = head + state_bytes;
        s->nbufs = n;
        __atomic_store_n(&s->ready, 1, __ATOMIC_RELEASE);
    }
    return s;
}

static void leave(void);

static int take_disk(bool again)
{
    int error = 0;
    if (!shared->taken || again) {
        error = disk_open(state(), &shared->blocks);
        shared->taken = error >= 0;
    } else if (attached_env != SELF->env) {
        error = disk_attach(state());
    }
    if (error < 0)
        return posix_error(error);
    attached_env = SELF->env;
    return 0;
}

/* The lock is held. 0 or an errno. */
static int mount(bool died)
{
    struct fs *fs = the_fs();
    if (died) {
        fs_dev_say("a process died inside: mounted again");
        fs_discard(fs_init(fs, shared->nbufs));
    }
    int error = take_disk(died);
    if (error != 0 || fs_mounted(fs))
        return error;
    if (shared->failed != 0)
        return shared->failed;
    error = -fs_mount(fs_init(fs, shared->nbufs), shared->blocks, false);
    shared->failed = error;
    return error;
}

static struct fs *enter_locked(bool died)
{
    int error = mount(died);
    if (error == 0)
        return the_fs();
    mutex_unlock(&shared->mutex);
    errno = error;
    return NULL;
}

struct fs *fsys_enter(void)
{
    if (SELF->area_pages[AREA_FS] != 0 &&
        attached_env == SELF->env) { /* as nearly always */
        bool died = mutex_lock(&shared->mutex);
        if (!died && fs_mounted(the_fs()))
            return the_fs();
        return enter_locked(died);
    }
    bool mmu = !mmu_missing();
    if (!mmu || disk_backend() == NULL) {
        errno = mmu ? ENODEV : ENOSYS;
        return NULL;
    }
    shared = attach();
    if (shared == NULL)
        return NULL;
    while (!__atomic_load_n(&shared->ready, __ATOMIC_ACQUIRE))
        exo_yield((exo_word)-1);
    area_on_leave(AREA_FS, leave);
    return enter_locked(mutex_lock(&shared->mutex));
}

int fsys_leave(int result)
{
    mutex_unlock(&shared->mutex);
    if (result >= 0)
        return result;
    errno = -result;
    return -1;
}

/* This process uses it no more; nobody does: all is written. */
static void leave(void)
{
    if (attached_env != SELF->env)
        return;
    bool died = mutex_lock(&shared->mutex);
    if (died)
        fs_discard(fs_init(the_fs(), shared->nbufs));
    if (area_alone(AREA_FS)) {
        if (fs_unmount(the_fs()) != 0)
            fs_dev_say("not everything could be written");
        shared->taken = 0;
    }
    disk_close(state());
    attached_env = 0;
    mutex_unlock(&shared->mutex);
}
