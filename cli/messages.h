// What the command says on standard error. A reader who has gone, or a disk that is full, does not stop it.
#pragma once

#include <string_view>

namespace neurone::cli {

/// A line of its own, as shown_sentence writes it: names and values in it come from anywhere.
void say(std::string_view sentence);

/// As it is: colours and returns among it.
void put_on_errors(std::string_view text);

}  // namespace neurone::cli
