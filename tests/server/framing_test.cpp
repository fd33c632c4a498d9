// Where a request ends, by the letter of RFC 9112: bytes that a proxy in front and the server might cut into requests
// differently (request smuggling) get one refusal, and the connection is closed.
#include <gtest/gtest.h>

#include "server/http_reader.h"
#include "tests/server/client.h"
#include "tests/server/running.h"

namespace neurone::server {
namespace {

struct Framing {
  std::string name, bytes;
  std::vector<unsigned> statuses;
  bool kept = false;  ///< the connection, behind them
};

const std::string post = "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
const std::string chunks = "2\r\n[]\r\n0\r\n\r\n";
const std::string next = "GET /models HTTP/1.1\r\nHost: localhost\r\n\r\n";

Framing fields(const std::string& lines, unsigned status) {
  return {lines, post + lines + "\r\n\r\n" + chunks + next, {status}};
}
Framing coding(const std::string& value, unsigned status) {
  return fields("Transfer-Encoding:" + value, status);
}
Framing length(const std::string& value) {
  return {"Content-Length:" + value, post + "Content-Length:" + value + "\r\n\r\n[]" + next, {400}};
}
Framing chunked(const std::string& body, unsigned status) {
  return {"chunks: " + body, post + "Transfer-Encoding: chunked\r\n\r\n" + body + next, {status}};
}
Framing accepted(const std::string& first) {
  return {first, first + next, {200, 200}, true};
}
Framing line(const std::string& first, unsigned status) {
  return {first, first + "\r\nHost: localhost\r\n\r\n" + next, {status}};
}
Framing host(const std::string& value) {
  return {"Host:" + value, "GET /v2 HTTP/1.1\r\nHost:" + value + "\r\n\r\n" + next, {400}};
}

// clang-format off
const std::vector<Framing> framings{
    // TE.CL and CL.TE
    fields("Transfer-Encoding: chunked\r\nContent-Length: 2", 400),
    fields("Content-Length: 2\r\nTransfer-Encoding: chunked", 400),
    fields("Content-Length: 0\r\ntransfer-encoding: chunked", 400),
    fields("Content-Length: 2\r\nTransfer-Encoding: identity", 400),
    fields("Content-Length: 2\r\nTransfer-Encoding:", 400),
    // TE.TE: what one reader takes for chunked and another does not
    coding("", 400), coding(" ", 400), coding(" ,", 400), coding(" chunked,", 400), coding(" ,chunked", 400),
    coding(" xchunked", 501), coding(" chunkedx", 501), coding(" chunked-false", 501), coding(" identity", 501),
    coding(" gzip", 501), coding(" x-gzip", 501), coding(" deflate", 501), coding(" gzip, chunked", 501),
    coding(" chunked, identity", 501), coding(" chunked, gzip", 501), coding(" identity, chunked", 501),
    coding(" chunked, chunked", 400), coding(" chunked;x=y", 400), coding(" chunked;", 400), coding(" gzip;q=1, chunked", 501),
    coding(" \"chunked\"", 400), coding(" 'chunked'", 501), coding(" chunked chunked", 400), coding(" chun ked", 400),
    coding(" chunked\x0b", 400), coding("\x0b" "chunked", 400), coding(" \x0c" "chunked", 400), coding(" chunked\x0c", 400),
    coding(std::string(" chunked\0", 9), 400), coding(" \x7f" "chunked", 400), coding(" \xc5\xbf" "chunked", 400),
    coding(" chunked\xa0", 400), coding("\xa0" "chunked", 400), coding(" chunked\r", 400), coding(" chunked\n", 400), coding("\r\n chunked", 400),
    coding("\r\n\tchunked", 400), coding(" chunked\r\n ", 400), coding("\nchunked", 400), coding(" x\r\nTransfer-Encoding: chunked", 501),
    coding(" chunked\r\nTransfer-Encoding: identity", 501), coding(" chunked\r\ntransfer-encoding: chunked", 400),
    coding(" chunked\r\nTransfer-Encoding:", 400), coding(" gzip\r\nTransfer-Encoding: chunked", 501),
    fields(" Transfer-Encoding: chunked", 400), fields("\tTransfer-Encoding: chunked", 400), fields("Transfer-Encoding : chunked", 400),
    fields("Transfer-Encoding\t: chunked", 400), fields("Transfer Encoding: chunked", 400), fields("Transfer-Encoding\x0b: chunked", 400),
    fields(std::string("Transfer-Encoding\0: chunked", 27), 400), fields("\"Transfer-Encoding\": chunked", 400), fields("Transfer-Encoding", 400),
    fields("Transfer-Encoding chunked", 400), fields(": chunked", 400), fields("X: y\nTransfer-Encoding: chunked", 400),
    fields("X: y\rTransfer-Encoding: chunked", 400), fields("X: \x01", 400), fields("X: a\r\n b", 400), fields("X\xc3\xa9: a", 400),
    {"HTTP/1.0", "POST /predict HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + next, {400}},
    {"HTTP/1.0, kept", "POST /predict HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + next, {400}},
    // a length
    length(""), length(" "), length(" +2"), length(" -0"), length(" -2"), length(" 2,2"), length(" 2, 2"), length(" 2 2"), length(" 0x2"),
    length(" 2.0"), length(" 2e0"), length(" 2;"), length(" \"2\""), length(" 2\x0b"), length(" two"), length(" \xef\xbc\x92"),
    length(" 18446744073709551616"), length(" 18446744073709551618"), length(" 99999999999999999999999999"),
    length(" 2\r\nContent-Length: 2"), length(" 2\r\ncontent-length: 3"), length(" 2\r\n 3"), length(" 2\nX: y"), length("\r\n 2"),
    {"2^64 - 1", post + "Content-Length: 18446744073709551615\r\n\r\n[]" + next, {413}},
    // chunks
    chunked("2\r\n[]]\r\n0\r\n\r\n", 400), chunked("2\r\n[]0\r\n\r\n", 400), chunked("2\n[]\r\n0\r\n\r\n", 400), chunked("2\r[]\r\n0\r\n\r\n", 400),
    chunked("2\r\n[]\n0\r\n\r\n", 400), chunked("2\r\n[]\r0\r\n\r\n", 400), chunked("0x2\r\n[]\r\n0\r\n\r\n", 400), chunked("+2\r\n[]\r\n0\r\n\r\n", 400),
    chunked("-2\r\n[]\r\n0\r\n\r\n", 400), chunked(" 2\r\n[]\r\n0\r\n\r\n", 400), chunked("2 \r\n[]\r\n0\r\n\r\n", 400), chunked("2 x\r\n[]\r\n0\r\n\r\n", 400),
    chunked("\r\n[]\r\n0\r\n\r\n", 400), chunked(";a\r\n[]\r\n0\r\n\r\n", 400), chunked("g\r\n[]\r\n0\r\n\r\n", 400), chunked("2_0\r\n[]\r\n0\r\n\r\n", 400),
    chunked("10000000000000002\r\n[]\r\n0\r\n\r\n", 400), chunked("00000000000000002\r\n[]\r\n0\r\n\r\n", 400),
    chunked("ffffffffffffffff\r\n[]\r\n0\r\n\r\n", 413), chunked("2\r\n[]\r\nfffffffffffffffe\r\n", 413), chunked("80000000\r\n[]\r\n", 413),
    chunked("2;\r\n[]\r\n0\r\n\r\n", 400), chunked("2;a=\r\n[]\r\n0\r\n\r\n", 400), chunked("2;a=\"b\r\n[]\r\n0\r\n\r\n", 400), chunked("2;a b\r\n[]\r\n0\r\n\r\n", 400),
    chunked("2;a\nxx\r\n[]\r\n0\r\n\r\n", 400), chunked("2;\na\r\n[]\r\n0\r\n\r\n", 400), chunked("2;a=\"\n\"\r\n[]\r\n0\r\n\r\n", 400), chunked("2;a\r[]\r\n0\r\n\r\n", 400),
    chunked("2\r\n[]\r\n0\r\nX: y\n\r\n", 400), chunked("2\r\n[]\r\n0\n\r\n", 400), chunked("2\r\n[]\r\n0\r\n\n", 400), chunked("2\r\n[]\r\n0\r\n X: y\r\n\r\n", 400),
    chunked("2\r\n[]\r\n0\r\nX y\r\n\r\n", 400), chunked("2\r\n[]\r\n0\r\nX : y\r\n\r\n", 400), chunked("2\r\n[]\r\n0\r\nContent-Length: 4\r\n\r\n", 400),
    chunked("2\r\n[]\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n", 400), chunked("2\r\n[]\r\n0\r\nHost: localhost\r\n\r\n", 400),
    chunked("2\r\n[]\r\n0\r\nAuthorization: Bearer x\r\n\r\n", 400), chunked("2\r\n[]\r\n0\r\nGET / HTTP/1.1\r\n\r\n", 400),
    // fields of which there is one
    fields("Host: localhost\r\nContent-Length: 2", 400), fields("host: localhost\r\nContent-Length: 2", 400),
    fields("Authorization: Bearer a\r\nauthorization: Bearer b", 400), fields("Content-Type: text/csv", 400), fields("Origin: a\r\nOrigin: b", 400),
    fields("Inference-Header-Content-Length: 2\r\nInference-Header-Content-Length: 3", 400),
    {"no Host", "GET /v2 HTTP/1.1\r\n\r\n" + next, {400}},
    {"two in HTTP/1.0", "GET /v2 HTTP/1.0\r\nHost: localhost\r\nHost: localhost\r\n\r\n" + next, {400}},
    host(" a b"), host(" a/b"), host(" http://a"), host(" a@b"), host(" a:b"), host(" a:1:2"), host(" a:-1"), host(" a:65536"), host(" [::1"), host(" ::1"),
    host(" [localhost]"), host(" [::1]x"), host(" [::1%25lo]"), host(" localhost, localhost"), host(" a\tb"), host(" <a>"), host(" a%zz"), host(" a?b"),
    host(" a#b"), host(" a\\b"), host(" \"a\""), host(" \xc3\xa9"),
    // the first line
    line("GET /v2", 400), line("GET", 400), line("", 400), line("GET  /v2 HTTP/1.1", 400), line("GET /v2  HTTP/1.1", 400), line("GET\t/v2\tHTTP/1.1", 400),
    line("GET /v2 HTTP/1.1 ", 400), line(" GET /v2 HTTP/1.1", 400), line("GET /v2 http/1.1", 400), line("GET /v2 HTTP/1.10", 400), line("GET /v2 HTTP/01.1", 400),
    line("GET /v2 HTTP/1,1", 400), line("GET /v2 HTTP/1.", 400), line("GET /v2 HTTP", 400), line("GET /v2 HTTPS/1.1", 400), line("GET /v2 HTTP/1.1\x0b", 400),
    line("GET /v2 HTTP/2.0", 505), line("GET /v2 HTTP/0.9", 505), line("GET /v2 HTTP/3.1", 505), line("G[T /v2 HTTP/1.1", 400), line("G:T /v2 HTTP/1.1", 400),
    line("G\xc3\xa9T /v2 HTTP/1.1", 400), line(std::string("GET /v2\0 HTTP/1.1", 17), 400), line("GET /v2\x01 HTTP/1.1", 400), line("GET /v2?\"a HTTP/1.1", 400),
    line("GET /v2#a HTTP/1.1", 400), line("GET /<v2> HTTP/1.1", 400), line("GET /v2\\a HTTP/1.1", 400), line("GET /\xc3\xa9 HTTP/1.1", 400), line("GET /v2 /v2 HTTP/1.1", 400),
    line("GET v2 HTTP/1.1", 400), line("GET * HTTP/1.1", 400), line("GET ?a HTTP/1.1", 400), line("GET localhost:80 HTTP/1.1", 400), line("GET http:/v2 HTTP/1.1", 400),
    line("GET http:///v2 HTTP/1.1", 400), line("GET http://u@localhost/v2 HTTP/1.1", 400), line("GET http://a b/v2 HTTP/1.1", 400), line("GET ftp://localhost/v2 HTTP/1.1", 400),
    line("GET http://localhost/v2#a HTTP/1.1", 400), line("GET http://localhost:x/v2 HTTP/1.1", 400), line("GET file:///etc/passwd HTTP/1.1", 400),
    line("CONNECT localhost:80 HTTP/1.1", 501), line("PRI * HTTP/2.0", 505), {"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + next, {505}},
    {"HTTP/0.9", "GET /v2\r\n" + next, {400}}, {"TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + next, {400}}, {"LF before", "\n" + next, {400}}, {"LF", "GET /v2 HTTP/1.1\nHost: localhost\n\n" + next, {400}},
    {"an end without CR", "GET /v2 HTTP/1.1\r\nHost: localhost\r\n\n" + next, {400}}, {"CR CR LF", "GET /v2 HTTP/1.1\r\r\nHost: localhost\r\n\r\n" + next, {400}},
    // what is right
    accepted(post + "Transfer-Encoding: chunked\r\n\r\n" + chunks), accepted(post + "TRANSFER-encoding:\t ChUnKeD \t\r\n\r\n" + chunks),
    accepted(post + "Transfer-Encoding: chunked\r\n\r\n1\r\n[\r\n01\r\n]\r\n000\r\n\r\n"), accepted(post + "Transfer-Encoding: chunked\r\n\r\n2;a;b=c;d=\"e\\\"; f\" ; g = h\r\n[]\r\n0;a\r\nX: y\r\nZ:\r\n\r\n"),
    accepted(post + "Transfer-Encoding: chunked\r\n\r\n0000000000000002\r\n[]\r\n0\r\n\r\n"), accepted(post + "Content-Length: 2\r\n\r\n[]"), accepted(post + "content-LENGTH:\t002 \r\n\r\n[]"),
    accepted("\r\n" + post + "Content-Length: 2\r\n\r\n[]\r\n\r\n\r\n"), accepted("GET /v2 HTTP/1.1\r\nHost: localhost\r\n\r\n"), accepted("GET /v2 HTTP/1.1\r\nHost:localhost:80\r\nX:\r\nY:\ta\tb\xff \r\n\r\n"),
    accepted("GET /v2 HTTP/1.2\r\nHost: localhost\r\n\r\n"), accepted("GET /v2 HTTP/1.9\r\nHost: [::1]:8080\r\n\r\n"), accepted("GET http://localhost/v2 HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    accepted("GET HTTP://LocalHost:8080/v2? HTTP/1.1\r\nHost: evil.example\r\n\r\n"), accepted("GET https://127.0.0.1/v2 HTTP/1.1\r\nHost:\r\n\r\n"), accepted("GET http://localhost HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    accepted("GET /v2 HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"), accepted("GET /v2 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n[]"),
    accepted("GET /v2 HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade, keep-alive\r\nUpgrade: h2c\r\nTE: trailers\r\nTransfer_Encoding: chunked\r\n\r\n"),
    {"close wins", "GET /v2 HTTP/1.1\r\nHost: localhost\r\nConnection: close, keep-alive\r\n\r\n" + next, {200}},
    {"close in a second line", "GET /v2 HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\nconnection: x, CLOSE\r\n\r\n" + next, {200}},
    {"HTTP/1.0", "GET /v2 HTTP/1.0\r\n\r\n" + next, {200}}, {"HTTP/1.0 knows no Expect", "GET /v2 HTTP/1.0\r\nExpect: tea\r\n\r\n", {200}},
    {"pipelined behind an error", "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\nBREW / HTTP/1.1\r\nHost: localhost\r\n\r\n" + next, {404, 501, 200}, true},
    {"OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n" + next, {204, 200}, true},
};
// clang-format on

TEST(Framing, requests_end_where_the_letter_of_HTTP_says_and_doubtful_ones_end_the_connection) {
  const Running running;
  for (const Framing& framing : framings) {
    Client client(running.port());
    client.say(framing.bytes);
    for (const unsigned status : framing.statuses) EXPECT_EQ(client.hear().status, status) << framing.name;
    if (framing.kept)
      EXPECT_EQ(client.ask(get_text("/v2/health/live")).body, running.served.get("/v2/health/live").body)
          << framing.name;
    else
      EXPECT_TRUE(client.ended()) << framing.name;
  }
}

// Requests as a reader sees them in two pieces: method, target, host and body of each, or why there is none.
std::string seen(std::string_view bytes, std::size_t cut) {
  std::string text;
  HttpReader* reader = nullptr;
  std::optional<HttpReader> own;
  for (std::size_t begin = 0; begin < bytes.size();) {
    if (reader == nullptr) reader = &own.emplace(HttpLimits{});
    const std::size_t end = begin < cut ? cut : bytes.size();
    begin += reader->take(bytes.substr(begin, end - begin));
    if (reader->refusal()) return text + reader->refusal()->body;
    if (!reader->is_done()) continue;
    const Request request = reader->request();
    text += std::string(request.method) + ' ' + std::string(request.target) + ' ' +
            std::string(request.host.value_or("none")) + ' ' + std::string(request.body) + '\n';
    if (!reader->keeps_alive()) return text + "closed";
    reader = nullptr;
  }
  return text;
}

TEST(Framing, does_not_depend_on_the_pieces_that_bytes_come_in) {
  for (const Framing& framing : framings) {
    const std::string whole = seen(framing.bytes, framing.bytes.size());
    for (std::size_t cut = 1; cut < framing.bytes.size(); ++cut)
      ASSERT_EQ(seen(framing.bytes, cut), whole) << framing.name << " cut at " << cut;
  }
}

// --- named after what happened to others ---------------------------------------------------------------------------

// cpp-httplib kept every field of a head, however many there were.
TEST(Framing, CVE_2025_52887_many_fields_take_no_memory) {
  const HttpLimits limits;
  HttpReader reader(limits);
  std::string head = "GET / HTTP/1.1\r\nHost: localhost\r\n";
  std::size_t count = 0;
  for (; !reader.refusal() && count < 1'000'000; ++count) {
    reader.take(head);
    head = "a" + std::to_string(count) + ":\r\n";
  }
  ASSERT_TRUE(reader.refusal());
  EXPECT_EQ(reader.refusal()->status, 431);
  EXPECT_LT(count, limits.head / 4);
  HttpReader endless(limits);  // and a line without an end
  std::size_t taken = 0;
  while (!endless.refusal() && taken < 10'000'000) taken += endless.take(std::string(1000, 'a'));
  EXPECT_EQ(endless.refusal()->status, 414);
  EXPECT_LE(taken, limits.head);
}

// cpp-httplib read the size of a chunk with strtoul, which takes -2 for nearly 2^64 and so went past the limit.
TEST(Framing, CVE_2026_45352_a_negative_size_of_a_chunk_is_no_size) {
  for (const char* size : {"-2", "-1", "-0", "ffffffffffffffff", "fffffffffffffffe", "1ffffffffffffffff"}) {
    HttpReader reader({.head = 1000, .body = 100});
    reader.take(post + "Transfer-Encoding: chunked\r\n\r\n");
    reader.take(std::string(size) + "\r\n");
    ASSERT_TRUE(reader.refusal()) << size;
    EXPECT_EQ(reader.body_size(), 0) << size;
  }
}

// cpp-httplib counted the bytes of a body before it was unpacked.
TEST(Framing, CVE_2026_28435_a_compressed_body_is_refused_before_it_comes) {
  for (const char* lines : {"Content-Encoding: gzip", "Content-Encoding: br", "content-encoding: GZIP",
                            "Content-Encoding: identity, gzip",
                            "Content-Encoding: gzip\r\nContent-Encoding: identity", "Content-Encoding: x"}) {
    HttpReader reader({});
    reader.take(post + lines + "\r\nContent-Length: 100\r\n\r\n");
    ASSERT_TRUE(reader.refusal()) << lines;
    EXPECT_EQ(reader.refusal()->status, 415) << lines;
  }
}

// The limit of a body holds for what chunks add up to, and for what they carry beside it.
TEST(Framing, chunks_add_up_to_the_limits_and_no_further) {
  const HttpLimits limits{.head = 300, .body = 1000};
  const auto status_after = [&](std::string_view chunk, std::size_t times) {
    HttpReader reader(limits);
    reader.take(post + "Transfer-Encoding: chunked\r\n\r\n");
    for (std::size_t k = 0; k < times && !reader.refusal(); ++k)
      for (std::string_view rest = chunk; !rest.empty() && !reader.refusal();) rest.remove_prefix(reader.take(rest));
    return reader.refusal() ? reader.refusal()->status : 0;
  };
  EXPECT_EQ(status_after("1\r\na\r\n", 1000), 0);
  EXPECT_EQ(status_after("1\r\na\r\n", 1001), 413);
  EXPECT_EQ(status_after("000000000001\r\na\r\n", 1000), 0);
  EXPECT_EQ(status_after("1;abcdefgh\r\na\r\n", 33), 0);  // nine bytes of 300 each
  EXPECT_EQ(status_after("1;abcdefgh\r\na\r\n", 34), 400);
  HttpReader trailers(limits);
  trailers.take(post + "Transfer-Encoding: chunked\r\n\r\n");
  for (const char* each : {"0\r\n", "A: b\r\n"}) trailers.take(each);
  for (int k = 0; k < 100 && !trailers.refusal(); ++k) trailers.take("A: b\r\n");
  ASSERT_TRUE(trailers.refusal());
  EXPECT_EQ(trailers.refusal()->status, 431);
}

}  // namespace
}  // namespace neurone::server
