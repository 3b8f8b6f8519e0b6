// SPDX-License-Identifier: GPL-2.0-or-later
/* model.c - see fsstress.h. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fsstress.h"

struct inode inode[INODES];
struct node node[NODES];
struct handle handle[OPEN];
uint32_t total;
unsigned full;
const char *operation = "start";

static uint64_t state;

void seed_with(uint32_t seed)
{
    state = seed * 0x9e3779b97f4a7c15u + 0x123456789u;
}

uint32_t any(uint32_t n)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return n == 0 ? 0 : (uint32_t)((state * 0x2545f4914f6cdd1du) >> 33) % n;
}

void fail(const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    fflush(stdout);
    fprintf(stderr, "fsstress: %s: ", operation);
    vfprintf(stderr, format, ap);
    fputc('\n', stderr);
    va_end(ap);
    exit(1);
}

bool worked(long r, const char *path)
{
    if (r >= 0)
        return true;
    if (errno != ENOSPC)
        fail("%s: %s", path, strerror(errno));
    full++;
    return false;
}

void refused(long r, int error, int or_error, const char *path)
{
    if (r >= 0)
        fail("%s: worked, but '%s' was expected", path, strerror(error));
    if (errno != error && errno != or_error && errno != ENOSPC)
        fail("%s: '%s', but '%s' was expected", path, strerror(errno), strerror(error));
}

/* -- names -- */

static char *buffer(void)
{
    static char buffers[4][4096];
    static unsigned turn;
    return buffers[turn++ % 4];
}

/* Writes the path backwards from end; where it starts. */
static char *backwards(char *end, int n)
{
    for (;; n = node[n].parent) {
        size_t length = strlen(node[n].name);
        end -= length;
        memcpy(end, node[n].name, length);
        if (n == 0)
            return end;
        *--end = '/';
    }
}

const char *path_of(int n)
{
    char *end = buffer() + 4095;
    *end = '\0';
    return backwards(end, n);
}

const char *path_in(int dir, const char *name)
{
    size_t length = strlen(name);
    char *end = buffer() + 4095 - length;
    memcpy(end, name, length + 1);
    *--end = '/';
    return backwards(end, dir);
}

int any_node(enum type type)
{
    int found = -1;
    uint32_t seen = 0;
    for (int i = type == FREE ? 1 : 0; i < NODES; i++)
        if (node[i].inode != NULL && (type == FREE || node[i].inode->type == type) &&
            any(++seen) == 0)
            found = i;
    return found;
}

int child(int dir, const char *name)
{
    for (int i = 1; i < NODES; i++)
        if (node[i].inode != NULL && node[i].parent == dir &&
            strcmp(node[i].name, name) == 0)
            return i;
    return -1;
}

bool below(int n, int dir)
{
    for (;; n = node[n].parent) {
        if (n == dir)
            return true;
        if (n == 0)
            return false;
    }
}

bool has_children(int dir)
{
    for (int i = 1; i < NODES; i++)
        if (node[i].inode != NULL && node[i].parent == dir)
            return true;
    return false;
}

/* Mostly short, now and then as long as a name may be; some come back. */
const char *new_name(void)
{
    static char name[256];
    uint32_t length = any(20) == 0 ? 100 + any(156) : 1 + any(12);
    for (uint32_t i = 0; i < length; i++)
        name[i] = (char)('a' + any(length < 3 ? 6 : 26));
    name[length] = '\0';
    return name;
}

int node_free(void)
{
    for (int i = 1; i < NODES; i++)
        if (node[i].inode == NULL)
            return i;
    return -1;
}

int node_new(int dir, const char *name, struct inode *i)
{
    int n = node_free();
    node[n] = (struct node){i, dir, copy_string(name), false};
    i->names++;
    return n;
}

void node_remove(int n)
{
    struct inode *i = node[n].inode;
    free(node[n].name);
    node[n] = (struct node){0};
    i->names--;
    inode_put(i);
}

/* -- inodes -- */

struct inode *inode_new(enum type type, mode_t mode)
{
    for (int k = 0; k < INODES; k++) {
        struct inode *i = &inode[k];
        if (i->type != FREE)
            continue;
        *i = (struct inode){.type = type, .mode = mode};
        i->limit = any(8) == 0 ? LARGE : SMALL;
        return i;
    }
    return NULL;
}

void inode_put(struct inode *i)
{
    if (i->names > 0 || i->opens > 0)
        return;
    total -= i->size;
    free(i->data);
    free(i->target);
    *i = (struct inode){0};
}

bool set_size(struct inode *i, uint32_t size)
{
    if (size > i->limit || total - i->size + size > TOTAL)
        return false;
    if (size > i->room) {
        i->room = size + size / 2 < i->limit ? size + size / 2 : i->limit;
        i->data = grow(i->data, i->room);
    }
    if (size > i->size)
        memset(i->data + i->size, 0, size - i->size);
    total = total - i->size + size;
    i->size = size;
    return true;
}
