// Paths on the command line to rows: a folder is one of IDX files, anything else a table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "neurone/data/csv.h"
#include "neurone/model/model.h"

namespace neurone::cli {

/// Of IDX files, and not "-" for standard input.
bool is_folder(const std::string& path);

/// The rows for a model that is ready: what it was trained on decides how the file is read, but for what is said
/// again of the format. Of a folder, the test images.
Source read_source(const Model& model, const std::string& path, const TableFormat& said);

/// A table, with what is in doubt about how it was read said on standard error.
Table read_table(const std::string& path, const TableFormat& format, const SoughtColumns& sought);

/// Says these doubts.
void report_doubts(const Table& table);

/// How a table for a model is read, where this is said of it.
TableFormat format_for(const TablePreparation& preparation, const TableFormat& said);

/// The columns that a model needs, its target left out: it may not be there.
SoughtColumns sought_by(const TablePreparation& preparation);

/// Says on standard error which columns of a table the model does not use.
void report_unused_columns(const Model& model, const Source& source);

/// How many cells were surprising, of all the rows that were looked at.
class SurpriseCounts {
 public:
  void add(const Surprises& surprises);
  /// Says on standard error what was met, a line for each kind, with the columns where it was commonest first.
  void report(const Model& model) const;

 private:
  std::map<SurpriseKind, std::map<std::uint32_t, std::size_t>> counts_;  // by kind, below as above, and column
};

/// The same of some rows at once.
void report(const Model& model, const Surprises& surprises);

}  // namespace neurone::cli
