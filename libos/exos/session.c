// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * session.c - the session's far tables (session.h): high descriptors and rows of open files, in
 * pages that are made when the first process needs them and mapped by those that do.
 */
#include "session.h"

#include "vm.h"

static uint32_t pages_of(uint32_t bytes)
{
    return (bytes + PAGE_SIZE - 1) >> PAGE_SHIFT;
}

#define NEAR_PAGES pages_of(SESSION_BYTES)
#define ALL_PAGES pages_of(SESSION_BYTES + sizeof(struct session_far))

static bool is_live(const struct proc *p)
{
    if (p->state == PROC_EMBRYO)
        return true;
    uint32_t state = ENVS[p->env].state;
    return p->state == PROC_LIVE && state != EXO_ENV_STATE_DEAD &&
           state != EXO_ENV_STATE_FREE;
}

bool session_live_user(const uint32_t users[2], unsigned except)
{
    for (unsigned row = 0; row < session->nproc; row++)
        if (row != except && users[row / 32] >> (row % 32) & 1 &&
            is_live(&session->proc[row]))
            return true;
    return false;
}

bool session_has_far(void)
{
    return SELF->session_pages == ALL_PAGES;
}

static void use(void)
{
    for (uint32_t i = NEAR_PAGES; i < ALL_PAGES; i++)
        SELF->session_frame[i] = session->far_frame[i];
    SELF->session_pages = ALL_PAGES;
    session->far_users[SELF->proc / 32] |= 1u << (SELF->proc % 32);
}

/* Hold what others have. */
static bool join(void)
{
    for (uint32_t i = NEAR_PAGES; i < ALL_PAGES; i++) {
        exo_sword r = exo_frame_hold(session->far_frame[i], 0, 0);
        if (r >= 0 || r == -EXO_EBUSY)
            continue;
        while (i-- > NEAR_PAGES)
            frame_give_back(session->far_frame[i]);
        return false;
    }
    use();
    return true;
}

bool session_far_join(void)
{
    if (session_has_far())
        return true;
    return exos_mmu != NULL && session_live_user(session->far_users, NPROC) && join();
}

static bool make(void)
{
    for (uint32_t i = NEAR_PAGES; i < ALL_PAGES; i++) {
        uint32_t frame = frame_take();
        if (frame == 0) {
            while (i-- > NEAR_PAGES)
                frame_give_back(session->far_frame[i]);
            return false;
        }
        session->far_frame[i] = frame;
    }
    session->far_users[0] = session->far_users[1] = 0;
    use();
    for (uint32_t i = NEAR_PAGES; i < ALL_PAGES; i++)
        page_zero(L_SESSION + (i << PAGE_SHIFT), session->far_frame[i]);
    return true;
}

bool session_far(void)
{
    if (session_has_far() || exos_mmu == NULL)
        return exos_mmu != NULL;
    lock_take(&session->lock);
    bool ok = session_far_join();
    if (!ok && !session_live_user(session->far_users, NPROC))
        ok = make();
    lock_drop(&session->lock);
    return ok;
}

void session_far_inherit(unsigned row)
{
    if (session_has_far())
        session->far_users[row / 32] |= 1u << (row % 32);
}

void session_far_forget(unsigned row)
{
    session->far_users[row / 32] &= ~(1u << (row % 32));
}

struct ofile *ofile_row(unsigned row)
{
    if (row < NOFILE_NEAR)
        return &session->ofile[row];
    return session_has_far() ? &SESSION_FAR->ofile[row - NOFILE_NEAR] : NULL;
}

unsigned fd_get(unsigned row, unsigned fd)
{
    if (fd < NFD_NEAR)
        return session->proc[row].fd[fd];
    return session_has_far() ? SESSION_FAR->fd[row][fd - NFD_NEAR] : 0;
}

void fd_put(unsigned row, unsigned fd, unsigned file)
{
    if (fd < NFD_NEAR)
        session->proc[row].fd[fd] = (uint16_t)file;
    else if (session_has_far())
        SESSION_FAR->fd[row][fd - NFD_NEAR] = (uint16_t)file;
}

uint32_t *fd_cloexec(unsigned row, unsigned fd)
{
    if (fd < NFD_NEAR)
        return &session->proc[row].cloexec;
    return session_has_far() ? &SESSION_FAR->cloexec[row][fd / 32 - 1] : NULL;
}
