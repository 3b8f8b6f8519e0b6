// SPDX-License-Identifier: GPL-2.0-or-later
/* sim_suites.h - the suites of unit_sim, one a file. */
#ifndef SIM_SUITES_H
#define SIM_SUITES_H

void suite_abi(void);
void suite_board(void);
void suite_event(void);
void suite_trace(void);
void suite_loader(void);
void suite_machine(void);
void suite_model(void);
void suite_net(void);
void suite_record(void);
void suite_store(void);
void suite_store_cut(void);

#endif
