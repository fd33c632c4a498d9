// Pixels of JSON to images of the size that a model takes.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "neurone/data/idx.h"
#include "neurone/data/image_preparation.h"

namespace neurone::server {

/// Lists of whole numbers from 0 to 255, nested as height × width, images × height × width, images × pixels, or not
/// at all. Throws Refusal 422.
Images images_of(const ImagePreparation& preparation, const nlohmann::json& pixels);

}  // namespace neurone::server
