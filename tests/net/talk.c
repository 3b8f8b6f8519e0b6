// SPDX-License-Identifier: GPL-2.0-or-later
/* talk.c - see talk.h. */
#include "talk.h"

struct talk c;

int listener(unsigned machine, uint16_t port, int backlog)
{
    int l = so_new(NET(machine), SOCK_TCP, false);
    struct sock_addr a = {0, port};
    CU_ASSERT_EQUAL_FATAL(so_bind(NET(machine), l, &a), 0);
    CU_ASSERT_EQUAL_FATAL(so_listen(NET(machine), l, backlog), 0);
    return l;
}

int dial(unsigned from, unsigned to, uint16_t port)
{
    int s = so_new(NET(from), SOCK_TCP, false);
    struct sock_addr a = {RIG_IP(to), port};
    CU_ASSERT_EQUAL_FATAL(so_connect(NET(from), s, &a), -EINPROGRESS);
    return s;
}

void open_pair(void)
{
    rig_start(2, true, 11);
    c.l = listener(1, 80, 5);
    c.a = dial(0, 1, 80);
    rig_run(20);
    CU_ASSERT_EQUAL_FATAL(so_connected(NET(0), c.a), 1);
    c.b = so_accept(NET(1), c.l);
    CU_ASSERT_FATAL(c.b >= 0);
}

void close_rig(void)
{
    CU_ASSERT(rig_balanced(0) && rig_balanced(1));
    rig_stop();
}

struct tcb *tcb_a(void)
{
    return NET(0)->sock[c.a].tcb;
}

void say(unsigned m, int s, const char *text)
{
    CU_ASSERT_EQUAL(so_send(NET(m), s, text, strlen(text), NULL), (int)strlen(text));
}

void hear(unsigned m, int s, const char *text)
{
    char got[256];
    rig_run(100);
    int n = so_receive(NET(m), s, got, sizeof got - 1, 0, NULL);
    CU_ASSERT_EQUAL_FATAL(n, (int)strlen(text));
    got[n] = '\0';
    CU_ASSERT_STRING_EQUAL(got, text);
}

int state(unsigned m, int s)
{
    return NET(m)->sock[s].tcb != NULL ? NET(m)->sock[s].tcb->state : TCP_CLOSED;
}
