// The test rows that the model got most wrong, with what stood in them.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "neurone/report/markup.h"
#include "neurone/report/png.h"
#include "neurone/report/sections.h"

namespace neurone::report {
namespace {

constexpr std::size_t most_mistakes = 12, most_shown_columns = 8;

// The worst first: the least value of the true class among the rows predicted wrong, or the largest error.
std::vector<std::uint32_t> worst_rows(const Tested& tested) {
  const Matrix<double>& values = tested.predictions.values;
  std::vector<std::uint32_t> rows(tested.rows());
  std::iota(rows.begin(), rows.end(), 0U);
  std::vector<double> badness(tested.rows());
  for (std::size_t i = 0; i < badness.size(); ++i)
    badness[i] = tested.classes.empty() ? std::abs(values(i, 0) - tested.numbers[i]) : -values(i, tested.classes[i]);
  if (!tested.classes.empty())
    std::erase_if(rows, [&](std::uint32_t i) { return tested.predictions.classes[i] == tested.classes[i]; });
  const std::size_t count = std::min(most_mistakes, rows.size());
  std::ranges::partial_sort(
      rows, rows.begin() + static_cast<std::ptrdiff_t>(count),
      [&](std::uint32_t a, std::uint32_t b) { return badness[a] != badness[b] ? badness[a] > badness[b] : a < b; });
  rows.resize(count);
  return rows;
}

std::string rows_of_table(const Subject& subject, const Tested& tested, const Importances& all,
                          std::span<const std::uint32_t> worst) {
  const Model& model = subject.made.model;
  const auto& table = std::get<Table>(subject.test);
  const auto* classes = std::get_if<ClassTarget>(&model.target);
  std::vector<std::string> head{"line", "true", "predicted"};
  if (classes != nullptr) head.insert(head.end(), {"its value", "of the true class"});
  std::vector<std::size_t> columns;
  for (std::size_t k = 0; k < std::min(most_shown_columns, all.columns.size()); ++k) {
    head.push_back(escaped(all.columns[k].column));
    columns.push_back(table.column(all.columns[k].column));
  }
  Rows rows{{head}};
  for (const std::uint32_t i : worst) {
    const std::span<const double> values = tested.predictions.values[i];
    std::vector<std::string> cells{std::to_string(table.line(i))};
    if (classes != nullptr) {
      const std::uint32_t said = tested.predictions.classes[i], truth = tested.classes[i];
      cells.insert(cells.end(), {escaped(classes->classes[truth]), escaped(classes->classes[said]),
                                 value_text(model, values[said]), value_text(model, values[truth])});
    } else {
      cells.insert(cells.end(), {number_text(tested.numbers[i]), number_text(values[0])});
    }
    for (const std::size_t column : columns) cells.push_back(escaped(trim(table.cell(i, column))));
    rows.cells.push_back(std::move(cells));
  }
  return rows.html();
}

std::string rows_of_images(const Subject& subject, const Tested& tested, std::span<const std::uint32_t> worst) {
  const auto& images = std::get<Images>(subject.test);
  const auto& classes = std::get<ClassTarget>(subject.made.model.target).classes;
  const std::size_t size = images.height * images.width;
  std::string text;
  for (const std::uint32_t i : worst) {
    const std::span<const std::uint8_t> pixels = std::span(images.pixels).subspan(i * size, size);
    const std::string caption = fmt::format(
        "image {}: {}, taken for {} ({})", i + 1, classes[tested.classes[i]], classes[tested.predictions.classes[i]],
        value_text(subject.made.model, tested.predictions.values(i, tested.predictions.classes[i])));
    text += fmt::format("<figure><img alt=\"{0}\" src=\"{1}\"><figcaption>{0}</figcaption></figure>",
                        escaped(caption), png_address(pixels, images.height, images.width));
  }
  return element("div", " class=\"images\"", text);
}

}  // namespace

Section mistakes_section(const Subject& subject, const Tested& tested, const Importances& all) {
  Section section{.id = "mistakes", .heading = "Where it is most wrong"};
  const std::vector<std::uint32_t> worst = worst_rows(tested);
  if (worst.empty()) return section;
  const bool images = std::holds_alternative<Images>(subject.test);
  section.content =
      element("p", "",
              images ? "The test images that it was surest of, and wrong."
              : tested.classes.empty()
                  ? "The test rows with the largest errors, with the columns that matter most. Mistakes in the "
                    "data often show here."
                  : "The test rows that were predicted wrong with the least doubt, with the columns that matter "
                    "most. Mistakes in the data often show here.") +
      (images ? rows_of_images(subject, tested, worst) : rows_of_table(subject, tested, all, worst));
  return section;
}

}  // namespace neurone::report
