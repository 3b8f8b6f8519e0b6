// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fsstress.h - the model of the tree fsstress works on (model.c): names and the inodes behind them, with
 * every byte; what is done to both (ops_*.c); comparing them (verify.c); the log of what was made
 * durable (log.c).
 */
#ifndef FSSTRESS_H
#define FSSTRESS_H

#include <stdint.h>

#include "files.h"

#define INODES 160
#define NODES 240
#define OPEN 6
#define SMALL 65536u     /* most files' limit, */
#define LARGE 400000u    /* some files', */
#define TOTAL (4u << 20) /* all files' together */

enum type { FREE = 0, FILE_, DIRECTORY, LINK };

struct inode {
    enum type type;
    unsigned names, opens; /* unused when both are 0 */
    mode_t mode;
    uint32_t size, room, limit;
    uint8_t *data; /* of a file */
    char *target;  /* of a symbolic link */
    int64_t mtime; /* set by utimensat, else 0 */
};

struct node {            /* a name; 0 is the root, the directory fsstress was given */
    struct inode *inode; /* NULL: free */
    int parent;
    char *name;
    bool durable; /* the log says so */
};

struct handle {
    int fd; /* -1: free */
    struct inode *inode;
    bool append, readable, writable;
};

extern struct inode inode[INODES];
extern struct node node[NODES];
extern struct handle handle[OPEN];
extern uint32_t total;        /* bytes of all files */
extern unsigned full;         /* how often there was no space */
extern const char *operation; /* for messages */

/* -- model.c -- */
uint32_t any(uint32_t n); /* 0..n-1 by the seed */
void seed_with(uint32_t seed);
/* Path of a node or of a name in one; in a buffer of four that take turns. */
const char *path_of(int n);
const char *path_in(int dir, const char *name);
int any_node(enum type type);         /* -1: there is none; FREE: any but the root */
int child(int dir, const char *name); /* -1 */
bool below(int n, int dir);           /* is it dir, or below it? */
bool has_children(int dir);
const char *new_name(void); /* not in use where it will be put, most likely */
struct inode *inode_new(enum type type, mode_t mode); /* NULL: no room */
void inode_put(struct inode *i);                      /* free it if nobody uses it */
int node_new(int dir, const char *name, struct inode *i);
void node_remove(int n);
int node_free(void);                           /* a free one, or -1 */
bool set_size(struct inode *i, uint32_t size); /* false: over the limits */

/* -- verdicts -- */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* r and errno are those of a call: true if it worked, false if there was no space; it must not
 * fail otherwise. */
bool worked(long r, const char *path);
/* It must fail, with this errno or the other. */
void refused(long r, int error, int or_error, const char *path);

/* -- ops -- */
typedef void op(void);
op op_create, op_write, op_append, op_read, op_truncate, op_reopen, op_close,
    op_overwrite;
op op_unlink, op_mkdir, op_rmdir, op_rename, op_link, op_symlink, op_chmod, op_times;
op op_fsync, op_sync, op_stat, op_list, op_readlink, op_errors, op_huge;

/* -- verify.c -- */
void verify_file(int n);
void verify_open(const struct handle *h);
void verify_node(int n);
void verify_directory(int n);
void verify_all(void);
void verify_huge(void);
void remove_all(void);

/* -- log.c -- */
extern bool logging;
void log_durable(int n); /* this is on the disk, whatever happens */
void log_change(int n);  /* not any more, from now on: the name or what is below it */
void log_inode(const struct inode *i); /* the same for all its names */

#endif
