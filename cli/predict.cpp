// neurone predict MODEL DATA: a prediction for each row, as CSV or JSON Lines. A table is read, predicted and written
// block after block, several at once: memory does not grow with it.
#include <fmt/format.h>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>

#include "cli/format_options.h"
#include "cli/interrupt.h"
#include "cli/machine.h"
#include "cli/messages.h"
#include "cli/source.h"
#include "cli/verbs.h"
#include "neurone/core/file.h"
#include "neurone/core/pipeline.h"
#include "neurone/data/csv_blocks.h"
#include "neurone/file/model_file.h"
#include "neurone/model/prediction_text.h"

namespace neurone::cli {
namespace {

struct PredictOptions {
  std::string model, data, output;
  std::optional<double> interval;
  TableFormat format;
  bool json = false, flags = false, strict = false;
  Machine machine;
};

// Standard output, where main sees whether the last of it arrived, or a file.
class PredictionWriter {
 public:
  explicit PredictionWriter(const std::string& path) {
    if (!path.empty() && path != "-") file_.emplace(path);
  }
  void write(const std::string& text) {
    if (file_)
      file_->write(text);
    else if (std::fwrite(text.data(), 1, text.size(), stdout) < text.size())
      throw Error("standard output", std::string("cannot be written: ") + std::strerror(errno));
  }
  void finish() {
    if (file_) file_->finish();
  }

 private:
  std::optional<OutputFile> file_;
};

// The lines of some rows, and what was surprising about them.
struct Lines {
  std::string text;
  Surprises surprises;
};

Lines lines_of(const Model& model, const Source& source, std::size_t threads, const PredictionFormat& format,
               const PredictOptions& options) {
  Predictions predictions = predict(model, source, threads);
  if (options.strict && !predictions.surprises.cells.empty())
    throw surprise_error(model, source, predictions.surprises.cells.front());
  std::string text = options.json ? json_lines(model, predictions, format) : csv_lines(model, predictions, format);
  return {.text = std::move(text), .surprises = std::move(predictions.surprises)};
}

int run_predict(const PredictOptions& options) {
  const Model model = load_model(options.model);
  PredictionFormat format{.flags = options.flags};
  if (options.interval) format.bound = error_bound(model, *options.interval);
  const std::size_t threads = threads_of(options.machine);

  std::optional<PredictionWriter> writer;  // once there is something to write: a file is left alone before
  SurpriseCounts surprises;
  const auto write = [&](const Lines& lines) {
    if (!writer) {
      writer.emplace(options.output);
      if (!options.json) writer->write(csv_head(model, format));
    }
    writer->write(lines.text);
    surprises.add(lines.surprises);
  };
  if (const auto* preparation = std::get_if<TablePreparation>(&model.preparation)) {
    watch_for_interrupts();  // so that what was begun is taken away
    CsvBlocks blocks(options.data, format_for(*preparation, options.format), sought_by(*preparation));
    bool first = true;
    const auto next = [&] {
      std::optional<Table> table = interrupted() ? std::nullopt : blocks.next();
      if (table && first) {
        report_doubts(*table);
        report_unused_columns(model, *table);
      }
      first = false;
      return table;
    };
    run_in_order(
        threads, next, [&](const Table& table) { return lines_of(model, table, 1, format, options); }, write);
  } else {
    write(lines_of(model, read_source(model, options.data, options.format), threads, format, options));
  }
  if (interrupted()) {
    say(fmt::format("interrupted: not all rows are predicted{}", options.output.empty() || options.output == "-"
                                                                     ? ""
                                                                     : ", " + options.output + " is left as it was"));
    return exit_interrupted;
  }
  if (writer) writer->finish();
  surprises.report(model);
  return 0;
}

}  // namespace

VerbPointer predict_verb(const std::string& word) {
  const auto options = std::make_shared<PredictOptions>();
  auto verb = std::make_unique<Verb>(word, "Predict the rows of a table or the images of an IDX file");
  verb->add_input("MODEL", options->model, "Model file written by neurone train", Content::model)->required();
  verb->add_input("DATA", options->data, "CSV file (.gz too), - for standard input; IDX file or folder for images",
                  Content::table)
      ->required();
  add_format_options_of_model(*verb, options->format);
  verb->add_output("--output", options->output, "Where to write; standard output if not given");
  add_real(*verb, "--interval", options->interval,
           "With this probability, as in 0.9, the interval (of a class the set) holds the truth",
           {.least = 0, .most = 1, .without_least = true, .without_most = true});
  verb->add_flag("--flags", options->flags,
                 "Say of each row which values are outside the training range, or categories it has not seen");
  verb->add_flag("--strict", options->strict, "Refuse such rows instead of predicting them");
  verb->add_flag("--json", options->json, "JSON Lines instead of CSV");
  add_machine_options(*verb, options->machine);
  verb->action = [options] { return run_predict(*options); };
  return verb;
}

}  // namespace neurone::cli
