#define _GNU_SOURCE
#include "CLinux.h"

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

/// Lets go of the read-only parts of one loaded object, as dl_iterate_phdr(3) presents it.
static int release_object(struct dl_phdr_info *object, size_t size, void *context) {
  (void)size;
  (void)context;
  const uintptr_t page_mask = ~((uintptr_t)sysconf(_SC_PAGESIZE) - 1);
  for (int index = 0; index < object->dlpi_phnum; index++) {
    const ElfW(Phdr) *segment = &object->dlpi_phdr[index];
    // What may be written, and what relocation wrote before it was made read-only, has no other copy.
    if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W) != 0) continue;
    const uintptr_t start = object->dlpi_addr + segment->p_vaddr;
    // The last page may be shared with the next segment's first: only whole pages of this one.
    const uintptr_t first = start & page_mask;
    const uintptr_t end = (start + segment->p_memsz) & page_mask;
    // An object that refuses, such as the kernel's own vdso, keeps its pages.
    if (first < end) (void)madvise((void *)first, end - first, MADV_DONTNEED);
  }
  return 0;
}

void clinux_release_file_pages(void) { (void)dl_iterate_phdr(release_object, NULL); }
