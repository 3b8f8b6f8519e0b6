// SPDX-License-Identifier: GPL-2.0-or-later
/* counter.c - the program debugged: a global that changes, calls that nest, a child. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

volatile int counter;
int table[8] = {3, 1, 4, 1, 5, 9, 2, 6};

__attribute__((noinline)) void add_up(int by)
{
    counter += by;
}

__attribute__((noinline)) int work(int n)
{
    int sum = 0;
    for (int i = 0; i < n; i++) {
        add_up(table[i]);
        sum += counter;
    }
    return sum;
}

int main(void)
{
    printf("begin\n");
    int sum = work(8);
    pid_t child = fork();
    if (child == 0) {
        add_up(100);
        return counter == 131 ? 0 : 1;
    }
    int status = 1;
    waitpid(child, &status, 0);
    printf("sum %d counter %d child %d\n", sum, counter, WEXITSTATUS(status));
    return 7;
}
