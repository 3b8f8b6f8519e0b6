// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hpt.h - the hashed page table as environments see it (calls/mmu_hashed.def; the entries
 * themselves: machine.h, M_HPT_*).
 *
 * All environments share one table. A page can lie in sixteen places: 1 to 8 are those of its
 * primary group, 9 to 16 of its secondary. A binding is lost when its place goes to another; the
 * page then misses, and its library inserts it anew. hpt_insert finds a free place, or
 * -EXO_EFULL: then the library chooses whom to displace and names the place. Whom it may displace
 * (else -EXO_EBUSY), in each group of eight:
 *
 *   - an entry of its own, unless it is wired;
 *   - another environment's, if it has fewer entries there than EXO_HPT_SHARE(cores), or fewer than
 *     that one; but not while that one runs and has no more than EXO_HPT_SHARE(cores) there.
 *
 * So a running environment always finds a place, and what it put there, up to its share, stays while
 * it runs. hpt_wire guarantees up to EXO_NWIRED pages: when such a page is displaced, the kernel
 * puts it back at its next use, by the same rule.
 */
#ifndef EXO_HPT_H
#define EXO_HPT_H

/* At most so many entries for a page in a group are safe while their environment runs. */
#define EXO_HPT_SHARE(cores) ((cores) <= 2 ? 3u : (cores) <= 4 ? 2u : 1u)

/* Result of hpt_group: for place i of the group (0 to 7) these bits << i * EXO_HPT_BITS */
#define EXO_HPT_BITS 3
#define EXO_HPT_OWN 1u  /* the environment's own entry */
#define EXO_HPT_MAY 2u  /* free, or hpt_insert may displace it */
#define EXO_HPT_USED 4u /* R: used since it was inserted */
/* and above them a number of 4 bits that grows with each displacement, to take turns by */
#define EXO_HPT_HAND_SHIFT 24

/* hpt_table: the table is so many groups of 8 entries of 8 bytes, the owners a byte an entry:
 * environment, 0 = free. Their frames are consecutive and of type EXPORT. */
#define EXO_HPT_GROUPS 0u
#define EXO_HPT_ENTRIES_FRAME 1u
#define EXO_HPT_OWNERS_FRAME 2u

#endif
