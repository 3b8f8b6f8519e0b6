// SPDX-License-Identifier: GPL-2.0-or-later
/* map.c - mmap, munmap, mprotect: what they do to memory, what they refuse. */
#include "harness.h"
#include "memory/touch.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#define RW (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define TOO_MUCH ((size_t)0x60000000)

static size_t page_size(void)
{
    return (size_t)getpagesize();
}

/* A boot file is there to be read, and to be written by who maps it for himself. */
static void map_file(size_t page)
{
    int fd = open("/lines", O_RDONLY);
    REQUIRE(fd >= 0);
    char *p = mmap(NULL, 4000, PROT_READ, MAP_PRIVATE, fd, 0);
    if (p == MAP_FAILED && errno == ENOTSUP) {
        close(fd); /* no mapping of files here: the rest was of interest */
        return;
    }
    REQUIRE(p != MAP_FAILED);
    CHECK_EQ(memcmp(p, "line 0\nline 1\n", 14), 0);
    char *q = mmap(NULL, 4000, RW, MAP_PRIVATE, fd, 0);
    REQUIRE(q != MAP_FAILED);
    q[0] = 'L';
    CHECK_EQ(q[1], 'i');
    CHECK_EQ(p[0], 'l');
    CHECK_ERRNO(mmap(NULL, page, RW, MAP_SHARED, fd, 0), EACCES);
    CHECK_ERRNO(mmap(NULL, page, PROT_READ, MAP_PRIVATE, fd, 1), EINVAL);
    CHECK_ERRNO(mmap(NULL, page, PROT_READ, MAP_PRIVATE, fd, -(off_t)page), EINVAL);
    CHECK_EQ(close(fd), 0);
    CHECK_EQ(p[7], 'l'); /* it stays when the file is closed */
    CHECK_EQ(munmap(p, 4000), 0);
    CHECK_EQ(munmap(q, 4000), 0);
}

CONFORM(mmap, NEEDS_FILES | MAY_LACK)
{
    size_t page = page_size();
    char *p = mmap(NULL, 5 * page, RW, ANON, -1, 0);
    REQUIRE(p != MAP_FAILED);
    CHECK((uintptr_t)p % page == 0);
    for (size_t i = 0; i < 5 * page; i += page / 2)
        CHECK_EQ(p[i], 0);
    memset(p, 1, 5 * page);
    char *q = mmap(NULL, page, RW, ANON, -1, 0);
    REQUIRE(q != MAP_FAILED);
    CHECK(q + page <= p || q >= p + 5 * page);

    CHECK_ERRNO(mmap(NULL, 0, PROT_READ, ANON, -1, 0), EINVAL);
    CHECK_ERRNO(mmap(NULL, page, RW, MAP_ANONYMOUS, -1, 0), EINVAL);
    CHECK_ERRNO(mmap(NULL, page, RW, ANON | MAP_SHARED, -1, 0), EINVAL);
    CHECK_ERRNO(mmap(NULL, TOO_MUCH, PROT_READ, ANON, -1, 0), ENOMEM);
    CHECK_ERRNO(mmap(NULL, page, PROT_READ, MAP_PRIVATE, 77, 0), EBADF);
    CHECK_EQ(munmap(p, 5 * page), 0);
    CHECK_EQ(munmap(q, page), 0);
    map_file(page);
}

CONFORM(munmap, MAY_LACK)
{
    size_t page = page_size();
    char *p = mmap(NULL, 4 * page, RW, ANON, -1, 0);
    REQUIRE(p != MAP_FAILED);
    memset(p, 7, 4 * page);
    CHECK_EQ(munmap(p + page, page), 0);
    CHECK(faults(p + page, false));
    CHECK_EQ(p[0], 7);
    CHECK_EQ(p[2 * page], 7);
    CHECK_EQ(munmap(p + page, page), 0); /* nothing there: no error */
    CHECK_ERRNO(munmap(p, 0), EINVAL);
    CHECK_ERRNO(munmap(p + 1, page), EINVAL);
    CHECK_EQ(munmap(p, 4 * page), 0);
    CHECK(faults(p, true));
    CHECK(faults(p + 3 * page, false));
}

CONFORM(mprotect, MAY_LACK)
{
    size_t page = page_size();
    char *p = mmap(NULL, 4 * page, RW, ANON, -1, 0);
    REQUIRE(p != MAP_FAILED);
    for (size_t i = 0; i < 4; i++)
        p[i * page] = (char)(i + 1);
    CHECK_EQ(mprotect(p, 4 * page, PROT_READ), 0);
    CHECK(faults(p, true));
    CHECK(!faults(p, false));
    CHECK_EQ(p[3 * page], 4);
    CHECK_EQ(mprotect(p + page, page, PROT_NONE), 0);
    CHECK(faults(p + page, false));
    CHECK(!faults(p + 2 * page, false));
    CHECK_EQ(mprotect(p, 4 * page, RW), 0);
    CHECK(!faults(p + page, true));
    CHECK_EQ(p[2 * page], 3);
    CHECK_EQ(mprotect(p, 0, PROT_READ), 0);
    CHECK_ERRNO(mprotect(p + 1, page, PROT_READ), EINVAL);
    CHECK_ERRNO(mprotect(p, page, 64), EINVAL);
    CHECK_EQ(munmap(p, 4 * page), 0);
    CHECK_ERRNO(mprotect(p, page, PROT_READ), ENOMEM);
}
