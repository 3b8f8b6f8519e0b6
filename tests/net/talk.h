// SPDX-License-Identifier: GPL-2.0-or-later
/* talk.h - what tests of TCP share: two machines that listen, dial and talk. */
#ifndef TALK_H
#define TALK_H

#include <CUnit/CUnit.h>

#include "rig.h"

struct talk {
    int a, b, l; /* client on machine 0, its peer on 1, the listener */
};
extern struct talk c;

int listener(unsigned machine, uint16_t port, int backlog);
int dial(unsigned from, unsigned to, uint16_t port);
void open_pair(void);
void close_rig(void);
struct tcb *tcb_a(void);
void say(unsigned m, int s, const char *text);
void hear(unsigned m, int s, const char *text);
int state(unsigned m, int s);

#endif
