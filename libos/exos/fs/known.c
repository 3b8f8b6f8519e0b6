// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * known.c - names that were looked up before: a table, one entry a slot, of short names in
 * directories. An entry goes when the name does; a directory that goes has no names any more.
 */
#include "fs_priv.h"

static struct known *slot(struct fs *fs, uint32_t dir, const char *name, uint32_t len)
{
    uint32_t h = dir * 0x9e3779b1u;
    for (uint32_t i = 0; i < len; i++)
        h = (h ^ (uint8_t)name[i]) * 16777619u;
    return &fs->known[(h ^ h >> 15) % FS_KNOWN];
}

static bool is_it(const struct known *k, uint32_t dir, const char *name, uint32_t len)
{
    return k->dir == dir && k->len == len && memcmp(k->name, name, len) == 0;
}

uint32_t e2_known_find(struct fs *fs, uint32_t dir, const char *name, uint32_t len,
                       uint8_t *type)
{
    if (len > FS_KNOWN_NAME)
        return 0;
    const struct known *k = slot(fs, dir, name, len);
    if (!is_it(k, dir, name, len))
        return 0;
    *type = k->type;
    return k->ino;
}

void e2_known_add(struct fs *fs, uint32_t dir, const char *name, uint32_t len,
                  uint32_t ino, uint8_t type)
{
    if (len > FS_KNOWN_NAME)
        return;
    struct known *k = slot(fs, dir, name, len);
    k->dir = dir;
    k->ino = ino;
    k->len = (uint8_t)len;
    k->type = type;
    memcpy(k->name, name, len);
}

void e2_known_drop(struct fs *fs, uint32_t dir, const char *name, uint32_t len)
{
    if (len > FS_KNOWN_NAME)
        return;
    struct known *k = slot(fs, dir, name, len);
    if (is_it(k, dir, name, len))
        k->dir = 0;
}
