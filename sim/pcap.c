// SPDX-License-Identifier: GPL-2.0-or-later
/* pcap.c - writing capture files. See pcap.h. */
#include "pcap.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC_NS 0xa1b23c4du
#define LINKTYPE_ETHERNET 1u
#define SNAPLEN 65535u

struct pcap {
    FILE *file;
    char *path;
    int error;
};

static void put(struct pcap *p, const void *bytes, size_t n)
{
    errno = 0;
    if (!p->error && fwrite(bytes, 1, n, p->file) != n)
        p->error = errno ? errno : EIO;
}

int pcap_open(const char *path, struct pcap **out, struct err *err)
{
    *out = NULL;
    FILE *file = fopen(path, "wbe");
    if (!file)
        return err_set(err, ERR_USER, "--pcap %s: %s", path, strerror(errno));
    struct pcap *p = mem_zero(1, sizeof *p);
    p->file = file;
    p->path = mem_str(path);
    const struct {
        uint32_t magic;
        uint16_t major, minor;
        uint32_t zone, accuracy, snaplen, linktype;
    } head = {MAGIC_NS, 2, 4, 0, 0, SNAPLEN, LINKTYPE_ETHERNET};
    put(p, &head, sizeof head);
    *out = p;
    return 0;
}

void pcap_write(struct pcap *p, uint64_t ns, const uint8_t *frame, size_t len)
{
    const uint32_t head[4] = {(uint32_t)(ns / 1000000000u), (uint32_t)(ns % 1000000000u),
                              (uint32_t)len, (uint32_t)len};
    put(p, head, sizeof head);
    put(p, frame, len);
}

int pcap_flush(struct pcap *p, struct err *err)
{
    errno = 0;
    if (!p->error && fflush(p->file))
        p->error = errno ? errno : EIO;
    if (p->error)
        return err_set(err, ERR_USER, "--pcap %s: %s", p->path, strerror(p->error));
    return 0;
}

void pcap_close(struct pcap *p)
{
    if (!p)
        return;
    fclose(p->file);
    free(p->path);
    free(p);
}
