// SPDX-License-Identifier: GPL-2.0-or-later
/* clash.c - a plugin whose one model has the name of a built-in one: a name means one thing. */
#include "hw.h"
#include <stdlib.h>
#include <string.h>

static int create(const struct hw_env *env, const struct hw_value *values, unsigned cores,
                  void **out, struct hw_err *err)
{
    (void)env;
    (void)values;
    (void)cores;
    (void)err;
    *out = malloc(1);
    return *out ? 0 : -1;
}

static uint32_t read_none(void *dev, unsigned core, uint32_t off)
{
    (void)dev;
    (void)core;
    return off & 0;
}

static void write_none(void *dev, unsigned core, uint32_t off, uint32_t value)
{
    (void)dev;
    (void)core;
    (void)off;
    (void)value;
}

static size_t save(void *dev, uint8_t *buf, size_t max)
{
    (void)dev;
    (void)buf;
    (void)max;
    return 0;
}

static int restore(void *dev, const uint8_t *buf, size_t len)
{
    (void)dev;
    (void)buf;
    return len == 0 ? 0 : -1;
}

static size_t describe(void *dev, char *buf, size_t max)
{
    static const char text[] = "kind clash\n";
    (void)dev;
    if (max < sizeof text)
        return 0;
    memcpy(buf, text, sizeof text);
    return sizeof text - 1;
}

static const struct hw_dev_ops ops = {
    .create = create,
    .destroy = free,
    .read = read_none,
    .write = write_none,
    .save = save,
    .restore = restore,
    .describe = describe,
};

static const struct hw_model model = {
    .abi = HW_ABI,
    .class_ = HW_CLASS_CONSOLE,
    .compatible = "exo,console",
    .summary = "a second model of a name that is taken",
    .ops = &ops,
};

extern const struct hw_model *const exosim_plugin_models[];
const struct hw_model *const exosim_plugin_models[] = {&model, NULL};
