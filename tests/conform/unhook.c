// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * unhook.c - see unhook.h. Backends are the constants whose name begins with the class's and whose size
 * is that of its struct (mmu_radix of struct mmu_ops); where the hook is in it the DWARF says.
 */
#include "unhook.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "types.h"

/* ---- the executable ---- */

struct image {
    uint8_t *bytes;
    size_t n;
    Elf *elf;
};

static int image_read(struct image *im, const char *path, struct err *err)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    *im = (struct image){0};
    if (fd < 0 || fstat(fd, &st))
        return err_set(err, ERR_USER, "%s: %s", path, strerror(errno));
    im->n = (size_t)st.st_size;
    im->bytes = mem_zero(im->n, 1);
    bool whole = read(fd, im->bytes, im->n) == st.st_size;
    close(fd);
    elf_version(EV_CURRENT);
    im->elf = whole ? elf_memory((char *)im->bytes, im->n) : NULL;
    return im->elf ? 0 : err_set(err, ERR_USER, "%s: not an executable", path);
}

/* Where the bytes of a symbol lie in the file; 0: nowhere. */
static uint64_t place_of(struct image *im, const GElf_Sym *sym)
{
    GElf_Shdr sh;
    Elf_Scn *scn = elf_getscn(im->elf, sym->st_shndx);
    if (!scn || !gelf_getshdr(scn, &sh) || sh.sh_type == SHT_NOBITS ||
        sym->st_value < sh.sh_addr)
        return 0;
    return sh.sh_offset + (sym->st_value - sh.sh_addr);
}

/* Clears the member in every backend; how many had it. */
static int clear(struct image *im, const char *prefix, uint64_t size,
                 const struct types_field *member)
{
    int n = 0;
    for (Elf_Scn *scn = NULL; (scn = elf_nextscn(im->elf, scn));) {
        GElf_Shdr sh;
        Elf_Data *data = elf_getdata(scn, NULL);
        if (!gelf_getshdr(scn, &sh) || sh.sh_type != SHT_SYMTAB || !data)
            continue;
        GElf_Sym sym;
        for (int i = 0; gelf_getsym(data, i, &sym); i++) {
            const char *name = elf_strptr(im->elf, sh.sh_link, sym.st_name);
            uint64_t at = GELF_ST_TYPE(sym.st_info) == STT_OBJECT &&
                                  sym.st_size == size && name &&
                                  strncmp(name, prefix, strlen(prefix)) == 0
                              ? place_of(im, &sym)
                              : 0;
            if (at == 0 || at + size > im->n)
                continue;
            memset(im->bytes + at + member->offset, 0, member->size);
            n++;
        }
    }
    return n;
}

static int image_write(const struct image *im, const char *path, struct err *err)
{
    FILE *f = fopen(path, "we");
    bool ok = f && fwrite(im->bytes, 1, im->n, f) == im->n;
    if (f)
        ok &= fclose(f) == 0;
    return ok ? 0 : err_set(err, ERR_USER, "%s: %s", path, strerror(errno));
}

int unhook(const char *from, const char *to, const char *hook, struct err *err)
{
    char class_[16], member[64], ops[32], prefix[24];
    if (sscanf(hook, "%15[a-z].%63s", class_, member) != 2)
        return err_set(err, ERR_USER, "%s: expected CLASS.HOOK", hook);
    snprintf(ops, sizeof ops, "%s_ops", class_);
    snprintf(prefix, sizeof prefix, "%s_", class_);
    struct types *types;
    struct types_field field;
    struct image im;
    int rc = types_open(from, &types, err);
    if (rc)
        return rc;
    uint64_t size = types_size(types, ops);
    if (!types_field(types, ops, member, &field))
        rc = err_set(err, ERR_USER, "%s: struct %s has no %s", from, ops, member);
    types_close(types);
    if (rc == 0)
        rc = image_read(&im, from, err);
    if (rc)
        return rc;
    int n = clear(&im, prefix, size, &field);
    rc = n > 0 ? image_write(&im, to, err)
               : err_set(err, ERR_USER, "%s: no backend of class %s", from, class_);
    elf_end(im.elf);
    free(im.bytes);
    return rc ? rc : n;
}

/* ---- the folder ---- */

/* Links to all entries of a folder, but one. */
static int link_all(const char *from, const char *to, const char *but, struct err *err)
{
    DIR *d = opendir(from);
    if (!d || mkdir(to, 0700))
        return err_set(err, ERR_USER, "%s to %s: %s", from, to, strerror(errno));
    int rc = 0;
    for (struct dirent *e; rc == 0 && (e = readdir(d));) {
        if (e->d_name[0] == '.' || strcmp(e->d_name, but) == 0)
            continue;
        char *target = mem_fmt("%s/%s", from, e->d_name);
        char *link = mem_fmt("%s/%s", to, e->d_name);
        if (symlink(target, link))
            rc = err_set(err, ERR_USER, "%s: %s", link, strerror(errno));
        free(target);
        free(link);
    }
    closedir(d);
    return rc;
}

static void remove_all(const char *path)
{
    DIR *d = opendir(path);
    for (struct dirent *e; d && (e = readdir(d));) {
        char *one = mem_fmt("%s/%s", path, e->d_name);
        unlink(one);
        free(one);
    }
    if (d)
        closedir(d);
    rmdir(path);
}

char *unhook_folder(const char *data, const char *isa, const char *hook, struct err *err)
{
    char *real = realpath(data, NULL);
    if (!real) {
        err_set(err, ERR_USER, "%s: %s", data, strerror(errno));
        return NULL;
    }
    char *path = mem_str("/tmp/exosim-unhook-XXXXXX");
    char *guest_from = mem_fmt("%s/guest", real);
    char *isa_from = mem_fmt("%s/%s", guest_from, isa);
    char *from = mem_fmt("%s/conform", isa_from), *boards = mem_fmt("%s/boards", real);
    int rc = mkdtemp(path) ? 0 : err_set(err, ERR_USER, "%s: %s", path, strerror(errno));
    char *guest = mem_fmt("%s/guest", path), *there = mem_fmt("%s/%s", guest, isa);
    char *to = mem_fmt("%s/conform", there), *boards_to = mem_fmt("%s/boards", path);
    if (rc == 0)
        rc = link_all(guest_from, guest, isa, err);
    if (rc == 0)
        rc = link_all(isa_from, there, "conform", err);
    if (rc == 0 && symlink(boards, boards_to))
        rc = err_set(err, ERR_USER, "%s: %s", boards_to, strerror(errno));
    if (rc == 0 && unhook(from, to, hook, err) < 0)
        rc = ERR_USER;
    char *all[] = {real, guest_from, isa_from, from, boards, guest, there, to, boards_to};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
    if (rc == 0)
        return path;
    unhook_folder_remove(path, isa);
    free(path);
    return NULL;
}

void unhook_folder_remove(char *path, const char *isa)
{
    char *guest = mem_fmt("%s/guest", path), *there = mem_fmt("%s/%s", guest, isa);
    remove_all(there);
    remove_all(guest);
    remove_all(path);
    free(guest);
    free(there);
}
