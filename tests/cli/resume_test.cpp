// Checkpoints that belong to something else, or that somebody has edited: refused before any work, with what differs;
// and what killed runs leave behind.
#include <gtest/gtest.h>

#include <sys/wait.h>
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>

#include "neurone/core/file.h"
#include "neurone/file/safetensors.h"
#include "tests/cli/command.h"

namespace neurone {
namespace {

using Json = nlohmann::ordered_json;

// A run of two epochs on a small table, with its checkpoint "c".
struct Checkpointed {
  explicit Checkpointed(const std::vector<std::string>& more = {}) {
    folder.write("t.csv", table(40));
    std::vector<std::string> arguments{
        "train", "t.csv",        "--target", "y",        "--hidden",      "3",      "--epochs", "2", "--report",
        "none",  "--checkpoint", "c",        "--output", "m.safetensors", "--quiet"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = run_command(folder.path(), arguments);
    EXPECT_EQ(outcome.code, 0) << outcome.errors;
  }

  static std::string table(int rows, const std::string& head = "x,z,y", int shift = 0) {
    std::string text = head + "\n";
    for (int i = 0; i < rows; ++i)
      text += std::to_string(i + shift) + "." + std::to_string(i * 7 % 10) + "," + std::to_string(i * i % 13) +
              ".5," + std::to_string(i * 3) + ".25\n";
    return text;
  }

  // The arguments in the checkpoint, changed.
  void edit(const std::function<void(Json&)>& change) const {
    const Safetensors file = read_safetensors(folder.path("c"));
    Metadata metadata = file.metadata();
    Json arguments = Json::parse(metadata.at("note:arguments"));
    change(arguments);
    metadata["note:arguments"] = arguments.dump();
    folder.write("c", format_safetensors(file.tensors(), metadata));
  }
  void set(const std::string& option, const std::string& value) const {
    edit([&](Json& arguments) {
      const auto found = std::ranges::find(arguments, Json(option));
      if (found == arguments.end()) {
        arguments.push_back(option);
        arguments.push_back(value);
      } else {
        *std::next(found) = value;
      }
    });
  }

  Outcome resume(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"train", "--resume", "c", "--quiet"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_command(folder.path(), arguments);
  }
  void expect_refused(int code, const std::string& message, const std::vector<std::string>& more = {}) const {
    const Outcome outcome = resume(more);
    EXPECT_EQ(outcome.code, code);
    EXPECT_TRUE(("\n" + outcome.errors).ends_with("\nneurone: " + message + "\n")) << outcome.errors;
  }

  TemporaryFolder folder;
};

TEST(Resume, another_table_is_refused_with_what_differs) {
  const Checkpointed run;
  run.folder.write("t.csv", run.table(39));
  run.expect_refused(1, "t.csv: 31 rows to learn from, but the run in c began with 32");
  run.folder.write("t.csv", run.table(40, "x,w,y"));
  run.expect_refused(1, "t.csv: column 'z' is missing, with which the run in c began");
  run.folder.write("t.csv", run.table(40, "x,z,y", 1));
  run.expect_refused(1,
                     "t.csv: column 'x' of the rows to learn from holds other values than when the run in c began");
  run.folder.write("t.csv", run.table(40));
  EXPECT_EQ(run.resume().code, 0);
}

TEST(Resume, a_column_that_was_ignored_may_change) {
  const Checkpointed run({"--ignore", "z"});
  std::string table = "x,z,y\n";
  const std::string before = run.table(40);
  for (std::size_t line = before.find('\n') + 1; line < before.size(); line = before.find('\n', line) + 1) {
    const std::size_t first = before.find(',', line), second = before.find(',', first + 1);
    table += before.substr(line, first - line) + ",7" + before.substr(second, before.find('\n', second) + 1 - second);
  }
  run.folder.write("t.csv", table);
  const Outcome outcome = run.resume();
  EXPECT_EQ(outcome.code, 0) << outcome.errors;
}

TEST(Resume, options_that_an_edited_checkpoint_cannot_have_are_refused) {
  const Checkpointed run;
  run.set("--precision", "double");
  run.expect_refused(1, "c: its numbers are float, but its options are of a run in double");
  run.set("--precision", "float");
  run.set("--seed", "2");
  const Outcome other_seed = run.resume();  // splits the rows otherwise
  EXPECT_EQ(other_seed.code, 1);
  EXPECT_NE(other_seed.errors.find("than when the run in c began"), std::string::npos) << other_seed.errors;
  run.set("--seed", "1");
  for (const char* hidden : {"4", "2", "2147483647"}) {  // none of them is made
    run.set("--hidden", hidden);
    run.expect_refused(1, "the checkpoint does not belong to this network");
  }
  run.set("--hidden", "3");
  run.set("--learning-rate", "0.5");
  run.expect_refused(1, "t.csv: not the data and settings that the run in c began with");
  for (const auto& [word, reason] :
       {std::pair("--nonsense", "unknown option '--nonsense'"), {"--help", "--help runs nothing"}}) {
    run.edit([&](Json& arguments) { arguments = Json::array({word}); });
    const Outcome outcome = run.resume();
    EXPECT_EQ(outcome.code, 1);
    EXPECT_TRUE(outcome.errors.starts_with(std::string("neurone: c: its options cannot be: ") + reason))
        << outcome.errors;
  }
  for (const Json& none : {Json(1), Json("x"), Json::array({1}), Json::object({{"a", "b"}})}) {
    run.edit([&](Json& arguments) { arguments = none; });
    run.expect_refused(1, "c: the checkpoint does not say how the run began");
  }
}

TEST(Resume, what_an_edited_checkpoint_would_write_outside_of_the_working_folder_has_to_be_repeated) {
  const Checkpointed run;
  const TemporaryFolder elsewhere;
  std::filesystem::create_directory_symlink(elsewhere.path(), run.folder.path("link"));
  for (const std::string option : {"--output", "--report", "--checkpoint"})
    for (const std::string& path : {elsewhere.path("stolen"), std::string("../stolen"), std::string("link/stolen"),
                                    std::string("a/../../stolen"), "./link/../link/" + std::string("stolen")}) {
      const Checkpointed each;
      std::filesystem::create_directory_symlink(elsewhere.path(), each.folder.path("link"));
      each.set(option, path);
      each.expect_refused(2, "c: the run writes to " + path + ", which is outside of the working folder: repeat " +
                                 option + " " + path + " if it may");
      EXPECT_TRUE(std::filesystem::is_empty(elsewhere.path()));
    }
  run.set("--output", elsewhere.path("model"));
  const Outcome repeated = run.resume({"--output", elsewhere.path("model")});
  EXPECT_EQ(repeated.code, 0) << repeated.errors;
  EXPECT_TRUE(std::filesystem::exists(elsewhere.path("model")));
}

TEST(Resume, a_path_inside_the_working_folder_is_taken_from_the_checkpoint) {
  const Checkpointed run;
  std::filesystem::create_directory(run.folder.path("inner"));
  run.set("--output", run.folder.path("inner/../inner/m"));
  const Outcome outcome = run.resume();
  EXPECT_EQ(outcome.code, 0) << outcome.errors;
  EXPECT_TRUE(std::filesystem::exists(run.folder.path("inner/m")));
}

TEST(Resume, a_checkpoint_with_a_weight_that_is_not_finite_is_refused) {
  const Checkpointed run;
  const Safetensors file = read_safetensors(run.folder.path("c"));
  Vector<float> values = tensor_values<float>(file, "0/parameters");
  values[2] = std::numeric_limits<float>::quiet_NaN();
  Tensors tensors = file.tensors();
  tensors["0/parameters"] = tensor_of<float>({values.size()}, std::span<const float>(values));
  run.folder.write("c", format_safetensors(tensors, file.metadata()));
  run.expect_refused(1, "c: tensor '0/parameters' holds a value that is not finite (nan at place 3)");
}

// --- what kills leave ----------------------------------------------------------------------------------------------

std::size_t temporaries_in(const TemporaryFolder& folder) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    if (entry.path().filename().string().starts_with(".neurone-")) ++count;
  return count;
}

// A process that was killed while it wrote a file in the folder.
void leave_a_temporary_in(const TemporaryFolder& folder) {
  const pid_t child = fork();
  if (child == 0) {
    OutputFile file(folder.path("something"));
    file.write("half");
    kill(getpid(), SIGKILL);
  }
  waitpid(child, nullptr, 0);
}

TEST(Leftovers, every_verb_that_writes_a_file_removes_them_from_its_folder) {
  const Checkpointed run;
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"train", "t.csv", "--target", "y", "--epochs", "1", "--output", "m.safetensors"},
        {"train", "--resume", "c"},
        {"predict", "m.safetensors", "t.csv", "--output", "p.csv"},
        {"export", "m.safetensors", "m.onnx"},
        {"export", "m.safetensors", "m.c"},
        {"import", "m.onnx", "imported.safetensors"},
        {"explain", "m.safetensors", "t.csv", "--row", "1", "--page", "page.html"}}) {
    leave_a_temporary_in(run.folder);
    ASSERT_EQ(temporaries_in(run.folder), 1U);
    const Outcome outcome = run_command(run.folder.path(), arguments);
    EXPECT_EQ(outcome.code, 0) << arguments[0] << outcome.errors;
    EXPECT_EQ(temporaries_in(run.folder), 0U) << arguments[0];
  }
}

}  // namespace
}  // namespace neurone
