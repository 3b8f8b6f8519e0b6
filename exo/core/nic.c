// SPDX-License-Identifier: GPL-2.0-or-later
/* nic.c - the network interface of the board: which driver; what the core needs of it (nic.h). */
#include "ring.h"

static const struct nic_driver *const drivers[] = {
#define EXO_KIND_NIC(number, name, NAME) &nic_##name,
#include <exo/kinds.def>
    NULL,
};
static const struct nic_driver *driver; /* NULL: no network */

static const struct nic_driver *find_driver(uint32_t kind)
{
    for (uint32_t i = 0; drivers[i] != NULL; i++)
        if (drivers[i]->kind == kind)
            return drivers[i];
    return NULL;
}

bool nic_known(uint32_t kind)
{
    return find_driver(kind) != NULL;
}

void nic_init(const struct exo_hw_device *dev, void *(*boot_alloc)(size_t bytes))
{
    ring_init(boot_alloc);
    filter_init(boot_alloc);
    driver = find_driver(dev->kind);
    driver->init(dev, boot_alloc);
}

void nic_interrupt(void)
{
    driver->interrupt();
}

bool nic_expected(void)
{
    return driver != NULL &&
           (ring_any() || (driver->expected != NULL && driver->expected()));
}

void nic_env_died(struct ctx *c)
{
    if (driver != NULL)
        ring_env_died(c);
}

void nic_frame_lost(uint32_t env, uint32_t frame)
{
    if (driver != NULL)
        ring_frame_lost(env, frame);
}

uint32_t nic_pins(uint32_t frame)
{
    if (driver == NULL)
        return 0;
    return ring_pins(frame) + (driver->pins != NULL ? driver->pins(frame) : 0);
}

void nic_ring_end(uint32_t ring)
{
    if (driver->ring_end != NULL)
        driver->ring_end(ring);
}

void nic_filter_bound(uint32_t filter, const struct filter_form *form)
{
    if (driver->filter_bound != NULL)
        driver->filter_bound(filter, form);
}

void nic_filter_end(uint32_t filter)
{
    if (driver->filter_end != NULL)
        driver->filter_end(filter);
}

void nic_slept(void)
{
    if (driver != NULL && driver->slept != NULL)
        driver->slept();
}

bool inv_nic(const char **what)
{
    return driver == NULL || (inv_rings(what) && inv_filters(what));
}
