#include "neurone/report/followed.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace neurone::report {
namespace {

// Each unit is a table with a line for each unit before and behind it: about as many lines as a page of a few MB
// holds.
std::size_t most_units(const Trace& trace) {
  constexpr double lines = 12000, least = 8, most = 48;
  const auto neurons = static_cast<double>(
      std::ranges::count_if(trace.layers, [](const TracedLayer& layer) { return has_neurons(layer.spec); }));
  return static_cast<std::size_t>(std::clamp(std::sqrt(lines / std::max(neurons, 1.0)), least, most));
}

// What a sum adds to the share of a unit: finite, so that shares have an order.
double share_of(double number) {
  return std::min(sorting_size(number), std::numeric_limits<double>::max());
}

// What is followed behind a norm needs the same unit before it.
void add_shares(const WeightedSum& sum, std::vector<double>& shares) {
  for (const Term& term : sum.terms) shares[term.from.unit] += share_of(term.product());
}
void add_shares(const Normalisation& of, std::vector<double>& shares) {
  shares[of.from.unit] = std::numeric_limits<double>::max();
}
void add_shares(const NormalisationGradient&, std::vector<double>&) {}  // of the way back, which takes no part

}  // namespace

std::vector<std::size_t> largest_of(std::span<const double> numbers, std::size_t most) {
  std::vector<std::size_t> places(numbers.size());
  std::iota(places.begin(), places.end(), 0U);
  if (places.size() <= most) return places;
  std::ranges::sort(places, {}, [&](std::size_t j) { return std::pair(-sorting_size(numbers[j]), j); });
  places.resize(most);
  std::ranges::sort(places);
  return places;
}

std::size_t row_of_member(const Trace& trace, std::size_t depth, std::size_t member) {
  return trace.A(depth).rows() == 1 ? 0 : member;
}

Followed followed_units(const Trace& trace, std::size_t member, const std::optional<Place>& wanted) {
  const std::size_t most = most_units(trace);
  Followed followed(trace.depth() + 1);
  std::vector<double> shares;  // of the units of the depth at hand
  for (const double each : trace.A(trace.depth())[row_of_member(trace, trace.depth(), member)])
    shares.push_back(share_of(each));
  for (std::size_t depth = trace.depth();; --depth) {
    if (wanted && wanted->depth == depth) shares[wanted->unit] = std::numeric_limits<double>::infinity();
    followed[depth] = largest_of(shares, most);
    if (depth == 0) return followed;
    shares.assign(trace.A(depth - 1).columns(), 0);
    for (const std::size_t unit : followed[depth]) {
      const Place at{.depth = depth, .row = row_of_member(trace, depth, member), .unit = unit};
      std::visit([&](const auto& each) { add_shares(each, shares); }, origin_of_z(trace, at));
    }
  }
}

}  // namespace neurone::report
