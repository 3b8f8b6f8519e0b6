// SPDX-License-Identifier: GPL-2.0-or-later
/* dirent.h - reading directories. */
#ifndef EXOS_LIBC_DIRENT_H
#define EXOS_LIBC_DIRENT_H

#include <sys/types.h>

#define DT_UNKNOWN 0
#define DT_FIFO 1
#define DT_CHR 2
#define DT_DIR 4
#define DT_BLK 6
#define DT_REG 8
#define DT_LNK 10
#define DT_SOCK 12

struct dirent {
    ino_t d_ino;
    off_t d_off; /* for seekdir */
    unsigned short d_reclen;
    unsigned char d_type; /* DT_*; DT_UNKNOWN: ask lstat */
    char d_name[256];
};

typedef struct exos_dir DIR;

DIR *opendir(const char *path);
DIR *fdopendir(int fd);
struct dirent *readdir(DIR *d);
void rewinddir(DIR *d);
long telldir(DIR *d);
void seekdir(DIR *d, long pos);
int dirfd(DIR *d);
int closedir(DIR *d);
int alphasort(const struct dirent **a, const struct dirent **b);
int scandir(const char *path, struct dirent ***list, int (*select)(const struct dirent *),
            int (*compare)(const struct dirent **, const struct dirent **));

#endif
