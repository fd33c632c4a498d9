// Looks for NaN and infinity in many numbers at once. What to say of them is left to whoever knows their name.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace neurone {

/// Where the first of them stands; nothing where all are finite. One pass, a small part of the time that it takes to
/// read them from a file.
template <class T> std::optional<std::size_t> first_not_finite(std::span<const T> values);

/// "nan at place 17", counted from 1; empty where all are finite.
template <class T> std::string not_finite_text(std::span<const T> values);

}  // namespace neurone
