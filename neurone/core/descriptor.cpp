#include "neurone/core/descriptor.h"

#include <unistd.h>

namespace neurone {

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

bool Descriptor::close() {
  return ::close(std::exchange(number_, -1)) == 0 || errno == EINTR;
}

}  // namespace neurone
