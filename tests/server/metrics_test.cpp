#include "server/metrics.h"

#include <gtest/gtest.h>

#include "server/log.h"

namespace neurone::server {
namespace {

TEST(Metrics, are_counted_by_route_status_and_model) {
  Metrics metrics;
  metrics.count_request(Route::predict, 200, 0.0004);
  metrics.count_request(Route::predict, 200, 9);
  metrics.count_request(Route::predict, 422, 0.0004);
  metrics.count_request(Route::health, 503, 0);
  metrics.count_rows("a\"b", 7);
  metrics.count_batch(3);
  metrics.connections = 2;
  const std::string text = metrics.text();
  for (const char* line :
       {"\nneurone_requests_total{route=\"predict\",status=\"2xx\"} 2\n",
        "\nneurone_requests_total{route=\"predict\",status=\"4xx\"} 1\n",
        "\nneurone_requests_total{route=\"health\",status=\"5xx\"} 1\n",
        "\nneurone_request_seconds_bucket{route=\"predict\",le=\"0.00025\"} 0\n",
        "\nneurone_request_seconds_bucket{route=\"predict\",le=\"0.0005\"} 2\n",
        "\nneurone_request_seconds_bucket{route=\"predict\",le=\"5\"} 2\n",
        "\nneurone_request_seconds_bucket{route=\"predict\",le=\"+Inf\"} 3\n",
        "\nneurone_request_seconds_count{route=\"predict\"} 3\n", "\nneurone_batch_rows_bucket{le=\"4\"} 1\n",
        "\nneurone_batch_rows_sum 3\n", "\nneurone_connections 2\n", "\nneurone_rows_total{model=\"a\\\"b\"} 7\n"})
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
}

TEST(AccessLog, a_line_is_JSON_whatever_was_asked) {
  std::string lines;
  append_line(lines, {.client = "127.0.0.1",
                      .method = "GET",
                      .target = "/a\"\n\xff?token=x",
                      .status = 404,
                      .seconds = 0.00125,
                      .bytes = 12});
  EXPECT_TRUE(
      lines.ends_with("\"client\":\"127.0.0.1\",\"method\":\"GET\",\"path\":\"/a\\\"\\n\\ufffd\",\"status\":404,"
                      "\"ms\":1.250,\"bytes\":12}\n"))
      << lines;
}

}  // namespace
}  // namespace neurone::server
