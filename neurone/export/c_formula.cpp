// From the inside out, each shared step in a line of its own.
#include "neurone/export/c_formula.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "neurone/core/choice.h"

namespace neurone {
namespace {

// An operation as it is written in C; negate and select have their own form.
struct CWord {
  enum Kind { sign, own_function, library_function };
  Operation operation;
  Kind kind;
  std::string_view text;
};

constexpr std::array<CWord, 19> c_words{{{Operation::add, CWord::sign, "+"},
                                         {Operation::subtract, CWord::sign, "-"},
                                         {Operation::multiply, CWord::sign, "*"},
                                         {Operation::divide, CWord::sign, "/"},
                                         {Operation::less, CWord::sign, "<"},
                                         {Operation::both, CWord::sign, "&&"},
                                         {Operation::exp, CWord::own_function, "exp"},
                                         {Operation::log, CWord::own_function, "log"},
                                         {Operation::log1p, CWord::own_function, "log1p"},
                                         {Operation::expm1, CWord::own_function, "expm1"},
                                         {Operation::tanh, CWord::own_function, "tanh"},
                                         {Operation::maximum, CWord::own_function, "maximum"},
                                         {Operation::minimum, CWord::own_function, "minimum"},
                                         {Operation::erf, CWord::library_function, "erf"},
                                         {Operation::sin, CWord::library_function, "sin"},
                                         {Operation::cos, CWord::library_function, "cos"},
                                         {Operation::sqrt, CWord::library_function, "sqrt"},
                                         {Operation::floor, CWord::library_function, "floor"},
                                         {Operation::magnitude, CWord::library_function, "fabs"}}};

const CWord& c_word(Operation operation) {
  return *std::ranges::find(c_words, operation, &CWord::operation);
}

// Writes a formula down; shared steps become constants.
class CFormula {
 public:
  CFormula(const CArithmetic& arithmetic, std::string_view variable) : arithmetic_(arithmetic), variable_(variable) {}

  std::string body(const Step& step) {
    count(step);
    const std::string result = text(step);
    return fmt::format("{}  return {};\n", lines_, result);
  }

 private:
  void count(const Step& step) {
    if (uses_[&step]++ > 0) return;
    for (const auto& operand : step.operands) count(*operand);
  }

  std::string text(const Step& step) {
    if (step.operation == Operation::variable) return std::string(variable_);
    if (step.operation == Operation::number)
      return fmt::format("({}){}", arithmetic_.type, setting_text(step.number));
    if (uses_[&step] == 1) return written(step);
    if (const auto named = names_.find(&step); named != names_.end()) return named->second;
    const std::string value = written(step);
    const std::string name = fmt::format("t{}", names_.size() + 1);
    const bool is_condition = step.operation == Operation::less || step.operation == Operation::both;
    lines_ += fmt::format("  const {} {} = {};\n", is_condition ? "int" : arithmetic_.type, name, value);
    return names_[&step] = name;
  }

  std::string written(const Step& step) {
    std::vector<std::string> operands;
    for (const auto& operand : step.operands) operands.push_back(text(*operand));
    if (step.operation == Operation::negate) return fmt::format("-({})", operands[0]);
    if (step.operation == Operation::select)
      return fmt::format("({} ? {} : {})", operands[0], operands[1], operands[2]);
    const CWord& word = c_word(step.operation);
    if (word.kind == CWord::sign) return fmt::format("({} {} {})", operands[0], word.text, operands[1]);
    const std::string function = word.kind == CWord::own_function ? fmt::format("{}{}", arithmetic_.own, word.text)
                                                                  : fmt::format("{}{}{}", arithmetic_.function,
                                                                                word.text, arithmetic_.function_end);
    return fmt::format("{}({}{})", function, operands[0], operands.size() > 1 ? ", " + operands[1] : "");
  }

  const CArithmetic& arithmetic_;
  std::string_view variable_;
  std::map<const Step*, std::size_t> uses_;
  std::map<const Step*, std::string> names_;
  std::string lines_;
};

void collect_functions(const Step& step, std::set<std::string>& functions) {
  for (const CWord& word : c_words)
    if (word.operation == step.operation && word.kind == CWord::own_function) functions.emplace(word.text);
  for (const auto& operand : step.operands) collect_functions(*operand, functions);
}

}  // namespace

std::string c_body(const Formula& formula, const CArithmetic& arithmetic, std::string_view variable) {
  return CFormula(arithmetic, variable).body(*formula.step());
}

std::set<std::string> functions_in(const Formula& formula) {
  std::set<std::string> functions;
  collect_functions(*formula.step(), functions);
  return functions;
}

}  // namespace neurone
