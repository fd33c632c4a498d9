// Writes the pictures of the lecture into a folder: lecture_pictures docs/images/lecture
// They are the same, byte for byte, in every run: `make docs` makes them, a test compares them.
#include <array>
#include <cstdio>
#include <exception>
#include <string>

#include "examples/lecture/pictures.h"
#include "neurone/core/file.h"
#include "neurone/report/picture_file.h"

struct Picture {
  const char* name;
  std::string (*draw)();
};

constexpr std::array<Picture, 10> pictures{{
    {"regression", lecture::regression},
    {"network", lecture::network},
    {"layer", lecture::layer},
    {"sigmoid", lecture::sigmoid},
    {"neuron", lecture::neuron},
    {"tanh", lecture::tanh},
    {"relu", lecture::relu},
    {"activations", lecture::activations},
    {"softmax", lecture::softmax},
    {"loss", lecture::loss},
}};

int main(int count, char** arguments) try {
  if (count != 2) return std::fprintf(stderr, "usage: lecture_pictures FOLDER\n"), 2;
  for (const auto& [name, draw] : pictures) {
    const std::string path = std::string(arguments[1]) + "/" + name + ".svg";
    neurone::write_file(path, neurone::report::picture_file(draw()));
    std::printf("%s\n", path.c_str());
  }
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "lecture_pictures: %s\n", error.what());
  return 1;
}
