// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * image.c - executables: opened with libelf, checked before anything is loaded. See loader.h.
 *
 * Only headers are read here; segments are read straight into the machine's RAM.
 */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "loader.h"

static const char *machine_name(unsigned machine)
{
    switch (machine) {
    case EM_RISCV: return "RISC-V";
    case EM_AARCH64: return "AArch64";
    case EM_X86_64: return "x86-64";
    case EM_MIPS: return "MIPS";
    case EM_386: return "i386";
    case EM_ARM: return "ARM";
    case EM_PPC: return "PowerPC";
    case EM_PPC64: return "PowerPC 64";
    case EM_S390: return "S/390";
    }
    return "another machine";
}

static int check_header(const struct image *im, const GElf_Ehdr *h,
                        const struct hw_cpu_ops *cpu, struct err *err)
{
    const char *p = im->path;
    bool is64 = h->e_ident[EI_CLASS] == ELFCLASS64;
    if (h->e_machine != cpu->elf_machine)
        return err_set(
            err, ERR_USER,
            "%s: built for %s (ELF machine %u), expected %s (%u), this board's", p,
            machine_name(h->e_machine), h->e_machine, machine_name(cpu->elf_machine),
            cpu->elf_machine);
    if (is64 != cpu->elf64)
        return err_set(err, ERR_USER, "%s: a %d-bit program, expected %d bits", p,
                       is64 ? 64 : 32, cpu->elf64 ? 64 : 32);
    if (h->e_ident[EI_DATA] != ELFDATA2LSB)
        return err_set(err, ERR_USER, "%s: big endian, expected little endian", p);
    if (h->e_type == ET_REL)
        return err_set(err, ERR_USER,
                       "%s: an object file that is not linked yet, expected an "
                       "executable (`exosim cc` makes one)",
                       p);
    if (h->e_type != ET_EXEC)
        return err_set(
            err, ERR_USER,
            "%s: ELF type %u, expected a static executable (type 2) as "
            "`exosim cc` makes it; dynamic programs need libos/linux, which does not "
            "exist yet in this version",
            p, h->e_type);
    return 0;
}

/* A range of the address space [a, a+n) without wrapping, below limit. */
static bool range_ok(uint64_t a, uint64_t n, uint64_t limit)
{
    return a <= limit && n <= limit - a;
}

static int check_segment(struct image *im, const GElf_Phdr *ph, unsigned i,
                         struct err *err)
{
    const char *p = im->path;
    uint64_t limit = im->elf64 ? UINT64_C(1) << 47 : UINT64_C(1) << 32;
    if (ph->p_filesz > ph->p_memsz)
        return err_set(err, ERR_USER,
                       "%s: segment %u has 0x%" PRIx64 " bytes in the file for 0x%" PRIx64
                       " bytes of memory",
                       p, i, ph->p_filesz, ph->p_memsz);
    if (!range_ok(ph->p_offset, ph->p_filesz, im->size))
        return err_set(err, ERR_USER,
                       "%s: truncated: segment %u needs bytes 0x%" PRIx64 " to 0x%" PRIx64
                       " of the file, which has 0x%" PRIx64,
                       p, i, ph->p_offset, ph->p_offset + ph->p_filesz, im->size);
    if (!range_ok(ph->p_vaddr, ph->p_memsz, limit) ||
        !range_ok(ph->p_paddr, ph->p_memsz, limit))
        return err_set(err, ERR_USER,
                       "%s: segment %u at 0x%" PRIx64 " + 0x%" PRIx64
                       " leaves the address space",
                       p, i, ph->p_vaddr, ph->p_memsz);
    if (ph->p_align > 1 && (ph->p_vaddr - ph->p_offset) % ph->p_align)
        return err_set(err, ERR_USER,
                       "%s: segment %u: address 0x%" PRIx64 " and file offset 0x%" PRIx64
                       " disagree modulo the alignment 0x%" PRIx64,
                       p, i, ph->p_vaddr, ph->p_offset, ph->p_align);
    if (im->nseg == IMAGE_SEGMENTS)
        return err_set(err, ERR_USER, "%s: more than %u segments", p, IMAGE_SEGMENTS);
    for (unsigned k = 0; k < im->nseg; k++) {
        const struct image_segment *o = &im->seg[k];
        if (ph->p_vaddr < o->va + o->mem_size && o->va < ph->p_vaddr + ph->p_memsz)
            return err_set(err, ERR_USER,
                           "%s: segment %u (0x%" PRIx64 " + 0x%" PRIx64
                           ") overlaps the one at 0x%" PRIx64,
                           p, i, ph->p_vaddr, ph->p_memsz, o->va);
    }
    im->seg[im->nseg++] = (struct image_segment){.va = ph->p_vaddr,
                                                 .pa = ph->p_paddr,
                                                 .offset = ph->p_offset,
                                                 .file_size = ph->p_filesz,
                                                 .mem_size = ph->p_memsz,
                                                 .write = ph->p_flags & PF_W,
                                                 .exec = ph->p_flags & PF_X};
    if (ph->p_offset + ph->p_filesz > im->extent)
        im->extent = ph->p_offset + ph->p_filesz;
    return 0;
}

static int check_segments(struct image *im, Elf *elf, const GElf_Ehdr *h, struct err *err)
{
    size_t n;
    size_t entry_size = im->elf64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
    if (h->e_phentsize != entry_size && h->e_phnum)
        return err_set(err, ERR_USER, "%s: program headers of %u bytes, expected %zu",
                       im->path, h->e_phentsize, entry_size);
    if (elf_getphdrnum(elf, &n) < 0 || n == 0 ||
        !range_ok(h->e_phoff, n * entry_size, im->size))
        return err_set(err, ERR_USER,
                       "%s: truncated: it has no program headers where its ELF "
                       "header says",
                       im->path);
    im->extent = h->e_phoff + n * entry_size;
    for (size_t i = 0; i < n; i++) {
        GElf_Phdr ph;
        if (!gelf_getphdr(elf, (int)i, &ph))
            return err_set(err, ERR_USER, "%s: program header %zu cannot be read (%s)",
                           im->path, i, elf_errmsg(-1));
        if (ph.p_type == PT_INTERP)
            return err_set(err, ERR_USER,
                           "%s: a dynamically linked program; libos/linux, which "
                           "runs those, does not exist yet in this version",
                           im->path);
        if (ph.p_type != PT_LOAD || ph.p_memsz == 0)
            continue;
        int rc = check_segment(im, &ph, (unsigned)i, err);
        if (rc)
            return rc;
    }
    for (unsigned k = 0; k < im->nseg; k++)
        if (im->seg[k].exec && im->entry >= im->seg[k].va &&
            im->entry < im->seg[k].va + im->seg[k].mem_size)
            return 0;
    return err_set(err, ERR_USER,
                   "%s: entry point 0x%" PRIx64 " lies in no executable segment",
                   im->path, im->entry);
}

static int check(struct image *im, Elf *elf, const struct hw_cpu_ops *cpu,
                 struct err *err)
{
    GElf_Ehdr h;
    if (!elf || elf_kind(elf) != ELF_K_ELF)
        return err_set(err, ERR_USER,
                       "%s: not an ELF file, expected a program built by "
                       "`exosim cc`",
                       im->path);
    if (!gelf_getehdr(elf, &h))
        return err_set(err, ERR_USER, "%s: truncated or damaged ELF header (%s)",
                       im->path, elf_errmsg(-1));
    im->elf64 = h.e_ident[EI_CLASS] == ELFCLASS64;
    im->entry = h.e_entry;
    int rc = check_header(im, &h, cpu, err);
    return rc ? rc : check_segments(im, elf, &h, err);
}

int image_open(struct image *im, const char *path, const struct hw_cpu_ops *cpu,
               struct err *err)
{
    *im =
        (struct image){.path = path, .fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (im->fd < 0)
        return err_set(err, errno == ENOENT ? ERR_NOTFOUND : ERR_USER, "%s: %s", path,
                       strerror(errno));
    struct stat st;
    if (fstat(im->fd, &st) < 0 || !S_ISREG(st.st_mode)) {
        close(im->fd);
        return err_set(err, ERR_USER, "%s: not a regular file", path);
    }
    im->size = (uint64_t)st.st_size;
    elf_version(EV_CURRENT);
    Elf *elf = elf_begin(im->fd, ELF_C_READ, NULL);
    int rc = check(im, elf, cpu, err);
    elf_end(elf);
    if (rc)
        image_close(im);
    return rc;
}

int image_check(struct image *im, const void *bytes, size_t n, const char *path,
                const struct hw_cpu_ops *cpu, struct err *err)
{
    *im = (struct image){.path = path, .fd = -1, .size = n};
    elf_version(EV_CURRENT);
    Elf *elf = n ? elf_memory((char *)(uintptr_t)bytes, n) : NULL;
    int rc = check(im, elf, cpu, err);
    elf_end(elf);
    return rc;
}

int image_read(const struct image *im, uint64_t offset, void *to, size_t n,
               struct err *err)
{
    uint8_t *at = to;
    while (n) {
        ssize_t got = pread(im->fd, at, n, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return err_set(err, ERR_USER, "%s: cannot be read at 0x%" PRIx64 ": %s",
                           im->path, offset, got ? strerror(errno) : "it became shorter");
        at += got;
        offset += (uint64_t)got;
        n -= (size_t)got;
    }
    return 0;
}

void image_close(struct image *im)
{
    if (im->fd >= 0)
        close(im->fd);
    im->fd = -1;
}
