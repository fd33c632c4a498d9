// Grey pixels as a PNG inside the page.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace neurone::report {

/// "data:image/png;base64,…": height × width pixels, 0 black (W3C, "Portable Network Graphics", third edition).
std::string png_address(std::span<const std::uint8_t> pixels, std::size_t height, std::size_t width);

}  // namespace neurone::report
