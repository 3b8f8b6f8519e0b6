// SPDX-License-Identifier: GPL-2.0-or-later
/* diskbench.h - what diskbench measures: n operations each; 0, or -1 and a message was said. */
#ifndef DISKBENCH_H
#define DISKBENCH_H

#include "measure.h"

#define BLOCK 4096u

/* -- raw.c: the disk backend, without a file system -- */
int raw_open(void);
int raw_read(unsigned n, struct measure *m);
int raw_write(unsigned n, struct measure *m);
int raw_flush(unsigned n, struct measure *m); /* a write, then a flush */
int raw_burst(unsigned n,
              struct measure *m); /* reads, as many at once as the disk takes */

/* -- posix.c: the file system -- */
int posix_open(void);
int posix_read(unsigned n, struct measure *m);   /* of a file not read before */
int posix_cached(unsigned n, struct measure *m); /* the same block again */
int posix_write(unsigned n, struct measure *m);  /* to the end of a new file */
int posix_fsync(unsigned n, struct measure *m);  /* a block over an old one, then fsync */

#endif
