// SPDX-License-Identifier: GPL-2.0-or-later
/* console.c - the console as a file: a byte stream, there is no line discipline behind it. */
#include <errno.h>
#include <fcntl.h>

#include "file.h"
#include "signal_priv.h"

static int fail(int error)
{
    errno = error;
    return -1;
}

ssize_t console_write(const char *bytes, size_t n)
{
    size_t done = 0;
    while (done < n) {
        size_t part = n - done > EXO_IO_MAX ? EXO_IO_MAX : n - done;
        exo_sword r = exo_console_write((exo_word)(bytes + done), part);
        if (r < 0)
            return done > 0 ? (ssize_t)done : fail(EFAULT);
        done += (size_t)r;
    }
    return (ssize_t)done;
}

/* There is no predicate for input: look again every POLL_CYCLES. */
#define POLL_CYCLES 20000

ssize_t console_read(char *bytes, size_t n, uint32_t flags)
{
    if (n > EXO_IO_MAX)
        n = EXO_IO_MAX;
    for (;;) {
        exo_sword r = exo_console_read((exo_word)bytes, n);
        if (r >= 0)
            return r;
        if (r != -EXO_EAGAIN)
            return fail(EFAULT);
        if (flags & O_NONBLOCK)
            return fail(EAGAIN);
        struct exo_pred pred[2] = {{EXO_PRED_TIME, 0, 0, exo_time64() + POLL_CYCLES}};
        proc_sleep(pred, 1);
        if (signal_poll())
            return fail(EINTR);
    }
}
