// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * exos/shm.h - named shared memory of a session (a boot program and its descendants).
 *
 * Unnamed shared memory is mmap(MAP_SHARED | MAP_ANONYMOUS): children share it with their parent.
 */
#ifndef EXOS_SHM_H
#define EXOS_SHM_H

#include <stddef.h>

#define EXOS_SHM_NAME_MAX 19

/* Attach the segment `name`, made with `bytes` zero bytes if there is none. It lasts while some
 * process is attached; children of one are. NULL and errno: ENOENT (bytes is 0 and there is
 * none), EINVAL (name; an existing one is smaller), ENOSPC, ENOMEM, ENOSYS. */
void *exos_shm_attach(const char *name, size_t bytes);
/* 0, or -1 and EINVAL: nothing attached there. */
int exos_shm_detach(void *p);

#endif
