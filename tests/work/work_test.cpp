// What a request takes grows as its bytes do, whatever they say. Counted are the blocks of instructions that its
// readers go through, and the bytes that they allocate: the files of the readers are compiled once more for this
// program, with -fsanitize-coverage=trace-pc.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <new>

#include "server/http_reader.h"
#include "server/json_scanner.h"
#include "tests/server/people.h"

namespace {

std::size_t blocks = 0, allocated = 0;  // by the only thread

}  // namespace

extern "C" void __sanitizer_cov_trace_pc() {  // NOLINT(bugprone-reserved-identifier): the compiler calls it
  ++blocks;
}

void* operator new(std::size_t size) {
  allocated += size;
  void* memory = std::aligned_alloc(alignof(std::max_align_t), size + -size % alignof(std::max_align_t));
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace neurone::server {
namespace {

struct Work {
  std::size_t blocks, bytes;
};

Work work_of(const std::function<void()>& action) {
  const Work before{blocks, allocated};
  action();
  return {blocks - before.blocks, allocated - before.bytes};
}

struct Repeated {
  std::string name;
  std::string target, type;
  std::string before, each, between, after;  // the body: `each` as often as asked for
  bool counts = true;                        // `each` has its number behind it
  std::string number_end = "";

  std::string body(std::size_t count) const {
    std::string text = before;
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) text += between;
      text += each;
      if (counts) text += std::to_string(i) + number_end;
    }
    return text + after;
  }
};

class WorkOfRequests : public testing::TestWithParam<Repeated> {};

TEST_P(WorkOfRequests, grows_as_their_bytes) {
  Served served({.most_rows = 1'000'000});
  served.models.put(neurone::server::served("pictures", pictures()));
  constexpr std::size_t count = 4000;
  std::vector<Work> works;
  std::vector<std::size_t> sizes;
  for (const std::size_t times : {1U, 2U, 4U}) {
    const std::string body = GetParam().body(times * count);
    sizes.push_back(body.size());
    const auto ask = [&] { served.post(GetParam().target, body, GetParam().type); };
    ask();
    works.push_back(work_of(ask));
  }
  for (std::size_t k = 1; k < works.size(); ++k) {
    const double growth = static_cast<double>(sizes[k]) / static_cast<double>(sizes[k - 1]);
    constexpr double tolerance = 1.15, start = 10'000;  // a logarithm in sorting, buffers that double
    EXPECT_LT(static_cast<double>(works[k].blocks),
              tolerance * growth * (static_cast<double>(works[k - 1].blocks) + start));
    EXPECT_LT(static_cast<double>(works[k].bytes), 1.5 * growth * (static_cast<double>(works[k - 1].bytes) + start));
  }
  // no byte costs more than a small row does, with its cells and their numbers
  EXPECT_LT(works.back().blocks, 100'000 + 400 * sizes.back());
}

std::vector<Repeated> requests() {
  const std::string people = "/models/people/predict", pictures = "/models/pictures/predict",
                    infer = "/v2/models/people/infer", json = "application/json", csv = "text/csv";
  const std::string person = R"("age": 25, "city": "Bern", "since": "2020-05-17")";
  const std::string age = R"({"name": "age", "shape": [1], "datatype": "FP64", "data": [1]})";
  return {
      {"empty_inputs", infer, json, R"({"inputs":[)", "{}", ",", "]}", false},
      {"empty_objects", infer, json, "[", "{}", ",", "]", false},
      {"skipped_objects", infer, json, R"({"x":[)", "{}", ",", "]}", false},
      {"skipped_members", infer, json, "{", R"("x)", ",", "}", true, R"(":{"a":[1]})"},
      {"equal_members", infer, json, "{", R"("x":1)", ",", "}", false},
      {"members_of_an_input", infer, json, R"({"inputs":[{"name":"age","parameters":{)", R"("p)", ",", "}}]}", true,
       R"(":null)"},
      {"equal_inputs", infer, json, R"({"inputs":[)", age, ",", "]}", false},
      {"unknown_inputs", infer, json, R"({"inputs":[)", R"({"name":"x)", ",", "]}", true,
       R"(","shape":[1],"datatype":"FP64","data":[1]})"},
      {"dimensions", infer, json, R"({"inputs":[{"name":"age","datatype":"FP64","shape":[)", "1", ",",
       "],\"data\":[1]}]}", false},
      {"empty_texts", infer, json, R"({"inputs":[{"name":"city","datatype":"BYTES","shape":[1],"data":[)", "\"\"",
       ",", "]}]}", false},
      {"elements_before_their_shape", infer, json, R"({"inputs":[{"data":[)", "7", ",",
       R"(],"name":"age","datatype":"FP64","shape":[9]}]})", false},
      {"nested_lists", infer, json, R"({"inputs":[{"name":"age","datatype":"FP64","shape":[1],"data":[)", "[]", ",",
       "]}]}", false},
      {"outputs", infer, json, R"({"outputs":[)", R"({"name":"flags","parameters":{}})", ",", "]}", false},
      {"a_long_name", infer, json, R"({"inputs":[{"name":")", "x", "",
       R"(","shape":[1],"datatype":"FP64","data":[1]}]})", false},
      {"rows", people, json, "[", "{" + person + "}", ",", "]", false},
      {"rows_with_others", people, json, "[", "{" + person + R"(,"x)", ",", "]", true, R"(":1})"},
      {"one_row_of_many_members", people, json, "{" + person, R"(,"x)", "", "}", true, R"(":"y")"},
      {"empty_rows", people, json, "[", "{}", ",", "]", false},
      {"escapes", people, json, R"({"x":")", R"(\u00e9\n)", "", R"("})", false},
      {"letters", people, json, R"({"x":")", "é€", "", "\"}", false},
      {"a_long_number", people, json, R"({"age":)", "1", "", "}", false},
      {"no_JSON_at_the_end", people, json, "[", "\n", "", "x", false},
      {"lists", people, json, "", "[", "", "", false},
      {"lines_of_CSV", people, csv, "age,city,since\n", "25,Bern,2020-05-17\n", "", "", false},
      {"columns_of_CSV", people, csv, "", "c", ",", "\n1\n", true},
      {"columns_and_cells", people, csv, "age,city,since", ",c", "", "\n", true},
      {"quotes", people, csv, "age,city,since\n25,\"", "\"\"", "", "\",2020-05-17\n", false},
      {"empty_lines", people, csv, "age,city,since\n", "\n", "", "25,Bern,2020-05-17\n", false},
      {"separators", people, csv, "", ",", "", "", false},
      {"pixels", pictures, json, "[", "7", ",", "]", false},
      {"images", pictures, json, "[", "[[1,2,3],[4,5,6]]", ",", "]", false},
      {"empty_images", pictures, json, "[", "[]", ",", "]", false},
      {"objects_as_pixels", pictures, json, "[", "{}", ",", "]", false},
      {"slashes", "/", json, "", "x", "", "", false},
  };
}

INSTANTIATE_TEST_SUITE_P(All, WorkOfRequests, testing::ValuesIn(requests()),
                         [](const auto& each) { return each.param.name; });

TEST(WorkOfInferences, with_tensors_grows_as_their_bytes) {
  const Served served({.most_rows = 1'000'000});
  std::vector<double> per_byte;
  for (const std::size_t rows : {4000U, 8000U, 16'000U}) {
    std::string body = R"({"inputs":[{"name":"age","shape":[)" + std::to_string(rows) +
                       R"(],"datatype":"FP64","parameters":{"binary_data_size":)" + std::to_string(8 * rows) + "}}";
    for (const char* name : {"city", "since"}) {
      body += std::string(R"(,{"name":")") + name + R"(","datatype":"BYTES","shape":[)" + std::to_string(rows) +
              R"(],"data":[)";
      for (std::size_t i = 0; i < rows; ++i) body += i == 0 ? "\"2020-01-01\"" : ",\"2020-01-01\"";
      body += "]}";
    }
    body += "]}";
    const std::string size = std::to_string(body.size());
    body += std::string(8 * rows, '\0');
    Response response;
    const Work work = work_of([&] {
      response = served({.method = "POST", .target = "/v2/models/people/infer", .json_size = size, .body = body});
    });
    ASSERT_EQ(response.status, 200) << response.body;
    per_byte.push_back(static_cast<double>(work.blocks) / static_cast<double>(body.size()));
  }
  EXPECT_GT(per_byte.front(), 1);  // the counter counts
  EXPECT_LT(per_byte.back(), 1.15 * per_byte.front());
}

TEST(WorkOfAddresses, and_of_heads_grows_as_their_bytes) {
  const auto work_of_head = [](const std::string& line, std::size_t count) {
    std::string text = "GET / HTTP/1.1\r\nHost: x\r\n";
    for (std::size_t i = 0; i < count; ++i) text += line;
    text += "\r\n";
    return work_of([&] {
      HttpReader reader({.head = 1U << 20U, .body = 1000});
      std::string_view rest = text;
      for (std::size_t taken = 1; taken > 0 && !rest.empty(); rest.remove_prefix(taken)) taken = reader.take(rest);
    });
  };
  for (const char* line : {"Accept: a\r\n", "X: y\r\n", "Content-Type: text/csv\r\n"}) {
    const Work one = work_of_head(line, 2000), two = work_of_head(line, 4000);
    EXPECT_LT(two.blocks, 2 * one.blocks + one.blocks / 4) << line;
    EXPECT_LE(two.bytes, 3 * one.bytes) << line;  // of most lines nothing is kept
  }
  const Served served;
  for (const char* part : {"/a", "%41", "?", "&interval", "="}) {
    const auto ask = [&](std::size_t count) {
      std::string target = "/models/";
      for (std::size_t i = 0; i < count; ++i) target += part;
      return work_of([&] { served.get(target); });
    };
    ask(1);
    const Work one = ask(2000), two = ask(4000);
    EXPECT_LT(two.blocks, 2 * one.blocks + one.blocks / 4 + 1000) << part;
  }
}

}  // namespace
}  // namespace neurone::server
