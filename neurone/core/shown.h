// Text from somewhere else - a name in a file, a cell, a path - as it may stand in a line for people.
// What programs read, CSV and JSON, is left as it is.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace neurone {

/// Columns of a terminal that the text takes: 2 for a wide letter, 0 for a mark above another. Of UTF-8 text.
std::size_t display_width(std::string_view text);

/// The text on one line, in at most so many columns, "…" at the end of what is cut. What would move the cursor, turn
/// the direction of writing or not be seen is written out: a line end as \n, the byte before a colour as \x1b, U+202E
/// as \u{202e}, a byte that is no UTF-8 as \xe9.
std::string shown(std::string_view text, std::size_t columns = 60);

/// The same of a sentence, which may be longer: the middle is left out of a word of more than 160 columns, and of a
/// sentence of more than 1200.
std::string shown_sentence(std::string_view text);

}  // namespace neurone
