// One list of names and sizes, which every function here reads.
#include "neurone/file/tensor_type.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace neurone {
namespace {

struct TypeFacts {
  TensorType type;
  std::string_view name;
  std::size_t bytes;  // an element
};

constexpr std::array type_facts{
    TypeFacts{TensorType::BOOL, "BOOL", 1},       TypeFacts{TensorType::U8, "U8", 1},
    TypeFacts{TensorType::I8, "I8", 1},           TypeFacts{TensorType::F8_E4M3, "F8_E4M3", 1},
    TypeFacts{TensorType::F8_E5M2, "F8_E5M2", 1}, TypeFacts{TensorType::U16, "U16", 2},
    TypeFacts{TensorType::I16, "I16", 2},         TypeFacts{TensorType::F16, "F16", 2},
    TypeFacts{TensorType::BF16, "BF16", 2},       TypeFacts{TensorType::U32, "U32", 4},
    TypeFacts{TensorType::I32, "I32", 4},         TypeFacts{TensorType::F32, "F32", 4},
    TypeFacts{TensorType::U64, "U64", 8},         TypeFacts{TensorType::I64, "I64", 8},
    TypeFacts{TensorType::F64, "F64", 8},
};

const TypeFacts& facts_of(TensorType type) {
  const auto found = std::ranges::find(type_facts, type, &TypeFacts::type);
  assert(found != type_facts.end());
  return *found;
}

}  // namespace

std::string_view name_of(TensorType type) {
  return facts_of(type).name;
}

std::size_t size_of(TensorType type) {
  return facts_of(type).bytes;
}

std::optional<TensorType> tensor_type(std::string_view name) {
  const auto found = std::ranges::find(type_facts, name, &TypeFacts::name);
  if (found == type_facts.end()) return std::nullopt;
  return found->type;
}

}  // namespace neurone
