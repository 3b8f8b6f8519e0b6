// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * area.c - shared memory at fixed addresses: see area.h. The session's row has the frame of the
 * first page; that page, and more if need be, lists the frames of all.
 */
#include "area.h"

#include <errno.h>

#include "batch.h"
#include "session.h"
#include "vm.h"

#define AT_ONCE 64

static void (*leaving[SELF_AREAS])(void);

static uint32_t base(enum area_id id)
{
    return L_FS + (uint32_t)id * L_AREA_BYTES;
}

static uint32_t *list_of(enum area_id id)
{
    return (uint32_t *)(uintptr_t)base(id);
}

/* Pages of the list for an area of this many pages, the list included. */
static uint32_t list_pages(uint32_t pages)
{
    return (uint32_t)((pages * sizeof(uint32_t) + PAGE_SIZE - 1) >> PAGE_SHIFT);
}

static void *usable(enum area_id id)
{
    uint32_t skip = list_pages(SELF->area_pages[id]) << PAGE_SHIFT;
    return (void *)(uintptr_t)(base(id) + skip);
}

static bool is_user(const struct area_row *r, unsigned row)
{
    return r->users[row / 32] >> (row % 32) & 1;
}

static void add_user(struct area_row *r, unsigned row)
{
    __atomic_fetch_or(&r->users[row / 32], 1u << (row % 32), __ATOMIC_ACQ_REL);
}

static void drop_user(struct area_row *r, unsigned row)
{
    __atomic_fetch_and(&r->users[row / 32], ~(1u << (row % 32)), __ATOMIC_ACQ_REL);
}

static int enter(enum area_id id, uint32_t page, uint32_t frame)
{
    return pm_set(base(id) + (page << PAGE_SHIFT),
                  pm_entry(frame, PM_R | PM_W | PM_SHARED | PM_PRESENT | PM_ANON));
}

/* Hold and enter pages [from, to), which the list tells. */
static int join_pages(enum area_id id, uint32_t from, uint32_t to)
{
    struct batch b = {.n = 0};
    int error = 0;
    for (uint32_t i = from; i < to && error == 0; i++) {
        BATCH(&b, frame_hold, list_of(id)[i], 0, 0);
        error = enter(id, i, list_of(id)[i]);
        if (b.n == 0 && error == 0) {
            error = b.error;
            critical_breathe();
        }
    }
    int last = batch_flush(&b);
    return error != 0 ? error : last;
}

static int join(enum area_id id, const struct area_row *r)
{
    exo_sword held = exo_frame_hold(r->list, 0, 0);
    if (held < 0 && held != -EXO_EBUSY)
        return (int)held;
    uint32_t pages = r->pages, lists = list_pages(pages);
    int error = enter(id, 0, r->list);
    if (error == 0)
        error = join_pages(id, 1, lists);
    return error != 0 ? error : join_pages(id, lists, pages);
}

/* Frames for all pages, entered; those of the list are needed first. */
static int make(enum area_id id, struct area_row *r, uint32_t pages)
{
    uint32_t frames[AT_ONCE], *list = list_of(id);
    mmu_run(pages); /* where there are as many, the following are of them */
    for (uint32_t done = 0; done < pages;) {
        uint32_t want = pages - done < AT_ONCE ? pages - done : AT_ONCE;
        uint32_t got = frame_take_many(frames, want);
        for (uint32_t i = 0; i < got; i++, done++) {
            int error = enter(id, done, frames[i]);
            if (error != 0) {
                while (i < got)
                    frame_give_back(frames[i++]);
                return error;
            }
            page_zero(base(id) + (done << PAGE_SHIFT), frames[i]);
            if (done >= list_pages(pages))
                list[done] = frames[i];
        }
        critical_breathe();
        if (got < want)
            return -EXO_EFULL;
    }
    for (uint32_t i = 0; i < list_pages(pages); i++)
        list[i] = pm_frame(pm_lookup(base(id) + (i << PAGE_SHIFT)));
    r->list = list[0];
    r->pages = pages;
    return 0;
}

static void forget(enum area_id id, uint32_t pages)
{
    critical_enter();
    vm_discard(base(id), pages);
    critical_leave();
    SELF->area_pages[id] = 0;
}

/* Attach or make; the mutex is held. */
static int open_locked(enum area_id id, uint32_t pages, bool *first)
{
    struct area_row *r = &session->area[id];
    int error = -EXO_EFULL;
    *first = false;
    if (r->pages != 0 && session_live_user(r->users, SELF->proc)) {
        critical_enter();
        error = join(id, r);
        critical_leave();
        if (error == 0 && session_live_user(r->users, SELF->proc)) {
            SELF->area_pages[id] = r->pages; /* they were there all the time */
            add_user(r, SELF->proc);
            return 0;
        }
        forget(id, r->pages);
        if (session_live_user(r->users, SELF->proc))
            return error;
    }
    r->users[0] = r->users[1] = 0;
    critical_enter();
    error = make(id, r, pages);
    critical_leave();
    if (error != 0) {
        forget(id, pages);
        r->pages = 0;
        return error;
    }
    *first = true;
    SELF->area_pages[id] = pages;
    add_user(r, SELF->proc);
    return 0;
}

void *area_open(enum area_id id, uint32_t bytes, bool *first)
{
    *first = false;
    if (mmu_missing()) {
        errno = ENOSYS;
        return NULL;
    }
    if (SELF->area_pages[id] != 0)
        return usable(id);
    uint32_t pages = PAGE_UP(bytes) >> PAGE_SHIFT, lists = 1;
    while (lists < list_pages(pages + lists))
        lists++;
    pages += lists;
    if (bytes > L_AREA_BYTES || pages > L_AREA_BYTES >> PAGE_SHIFT) {
        errno = EINVAL;
        return NULL;
    }
    mutex_lock(&session->area_mutex); /* what a dead holder left is seen from users[] */
    int error = open_locked(id, pages, first);
    mutex_unlock(&session->area_mutex);
    if (error != 0)
        errno = ENOMEM;
    return error == 0 ? usable(id) : NULL;
}

uint32_t area_frame(enum area_id id, uint32_t page)
{
    return list_of(id)[list_pages(SELF->area_pages[id]) + page];
}

bool area_alone(enum area_id id)
{
    return !session_live_user(session->area[id].users, SELF->proc);
}

void area_on_leave(enum area_id id, void (*hook)(void))
{
    leaving[id] = hook;
}

void area_leave(bool unmap)
{
    for (unsigned id = 0; id < SELF_AREAS; id++) {
        uint32_t pages = SELF->area_pages[id];
        if (pages == 0)
            continue;
        if (leaving[id] != NULL)
            leaving[id]();
        drop_user(&session->area[id], SELF->proc);
        if (unmap)
            forget((enum area_id)id, pages);
    }
}

void area_inherit(unsigned row)
{
    if (SELF->area_pages[AREA_NET] != 0)
        add_user(&session->area[AREA_NET], row);
}

void area_forget(unsigned row)
{
    for (unsigned id = 0; id < SELF_AREAS; id++)
        drop_user(&session->area[id], row);
}

bool area_any(unsigned row)
{
    return is_user(&session->area[AREA_FS], row) ||
           is_user(&session->area[AREA_NET], row);
}
