// The tables of estimates that the command makes, for tests that compare them with those of statistics programs.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/cli/command.h"

namespace neurone {

/// The last event of a run on all rows, without a page.
inline nlohmann::json done(const Command& command, std::vector<std::string> arguments) {
  for (const char* each : {"--test", "0", "--validation", "0", "--report", "none", "--json"})
    arguments.emplace_back(each);
  const Outcome outcome = command(arguments);
  EXPECT_EQ(outcome.code, 0) << outcome.errors;
  const std::vector<std::string> lines = lines_of(outcome.output);
  return lines.empty() ? nlohmann::json() : nlohmann::json::parse(lines.back());
}

struct EstimateAndError {
  double value, error;
};
using TableOfEstimates = std::map<std::string, EstimateAndError>;
using TablesOfClasses = std::map<std::string, TableOfEstimates>;

/// By class, "" for a number, and by name.
inline TablesOfClasses tables_of(const nlohmann::json& event) {
  TablesOfClasses tables;
  for (const nlohmann::json& each : event.at("estimates").at("parameters"))
    tables[each.value("class", "")][each.at("name")] = {each.at("estimate"), each.at("standard_error")};
  return tables;
}

/// That of a single output.
inline TableOfEstimates table_of(const nlohmann::json& event) {
  const TablesOfClasses tables = tables_of(event);
  EXPECT_EQ(tables.size(), 1U);
  return tables.empty() ? TableOfEstimates() : tables.begin()->second;
}

/// As many digits agree, of estimates and of standard errors.
inline void expect_agree(const TableOfEstimates& found, const TableOfEstimates& expected, double digits) {
  EXPECT_EQ(found.size(), expected.size());
  const double tolerance = std::pow(10, -digits);
  for (const auto& [name, estimate] : expected) {
    ASSERT_TRUE(found.contains(name)) << name;
    EXPECT_NEAR(found.at(name).value, estimate.value, tolerance * std::abs(estimate.value)) << name;
    EXPECT_NEAR(found.at(name).error, estimate.error, tolerance * estimate.error) << name;
  }
}
inline void expect_agree(const TablesOfClasses& found, const TablesOfClasses& expected, double digits) {
  EXPECT_EQ(found.size(), expected.size());
  for (const auto& [of_class, table] : expected) {
    SCOPED_TRACE(of_class);
    ASSERT_TRUE(found.contains(of_class));
    expect_agree(found.at(of_class), table, digits);
  }
}

/// complete.csv: the penguins without a missing value.
inline void write_complete(const Command& command) {
  std::string complete;
  for (const std::string& line : lines_of(command.bytes("penguins.csv")))
    if (line.find("NA") == std::string::npos) complete += line + "\n";
  command.folder.write("complete.csv", complete);
}

}  // namespace neurone
