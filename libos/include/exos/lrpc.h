// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * exos/lrpc.h - remote calls by protected control transfer: four words pass in registers, the
 * processor goes along with the rest of the caller's slice.
 *
 * A server waits with exos_lrpc_wait() and answers with exos_lrpc_reply(), which waits for the
 * next caller. It has to save nothing: registers C expects to be kept are kept on both sides.
 * Errors are negative enum exo_error of exo/abi.h.
 */
#ifndef EXOS_LRPC_H
#define EXOS_LRPC_H

#include <exo/types.h>

struct exos_lrpc {
    exo_word word[4];
};

/* Own environment number, to give to partners. */
uint32_t exos_env(void);
/* Call environment `server`; m is the question, then the answer. 0, or -EXO_EENV: no such server,
 * or it died. Waits while the server is busy. */
int exos_lrpc_call(uint32_t server, struct exos_lrpc *m);
/* Wait for a call (accept 0: from anybody). The caller's environment number, or negative. */
exo_sword exos_lrpc_wait(uint32_t accept, struct exos_lrpc *m);
/* Answer `client` with m and wait for the next call, which m then holds; as exos_lrpc_wait(). If
 * the client is gone it is as if it had been answered. */
exo_sword exos_lrpc_reply(uint32_t client, struct exos_lrpc *m);

#endif
