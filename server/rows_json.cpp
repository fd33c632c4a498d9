// Reads the rows straight into the text of a table.
#include <fmt/format.h>

#include <limits>
#include <utility>

#include "server/cells.h"
#include "server/images_json.h"
#include "server/json_scanner.h"
#include "server/message.h"
#include "server/rows.h"

namespace neurone::server {
namespace {

class RowReader {
 public:
  RowReader(const ServedModel& model, std::string_view body, Allowance& allowance)
      : model_(model),
        json_(body),
        allowance_(allowance),
        ignored_(model),
        begin_(model.columns().size()),
        size_(model.columns().size()) {
    content_.source = rows_name;
    content_.names = model.column_names();
    content_.reading.format = model.table()->format;
    content_.text.reserve(body.size());  // what the cells have at most, but for notations of other lengths
  }

  Rows read() && {
    if (json_.take('[')) {
      if (!json_.take(']')) {
        do row();
        while (json_.take(','));
        json_.expect(']', "a comma or ]");
      }
    } else {
      row();
    }
    json_.end();
    return {.source = Table(std::move(content_)), .ignored = std::move(ignored_).names()};
  }

 private:
  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

  Refusal refusal(const std::string& what) const { return {422, fmt::format("{}:{}: {}", rows_name, row_, what)}; }

  void row() {
    allowance_.rows(++row_);
    if (json_.next() != '{') {
      json_.skip();  // what is no JSON is told first
      throw refusal(row_ == 1 ? "expected an object, or a list of objects" : "expected an object");
    }
    json_.take('{');
    std::ranges::fill(begin_, none);
    std::size_t column = none;
    if (!json_.take('}')) {
      do member(column);
      while (json_.take(','));
      json_.expect('}', "a comma or }");
    }
    for (std::size_t k = 0; k < begin_.size(); ++k) {
      if (begin_[k] == none) throw refusal(ignored_.missing(model_.columns()[k]));
      content_.cells.emplace_back(begin_[k], size_[k]);
    }
    content_.lines.push_back(row_);
  }

  // "age": 39. `last` is the column of the member before, `none` where there was none, and becomes that of this one.
  void member(std::size_t& last) {
    const std::size_t next = last + 1 < begin_.size() ? last + 1 : 0;  // rows tend to have the order of the table
    const std::string_view name = json_.text();
    const bool as_expected = !begin_.empty() && model_.columns()[next] == name;
    const std::optional<std::size_t> column = as_expected ? next : model_.find(name);
    if (!column) ignored_.add(name);
    json_.expect(':', "a colon");
    if (!column) return json_.skip();
    if (begin_[*column] != none) throw refusal(fmt::format("'{}' stands twice", model_.columns()[*column]));
    value(*column);
    last = *column;
  }

  void value(std::size_t column) {
    const char first = json_.next();
    if (first == '"') {
      put(column, json_.text());
    } else if (first == '-' || (first >= '0' && first <= '9')) {
      const std::string_view digits = json_.finite_number();
      const Column& its = model_.table()->columns[column];
      if (reads_digits(its))
        put(column, digits);
      else
        put(column, cell_of(its, digits));
    } else if (first == '{' || first == '[') {
      json_.skip();
      throw refusal(fmt::format("column '{}': {}, expected a number, a text, true, false or null",
                                model_.columns()[column], first == '{' ? "an object" : "a list"));
    } else {
      const std::string_view word = json_.word();
      put(column, word == "null" ? std::string_view() : word);
    }
  }

  void put(std::size_t column, std::string_view cell) {
    if (cell.size() > Cell::longest)
      throw refusal(fmt::format("column '{}': a text of {} bytes", model_.columns()[column], cell.size()));
    begin_[column] = content_.text.size();
    size_[column] = cell.size();
    content_.text += cell;
  }

  const ServedModel& model_;
  JsonScanner json_;
  Allowance& allowance_;
  IgnoredColumns ignored_;
  Table::Content content_{};
  std::vector<std::size_t> begin_, size_;  // of the cells of this row in the text, by column
  std::size_t row_ = 0;                    // from 1
};

}  // namespace

Rows rows_of_json(const ServedModel& model, std::string_view body, Allowance& allowance) {
  allowance.bytes(body.size());
  if (const auto* images = std::get_if<ImagePreparation>(&model.model().preparation)) {
    JsonScanner json(body);
    Rows rows{.source = images_of(*images, json, allowance)};
    json.end();
    return rows;
  }
  return RowReader(model, body, allowance).read();
}

}  // namespace neurone::server
