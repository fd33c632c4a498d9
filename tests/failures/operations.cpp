#include "tests/failures/operations.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "neurone/core/file.h"
#include "neurone/core/pipeline.h"
#include "neurone/data/csv.h"
#include "neurone/data/csv_blocks.h"
#include "neurone/export/c.h"
#include "neurone/export/onnx.h"
#include "neurone/file/checkpoint.h"
#include "neurone/file/model_file.h"
#include "neurone/model/fitting.h"
#include "neurone/model/prediction_text.h"
#include "neurone/model/proof.h"
#include "neurone/onnx/import.h"
#include "neurone/onnx/onnx_file.h"
#include "server/watcher.h"
#include "tests/server/people.h"

namespace neurone::failures {
namespace {

using Run = std::function<std::string()>;

constexpr const char* csv = "age,city,since,rich\n";

// Of the columns of server::people().
std::string people_csv(std::size_t rows) {
  std::string text = csv;
  for (std::size_t i = 0; i < rows; ++i)
    text += std::to_string(20 + i * 7 % 60) + ".5," +
            (i % 3 == 0   ? "Bern"
             : i % 3 == 1 ? "Zürich"
                          : "") +
            "," + std::to_string(2000 + i % 20) + "-0" + std::to_string(1 + i % 9) + "-11," +
            (i % 2 == 0 ? "no" : "yes") + "\n";
  return text;
}

Model proved_people() {
  Model model = server::people();
  model.proof = prove(model, synthetic_rows(model.preparation), true);
  return model;
}

void write_gzip(const std::string& path, const std::string& text) {
  gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  gzclose(file);
}

Plan plan_of(std::size_t networks, std::size_t threads) {
  Plan plan;
  plan.target = "rich";
  plan.hidden = {4};
  plan.epochs = 2;
  plan.ensemble = networks;
  plan.threads = threads;
  return plan;
}

std::string trained(const Table& table, const Plan& plan) {
  Fitting<float> fitting({.train = table, .validation = {}, .test = table}, plan);
  fitting.run();
  return format_model(fitting.result().model);
}

// Enough work for a team: parts of 300,000 operations.
Plan plan_for_a_team() {
  Plan plan = plan_of(1, 3);
  plan.hidden = {64};
  plan.batch = 400;
  plan.epochs = 1;
  plan.keep_rows = false;
  return plan;
}

std::string predicted_lines(const Model& model, const Table& table, std::size_t threads) {
  return csv_lines(model, predict(model, table, threads), {});
}

// As neurone predict does it: block after block, by three threads.
void predict_into(const Model& model, const std::string& data, const std::string& output) {
  OutputFile file(output);
  file.write(csv_head(model, {}));
  CsvBlocks blocks(data, {}, {}, 200);
  run_in_order(
      3, [&] { return blocks.next(); }, [&](const Table& table) { return predicted_lines(model, table, 1); },
      [&](const std::string& lines) { file.write(lines); });
  file.finish();
}

const std::string two_people = R"([{"age": 25, "city": "Bern", "since": "2020-05-17"},
  {"age": null, "city": "Zürich", "since": "1999-12-31"}])";

const std::string two_in_tensors = R"({"inputs": [
  {"name": "age", "shape": [2], "datatype": "FP64", "data": [25, null]},
  {"name": "city", "shape": [2, 1], "datatype": "BYTES", "data": [["Bern"], ["Zürich"]]},
  {"name": "since", "shape": [2], "datatype": "BYTES", "data": ["2020-05-17", "1999-12-31"]}]})";

std::string body_of(const server::Response& response) {
  EXPECT_EQ(response.status, 200) << response.body;
  return response.body;
}

// A server of the folder's model, whose file seems to be a new one each time.
struct Reloaded {
  explicit Reloaded(const std::string& folder)
      : file(folder + "/model.safetensors"), log(folder + "/log"), watcher(file, models, metrics, log) {}

  void operator()() {
    changed += std::chrono::seconds(1);
    std::filesystem::last_write_time(file, changed);
    watcher.look();  // sees that it has changed, and waits until it rests
    watcher.look();
  }

  std::filesystem::path file;
  std::filesystem::file_time_type changed = std::filesystem::file_time_type::clock::now();
  server::Models models;
  server::Metrics metrics;
  server::Log log;
  server::Watcher watcher;
};

std::vector<Operation> all_operations() {
  return {
      {.name = "load a model",
       .in = [](const std::string& folder) -> Run {
         return [=] { return format_model(load_model(folder + "/model.safetensors")); };
       }},
      {.name = "read a table",
       .in = [](const std::string& folder) -> Run {
         return [=] { return std::string(read_csv(folder + "/table.csv").cell(3, 1)); };
       }},
      {.name = "read a packed table",
       .in = [](const std::string& folder) -> Run {
         return [=] { return std::string(read_csv(folder + "/table.csv.gz").cell(3, 1)); };
       }},
      {.name = "predict",
       .in = [](const std::string& folder) -> Run {
         const auto model = std::make_shared<Model>(load_model(folder + "/model.safetensors"));
         const auto table = std::make_shared<Table>(read_csv(folder + "/table.csv"));
         return [=] { return predicted_lines(*model, *table, 2); };
       }},
      {.name = "predict into a file",
       .in = [](const std::string& folder) -> Run {
         const auto model = std::make_shared<Model>(load_model(folder + "/model.safetensors"));
         return [=] {
           predict_into(*model, folder + "/table.csv", folder + "/predicted.csv");
           return std::string("written");
         };
       },
       .written = {"predicted.csv"}},
      {.name = "train",
       .in = [](const std::string& folder) -> Run {
         const auto table = std::make_shared<Table>(read_csv(folder + "/table.csv"));
         return [=] { return trained(*table, plan_of(2, 1)); };
       }},
      {.name = "train with a team",
       .in = [](const std::string&) -> Run {
         const auto table = std::make_shared<Table>(parse_csv(people_csv(500), "table"));
         return [=] { return trained(*table, plan_for_a_team()); };
       }},
      {.name = "save a model",
       .in = [](const std::string& folder) -> Run {
         const auto model = std::make_shared<Model>(proved_people());
         return [=] {
           save_model(*model, folder + "/saved.safetensors");
           return std::string("saved");
         };
       },
       .written = {"saved.safetensors"}},
      {.name = "save a checkpoint",
       .in = [](const std::string& folder) -> Run {
         const auto fitting = std::make_shared<Fitting<float>>(
             Parts{.train = read_csv(folder + "/table.csv"), .validation = {}, .test = {}}, plan_of(2, 1));
         fitting->run();
         return [=] {
           save_checkpoint<float>(folder + "/checkpoint", fitting->states(), {{"arguments", "[]"}});
           return std::string("saved");
         };
       },
       .written = {"checkpoint"}},
      {.name = "load a checkpoint",
       .in = [](const std::string& folder) -> Run {
         Fitting<float> fitting({.train = read_csv(folder + "/table.csv"), .validation = {}, .test = {}},
                                plan_of(2, 1));
         fitting.run();
         save_checkpoint<float>(folder + "/there", fitting.states(), {{"arguments", "[]"}});
         return [=] {
           const Checkpoint read = load_checkpoint(folder + "/there");
           return format_checkpoint(std::get<TrainerStates<float>>(read.states), read.notes);
         };
       }},
      {.name = "export ONNX",
       .in = [](const std::string& folder) -> Run {
         const auto model = std::make_shared<Model>(proved_people());
         return [=] {
           save_onnx(*model, folder + "/exported.onnx");
           return std::string("exported");
         };
       },
       .written = {"exported.onnx"}},
      {.name = "export C",
       .in = [](const std::string& folder) -> Run {
         const auto model = std::make_shared<Model>(proved_people());
         return [=] { return save_c(*model, folder + "/exported.c").header; };
       },
       .written = {"exported.c", "exported.h"}},
      {.name = "import ONNX",
       .in = [](const std::string& folder) -> Run {
         return [=] { return format_model(onnx::import_onnx(onnx::load_onnx(folder + "/net.onnx")).model); };
       }},
      {.name = "answer a request",
       .in = [](const std::string&) -> Run {
         const auto served = std::make_shared<server::Served>();
         return [=] { return body_of(served->post("/models/people/predict", two_people)); };
       }},
      {.name = "answer an inference",
       .in = [](const std::string&) -> Run {
         const auto served = std::make_shared<server::Served>();
         return [=] { return body_of(served->post("/v2/models/people/infer", two_in_tensors)); };
       }},
      {.name = "reload a model",
       .in = [](const std::string& folder) -> Run {
         const auto reloaded = std::make_shared<Reloaded>(folder);
         return [=] {
           (*reloaded)();
           return std::string("looked");
         };
       }},
  };
}

}  // namespace

const std::vector<Operation>& operations() {
  static const std::vector<Operation> all = all_operations();
  return all;
}

std::unique_ptr<TemporaryFolder> inputs() {
  auto folder = std::make_unique<TemporaryFolder>();
  const std::string text = people_csv(24);
  folder->write("table.csv", text);
  write_gzip(folder->path("table.csv.gz"), text);
  const Model model = proved_people();
  save_model(model, folder->path("model.safetensors"));
  save_onnx(model, folder->path("net.onnx"));
  return folder;
}

}  // namespace neurone::failures
