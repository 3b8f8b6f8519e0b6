// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * host_nic.h - the three network interfaces of exo/machine.h for the host's machine, in the
 * test's hand: frames arrive and leave when it says so. Memory is read and written then, and
 * the device aborts the process if that memory is neither the kernel's own nor, as the
 * kernel promised, a pinned frame of an environment.
 */
#ifndef EXO_ARCH_HOST_NIC_H
#define EXO_ARCH_HOST_NIC_H

#include <stdbool.h>
#include <stdint.h>

#define HOST_NIC_BASE 0xf0006000u
#define HOST_NIC_LINE 2u
#define HOST_NIC_MAC 0x020000000001u
#define HOST_NIC_QUEUES 4u
#define HOST_NIC_RULES 8u

struct host_config;
struct exo_hw_table;

/* A row of the table, if config->nic_kind says so. */
void host_nic_setup(struct exo_hw_table *t, const struct host_config *config);
uint32_t host_nic_read(uint32_t reg);
void host_nic_write(uint32_t reg, uint32_t value);
bool host_nic_line(void); /* the interrupt is up */

/* A frame of 60 to 1514 bytes arrives. False: there was no room, it is lost. */
bool host_nic_receive(const void *frame, uint32_t length);
/* The queue that the rules say (steer), else 0. */
uint32_t host_nic_queue(const uint8_t *frame, uint32_t length);
uint32_t host_nic_rules(void); /* in use */
/* The oldest frame to be sent leaves, of any queue: its bytes into frame[1514]. 0: there is
 * none. */
uint32_t host_nic_send(uint8_t *frame);

#endif
