// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <exo/user.h>
#include <unistd.h>

ssize_t write(int fd, const void *buf, size_t n)
{
    if (fd != 1 && fd != 2) {
        errno = EBADF;
        return -1;
    }
    size_t done = 0;
    while (done < n) {
        exo_sword r = exo_console_write((exo_word)((const char *)buf + done),
                                        n - done > EXO_IO_MAX ? EXO_IO_MAX : n - done);
        if (r <= 0)
            break;
        done += (size_t)r;
    }
    return (ssize_t)done;
}
