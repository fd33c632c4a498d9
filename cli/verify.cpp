// neurone verify FILE: a model or what was exported from it predicts the rows that it carries, and what it says is
// compared with what the model said when it was made.
#include <fmt/format.h>
#include <unistd.h>
#include <charconv>
#include <filesystem>
#include <memory>
#include <optional>
#include <sstream>

#include "cli/process.h"
#include "cli/verbs.h"
#include "neurone/core/file.h"
#include "neurone/core/instruction_set.h"
#include "neurone/file/model_file.h"
#include "neurone/model/proof.h"
#include "neurone/onnx/agreement.h"
#include "neurone/onnx/onnx_file.h"

namespace neurone::cli {
namespace {

struct VerifyOptions {
  std::string file, python;
  double limit = rounding_limit;
};

Agreement verify_model(const VerifyOptions& options) {
  const Model model = load_model(options.file);
  if (!model.proof) throw Error(options.file, "the model holds no rows to prove itself by");
  const Proof proof = proof_of(model);
  return agreement(model, proof, predict(model, proof.rows));
}

// A folder that is gone when this is.
class Workplace {
 public:
  Workplace() {
    std::string name = (std::filesystem::temp_directory_path() / "neurone-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw Error(name, "cannot be made");
    path_ = name;
  }
  ~Workplace() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;

  std::string path(const char* name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

// "32 rows, 0 other labels, largest difference 1.2e-08", as the self-test of a C source prints.
Agreement read_agreement(const std::string& file, const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  Agreement agreed;
  const auto read = [&](std::size_t at, auto& value) {
    return at < words.size() &&
           std::from_chars(words[at].data(), words[at].data() + words[at].size(), value).ec == std::errc();
  };
  constexpr std::size_t at_labels = 2, at_difference = 7;
  if (!read(0, agreed.rows) || !read(at_labels, agreed.other_labels) || !read(at_difference, agreed.largest))
    throw Error(file, "its self-test says: " + (line.empty() ? "nothing" : line));
  return agreed;
}

Agreement verify_c(const VerifyOptions& options) {
  if (read_file(options.file).find("NEURONE_SELF_TEST") == std::string::npos)
    throw Error(options.file, "there is no self-test in it, as there is in C that neurone export writes");
  const Workplace workplace;
  const std::string program = workplace.path("self-test");
  std::vector<std::string> words{"cc", "-std=c99", "-O1", "-DNEURONE_SELF_TEST"};
#ifdef __x86_64__
  if (instruction_set() != InstructionSet::baseline) words.emplace_back("-mfma");
#endif
  words.insert(words.end(), {"-o", program, options.file, "-lm"});
  const int code = run_program(words).code;
  if (code == 127) throw Error(options.file, "there is no C compiler, cc, to compile it");
  if (code != 0) throw Error(options.file, "cc does not compile it");
  return read_agreement(options.file, run_program({program}).output);
}

constexpr const char* onnx_program = R"python(
import json, sys
try:
    import numpy, onnxruntime
except ImportError:
    sys.exit(3)
try:
    session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
except Exception as error:
    sys.exit(str(error))
text = session.get_modelmeta().custom_metadata_map.get("neurone.proof")
if text is None:
    sys.exit(4)
proof = json.loads(text)
kinds = {"tensor(uint8)" : numpy.uint8,
                      "tensor(float)" : numpy.float32, "tensor(double)" : numpy.float64, "tensor(string)" : object
}
def array(values, kind):
    if kind is not object:
        values = [[numpy.nan if cell is None else cell for cell in row] for row in values]
    return numpy.array(values, dtype=kind)
inputs = {each.name: array(proof["inputs"][each.name], kinds[each.type]).reshape(-1, *each.shape[1:])
          for each in session.get_inputs()}
labels, largest = 0, 0.0
for expected, found in zip(proof["outputs"], session.run(None, inputs), strict=True):
    if isinstance(expected[0], str):
        labels += sum(label != other for label, other in zip(expected, found, strict=True))
        continue
    expected = array(expected, numpy.float64)
    same = (found == expected) | (numpy.isnan(found) & numpy.isnan(expected))
    unit = numpy.maximum(proof["unit"], numpy.abs(expected) / 8)
    with numpy.errstate(invalid="ignore"):
        difference = numpy.where(same, 0, numpy.abs(found - expected) / unit)
    largest = max(largest, numpy.nan_to_num(difference, nan=numpy.inf).max())
    rows = len(expected)
print(rows, "rows,", labels, "other labels, largest difference", repr(float(largest)))
)python";

// In the onnxruntime of a Python. None where the Python has none, and nobody has asked for that one.
std::optional<Agreement> verify_in_onnxruntime(const VerifyOptions& options) {
  const std::string python = options.python.empty() ? "python3" : options.python;
  const auto [code, output] = run_program({python, "-c", onnx_program, options.file});
  constexpr int no_runtime = 3, no_proof = 4, no_python = 127;
  if (options.python.empty() && (code == no_python || code == no_runtime)) return {};
  if (code == no_python) throw Error(options.file, "there is no " + python + " to run onnxruntime");
  if (code == no_runtime)
    throw Error(options.file, python +
                                  " has no onnxruntime: install it (pip install onnxruntime) or name "
                                  "another with --python");
  if (code == no_proof) throw Error(options.file, "the file holds no rows to prove itself by");
  if (code != 0) throw Error(options.file, "onnxruntime does not run it");
  return read_agreement(options.file, output);
}

Agreement verify_here(const VerifyOptions& options) {
  const onnx::Graph graph = onnx::load_onnx(options.file);
  try {
    if (const std::optional<Agreement> agreed = onnx::agreement_of(graph)) return *agreed;
  } catch (const Error& error) {
    throw Error(options.file, error.what());
  }
  throw Error(options.file, "the file holds no rows to prove itself by");
}

// Prints how a file agrees with its proof, and whether that is near enough.
bool print_agreement(const VerifyOptions& options, const char* where, const Agreement& agreed) {
  fmt::print("{}{} rows, {} other labels, largest difference {:.3g}\n", where, agreed.rows, agreed.other_labels,
             agreed.largest);
  return agreed.other_labels == 0 && agreed.largest <= options.limit;
}

bool verify_onnx(const VerifyOptions& options) {
  bool agrees = print_agreement(options, "neurone: ", verify_here(options));
  std::fflush(stdout);
  if (const std::optional<Agreement> agreed = verify_in_onnxruntime(options))
    agrees = print_agreement(options, "onnxruntime: ", *agreed) && agrees;
  return agrees;
}

int run_verify(const VerifyOptions& options) {
  const std::string ending = std::filesystem::path(options.file).extension().string();
  bool agrees = false;
  if (ending == ".safetensors")
    agrees = print_agreement(options, "", verify_model(options));
  else if (ending == ".onnx")
    agrees = verify_onnx(options);
  else if (ending == ".c")
    agrees = print_agreement(options, "", verify_c(options));
  else
    throw UsageError(options.file + ": expected a name that ends in .safetensors, .onnx or .c");
  if (agrees) return 0;
  std::fflush(stdout);
  throw Error(options.file, fmt::format("says something else than the model did, by more than {:g}", options.limit));
}

}  // namespace

VerbPointer verify_verb(const std::string& word) {
  const auto options = std::make_shared<VerifyOptions>();
  auto verb = std::make_unique<Verb>(word, "Predict the rows that a model or its export carries, and compare");
  verb->add_input("FILE", options->file,
                  "MODEL.safetensors; FILE.c, which cc compiles and which is then run; FILE.onnx, which is computed "
                  "here, and "
                  "run by onnxruntime where there is one")
      ->required();
  add_real(*verb, "--limit", options->limit,
           "The largest difference that is none: of a probability, or of a number in deviations of the target, an "
           "eighth of the number at least (default 1e-5)",
           at_least_zero);
  verb->add_option("--python", options->python, "The Python that has onnxruntime (default python3, if it has one)");
  verb->action = [options] { return run_verify(*options); };
  return verb;
}

}  // namespace neurone::cli
