// SPDX-License-Identifier: GPL-2.0-or-later
/* nic.c - the network interface of the board: no driver yet, so no board has one. */
#include "nic.h"

bool nic_known(uint32_t kind)
{
    (void)kind;
    return false;
}

void nic_init(const struct exo_hw_device *dev, void *(*boot_alloc)(size_t bytes))
{
    (void)dev;
    (void)boot_alloc;
}

void nic_interrupt(void)
{
}

bool nic_expected(void)
{
    return false;
}

void nic_env_died(struct ctx *c)
{
    (void)c;
}

uint32_t nic_pins(uint32_t frame)
{
    (void)frame;
    return 0;
}

bool inv_nic(const char **what)
{
    (void)what;
    return true;
}

bool ring_held(uint32_t env, uint32_t ring)
{
    (void)env;
    (void)ring;
    return false;
}

void ring_take(struct ctx *c, uint32_t ring)
{
    (void)c;
    (void)ring;
}

bool filter_held(uint32_t env, uint32_t filter)
{
    (void)env;
    (void)filter;
    return false;
}

void filter_take(struct ctx *c, uint32_t filter)
{
    (void)c;
    (void)filter;
}
