// What model/model.cpp does with outputs, in double as there.
#include "neurone/export/onnx_values.h"

#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace neurone {
namespace {

class OnnxValues {
 public:
  OnnxValues(const Model& model, OnnxType numbers, OnnxGraph& graph)
      : model_(model), numbers_(numbers), graph_(graph) {}

  void add_classes(const ClassTarget& target, const std::vector<std::string>& outputs) {
    std::vector<std::string> values;
    for (const std::string& each : outputs)
      values.push_back(has_logits(model_) ? probabilities(class_logits(logits(widened(each))))
                                          : class_values(widened(each)));
    const std::string mean = mean_of(values);
    const std::string place =
        graph_.add({"ArgMax", {mean}, {{"axis", std::int64_t{1}}, {"keepdims", std::int64_t{0}}}});
    std::vector<std::int64_t> numbers(target.classes.size());
    std::iota(numbers.begin(), numbers.end(), 0);
    OnnxNode encoder{
        .operation = "LabelEncoder", .inputs = {place}, .domain = onnx_ml};  // as in onnx_preparation.cpp
    encoder.attributes.emplace_back("keys_int64s", std::move(numbers));
    encoder.attributes.emplace_back("values_strings", target.classes);
    const std::string label = graph_.add(encoder);
    graph_.add_output({.name = "prediction", .type = OnnxType::text, .shape = {any_rows}, .description = target.name},
                      label);
    const bool probabilities = gives_probabilities(model_);
    std::string names;
    for (const std::string& each : target.classes) names += (names.empty() ? "" : ", ") + each;
    add_output(probabilities ? "probabilities" : "scores", static_cast<std::int64_t>(target.classes.size()),
               "of the classes " + names, mean);
  }

  void add_number(const NumberTarget& target, const std::vector<std::string>& outputs) {
    const bool deviates = model_.loss.outputs_per_target() == 2;
    std::vector<std::string> means, squares;
    for (const std::string& each : outputs) {
      const std::string Y = widened(each), first = deviates ? column(Y, 0) : Y;
      means.push_back(with("Add", with("Mul", first, target.deviation), target.mean));
      if (!deviates) continue;
      const std::string deviation = with("Mul", node("Exp", with("Mul", column(Y, 1), 0.5)), target.deviation);
      // of several networks the mean of d² + m², below less the square of the mean m
      squares.push_back(outputs.size() == 1 ? deviation : node("Add", square(deviation), square(means.back())));
    }
    std::string mean = mean_of(means), deviation;
    if (deviates) {
      deviation = squares.front();
      if (outputs.size() > 1) deviation = node("Sqrt", with("Max", node("Sub", mean_of(squares), square(mean)), 0));
    }
    if (std::isfinite(target.lowest)) mean = with("Max", mean, target.lowest);
    if (std::isfinite(target.highest)) mean = with("Min", mean, target.highest);
    add_output("prediction", 1, target.name, mean);
    if (deviates) add_output("deviation", 1, "the standard deviation of " + target.name, deviation);
  }

 private:
  static constexpr auto wide = OnnxType::float64;

  // rows × classes from rows × outputs
  std::string class_values(const std::string& Y) {
    if (model_.outputs() > 1) return Y;
    const bool is_hinge = model_.loss.name() == losses::Hinge::name;
    return beside(is_hinge ? node("Neg", Y) : node("Sub", graph_.number(wide, 1), Y), Y);
  }

  // rows × outputs from Z, of several members the logits of the mean of their probabilities (network/members.cpp)
  std::string logits(const std::string& Z) {
    if (members() == 1) return Z;
    if (model_.outputs() > 1) return log_of_mean(graph_.add({"Softmax", {Z}, {{"axis", std::int64_t{-1}}}}));
    return node("Sub", log_of_mean(node("Sigmoid", Z)), log_of_mean(node("Sigmoid", node("Neg", Z))));
  }
  std::string log_of_mean(const std::string& of_members) {
    const std::string mean = graph_.add(
        {"ReduceMean", {of_members}, {{"axes", std::vector<std::int64_t>{1}}, {"keepdims", std::int64_t{0}}}});
    return node("Log", with("Max", mean, std::numeric_limits<double>::min()));
  }

  // rows × classes: the z of one sigmoid is −z/2 and z/2
  std::string class_logits(const std::string& L) {
    if (model_.outputs() > 1) return L;
    const std::string half = with("Mul", L, 0.5);
    return beside(node("Neg", half), half);
  }

  // softmax(l/τ)
  std::string probabilities(const std::string& L) {
    const double temperature = model_.calibration.temperature;
    const std::string scaled = temperature == 1 ? L : with("Div", L, temperature);
    return graph_.add({"Softmax", {scaled}, {{"axis", std::int64_t{1}}}});
  }

  std::string beside(const std::string& a, const std::string& b) {
    return graph_.add({"Concat", {a, b}, {{"axis", std::int64_t{1}}}});
  }

  std::string mean_of(const std::vector<std::string>& values) {
    if (values.size() == 1) return values.front();
    return with("Div", graph_.add({"Sum", values}), static_cast<double>(values.size()));
  }

  void add_output(const std::string& name, std::int64_t columns, const std::string& description,
                  const std::string& tensor) {
    graph_.add_output({.name = name, .type = numbers_, .shape = {any_rows, columns}, .description = description},
                      numbers_ == wide ? tensor : cast(tensor, numbers_));
  }

  std::string column(const std::string& Y, std::int64_t number) {
    const std::string index = graph_.add_constant<std::int64_t>("which column", {1}, {&number, 1});
    return graph_.add({"Gather", {Y, index}, {{"axis", std::int64_t{1}}}});
  }
  std::string square(const std::string& tensor) { return node("Mul", tensor, tensor); }
  std::size_t members() const {
    return std::visit([](const auto& all) { return all.front().members(); }, model_.networks);
  }
  bool in_double() const { return std::holds_alternative<Networks<double>>(model_.networks); }
  std::string widened(const std::string& Y) { return in_double() ? Y : cast(Y, wide); }
  std::string cast(const std::string& tensor, OnnxType to) {
    return graph_.add({"Cast", {tensor}, {{"to", static_cast<std::int64_t>(to)}}});
  }
  std::string with(const char* operation, const std::string& tensor, double number) {
    return node(operation, tensor, graph_.number(wide, number));
  }
  template <class... Inputs> std::string node(const char* operation, const Inputs&... inputs) {
    return graph_.add({operation, {inputs...}});
  }

  const Model& model_;
  OnnxType numbers_;
  OnnxGraph& graph_;
};

}  // namespace

void add_values(const Model& model, const std::vector<std::string>& outputs, OnnxType numbers, OnnxGraph& graph) {
  OnnxValues values(model, numbers, graph);
  if (const auto* classes = std::get_if<ClassTarget>(&model.target))
    values.add_classes(*classes, outputs);
  else
    values.add_number(std::get<NumberTarget>(model.target), outputs);
}

}  // namespace neurone
