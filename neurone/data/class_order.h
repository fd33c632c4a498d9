// The order in which classes stand in a model, whatever the order in which they were met.
#pragma once

#include <string>

namespace neurone {

/// Does class a stand before class b? Numbers by value before texts by letters, so that class "10" comes after "9".
bool class_order(const std::string& a, const std::string& b);

}  // namespace neurone
