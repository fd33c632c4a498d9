// What each number that a network sees is called: for whoever shows X to people.
// How the numbers come about is in columns.h and image_preparation.h.
#pragma once

#include <string>
#include <vector>

#include "neurone/data/image_preparation.h"
#include "neurone/data/preparation.h"

namespace neurone {

/// A name for each column of X, in its order: "age", "age is missing", "age from 18 to 25", "day, sine of the week",
/// "city = Bern".
std::vector<std::string> input_names(const Column& column);
std::vector<std::string> input_names(const TablePreparation& table);

/// "pixel 3:17" is the 17th of the third line, both counted from 1.
std::vector<std::string> input_names(const ImagePreparation& images);

}  // namespace neurone
