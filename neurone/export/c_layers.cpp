// Each layer as a call or a loop, from one buffer to the other. Behind a members layer all that follows runs once for
// each member.
#include "neurone/export/c_layers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <type_traits>

#include "neurone/export/c_formula.h"
#include "neurone/export/c_text.h"
#include "neurone/export/int8.h"

namespace neurone {
namespace {

constexpr CArithmetic arithmetic_of_network{.type = "real", .own = "real_", .function = "REAL(", .function_end = ")"};

template <class T> class CLayers {
 public:
  CLayers(const Networks<T>& networks, COutputs what, bool int8)
      : networks_(networks), network_(networks.front()), logits_(what == COutputs::logits), int8_(int8) {}

  CNetworks written() {
    for (index_ = 0; index_ < network_.size(); ++index_) {
      std::visit([&](const auto& spec) { add(spec); }, network_.spec().layers[index_]);
      if (!logits_ || index_ + 1 < network_.size()) add_activation(network_.layer(index_).activation().name());
    }
    finish();
    return std::move(written_);
  }

 private:
  // --- layers ------------------------------------------------------------------------------------------------------

  void add(const layers::Dense& spec) {
    if (int8_) return add_int8(spec.bias);
    const std::string W = parameters("W"), b = spec.bias ? parameters("b") : "NULL";
    if (outputs() == 1)
      call("neuron", fmt::format("{}, {}, {}, {}", inputs(), from_, W, b));
    else
      call("dense", fmt::format("{}, {}, {}, {}, {}", inputs(), outputs(), from_, W, b));
  }
  void add(const layers::Dropout&) {}  // prediction drops nothing
  void add(const layers::BatchNorm& spec) {
    std::vector<std::vector<T>> inverses;
    for (const Network<T>& network : networks_) {
      const std::span<const T> variance = statistic(network, "variance");
      std::vector<T>& inverse = inverses.emplace_back();
      for (const T each : variance) inverse.push_back(T(1) / std::sqrt(each + static_cast<T>(spec.epsilon)));
    }
    const std::string mean = arrays("mean", [&](std::size_t k) { return statistic(networks_[k], "mean"); });
    const std::string inverse = arrays("inverse", [&](std::size_t k) { return std::span<const T>(inverses[k]); });
    call("batch_norm", fmt::format("{}, {}, {}, {}, {}, {}", inputs(), from_, mean, inverse, parameters("gain"),
                                   parameters("shift")));
  }
  void add(const layers::LayerNorm& spec) {
    call("layer_norm", fmt::format("{}, {}, {}, {}, {}", inputs(), c_number(static_cast<T>(spec.epsilon)), from_,
                                   parameters("gain"), parameters("shift")));
  }
  void add(const layers::Scale&) { call("scale", fmt::format("{}, {}, {}", inputs(), from_, parameters("s"))); }
  void add(const layers::Embedding& spec) {
    const std::string E = parameters("E"), from = from_, to = other_buffer();
    for (const EmbeddingPart& part : embedding_parts(spec, inputs())) {
      const std::string x = fmt::format("{} + {}", from, part.x), z = fmt::format("{} + {}", to, part.z);
      if (part.is_block)
        lines_ +=
            fmt::format("  embed({}, {}, {}, {} + {}, {});\n", part.width, part.size, x, E, part.row * part.size, z);
      else
        lines_ += fmt::format("  memcpy({}, {}, {} * sizeof(real));\n", z, x, part.width);
    }
    written_.functions.insert("embed");
  }
  // what all members share stays where it is
  void add(const layers::Members& spec) {
    const std::string r = parameters("r");
    members_ = spec.count;
    before_members_ = std::move(lines_);
    lines_.clear();
    shared_ = from_ == "x" ? 0 : inputs();
    if (shared_ > 0) before_members_ += fmt::format("  memcpy(shared, {}, sizeof shared);\n", from_);
    from_ = shared_ > 0 ? "shared" : "x";
    call("scale", fmt::format("{}, {}, {} + m * {}", inputs(), from_, r, inputs()));
  }
  void add(const layers::Heads&) {
    if (int8_) return add_int8(true);
    const std::string W = parameters("W") + of_member(outputs() * inputs()),
                      b = parameters("b") + of_member(outputs());
    call("heads", fmt::format("{}, {}, {}, {}, {}", inputs(), outputs(), from_, W, b));
  }
  // A dense layer, or heads.
  void add_int8(bool has_bias) {
    std::vector<Int8Weights<T>> weights;
    for (const Network<T>& network : networks_) weights.push_back(int8_weights(network, index_));
    const bool per_member = weights.front().steps.size() > outputs();
    const auto at = [&](std::size_t elements) { return per_member ? of_member(elements) : ""; };
    const std::string W = arrays("W", [&](std::size_t k) { return std::span<const std::int8_t>(weights[k].W); }),
                      steps = arrays("steps", [&](std::size_t k) { return std::span<const T>(weights[k].steps); }),
                      b = has_bias ? parameters("b") + at(outputs()) : "NULL";
    call("dense_int8",
         fmt::format("{}, {}, {}, {}, {}{}, {}{}, {}, whole", inputs(), outputs(), largest_int8_input(inputs()),
                     from_, W, at(outputs() * inputs()), steps, at(outputs()), b));
    whole_ = std::max(whole_, inputs());
  }
  std::string of_member(std::size_t elements) const {
    return members_ == 1 ? "" : fmt::format(" + m * {}", elements);
  }

  // A call that writes into the other buffer, which is its last operand.
  void call(const std::string& function, const std::string& operands) {
    written_.functions.insert(function);
    const std::string to = other_buffer();
    lines_ += fmt::format("  {}({}, {});\n", function, operands, to);
  }

  // The other buffer, into which the layer writes, and from which the next one reads.
  std::string other_buffer() {
    from_ = from_ == "a" ? "b" : "a";
    widest_ = std::max(widest_, outputs());
    uses_b_ = uses_b_ || from_ == "b";
    return from_;
  }

  // --- activations -------------------------------------------------------------------------------------------------

  void add_activation(std::string_view name) {
    if (name == activations::Identity::name) return;
    const std::optional<Formula> formula = formula_of_activation(name);
    if (!formula) {
      written_.functions.emplace(name);
      lines_ += fmt::format("  {}({}, {});\n", name, outputs(), from_);
      return;
    }
    lines_ += fmt::format("  for (int j = 0; j < {}; ++j) {}[j] = sigma_{}({}[j]);\n", outputs(), from_, name, from_);
    if (!activations_.insert(std::string(name)).second) return;
    written_.functions.merge(functions_in(*formula));
    written_.activations +=
        fmt::format("\nstatic real sigma_{}(real z) {{\n{}}}\n", name, c_body(*formula, arithmetic_of_network, "z"));
  }

  // --- the function ------------------------------------------------------------------------------------------------

  void finish() {
    index_ = network_.size() - 1;
    std::string body = fmt::format("  real a[{}]{};\n", widest_, uses_b_ ? fmt::format(", b[{}]", widest_) : "");
    if (whole_ > 0) body += fmt::format("  int16_t whole[{}];\n", whole_);
    if (shared_ > 0) body += fmt::format("  real shared[{}];\n", shared_);
    if (members_ == 1) {
      body += lines_ + fmt::format("  memcpy(y, {}, {} * sizeof(real));\n", from_, outputs());
    } else if (logits_) {
      body += before_members_ +
              fmt::format("  for (int m = 0; m < {}; ++m) {{\n{}  memcpy(y + m * {}, {}, {} * sizeof(real));\n  }}\n",
                          members_, lines_, outputs(), from_, outputs());
    } else {
      body += before_members_ + fmt::format("  for (int j = 0; j < {}; ++j) y[j] = 0;\n", outputs());
      body +=
          fmt::format("  for (int m = 0; m < {}; ++m) {{\n{}  for (int j = 0; j < {}; ++j) y[j] += {}[j];\n  }}\n",
                      members_, lines_, outputs(), from_);
      body += fmt::format("  for (int j = 0; j < {}; ++j) y[j] /= (real){};\n", outputs(), members_);
    }
    written_.outputs = outputs() * (logits_ ? members_ : 1);
    written_.function =
        fmt::format(R"(
/* y, {} {} of network k of {}, from x, {} inputs. */
static void network(int k, const real* x, real* y) {{
{}}}
)",
                    written_.outputs, logits_ ? "logits" : "outputs", networks_.size(), network_.inputs(), body);
    written_.stack = (2 * widest_ + shared_) * sizeof(T) + whole_ * sizeof(std::int16_t);
  }

  // --- parameters --------------------------------------------------------------------------------------------------

  // An array for each network, filled by values(k); returns how the function names the one of network k.
  template <class Values> std::string arrays(const std::string& block, const Values& values) {
    using Row = std::invoke_result_t<Values, std::size_t>;
    using Element = typename Row::value_type;
    std::vector<Row> rows;
    for (std::size_t k = 0; k < networks_.size(); ++k) rows.push_back(values(k));
    const std::string name = fmt::format("layer{}_{}", index_, block);
    const char* const type = std::is_same_v<Element, std::int8_t> ? "int8_t" : "real";
    written_.arrays +=
        c_array<Element>(fmt::format("static const {} {}[{}][{}]", type, name, rows.size(), rows.front().size()),
                         std::span<const Row>(rows));
    return name + "[k]";
  }
  std::string parameters(const std::string& block) {
    return arrays(block, [&](std::size_t k) -> std::span<const T> {
      return networks_[k].parameter(fmt::format("{}.{}", index_, block)).elements();
    });
  }
  std::span<const T> statistic(const Network<T>& network, const std::string& block) const {
    const ParameterBlock& found =
        *std::ranges::find(network.statistic_blocks(), fmt::format("{}.{}", index_, block), &ParameterBlock::name);
    return network.statistics().subspan(found.offset, found.size());
  }

  std::size_t inputs() const { return network_.layer(index_).inputs(); }
  std::size_t outputs() const { return network_.layer(index_).outputs(); }

  const Networks<T>& networks_;
  const Network<T>& network_;
  CNetworks written_;
  std::size_t index_ = 0;  // of the layer that is being written
  bool logits_, int8_;
  std::size_t members_ = 1, shared_ = 0, widest_ = 0, whole_ = 0;
  bool uses_b_ = false;
  std::string lines_, before_members_, from_ = "x";
  std::set<std::string> activations_;
};

}  // namespace

template <class T> CNetworks c_networks(const Networks<T>& networks, COutputs what, bool int8) {
  return CLayers<T>(networks, what, int8).written();
}

template CNetworks c_networks<float>(const Networks<float>&, COutputs, bool);
template CNetworks c_networks<double>(const Networks<double>&, COutputs, bool);

}  // namespace neurone
