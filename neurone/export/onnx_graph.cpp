// The messages of onnx.proto that a network needs; their numbers are in onnx_proto.h.
#include "neurone/export/onnx_graph.h"

#include <bit>
#include <limits>
#include <type_traits>

#include "neurone/core/choice.h"
#include "neurone/core/error.h"

namespace neurone {
namespace {

constexpr std::int64_t ir_version = 8, onnx_opset = 17, onnx_ml_opset = 3;

ProtobufMessage attribute_message(const std::string& name, const OnnxAttribute& value) {
  ProtobufMessage message;
  message.add_text(attribute_proto::name, name);
  const auto write = [&](attribute_proto::Type type, const auto& add) {
    add();
    message.add_number(attribute_proto::type, type);
  };
  using namespace attribute_proto;
  if (const auto* whole = std::get_if<std::int64_t>(&value))
    write(type_int, [&] { message.add_number(i, *whole); });
  else if (const auto* real = std::get_if<float>(&value))
    write(type_float, [&] { message.add_float(f, *real); });
  else if (const auto* text = std::get_if<std::string>(&value))
    write(type_string, [&] { message.add_text(s, *text); });
  else if (const auto* wholes = std::get_if<std::vector<std::int64_t>>(&value))
    write(type_ints, [&] {
      for (const std::int64_t each : *wholes) message.add_number(ints, each);
    });
  else
    write(type_strings, [&] {
      for (const std::string& each : std::get<std::vector<std::string>>(value)) message.add_text(strings, each);
    });
  return message;
}

ProtobufMessage port_message(const OnnxPort& port) {
  using namespace type_proto;
  ProtobufMessage dimensions, tensor, type, message;
  for (const std::int64_t size : port.shape) {
    ProtobufMessage dimension;
    if (size == any_rows)
      dimension.add_text(dim_param, "rows");
    else
      dimension.add_number(dim_value, size);
    dimensions.add_message(dim, dimension);
  }
  tensor.add_number(elem_type, static_cast<std::int64_t>(port.type));
  if (!port.shape.empty()) tensor.add_message(shape, dimensions);
  type.add_message(tensor_type, tensor);
  message.add_text(value_proto::name, port.name);
  message.add_message(value_proto::type, type);
  if (!port.description.empty()) message.add_text(value_proto::doc_string, port.description);
  return message;
}

ProtobufMessage opset_message(std::string_view domain, std::int64_t version) {
  ProtobufMessage message;
  message.add_text(opset_proto::domain, domain);
  message.add_number(opset_proto::version, version);
  return message;
}

template <class T> constexpr OnnxType constant_type = onnx_type<T>;
template <> constexpr OnnxType constant_type<std::int64_t> = OnnxType::int64;

// The elements as bytes, the lowest first whatever the machine.
template <class T> std::string little_endian(std::span<const T> elements) {
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  std::string bytes;
  bytes.reserve(elements.size() * sizeof(T));
  for (const T each : elements) {
    const auto bits = std::bit_cast<Bits>(each);
    for (std::size_t k = 0; k < sizeof(T); ++k) bytes += static_cast<char>(bits >> 8 * k & 0xFF);
  }
  return bytes;
}

}  // namespace

std::string OnnxGraph::unique(const std::string& name) {
  std::string free = name;
  while (!names_.insert(free).second) free += '_';
  return free;
}

std::string OnnxGraph::add_input(const OnnxPort& port) {
  if (port.name.empty()) throw Error("a column without a name cannot be an input of ONNX");
  if (!names_.insert(port.name).second) throw Error("two inputs are called '" + port.name + "'");
  inputs_.add_message(graph_proto::input, port_message(port));
  return port.name;
}

template <class T>
std::string OnnxGraph::add_constant(const std::string& name, const OnnxShape& shape, std::span<const T> elements) {
  ProtobufMessage tensor;
  for (const std::int64_t size : shape) tensor.add_number(tensor_proto::dims, size);
  tensor.add_number(tensor_proto::data_type, static_cast<std::int64_t>(constant_type<T>));
  const std::string own = unique(name);
  tensor.add_text(tensor_proto::name, own);
  tensor.add_text(tensor_proto::raw_data, little_endian(elements));
  constants_.add_message(graph_proto::initializer, tensor);
  return own;
}

std::string OnnxGraph::number(OnnxType type, double number) {
  const std::string text = setting_text(number), key = (type == OnnxType::float32 ? "float " : "double ") + text;
  const auto [at, is_new] = numbers_.try_emplace(key);
  if (!is_new) return at->second;
  const auto in_float = static_cast<float>(number);
  return at->second = type == OnnxType::float32 ? add_constant<float>(key, {}, {&in_float, 1})
                                                : add_constant<double>(key, {}, {&number, 1});
}

std::string OnnxGraph::add(const OnnxNode& node) {
  ProtobufMessage message;
  for (const std::string& each : node.inputs) message.add_text(node_proto::input, each);
  const std::string output = unique(node.operation + "_" + std::to_string(++nodes_added_));
  message.add_text(node_proto::output, output);
  message.add_text(node_proto::name, output);
  message.add_text(node_proto::op_type, node.operation);
  for (const auto& [name, value] : node.attributes)
    message.add_message(node_proto::attribute, attribute_message(name, value));
  if (!node.domain.empty()) message.add_text(node_proto::domain, node.domain);
  nodes_.add_message(graph_proto::node, message);
  return output;
}

void OnnxGraph::add_output(OnnxPort port, const std::string& tensor) {
  port.name = unique(port.name);
  ProtobufMessage message;
  message.add_text(node_proto::input, tensor);
  message.add_text(node_proto::output, port.name);
  message.add_text(node_proto::name, port.name);
  message.add_text(node_proto::op_type, "Identity");
  nodes_.add_message(graph_proto::node, message);
  outputs_.add_message(graph_proto::output, port_message(port));
}

std::string OnnxGraph::format(const OnnxAbout& about) const {
  std::string graph = nodes_.bytes();
  ProtobufMessage name, model;
  name.add_text(graph_proto::name, about.name);
  name.add_text(graph_proto::doc_string, about.description);
  graph += name.bytes() + constants_.bytes() + inputs_.bytes() + outputs_.bytes();
  if (graph.size() > std::numeric_limits<std::int32_t>::max() - (std::size_t{1} << 20))
    throw Error("the model is too large for an ONNX file, which ends at 2 GiB");

  model.add_number(model_proto::ir_version, ir_version);
  model.add_text(model_proto::producer_name, "neurone");
  model.add_text(model_proto::producer_version, about.version);
  model.add_text(model_proto::doc_string, about.description);
  model.add_text(model_proto::graph, graph);
  model.add_message(model_proto::opset_import, opset_message("", onnx_opset));
  model.add_message(model_proto::opset_import, opset_message(onnx_ml, onnx_ml_opset));
  for (const auto& [key, value] : about.metadata) {
    ProtobufMessage entry;
    entry.add_text(entry_proto::key, key);
    entry.add_text(entry_proto::value, value);
    model.add_message(model_proto::metadata_props, entry);
  }
  return model.bytes();
}

template std::string OnnxGraph::add_constant<float>(const std::string&, const OnnxShape&, std::span<const float>);
template std::string OnnxGraph::add_constant<double>(const std::string&, const OnnxShape&, std::span<const double>);
template std::string OnnxGraph::add_constant<std::int64_t>(const std::string&, const OnnxShape&,
                                                           std::span<const std::int64_t>);

}  // namespace neurone
