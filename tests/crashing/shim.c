/* Stands between a process and the files below one folder: the nth call that would change them, or any after
 * it, fails with a chosen error, is cut in half, or ends the process; each sync can be reported and waited on.
 *
 * Preloaded (LD_PRELOAD), asleep until shim_arm() is called; calls on other paths are never touched.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OPEN = 1, WRITE = 2, SYNC = 4, RENAME = 8, UNLINK = 16 };
enum { ASLEEP, COUNT, FAIL_ONCE, FAIL_ON, KILL_BEFORE, KILL_AFTER, TEAR };

static char below[PATH_MAX];
static size_t below_length;
static int mode, failure, kinds, report_to = -1, answer_from = -1;
static long nth, seen, made[32];

void shim_arm(const char *folder, int what, long at, int error, int which) {
    snprintf(below, sizeof below, "%s", folder);
    below_length = strlen(below);
    mode = what; nth = at; failure = error; kinds = which; seen = 0;
    memset(made, 0, sizeof made);
}

/* How many calls of a kind were made since the arming. */
long shim_made(int kind) { return made[kind]; }

void shim_report(int to, int from) { report_to = to; answer_from = from; }

static int is_below(const char *path) {
    return path != NULL && strncmp(path, below, below_length) == 0;
}

/* Write the path of a descriptor's file; 0 where it is not one of ours. */
static int path_of(int descriptor, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return is_below(path);
}

static int is_ours(int descriptor) {
    char path[PATH_MAX];
    int before = errno, ours = path_of(descriptor, path);
    errno = before;
    return ours;
}

static void end(void) { kill(getpid(), SIGKILL); for (;;) pause(); }

/* Count a call; say 1 where it must fail, having set errno. Ends the process where that is asked for. */
static int strike(int kind) {
    __sync_add_and_fetch(&made[kind], 1);
    if (!(kinds & kind)) return 0;
    long now = __sync_add_and_fetch(&seen, 1);
    if (mode == KILL_BEFORE && now == nth) end();
    if ((mode == FAIL_ONCE && now == nth) || (mode == FAIL_ON && now >= nth)) { errno = failure; return 1; }
    return 0;
}

static void afterwards(int kind) {
    if (mode == KILL_AFTER && (kinds & kind) && seen == nth) end();
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)
#define ON(kind, ours, call) do { \
    if (mode == ASLEEP || !(ours)) return call; \
    if (strike(kind)) return -1; \
    __typeof__(call) result = call; afterwards(kind); return result; } while (0)

#define MODE mode_t mask = 0; if (flags & (O_CREAT | O_TMPFILE)) { \
    va_list more; va_start(more, flags); mask = va_arg(more, mode_t); va_end(more); }

int open(const char *path, int flags, ...) {
    REAL(open); MODE ON(OPEN, is_below(path), real(path, flags, mask));
}
int open64(const char *path, int flags, ...) {
    REAL(open64); MODE ON(OPEN, is_below(path), real(path, flags, mask));
}
int openat(int at, const char *path, int flags, ...) {
    REAL(openat); MODE ON(OPEN, is_below(path), real(at, path, flags, mask));
}
int openat64(int at, const char *path, int flags, ...) {
    REAL(openat64); MODE ON(OPEN, is_below(path), real(at, path, flags, mask));
}

/* Half of a write reaches the file, then the process ends. */
static void tear(int descriptor, const void *from, size_t length, off_t at) {
    typedef ssize_t (*write_t)(int, const void *, size_t);
    typedef ssize_t (*pwrite_t)(int, const void *, size_t, off_t);
    if (mode != TEAR || __sync_add_and_fetch(&seen, 1) != nth) return;
    ssize_t done = at < 0
        ? ((write_t)dlsym(RTLD_NEXT, "write"))(descriptor, from, length / 2)
        : ((pwrite_t)dlsym(RTLD_NEXT, "pwrite"))(descriptor, from, length / 2, at);
    (void)done;
    end();
}

#define WRITES(descriptor, from, length, at, call) do { \
    if (mode == ASLEEP || !is_ours(descriptor)) return call; \
    if (kinds & WRITE) tear(descriptor, from, length, at); \
    if (mode != TEAR && strike(WRITE)) return -1; \
    ssize_t result = call; afterwards(WRITE); return result; } while (0)

ssize_t write(int descriptor, const void *from, size_t length) {
    REAL(write);
    WRITES(descriptor, from, length, -1, real(descriptor, from, length));
}
ssize_t pwrite(int descriptor, const void *from, size_t length, off_t at) {
    REAL(pwrite);
    WRITES(descriptor, from, length, at, real(descriptor, from, length, at));
}
ssize_t pwrite64(int descriptor, const void *from, size_t length, off_t at) {
    REAL(pwrite64);
    WRITES(descriptor, from, length, at, real(descriptor, from, length, at));
}
ssize_t writev(int descriptor, const struct iovec *parts, int count) {
    REAL(writev);
    ON(WRITE, is_ours(descriptor), real(descriptor, parts, count));
}
int ftruncate(int descriptor, off_t length) {
    REAL(ftruncate);
    ON(WRITE, is_ours(descriptor), real(descriptor, length));
}
int ftruncate64(int descriptor, off_t length) {
    REAL(ftruncate64);
    ON(WRITE, is_ours(descriptor), real(descriptor, length));
}

/* Say which file reached the disk and wait until that was noted. */
static void reported(int descriptor) {
    char line[PATH_MAX + 1], answer;
    int before = errno;
    if (report_to >= 0 && path_of(descriptor, line)) {
        size_t length = strlen(line);
        line[length] = '\n';
        typedef ssize_t (*write_t)(int, const void *, size_t);
        if (((write_t)dlsym(RTLD_NEXT, "write"))(report_to, line, length + 1) < 0) end();
        if (read(answer_from, &answer, 1) != 1) end();
    }
    errno = before;
}

#define SYNCS(descriptor, call) do { \
    if (mode == ASLEEP || !is_ours(descriptor)) return call; \
    if (strike(SYNC)) return -1; \
    int result = call; if (!result) reported(descriptor); afterwards(SYNC); return result; } while (0)

int fsync(int descriptor) {
    REAL(fsync);
    SYNCS(descriptor, real(descriptor));
}
int fdatasync(int descriptor) {
    REAL(fdatasync);
    SYNCS(descriptor, real(descriptor));
}

int rename(const char *from, const char *to) {
    REAL(rename);
    ON(RENAME, is_below(from), real(from, to));
}
int renameat(int at, const char *from, int at_to, const char *to) {
    REAL(renameat);
    ON(RENAME, is_below(from), real(at, from, at_to, to));
}
int link(const char *from, const char *to) {
    REAL(link);
    ON(RENAME, is_below(from), real(from, to));
}
int linkat(int at, const char *from, int at_to, const char *to, int flags) {
    REAL(linkat);
    ON(RENAME, is_below(from), real(at, from, at_to, to, flags));
}
int mkdir(const char *path, mode_t mask) {
    REAL(mkdir);
    ON(OPEN, is_below(path), real(path, mask));
}
int unlink(const char *path) {
    REAL(unlink);
    ON(UNLINK, is_below(path), real(path));
}
int unlinkat(int at, const char *path, int flags) {
    REAL(unlinkat);
    ON(UNLINK, is_ours(at) || is_below(path), real(at, path, flags));
}
int rmdir(const char *path) {
    REAL(rmdir);
    ON(UNLINK, is_below(path), real(path));
}
