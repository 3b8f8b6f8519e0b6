// SPDX-License-Identifier: GPL-2.0-or-later
/* empty.c - a shared object that is no plugin: it exports no table of models. */
extern const int exosim_no_models;
const int exosim_no_models = 1;
