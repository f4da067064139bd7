/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>
#include <sys/types.h>

/*
 * What every target does: it makes mappings, says in one line of JSON what it made, and then waits
 * until its standard input ends. A target needs no library but libc, so that its map holds nothing
 * that nobody asked for.
 */

#define KIB ((size_t)1024)
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)
#define TIB (1024 * GIB)

/* target_begin: Switches huge pages off for this process and begins the line. */
void target_begin (const char *kind);

/*
 * target_place: Returns an address with nothing near it, good for @size bytes mapped with
 * MAP_FIXED: the kernel must not merge what a test wants to see as a block of its own.
 */
void *target_place (size_t size);

/* target_map: mmap() at a place of its own, or the end of the program with a message. */
void *target_map (size_t size, int protection, int flags, int fd, off_t offset);

/* target_touch: Writes one byte into each of the first @pages pages at @address. */
void target_touch (void *address, size_t pages);

/* target_read: Reads one byte of each of the first @pages pages at @address. */
void target_read (const void *address, size_t pages);

/*
 * target_expect:
 * @what: name of the expectation, for messages
 * @type: the type the program must show, as in its CSV; several are separated by '|'
 * @details: (nullable): what its Details must hold
 *
 * Then pairs of a name ("committed", "total_ws", ...) and a long (bytes, a count), ended by NULL.
 */
void target_expect (const char *what, const void *start, size_t size, const char *type,
                    const char *details, ...) __attribute__ ((sentinel));

/* target_thread: The stack of a thread; @own: it is a mapping of its own, not part of another. */
void target_thread (const char *what, pid_t tid, const void *start, size_t size, int own,
                    const char *name);

/* target_skip: Something that this machine cannot make. */
void target_skip (const char *what, const char *reason);

/* target_end: Ends the line and writes it out. */
void target_end (void);

/* target_wait: Waits for the end of standard input. */
void target_wait (void);

/* target_fail: Ends the program with a message that has errno's text. */
void target_fail (const char *what) __attribute__ ((noreturn));
