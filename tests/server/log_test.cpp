// A log that nobody reads.
#include "server/log.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "tests/data/temporary_folder.h"

namespace neurone::server {
namespace {

TEST(Log, that_nobody_reads_holds_nobody_up_and_says_later_what_it_left_out) {
  const TemporaryFolder folder;
  const std::string pipe = folder.path() + "/pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const int reader = open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  Log log(pipe);
  const std::string line = std::string(999, 'x') + "\n";
  constexpr std::size_t lines = 5000;  // 5 MB: a pipe holds 64 KiB, what waits is 1 MiB
  for (std::size_t k = 0; k < lines; ++k) log.write(line);
  std::string text;
  std::array<char, 65536> buffer{};
  const auto read_all = [&] {
    for (ssize_t n = 1; n > 0;) {
      n = read(reader, buffer.data(), buffer.size());
      if (n > 0) text.append(buffer.data(), static_cast<std::size_t>(n));
    }
  };
  for (int k = 0; k < 50; ++k) {  // each write sends on what waits
    read_all();
    log.write("last\n");
  }
  read_all();
  close(reader);
  EXPECT_TRUE(text.ends_with("last\n"));
  const auto kept = static_cast<std::size_t>(std::ranges::count(text, 'x')) / 999;
  EXPECT_GT(kept, 1000);
  EXPECT_LT(kept, 2000);
  EXPECT_NE(text.find("\"event\":\"lines left out\",\"count\":\"" + std::to_string(lines - kept) + "\""),
            std::string::npos);
  EXPECT_EQ(text.find("xlast"), std::string::npos);
}

}  // namespace
}  // namespace neurone::server
