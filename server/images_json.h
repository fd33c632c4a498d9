// Images of a request as JSON: pixels in lists.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "neurone/data/idx.h"
#include "server/allowance.h"
#include "server/json_scanner.h"
#include "server/models.h"

namespace neurone::server {

/// Lists of whole numbers from 0 to 255, nested as height × width, images × height × width, images × pixels, or not
/// at all. Throws Refusal 422.
Images images_of(const ImagePreparation& preparation, JsonScanner& json, Allowance& allowance);

/// A pixel by its digits; none where they are no whole number from 0 to 255.
std::optional<std::uint8_t> pixel_of(std::string_view digits);

}  // namespace neurone::server
