// SPDX-License-Identifier: GPL-2.0-or-later
/* mime.h - a file's media type by the end of its name. */
#ifndef HTTPD_MIME_H
#define HTTPD_MIME_H

const char *mime_of(const char *path);

#endif
