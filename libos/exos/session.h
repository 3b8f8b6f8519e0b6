// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * session.h - a boot program and all its descendants are a session: they trust each other, share
 * the capability in slot 0 and these tables, mapped at L_SESSION in each of them.
 *
 *   proc[]   processes: who is whose child, state, exit status, pending signals, open files
 *   ofile[]  open files: what descriptors of all processes refer to, with the file offset
 *   pipe[]   pipes: state; the bytes are in frames mapped by who uses it (L_PIPES)
 *   shm[]    named shared memory
 *
 * Words that somebody may wait for are 32 bits wide, so that wakeup predicates can name them.
 * The lock guards everything except proc[].pending (atomic) and pipe[] (a lock each).
 */
#ifndef EXOS_SESSION_H
#define EXOS_SESSION_H

#include <sys/types.h>

#include "critical.h"

#define SESSION_BYTES 8192
#define NPROC 56
#define NFD 64
#define NOFILE 64
#define NPIPE 16
#define NSHM 8

enum proc_state { PROC_FREE = 0, PROC_EMBRYO = 1, PROC_LIVE = 2, PROC_ZOMBIE = 3 };

struct proc {
    uint32_t state;
    uint32_t pid;
    uint32_t parent;  /* row of its parent; itself: has none */
    uint32_t env;     /* environment it runs in; exec changes it */
    uint32_t status;  /* zombie: as waitpid tells it */
    uint32_t making;  /* embryo it is building (fork, exec), 0 = none */
    uint32_t pending; /* 1 << (signal - 1) */
    uint32_t catches; /* signals with a handler */
    uint32_t nfd;     /* descriptors ever used */
    uint32_t cloexec[NFD / 32];
    uint8_t fd[NFD]; /* 1 + row of ofile[], 0 = closed */
};

enum ofile_kind {
    OFILE_FREE = 0,
    OFILE_CONSOLE = 1,
    OFILE_MODULE = 2,
    OFILE_PIPE_READ = 3,
    OFILE_PIPE_WRITE = 4
};

struct ofile {
    uint8_t kind, object; /* module or pipe */
    uint16_t refs;
    uint32_t flags; /* O_* of open */
    uint64_t offset;
};

struct pipe {
    exos_lock lock;
    uint32_t readers, writers; /* 0: that end is closed */
    uint32_t head, tail;       /* bytes written, bytes read: free-running */
    uint32_t reader_env,
        writer_env; /* who was last there: whom to give the processor to */
    uint32_t pages; /* 0: this row is free */
    uint32_t frame[2];
};

struct shm_name {
    char name[20];
    uint32_t pages;       /* 0: free */
    uint32_t list;        /* frame that holds the list of frames */
    uint32_t attached[2]; /* a bit per process: row of proc[] */
};

struct session {
    exos_lock lock;
    uint32_t next_pid;
    uint32_t nproc; /* rows of proc[] ever used */
    struct proc proc[NPROC];
    struct ofile ofile[NOFILE];
    struct pipe pipe[NPIPE];
    struct shm_name shm[NSHM];
};
_Static_assert(sizeof(struct session) <= SESSION_BYTES,
               "session tables outgrew their pages");

extern struct session *session;
#define ME (&session->proc[SELF->proc])

/* -- proc.c -- */
/* Set up the first process of a session. */
void proc_first(void);
/* A free row, state EMBRYO, child of the caller; -1 if there is none. Locks. */
int proc_new(void);
void proc_cancel(int row);
/* The process ends; does not return. status as waitpid tells it. */
void proc_end(uint32_t status);
_Noreturn void proc_die_of_signal(int sig);
/* Wait until pred (n terms, at most 6) holds or a signal arrives. */
void proc_sleep(struct exo_pred *pred, unsigned n);
/* Row of a live process, or -1. */
int proc_find(pid_t pid);

/* -- file.c: rows of ofile[]; the session's lock is held -- */
void ofile_ref(unsigned row);
void ofile_put(unsigned row);
/* -- pipe.c: an end is closed; nobody has it open any more -- */
void pipe_end_closed(unsigned pipe, enum ofile_kind end);
/* -- shm.c: a process is made by this one, or gone -- */
void shm_inherit(unsigned proc_row);
void shm_forget(unsigned proc_row);

#endif
