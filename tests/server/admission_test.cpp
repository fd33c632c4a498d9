// Which hosts are answered for, and which pages in browsers may ask.
#include <gtest/gtest.h>

#include "server/admission.h"
#include "tests/server/client.h"
#include "tests/server/running.h"

namespace neurone::server {
namespace {

unsigned status_for_host(const Admission& admission, std::string_view host) {
  const std::optional<Response> refusal = admission.refusal_of({.method = "GET", .target = "/", .host = host});
  return refusal ? refusal->status : 200;
}

TEST(Admission, a_server_of_this_machine_alone_answers_for_its_own_names) {
  const Admission admission({}, "127.0.0.1", true);
  for (const char* host :
       {"localhost", "LocalHost:8080", "localhost.", "a.localhost", "a.b.localhost:1", "127.0.0.1", "127.0.0.1:80",
        "127.1.2.3", "127.255.255.255:65535", "[::1]", "[::1]:8080", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]:80",
        "models", "Models:8080", "my-host.", "x"})  // no stranger owns a name without a dot
    EXPECT_EQ(status_for_host(admission, host), 200) << host;
  for (const char* host : {"evil.example",
                           "evil.example:8080",
                           "localhost.evil.example",
                           "127.0.0.1.evil.example",
                           "localhost..",
                           "",
                           ":80",
                           "0.0.0.0",
                           "10.0.0.1",
                           "128.0.0.1",
                           "126.255.255.255",
                           "127.1",
                           "127.0.0.256",
                           "0127.0.0.1",
                           "0x7f.0.0.1",
                           "2130706433",
                           "[::]",
                           "[::2]",
                           "[::ffff:10.0.0.1]",
                           "[fe80::1]",
                           "localhost%2eevil.example",
                           "a b"})
    EXPECT_EQ(status_for_host(admission, host), 421) << host;
  EXPECT_FALSE(admission.refusal_of({.method = "GET", .target = "/"}));  // HTTP/1.0, which browsers do not speak
  EXPECT_NE(admission.refusal_of({.method = "GET", .target = "/", .host = "Evil.Example:80"})
                ->body.find("'evil.example' is not this machine: --allow-host evil.example lets requests for it in"),
            std::string::npos);
}

TEST(Admission, other_hosts_are_let_in_by_name) {
  const Admission named({.hosts = {"Models.Example", "192.168.1.5", "[fd00::5]"}}, "127.0.0.1", true);
  for (const char* host :
       {"models.example", "MODELS.example:443", "models.example.", "192.168.1.5:80", "[fd00::5]", "localhost"})
    EXPECT_EQ(status_for_host(named, host), 200) << host;
  for (const char* host : {"a.models.example", "models.example.evil", "192.168.1.6"})
    EXPECT_EQ(status_for_host(named, host), 421) << host;
  EXPECT_EQ(status_for_host(Admission({.hosts = {"*"}}, "127.0.0.1", true), "evil.example"), 200);
}

TEST(Admission, a_server_for_others_answers_for_any_host_unless_names_are_given) {
  EXPECT_EQ(status_for_host(Admission({}, "0.0.0.0", false), "any.example"), 200);
  const Admission named({.hosts = {"models.example"}}, "192.168.1.5", false);
  for (const char* host : {"models.example", "192.168.1.5:8080", "localhost"})
    EXPECT_EQ(status_for_host(named, host), 200) << host;
  EXPECT_EQ(status_for_host(named, "any.example"), 421);
  EXPECT_EQ(status_for_host(Admission({.hosts = {"a"}}, "fd00::5", false), "[fd00::5]:8080"), 200);
}

TEST(Admission, what_is_no_host_and_no_origin_is_refused_when_the_server_starts) {
  for (const char* host : {"", "a:80", "a:", "http://a", ".example.org", "*.example.org", "a/b", "a b", "::1"})
    EXPECT_THROW(checked({.hosts = {host}}), UsageError) << host;
  for (const char* origin : {"", "null", "example.org", "https://example.org/", "https://", "https://*.example.org",
                             "https://a b", "https://a https://b", "//a"})
    EXPECT_THROW(checked({.origins = {origin}}), UsageError) << origin;
  EXPECT_NO_THROW(checked({.hosts = {"a", "[::1]", "*"}, .origins = {"*", "https://a:1", "app://b"}}));
}

Request asked(std::string_view origin, std::string_view host = "localhost:8080", std::string_view method = "POST") {
  return {.method = method, .target = "/predict", .host = host, .origin = origin};
}

TEST(Admission, a_page_may_ask_the_host_it_came_from) {
  const Admission admission({}, "0.0.0.0", false);
  for (const auto& [origin, host] :
       std::vector<std::pair<std::string, std::string>>{{"http://localhost:8080", "localhost:8080"},
                                                        {"HTTP://LOCALHOST:8080", "localhost:8080"},
                                                        {"http://a.example", "a.example"},
                                                        {"http://a.example", "a.example:80"},
                                                        {"http://a.example:80", "a.example"},
                                                        {"https://a.example", "a.example"},
                                                        {"https://a.example", "a.example:443"},
                                                        {"http://[::1]:8080", "[::1]:8080"}})
    EXPECT_FALSE(admission.refusal_of(asked(origin, host))) << origin << ' ' << host;
  for (const auto& [origin, host] : std::vector<std::pair<std::string, std::string>>{
           {"http://evil.example", "localhost:8080"},
           {"null", "localhost:8080"},
           {"", "localhost:8080"},
           {"http://localhost", "localhost:8080"},
           {"http://localhost:8081", "localhost:8080"},
           {"http://127.0.0.1:8080", "localhost:8080"},
           {"https://a.example", "a.example:80"},
           {"http://localhost:8080.evil.example", "localhost:8080"},
           {"http://localhost:8080@evil.example", "localhost:8080"},
           {"ftp://localhost:8080", "localhost:8080"},
           {"http://evil.example http://localhost:8080", "localhost:8080"},
           {"http://localhost:8080/", "localhost:8080"},
           {"file://", "localhost:8080"}}) {
    for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "BREW"}) {
      const std::optional<Response> refusal = admission.refusal_of(asked(origin, host, method));
      ASSERT_TRUE(refusal) << origin << ' ' << host;
      EXPECT_EQ(refusal->status, 403);
    }
    for (const char* method : {"GET", "HEAD", "OPTIONS"})  // it sees no answer
      EXPECT_FALSE(admission.refusal_of(asked(origin, host, method))) << origin << ' ' << host;
  }
}

TEST(Admission, pages_of_allowed_origins_may_ask) {
  const Admission some({.origins = {"https://A.example", "http://b.example:80"}}, "127.0.0.1", true);
  for (const char* origin : {"https://a.example", "https://a.example:443", "http://b.example"})
    EXPECT_FALSE(some.refusal_of(asked(origin))) << origin;
  for (const char* origin :
       {"http://a.example", "https://a.example:444", "https://b.a.example", "https://a.example.evil", "null"})
    EXPECT_TRUE(some.refusal_of(asked(origin))) << origin;
  const Admission all({.origins = {"*"}}, "127.0.0.1", true);
  for (const char* origin : {"https://a.example", "null"}) EXPECT_FALSE(all.refusal_of(asked(origin))) << origin;
}

// --- CORS, on real connections -------------------------------------------------------------------------------------

std::string from(std::string_view origin) {
  return "Origin: " + std::string(origin) + "\r\n";
}
const std::string preflight =
    "OPTIONS /predict HTTP/1.1\r\nHost: localhost\r\nAccess-Control-Request-Method: POST\r\n"
    "Access-Control-Request-Headers: authorization, content-type\r\n";

TEST(Admission, a_foreign_page_reads_nothing_and_sends_nothing) {
  const Running running;
  Client client(running.port());
  const Reply read = client.ask("GET /models HTTP/1.1\r\nHost: localhost\r\n" + from("http://evil.example") + "\r\n");
  EXPECT_EQ(read.status, 200);
  EXPECT_EQ(read.head.find("Access-Control"), std::string::npos);
  const Reply asked_before = client.ask(preflight + from("http://evil.example") + "\r\n");
  EXPECT_EQ(asked_before.status, 403);
  EXPECT_EQ(asked_before.head.find("Access-Control"), std::string::npos);
  for (const char* origin : {"http://evil.example", "null"}) {
    Client sender(running.port());
    const Reply sent = sender.ask(post_text("/predict", one_person, from(origin)));
    EXPECT_EQ(sent.status, 403) << origin;
    EXPECT_EQ(sent.head.find("Access-Control"), std::string::npos) << origin;
    EXPECT_TRUE(sender.ended()) << origin;  // before its body
  }
  Client own(running.port());
  EXPECT_EQ(own.ask(post_text("/predict", one_person, from("http://localhost"))).status, 200);
  Client rebound(running.port());
  EXPECT_EQ(
      rebound.ask("GET /models HTTP/1.1\r\nHost: evil.example\r\n" + from("http://evil.example") + "\r\n").status,
      421);
}

TEST(Admission, an_allowed_page_reads_answers_and_errors_alike) {
  const std::string origin = "https://a.example";
  const Running running({.limits = {.body = 1000}}, {.token = Token("t")}, {.origins = {origin, "http://b.example"}});
  const auto reads = [&](const Reply& reply) {
    return reply.head.find("\r\nAccess-Control-Allow-Origin: " + origin + "\r\n") != std::string::npos &&
           reply.head.find("\r\nVary: Origin\r\n") != std::string::npos &&
           reply.head.find("Access-Control-Allow-Credentials") == std::string::npos;
  };
  Client client(running.port());
  const Reply asked_before = client.ask(preflight + from(origin) + "\r\n");
  EXPECT_EQ(asked_before.status, 204);
  EXPECT_TRUE(reads(asked_before)) << asked_before.head;
  for (const char* field :
       {"Access-Control-Allow-Methods: GET, HEAD, POST\r\n", "Access-Control-Max-Age: 600\r\n",
        "Access-Control-Allow-Headers: Authorization, Content-Type, Inference-Header-Content-Length\r\n"})
    EXPECT_NE(asked_before.head.find(field), std::string::npos) << field;
  EXPECT_EQ(asked_before.head.find("\r\nContent-Length"), std::string::npos);
  const std::string shown = "Authorization: Bearer t\r\n";
  for (const auto& [text, status] : std::vector<std::pair<std::string, unsigned>>{
           {post_text("/predict", one_person, from(origin) + shown), 200},
           {post_text("/predict", "{}", from(origin) + shown), 422},
           {post_text("/nothing", "{}", from(origin) + shown), 404},
           {post_text("/predict", "[]", from(origin)), 401},
           {post_text("/predict", std::string(1001, ' '), from(origin) + shown), 413},
           {post_text("/predict", "[]", from(origin) + shown + "Transfer-Encoding: chunked\r\n"), 400}}) {
    Client page(running.port());
    const Reply reply = page.ask(text);
    EXPECT_EQ(reply.status, status);
    EXPECT_TRUE(reads(reply)) << status << reply.head;
  }
  Client other(running.port());
  const Reply plain = other.ask(get_text("/v2/health/live"));  // without an origin, and still not for every cache
  EXPECT_NE(plain.head.find("\r\nVary: Origin\r\n"), std::string::npos);
  EXPECT_EQ(plain.head.find("Access-Control"), std::string::npos);
}

TEST(Admission, pages_of_any_origin_may_ask_where_all_are_allowed) {
  const Running running({}, {}, {.origins = {"*"}});
  Client client(running.port());
  const Reply reply = client.ask(post_text("/predict", one_person, from("null")));
  EXPECT_EQ(reply.status, 200);
  EXPECT_NE(reply.head.find("\r\nAccess-Control-Allow-Origin: *\r\n"), std::string::npos);
  EXPECT_EQ(reply.head.find("Vary"), std::string::npos);
}

}  // namespace
}  // namespace neurone::server
