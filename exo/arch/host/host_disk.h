// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * host_disk.h - the three disks of exo/machine.h for the host's machine, with every
 * freedom a real one has, in the test's hand: a request is done when the test says so, in
 * any order, with any result. Memory is read and written then, not before, and the device
 * aborts the process if that memory is not the kernel's own promise: a pinned frame of an
 * environment.
 */
#ifndef EXO_ARCH_HOST_DISK_H
#define EXO_ARCH_HOST_DISK_H

#include <stdbool.h>
#include <stdint.h>

#define HOST_DISK_BASE 0xf0005000u
#define HOST_DISK_LINE 1u
#define HOST_DISK_UNITS 4096u /* sectors, blocks or pages */
#define HOST_DISK_DEPTH                                                                  \
    16u /* of the queue's rings, unless the configuration says otherwise */
#define HOST_FLASH_PAGE 2048u
#define HOST_FLASH_OOB 64u
#define HOST_FLASH_BLOCK 16u /* pages */

struct host_config;
struct exo_hw_table;

/* A row of the table and a blank medium, if config->disk_kind says so. */
void host_disk_setup(struct exo_hw_table *t, const struct host_config *config);
uint32_t host_disk_read(uint32_t reg);
void host_disk_write(uint32_t reg, uint32_t value);
bool host_disk_line(void); /* the interrupt is up */

/* Commands the device has and has not done, in order of arrival. */
struct host_disk_command {
    uint32_t op, tag;
    uint32_t unit, count; /* sectors, blocks or pages */
    uint64_t data, oob;   /* physical addresses, 0: none */
};
uint32_t host_disk_waiting(void);
const struct host_disk_command *host_disk_command(uint32_t i);
/* The i-th of them is done: well, or with an error. The interrupt
 * is up: host_poll. */
void host_disk_done(uint32_t i, bool ok);
/* Bytes of a unit on the medium; on flash behind the page the out-of-band bytes. */
uint8_t *host_disk_unit(uint32_t unit);

#endif
