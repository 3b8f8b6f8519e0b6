// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * console.h - the host side of the console: where guest bytes go and come from.
 *
 * Output goes to a descriptor or is kept in memory (compare, bench). Input is read from a
 * descriptor when the guest asks, waiting for it, so that a run depends on what was typed and
 * never on when; machines of one comparison share an input, each reading it from the start.
 */
#ifndef SIM_CONSOLE_H
#define SIM_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

struct console_input {
    int fd;
    uint8_t *bytes; /* all that was read so far */
    size_t n, cap;
    bool end;
    bool keep; /* several readers: nothing may be forgotten */
};

struct console {
    int fd; /* output; -1: keep it in memory */
    uint8_t *out;
    size_t n, cap;
    uint64_t written; /* bytes in all */
    uint64_t shown;   /* of those, what went out: more when the machine went back */
    struct console_input *in;
    size_t read_at;
    bool tty;
    bool lines; /* only whole lines go out: several machines share the descriptor */
    int error;  /* errno of the first failed write */
};

void console_open(struct console *c, int fd, struct console_input *in);
/* Not 0 when the bytes can no longer be delivered (c->error). */
int console_write(struct console *c, const uint8_t *bytes, size_t n);
int console_flush(struct console *c);
/* Waits for input. 0: end of input. */
size_t console_read(struct console *c, uint8_t *bytes, size_t max);
/* The machine went back: what it writes again is not shown again. */
void console_rewind(struct console *c, uint64_t written, uint64_t read_at);
void console_close(struct console *c);

#endif
