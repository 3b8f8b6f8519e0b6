// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pcap.h - a capture file: pcap with nanoseconds (magic 0xa1b23c4d, draft-ietf-opsawg-pcap), link
 * type Ethernet. Time is virtual: nanoseconds since the machine's start.
 */
#ifndef SIM_PCAP_H
#define SIM_PCAP_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"

struct pcap;

int pcap_open(const char *path, struct pcap **out, struct err *err);
void pcap_write(struct pcap *p, uint64_t ns, const uint8_t *frame, size_t len);
/* Everything is in the file, or says why not: 0 or ERR_USER. */
int pcap_flush(struct pcap *p, struct err *err);
/* NULL is fine. */
void pcap_close(struct pcap *p);

#endif
