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

/// eventfd(2), non-blocking, close-on-exec.
int clinux_event_create(void);

/// timerfd_create(2) on the monotonic clock, non-blocking, close-on-exec.
int clinux_timer_create(void);

/// timerfd_settime(2) with an absolute time that is later than 0.
int clinux_timer_set(int timer, int64_t nanoseconds);

/// The event loop that runs on this thread, or NULL: set while a loop runs its events and jobs.
void *_Nullable clinux_current_loop(void);
void clinux_set_current_loop(void *_Nullable loop);

/// madvise(2) with MADV_DONTNEED over the code and constants of the program and its libraries: pages that
/// only the start needed leave the process, and one that is needed again comes back from the page cache.
void clinux_release_file_pages(void);

/// The SHA-256 digest of two pieces of bytes, one after the other. `portable` asks for the plain C form
/// where the processor has instructions of its own; tests compare the two.
void clinux_sha256_two(const void *_Nullable first, size_t first_size, const void *_Nullable second,
                       size_t second_size, int portable, uint8_t digest[_Nonnull 32]);

/// 1 when the processor's SHA instructions are used.
int clinux_sha256_is_native(void);

/// A store that no earlier store of this thread is seen after: what it publishes is whole.
static inline void clinux_store_release(uint64_t *_Nonnull word, uint64_t value) {
  __atomic_store_n(word, value, __ATOMIC_RELEASE);
}

#endif
