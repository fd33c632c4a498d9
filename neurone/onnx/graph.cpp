#include "neurone/onnx/graph.h"

#include <fmt/format.h>

namespace neurone::onnx {

std::string Node::title() const {
  const std::string what = domain.empty() ? operation : domain + "." + operation;
  const std::string& called = name.empty() && !outputs.empty() ? outputs.front() : name;
  return fmt::format("node '{}' ({})", called, what);
}

template <class T> const T* Node::find(std::string_view attribute, std::string_view expected) const {
  const auto at = attributes.find(attribute);
  if (at == attributes.end()) return nullptr;
  const T* const found = std::get_if<T>(&at->second);
  if (found == nullptr)
    throw node_error(*this, fmt::format("attribute '{}' is of another kind, expected {}", attribute, expected));
  return found;
}

std::int64_t Node::whole(std::string_view attribute, std::int64_t otherwise) const {
  const auto* found = find<std::int64_t>(attribute, "an integer");
  return found != nullptr ? *found : otherwise;
}
double Node::real(std::string_view attribute, double otherwise) const {
  const auto* found = find<double>(attribute, "a float");
  return found != nullptr ? *found : otherwise;
}
std::string Node::text(std::string_view attribute, std::string_view otherwise) const {
  const auto* found = find<std::string>(attribute, "a string");
  return found != nullptr ? *found : std::string(otherwise);
}
Wholes Node::wholes(std::string_view attribute) const {
  const auto* found = find<Wholes>(attribute, "integers");
  return found != nullptr ? *found : Wholes{};
}
Reals Node::reals(std::string_view attribute) const {
  const auto* found = find<Reals>(attribute, "floats");
  return found != nullptr ? *found : Reals{};
}
Texts Node::texts(std::string_view attribute) const {
  const auto* found = find<Texts>(attribute, "strings");
  return found != nullptr ? *found : Texts{};
}

std::int64_t Graph::version(std::string_view domain) const {
  const auto found = versions.find(domain);
  return found != versions.end() ? found->second : 1;
}

Error node_error(const Node& node, const std::string& what) {
  return Error(node.title(), what);
}

}  // namespace neurone::onnx
