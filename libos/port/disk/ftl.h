// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ftl.h - the translation layer that makes a volume of 4096-byte blocks of a raw NAND chip. The
 * backend (flash.c), the host tool ftlimage and the host's tests are built from the same
 * source; what differs is the chip's seam, nand_*() below. docs/disk.md describes the format.
 *
 *   flash_format.c  what stands in the out-of-band area, checksums
 *   flash_mount.c   ftl_mount: everything in struct ftl found again by scanning
 *   flash_log.c     ftl_read, ftl_write; the log: pages are only ever appended to the open block
 *   flash_gc.c      what must be done before a write: garbage collection, wear levelling, retiring
 *
 * On the chip:
 *
 *   erase block  | page 0 | page 1 | ... | page P-2 | summary |    P pages
 *   page         | 4096 bytes of data | oob: 4 x 0xff, struct ftl_oob, 0xff ... |
 *
 * Every page says which logical block it holds; the newest copy counts: the greater
 * sequence number of its erase block, then the later page. A block is erased when it is
 * opened for writing, never before: nothing depends on an erase having been completed.
 * The summary repeats the logical numbers of a full block, so that mounting reads two pages
 * a block. There is nothing else: no root, no checkpoint.
 *
 * Results are 0 or a negative enum exo_error.
 */
#ifndef EXOS_PORT_DISK_FTL_H
#define EXOS_PORT_DISK_FTL_H

#include <stdbool.h>
#include <stddef.h>

#include <exo/abi.h>

#define FTL_PAGE 4096u
#define FTL_OOB_MIN 32u
#define FTL_OOB_MAX 1024u
#define FTL_BLOCK_PAGES_MIN 4u
#define FTL_BLOCK_PAGES_MAX 256u
#define FTL_BLOCKS_MIN 16u
#define FTL_BLOCKS_MAX 131072u
#define FTL_NONE 0xffffffffu    /* no page, no logical block */
#define FTL_SUMMARY 0xfffffffeu /* logical number of a summary */
#define FTL_MAGIC 0x31465845u   /* "EXF1" */
#define FTL_OOB_AT 4u /* the first bytes are the manufacturer's bad block mark */

struct ftl_geometry {
    uint32_t blocks, block_pages, oob_size;
};

/* The out-of-band record, little endian, at FTL_OOB_AT. */
struct ftl_oob {
    uint32_t magic;
    uint32_t logical;
    uint32_t sequence; /* of the erase block: when it was opened */
    uint32_t erases;   /* of the erase block */
    uint32_t sum[2];   /* of the page's data: Fletcher's, 32-bit words modulo 2^32 */
    uint32_t crc;      /* CRC-32 of the bytes before */
};
_Static_assert(sizeof(struct ftl_oob) == 28, "out-of-band layout");

enum ftl_block_state {
    FTL_FREE = 0,     /* nothing in it is needed; erase before use */
    FTL_OPEN = 1,     /* being written */
    FTL_CLOSED = 2,   /* full, or given up before it was */
    FTL_RETIRING = 3, /* failed: what is in it must be moved */
    FTL_BAD = 4
};

struct ftl_block {
    uint32_t sequence, erases;
    uint16_t valid;      /* pages that are the newest of their logical block */
    uint8_t state;       /* enum ftl_block_state */
    uint8_t summary : 1; /* its last page lists it */
    uint8_t retired : 1; /* bad by use: stands in the table of bad blocks */
    uint8_t unread : 1;  /* a page of it cannot be read: garbage collection keeps away */
};

/* In memory shared by the session; its arrays behind it. Rebuilt by ftl_mount at any time. */
struct ftl {
    uint32_t magic; /* FTL_MAGIC: mounted */
    struct ftl_geometry chip;
    uint32_t logical, total; /* blocks of the volume; and of the table of bad blocks */
    uint32_t sequence;       /* of the block opened next */
    uint32_t open, at;       /* block being written, FTL_NONE: none; its next page */
    uint32_t resumed;        /* it was open already when the chip was mounted */
    uint32_t free, bad, retiring;
    uint32_t bad_changed;     /* the table of bad blocks is to be written */
    uint32_t since_levelling; /* blocks opened */
    uint64_t reads, programs, erases, moved; /* since mount: pages, blocks, pages */
    volatile uint32_t done;                  /* the chip's status word */
    uint32_t list[FTL_BLOCK_PAGES_MAX];      /* logical numbers of the open block */
    uint32_t victim[FTL_BLOCK_PAGES_MAX];    /* of the block being emptied */
    struct ftl_block *block;                 /* chip.blocks */
    uint32_t *map;              /* total: physical page, FTL_NONE: never written */
    uint8_t *copy, *meta, *oob; /* page buffers: moves; own pages; out-of-band */
};

/* A page of data in memory; frame 0: in struct ftl's own memory. */
struct ftl_data {
    void *data;
    uint32_t frame, offset;
};

/* -- interface -- */
/* Blocks of the volume a chip gives; 0: the geometry cannot be used. */
uint32_t ftl_capacity(const struct ftl_geometry *g);
/* Bytes of struct ftl and what is behind it. */
size_t ftl_bytes(const struct ftl_geometry *g);
/* Find everything. -EXO_ERANGE: geometry; -EXO_EINVAL: the chip holds something else. */
int ftl_mount(struct ftl *f, const struct ftl_geometry *g);
/* -EXO_EIO: cannot be read; -EXO_ERANGE. A block never written is zeroes. */
int ftl_read(struct ftl *f, uint32_t logical, const struct ftl_data *d);
/* On the chip when it returns. -EXO_EFULL: too many bad blocks, it can only be read. */
int ftl_write(struct ftl *f, uint32_t logical, const struct ftl_data *d);
/* The same for the layer's own tables. */
int ftl_flush(struct ftl *f);

/* -- between the files -- */
/* An empty layer for this chip, in memory of ftl_bytes(g). -EXO_ERANGE. */
int ftl_lay_out(struct ftl *f, const struct ftl_geometry *g);
void ftl_sum(const void *data, uint32_t sum[2]);
void ftl_encode(struct ftl *f, uint32_t logical, const struct ftl_block *b,
                const uint32_t sum[2]);
/* Is there a record in f->oob, and an intact one? */
bool ftl_decode(const struct ftl *f, struct ftl_oob *out);
bool ftl_blank(const void *p, size_t n);
int ftl_append(struct ftl *f, uint32_t logical, const struct ftl_data *d,
               const uint32_t sum[2]);
int ftl_tidy(struct ftl *f);
/* Logical numbers of block b's pages, from its summary. -EXO_EIO: it has none that is intact. */
int ftl_read_summary(struct ftl *f, uint32_t b, uint32_t *list);

/* -- the chip's seam: flash.c, ftlimage, tests -- */
/* d NULL: not the data. The out-of-band bytes go to or come from f->oob. -EXO_EIO: the chip says
 * FAIL. Any other error ends what was being done. */
int nand_read(struct ftl *f, uint32_t page, const struct ftl_data *d);
int nand_program(struct ftl *f, uint32_t page, const struct ftl_data *d);
int nand_erase(struct ftl *f, uint32_t block);

#endif
