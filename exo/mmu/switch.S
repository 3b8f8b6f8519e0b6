// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switch.S - of a kind of MMU that has none for this ISA (<kind>/<isa>/switch.S): its driver
 * leaves ctx.switch_ 0, so that pct_call never comes here but takes the way through C.
 */
