// What a JSON object that somebody else may have written holds. Each function throws Error that says, in our own
// words, what is missing or of another kind: "spread is null, expected a number". What the numbers may be is left to
// the callers.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "neurone/file/json_tree.h"

namespace neurone {

/// "'spread' is missing"
const JsonTree& json_member(const JsonTree& object, const char* key);

/// Members of a kind.
double json_number(const JsonTree& object, const char* key);
std::size_t json_count(const JsonTree& object, const char* key);  ///< a whole number from 0 on
bool json_truth(const JsonTree& object, const char* key);
const std::string& json_text(const JsonTree& object, const char* key);
const JsonTree::List& json_list(const JsonTree& object, const char* key);
const JsonTree::Members& json_object(const JsonTree& object, const char* key);
std::vector<std::string> json_texts(const JsonTree& object, const char* key);
std::vector<double> json_numbers(const JsonTree& object, const char* key);

/// "settings is null, expected an object": what is said of a value that is not `expected`.
[[noreturn]] void refuse_kind(const std::string& what, const JsonTree& found, const char* expected);

}  // namespace neurone
