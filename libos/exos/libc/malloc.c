// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * malloc.c - the heap: good fit in segregated lists, neighbours joined at once, every
 * free checked.
 *
 *   chunk:  | size of the chunk below | own size + flags | payload ...        | next
 * chunk
 *           <------- HEAD: two words ------>
 *
 * Sizes are multiples of ALIGN and count the head. Free chunks carry two list links in
 * the payload and wait in a bin for their size: exact bins up to EXACT, then four per
 * power of two; a bitmap finds the first bin that surely fits. Small heap from sbrk,
 * never given back; chunks of MAP_MIN and more are mappings of their own.
 *
 * A pointer given to free or realloc must be aligned, lie in the heap, its chunk be in
 * use and the chunk behind it must agree on the size (a mapping: its head carries a check
 * word). Otherwise the program is told and aborted. Joined heads are cleared, so that a
 * second free of the same pointer is always caught until the memory is handed out again.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct chunk {
    size_t below; /* size of the chunk below, 0: first of its segment; mapping: check */
    size_t size;  /* | USED | MAPPED */
    struct chunk *next, *prev; /* free: its bin */
};

#define HEAD (2 * sizeof(size_t))
#define ALIGN (2 * sizeof(size_t))
#define MIN_CHUNK sizeof(struct chunk)
#define USED ((size_t)1)
#define MAPPED ((size_t)2)
#define FLAGS (USED | MAPPED)
#define EXACT 32 /* bins of one size each: 0 .. 31 ALIGNs */
#define BINS (EXACT + 4 * (sizeof(size_t) == 8 ? 56 : 24))
#define MAP_MIN ((size_t)256 * 1024) /* from here a mapping of its own */
#define GROW ((size_t)64 * 1024)     /* heap grows in these steps */
#define MAP_CHECK ((size_t)0x6d6d6170)
#define MAX_REQUEST (SIZE_MAX / 2 - 4 * GROW)

static struct chunk *bin[BINS];
static uint32_t bin_used[(BINS + 31) / 32];
static char *heap_start,
    *heap_end; /* heap_end: the USED fence chunk of the top segment */

static size_t size_of(const struct chunk *c)
{
    return c->size & ~FLAGS;
}

static struct chunk *at(const void *p, size_t off)
{
    return (struct chunk *)(void *)((char *)p + off);
}

static void *payload(struct chunk *c)
{
    return (char *)c + HEAD;
}

static struct chunk *chunk_of(void *p)
{
    return (struct chunk *)(void *)((char *)p - HEAD);
}

/* -- bins -- */

/* Bin whose chunks have at most this size; every chunk of a higher bin is larger. */
static unsigned bin_of(size_t size)
{
    size_t units = size / ALIGN;

    if (units < EXACT)
        return (unsigned)units;
    unsigned log =
        (unsigned)(8 * sizeof(long long)) - 1 - (unsigned)__builtin_clzll(units);
    return EXACT + (log - 5) * 4 + (unsigned)(units >> (log - 2) & 3);
}

static void bin_add(struct chunk *c)
{
    unsigned b = bin_of(size_of(c));

    c->prev = NULL;
    c->next = bin[b];
    if (c->next)
        c->next->prev = c;
    bin[b] = c;
    bin_used[b / 32] |= 1u << b % 32;
}

static void bin_remove(struct chunk *c)
{
    if (c->next)
        c->next->prev = c->prev;
    if (c->prev) {
        c->prev->next = c->next;
        return;
    }
    unsigned b = bin_of(size_of(c));
    bin[b] = c->next;
    if (!c->next)
        bin_used[b / 32] &= ~(1u << b % 32);
}

/* First nonempty bin from b on, or BINS. */
static unsigned bin_next(unsigned b)
{
    for (unsigned i = b / 32; i < sizeof bin_used / sizeof *bin_used; i++) {
        uint32_t bits = bin_used[i] & (i == b / 32 ? ~0u << b % 32 : ~0u);
        if (bits)
            return i * 32 + (unsigned)__builtin_ctz(bits);
    }
    return BINS;
}

/* A free chunk of at least size, out of its bin; NULL if there is none. */
static struct chunk *find(size_t size)
{
    unsigned b = bin_of(size);

    if (b >= EXACT) { /* sizes in its own bin vary: look at a few */
        struct chunk *c = bin[b];
        for (int tries = 8; c && tries; c = c->next, tries--) {
            if (size_of(c) >= size) {
                bin_remove(c);
                return c;
            }
        }
        b++;
    }
    b = bin_next(b);
    if (b == BINS)
        return NULL;
    struct chunk *c = bin[b];
    bin_remove(c);
    return c;
}

/* -- the heap's end -- */

static void set_size(struct chunk *c, size_t size, size_t flags)
{
    c->size = size | flags;
    at(c, size)->below = size;
}

/* Join the free chunk c (in no bin) with free neighbours and put it into a bin. */
static void release(struct chunk *c)
{
    size_t size = size_of(c);
    struct chunk *above = at(c, size);

    if (!(above->size & USED)) {
        bin_remove(above);
        size += size_of(above);
        above->size = 0;
    }
    if (c->below) {
        struct chunk *below = (struct chunk *)(void *)((char *)c - c->below);
        if (!(below->size & USED)) {
            bin_remove(below);
            size += size_of(below);
            c->size = 0;
            c = below;
        }
    }
    set_size(c, size, 0);
    bin_add(c);
}

/* At least `size` more bytes of free chunk. 0 or -1. */
static int grow(size_t size)
{
    size_t want = (size + 2 * HEAD + ALIGN + GROW - 1) & ~(GROW - 1);
    char *fresh = sbrk((intptr_t)want);

    if (fresh == (void *)-1) {
        want = (size + 2 * HEAD + ALIGN + 4095) & ~(size_t)4095; /* just enough, then */
        fresh = sbrk((intptr_t)want);
        if (fresh == (void *)-1)
            return -1;
    }
    char *end = fresh + want;
    struct chunk *c;
    size_t below = 0;
    if (heap_end && fresh == heap_end + HEAD) { /* the old fence becomes the new chunk */
        c = (struct chunk *)(void *)heap_end;
        below = c->below;
    } else {
        char *start = fresh + (-(uintptr_t)fresh & (ALIGN - 1));
        end -= (uintptr_t)end & (ALIGN - 1);
        c = (struct chunk *)(void *)start;
        if (!heap_start)
            heap_start = start;
    }
    c->below = below;
    heap_end = end - HEAD;
    at(heap_end, 0)->size = HEAD | USED;
    set_size(c, (size_t)(heap_end - (char *)c), 0);
    release(c);
    return 0;
}

/* Cut what is more than size off c (in use) and free it. */
static void trim(struct chunk *c, size_t size)
{
    size_t rest = size_of(c) - size;

    if (rest < MIN_CHUNK)
        return;
    set_size(c, size, USED);
    set_size(at(c, size), rest, 0);
    release(at(c, size));
}

/* -- mappings -- */

static size_t map_check(const struct chunk *c)
{
    return (uintptr_t)c ^ c->size ^ MAP_CHECK;
}

static void *map_chunk(size_t size)
{
    size = (size + 4095) & ~(size_t)4095;
    struct chunk *c =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (c == MAP_FAILED)
        return NULL;
    c->size = size | USED | MAPPED;
    c->below = map_check(c);
    return payload(c);
}

/* -- checks -- */

static _Noreturn void bad(const char *what, void *p)
{
    char text[96], *to = stpcpy(stpcpy(text, what), ": 0x");

    for (int shift = (int)sizeof p * 8 - 4; shift >= 0; shift -= 4)
        *to++ = "0123456789abcdef"[(uintptr_t)p >> shift & 15];
    *to++ = '\n';
    if (write(2, text, (size_t)(to - text)) < 0)
        errno = EIO;
    abort();
}

static struct chunk *check(void *p, const char *what)
{
    struct chunk *c = chunk_of(p);
    char *head = (char *)c;

    if ((uintptr_t)p & (ALIGN - 1))
        bad(what, p);
    if (head < heap_start || head >= heap_end) {
        if (((uintptr_t)head & 4095) || (c->size & FLAGS) != FLAGS ||
            c->below != map_check(c))
            bad(what, p);
        return c;
    }
    size_t size = size_of(c);
    if ((c->size & FLAGS) != USED || size < MIN_CHUNK || size % ALIGN ||
        size > (size_t)(heap_end - head) || at(c, size)->below != size)
        bad(what, p);
    return c;
}

/* -- interface -- */

static size_t chunk_size(size_t n)
{
    size_t size = (n + HEAD + ALIGN - 1) & ~(ALIGN - 1);

    return size < MIN_CHUNK ? MIN_CHUNK : size;
}

void *malloc(size_t n)
{
    if (n > MAX_REQUEST) {
        errno = ENOMEM;
        return NULL;
    }
    size_t size = chunk_size(n);
    if (size >= MAP_MIN) {
        void *p = map_chunk(size);
        if (p)
            return p;
    }
    struct chunk *c = find(size);
    if (!c && (grow(size) || !(c = find(size)))) {
        errno = ENOMEM;
        return NULL;
    }
    c->size |= USED;
    trim(c, size);
    return payload(c);
}

void free(void *p)
{
    if (!p)
        return;
    struct chunk *c = check(p, "free of a pointer not from malloc, or freed before");
    if (c->size & MAPPED) {
        munmap(c, size_of(c));
        return;
    }
    c->size &= ~USED;
    release(c);
}

void *calloc(size_t n, size_t size)
{
    size_t bytes;

    if (__builtin_mul_overflow(n, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    void *p = malloc(bytes);
    if (p && !(chunk_of(p)->size & MAPPED)) /* a mapping is zero already */
        memset(p, 0, bytes);
    return p;
}

void *realloc(void *p, size_t n)
{
    if (!p)
        return malloc(n);
    struct chunk *c = check(p, "realloc of a pointer not from malloc, or freed before");
    if (n > MAX_REQUEST) {
        errno = ENOMEM;
        return NULL;
    }
    size_t have = size_of(c), size = chunk_size(n);
    if (c->size & MAPPED) {
        if (size <= have && size >= have / 2)
            return p;
    } else if (size < MAP_MIN || size <= have) {
        struct chunk *above = at(c, have);
        if (size > have && !(above->size & USED) && have + size_of(above) >= size) {
            bin_remove(above);
            have += size_of(above);
            above->size = 0;
            set_size(c, have, USED);
        }
        if (size <= have) {
            trim(c, size);
            return p;
        }
    }
    void *moved = malloc(n);
    if (!moved)
        return NULL;
    memcpy(moved, p, have - HEAD < n ? have - HEAD : n);
    free(p);
    return moved;
}

void *reallocarray(void *p, size_t n, size_t size)
{
    size_t bytes;

    if (__builtin_mul_overflow(n, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    return realloc(p, bytes);
}

void *aligned_alloc(size_t align, size_t n)
{
    if (align & (align - 1) || !align) {
        errno = EINVAL;
        return NULL;
    }
    if (align <= ALIGN)
        return malloc(n);
    if (n > MAX_REQUEST - align || align > MAX_REQUEST / 2) {
        errno = ENOMEM;
        return NULL;
    }
    size_t size = chunk_size(n), room = size + align + MIN_CHUNK;
    struct chunk *c = find(room);
    if (!c && (grow(room) || !(c = find(room)))) {
        errno = ENOMEM;
        return NULL;
    }
    c->size |= USED;
    uintptr_t start = (uintptr_t)payload(c), good = (start + align - 1) & ~(align - 1);
    if (good != start && good - start < MIN_CHUNK)
        good += align;
    if (good != start) { /* the part in front becomes a free chunk */
        size_t front = good - start, rest = size_of(c) - front;
        struct chunk *tail = at(c, front);
        set_size(tail, rest, USED);
        set_size(c, front, 0);
        release(c);
        c = tail;
    }
    trim(c, size);
    return payload(c);
}

int posix_memalign(void **p, size_t align, size_t n)
{
    int before = errno;

    if (align % sizeof(void *) || align & (align - 1) || !align)
        return EINVAL;
    void *got = aligned_alloc(align, n);
    errno = before;
    if (!got)
        return ENOMEM;
    *p = got;
    return 0;
}

size_t malloc_usable_size(void *p)
{
    return p ? size_of(check(p, "malloc_usable_size of a pointer not from malloc")) - HEAD
             : 0;
}
