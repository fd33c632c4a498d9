// Bytes to requests, and what is none.
#include <gtest/gtest.h>

#include "server/http_reader.h"

namespace neurone::server {
namespace {

// Feeds a reader in pieces of this size, as a network might.
std::size_t feed(HttpReader& reader, std::string_view bytes, std::size_t piece) {
  std::size_t begin = 0;
  while (!reader.is_done() && !reader.refusal() && begin < bytes.size()) {
    const std::size_t size = std::min(piece - begin % piece, bytes.size() - begin);
    begin += reader.take(bytes.substr(begin, size));
  }
  return begin;
}

unsigned status_of(std::string_view bytes, const HttpLimits& limits = {}) {
  HttpReader reader(limits);
  feed(reader, bytes, bytes.size());
  return reader.refusal() ? reader.refusal()->status : 0;
}

TEST(HttpReader, reads_a_request_whatever_the_pieces_it_comes_in) {
  const std::string with_length =
      "POST /predict?a=b HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\naccept: a\r\nAccept: b\r\n"
      "Authorization: Bearer t\r\nInference-Header-Content-Length: 3\r\nContent-Length: 5\r\n\r\na,b\r\n";
  const std::string chunked =
      "POST /predict?a=b HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\naccept: a\r\nAccept: b\r\n"
      "Authorization: Bearer t\r\nInference-Header-Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
      "2;x=y\r\na,\r\n3\r\nb\r\n\r\n0\r\nTrailer: z\r\n\r\n";
  for (const std::string& text : {with_length, chunked}) {
    const std::string bytes = text + "GET / HTTP/1.1\r\n";
    for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{7}, bytes.size()}) {
      HttpReader reader({});
      EXPECT_EQ(feed(reader, bytes, piece), text.size()) << piece;
      ASSERT_TRUE(reader.is_done()) << piece;
      const Request request = reader.request();
      EXPECT_EQ(request.method, "POST");
      EXPECT_EQ(request.target, "/predict?a=b");
      EXPECT_EQ(request.content_type, "text/csv");
      EXPECT_EQ(request.accept, "a, b");
      EXPECT_EQ(request.authorization, "Bearer t");
      EXPECT_EQ(request.json_size, "3");
      EXPECT_EQ(request.body, "a,b\r\n");
      EXPECT_TRUE(reader.keeps_alive());
    }
  }
}

TEST(HttpReader, the_head_is_there_before_the_body) {
  HttpReader reader({});
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n";
  EXPECT_EQ(reader.take(head + "abc"), head.size());
  EXPECT_TRUE(reader.has_head());
  EXPECT_FALSE(reader.is_done());
  EXPECT_TRUE(reader.expects_continue());
  EXPECT_EQ(reader.take("abc"), 3);
  EXPECT_TRUE(reader.is_done());
  EXPECT_FALSE(reader.expects_continue());
}

TEST(HttpReader, connections_are_kept_as_the_versions_have_it) {
  const auto keeps = [](std::string_view bytes) {
    HttpReader reader({});
    feed(reader, bytes, bytes.size());
    return reader.keeps_alive();
  };
  EXPECT_TRUE(keeps("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(keeps("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

TEST(HttpReader, what_is_beyond_the_limits_or_no_request_is_refused) {
  const HttpLimits limits{.head = 200, .body = 10};
  const std::string host = "Host: x\r\n", chunked = "Transfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n" + host + "\r\n", limits), 0);
  EXPECT_EQ(status_of("GET /" + std::string(300, 'a') + " HTTP/1.1\r\n" + host + "\r\n", limits), 414);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n" + host + "A: " + std::string(300, 'a'), limits), 431);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\n" + host + "Content-Length: 11\r\n\r\n", limits), 413);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\n" + host + chunked + "b\r\n01234567890\r\n0\r\n\r\n", limits), 413);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\n" + host + chunked + "a\r\n0123456789\r\n0\r\n\r\n", limits), 0);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\n" + host + chunked + "1;" + std::string(300, 'x'), limits), 400);
  EXPECT_EQ(status_of("POST / HTTP/1.0\r\n" + chunked), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/2.0\r\n" + host + "\r\n"), 505);
  EXPECT_EQ(status_of("\x16\x03\x01\x02\r\n\r\n"), 400);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\n" + host + "Content-Length: 3\r\nContent-Length: 4\r\n\r\n"), 400);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\n" + host + "Content-Length: 3\r\n" + chunked), 400);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n"), 400);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\n" + host + "Content-Encoding: gzip\r\n\r\n"), 415);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\n" + host + "Expect: tea\r\n\r\n"), 417);
}

}  // namespace
}  // namespace neurone::server
