/*
 * Loaded before a program (LD_PRELOAD), keeps beside it what a power cut would leave: of each file beneath
 * POWER_CUT_WATCHED, its content as of the last time that it was flushed to the disk, in the folder POWER_CUT_KEPT.
 * While there is a file named POWER_CUT_FAILS, what the first thread flushes fails: SQLite's own flushes.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void keep(int file) {
  char link[64], path[PATH_MAX], kept[PATH_MAX], whole[PATH_MAX + 8], block[65536];
  const char *watched = getenv("POWER_CUT_WATCHED"), *folder = getenv("POWER_CUT_KEPT");
  if (watched == NULL || folder == NULL) return;
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return;
  path[length] = 0;
  if (strncmp(path, watched, strlen(watched)) != 0) return;
  snprintf(kept, sizeof kept, "%s%s", folder, strrchr(path, '/'));
  snprintf(whole, sizeof whole, "%s.part", kept);
  int copy = open(whole, O_CREAT | O_TRUNC | O_WRONLY, 0600);
  if (copy < 0) abort();
  /* By the descriptor that is there: to open the file once more and close it would let go of SQLite's locks. */
  ssize_t some;
  for (off_t from = 0; (some = pread(file, block, sizeof block, from)) > 0; from += some)
    if (write(copy, block, some) != some) abort();
  close(copy);
  if (some < 0) unlink(whole); /* a folder */
  else if (rename(whole, kept) != 0) abort();
}

static int fails(void) {
  const char *sign = getenv("POWER_CUT_FAILS");
  if (sign == NULL || access(sign, F_OK) != 0 || syscall(SYS_gettid) != getpid()) return 0;
  errno = EIO;
  return 1;
}

int fsync(int file) {
  int (*flush)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  int outcome = fails() ? -1 : flush(file);
  if (outcome == 0) keep(file);
  return outcome;
}

int fdatasync(int file) {
  int (*flush)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  int outcome = fails() ? -1 : flush(file);
  if (outcome == 0) keep(file);
  return outcome;
}
