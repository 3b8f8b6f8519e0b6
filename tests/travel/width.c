// SPDX-License-Identifier: GPL-2.0-or-later
/* width.c - for exosim diff: calls that depend on how wide a word is. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    char text[16];
    memset(text, 'x', sizeof text);
    if (sizeof(long) == 8 && getpid() <= 0)
        return 1;
    if (write(1, text, sizeof(long)) < 0)
        return 1;
    pid_t child = fork();
    if (child == 0)
        return (int)strlen("seven..");
    int status = 0;
    waitpid(child, &status, 0);
    return WEXITSTATUS(status) == 7 ? 0 : 1;
}
