#include "server/tensor.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>

#include "neurone/core/suggestion.h"
#include "neurone/data/cells.h"
#include "server/message.h"

namespace neurone::server {
namespace {

static_assert(std::endian::native == std::endian::little, "binary tensors are little-endian");

template <class T> constexpr Datatype whole_numbers(std::string_view name) {
  return {
      .name = name, .size = sizeof(T), .least = std::numeric_limits<T>::min(), .most = std::numeric_limits<T>::max()};
}

constexpr std::array<Datatype, 14> datatypes{{{.name = "BOOL", .size = 1, .most = 1},
                                              whole_numbers<std::uint8_t>("UINT8"),
                                              whole_numbers<std::uint16_t>("UINT16"),
                                              whole_numbers<std::uint32_t>("UINT32"),
                                              whole_numbers<std::uint64_t>("UINT64"),
                                              whole_numbers<std::int8_t>("INT8"),
                                              whole_numbers<std::int16_t>("INT16"),
                                              whole_numbers<std::int32_t>("INT32"),
                                              whole_numbers<std::int64_t>("INT64"),
                                              {.name = "FP16", .size = 2, .largest = 65504},
                                              {.name = "BF16", .size = 2, .largest = 0x1.FEp127},
                                              {.name = "FP32", .size = 4, .largest = 0x1.FFFFFEp127},
                                              {.name = "FP64", .size = 8, .largest = 0x1.FFFFFFFFFFFFFp1023},
                                              {.name = "BYTES", .size = 0}}};

Refusal refusal(const Tensor& tensor, const std::string& what) {
  return {400, fmt::format("input '{}': {}", tensor.name, what)};
}

// "input 'age': element 3: 300, expected a whole number from -128 to 127 (INT8)"
Refusal no_element(const Tensor& tensor, std::size_t place, std::string_view found) {
  constexpr std::size_t most = 40;
  const Datatype& datatype = *tensor.datatype;
  const std::string expected = datatype.name == "BOOL"    ? "true or false"
                               : datatype.name == "BYTES" ? "a text"
                               : datatype.is_whole()
                                   ? fmt::format("a whole number from {} to {}", datatype.least, datatype.most)
                                   : fmt::format("a number up to {:.5g} in size", datatype.largest);
  return refusal(tensor, fmt::format("element {}: {}{}, expected {} ({})", place, found.substr(0, most),
                                     found.size() > most ? "…" : "", expected, datatype.name));
}

const Datatype& datatype_of(const Tensor& tensor, std::string_view name) {
  const auto* const found = std::ranges::find(datatypes, name, &Datatype::name);
  if (found != datatypes.end()) return *found;
  std::vector<std::string> names;
  for (const Datatype& each : datatypes) names.emplace_back(each.name);
  throw refusal(tensor, unknown_name("datatype", name, names).what());
}

// --- bytes -----------------------------------------------------------------------------------------------------

// IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction.
double half(std::uint16_t bits) {
  const int exponent = (bits >> 10) & 0x1F;
  const double fraction = bits & 0x3FF;
  const double size = exponent == 0      ? std::ldexp(fraction, -24)
                      : exponent == 0x1F ? (fraction == 0 ? HUGE_VAL : std::nan(""))
                                         : std::ldexp(fraction + 1024, exponent - 25);
  return (bits & 0x8000) != 0 ? -size : size;
}

// The upper half of a float.
double brain_half(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16U);
}

template <class T> T value_at(std::string_view bytes, std::size_t i) {
  T value{};
  std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
  return value;
}

// Numbers, NaN for a missing one.
template <class T, class Convert>
std::vector<double> numbers_of(const Tensor& tensor, std::string_view bytes, const Convert& convert) {
  std::vector<double> numbers(bytes.size() / sizeof(T));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    numbers[i] = convert(value_at<T>(bytes, i));
    if (std::isinf(numbers[i])) throw no_element(tensor, i, "an infinity");
  }
  return numbers;
}

template <class T> std::vector<double> numbers_of(const Tensor& tensor, std::string_view bytes) {
  return numbers_of<T>(tensor, bytes, [](T value) { return static_cast<double>(value); });
}

// Whole numbers that a double would round.
template <class T> Texts digits_of(std::string_view bytes) {
  Texts texts;
  for (std::size_t i = 0; i < bytes.size() / sizeof(T); ++i) {
    std::array<char, 24> digits{};
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value_at<T>(bytes, i));
    texts.add({digits.data(), end});
  }
  return texts;
}

std::vector<double> truths_of(const Tensor& tensor, std::string_view bytes) {
  std::vector<double> truths = numbers_of<std::uint8_t>(tensor, bytes);
  const auto wrong = std::ranges::find_if(truths, [](double each) { return each > 1; });
  if (wrong != truths.end())
    throw no_element(tensor, static_cast<std::size_t>(wrong - truths.begin()), fmt::format("the byte {}", *wrong));
  return truths;
}

// Each text is its size, four bytes, and its bytes.
Texts texts_of(const Tensor& tensor, std::string_view bytes) {
  Texts texts;
  const std::size_t size = size_of(tensor);
  for (std::size_t i = 0; i < size; ++i) {
    std::uint32_t length = 0;
    if (bytes.size() < sizeof(length))
      throw refusal(tensor, fmt::format("its bytes break off in element {} of {}", i, size));
    std::memcpy(&length, bytes.data(), sizeof(length));
    bytes.remove_prefix(sizeof(length));
    if (bytes.size() < length)
      throw refusal(tensor, fmt::format("element {}: a text of {} bytes, {} are left", i, length, bytes.size()));
    if (length > Cell::longest) throw refusal(tensor, fmt::format("element {}: a text of {} bytes", i, length));
    const std::string_view text = bytes.substr(0, length);
    if (!is_utf8(text)) throw refusal(tensor, fmt::format("element {}: not UTF-8 text", i));
    texts.add(text);
    bytes.remove_prefix(length);
  }
  if (!bytes.empty())
    throw refusal(tensor, fmt::format("{} bytes behind the {} elements of its shape", bytes.size(), size));
  return texts;
}

void read_bytes_of(Tensor& tensor, std::string_view bytes) {
  const std::string_view type = tensor.datatype->name;
  if (type == "BYTES") {
    tensor.elements = texts_of(tensor, bytes);
    return;
  }
  const std::size_t expected = size_of(tensor) * tensor.datatype->size;
  if (bytes.size() != expected)
    throw refusal(tensor, fmt::format("binary_data_size {}, expected {} for {} elements of {}", bytes.size(),
                                      expected, size_of(tensor), type));
  if (type == "BOOL") tensor.elements = truths_of(tensor, bytes);
  if (type == "UINT8") tensor.elements = numbers_of<std::uint8_t>(tensor, bytes);
  if (type == "UINT16") tensor.elements = numbers_of<std::uint16_t>(tensor, bytes);
  if (type == "UINT32") tensor.elements = numbers_of<std::uint32_t>(tensor, bytes);
  if (type == "UINT64") tensor.elements = digits_of<std::uint64_t>(bytes);
  if (type == "INT8") tensor.elements = numbers_of<std::int8_t>(tensor, bytes);
  if (type == "INT16") tensor.elements = numbers_of<std::int16_t>(tensor, bytes);
  if (type == "INT32") tensor.elements = numbers_of<std::int32_t>(tensor, bytes);
  if (type == "INT64") tensor.elements = digits_of<std::int64_t>(bytes);
  if (type == "FP16") tensor.elements = numbers_of<std::uint16_t>(tensor, bytes, half);
  if (type == "BF16") tensor.elements = numbers_of<std::uint16_t>(tensor, bytes, brain_half);
  if (type == "FP32") tensor.elements = numbers_of<float>(tensor, bytes);
  if (type == "FP64") tensor.elements = numbers_of<double>(tensor, bytes);
}

// --- JSON ------------------------------------------------------------------------------------------------------

bool begins_number(char letter) {
  return letter == '-' || (letter >= '0' && letter <= '9');
}

// Is it a number of the datatype? Digits that are no 64-bit number by themselves, 3.0 or 3e2, go by their double.
bool fits(const Datatype& datatype, std::string_view digits) {
  const char* const last = digits.data() + digits.size();
  if (datatype.is_whole() && digits.find_first_of(".eE") == std::string_view::npos) {
    std::int64_t number = 0;
    if (std::from_chars(digits.data(), last, number).ec == std::errc())
      return number < 0 ? number >= datatype.least : static_cast<std::uint64_t>(number) <= datatype.most;
    std::uint64_t more = 0;
    return std::from_chars(digits.data(), last, more).ec == std::errc() && more <= datatype.most;
  }
  double value = 0;
  std::from_chars(digits.data(), last, value);
  if (!datatype.is_whole()) return std::abs(value) <= datatype.largest;
  const auto most = static_cast<double>(datatype.most);  // of 64 bits the next power of two, which is too large
  return value == std::trunc(value) && value >= static_cast<double>(datatype.least) &&
         (datatype.size < sizeof(datatype.most) ? value <= most : value < most);
}

class ElementReader {
 public:
  ElementReader(JsonScanner& json, const Tensor& tensor) : json_(json), tensor_(tensor), size_(size_of(tensor)) {}

  Texts read() && {
    list(0);
    if (texts_.cells.size() < size_)
      throw refusal(tensor_, fmt::format("{} elements, expected {} for its shape", texts_.cells.size(), size_));
    return std::move(texts_);
  }

 private:
  // Lists may stand in lists; the shape is what counts.
  void list(int depth) {
    constexpr int deepest = 8;
    if (depth > deepest) throw refusal(tensor_, "lists in lists in lists, deeper than any shape");
    json_.expect('[', "a list");
    if (json_.take(']')) return;
    do {
      if (json_.next() == '[')
        list(depth + 1);
      else
        element();
    } while (json_.take(','));
    json_.expect(']', "a comma or ]");
  }

  void element() {
    const std::size_t place = texts_.cells.size();
    if (place == size_) throw refusal(tensor_, fmt::format("more elements than the {} of its shape", size_));
    const bool is_text = tensor_.datatype->size == 0;
    const char first = json_.next();
    if (first == '"') {
      const std::string_view text = json_.text();
      if (!is_text) throw no_element(tensor_, place, fmt::format("the text '{}'", text.substr(0, 40)));
      if (text.size() > Cell::longest)
        throw refusal(tensor_, fmt::format("element {}: a text of {} bytes", place, text.size()));
      texts_.add(text);
    } else if (begins_number(first)) {
      const std::string_view digits = json_.finite_number();
      if (is_text || !fits(*tensor_.datatype, digits)) throw no_element(tensor_, place, digits);
      texts_.add(digits);
    } else if (first == '{') {
      throw no_element(tensor_, place, "an object");
    } else {
      const std::string_view word = json_.word();
      if (word != "null" && is_text) throw no_element(tensor_, place, word);
      texts_.add(word == "null" ? "" : word == "true" ? "1" : "0");
    }
  }

  JsonScanner& json_;
  const Tensor& tensor_;
  std::size_t size_;
  Texts texts_;
};

std::size_t read_whole(JsonScanner& json, const Tensor& tensor, const char* what) {
  const Refusal wrong = refusal(tensor, fmt::format("{}: expected a whole number", what));
  if (!begins_number(json.next())) throw wrong;
  const std::string_view digits = json.number();
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc::result_out_of_range)
    throw refusal(tensor, fmt::format("{}: {} is too large", what, digits));
  if (error != std::errc() || end != digits.data() + digits.size()) throw wrong;
  return value;
}

void read_shape(JsonScanner& json, Tensor& tensor) {
  constexpr std::size_t most = std::size_t{1} << 32U, most_dimensions = 8;
  if (json.next() != '[') throw refusal(tensor, "shape: expected a list of whole numbers");
  json.take('[');
  std::size_t size = 1;
  if (json.take(']')) return;
  do {
    if (tensor.shape.size() == most_dimensions)
      throw refusal(tensor, fmt::format("its shape has more than {} dimensions", most_dimensions));
    tensor.shape.push_back(read_whole(json, tensor, "shape"));
    if (tensor.shape.back() > most || (size != 0 && tensor.shape.back() > most / size))
      throw refusal(tensor, "its shape is too large");
    size *= tensor.shape.back();
  } while (json.take(','));
  json.expect(']', "a comma or ]");
}

// The part of the bytes that a tensor says is its own.
std::string_view take_bytes(const Tensor& tensor, std::size_t size, std::string_view& bytes) {
  if (size > bytes.size())
    throw refusal(tensor,
                  fmt::format("binary_data_size {}, but {} bytes are left behind the JSON", size, bytes.size()));
  const std::string_view own = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return own;
}

}  // namespace

std::span<const Datatype> all_datatypes() {
  return datatypes;
}

std::size_t size_of(const Tensor& tensor) {
  std::size_t size = 1;
  for (const std::size_t each : tensor.shape) size *= each;
  return size;
}

// Members come in any order: where the data and the shape stand is noted, and they are read when all is known.
Tensor read_tensor(JsonScanner& json, std::string_view& bytes, const std::function<void(const Tensor&)>& check) {
  Tensor tensor;
  std::optional<std::string> name, datatype;
  std::optional<std::size_t> shape, parameters, data;
  const auto passes_over = [&json](std::optional<std::size_t>& place) {
    json.next();
    place = json.place();
    json.skip();
  };
  if (json.next() != '{') throw Refusal(400, "inputs: expected objects with a name");
  json.object({{"name", [&] { name = text_or_nothing(json); }},
               {"datatype", [&] { datatype = text_or_nothing(json); }},
               {"shape", [&] { passes_over(shape); }},
               {"parameters", [&] { passes_over(parameters); }},
               {"data", [&] { passes_over(data); }}});
  const std::size_t end = json.place();
  if (!name) throw Refusal(400, "inputs: expected objects with a name");
  tensor.name = *std::move(name);
  if (!datatype) throw refusal(tensor, "has no datatype");
  tensor.datatype = &datatype_of(tensor, *datatype);
  if (!shape) throw refusal(tensor, "has no shape");
  json.go_to(*shape);
  read_shape(json, tensor);
  check(tensor);

  std::optional<std::size_t> binary;
  if (parameters) {
    json.go_to(*parameters);
    if (json.next() == '{')
      json.object({{"binary_data_size", [&] { binary = read_whole(json, tensor, "binary_data_size"); }}});
  }
  if (binary && data) throw refusal(tensor, "has data in the JSON and binary_data_size");
  if (binary) {
    read_bytes_of(tensor, take_bytes(tensor, *binary, bytes));
  } else {
    if (data) json.go_to(*data);
    if (!data || json.next() != '[') throw refusal(tensor, "has no data");
    tensor.elements = ElementReader(json, tensor).read();
  }
  json.go_to(end);
  return tensor;
}

std::optional<std::string> text_or_nothing(JsonScanner& json) {
  if (json.next() == '"') return std::string(json.text());
  json.skip();
  return {};
}

std::optional<bool> flag_or_nothing(JsonScanner& json) {
  if (json.next() == 't' || json.next() == 'f') return json.word() == "true";
  json.skip();
  return {};
}

std::string bytes_of(const std::vector<double>& values) {
  std::string bytes(values.size() * sizeof(double), '\0');
  if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

std::string bytes_of(const std::vector<std::string>& texts) {
  std::string bytes;
  for (const std::string& text : texts) {
    const auto size = static_cast<std::uint32_t>(text.size());
    std::array<char, sizeof(size)> head{};
    std::memcpy(head.data(), &size, sizeof(size));
    bytes.append(head.data(), head.size());
    bytes += text;
  }
  return bytes;
}

}  // namespace neurone::server
