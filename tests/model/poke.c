// SPDX-License-Identifier: GPL-2.0-or-later
/* poke.c - random use of any device. See poke.h. */
#include "poke.h"
#include <exo/machine.h>
#include <string.h>

/* A frame of any length, for anybody, of anything. */
static void bring_frame(struct rig *r, uint64_t *rng)
{
    uint64_t x = rig_random(rng);
    uint8_t frame[HW_FRAME_MAX];
    for (size_t i = 0; i < sizeof frame; i++)
        frame[i] = (uint8_t)(x >> i % 64);
    if (x & 3)
        memcpy(frame, "\x02\0\0\0\0\x01", 6);
    r->nic->receive(r->dev, frame, HW_FRAME_MIN + x % (HW_FRAME_MAX - HW_FRAME_MIN + 1));
}

/* Rings that run, with a few descriptors of the device's that are mostly good. */
static void build_rings(struct rig *r)
{
    uint32_t at = r->nic->kind == HW_NIC_STEER ? M_NS_QUEUE : 0;
    rig_write(r, at + M_NR_CONTROL, 0);
    rig_write64(r, at + M_NR_RX_RING, 0x10000);
    rig_write64(r, at + M_NR_TX_RING, 0x20000);
    rig_write(r, at + M_NR_RX_COUNT, 8);
    rig_write(r, at + M_NR_TX_COUNT, 8);
    for (uint32_t i = 0; i < 8; i++) {
        const uint32_t d[4] = {0x30000 + i * 0x800, i == 5 ? 0x80000000 : 0, 600, i & 2};
        memcpy(r->f.ram + 0x10000 + i * 16, d, sizeof d);
        memcpy(r->f.ram + 0x20000 + i * 16, d, sizeof d);
    }
    rig_write(r, at + M_NR_CONTROL, 3);
    rig_write(r, at + M_NR_RX_TAIL, 8);
    rig_write(r, at + M_NR_TX_TAIL, 8);
}

/* A disk has requests to do: of every operation, some of them wrong. */
static void build_requests(struct rig *r, unsigned step)
{
    static const uint32_t ops[] = {M_DISK_READ, M_DISK_WRITE, M_DISK_ERASE, M_DISK_FLUSH};
    uint32_t op = ops[step / 16 % 4], unit = step * 7 % 200;
    if (r->disk->kind == HW_DISK_PIO) {
        rig_write(r, M_PIO_SECTOR, unit * 50);
        rig_write(r, M_PIO_COUNT, 2);
        for (unsigned i = 0; op == M_DISK_WRITE && i < 256; i++)
            rig_write(r, M_PIO_DATA, step + i);
        rig_write(r, M_PIO_COMMAND, op);
    } else if (r->disk->kind == HW_DISK_FLASH) {
        rig_write(r, M_FL_PAGE, unit);
        rig_write64(r, M_FL_DATA, 0x30000);
        rig_write64(r, M_FL_OOB, 0x40000);
        rig_write(r, M_FL_COMMAND, op);
    } else {
        rig_write(r, M_DQ_ENABLE, 0);
        rig_write64(r, M_DQ_SQ, 0x10000);
        rig_write64(r, M_DQ_CQ, 0x20000);
        rig_write(r, M_DQ_DEPTH, 16);
        for (uint32_t i = 0; i < 16; i++) {
            const uint32_t e[8] = {ops[(step + i) % 4],  i, unit + i, 0,
                                   0x30000 + i * 0x1000, 0, i % 3,    0};
            memcpy(r->f.ram + 0x10000 + i * 32, e, sizeof e);
        }
        rig_write(r, M_DQ_ENABLE, 1);
        rig_write(r, M_DQ_SQ_TAIL, 16);
    }
}

/* One random thing a machine could do with the device; what came of it is added to *seen. */
void poke(struct rig *r, uint64_t *rng, uint64_t *seen)
{
    uint64_t x = rig_random(rng);
    unsigned core = (unsigned)(x >> 60) % r->cores;
    uint32_t off = (uint32_t)(x >> 8) % 0x40 & ~3u;
    uint32_t value = (x & 0x40) ? (uint32_t)rig_random(rng) : (uint32_t)(x >> 32) % 16;
    if (r->mmu && (x & 0x80))
        value &= 0x0000ffffu; /* few pages, so that things meet */
    if (r->nic && r->nic->kind == HW_NIC_STEER && (x & 0x10000))
        off += M_NS_QUEUE + (uint32_t)(x >> 17) % 4 * M_NS_QUEUE_SIZE;
    switch (x % 8) {
    case 0:
    case 1:
    case 2: r->ops->write(r->dev, core, off, value); break;
    case 3:
    case 4: *seen = *seen * 31 + r->ops->read(r->dev, core, off); break;
    case 5:
        r->f.now += value % 1000;
        if (r->ops->event)
            fake_env_run(&r->f, r->ops, r->dev, r->f.now);
        break;
    case 6:
        if (r->nic)
            bring_frame(r, rng);
        if (r->intc)
            r->intc->line(r->dev, value % 40, x & 0x1000);
        if (r->mmu) {
            uint64_t cycles = 0;
            *seen = *seen * 31 + (uint64_t)r->mmu->miss(r->dev, value,
                                                        (enum hw_access)(x >> 20) % 3,
                                                        &cycles);
            *seen += cycles;
        }
        break;
    default:
        if (r->intc)
            r->intc->line_core(r->dev, core, value % 40, x & 0x1000);
        if (r->mmu)
            r->mmu->broadcast(r->dev, 5 + value % 3, value & ~0xfffu, value & 7);
        break;
    }
}

/* A radix MMU has something to walk: one table a level, whose last maps 16 pages, some of them
 * read-only. Made of the masks and values the model itself gives the kernel. */
static void build_tables(struct rig *r)
{
    uint64_t p[HW_MAX_PARAMS];
    (void)r->mmu->table_params(r->dev, p);
    uint64_t page = UINT64_C(1) << p[M_RADIX_PAGE_SHIFT];
    for (uint64_t level = 0; level < p[M_RADIX_LEVELS]; level++) {
        bool last = level + 1 == p[M_RADIX_LEVELS];
        for (uint64_t i = 0; i < (last ? 16 : 1); i++) {
            uint64_t to = last ? 100 + i : level + 2, entry = to << p[M_RADIX_PFN_LSB];
            entry |= p[M_RADIX_PRESENT_VALUE];
            entry |= last ? p[M_RADIX_LEAF_VALUE] | p[M_RADIX_USER_VALUE] |
                                p[M_RADIX_READ_VALUE] | p[M_RADIX_EXEC_VALUE] |
                                (i % 3 ? p[M_RADIX_WRITE_VALUE] : 0)
                          : p[M_RADIX_TABLE_VALUE];
            memcpy(r->f.ram + (level + 1) * page + i * p[M_RADIX_PTE_SIZE], &entry,
                   p[M_RADIX_PTE_SIZE]);
        }
    }
    rig_write64(r, M_RADIX_ROOT, page);
}

/* A hashed page table with pages 0 .. 15 of a few address spaces, some read-only, some in their
 * secondary group. */
static void build_hashed(struct rig *r)
{
    const uint32_t org = 0x10000, groups = M_HPT_GROUPS_MIN;
    for (uint32_t space = 0; space < 8; space++)
        for (uint32_t page = 0; page < 16; page++) {
            uint32_t vsid = (space << 4) * M_HPT_VSID_FACTOR, second = page % 3 == 2;
            uint32_t hash = second ? ~(vsid ^ page) : vsid ^ page;
            const uint32_t e[2] = {
                M_HPT_V | vsid << M_HPT_VSID_SHIFT | (second ? M_HPT_H : 0),
                (100 + page) << 12 | (page % 4 ? M_HPT_PP_WRITE : M_HPT_PP_READ)};
            memcpy(r->f.ram + org + (hash % groups * M_HPT_GROUP + space) * sizeof e, e,
                   sizeof e);
        }
    rig_write(r, M_HPT_SDR1, org);
}

/* Random use breaks the tables soon: now and then they are whole again. */
void poke_prepare(struct rig *r, unsigned step)
{
    if (step % 64 == 0 && r->mmu && r->mmu->kind == HW_MMU_RADIX)
        build_tables(r);
    if (step % 64 == 0 && r->mmu && r->mmu->kind == HW_MMU_HASHED)
        build_hashed(r);
    if (step % 64 == 0 && r->nic && r->nic->kind != HW_NIC_PIO)
        build_rings(r);
    if (step % (r->disk && r->disk->kind == HW_DISK_QUEUE ? 256 : 16) == 0 && r->disk)
        build_requests(r, step);
}
