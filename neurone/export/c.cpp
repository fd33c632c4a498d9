// The header, then the source from the bottom up: functions, preparation, networks, what their outputs mean, the
// self-test.
#include "neurone/export/c.h"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <utility>

#include "neurone/core/error.h"
#include "neurone/core/file.h"
#include "neurone/export/c_functions.h"
#include "neurone/export/c_layers.h"
#include "neurone/export/c_preparation.h"
#include "neurone/export/c_text.h"
#include "neurone/export/c_values.h"
#include "neurone/export/int8.h"
#include "neurone/model/proof.h"

namespace neurone {
namespace {

class CWriter {
 public:
  CWriter(const Model& model, std::string file, COptions options)
      : model_(model),
        options_(std::move(options)),
        name_(CNames().make(file)),
        file_(std::move(file)),
        proof_(proof_of(model)),
        inputs_(c_inputs(model.preparation)),
        classes_(std::get_if<ClassTarget>(&model.target)),
        deviates_(classes_ == nullptr && model.loss.outputs_per_target() == 2) {}

  CSource written() {
    CSource source;
    std::visit([&]<class T>(const Networks<T>& networks) { source = written_with(networks); }, model_.networks);
    return source;
  }

 private:
  template <class T> CSource written_with(const Networks<T>& networks) {
    if (options_.int8) prove_int8();
    const CNetworks layers =
        c_networks(networks, has_logits(model_) ? COutputs::logits : COutputs::outputs, options_.int8);
    const CPreparation preparation = c_preparation(model_.preparation, inputs_);
    const std::size_t bytes =
        layers.stack + (model_.inputs() + layers.outputs) * sizeof(T) + 3 * values() * sizeof(double) + 1024;
    std::string source = fmt::format("/* {}\n   See {}.h. */\n#include \"{}.h\"\n\n", title(), file_, file_);
    source += c_beginning<T>() + c_functions<T>(layers.functions);
    source += preparation.functions + preparation.constants + "\n" + layers.arrays + layers.activations +
              layers.function + class_names() + c_value_functions(model_) + predict(preparation, layers.outputs) +
              self_test();
    return {.header = header(bytes), .source = source, .int8 = int8_};
  }

  // What is to be found is what such weights say; how far that is from the model is told.
  void prove_int8() {
    const Predictions found = predict_int8(model_, proof_.rows);
    int8_ = int8_text(model_, agreement(model_, proof_, found));
    proof_ = with_values(std::move(proof_), found.values);
  }

  std::string title() const {
    return c_comment(
        fmt::format("Predicts {}, written by neurone {}.", target_name(model_.target), options_.version));
  }
  // Columns of the values.
  std::size_t values() const { return classes_ != nullptr ? classes_->classes.size() : deviates_ ? 2 : 1; }

  // --- the header --------------------------------------------------------------------------------------------------

  std::string header(std::size_t stack) const {
    std::string guard = name_ + "_H", members;
    for (const CInput& input : inputs_)
      members += fmt::format("  {};  /* {} */\n", input.declaration, c_comment(input.comment));
    return fmt::format(R"(/* {0}
   To be compiled with a C99 or C++ compiler and linked with the mathematics of the C library (-lm). Nothing is allocated
   and nothing kept between calls: safe from many threads. A call takes about {1} bytes of stack.
{7}   Self-test: cc -std=c99 -O2 -DNEURONE_SELF_TEST {2}.c -lm -o test && ./test */
#ifndef {3}
#define {3}

#ifdef __cplusplus
extern "C" {{
#endif

/* A row as it stands in a table. What is missing is NAN or, of a text, "" or NULL. */
struct {4}_input {{
{5}}};

{6}
/* 0; -1 where a number is too large for the model, and the prediction would be no finite one. */
int {4}_predict(const struct {4}_input* input, struct {4}_output* output);

#ifdef __cplusplus
}}
#endif

#endif
)",
                       title(), stack, file_, guard, name_, members, output(),
                       int8_.empty() ? "" : fmt::format("   Weights have one byte: {}.\n", int8_));
  }

  std::string output() const {
    constexpr const char* surprises =
        R"(  int unknown;  /* texts that training has not seen: they count as none of the known ones */
  int outside;  /* numbers outside those of training, or missing where it had all */
)";
    if (classes_ == nullptr)
      return fmt::format("struct {}_output {{\n  double prediction;  /* {} */\n{}{}}};\n", name_,
                         c_comment(target_name(model_.target)),
                         deviates_ ? "  double deviation;  /* the standard deviation of the prediction */\n" : "",
                         surprises);
    return fmt::format(R"(/* The classes of {0}. */
extern const char* const {1}_classes[{2}];

struct {1}_output {{
  int prediction;  /* the number of a class */
  double {3}[{2}];  /* of the classes */
{4}}};
)",
                       c_comment(classes_->name), name_, classes_->classes.size(), values_name(), surprises);
  }

  std::string values_name() const { return gives_probabilities(model_) ? "probabilities" : "scores"; }

  // --- the source --------------------------------------------------------------------------------------------------

  std::string class_names() const {
    if (classes_ == nullptr) return {};
    std::string text;
    for (const std::string& each : classes_->classes)
      text += (text.empty() ? "" : ",\n    ") + c_string(each, "a class");
    return fmt::format("\nconst char* const {}_classes[{}] = {{\n    {}}};\n", name_, classes_->classes.size(), text);
  }

  std::string predict(const CPreparation& preparation, std::size_t outputs) const {
    return fmt::format(R"(
int {0}_predict(const struct {0}_input* input, struct {0}_output* output) {{
  real x[{1}], y[{2}];
  real* next = x;
  double values[{3}] = {{0}};
  output->unknown = output->outside = 0;
{4}  for (int i = 0; i < {1}; ++i)
    if (!(x[i] - x[i] == 0)) return -1;
  for (int k = 0; k < {5}; ++k) {{
    network(k, x, y);
{6}  return 0;
}}
)",
                       name_, model_.inputs(), outputs, values(), preparation.calls, model_.size(),
                       c_value_lines(model_));
  }

  // --- the self-test -----------------------------------------------------------------------------------------------

  std::string self_test() const {
    std::string rows, expected, labels;
    for (const std::string& row : c_rows(model_.preparation, proof_.rows))
      rows += (rows.empty() ? "" : ",\n    ") + row;
    for (std::size_t i = 0; i < proof_.values.rows(); ++i) {
      std::string row;
      for (const double value : proof_.values[i]) row += (row.empty() ? "" : ", ") + c_number_or_nan(value);
      expected += (expected.empty() ? "" : ",\n    ") + fmt::format("{{{}}}", row);
      if (classes_ != nullptr) labels += fmt::format("{}{}", labels.empty() ? "" : ", ", likeliest(proof_.values[i]));
    }
    const std::size_t count = proof_.values.rows();
    std::string compare;
    if (classes_ != nullptr)
      compare = fmt::format(
          "    other += output.prediction != labels[i];\n    for (int c = 0; c < {}; ++c)\n"
          "      largest = larger(largest, output.{}[c], expected[i][c], 1.0);\n",
          values(), values_name());
    else
      compare = fmt::format(
          "    largest = larger(largest, output.prediction, expected[i][0], {0});\n{1}",
          c_number(unit_of_values(model_.target, proof_.values)),
          deviates_ ? fmt::format("    largest = larger(largest, output.deviation, expected[i][1], {});\n",
                                  c_number(unit_of_values(model_.target, proof_.values)))
                    : "");
    return fmt::format(
        R"(
#ifdef NEURONE_SELF_TEST
#include <stdio.h>

/* Rows, and what neurone says of them. */
static const struct {0}_input rows[{1}] = {{
    {2}}};
static const double expected[{1}][{3}] = {{
    {4}}};
{5}
/* Differences are in units, or in eighths of the value where those are larger. From NAN and infinity it is infinitely
   far. */
static double larger(double largest, double found, double wanted, double unit) {{
  const double least = fabs(wanted) / 8 > unit ? fabs(wanted) / 8 : unit;
  const double difference = found == wanted || (found != found && wanted != wanted) ? 0
                            : fabs(found - wanted) < HUGE_VAL ? fabs(found - wanted) / least
                                                              : HUGE_VAL;
  return difference > largest ? difference : largest;
}}

int main(void) {{
  double largest = 0;
  int other = 0;
  for (int i = 0; i < {1}; ++i) {{
    struct {0}_output output;
    if ({0}_predict(&rows[i], &output) != 0) {{
      printf("row %d: no prediction\n", i + 1);
      return 1;
    }}
{6}  }}
  printf("%d rows, %d other labels, largest difference %.3g\n", {1}, other, largest);
  return other == 0 && largest <= {7} ? 0 : 1;
}}
#endif
)",
        name_, count, rows, values(), expected,
        classes_ == nullptr ? "" : fmt::format("static const int labels[{}] = {{{}}};\n", count, labels), compare,
        c_number(rounding_limit));
  }

  const Model& model_;
  COptions options_;
  std::string name_, file_, int8_;
  Proof proof_;
  std::vector<CInput> inputs_;
  const ClassTarget* classes_;
  bool deviates_;
};

}  // namespace

CSource format_c(const Model& model, const std::string& name, const COptions& options) {
  return CWriter(model, name, options).written();
}

CSource save_c(const Model& model, const std::string& path, const COptions& options) {
  const std::filesystem::path source(path);
  const std::string name = source.stem().string(),
                    header = std::filesystem::path(source).replace_extension(".h").string();
  if (name.find_first_of("\"\\\n") != std::string::npos)
    throw UsageError(path + ": a quote, a backslash or a line's end in the name is nothing for #include");
  std::error_code error;
  if (std::filesystem::exists(header, error) && read_file(header).find("written by neurone") == std::string::npos)
    throw UsageError(header + ": is there already, and was not written by neurone");
  CSource written = format_c(model, name, options);
  OutputFile header_file(header), source_file(path);  // neither takes its place before both are written
  header_file.write(written.header);
  source_file.write(written.source);
  header_file.finish();
  source_file.finish();
  return written;
}

}  // namespace neurone
