// Our own events over the JSON parser, so that what is twice, missing or of a wrong kind is told.
#include "neurone/file/safetensors_header.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>

#include "neurone/core/error.h"
#include "neurone/core/shown.h"
#include "neurone/file/json_tree.h"

namespace neurone {
namespace {

constexpr const char* metadata_key = "__metadata__";

// Takes the JSON event by event, so that no tree of values is built: it goes into no object or list that the format
// does not have, which limits the depth, and sees a name that comes twice. The parser says what is JSON; here
// `expected_` says what the format wants next.
class HeaderReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit HeaderReader(std::size_t first_byte, const std::string& source)
      : first_byte_(first_byte), source_(source) {}

  SafetensorsHeader take() { return std::move(header_); }

  bool null() override { unexpected("null"); }
  bool boolean(bool value) override { unexpected(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { unexpected(std::to_string(value)); }  // below zero
  bool number_float(number_float_t, const string_t& digits) override { unexpected(shown(digits)); }
  bool binary(binary_t&) override { unexpected("binary"); }

  bool number_unsigned(number_unsigned_t value) override {
    if (!std::in_range<std::size_t>(value)) unexpected(std::to_string(value));
    if (expected_ == Expected::size) {
      tensor_->second.shape.push_back(static_cast<std::size_t>(value));
    } else if (expected_ == Expected::offset) {
      if (offsets_ == 2) fail(subject() + " are more than 2 numbers");
      (offsets_ == 0 ? tensor_->second.begin : tensor_->second.end) = static_cast<std::size_t>(value);
      ++offsets_;
    } else {
      unexpected(std::to_string(value));
    }
    return true;
  }

  bool string(string_t& value) override {
    if (expected_ == Expected::dtype) {
      const auto type = tensor_type(value);
      if (!type) fail(subject() + " is unknown: " + quoted_name(value));
      tensor_->second.type = *type;
      expected_ = Expected::field;
    } else if (expected_ == Expected::text) {
      text_->second = std::move(value);
      expected_ = Expected::text_name;
    } else {
      unexpected("the text " + quoted_name(value));
    }
    return true;
  }

  bool start_object(std::size_t) override {
    switch (expected_) {
      case Expected::header:
        expected_ = Expected::tensor_name;
        break;
      case Expected::tensor:
        expected_ = Expected::field;
        break;
      case Expected::metadata:
        expected_ = Expected::text_name;
        break;
      default:
        unexpected("an object");
    }
    return true;
  }

  bool key(string_t& name) override {
    switch (expected_) {
      case Expected::tensor_name:
        start_entry(name);
        break;
      case Expected::field:
        start_field(name);
        break;
      default:
        start_text(name);
    }
    return true;
  }

  bool end_object() override {
    if (expected_ == Expected::field)
      for (const Field& field : fields)
        if (!seen(field)) fail(subject() + ": " + field.name + " is missing");
    expected_ = Expected::tensor_name;
    return true;
  }

  bool start_array(std::size_t) override {
    switch (expected_) {
      case Expected::shape:
        expected_ = Expected::size;
        break;
      case Expected::offsets:
        expected_ = Expected::offset;
        break;
      default:
        unexpected("a list");
    }
    return true;
  }

  bool end_array() override {
    if (expected_ == Expected::offset && offsets_ != 2)
      fail(subject() + " are " + std::to_string(offsets_) + " numbers, expected 2");
    expected_ = Expected::field;
    return true;
  }

  bool parse_error(std::size_t characters, const std::string&, const nlohmann::json::exception&) override {
    // the count includes the character that was one too many
    const std::size_t byte = first_byte_ + characters - std::min<std::size_t>(characters, 1);
    fail("header is not JSON in UTF-8 at byte " + std::to_string(byte));
  }

 private:
  enum class Expected {
    header,
    tensor_name,
    tensor,
    field,
    dtype,
    shape,
    size,
    offsets,
    offset,
    metadata,
    text_name,
    text
  };

  struct Field {
    const char* name;
    Expected value;
  };
  static constexpr std::array fields{Field{"dtype", Expected::dtype}, Field{"shape", Expected::shape},
                                     Field{"data_offsets", Expected::offsets}};

  void start_entry(const std::string& name) {
    if (name == metadata_key) {
      if (metadata_seen_) fail(std::string(metadata_key) + " comes twice");
      metadata_seen_ = true;
      expected_ = Expected::metadata;
      return;
    }
    const auto [place, is_new] = header_.tensors.try_emplace(name);
    if (!is_new) fail("tensor " + quoted_name(name) + " comes twice");
    tensor_ = place;
    fields_seen_ = 0;
    offsets_ = 0;
    expected_ = Expected::tensor;
  }

  void start_field(const std::string& name) {
    const auto field = std::ranges::find(fields, name, &Field::name);
    if (field == fields.end()) fail(subject() + ": unknown field " + quoted_name(name));
    if (seen(*field)) fail(subject() + ": " + field->name + " comes twice");
    fields_seen_ |= bit(*field);
    expected_ = field->value;
  }

  void start_text(const std::string& name) {
    const auto [place, is_new] = header_.metadata.try_emplace(name);
    if (!is_new) fail(std::string(metadata_key) + ": " + quoted_name(name) + " comes twice");
    text_ = place;
    expected_ = Expected::text;
  }

  static unsigned bit(const Field& field) { return 1U << static_cast<unsigned>(&field - fields.data()); }
  bool seen(const Field& field) const { return (fields_seen_ & bit(field)) != 0; }

  // What the message is about.
  std::string subject() const {
    switch (expected_) {
      case Expected::header:
      case Expected::tensor_name:
        return "header";
      case Expected::tensor:
      case Expected::field:
        return "tensor " + quoted_name(tensor_->first);
      case Expected::dtype:
        return "tensor " + quoted_name(tensor_->first) + ": dtype";
      case Expected::shape:
      case Expected::size:
        return "tensor " + quoted_name(tensor_->first) + ": shape";
      case Expected::offsets:
      case Expected::offset:
        return "tensor " + quoted_name(tensor_->first) + ": data_offsets";
      case Expected::metadata:
      case Expected::text_name:
        return metadata_key;
      case Expected::text:
        return std::string(metadata_key) + ": " + quoted_name(text_->first);
    }
    return {};
  }

  [[noreturn]] void unexpected(const std::string& found) const {
    switch (expected_) {
      case Expected::shape:
      case Expected::offsets:
        fail(subject() + " is " + found + ", expected a list of whole numbers");
      case Expected::size:
      case Expected::offset:
        fail(subject() + " holds " + found + ", expected whole numbers below 2⁶⁴");
      case Expected::dtype:
      case Expected::text:
        fail(subject() + " is " + found + ", expected a text");
      default:
        fail(subject() + " is " + found + ", expected an object");
    }
  }

  [[noreturn]] void fail(const std::string& what) const { throw Error(source_, what); }

  std::size_t first_byte_;
  const std::string& source_;
  SafetensorsHeader header_;
  Expected expected_ = Expected::header;
  std::map<std::string, TensorEntry>::iterator tensor_;  // the one being read
  Metadata::iterator text_;
  unsigned fields_seen_ = 0;  // a bit for each of `fields`
  int offsets_ = 0;           // how many were read
  bool metadata_seen_ = false;
};

}  // namespace

std::string quoted_name(std::string_view name) {
  return "'" + shown(name) + "'";
}

SafetensorsHeader parse_header(std::string_view json, std::size_t first_byte, const std::string& source) {
  if (!json.starts_with('{')) throw Error(source, "header does not begin with {");
  // the parser takes a zero byte for the end of its input
  if (const std::size_t zero = json.find('\0'); zero != std::string_view::npos)
    throw Error(source, "header holds a zero at byte " + std::to_string(first_byte + zero));
  HeaderReader reader(first_byte, source);
  nlohmann::json::sax_parse(json.begin(), json.end(), &reader);
  return reader.take();
}

std::string format_header(const SafetensorsHeader& header) {
  const auto quoted = [](const std::string& text) {
    try {
      return JsonTree(text).dump();
    } catch (const Error& error) {
      throw Error("safetensors", error.what());
    }
  };
  std::string json = "{";
  const auto add_name = [&](const std::string& name) {
    if (!json.ends_with('{')) json += ',';
    json += quoted(name) + ':';
  };
  if (!header.metadata.empty()) {
    add_name(metadata_key);
    json += '{';
    for (const auto& [name, text] : header.metadata) {
      add_name(name);
      json += quoted(text);
    }
    json += '}';
  }
  for (const auto& [name, entry] : header.tensors) {
    assert(name != metadata_key);
    add_name(name);
    json += "{\"dtype\":\"" + std::string(name_of(entry.type)) + "\",\"shape\":" + JsonTree(entry.shape).dump() +
            ",\"data_offsets\":[" + std::to_string(entry.begin) + ',' + std::to_string(entry.end) + "]}";
  }
  return json + '}';
}

}  // namespace neurone
