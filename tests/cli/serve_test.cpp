// neurone serve as its users start and stop it.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/cli/command.h"
#include "tests/server/client.h"

namespace neurone {
namespace {

TEST(Serve, answers_as_predict_does_until_it_is_asked_to_stop) {
  const Command command;
  ASSERT_EQ(command({"train", "penguins.csv", "--target", "species", "--epochs", "1"}).code, 0);
  command.folder.write("token", "s3cret\n");
  std::string row = command.bytes("penguins.csv");
  row = row.substr(0, row.find('\n', row.find('\n') + 1) + 1);
  command.folder.write("row.csv", row);
  const Outcome predicted = command({"predict", "penguins.safetensors", "row.csv", "--json", "--flags"});
  ASSERT_EQ(predicted.code, 0) << predicted.errors;

  server::Reply open, closed;
  const Outcome outcome = run_command(
      command.folder.path(), {"serve", "penguins.safetensors", "--port", "0", "--token-file", "token"}, {},
      [&](std::string_view line, int process) {
        const auto port = static_cast<std::uint16_t>(std::stoul(std::string(line.substr(line.rfind(':') + 1))));
        server::Client client(port);
        closed = client.ask("POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
        open = client.ask(
            "POST /predict HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer s3cret\r\nContent-Type: text/csv\r\n"
            "Content-Length: " +
            std::to_string(row.size()) + "\r\n\r\n" + row);
        kill(process, SIGTERM);
      });
  EXPECT_EQ(outcome.code, 0) << outcome.errors;
  EXPECT_EQ(closed.status, 401);
  EXPECT_EQ(open.status, 200);
  EXPECT_EQ(nlohmann::ordered_json::parse(open.body)["predictions"][0].dump() + "\n", predicted.output);
  std::vector<std::string> events;
  for (const std::string& line : lines_of(outcome.errors)) {
    const nlohmann::json object = nlohmann::json::parse(line);
    events.push_back(object.contains("event") ? object["event"] : object["path"]);
  }
  std::ranges::sort(events);  // requests are written down by another thread than the end
  EXPECT_EQ(events, (std::vector<std::string>{"/predict", "/predict", "loaded", "stopped", "stopping"}));
}

TEST(Serve, ends_when_the_time_is_over_whatever_it_is_at) {
  const Command command;
  ASSERT_EQ(command({"train", "penguins.csv", "--target", "species", "--epochs", "1"}).code, 0);
  const std::string table = command.bytes("penguins.csv");
  const std::size_t head = table.find('\n') + 1;
  const std::string row = table.substr(head, table.find('\n', head) + 1 - head);
  std::string body = table.substr(0, head);
  while (body.size() < 15'000'000) body += row;  // some seconds
  const Outcome outcome = run_command(
      command.folder.path(),
      {"serve", "penguins.safetensors", "--port", "0", "--drain-time", "0.1", "--rows", "1000000000"}, {},
      [&](std::string_view line, int process) {
        const auto port = static_cast<std::uint16_t>(std::stoul(std::string(line.substr(line.rfind(':') + 1))));
        const server::Client client(port);
        client.say("POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: " +
                   std::to_string(body.size()) + "\r\n\r\n" + body);
        server::Client other(port);
        while (other.ask("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n").body.find("neurone_waiting 1") ==
               std::string::npos) {
        }
        kill(process, SIGTERM);
      });
  EXPECT_EQ(outcome.code, 1) << outcome.errors;
}

TEST(Serve, what_cannot_be_served_is_an_error_at_once) {
  const Command command;
  EXPECT_EQ(command({"serve", "penguins.csv"}).code, 1);
  EXPECT_EQ(command({"serve", "nothing.safetensors"}).code, 1);
  EXPECT_EQ(command({"serve"}).code, 2);
  EXPECT_EQ(command({"serve", "penguins.csv", "--queue", "0"}).code, 2);
}

}  // namespace
}  // namespace neurone
