// SPDX-License-Identifier: GPL-2.0-or-later
/* port_json.h - the part of the report's JSON that is about boards and functions, not pairs. */
#ifndef SIM_PORT_JSON_H
#define SIM_PORT_JSON_H

#include "port_report.h"

/* Of each run the `top` functions with most instructions; 0: all. */
json_t *port_json_base(const struct port_report *r, const struct port_checks *checks,
                       unsigned top);

#endif
