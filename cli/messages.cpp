#include "cli/messages.h"

#include <cstdio>

#include "neurone/core/shown.h"

namespace neurone::cli {

void put_on_errors(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

void say(std::string_view sentence) {
  put_on_errors(shown_sentence(sentence) + "\n");
}

}  // namespace neurone::cli
