// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tar.h - the parts of tar: the archive as a stream of blocks (archive.c), what a header says (header.c,
 * pax.c), and what is done with members (create.c, list.c, extract.c, links.c).
 *
 * Formats: POSIX ustar and pax (IEEE Std 1003.1, pax utility), GNU tar's long names, numbers in
 * base 256 and sparse files as the GNU tar manual describes them ("Tar Internals").
 */
#ifndef TAR_H
#define TAR_H

#include <time.h>

#include "files.h"

#define BLOCK 512u
#define RECORD (20 * BLOCK)

struct header { /* POSIX ustar; behind prefix: GNU's own fields, which overlap it */
    char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], sum[8], type;
    char link[100], magic[8], user[32], group[32], major[8], minor[8], prefix[155],
        pad[12];
};
_Static_assert(sizeof(struct header) == BLOCK, "ustar header layout");

struct piece { /* of a sparse file: what is not a hole */
    off_t offset, length;
};

struct member {
    char *name, *link; /* to be freed: member_free */
    char user[33], group[33];
    char type; /* ustar's typeflag; S and sparse pax files are 0 with pieces */
    mode_t mode;
    uid_t uid;
    gid_t gid;
    off_t stored, size; /* bytes in the archive, of the file */
    struct timespec mtime;
    struct piece *piece;
    size_t pieces;
    bool sparse;
    bool map_in_data; /* pax sparse 1.0: the pieces come first */
};

extern bool verbose, touch;
extern const char *archive_name;

/* -- archive.c: blocks -- */
void archive_open(const char *name, bool write);
bool archive_is_stdout(void);
/* Is this file the archive being written? */
bool archive_is(const struct stat *st);
/* The next block, valid until the next call; NULL: the archive ended. */
const void *archive_read(void);
void archive_skip(off_t bytes);
/* Copies n bytes of a member's data; the last block's rest is dropped. */
void archive_bytes(void *to, size_t n);
void archive_write(const void *bytes, size_t n); /* and zeroes up to a whole block */
void archive_close(void);

/* -- header.c -- */
/* The next member, extensions taken in. false: end. */
bool member_read(struct member *m);
void member_free(struct member *m);
/* Writes the header of a member, with long names before it. */
void member_write(const struct member *m);
/* A number of a header: octal, or base 256. */
long long number_of(const char *field, size_t n);

/* -- pax.c -- */
/* Records of an extended header go into m; n bytes at `records`. */
void pax_apply(struct member *m, const char *records, size_t n);
/* Pieces in front of the data (sparse 1.0). */
void pax_read_map(struct member *m);
void member_piece(struct member *m, off_t offset, off_t length);

/* -- names -- */
/* Without what leads outside (once said): the part of the name to use. kind: "member names". */
const char *strip_leading(const char *name, const char *kind);
bool has_dot_dot(const char *name);
/* On standard output, what a terminal would not like escaped. */
void print_name(const char *name);
void print_member(const struct member *m);

/* -- commands -- */
void create(char **operands, int n);
void list_or_extract(char **operands, int n, bool extract);
void extract_member(struct member *m);
/* What had to wait for the end: suspicious links, modes and times of directories. */
void extract_finish(void);
/* -- links.c: symbolic links that could lead outside are made last -- */
void delay_link(const char *name, const struct member *m);
/* Is `name` one that is to be made? */
const struct member *delayed_link(const char *name);
void make_delayed_links(void);
int make_link(const char *name, const struct member *m);

#endif
