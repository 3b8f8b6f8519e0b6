// SPDX-License-Identifier: GPL-2.0-or-later
/* resolve.c - see resolve.h. DNS: each server in turn, TRIES rounds, patience doubling. */
#include "resolve.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/time.h>
#include <unistd.h>

#include "drive.h"
#include "net/dns.h"

#define TRIES 4
#define PATIENCE_MS 1500u
#define ALIASES 8

/* -- /etc/hosts -- */

static bool names_host(char *line, const char *host, uint32_t *ip)
{
    struct in_addr a;
    char *rest = NULL;
    char *word = strtok_r(line, " \t\n", &rest);
    if (word == NULL || word[0] == '#' || inet_pton(AF_INET, word, &a) != 1)
        return false;
    while ((word = strtok_r(NULL, " \t\n", &rest)) != NULL && word[0] != '#')
        if (strcasecmp(word, host) == 0) {
            *ip = ntohl(a.s_addr);
            return true;
        }
    return false;
}

static int from_file(const char *host, uint32_t ip[RESOLVE_MAX])
{
    char line[256];
    int n = 0;
    FILE *f = fopen("/etc/hosts", "r");
    while (f != NULL && n < RESOLVE_MAX && fgets(line, sizeof line, f) != NULL)
        n += names_host(line, host, &ip[n]);
    if (f != NULL)
        fclose(f);
    return n;
}

/* -- DNS -- */

struct servers {
    uint32_t ip[2], id;
};

/* false: there is none to ask */
static bool find_servers(struct servers *s)
{
    struct net *net = net_enter();
    if (net == NULL)
        return false;
    net_configured(net, net_deadline(60000));
    s->ip[0] = net->dns[0];
    s->ip[1] = net->dns[1];
    s->id = net_random(net);
    net_leave(net);
    return s->ip[0] != 0;
}

/* Ask one server once. Result as dns_answer; DNS_BAD: no answer. */
static int ask(uint32_t server, uint32_t id, const char *name, uint32_t patience,
               uint32_t ip[RESOLVE_MAX], char alias[DNS_NAME])
{
    uint8_t message[DNS_MESSAGE];
    size_t n = dns_question(message, id, name);
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(DNS_PORT), .sin_addr = {htonl(server)}};
    struct timeval tv = {patience / 1000, (suseconds_t)(patience % 1000 * 1000)};
    int r = DNS_BAD, fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd < 0)
        return DNS_FAILED;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0 &&
        send(fd, message, n, 0) == (ssize_t)n)
        for (unsigned strays = 0; r == DNS_BAD && strays < 20; strays++) {
            ssize_t got = recv(fd, message, sizeof message, 0);
            if (got < 0)
                break;
            r = dns_answer(message, (size_t)got, id, name, ip, RESOLVE_MAX, alias);
        }
    close(fd);
    return r;
}

static int ask_all(struct servers *s, const char *name, uint32_t ip[RESOLVE_MAX],
                   char alias[DNS_NAME])
{
    int r = DNS_BAD;
    for (uint32_t i = 0; i < TRIES && (r == DNS_BAD || r == DNS_FAILED); i++) {
        uint32_t server = i % 2 != 0 && s->ip[1] != 0 ? s->ip[1] : s->ip[0];
        s->id = s->id * 1664525 + 1013904223;
        r = ask(server, s->id >> 16, name, PATIENCE_MS << i / 2, ip, alias);
    }
    return r;
}

static int from_dns(const char *host, uint32_t ip[RESOLVE_MAX])
{
    struct servers s;
    uint8_t question[DNS_MESSAGE];
    char name[DNS_NAME], alias[DNS_NAME];
    if (strlen(host) >= sizeof name || dns_question(question, 0, host) == 0)
        return EAI_NONAME;
    if (!find_servers(&s))
        return EAI_AGAIN;
    strcpy(name, host);
    for (unsigned i = 0; i < ALIASES; i++) {
        int r = ask_all(&s, name, ip, alias);
        if (r > 0)
            return r;
        if (r == DNS_BAD)
            return EAI_AGAIN;
        if (r != DNS_ALIAS)
            return r == DNS_FAILED ? EAI_FAIL : EAI_NONAME;
        strcpy(name, alias);
    }
    return EAI_FAIL;
}

int resolve(const char *host, uint32_t ip[RESOLVE_MAX])
{
    if (strcasecmp(host, "localhost") == 0) {
        ip[0] = INADDR_LOOPBACK;
        return 1;
    }
    int n = from_file(host, ip);
    return n > 0 ? n : from_dns(host, ip);
}
