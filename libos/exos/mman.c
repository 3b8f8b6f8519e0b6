// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mman.c - the process's address space as it asks for it: mmap, munmap, mprotect, sbrk. Only the
 * page map changes here (range.c); frames come with the first use (vm.c).
 */
#include <sys/mman.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "critical.h"
#include "file.h"
#include "hooks.h"
#include "vm.h"

static int fail(int error)
{
    errno = error;
    return -1;
}

static uint32_t rights_of(int prot)
{
    uint32_t rights = 0;
    if (prot & PROT_READ)
        rights |= EXO_R;
    if (prot & PROT_WRITE)
        rights |= EXO_R | EXO_W;
    if (prot & PROT_EXEC)
        rights |= EXO_R | EXO_X;
    return rights;
}

/* Where the new mapping goes, or 0 and errno. */
static uint32_t place(void *addr, uint32_t pages, int flags)
{
    uint32_t va = (uint32_t)(uintptr_t)addr;
    if (!(flags & MAP_FIXED)) {
        if (addr != NULL && (uintptr_t)addr < L_MMAP_END && va >= L_MMAP &&
            va == PAGE_DOWN(va) && vm_is_free(va, pages))
            return va;
        va = vm_find(pages);
        if (va == 0)
            errno = ENOMEM;
        return va;
    }
    if ((uintptr_t)addr >= L_MMAP_END || va < L_MMAP || va != PAGE_DOWN(va) ||
        pages > (L_MMAP_END - va) >> PAGE_SHIFT) {
        errno = EINVAL;
        return 0;
    }
    vm_discard(va, pages);
    return va;
}

/* Shared anonymous pages get their frames now: a child must find the same ones. */
static int populate(uint32_t va, uint32_t pages)
{
    int sig;
    for (uint32_t i = 0; i < pages; i++) {
        critical_breathe();
        if (vm_fault(va + (i << PAGE_SHIFT), EXO_R, &sig) != 0) {
            vm_discard(va, pages);
            return fail(ENOMEM);
        }
    }
    return 0;
}

static uint32_t map_locked(void *addr, uint32_t pages, int prot, int flags,
                           uint32_t frame)
{
    uint32_t va = place(addr, pages, flags);
    if (va == 0)
        return 0;
    uint32_t entry = rights_of(prot) | PM_ANON;
    if (frame != 0)
        entry |= PM_PRESENT | PM_FOREIGN | (flags & MAP_SHARED ? PM_SHARED : PM_COW);
    else if (flags & MAP_SHARED)
        entry |= PM_SHARED;
    if (vm_enter(va, pages, frame, entry) < 0) {
        errno = ENOMEM;
        return 0;
    }
    if (frame == 0 && mmu_place(va, pages) < 0) {
        vm_discard(va, pages);
        errno = ENOMEM;
        return 0;
    }
    bool now = flags & MAP_POPULATE || (entry & (PM_SHARED | PM_FOREIGN)) == PM_SHARED;
    if (now && frame == 0 && rights_of(prot) != 0 && populate(va, pages) < 0)
        return 0;
    return va;
}

/* A file on the disk: a private copy of what it holds now. */
static void *map_copy(void *addr, size_t len, int prot, int flags, int fd, off_t off)
{
    bool unreadable = (file_of(fd)->flags & O_ACCMODE) == O_WRONLY;
    if (flags & MAP_SHARED || unreadable) {
        errno = unreadable ? EACCES : ENODEV;
        return MAP_FAILED;
    }
    uint8_t *p = mmap(addr, len, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);
    for (size_t done = 0; p != MAP_FAILED && done < len;) {
        ssize_t n = pread(fd, p + done, len - done, off + (off_t)done);
        if (n < 0) {
            int error = errno;
            munmap(p, len);
            errno = error;
            return MAP_FAILED;
        }
        if (n == 0)
            break;
        done += (size_t)n;
    }
    if (p != MAP_FAILED && !(prot & PROT_WRITE))
        mprotect(p, len, prot);
    return p;
}

void *mmap(void *addr, size_t len, int prot, int flags, int fd, off_t off)
{
    if (mmu_missing()) {
        errno = ENOSYS;
        return MAP_FAILED;
    }
    bool shared = flags & MAP_SHARED, private = flags & MAP_PRIVATE;
    if (len == 0 || shared == private || off < 0 || (off & (PAGE_SIZE - 1)) != 0) {
        errno = EINVAL;
        return MAP_FAILED;
    }
    if (len > L_MMAP_END - L_MMAP) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    uint32_t frame = 0;
    const struct ofile *f = flags & MAP_ANONYMOUS ? NULL : file_of(fd);
    if (f != NULL && f->kind == OFILE_INODE)
        return map_copy(addr, len, prot, flags, fd, off);
    if (!(flags & MAP_ANONYMOUS)) {
        int error = file_frames(fd, off, len, &frame);
        if (error == 0 && shared && prot & PROT_WRITE)
            error = EACCES;
        if (error != 0) {
            errno = error;
            return MAP_FAILED;
        }
    }
    critical_enter();
    uint32_t va = map_locked(addr, PAGE_UP(len) >> PAGE_SHIFT, prot, flags, frame);
    critical_leave();
    return va != 0 ? (void *)(uintptr_t)va : MAP_FAILED;
}

/* A range a program may change: its data and heap, mappings, stack. */
static int own_range(const void *addr, size_t len, uint32_t *va, uint32_t *pages)
{
    uintptr_t a = (uintptr_t)addr;
    if (mmu_missing())
        return fail(ENOSYS);
    if (a >= L_STACK_TOP || len > L_STACK_TOP || a != PAGE_DOWN(a))
        return fail(EINVAL);
    uint32_t end = PAGE_UP((uint32_t)a + (uint32_t)len);
    bool data = a >= SELF->data_start && end <= PAGE_UP(SELF->brk);
    if (!data && !(a >= L_MMAP && end <= L_MMAP_END) &&
        !(a >= L_STACK_LOW && end <= L_STACK_TOP))
        return fail(EINVAL);
    *va = (uint32_t)a;
    *pages = (end - *va) >> PAGE_SHIFT;
    return 0;
}

int munmap(void *addr, size_t len)
{
    uint32_t va, pages;
    if (len == 0)
        return fail(EINVAL);
    if (own_range(addr, len, &va, &pages) < 0)
        return -1;
    critical_enter();
    vm_discard(va, pages);
    int r = 0;
    if (va < L_MMAP || va >= L_MMAP_END) /* demand-zero there: only an entry forbids */
        r = vm_enter(va, pages, 0, PM_ANON);
    critical_leave();
    return r < 0 ? fail(ENOMEM) : 0;
}

int mprotect(void *addr, size_t len, int prot)
{
    uint32_t va, pages;
    if (prot & ~(PROT_READ | PROT_WRITE | PROT_EXEC))
        return fail(EINVAL);
    if (own_range(addr, len, &va, &pages) < 0)
        return -1;
    critical_enter();
    int r = vm_check(va, pages, prot & PROT_WRITE ? PM_FOREIGN | PM_SHARED : 0);
    if (r == 0)
        r = vm_protect(va, pages, rights_of(prot));
    if (r == 0 && prot & PROT_WRITE && mmu_place(va, pages) < 0)
        r = -EXO_EFULL;
    critical_leave();
    return r == 0 ? 0 : fail(r == -EXO_EPERM ? EACCES : hook_errno(r, ENOMEM));
}

void *sbrk(intptr_t delta)
{
    if (mmu_missing()) {
        errno = ENOSYS;
        return (void *)-1;
    }
    uint32_t old = SELF->brk;
    intptr_t up = (intptr_t)(L_HEAP_END - old), down = (intptr_t)(old - SELF->brk_start);
    if (delta > up || delta < -down) {
        errno = ENOMEM;
        return (void *)-1;
    }
    uint32_t new = old + (uint32_t)delta;
    critical_enter();
    SELF->brk = new;
    int r = 0;
    if (PAGE_UP(new) < PAGE_UP(old))
        vm_discard(PAGE_UP(new), (PAGE_UP(old) - PAGE_UP(new)) >> PAGE_SHIFT);
    else if (PAGE_UP(new) > PAGE_UP(old))
        r = mmu_place(PAGE_UP(old), (PAGE_UP(new) - PAGE_UP(old)) >> PAGE_SHIFT);
    if (r < 0)
        SELF->brk = old;
    critical_leave();
    if (r < 0) {
        errno = ENOMEM;
        return (void *)-1;
    }
    return (void *)(uintptr_t)old;
}
