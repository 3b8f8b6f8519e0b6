// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * shm.c - named shared memory. A segment is a row of the session's table; the names of its
 * frames stand in a frame of their own, the list, which whoever is attached holds too. Pages
 * are entered as SHARED: fork hands them on.
 */
#include <exos/shm.h>

#include <errno.h>
#include <string.h>

#include "session.h"
#include "vm.h"

/* Where this process has segment i, 0 = nowhere. Children inherit the knowledge. */
static uint32_t attached_at[NSHM];

static struct shm_name *find(const char *name)
{
    for (unsigned i = 0; i < NSHM; i++)
        if (session->shm[i].pages != 0 && strcmp(session->shm[i].name, name) == 0)
            return &session->shm[i];
    return NULL;
}

static bool attached(const struct shm_name *s, unsigned row)
{
    return s->attached[row / 32] >> (row % 32) & 1;
}

void shm_inherit(unsigned row)
{
    for (unsigned i = 0; i < NSHM; i++)
        if (session->shm[i].pages != 0 && attached(&session->shm[i], SELF->proc))
            session->shm[i].attached[row / 32] |= 1u << (row % 32);
}

void shm_forget(unsigned row)
{
    for (unsigned i = 0; i < NSHM; i++) {
        struct shm_name *s = &session->shm[i];
        s->attached[row / 32] &= ~(1u << (row % 32));
        if (s->attached[0] == 0 && s->attached[1] == 0)
            s->pages = 0;
    }
}

/* A new segment: its list and frames, held by the caller. 0 or an errno. */
static int make(struct shm_name *s, const char *name, uint32_t pages)
{
    if (pages > PAGE_SIZE / sizeof(uint32_t))
        return EINVAL;
    uint32_t list_frame = frame_take(), n = 0;
    uint32_t *list = list_frame != 0 ? scratch_map(1, list_frame) : NULL;
    for (; list != NULL && n < pages; n++) {
        uint32_t frame = frame_take();
        void *page = frame != 0 ? scratch_map(2, frame) : NULL;
        if (page == NULL)
            break;
        page_zero((uint32_t)(uintptr_t)page, frame);
        list[n] = frame;
    }
    scratch_unmap(2);
    if (n < pages) {
        while (n > 0)
            frame_give_back(list[--n]);
        scratch_unmap(1);
        if (list_frame != 0)
            frame_give_back(list_frame);
        return ENOMEM;
    }
    scratch_unmap(1);
    *s = (struct shm_name){.pages = pages, .list = list_frame};
    strcpy(s->name, name);
    return 0;
}

/* Enter the segment's pages into this address space. Its address, or 0 and errno. */
static uint32_t enter(const struct shm_name *s)
{
    uint32_t va = vm_find(s->pages);
    exo_sword r = exo_frame_hold(s->list, 0, 0);
    const uint32_t *list = r >= 0 || r == -EXO_EBUSY ? scratch_map(1, s->list) : NULL;
    bool ok = va != 0 && list != NULL;
    for (uint32_t i = 0; ok && i < s->pages; i++) {
        r = exo_frame_hold(list[i], 0, 0);
        ok = (r >= 0 || r == -EXO_EBUSY) &&
             pm_set(va + (i << PAGE_SHIFT),
                    pm_entry(list[i], PM_R | PM_W | PM_SHARED | PM_PRESENT | PM_ANON)) ==
                 0;
    }
    scratch_unmap(1);
    if (!ok && va != 0)
        vm_discard(va, s->pages);
    if (!ok)
        errno = ENOMEM;
    return ok ? va : 0;
}

static uint32_t attach_locked(const char *name, uint32_t pages)
{
    struct shm_name *s = find(name);
    if (s == NULL) {
        for (unsigned i = 0; i < NSHM && s == NULL; i++)
            if (session->shm[i].pages == 0)
                s = &session->shm[i];
        int error = pages == 0 ? ENOENT : s == NULL ? ENOSPC : make(s, name, pages);
        if (error != 0) {
            errno = error;
            return 0;
        }
    } else if (s->pages < pages) {
        errno = EINVAL;
        return 0;
    }
    unsigned i = (unsigned)(s - session->shm);
    if (attached(s, SELF->proc) && attached_at[i] != 0)
        return attached_at[i];
    attached_at[i] = enter(s);
    if (attached_at[i] != 0)
        s->attached[SELF->proc / 32] |= 1u << (SELF->proc % 32);
    return attached_at[i];
}

void *exos_shm_attach(const char *name, size_t bytes)
{
    if (mmu_missing()) {
        errno = ENOSYS;
        return NULL;
    }
    if (name == NULL || name[0] == '\0' || strlen(name) > EXOS_SHM_NAME_MAX ||
        bytes > L_MMAP_END - L_MMAP) {
        errno = EINVAL;
        return NULL;
    }
    lock_take(&session->lock);
    uint32_t va = attach_locked(name, PAGE_UP(bytes) >> PAGE_SHIFT);
    lock_drop(&session->lock);
    return va != 0 ? (void *)(uintptr_t)va : NULL;
}

int exos_shm_detach(void *p)
{
    for (unsigned i = 0; p != NULL && i < NSHM; i++) {
        struct shm_name *s = &session->shm[i];
        if (attached_at[i] != (uintptr_t)p)
            continue;
        lock_take(&session->lock);
        vm_discard(attached_at[i], s->pages);
        exo_frame_free(s->list);
        attached_at[i] = 0;
        s->attached[SELF->proc / 32] &= ~(1u << (SELF->proc % 32));
        if (s->attached[0] == 0 && s->attached[1] == 0)
            s->pages = 0;
        lock_drop(&session->lock);
        return 0;
    }
    errno = EINVAL;
    return -1;
}
