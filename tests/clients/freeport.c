// SPDX-License-Identifier: GPL-2.0-or-later
/* freeport.c - prints a TCP port of this host that nobody uses now (nor will soon: the system hands
 * them out in turn). */
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

int main(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&a, n) ||
        getsockname(fd, (struct sockaddr *)&a, &n)) {
        perror("freeport");
        return 1;
    }
    printf("%d\n", ntohs(a.sin_port));
    return 0;
}
