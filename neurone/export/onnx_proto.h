// The numbers of onnx.proto that we write and read, message by message: our own copy, which ONNX promises never to
// change (docs/decisions/0015).
#pragma once

#include <cstdint>

namespace neurone {

/// What the elements of a tensor are; the numbers are those of TensorProto.DataType.
enum class OnnxType : std::uint8_t {
  float32 = 1,
  uint8 = 2,
  int8 = 3,
  uint16 = 4,
  int16 = 5,
  int32 = 6,
  int64 = 7,
  text = 8,
  boolean = 9,
  float16 = 10,
  float64 = 11,
  uint32 = 12,
  uint64 = 13,
  bfloat16 = 16
};

// NOLINTBEGIN(readability-identifier-naming): named as they are there
namespace model_proto {
enum Field {
  ir_version = 1,
  producer_name = 2,
  producer_version = 3,
  doc_string = 6,
  graph = 7,
  opset_import = 8,
  metadata_props = 14
};
}
namespace opset_proto {
enum Field { domain = 1, version = 2 };
}
namespace entry_proto {
enum Field { key = 1, value = 2 };
}
namespace graph_proto {
enum Field { node = 1, name = 2, initializer = 5, doc_string = 10, input = 11, output = 12, sparse_initializer = 15 };
}
namespace node_proto {
enum Field { input = 1, output = 2, name = 3, op_type = 4, attribute = 5, domain = 7 };
}
namespace attribute_proto {
enum Field { name = 1, f = 2, i = 3, s = 4, t = 5, floats = 7, ints = 8, strings = 9, type = 20 };
enum Type {
  type_float = 1,
  type_int = 2,
  type_string = 3,
  type_tensor = 4,
  type_floats = 6,
  type_ints = 7,
  type_strings = 8
};
}  // namespace attribute_proto
namespace tensor_proto {
enum Field {
  dims = 1,
  data_type = 2,
  float_data = 4,
  int32_data = 5,
  string_data = 6,
  int64_data = 7,
  name = 8,
  raw_data = 9,
  double_data = 10,
  uint64_data = 11,
  external_data = 13,
  data_location = 14
};
}
namespace value_proto {
enum Field { name = 1, type = 2, doc_string = 3 };
}
namespace type_proto {
enum Field { tensor_type = 1, elem_type = 1, shape = 2, dim = 1, dim_value = 1, dim_param = 2 };
}
// NOLINTEND(readability-identifier-naming)

}  // namespace neurone
