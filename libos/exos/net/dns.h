// SPDX-License-Identifier: GPL-2.0-or-later
/* dns.h - DNS messages (RFC 1035): a question for A records made, an answer taken apart. */
#ifndef EXOS_NET_DNS_H
#define EXOS_NET_DNS_H

#include <stddef.h>
#include <stdint.h>

#define DNS_MESSAGE 512 /* without extensions */
#define DNS_NAME 256    /* as text, with its NUL */
#define DNS_PORT 53

/* Bytes of the question, 0: this cannot be a name. */
size_t dns_question(uint8_t *message, uint32_t id, const char *name);

enum dns_result {
    DNS_BAD = -1,     /* not an answer to this question: wait for another */
    DNS_NO_NAME = -2, /* there is no such name */
    DNS_NO_DATA = -3, /* it has no address */
    DNS_FAILED = -4,  /* the server cannot say */
    DNS_ALIAS = -5    /* it is another name for `alias`, whose address is not told */
};
/* Addresses found (at most max), or enum dns_result. */
int dns_answer(const uint8_t *message, size_t n, uint32_t id, const char *name,
               uint32_t *addr, int max, char alias[DNS_NAME]);

#endif
