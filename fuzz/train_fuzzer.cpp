// Any table under any options of `neurone train` becomes a model that predicts the same table, or is refused with
// neurone::Error. The bytes choose the columns, the cells and the options; networks are small and runs short.
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/verbs.h"
#include "neurone/core/error.h"
#include "neurone/core/file.h"
#include "neurone/data/csv.h"
#include "neurone/file/model_file.h"

namespace {

using Words = std::vector<std::string>;

void check(bool holds) {
  if (!holds) std::abort();
}

// The input as choices; zeros behind its end.
class Choices {
 public:
  Choices(const std::uint8_t* data, std::size_t size) : bytes_(data, size) {}

  std::size_t below(std::size_t count) { return next() % count; }
  template <class List> auto one_of(const List& list) { return list[below(std::size(list))]; }
  bool are_left() const { return !bytes_.empty(); }

 private:
  std::size_t next() {
    if (bytes_.empty()) return 0;
    const std::uint8_t first = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return first;
  }
  std::span<const std::uint8_t> bytes_;
};

constexpr std::array<std::string_view, 24> odd_cells{
    "",       "NA",      "null",     "0",    "-0",  "7.0",   "1e308",      "-1e308",
    "1e-400", "1e400",   "nan",      "inf",  "1,5", "45%",   "2024-02-29", "29.2.2024",
    "True",   "\"a,b\"", "\xC3\xA4", "\xFF", "$12", "1 234", "12:30",      "-"};

// A cell of a column of this kind in this row.
std::string cell(Choices& choices, std::size_t kind, std::size_t row) {
  switch (kind) {
    case 0:
      return std::to_string(choices.below(256)) + "." + std::to_string(row % 10);  // numbers
    case 1:
      return std::to_string(choices.below(3));  // few whole numbers
    case 2:
      return std::string(1, static_cast<char>('a' + choices.below(4)));  // categories
    case 3:
      return "name" + std::to_string(row);  // all different
    case 4:
      return "2024-0" + std::to_string(1 + choices.below(9)) + "-1" + std::to_string(row % 10);
    case 5:
      return row % 2 == 0 ? "yes" : "no";
    case 6:
      return "same";
    default:
      return std::string(choices.one_of(odd_cells));
  }
}

std::string table(Choices& choices) {
  const std::size_t columns = 2 + choices.below(4), rows = 1 + choices.below(40);
  std::vector<std::size_t> kinds;
  for (std::size_t c = 0; c < columns; ++c) kinds.push_back(choices.below(8));
  std::string text;
  for (std::size_t c = 0; c < columns; ++c) text += (c == 0 ? "c" : ",c") + std::to_string(c);
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t c = 0; c < columns; ++c)
      text += (c == 0 ? "\n" : ",") +
              (choices.below(16) == 15 ? std::string(choices.one_of(odd_cells)) : cell(choices, kinds[c], row));
  return text + "\n";
}

// Options with values, good and bad. A number of networks, epochs or units is small: what is large is another test.
struct Option {
  std::string_view name;
  std::vector<std::string_view> values;
};
const std::vector<Option> options{
    {"--task", {"classification", "regression"}},
    {"--category", {"c0", "c1", "c9"}},
    {"--numeric", {"c0", "c2"}},
    {"--ignore", {"c0", "c1", "c2"}},
    {"--scaling", {"standard", "robust", "none"}},
    {"--raw", {}},
    {"--bins", {"0", "1", "2", "64"}},
    {"--weight", {"c0", "c2"}},
    {"--group", {"c0", "c2"}},
    {"--time", {"c0", "c2"}},
    {"--class-weight", {"balanced", "yes=2", "a=0", "0=1e30"}},
    {"--activation", {"relu", "softplus", "exp", "rrelu", "gelu"}},
    {"--output-activation", {"sigmoid", "softmax", "log_softmax", "identity", "exp", "tanh", "relu"}},
    {"--layer", {"dense 3 tanh", "batch_norm", "layer_norm", "dropout 0.9", "scale", "members 2", "heads 2"}},
    {"--initialiser", {"zeros", "orthogonal", "lecun_normal", "constant:1e30"}},
    {"--dropout", {"0", "0.99"}},
    {"--no-output-bias", {}},
    {"--precision", {"float", "double", "bf16"}},
    {"--loss", {"cross_entropy", "focal", "poisson", "gaussian_nll", "huber", "hinge", "binary_cross_entropy"}},
    {"--optimizer",
     {"sgd", "adam:0", "lion", "lbfgs", "newton", "least-squares", "levenberg-marquardt", "rprop",
      "conjugate-gradient"}},
    {"--learning-rate", {"0", "1e30", "0.1"}},
    {"--schedule", {"cosine", "one_cycle", "step"}},
    {"--warmup", {"0.5", "100"}},
    {"--batch", {"1", "2", "1000000"}},
    {"--patience", {"1"}},
    {"--stop", {"generalisation-loss:5", "progress-quotient", "successive-increases"}},
    {"--best-by", {"loss", "metric"}},
    {"--weight-decay", {"0", "1e30"}},
    {"--l1", {"0.1"}},
    {"--l2", {"0.1", "1e30"}},
    {"--clip-norm", {"1e-30"}},
    {"--clip-value", {"1e-30"}},
    {"--label-smoothing", {"0.5"}},
    {"--ensemble", {"1", "2", "5"}},
    {"--restarts", {"1", "3"}},
    {"--test", {"0", "0.01", "0.5", "0.99"}},
    {"--validation", {"0", "0.01", "0.5", "0.99"}},
    {"--certify", {}},
    {"--no-rows", {}},
};

Words arguments(Choices& choices) {
  Words words{"table.csv", "--target", "c1", "--output", "m.safetensors", "--quiet", "--threads", "1"};
  words.insert(words.end(),
               {"--epochs", choices.below(4) == 3 ? "3" : "1", "--hidden", choices.below(4) == 3 ? "none" : "2"});
  if (choices.below(8) != 7) words.insert(words.end(), {"--report", "none"});
  while (choices.are_left()) {
    const Option& option = options[choices.below(options.size())];
    words.emplace_back(option.name);
    if (!option.values.empty()) words.emplace_back(choices.one_of(option.values));
  }
  return words;
}

void go_to_own_folder() {
  static const bool there = [] {
    const auto folder = std::filesystem::temp_directory_path() / ("train_fuzzer-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    std::filesystem::current_path(folder);
    return true;
  }();
  check(there);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  go_to_own_folder();
  const std::size_t for_options = size / 4;  // at the end, so that they change independently of the table
  Choices options_first(data + (size - for_options), for_options), cells(data, size - for_options);
  neurone::write_file("table.csv", table(cells));
  try {
    const neurone::cli::VerbPointer verb = neurone::cli::verb_named("train");
    if (!verb->read(arguments(options_first))) return 0;
    check(verb->action() == 0);
  } catch (const neurone::Error&) {
    return 0;
  }
  const neurone::Model model = neurone::load_model("m.safetensors");
  try {
    const neurone::Table rows = neurone::read_csv("table.csv");
    check(neurone::predict(model, rows).values.rows() == rows.rows());
  } catch (const neurone::Error&) {  // a test row may hold what training has refused
  }
  return 0;
}
