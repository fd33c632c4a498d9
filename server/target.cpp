#include "server/target.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "server/message.h"

namespace neurone::server {
namespace {

std::string decoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i];
      continue;
    }
    constexpr std::size_t digits = 2;
    constexpr int hexadecimal = 16;
    const std::string_view number = text.substr(i + 1, digits);
    unsigned char value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value, hexadecimal);
    if (error != std::errc() || number.size() != digits || end != number.data() + digits)
      throw Refusal(400, "the address has a % without two hexadecimal digits behind it");
    plain += static_cast<char>(value);
    i += digits;
  }
  return plain;
}

// "a=1&b=2"; what has neither name nor value, as behind a last &, is nothing.
std::vector<Parameter> parameters_of(std::string_view query) {
  std::vector<Parameter> parameters;
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    if (end != std::string_view::npos) query.remove_prefix(end + 1);
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    Parameter parameter{.name = decoded(pair.substr(0, equals)), .value = {}};
    if (equals != std::string_view::npos) parameter.value = decoded(pair.substr(equals + 1));
    if (std::ranges::find(parameters, parameter.name, &Parameter::name) != parameters.end())
      throw Refusal(400, "the parameter '" + parameter.name + "' stands twice");
    parameters.push_back(std::move(parameter));
    constexpr std::size_t most = 100;  // more than any address has
    if (parameters.size() > most) throw Refusal(400, "the address has too many parameters");
  }
  return parameters;
}

}  // namespace

std::optional<std::string> Target::parameter(std::string_view name) const {
  const auto found = std::ranges::find(parameters, name, &Parameter::name);
  return found == parameters.end() ? std::nullopt : std::optional(found->value);
}

Target parse_target(std::string_view text) {
  if (!text.starts_with('/')) throw Refusal(400, "expected an address that begins with /");
  const std::size_t mark = std::min(text.find('?'), text.size());
  Target target;
  std::string_view path = text.substr(1, mark - 1);
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    target.path.push_back(decoded(path.substr(0, slash)));
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  }
  if (mark < text.size()) target.parameters = parameters_of(text.substr(mark + 1));
  return target;
}

}  // namespace neurone::server
