// The server on real sockets: what clients may do to it, and how it ends.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <sstream>
#include <thread>

#include "neurone/core/file.h"
#include "server/server.h"
#include "tests/data/temporary_folder.h"
#include "tests/server/client.h"
#include "tests/server/running.h"

namespace neurone::server {
namespace {

using namespace std::chrono_literals;

std::string many_people(std::size_t count) {
  std::string body = "[";
  for (std::size_t i = 0; i < count; ++i)
    body += (i == 0 ? "" : ",") + std::string(R"({"age": )") + std::to_string(20 + i % 50) +
            R"(, "city": "Bern", "since": "2020-05-17"})";
  return body + "]";
}

TEST(Server, answers_on_a_connection_as_often_as_it_is_asked) {
  const Running running;
  Client client(running.port());
  for (int k = 0; k < 3; ++k) {
    const Reply reply = client.ask(post_text("/predict", one_person));
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, running.expected());
    EXPECT_NE(reply.head.find("Connection: keep-alive\r\n"), std::string::npos);
    EXPECT_NE(reply.head.find("\r\nDate: "), std::string::npos);
  }
  EXPECT_EQ(client.ask(get_text("/v2/health/ready")).status, 200);
}

TEST(Server, requests_sent_in_one_go_are_answered_in_their_order) {
  const Running running;
  Client client(running.port());
  std::string text;
  for (int k = 0; k < 100; ++k)
    text += k % 3 == 0 ? get_text("/v2")
                       : post_text("/predict",
                                   R"({"age": )" + std::to_string(k) + R"(, "city": "Bern", "since": "2020-05-17"})");
  client.say(text);
  for (int k = 0; k < 100; ++k) {
    const Reply reply = client.hear();
    ASSERT_EQ(reply.status, 200) << k;
    const std::string body = R"({"age": )" + std::to_string(k) + R"(, "city": "Bern", "since": "2020-05-17"})";
    EXPECT_EQ(reply.body, k % 3 == 0 ? running.served.get("/v2").body : running.expected(body)) << k;
  }
}

TEST(Server, a_request_may_come_byte_by_byte_and_its_client_may_stop_sending) {
  const Running running;
  Client client(running.port());
  for (const char c : post_text("/predict", one_person)) {
    client.say({&c, 1});
    std::this_thread::sleep_for(100us);
  }
  client.say_no_more();
  const Reply reply = client.hear();
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, running.expected());
  EXPECT_TRUE(client.ended());
}

TEST(Server, a_request_that_breaks_off_is_told_so) {
  const Running running;
  Client client(running.port());
  client.say("POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc");
  client.say_no_more();
  EXPECT_EQ(client.hear().status, 400);
  EXPECT_TRUE(client.ended());
}

TEST(Server, long_bodies_and_many_rows_are_answered_as_well) {
  const Running running;
  Client client(running.port());
  for (const std::size_t count :
       {std::size_t{300}, std::size_t{5000}}) {  // a turn's work for a worker; a body too long for a turn
    const std::string body = many_people(count);
    const Reply reply = client.ask(post_text("/predict", body));
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, running.expected(body));
  }
}

TEST(Server, a_body_is_asked_for_only_where_it_would_be_read) {
  const Running running({.limits = {.body = 1000}}, {.token = Token("t")});
  const std::string head = "POST /predict HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n";
  Client welcome(running.port());
  EXPECT_EQ(welcome.ask(head + "Authorization: Bearer t\r\nContent-Length: 2\r\n\r\n").status, 100);
  EXPECT_EQ(welcome.ask("[]").status, 200);
  Client stranger(running.port());
  EXPECT_EQ(stranger.ask(head + "Content-Length: 2\r\n\r\n").status, 401);
  EXPECT_TRUE(stranger.ended());
  Client talker(running.port());
  EXPECT_EQ(talker.ask(head + "Content-Length: 1001\r\n\r\n").status, 413);
  EXPECT_TRUE(talker.ended());
}

TEST(Server, a_refusal_reaches_a_client_that_is_still_sending) {
  const Running running({.limits = {.body = 1000}});
  Client client(running.port());
  EXPECT_EQ(client.ask(post_text("/predict", std::string(3'000'000, ' '))).status, 413);
}

// Closed at once, the connection would answer what is still said with a reset, which may take the refusal along.
TEST(Server, a_refusal_waits_for_a_client_that_says_more_before_it_listens) {
  const Running running({.limits = {.body = 1000}});
  Client client(running.port());
  client.say(post_text("/predict", std::string(1001, ' ')));
  for (int i = 0; i < 3; ++i) {
    std::this_thread::sleep_for(100ms);
    EXPECT_TRUE(client.say("more"));
  }
  EXPECT_EQ(client.hear().status, 413);
}

TEST(Server, who_takes_too_long_is_told_so_and_who_says_nothing_is_let_go) {
  const Running running({.times = {.head = 300ms, .request = 600ms, .idle = 300ms}});
  Client slow_head(running.port()), slow_body(running.port()), silent(running.port()), quick(running.port());
  slow_head.say("GET / HT");
  slow_body.say("POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_EQ(quick.ask(post_text("/predict", one_person)).status, 200);
  EXPECT_EQ(slow_head.hear().status, 408);
  EXPECT_TRUE(silent.ended());
  EXPECT_EQ(slow_body.hear().status, 408);
  EXPECT_TRUE(slow_body.ended());
}

// Some clients send an empty line behind a body; it is no request, and the connection stays idle.
TEST(Server, empty_lines_between_requests_are_no_request) {
  const Running running({.times = {.head = 100ms, .request = 100ms, .idle = 700ms}});
  Client client(running.port());
  EXPECT_EQ(client.ask(post_text("/predict", one_person) + "\r\n").status, 200);
  std::this_thread::sleep_for(400ms);
  EXPECT_EQ(client.ask("\r\n" + get_text("/v2")).status, 200);
  client.say("\r\n\r");
  EXPECT_TRUE(client.ended());  // without an answer
}

TEST(Server, HEAD_has_no_body_in_any_answer) {
  const Running running;
  const std::string end = " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  for (const char* target : {"/v2", "/nothing", "/predict", "/v2?a=b", "/v2%zz"}) {
    Client client(running.port());
    client.say("HEAD " + std::string(target) + end + get_text("/v2/health/live"));
    const std::string head = client.hear_head();
    EXPECT_NE(head.find("Content-Length: "), std::string::npos) << target;
    EXPECT_EQ(client.hear().body, running.served.get("/v2/health/live").body) << target;
  }
  Client client(running.port());
  client.say("HEAD /v2 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
  EXPECT_NE(client.hear_head().find(" 400 "), std::string::npos);
  EXPECT_TRUE(client.ended());
}

TEST(Server, a_chunked_body_of_HTTP_1_0_is_refused) {
  const Running running;
  Client client(running.port());
  EXPECT_EQ(client.ask("POST /predict HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n").status,
            400);
  EXPECT_TRUE(client.ended());
}

TEST(Server, connections_beyond_the_limit_are_told_so) {
  const Running running({.connections = 2});
  Client first(running.port()), second(running.port());
  EXPECT_EQ(first.ask(get_text("/v2")).status, 200);
  EXPECT_EQ(second.ask(get_text("/v2")).status, 200);
  Client third(running.port());
  EXPECT_EQ(third.hear().status, 503);
  EXPECT_TRUE(third.ended());
}

// What became of requests is given back: the last of many is answered as the first.
TEST(Server, memory_is_held_no_longer_than_it_is_needed) {
  const std::string body = many_people(2000);
  const Running running({.memory = 3'000'000});
  const std::string expected = running.expected(body);
  for (int k = 0; k < 20; ++k) {
    Client client(running.port());
    EXPECT_EQ(client.ask(post_text("/predict", body)).body, expected) << k;
    EXPECT_EQ(client.ask(post_text("/v2/models/people/infer", std::string(100'000, '['))).status, 400) << k;
  }
}

// A loop that has not begun to turn: all that is said to it is there when it does.
struct StillLoop {
  explicit StillLoop(const std::string& log_file, const LoopOptions& options = {.grace = 10ms})
      : log(log_file),
        shared{served.routes, served.metrics, log, workers, options, Admission({}, "127.0.0.1", true)},
        loop(shared) {
    Listening listening = listen_on("127.0.0.1", 0);
    port = listening.port;
    loop.listen(std::move(listening.socket), {&loop});
  }

  Served served;
  Log log;
  Workers workers{1};
  Shared shared;
  Loop loop;
  std::uint16_t port = 0;
};

// The loop turns as long as this lives.
struct Turning {
  explicit Turning(Loop& its_loop) : loop(its_loop), thread([&its_loop] { its_loop.run(); }) {}
  ~Turning() { loop.drain(); }
  Turning(const Turning&) = delete;
  Turning& operator=(const Turning&) = delete;

  Loop& loop;
  std::jthread thread;
};

TEST(Server, long_bodies_have_a_limit_together) {
  StillLoop still("none", {.memory = 500'000, .grace = 10ms});
  const Turning turns(still.loop);
  const auto head = [](std::size_t size) {
    return "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n";
  };
  {
    Client first(still.port), second(still.port);
    ASSERT_TRUE(first.connected() && second.connected());
    first.say(head(400'000) + std::string(300'000, ' '));
    while (still.shared.memory.held() < 300'000) std::this_thread::yield();
    second.say(head(400'000) + std::string(300'000, ' '));
    const Reply refused = second.hear();
    EXPECT_EQ(refused.status, 503);
    EXPECT_NE(refused.head.find("Retry-After: 1\r\n"), std::string::npos);
  }
  while (still.shared.memory.held() > 0) std::this_thread::yield();
  Client third(still.port);
  EXPECT_EQ(third.ask(head(200'000) + std::string(199'998, ' ') + "[]").status, 200);
  const std::string rows = many_people(4000);  // 0.2 MB, which become more
  EXPECT_EQ(third.ask(post_text("/predict", rows)).status, 413);
}

TEST(Server, requests_of_one_connection_take_turns_with_those_of_others) {
  const TemporaryFolder folder;
  StillLoop still(folder.path() + "/log");
  constexpr int many = 1000, few = 10;
  Client hasty(still.port), modest(still.port);
  const auto say = [](const Client& client, int count, const std::string& text) {
    std::string all;
    for (int k = 0; k < count; ++k) all += text;
    client.say(all);
  };
  say(hasty, many, get_text("/v2/health/live"));
  say(modest, few, get_text("/v2"));
  {
    const Turning turns(still.loop);
    for (int k = 0; k < few; ++k) EXPECT_EQ(modest.hear().status, 200);
    for (int k = 0; k < many; ++k) ASSERT_EQ(hasty.hear().status, 200) << k;
  }
  std::istringstream lines(read_file(folder.path() + "/log"));
  int before = 0, count = 0;  // requests answered up to the last of the modest client
  for (std::string line; std::getline(lines, line);) {
    ++count;
    if (line.find("\"path\":\"/v2\"") != std::string::npos) before = count;
  }
  EXPECT_EQ(count, many + few);
  EXPECT_LE(before, 2 * few + 2);
}

TEST(Server, who_does_not_read_is_not_read_from) {
  const TemporaryFolder folder;
  StillLoop still(folder.path() + "/log");
  constexpr std::size_t many = 10'000;
  Client silent(still.port), other(still.port);
  std::string all;
  for (std::size_t k = 0; k < many; ++k) all += get_text("/openapi.json");
  const Turning turns(still.loop);
  const std::size_t size = other.ask(get_text("/openapi.json")).body.size();
  ASSERT_GT(size * many, 50'000'000);  // more than sockets hold
  std::jthread speaks([&] { silent.say(all); });
  std::this_thread::sleep_for(300ms);
  for (int k = 0; k < 10; ++k) EXPECT_EQ(other.ask(get_text("/v2")).status, 200);
  const std::string log = read_file(folder.path() + "/log");
  EXPECT_LT(static_cast<std::size_t>(std::ranges::count(log, '\n')), many / 2);
  for (std::size_t k = 0; k < many; ++k) ASSERT_EQ(silent.hear().body.size(), size) << k;
}

TEST(Server, what_takes_longer_than_the_time_to_drain_is_given_up) {
  Running running({.drain = 10ms}, {.most_rows = 1'000'000});
  std::string body = "age,city,since\n";
  for (int i = 0; i < 200'000; ++i) body += "25,Bern,2020-05-17\n";
  Client client(running.port());
  client.say("POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\nContent-Length: " +
             std::to_string(body.size()) + "\r\n\r\n" + body);
  while (running.served.metrics.waiting == 0) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(running.server->drain(), 1);
  EXPECT_EQ(client.hear().status, 0);
}

TEST(Server, a_burst_past_the_queue_gets_an_answer_each_and_the_right_one) {
  const Running running({.queue = 3});
  const std::string body = many_people(2000);
  const std::string expected = running.expected(body);
  std::atomic<int> answered = 0, refused = 0;
  std::vector<std::jthread> clients;
  for (int k = 0; k < 24; ++k)
    clients.emplace_back([&] {
      Client client(running.port());
      const Reply reply = client.ask(post_text("/predict", body));
      if (reply.status == 200 && reply.body == expected) ++answered;
      if (reply.status == 429 && reply.head.find("Retry-After: 1\r\n") != std::string::npos) ++refused;
    });
  clients.clear();
  EXPECT_EQ(answered + refused, 24);
  EXPECT_GE(answered, 3);
  EXPECT_GT(refused, 0);
}

TEST(Server, a_model_that_is_replaced_under_load_costs_no_request) {
  Running running;
  const std::string one = running.expected();
  const ModelPointer other = served("people", people(Notation::point, 5));
  const ModelPointer back = served("people", people());
  running.served.models.put(other);
  const std::string two = running.expected();
  ASSERT_NE(one, two);
  std::atomic<bool> going = true;
  std::atomic<int> ones = 0, twos = 0, wrong = 0;
  std::vector<std::jthread> clients;
  for (int k = 0; k < 4; ++k)
    clients.emplace_back([&] {
      Client client(running.port());
      while (going) {
        const Reply reply = client.ask(post_text("/predict", one_person));
        ++(reply.body == one ? ones : reply.body == two ? twos : wrong);
      }
    });
  for (int k = 0; k < 200; ++k) {
    running.served.models.put(k % 2 == 0 ? back : other);
    std::this_thread::sleep_for(1ms);
  }
  going = false;
  clients.clear();
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(ones, 0);
  EXPECT_GT(twos, 0);
}

TEST(Server, asked_to_stop_it_answers_what_it_took_and_says_that_it_closes) {
  Running running;
  std::atomic<int> answered = 0, lost = 0;
  std::atomic<bool> going = true, stopping = false;
  const std::string expected = running.expected();
  std::vector<std::jthread> clients;
  for (int k = 0; k < 8; ++k)
    clients.emplace_back([&] {
      while (going) {
        Client client(running.port());
        if (!client.connected()) return;  // refused: the client knows
        for (bool open = true, first = true; open; first = false) {
          const Reply reply = client.ask(post_text("/predict", one_person));
          // come between the last look and the closing of the door, where the kernel resets it: the client knows
          if (stopping && first && reply.status == 0) return;
          ++(reply.status == 200 && reply.body == expected ? answered : lost);
          open = reply.head.find("Connection: keep-alive") != std::string::npos;
        }
      }
    });
  std::this_thread::sleep_for(200ms);
  stopping = true;
  EXPECT_EQ(running.server->drain(), 0);
  going = false;
  clients.clear();
  EXPECT_EQ(lost, 0);
  EXPECT_GT(answered, 0);
  EXPECT_FALSE(Client(running.port()).connected());
  EXPECT_EQ(running.served.metrics.connections, 0);
  EXPECT_EQ(running.served.metrics.waiting, 0);
}

TEST(Server, a_client_that_leaves_takes_nobody_with_it) {
  const Running running;
  for (int k = 0; k < 50; ++k) {
    const Client leaver(running.port());
    leaver.say(post_text("/predict", many_people(k % 2 == 0 ? 1 : 1000)));
  }
  Client client(running.port());
  EXPECT_EQ(client.ask(post_text("/predict", one_person)).body, running.expected());
}

TEST(Server, an_address_that_is_taken_is_an_error) {
  const Running running;
  const Served served;
  Metrics metrics;
  Log log("none");
  EXPECT_THROW(Server(served.routes, metrics, log, {.port = running.port()}), Error);
  EXPECT_THROW(Server(served.routes, metrics, log, {.host = "no such host", .port = 0}), Error);
}

}  // namespace
}  // namespace neurone::server
