// Files that come, change, break and go.
#include <gtest/gtest.h>

#include <filesystem>

#include "neurone/core/file.h"
#include "neurone/file/model_file.h"
#include "server/watcher.h"
#include "tests/data/temporary_folder.h"
#include "tests/server/people.h"

namespace neurone::server {
namespace {

// A folder with the model people, and what a watcher of it does.
struct Watched {
  Watched() : log(folder.path("log")) { save_model(people(), folder.path("people.safetensors")); }
  std::string events() const { return read_file(folder.path("log")); }

  TemporaryFolder folder;
  Models models;
  Metrics metrics;
  Log log;
};

TEST(Watcher, a_file_is_a_model_of_its_name_and_a_folder_is_its_models) {
  Watched one, all;
  const Watcher file(one.folder.path("people.safetensors"), one.models, one.metrics, one.log);
  EXPECT_EQ(one.models.only()->name(), "people");
  save_model(pictures(), all.folder.path("pictures.safetensors"));
  all.folder.write("notes.txt", "no model");
  const Watcher folder(all.folder.path(), all.models, all.metrics, all.log);
  EXPECT_EQ(all.models.all()->size(), 2);
}

TEST(Watcher, a_folder_is_a_thousand_models_and_those_beyond_are_told_of) {
  Watched watched;
  for (int k = 0; k < 1002; ++k) watched.folder.write("z" + std::to_string(10'000 + k) + ".safetensors", "broken");
  Watcher watcher(watched.folder.path(), watched.models, watched.metrics, watched.log);
  watcher.look();
  EXPECT_EQ(watched.models.only()->name(), "people");
  const std::string events = watched.events();
  EXPECT_NE(events.find(R"("event":"models left out","files":"3")"), std::string::npos);
  EXPECT_NE(events.find(R"("model":"z10998")"), std::string::npos);
  EXPECT_EQ(events.find(R"("model":"z10999")"), std::string::npos);
}

TEST(Watcher, a_changed_file_is_read_once_it_rests) {
  Watched watched;
  Watcher watcher(watched.folder.path(), watched.models, watched.metrics, watched.log);
  const ModelPointer before = watched.models.only();
  watcher.look();
  EXPECT_EQ(watched.models.only(), before);
  save_model(people(Notation::point, 5), watched.folder.path("people.safetensors"));
  watcher.look();
  EXPECT_EQ(watched.models.only(), before);
  watcher.look();
  EXPECT_NE(watched.models.only(), before);
  const ModelPointer after = watched.models.only();
  watcher.look();
  EXPECT_EQ(watched.models.only(), after);
}

TEST(Watcher, a_broken_file_leaves_the_old_model_and_is_told_once) {
  Watched watched;
  Watcher watcher(watched.folder.path(), watched.models, watched.metrics, watched.log);
  const ModelPointer before = watched.models.only();
  watched.folder.write("people.safetensors", "broken");
  for (int k = 0; k < 5; ++k) watcher.look();
  EXPECT_EQ(watched.models.only(), before);
  const std::string events = watched.events();
  const std::size_t first = events.find(R"("event":"not loaded","model":"people","error":")");
  EXPECT_NE(first, std::string::npos) << events;
  EXPECT_EQ(events.find("not loaded", first + 30), std::string::npos) << events;
  EXPECT_NE(watched.metrics.text().find(R"(neurone_loads_total{model="people",result="failed"} 1)"),
            std::string::npos);
  save_model(people(Notation::point, 5), watched.folder.path("people.safetensors"));
  watcher.look();
  watcher.look();
  EXPECT_NE(watched.models.only(), before);
}

TEST(Watcher, models_come_and_go_with_their_files_in_a_folder_and_a_single_one_stays) {
  Watched watched;
  Watcher folder(watched.folder.path(), watched.models, watched.metrics, watched.log);
  save_model(pictures(), watched.folder.path("pictures.safetensors"));
  folder.look();
  folder.look();
  EXPECT_EQ(watched.models.all()->size(), 2);
  std::filesystem::remove(watched.folder.path("people.safetensors"));
  folder.look();
  EXPECT_EQ(watched.models.only()->name(), "pictures");

  Watched single;
  Watcher file(single.folder.path("people.safetensors"), single.models, single.metrics, single.log);
  std::filesystem::remove(single.folder.path("people.safetensors"));
  file.look();
  EXPECT_EQ(single.models.only()->name(), "people");
}

TEST(Watcher, without_a_model_there_is_nothing_to_serve) {
  Watched watched;
  const std::string broken = watched.folder.write("broken.safetensors", "broken");
  EXPECT_THROW(Watcher(broken, watched.models, watched.metrics, watched.log), Error);
  const TemporaryFolder empty;
  EXPECT_THROW(Watcher(empty.path(), watched.models, watched.metrics, watched.log), Error);
  EXPECT_THROW(Watcher(empty.path("nothing"), watched.models, watched.metrics, watched.log), Error);
  const Watcher both(watched.folder.path(), watched.models, watched.metrics, watched.log);  // one of two is enough
  EXPECT_EQ(watched.models.only()->name(), "people");
}

}  // namespace
}  // namespace neurone::server
