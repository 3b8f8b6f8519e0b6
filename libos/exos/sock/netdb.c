// SPDX-License-Identifier: GPL-2.0-or-later
/* netdb.c - <netdb.h>: addresses of names, from /etc/hosts and by DNS (resolve.c). */
#include <netdb.h>

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "resolve.h"

int h_errno;

/* -- services -- */

static const struct {
    const char *name;
    uint16_t port;
} services[] = {
    {"echo", 7},    {"discard", 9}, {"ftp", 21},    {"ssh", 22},
    {"telnet", 23}, {"smtp", 25},   {"domain", 53}, {"tftp", 69},
    {"http", 80},   {"ntp", 123},   {"https", 443},
};

/* 0 or EAI_*. */
static int service_port(const char *service, int flags, uint16_t *port)
{
    char *end;
    *port = 0;
    if (service == NULL)
        return 0;
    unsigned long v = strtoul(service, &end, 10);
    if (service[0] >= '0' && service[0] <= '9' && *end == '\0') {
        *port = (uint16_t)v;
        return v <= 65535 ? 0 : EAI_SERVICE;
    }
    if (flags & AI_NUMERICSERV)
        return EAI_NONAME;
    for (unsigned i = 0; i < sizeof services / sizeof services[0]; i++)
        if (strcmp(services[i].name, service) == 0) {
            *port = services[i].port;
            return 0;
        }
    return EAI_SERVICE;
}

/* -- getaddrinfo -- */

struct entry {
    struct addrinfo info;
    struct sockaddr_in addr;
    char name[];
};

static struct addrinfo *make(uint32_t ip, uint16_t port, int type, int protocol,
                             const char *name)
{
    size_t len = name != NULL ? strlen(name) + 1 : 0;
    struct entry *e = calloc(1, sizeof *e + len);
    if (e == NULL)
        return NULL;
    e->addr.sin_family = AF_INET;
    e->addr.sin_port = htons(port);
    e->addr.sin_addr.s_addr = htonl(ip);
    e->info = (struct addrinfo){.ai_family = AF_INET,
                                .ai_socktype = type,
                                .ai_protocol = protocol,
                                .ai_addrlen = sizeof e->addr,
                                .ai_addr = (struct sockaddr *)&e->addr};
    if (name != NULL)
        e->info.ai_canonname = memcpy(e->name, name, len);
    return &e->info;
}

void freeaddrinfo(struct addrinfo *list)
{
    while (list != NULL) {
        struct addrinfo *next = list->ai_next;
        free(list);
        list = next;
    }
}

static const struct {
    int type, protocol;
} kinds[] = {{SOCK_STREAM, IPPROTO_TCP}, {SOCK_DGRAM, IPPROTO_UDP}, {SOCK_RAW, 0}};

/* Every address for every kind of socket that fits the hints. */
static int list_of(const uint32_t *ip, int n, uint16_t port, const struct addrinfo *hints,
                   const char *name, struct addrinfo **list)
{
    struct addrinfo **link = list;
    *list = NULL;
    for (int i = 0; i < n; i++)
        for (unsigned k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
            if ((hints->ai_socktype != 0 && hints->ai_socktype != kinds[k].type) ||
                (hints->ai_protocol != 0 && kinds[k].protocol != 0 &&
                 hints->ai_protocol != kinds[k].protocol))
                continue;
            int protocol =
                kinds[k].protocol != 0 ? kinds[k].protocol : hints->ai_protocol;
            bool first = link == list && hints->ai_flags & AI_CANONNAME;
            *link = make(ip[i], port, kinds[k].type, protocol, first ? name : NULL);
            if (*link == NULL) {
                freeaddrinfo(*list);
                return EAI_MEMORY;
            }
            link = &(*link)->ai_next;
        }
    return *list != NULL ? 0 : EAI_SOCKTYPE;
}

/* Addresses of a host, how many; or EAI_*. */
static int addresses(const char *host, int flags, uint32_t ip[RESOLVE_MAX])
{
    struct in_addr a;
    if (host == NULL) {
        ip[0] = flags & AI_PASSIVE ? INADDR_ANY : INADDR_LOOPBACK;
        return 1;
    }
    if (inet_aton(host, &a)) {
        ip[0] = ntohl(a.s_addr);
        return 1;
    }
    return flags & AI_NUMERICHOST ? EAI_NONAME : resolve(host, ip);
}

int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
                struct addrinfo **result)
{
    static const struct addrinfo none;
    uint32_t ip[RESOLVE_MAX];
    uint16_t port;
    if (hints == NULL)
        hints = &none;
    if (host == NULL && service == NULL)
        return EAI_NONAME;
    if (hints->ai_flags &
        ~(AI_PASSIVE | AI_CANONNAME | AI_NUMERICHOST | AI_ADDRCONFIG | AI_NUMERICSERV))
        return EAI_BADFLAGS;
    if (hints->ai_family != AF_UNSPEC && hints->ai_family != AF_INET)
        return EAI_FAMILY;
    int error = service_port(service, hints->ai_flags, &port);
    if (error != 0)
        return error;
    int n = addresses(host, hints->ai_flags, ip);
    return n < 0 ? n : list_of(ip, n, port, hints, host, result);
}

const char *gai_strerror(int error)
{
    switch (error) {
    case 0: return "Success";
    case EAI_BADFLAGS: return "Bad value for ai_flags";
    case EAI_NONAME: return "Name or service not known";
    case EAI_AGAIN: return "Temporary failure in name resolution";
    case EAI_FAIL: return "Non-recoverable failure in name resolution";
    case EAI_FAMILY: return "ai_family not supported";
    case EAI_SOCKTYPE: return "ai_socktype not supported";
    case EAI_SERVICE: return "Servname not supported for ai_socktype";
    case EAI_MEMORY: return "Memory allocation failure";
    case EAI_SYSTEM: return "System error";
    case EAI_OVERFLOW: return "Argument buffer overflow";
    default: return "Unknown error";
    }
}

int getnameinfo(const struct sockaddr *addr, socklen_t len, char *host, socklen_t hostlen,
                char *service, socklen_t servicelen, int flags)
{
    struct sockaddr_in in;
    (void)flags;
    if (len < sizeof in || addr->sa_family != AF_INET)
        return EAI_FAMILY;
    if (hostlen == 0 && servicelen == 0)
        return EAI_NONAME;
    memcpy(&in, addr, sizeof in);
    if (hostlen != 0 && inet_ntop(AF_INET, &in.sin_addr, host, hostlen) == NULL)
        return EAI_OVERFLOW;
    if (servicelen != 0 &&
        snprintf(service, servicelen, "%u", ntohs(in.sin_port)) >= (int)servicelen)
        return EAI_OVERFLOW;
    return 0;
}

struct hostent *gethostbyname(const char *name)
{
    static uint32_t ip[RESOLVE_MAX];
    static char *list[RESOLVE_MAX + 1], *no_aliases[1], text[256];
    static struct hostent h;
    int n = addresses(name, 0, ip);
    if (n < 0) {
        h_errno = n == EAI_NONAME  ? HOST_NOT_FOUND
                  : n == EAI_AGAIN ? TRY_AGAIN
                                   : NO_RECOVERY;
        return NULL;
    }
    for (int i = 0; i < n; i++) {
        ip[i] = htonl(ip[i]);
        list[i] = (char *)&ip[i];
    }
    list[n] = NULL;
    snprintf(text, sizeof text, "%s", name);
    h = (struct hostent){text, no_aliases, AF_INET, 4, list};
    return &h;
}
