// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * io.h - the part of the ABI (abi.h, which includes this) that is about disks and
 * networks: extents, requests, packet rings, packet filters.
 */
#ifndef EXO_IO_H
#define EXO_IO_H

/* ---- disk ----
 *
 * An extent is a run of the disk's own units (pio: sectors of 512 bytes, queue: blocks of
 * 4096, flash: erase blocks), taken by name with extent_alloc (-EXO_EOVERLAP: some of it
 * is taken) and guarded by the capability named. Like frames, extents are held: by who
 * allocated them, and by whom extent_hold adds, with a capability that satisfies the
 * guard for R and W. extent_free or death ends a holding, the last one frees the extent.
 * Revocation is frame_revoke's: the REVOKE upcall with revoke_kind EXO_RES_EXTENT, then
 * abort.
 *
 * A request names an extent the caller holds, with a capability that satisfies its guard
 * (R to read, R and W for the rest), units relative to the extent, and memory: of frames
 * of type USER the caller holds, with a capability that lets it write them (what is read,
 * and the status word) or read them (what is written). Each memory lies in one frame.
 * Everything is checked when the call accepts the request, never again; the frames are
 * pinned until it is over.
 *
 * The status word (struct exo_io_memory done, 4 bytes, aligned) is set to 0 when the
 * request is accepted, to EXO_IO_DONE or EXO_IO_ERROR when it is over; a wakeup predicate
 * can name it. It is left alone if the caller died, freed or lost the extent or the
 * word's frame meanwhile. What was accepted still finishes: until then such frames stay
 * pinned, and such units taken, though nobody holds them.
 *
 * Errors, beside those every call has: -EXO_ENAME no such extent, -EXO_ENOTHELD extent or
 * frame not held, -EXO_ECAP and -EXO_EPERM the same for both, -EXO_EFRAME no frame of
 * type USER, -EXO_EVA offset not aligned, -EXO_ERANGE units outside the extent or bytes
 * outside the frame, -EXO_EINVAL no such operation. -EXO_EBUSY comes last: all else is
 * right, ask again when exo_io_public.disk_turns has changed.
 */
enum exo_resource {
    EXO_RES_FRAME = 0,
    EXO_RES_EXTENT = 1,
    EXO_RES_RING = 2,
    EXO_RES_FILTER = 3
};

struct exo_io_memory {
    uint32_t frame, offset; /* bytes from the start of the frame */
    uint32_t cap;           /* slot of the caller that lets it use the frame */
    uint32_t pad;
};
#define EXO_IO_DONE 1u
#define EXO_IO_ERROR 2u
enum exo_io_op {
    EXO_IO_READ = 1,
    EXO_IO_WRITE = 2, /* flash: program */
    EXO_IO_FLUSH =
        3, /* what ended before is durable; names no unit and no data; not on flash */
    EXO_IO_ERASE = 4 /* flash: the erase block a page lies in; no data */
};

/* sector_io (disk pio): 1 to 8 sectors. The disk does one request at a time. The kernel
 * copies the data: at the call (write) or at the interrupt (read). */
struct exo_sector_io {
    uint32_t op, extent, cap, sector, count, pad;
    struct exo_io_memory data, done; /* data: offset a multiple of 4 */
};
/* block_io (disk queue): 1 to EXO_BLOCKS_MAX requests of one block each. Returns how many
 * were accepted, the first ones: behind them the ring was full or a request was wrong;
 * none: the error of the first. Their order on the disk and of their ends is the device's
 * choice. */
struct exo_block_io {
    uint32_t op, extent, cap, block;
    struct exo_io_memory data, done; /* data: offset a multiple of 512 */
};
/* flash_io (disk flash): page relative to the extent; data.frame or oob.frame 0 leaves
 * that part out (a program without oob writes 0xff there). The chip does one command at a
 * time. EXO_IO_ERROR: the chip said FAIL. */
struct exo_flash_io {
    uint32_t op, extent, cap, page;
    struct exo_io_memory data, oob, done; /* offsets multiples of 4 */
};

/* Exported. */
struct exo_extent {
    uint32_t first, count; /* units; count 0: this row is free */
    uint32_t holders[EXO_NENV / 32];
    uint32_t requests, pad; /* under way */
    struct exo_name guard;
};
_Static_assert(sizeof(struct exo_extent) == 32, "extent table layout");

/* ---- network ----
 *
 * A ring is where the kernel (or, on steer, the device) puts packets for an application,
 * in memory of the application: frame[0] holds struct exo_ring_head; slot i of
 * EXO_RING_SLOT bytes lies in frame[1 + i * EXO_RING_SLOT / page size]. All frames are
 * held by the caller and writable with `cap`; they stay pinned while the ring exists.
 * Rings are held like extents (ring_hold, ring_free, ring_revoke), guarded by
 * ring_alloc's capability. Sleep on head->produced or head->sent.
 *
 * A ring ends when nobody holds it any more, or when one of its frames is held by none of
 * its holders (the kernel would write where none of them may). In a ring with a hardware
 * queue a packet's bytes lie in the memory of slot head->slot[produced mod slots].buffer;
 * in any other one that is its own slot.
 *
 * filter_bind compiles a classic BPF program (what `tcpdump -dd` prints; struct exo_bpf
 * is struct bpf_insn) for a ring. Accepted packets (program returns nonzero: at most so
 * many bytes) go into the ring. A program is refused with -EXO_EPROGRAM unless every jump
 * is forward and inside, every path ends in a return, memory words are in range and
 * written before they are read, no constant divisor is zero. Packets belong to one ring:
 * a filter that some packet could satisfy together with another's filter is
 * -EXO_EOVERLAP, unless the capability dominates that one's ring's guard (satisfies it
 * for W; then the newer one comes first), or both are bound with EXO_FILTER_SHARED (each
 * gets a copy). So, of all that match, from the newest to the oldest: each SHARED one
 * gets a copy; the first other one ends the list, and gets the packet if nobody did. A
 * ring gets a packet once. filter_bind needs W for the ring; it returns the filter's number.
 *
 * Sending. packet_send (nic pio): one frame gathered from n pieces of the caller's
 * memory, 14 to 1514 bytes, copied at the call; -EXO_EBUSY while the transmitter is busy:
 * wait for a change of exo_io_public.nic_turns. desc_send (nic ring), queue_send (nic
 * steer): n descriptors, whole frames, through a ring the caller holds (its guard
 * satisfied for W by `cap`); how many descriptors were accepted (whole frames), 0:
 * -EXO_EBUSY. Frames are pinned until sent; head->sent counts descriptors that are done,
 * in order. queue_send needs a hardware queue: queue_bind(ring) takes a free one for the
 * ring, which from then on receives by DMA straight into its slots what the hardware's
 * rules can tell.
 */
#define EXO_RING_SLOT 2048u
#define EXO_RING_FRAMES (1 + EXO_RING_SLOTS / 2)
struct exo_ring_slot {
    uint16_t length; /* bytes of the packet */
    uint16_t filter; /* that accepted it; on steer EXO_NFILTER = told by hardware */
    uint16_t buffer; /* slot whose memory it lies in: see above */
    uint16_t pad;
};
struct exo_ring_head {
    uint32_t produced;      /* packets put, free-running; slot = produced mod slots */
    uint32_t consumed;      /* packets taken: the application's word */
    uint32_t dropped;       /* for want of room */
    uint32_t sent;          /* transmit descriptors done */
    uint32_t slots, pad[3]; /* copy of the setup */
    struct exo_ring_slot slot[EXO_RING_SLOTS];
};
struct exo_ring_setup {
    uint32_t slots; /* power of two, 2..EXO_RING_SLOTS */
    uint32_t cap;   /* slot of the caller that lets it write the frames */
    uint32_t nframes, pad;
    uint32_t frame[EXO_RING_FRAMES];
};

struct exo_bpf { /* struct bpf_insn of McCanne and Jacobson, BPF (USENIX Winter 1993) */
    uint16_t code;
    uint8_t jt, jf;
    uint32_t k;
};
#define EXO_FILTER_SHARED 1u

struct exo_piece { /* packet_send */
    uint64_t va;
    uint32_t length, pad;
};
#define EXO_PIECES_MAX 8
struct exo_tx { /* desc_send, queue_send */
    struct exo_io_memory data;
    uint32_t length; /* bytes; inside the frame */
    uint32_t end;    /* 1: last of its packet */
};

/* Exported. */
struct exo_ring {
    uint32_t slots; /* 0: this row is free */
    uint32_t holders[EXO_NENV / 32];
    uint32_t queue; /* hardware queue + 1, 0 none */
    uint32_t filters, pad;
    struct exo_name guard;
};
_Static_assert(sizeof(struct exo_ring) == 32, "ring table layout");
struct exo_filter {
    uint16_t ring;    /* + 1; 0: this row is free */
    uint8_t flags;    /* EXO_FILTER_* */
    uint8_t where;    /* enum exo_filter_place */
    uint32_t packets; /* accepted */
};
enum exo_filter_place {
    EXO_FILTER_MERGED = 1,  /* found by hash, with those of the same shape */
    EXO_FILTER_ALONE = 2,   /* interpreted one by one */
    EXO_FILTER_HARDWARE = 3 /* steer: a rule of the device */
};
struct exo_io_public {
    uint32_t disk_kind, nic_kind; /* 0: none */
    uint32_t disk_turns;          /* changes whenever the disk can take another request */
    uint32_t nic_turns; /* changes whenever the transmitter can take another frame */
    uint32_t received, unclaimed; /* packets; those no filter wanted */
    uint32_t copied, sent;        /* bytes the kernel copied to rings; packets sent */
};

#endif
