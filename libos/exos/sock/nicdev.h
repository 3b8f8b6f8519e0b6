// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nicdev.h - the session's side of the network device: its packet ring, the filters bound to it, and the
 * backend that sends (libos/port/nic.h).
 */
#ifndef EXOS_SOCK_NICDEV_H
#define EXOS_SOCK_NICDEV_H

#include "net/net.h"
#include "nic.h"

struct nicdev {
    uint32_t kind; /* enum exo_nic_kind, 0: no device */
    uint8_t mac[6];
    uint16_t pad;
    uint32_t slots;
    uint8_t *packets; /* memory of the slots */
    uintptr_t base;   /* of the area */
    struct nic nic;
};

/* Pages of the area the ring takes. */
uint32_t nicdev_pages(void);
/* Make the ring in the area at `base` from this page on, bind the filters all sessions share. 0, ENODEV: no
 * device, or one that there is no backend for; or another errno. */
int nicdev_open(struct nicdev *d, uintptr_t base, uint32_t first_page);
/* Another process of the session. */
int nicdev_attach(struct nicdev *d);
void nicdev_share(struct nicdev *d, uint32_t env);
/* Packets that came go to the stack. */
void nicdev_poll(struct nicdev *d, struct net *net);
/* Terms of a predicate (at most 2) for what the device may do next; how many. */
unsigned nicdev_terms(const struct nicdev *d, const struct net *net,
                      struct exo_pred *pred);

#endif
