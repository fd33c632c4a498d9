// What a client accepts: the field Accept (RFC 9110, 12.5.1).
#pragma once

#include <compare>
#include <cstddef>
#include <string_view>

namespace neurone::server {

/// How much a client likes a type. Of two the greater is liked better; where they are equal it says no preference.
struct Preference {
  double quality = 1;           ///< 0: it is refused
  int exactness = 0;            ///< 2 where the type is named, 1 for text/*, 0 for */*
  std::ptrdiff_t position = 0;  ///< of two named alike, the first

  auto operator<=>(const Preference&) const = default;
};

/// Of a type, "text/csv". A field that is empty or not there takes anything.
Preference preference_of(std::string_view accept, std::string_view type);

}  // namespace neurone::server
