// Whole files: ours read back, and what is refused.
#include "neurone/onnx/onnx_file.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "neurone/export/onnx.h"
#include "tests/data/temporary_folder.h"
#include "tests/model/models.h"
#include "tests/onnx/graphs.h"
#include "tests/support/message_of.h"

namespace neurone::onnx {
namespace {

std::string problem_of(const std::string& bytes) {
  return message_of<Error>([&] { parse_onnx(bytes, "m.onnx"); });
}

// A model with one tensor, whose message is given.
std::string file_with(const ProtobufMessage& tensor) {
  ProtobufMessage graph, model;
  graph.add_message(graph_proto::initializer, tensor);
  model.add_message(model_proto::graph, graph);
  return model.bytes();
}

ProtobufMessage tensor_message(const Shape& shape, Type type) {
  ProtobufMessage tensor;
  for (const std::int64_t size : shape) tensor.add_number(tensor_proto::dims, size);
  tensor.add_number(tensor_proto::data_type, static_cast<std::int64_t>(type));
  tensor.add_text(tensor_proto::name, "W");
  return tensor;
}

TEST(OnnxFile, is_read_as_it_was_written) {
  OnnxGraph made;
  const std::string X = made.add_input({.name = "X", .type = Type::float64, .shape = {any_rows, 2}});
  const std::string W = constant(made, "W", {2, 1}, {1.5F, -2});
  made.add_output({.name = "y"}, made.add({"Gemm", {X, W}, {{"alpha", 0.5F}, {"transB", std::int64_t{1}}}}));
  const Graph graph = parsed(made);
  ASSERT_EQ(graph.inputs.size(), 1U);
  EXPECT_EQ(graph.inputs[0].name, "X");
  EXPECT_EQ(graph.inputs[0].type, Type::float64);
  EXPECT_EQ(graph.inputs[0].shape, (Shape{any_rows, 2}));
  EXPECT_EQ(graph.outputs, (std::vector<std::string>{"y"}));
  EXPECT_EQ(graph.constants.at("W").shape, (Shape{2, 1}));
  EXPECT_EQ(graph.constants.at("W").reals(), (Reals{1.5, -2}));
  EXPECT_EQ(graph.version(""), 17);
  EXPECT_EQ(graph.version("ai.onnx.ml"), 3);
  EXPECT_EQ(graph.producer, "neurone 1");
  ASSERT_EQ(graph.nodes.size(), 2U);
  EXPECT_EQ(graph.nodes[0].operation, "Gemm");
  EXPECT_EQ(graph.nodes[0].real("alpha", 1), 0.5);
  EXPECT_EQ(graph.nodes[0].whole("transB", 0), 1);
}

TEST(OnnxFile, reads_numbers_of_half_a_width) {
  ProtobufMessage tensor = tensor_message({4}, Type::float16);
  tensor.add_text(tensor_proto::raw_data, std::string_view("\x00\x3c\x00\xc0\x01\x00\x00\x7c", 8));
  const Graph graph = parse_onnx(file_with(tensor), "m.onnx");
  EXPECT_EQ(graph.constants.at("W").reals(), (Reals{1, -2, 0x1p-24, std::numeric_limits<double>::infinity()}));
}

TEST(OnnxFile, refuses_tensors_that_are_not_what_they_claim) {
  const std::string prefix = "m.onnx: no ONNX model that neurone reads: tensor 'W': ";
  ProtobufMessage few = tensor_message({2, 2}, Type::float32);
  few.add_text(tensor_proto::raw_data, "123456789012");
  EXPECT_EQ(problem_of(file_with(few)), prefix + "12 bytes for 2 × 2 of float");
  EXPECT_EQ(problem_of(file_with(tensor_message({1'000'000'000}, Type::float32))),
            prefix + "0 elements for 1000000000 of float");
  EXPECT_EQ(problem_of(file_with(tensor_message({1LL << 40, 1LL << 40}, Type::int64))),
            prefix + "a tensor of 1099511627776 × 1099511627776 is too large");
  EXPECT_EQ(problem_of(file_with(tensor_message({-1}, Type::int64))), prefix + "a tensor of -1 has a size below 0");
  EXPECT_EQ(problem_of(file_with(tensor_message({1}, static_cast<Type>(14)))),
            prefix + "elements of type 14 are none that neurone reads");
}

ProtobufMessage tensor_elsewhere(const std::string& location, const std::string& offset) {
  ProtobufMessage tensor = tensor_message({2}, Type::float32);
  for (const auto& [key, value] : {std::pair{std::string("location"), location}, {"offset", offset}}) {
    ProtobufMessage entry;
    entry.add_text(entry_proto::key, key);
    entry.add_text(entry_proto::value, value);
    tensor.add_message(tensor_proto::external_data, entry);
  }
  tensor.add_number(tensor_proto::data_location, 1);
  return tensor;
}

TEST(OnnxFile, takes_tensors_from_a_file_beside_it) {
  const TemporaryFolder folder;
  folder.write("m.onnx.data", std::string("\0\0\0\0\0\0\x80\x3f\0\0\0\x40", 12));
  folder.write("m.onnx", file_with(tensor_elsewhere("m.onnx.data", "4")));
  EXPECT_EQ(load_onnx(folder.path("m.onnx")).constants.at("W").reals(), (Reals{1, 2}));
}

TEST(OnnxFile, takes_tensors_from_no_other_folder) {
  const TemporaryFolder folder;
  const auto refused = [&](const std::string& location, const std::string& offset, const std::string& what) {
    folder.write("m.onnx", file_with(tensor_elsewhere(location, offset)));
    EXPECT_EQ(message_of<Error>([&] { load_onnx(folder.path("m.onnx")); }),
              folder.path("m.onnx") + ": no ONNX model that neurone reads: tensor 'W': " + what);
  };
  folder.write("data", "12345678");
  refused("../data", "0", "it stands in the file '../data', expected one in the same folder");
  refused("/etc/passwd", "0", "it stands in the file '/etc/passwd', expected one in the same folder");
  refused("..", "0", "it stands in the file '..', expected one in the same folder");
  refused("data", "4", "bytes 4 to 12 of 'data', which has 8");
  refused("data", "18446744073709551615", "bytes 18446744073709551615 to 7 of 'data', which has 8");
  refused("data", "-1", "its offset in another file is '-1', expected a number");
  EXPECT_EQ(problem_of(file_with(tensor_elsewhere("data", "0"))),
            "m.onnx: no ONNX model that neurone reads: tensor 'W': it stands in the file 'data', expected it here");
}

// ONNX before 1.16 (CVE-2024-27318) and before 1.21 (CVE-2026-34445) followed what a file says of other files: out of
// the folder, and into sizes that nothing held.
TEST(OnnxFile, cve_2024_27318_and_2026_34445_other_files_are_those_beside_it_and_as_long_as_they_are) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path("sub"));
  std::filesystem::create_symlink("/dev/zero", folder.path("endless"));
  folder.write("data", "12345678");
  const auto refused = [&](const std::vector<std::pair<std::string, std::string>>& entries) {
    ProtobufMessage tensor = tensor_message({2}, Type::float32);
    for (const auto& [key, value] : entries) {
      ProtobufMessage entry;
      entry.add_text(entry_proto::key, key);
      entry.add_text(entry_proto::value, value);
      tensor.add_message(tensor_proto::external_data, entry);
    }
    tensor.add_number(tensor_proto::data_location, 1);
    folder.write("m.onnx", file_with(tensor));
    const std::string problem = message_of<Error>([&] { load_onnx(folder.path("m.onnx")); });
    const std::string prefix = folder.path("m.onnx") + ": no ONNX model that neurone reads: tensor 'W': ";
    return problem.starts_with(prefix) ? problem.substr(prefix.size()) : problem;
  };
  const auto elsewhere = [](const std::string& location) {
    return "it stands in the file '" + location + "', expected one in the same folder";
  };
  for (const std::string location : {"sub/../../data", "./data", "sub/data", "..\\data", "/dev/zero", ""})
    EXPECT_EQ(refused({{"location", location}}), elsewhere(location));
  for (const std::string location : {"sub", "endless"})
    EXPECT_EQ(refused({{"location", location}}),
              "it stands in '" + location + "', which is no file but a device, a pipe or a folder");
  EXPECT_EQ(refused({{"length", "8"}}), "it stands in another file, whose name is missing");
  EXPECT_EQ(refused({{"location", "data"}, {"length", "9"}}), "bytes 0 to 9 of 'data', which has 8");
  EXPECT_EQ(refused({{"location", "data"}, {"length", "4"}}), "4 bytes for 2 of float");
  EXPECT_EQ(refused({{"location", "data"}, {"offset", "9"}, {"length", "18446744073709551615"}}),
            "bytes 9 to 8 of 'data', which has 8");
  EXPECT_EQ(refused({{"location", "data"}, {"__class__", "x"}}), "no error");  // an unknown key means nothing
}

// ONNX to 1.15 read one byte behind a list (CVE-2024-27319). Here every length is that of the bytes that are there.
TEST(OnnxFile, cve_2024_27319_lists_are_as_long_as_they_are) {
  const std::string prefix = "m.onnx: no ONNX model that neurone reads: tensor 'W': ";
  ProtobufMessage floats = tensor_message({3}, Type::float32);
  floats.add_float(tensor_proto::float_data, 1);
  floats.add_float(tensor_proto::float_data, 2);
  EXPECT_EQ(problem_of(file_with(floats)), prefix + "2 elements for 3 of float");
  ProtobufMessage raw = tensor_message({2}, Type::int64);
  raw.add_text(tensor_proto::raw_data, "123456789012345");
  EXPECT_EQ(problem_of(file_with(raw)), prefix + "15 bytes for 2 of int64");
  ProtobufMessage texts = tensor_message({2}, Type::text);
  texts.add_text(tensor_proto::raw_data, "12");
  EXPECT_EQ(problem_of(file_with(texts)), prefix + "strings cannot be raw bytes");
}

TEST(OnnxFile, refuses_what_is_no_model) {
  EXPECT_EQ(problem_of(""), "m.onnx: no ONNX model that neurone reads: there is no graph in it");
  EXPECT_EQ(problem_of("age,size\n1,2\n"), "m.onnx: no ONNX model that neurone reads: a number is cut off");
}

TEST(OnnxFile, cut_off_anywhere_is_refused_or_read) {
  const std::string bytes =
      format_onnx(model_of_x(NumberTarget{.name = "y"}, {losses::SquaredError{}}, "tanh", {2, 1}));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    try {
      parse_onnx(std::string_view(bytes).substr(0, size), "m.onnx");
    } catch (const Error&) {
    }
  }
}

}  // namespace
}  // namespace neurone::onnx
