// SPDX-License-Identifier: GPL-2.0-or-later
/* loop.c - see loop.h. */
#include "network/loop.h"
#include "harness.h"

#include <unistd.h>

struct sockaddr_in loop_address(uint16_t port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
}

struct sockaddr_in own_address(int fd)
{
    struct sockaddr_in a;
    socklen_t len = sizeof a;
    memset(&a, 0, sizeof a);
    REQUIRE(getsockname(fd, SOCKADDR(&a), &len) == 0);
    return a;
}

static int bound(int type, struct sockaddr_in *at)
{
    int fd = socket(AF_INET, type, 0);
    *at = loop_address(0);
    REQUIRE(fd >= 0 && bind(fd, SOCKADDR(at), sizeof *at) == 0);
    *at = own_address(fd);
    return fd;
}

int loop_listener(struct sockaddr_in *at)
{
    int fd = bound(SOCK_STREAM, at);
    REQUIRE(listen(fd, 4) == 0);
    return fd;
}

int loop_datagrams(struct sockaddr_in *at)
{
    return bound(SOCK_DGRAM, at);
}

void loop_pair(int fd[2])
{
    struct sockaddr_in at;
    int listener = loop_listener(&at);
    fd[0] = socket(AF_INET, SOCK_STREAM, 0);
    REQUIRE(fd[0] >= 0 && connect(fd[0], SOCKADDR(&at), sizeof at) == 0);
    fd[1] = accept(listener, NULL, NULL);
    REQUIRE(fd[1] >= 0);
    close(listener);
}
