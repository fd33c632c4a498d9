// ModelProto, GraphProto, NodeProto, AttributeProto and ValueInfoProto, each with its function. None of them calls
// itself: graphs inside attributes are not looked at.
#include "neurone/onnx/onnx_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "neurone/core/file.h"
#include "neurone/onnx/protobuf_reader.h"
#include "neurone/onnx/tensor_reader.h"

namespace neurone::onnx {
namespace {

struct NamedValue {
  std::string name;
  Value value;
};

NamedValue read_attribute(std::string_view bytes, const OtherFile& other_file) {
  NamedValue read;
  std::int64_t type = 0, whole = 0;
  double real = 0;
  std::string_view text, tensor;
  Wholes wholes;
  Reals reals;
  Texts texts;
  for (ProtobufReader message(bytes); message.next();) switch (message.field()) {
      case attribute_proto::name:
        read.name = message.bytes();
        break;
      case attribute_proto::type:
        type = message.number();
        break;
      case attribute_proto::f:
        real = message.float32();
        break;
      case attribute_proto::i:
        whole = message.number();
        break;
      case attribute_proto::s:
        text = message.bytes();
        break;
      case attribute_proto::t:
        tensor = message.bytes();
        break;
      case attribute_proto::floats:
        message.add_floats(reals);
        break;
      case attribute_proto::ints:
        message.add_numbers(wholes);
        break;
      case attribute_proto::strings:
        texts.emplace_back(message.bytes());
        break;
      default:
        break;
    }
  switch (type) {
    case attribute_proto::type_float:
      read.value = real;
      break;
    case attribute_proto::type_int:
      read.value = whole;
      break;
    case attribute_proto::type_string:
      read.value = std::string(text);
      break;
    case attribute_proto::type_tensor:
      read.value = read_tensor(tensor, other_file).tensor;
      break;
    case attribute_proto::type_floats:
      read.value = std::move(reals);
      break;
    case attribute_proto::type_ints:
      read.value = std::move(wholes);
      break;
    case attribute_proto::type_strings:
      read.value = std::move(texts);
      break;
    default:
      break;
  }
  return read;
}

Node read_node(std::string_view bytes, const OtherFile& other_file) {
  Node node;
  for (ProtobufReader message(bytes); message.next();) switch (message.field()) {
      case node_proto::input:
        node.inputs.emplace_back(message.bytes());
        break;
      case node_proto::output:
        node.outputs.emplace_back(message.bytes());
        break;
      case node_proto::name:
        node.name = message.bytes();
        break;
      case node_proto::op_type:
        node.operation = message.bytes();
        break;
      case node_proto::domain:
        node.domain = message.bytes();
        break;
      case node_proto::attribute: {
        NamedValue read = read_attribute(message.bytes(), other_file);
        node.attributes[read.name] = std::move(read.value);
        break;
      }
      default:
        break;
    }
  if (node.domain == "ai.onnx") node.domain.clear();
  return node;
}

std::int64_t read_dimension(std::string_view bytes) {
  std::int64_t size = any_rows;
  for (ProtobufReader dimension(bytes); dimension.next();)
    if (dimension.field() == type_proto::dim_value) size = dimension.number();
  return size > 0 ? size : any_rows;
}

// An input or output, if it is a tensor.
struct ReadPort {
  std::string name;
  std::optional<Port> tensor;
};

ReadPort read_port(std::string_view bytes) {
  ReadPort read;
  for (ProtobufReader value(bytes); value.next();) {
    if (value.field() == value_proto::name) read.name = value.bytes();
    if (value.field() != value_proto::type) continue;
    for (ProtobufReader type(value.bytes()); type.next();) {
      if (type.field() != type_proto::tensor_type) continue;
      read.tensor.emplace();
      for (ProtobufReader tensor(type.bytes()); tensor.next();) {
        if (tensor.field() == type_proto::elem_type) read.tensor->type = type_of(tensor.number());
        if (tensor.field() != type_proto::shape) continue;
        for (ProtobufReader shape(tensor.bytes()); shape.next();)
          if (shape.field() == type_proto::dim) read.tensor->shape.push_back(read_dimension(shape.bytes()));
      }
    }
  }
  if (read.tensor) read.tensor->name = read.name;
  return read;
}

void read_graph(std::string_view bytes, const OtherFile& other_file, Graph& graph) {
  std::vector<ReadPort> inputs;
  for (ProtobufReader message(bytes); message.next();) switch (message.field()) {
      case graph_proto::node:
        graph.nodes.push_back(read_node(message.bytes(), other_file));
        break;
      case graph_proto::initializer: {
        NamedTensor read = read_tensor(message.bytes(), other_file);
        graph.constants[read.name] = std::move(read.tensor);
        break;
      }
      case graph_proto::sparse_initializer:
        throw Error("a sparse tensor, expected dense ones");
      case graph_proto::input:
        inputs.push_back(read_port(message.bytes()));
        break;
      case graph_proto::output:
        graph.outputs.push_back(read_port(message.bytes()).name);
        break;
      default:
        break;
    }
  for (ReadPort& each : inputs) {
    if (graph.constants.contains(each.name)) continue;
    if (!each.tensor) throw Error(fmt::format("input '{}' is no tensor", each.name));
    graph.inputs.push_back(std::move(*each.tensor));
  }
}

Graph read_model(std::string_view bytes, const OtherFile& other_file) {
  Graph graph;
  std::optional<std::string_view> body;
  std::string producer_version;
  for (ProtobufReader message(bytes); message.next();) switch (message.field()) {
      case model_proto::producer_name:
        graph.producer = message.bytes();
        break;
      case model_proto::producer_version:
        producer_version = message.bytes();
        break;
      case model_proto::graph:
        body = message.bytes();
        break;
      case model_proto::opset_import: {
        std::string domain;
        std::int64_t version = 1;
        for (ProtobufReader set(message.bytes()); set.next();) {
          if (set.field() == opset_proto::domain) domain = set.bytes();
          if (set.field() == opset_proto::version) version = set.number();
        }
        graph.versions[domain == "ai.onnx" ? "" : domain] = version;
        break;
      }
      case model_proto::metadata_props: {
        std::string key, value;
        for (ProtobufReader entry(message.bytes()); entry.next();) {
          if (entry.field() == entry_proto::key) key = entry.bytes();
          if (entry.field() == entry_proto::value) value = entry.bytes();
        }
        graph.metadata[key] = value;
        break;
      }
      default:
        break;
    }
  if (!body) throw Error("there is no graph in it");
  if (!producer_version.empty()) graph.producer += " " + producer_version;
  read_graph(*body, other_file, graph);
  return graph;
}

}  // namespace

Graph parse_onnx(std::string_view bytes, const std::string& source) {
  try {
    return read_model(bytes, [](const std::string& name) -> std::string_view {
      throw Error(fmt::format("it stands in the file '{}', expected it here", name));
    });
  } catch (const Error& error) {
    throw Error(source, std::string("no ONNX model that neurone reads: ") + error.what());
  }
}

Graph load_onnx(const std::string& path) {
  const std::string bytes = read_file(path);
  std::map<std::string, std::string> others;
  try {
    return read_model(bytes, [&](const std::string& name) -> std::string_view {
      if (name.empty() || name == "." || name == ".." ||
          name.find_first_of(std::string_view("/\\\0", 3)) != std::string::npos)
        throw Error(fmt::format("it stands in the file '{}', expected one in the same folder", name));
      const auto [at, is_new] = others.try_emplace(name);
      const std::filesystem::path file = std::filesystem::path(path).parent_path() / name;
      std::error_code error;
      if (std::filesystem::exists(file, error) && !std::filesystem::is_regular_file(file, error))
        throw Error(fmt::format("it stands in '{}', which is no file but a device, a pipe or a folder", name));
      if (is_new) at->second = read_file(file.string());
      return at->second;
    });
  } catch (const Error& error) {
    throw Error(path, std::string("no ONNX model that neurone reads: ") + error.what());
  }
}

Tensor parse_tensor(std::string_view bytes) {
  return read_tensor(bytes,
                     [](const std::string& name) -> std::string_view {
                       throw Error(fmt::format("it stands in the file '{}', expected it here", name));
                     })
      .tensor;
}

}  // namespace neurone::onnx
