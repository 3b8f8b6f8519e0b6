// SPDX-License-Identifier: GPL-2.0-or-later
/* inet.c - <arpa/inet.h>: Internet addresses as text; byte order; interfaces. */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <string.h>

uint32_t htonl(uint32_t v)
{
    return v << 24 | (v & 0xff00) << 8 | (v >> 8 & 0xff00) | v >> 24;
}

uint32_t ntohl(uint32_t v)
{
    return htonl(v);
}

uint16_t htons(uint16_t v)
{
    return (uint16_t)(v << 8 | v >> 8);
}

uint16_t ntohs(uint16_t v)
{
    return htons(v);
}

static int digit(char c, unsigned base)
{
    int v = c >= '0' && c <= '9'   ? c - '0'
            : c >= 'a' && c <= 'f' ? c - 'a' + 10
            : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                   : 99;
    return v < (int)base ? v : -1;
}

/* A number as C writes it; its end, or NULL. */
static const char *number(const char *s, uint32_t *value)
{
    unsigned base = 10;
    uint64_t v = 0;
    if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
        base = 16;
        s += 2;
    } else if (s[0] == '0') {
        base = 8;
    }
    if (digit(*s, base) < 0)
        return NULL;
    for (; digit(*s, base) >= 0; s++) {
        v = v * base + (unsigned)digit(*s, base);
        if (v > UINT32_MAX)
            return NULL;
    }
    *value = (uint32_t)v;
    return s;
}

int inet_aton(const char *s, struct in_addr *addr)
{
    uint32_t part[4], n = 0, ip = 0;
    for (;;) {
        s = number(s, &part[n]);
        if (s == NULL)
            return 0;
        n++;
        if (*s != '.' || n == 4)
            break;
        s++;
    }
    if (*s != '\0' && *s != ' ' && *s != '\n')
        return 0;
    for (uint32_t i = 0; i + 1 < n; i++) {
        if (part[i] > 255)
            return 0;
        ip |= part[i] << (24 - 8 * i);
    }
    if (n > 1 && part[n - 1] >> (8 * (5 - n)) != 0)
        return 0;
    addr->s_addr = htonl(ip | part[n - 1]);
    return 1;
}

in_addr_t inet_addr(const char *s)
{
    struct in_addr a;
    return inet_aton(s, &a) ? a.s_addr : INADDR_NONE;
}

int inet_pton(int family, const char *s, void *addr)
{
    uint8_t byte[4];
    if (family != AF_INET) {
        errno = EAFNOSUPPORT;
        return -1;
    }
    for (unsigned i = 0; i < 4; i++) {
        unsigned v = 0, digits = 0;
        for (; *s >= '0' && *s <= '9' && digits < 3; s++, digits++)
            v = v * 10 + (unsigned)(*s - '0');
        if (digits == 0 || v > 255 || (digits > 1 && s[-(int)digits] == '0') ||
            *s++ != (i < 3 ? '.' : '\0'))
            return 0;
        byte[i] = (uint8_t)v;
    }
    memcpy(addr, byte, 4);
    return 1;
}

const char *inet_ntop(int family, const void *addr, char *s, socklen_t n)
{
    const uint8_t *byte = addr;
    char text[INET_ADDRSTRLEN], *p = text;
    if (family != AF_INET) {
        errno = EAFNOSUPPORT;
        return NULL;
    }
    for (unsigned i = 0; i < 4; i++) {
        if (byte[i] >= 100)
            *p++ = (char)('0' + byte[i] / 100);
        if (byte[i] >= 10)
            *p++ = (char)('0' + byte[i] / 10 % 10);
        *p++ = (char)('0' + byte[i] % 10);
        *p++ = i < 3 ? '.' : '\0';
    }
    if ((size_t)(p - text) > n) {
        errno = ENOSPC;
        return NULL;
    }
    memcpy(s, text, (size_t)(p - text));
    return s;
}

char *inet_ntoa(struct in_addr addr)
{
    static char text[INET_ADDRSTRLEN];
    inet_ntop(AF_INET, &addr, text, sizeof text);
    return text;
}

unsigned if_nametoindex(const char *name)
{
    unsigned i = strcmp(name, "lo") == 0 ? 1 : strcmp(name, "eth0") == 0 ? 2 : 0;
    if (i == 0)
        errno = ENODEV;
    return i;
}

char *if_indextoname(unsigned index, char *name)
{
    if (index != 1 && index != 2) {
        errno = ENXIO;
        return NULL;
    }
    return strcpy(name, index == 1 ? "lo" : "eth0");
}
