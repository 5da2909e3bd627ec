/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Work in a process of its own.  The libraries that parse recordings trust
 * what they read (libtracecmd 1.3 and libtraceevent 1.7 crash on some damaged
 * files); a crash in there has to become an error like any other.  Checking
 * all of a file before it is handed over would be a second parser.
 */
#ifndef PAGE_PINNER_GUARD_H
#define PAGE_PINNER_GUARD_H

struct guard;

/**
 * guard_run - do some work, and survive it
 * @file: what is being read, for the message
 * @work: what to do; its return value is that of the process
 * @ctx: for @work
 *
 * A signal that was meant for the process, such as SIGINT or SIGPIPE, ends the
 * caller as well.  Standard output has to be flushed by @work.
 *
 * Return: what @work returned, or %EXIT_FAILED with an error told if it crashed
 * or could not be started.
 */
int guard_run(const char *file, int (*work)(struct guard *guard, void *ctx), void *ctx);

/**
 * guard_enter - a library is at work from now on
 * @guard: the guard or NULL
 * @library: its name, a constant; a crash is put down to the file that it reads
 * @file: that file, known before guard_run(); NULL for the one given to it
 */
void guard_enter(struct guard *guard, const char *library, const char *file);

/**
 * guard_leave - this program is at work again: a crash is its own
 * @guard: the guard or NULL
 */
void guard_leave(struct guard *guard);

/**
 * guard_follow - end as another process did
 * @guard: the guard or NULL
 * @library: what was at work in that process
 * @status: as waitpid() told it
 *
 * Returns if it ended by itself.
 */
void guard_follow(struct guard *guard, const char *library, int status);

#endif /* PAGE_PINNER_GUARD_H */
