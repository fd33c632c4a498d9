// Which sections there are, and what is asked of the model for them.
#include "neurone/report/page.h"

#include <fmt/format.h>

#include <algorithm>

#include "neurone/report/markup.h"
#include "neurone/report/sections.h"

namespace neurone::report {
namespace {

Tested test(const Subject& subject) {
  Tested tested;
  if (rows(subject.test) == 0) return tested;
  tested.predictions = predict(subject.made.model, subject.test, subject.threads);
  if (const auto* classes = std::get_if<ClassTarget>(&subject.made.model.target))
    tested.classes = true_classes(subject.test, *classes);
  else
    tested.numbers = target_values(std::get<Table>(subject.test), std::get<NumberTarget>(subject.made.model.target));
  return tested;
}

// A word for a shell: in quotes where it needs them.
std::string shell_word(const std::string& word) {
  const bool plain = !word.empty() && std::ranges::all_of(word, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_./=:,+%@").find(c) != std::string_view::npos;
  });
  if (plain) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string shell_line(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + shell_word(word);
  return line;
}

std::string cards(const Subject& subject) {
  if (!subject.made.test) return "";
  const Figures& figures = subject.made.test->figures;
  const auto card = [](std::string_view what, std::string_view value, std::string_view below) {
    return fmt::format("<div><span>{}</span><b>{}</b><span>{}</span></div>", what, value, below);
  };
  std::string text;
  const bool classes = task_of(subject.made.model.target) == Task::classification;
  const std::vector<std::string_view> shown =
      classes ? std::vector<std::string_view>{"accuracy", "roc_auc", "log_loss", "calibration_error"}
              : std::vector<std::string_view>{"rmse", "mae", "r2", "coverage_90"};
  for (const std::string_view name : shown) {
    const auto at = std::ranges::find(figures, name, &Figure::name);
    if (at == figures.end()) continue;
    text += card(name, number_text(at->value), interval_text(at->interval));
  }
  return element("div", " class=\"cards\"", text);
}

Section again_section(const Subject& subject) {
  Section section{.id = "again", .heading = "Make it again, use it"};
  std::string& text = section.content;
  if (!subject.command.empty())
    text += element("p", "",
                    "The same words and the same file give the same model, byte for byte, with any number of "
                    "threads:") +
            element("pre", "", element("code", "", escaped(shell_line(subject.command))));
  text += element("p", "", "Predict new rows, and test on others:") +
          element("pre", "",
                  element("code", "",
                          escaped(shell_line({"neurone", "predict", subject.model, "new.csv"}) + "\n" +
                                  shell_line({"neurone", "evaluate", subject.model, "other.csv"}))));
  return section;
}

}  // namespace

std::string value_text(const Model& model, double value) {
  return gives_probabilities(model) ? percent_text(value) : number_text(value);
}

std::string interval_text(const std::optional<Interval>& interval) {
  return interval ? number_text(interval->low) + " to " + number_text(interval->high) : "";
}

std::string picture(std::string_view heading, const std::string& drawn, std::string_view caption,
                    const std::string& numbers) {
  return "<figure>" + element("h3", "", escaped(heading)) + drawn +
         (caption.empty() ? "" : element("figcaption", "", caption)) + numbers + "</figure>";
}

std::string page(const Subject& subject) {
  const Model& model = subject.made.model;
  const Tested tested = test(subject);
  const auto* table = std::get_if<Table>(&subject.test);
  Importances importances;
  if (table != nullptr && table->rows() > 0) importances = permutation_importance(model, *table, subject.threads);

  std::vector<Section> sections{figures_section(subject, tested),
                                importance_section(importances),
                                dependence_section(subject, importances),
                                mistakes_section(subject, tested, importances),
                                parameters_section(subject),
                                table_section(subject),
                                training_section(subject),
                                again_section(subject)};
  std::erase_if(sections, [](const Section& each) { return each.content.empty(); });
  const std::string target = escaped(target_name(model.target)), data = escaped(subject.data);
  return framed(
      {.title = target + " from " + data,
       .above = fmt::format("<header><h1>{}</h1><p class=\"soft\">predicted from {} by {}, a model that "
                            "neurone {} made</p></header>\n{}",
                            target, data, escaped(subject.model), escaped(subject.version), cards(subject))},
      sections);
}

}  // namespace neurone::report
