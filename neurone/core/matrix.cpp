// How large vectors lie in memory.
#include "neurone/core/matrix.h"

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace neurone {

void ask_for_huge_pages(void* memory, std::size_t bytes) {
#ifdef __linux__
  madvise(memory, bytes / huge_page * huge_page, MADV_HUGEPAGE);  // a wish: where it is refused, all goes on
#else
  static_cast<void>(memory);
  static_cast<void>(bytes);
#endif
}

}  // namespace neurone
