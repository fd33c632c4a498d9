#include "neurone/file/json_members.h"

#include "neurone/core/error.h"

namespace neurone {
namespace {

std::string kind_text(const JsonTree& value) {
  if (value.is_null()) return "null";
  if (const bool* truth = value.truth()) return *truth ? "true" : "false";
  if (value.is_number()) return "the number " + value.dump();
  if (value.text() != nullptr) return "a text";
  return value.list() != nullptr ? "a list" : "an object";
}

template <class T>
const T& member_of_kind(const T* (JsonTree::*as)() const, const char* expected, const JsonTree& object,
                        const char* key) {
  const JsonTree& value = json_member(object, key);
  const T* found = (value.*as)();
  if (found == nullptr) refuse_kind(key, value, expected);
  return *found;
}

}  // namespace

void refuse_kind(const std::string& what, const JsonTree& found, const char* expected) {
  throw Error(what + " is " + kind_text(found) + ", expected " + expected);
}

const JsonTree& json_member(const JsonTree& object, const char* key) {
  if (object.members() == nullptr) refuse_kind(std::string("what should hold '") + key + "'", object, "an object");
  const JsonTree* found = object.find(key);
  if (found == nullptr) throw Error(std::string("'") + key + "' is missing");
  return *found;
}

double json_number(const JsonTree& object, const char* key) {
  const JsonTree& value = json_member(object, key);
  if (!value.is_number()) refuse_kind(key, value, "a number");
  return value.number();
}

std::size_t json_count(const JsonTree& object, const char* key) {
  const JsonTree& value = json_member(object, key);
  if (value.count() == nullptr) throw Error(std::string(key) + " is not a whole number");
  return *value.count();
}

bool json_truth(const JsonTree& object, const char* key) {
  return member_of_kind(&JsonTree::truth, "true or false", object, key);
}

const std::string& json_text(const JsonTree& object, const char* key) {
  return member_of_kind(&JsonTree::text, "a text", object, key);
}

const JsonTree::List& json_list(const JsonTree& object, const char* key) {
  return member_of_kind(&JsonTree::list, "a list", object, key);
}

const JsonTree::Members& json_object(const JsonTree& object, const char* key) {
  return member_of_kind(&JsonTree::members, "an object", object, key);
}

std::vector<std::string> json_texts(const JsonTree& object, const char* key) {
  std::vector<std::string> texts;
  for (const JsonTree& each : json_list(object, key)) {
    if (each.text() == nullptr) refuse_kind(std::string("an element of ") + key, each, "a text");
    texts.push_back(*each.text());
  }
  return texts;
}

std::vector<double> json_numbers(const JsonTree& object, const char* key) {
  std::vector<double> numbers;
  for (const JsonTree& each : json_list(object, key)) {
    if (!each.is_number()) refuse_kind(std::string("an element of ") + key, each, "a number");
    numbers.push_back(each.number());
  }
  return numbers;
}

}  // namespace neurone
