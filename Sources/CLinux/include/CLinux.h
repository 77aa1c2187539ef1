/// The few Linux calls that Swift's Glibc module does not carry, or carries in a form that costs
/// more than it should. Each function is the system call of the same name; errno is set as usual.
#ifndef TOLLGATE_CLINUX_H
#define TOLLGATE_CLINUX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

/// accept4(2) with SOCK_NONBLOCK | SOCK_CLOEXEC.
int clinux_accept_nonblocking(int listener);

/// memmem(3), a GNU extension.
const void *_Nullable clinux_memmem(const void *_Nonnull haystack, size_t haystack_size,
                                    const void *_Nonnull needle, size_t needle_size);

/// epoll_ctl(2) with the event's fields passed as values: `token` comes back with each event.
int clinux_epoll_control(int epoll, int operation, int descriptor, uint32_t events, uint64_t token);

/// timerfd_create(2) on the monotonic clock, non-blocking, close-on-exec.
int clinux_timer_create(void);

/// timerfd_settime(2) with an absolute time that is later than 0.
int clinux_timer_set(int timer, int64_t nanoseconds);

/// The event loop that runs on this thread, or NULL: set while a loop runs its events and jobs.
void *_Nullable clinux_current_loop(void);
void clinux_set_current_loop(void *_Nullable loop);

#endif
