// An ONNX graph as it is put together: inputs, constants, nodes, outputs, and at the end the bytes of the file.
// ai.onnx opset 17, ai.onnx.ml 3, IR 8. What the nodes compute is left to the other onnx_*.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "neurone/export/onnx_proto.h"
#include "neurone/export/protobuf.h"

namespace neurone {

/// float32 or float64.
template <class T> constexpr OnnxType onnx_type = sizeof(T) == sizeof(float) ? OnnxType::float32 : OnnxType::float64;

using OnnxShape = std::vector<std::int64_t>;
/// In the shape of an input or output: as many as there are rows.
inline constexpr std::int64_t any_rows = -1;

using OnnxAttribute =
    std::variant<std::int64_t, float, std::string, std::vector<std::int64_t>, std::vector<std::string>>;

inline constexpr std::string_view onnx_ml = "ai.onnx.ml";

struct OnnxNode {
  std::string operation;
  std::vector<std::string> inputs;
  std::vector<std::pair<std::string, OnnxAttribute>> attributes{};
  std::string_view domain{};  ///< ai.onnx if not said
};

/// An input or output.
struct OnnxPort {
  std::string name;
  OnnxType type = OnnxType::float32;
  OnnxShape shape{};  ///< empty: any
  std::string description{};
};

/// What the file says about itself.
struct OnnxAbout {
  std::string name, description, version;
  std::map<std::string, std::string> metadata{};
};

class OnnxGraph {
 public:
  /// Returns the name of its tensor. Throws Error for one that has no name or the name of another.
  std::string add_input(const OnnxPort& port);

  /// A constant with these elements, the last index fastest; returns its name, which is made unique.
  template <class T>
  std::string add_constant(const std::string& name, const OnnxShape& shape, std::span<const T> elements);
  /// A constant of rank 0, the same one for the same number.
  std::string number(OnnxType type, double number);

  /// Returns the name of what the node computes.
  std::string add(const OnnxNode& node);

  /// Gives a tensor the name of an output, or that name with a line below where it is taken.
  void add_output(OnnxPort port, const std::string& tensor);

  /// The file. Throws Error for one of 2 GiB and more, which protobuf does not have.
  std::string format(const OnnxAbout& about) const;

 private:
  std::string unique(const std::string& name);

  std::set<std::string> names_;
  std::map<std::string, std::string> numbers_;
  std::size_t nodes_added_ = 0;
  ProtobufMessage nodes_, constants_, inputs_, outputs_;  // the fields of GraphProto
};

}  // namespace neurone
