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
 *   area[]   memory that processes attach to when they need it (area.h)
 *
 * What most sessions never use, high descriptors and many open files, is in struct session_far
 * behind it, whose pages are made when they are first needed: session_far(). Who refers to
 * something in them has them mapped, and so have its children.
 *
 * Words that somebody may wait for are 32 bits wide, so that wakeup predicates can name them.
 * The lock guards everything except proc[].pending (atomic) and pipe[] (a lock each).
 */
#ifndef EXOS_SESSION_H
#define EXOS_SESSION_H

#include <sys/types.h>

#include "critical.h"
#include "mutex.h"

#define SESSION_BYTES 8192
#define NPROC 56
#define NFD 256
#define NFD_NEAR 32
#define NOFILE 512
#define NOFILE_NEAR 32
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
    uint16_t holding; /* mutexes it is inside of: signals wait */
    uint16_t nfd;     /* descriptors ever used */
    uint16_t cwd;     /* 1 + row of open files of its directory, 0 = the root */
    uint16_t umask;
    uint32_t cloexec;
    uint16_t fd[NFD_NEAR]; /* 1 + row of open files, 0 = closed */
};

enum ofile_kind {
    OFILE_FREE = 0,
    OFILE_CONSOLE = 1,
    OFILE_MODULE = 2,
    OFILE_PIPE_READ = 3,
    OFILE_PIPE_WRITE = 4,
    OFILE_INODE = 5, /* on the disk */
    OFILE_SOCKET = 6
};

struct ofile {
    uint8_t kind, pad;
    uint16_t refs;   /* 0 of an inode or socket: to be closed by who sees it first */
    uint32_t object; /* number of the module, pipe, socket (16 bits) or inode */
    uint32_t flags;  /* O_* of open */
    uint32_t hint;   /* inode: how far was read ahead */
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

struct area_row {
    uint32_t pages;    /* with those of the list of frames, which come first; 0: none */
    uint32_t list;     /* frame of the first page */
    uint32_t users[2]; /* a bit per process: row of proc[] */
};

struct session {
    exos_lock lock;
    struct mutex area_mutex;
    uint32_t closing; /* open files with no references left */
    struct area_row area[SELF_AREAS];
    uint32_t far_frame[SELF_SESSION_MAX]; /* by page of the session's memory */
    uint32_t far_users[2];
    uint32_t next_pid;
    uint32_t nproc; /* rows of proc[] ever used */
    struct proc proc[NPROC];
    struct ofile ofile[NOFILE_NEAR];
    struct pipe pipe[NPIPE];
    struct shm_name shm[NSHM];
};
_Static_assert(sizeof(struct session) <= SESSION_BYTES,
               "session tables outgrew their pages");

struct session_far {
    uint32_t cloexec[NPROC][NFD / 32 - 1];
    uint16_t fd[NPROC][NFD - NFD_NEAR];
    struct ofile ofile[NOFILE - NOFILE_NEAR];
};
_Static_assert(SESSION_BYTES + sizeof(struct session_far) <= SELF_SESSION_MAX * 4096,
               "session tables outgrew struct exos_self");
#define SESSION_FAR ((struct session_far *)(uintptr_t)(L_SESSION + SESSION_BYTES))

extern struct session *session;
#define ME (&session->proc[SELF->proc])

/* -- session.c -- */
/* The far tables are usable here, made if there were none. false: no memory. Locks. */
bool session_far(void);
/* The same if some process has them; the session's lock is held. */
bool session_far_join(void);
bool session_has_far(void);
/* A process is made by this one, or gone. */
void session_far_inherit(unsigned proc_row);
void session_far_forget(unsigned proc_row);
/* Of any of these rows: does that process live, or is it being made? */
bool session_live_user(const uint32_t users[2], unsigned except);
/* Row of open files; NULL: far and not here. */
struct ofile *ofile_row(unsigned row);
/* Open file's row + 1 of a descriptor, 0 = closed. */
unsigned fd_get(unsigned proc_row, unsigned fd);
void fd_put(unsigned proc_row, unsigned fd, unsigned row_plus_1);
uint32_t *fd_cloexec(unsigned proc_row, unsigned fd); /* word with the bit fd % 32 */

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
void ofile_set_cwd(unsigned row_plus_1);
/* Without the lock: close what has no references left. */
void file_closing(void);
/* -- pipe.c: an end is closed; nobody has it open any more -- */
void pipe_end_closed(unsigned pipe, enum ofile_kind end);
/* -- shm.c: a process is made by this one, or gone -- */
void shm_inherit(unsigned proc_row);
void shm_forget(unsigned proc_row);
/* -- area.c -- */
void area_inherit(unsigned proc_row);
void area_forget(unsigned proc_row);
bool area_any(unsigned proc_row); /* is that process attached to one? */

#endif
