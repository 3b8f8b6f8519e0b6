// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gdb_link.h - the line to a debugger: a TCP port of this host only, and packets over it, as "Overview"
 * of appendix E, "Remote Serial Protocol", of the GDB manual describes them: $data#checksum, + and -,
 * escapes, and the interrupt byte 3.
 *
 * A link outlives its debuggers: one may go, or be killed, and another come.
 */
#ifndef SIM_GDB_LINK_H
#define SIM_GDB_LINK_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

#define GDB_PACKET 16384u /* bytes of a packet's data at most */

struct gdb_link {
    int listener, peer; /* peer: -1: nobody is connected */
    bool no_ack;
    bool interrupted;              /* byte 3 came */
    char last[2 * GDB_PACKET + 8]; /* sent last, to be sent again */
    size_t last_len;
    unsigned char in[4096];
    size_t in_at, in_n;
};

enum gdb_wait { GDB_NOTHING, GDB_PACKET_CAME, GDB_GONE };

/* port 0: any; *bound: which. ERR_USER. */
int gdb_link_open(struct gdb_link *l, unsigned port, unsigned *bound, struct err *err);
void gdb_link_close(struct gdb_link *l);
/* Take somebody who waits; wait: until there is one. True: connected now. */
bool gdb_link_accept(struct gdb_link *l, bool wait);
/* The next packet's data, ended by a NUL; wait: until it is there. What is no packet is passed over. */
enum gdb_wait gdb_link_get(struct gdb_link *l, char *data, size_t *len, bool wait);
/* Interrupt byte since the last call? Also reads what is there, without waiting. */
bool gdb_link_interrupt(struct gdb_link *l);
void gdb_link_put(struct gdb_link *l, const char *data, size_t len);
/* The debugger goes. */
void gdb_link_drop(struct gdb_link *l);

#endif
