// A verb of the command: its options, as CLI11 keeps them, and what it does. Options that name files and those that
// are numbers are added here alone, so that every verb reads and guards them in one way.
#pragma once

#include <CLI/CLI.hpp>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/files.h"
#include "neurone/core/choice.h"
#include "neurone/core/number_text.h"

namespace neurone::cli {

class Verb : public CLI::App {
 public:
  Verb(const std::string& word, const std::string& help);

  /// A file that is read; `content` is what it has to be. "-" is standard input.
  CLI::Option* add_input(const std::string& name, std::string& path, const std::string& help,
                         Content content = Content::any);
  /// A file that is written; "-" is standard output. It may take the place of what `may_replace`, another
  /// option, reads.
  CLI::Option* add_output(const std::string& name, std::string& path, const std::string& help,
                          const std::string& may_replace = "");
  /// Values of an option that a shell may offer; others are refused where it is used, or taken as well.
  void offer(const std::string& name, std::vector<std::string> words);

  /// Reads what stands behind the verb. False: it asks for help. Throws UsageError.
  bool read(const std::vector<std::string>& words);

  const std::string& word() const { return word_; }
  /// How it is called: "neurone predict MODEL DATA".
  std::string synopsis() const;
  /// The files that the options name.
  Files files() const;
  std::optional<FileUse> use_of(const CLI::Option* option) const;
  std::vector<std::string> offers_of(const CLI::Option* option) const;

  std::function<void(Files&)> derive = [](Files&) {};  ///< adds the files that go with those that are named
  std::function<int()> action;  ///< runs it once it is read; returns the exit code. Throws Error and UsageError

 private:
  struct FileOption {
    const CLI::Option* option;
    FileUse use;
    NamedFile file;           // without the path
    const std::string* path;  // once it is read
  };

  CLI::Option* add_file(const std::string& name, std::string& path, const std::string& help, FileUse use,
                        const NamedFile& file);

  std::string word_;
  std::vector<FileOption> files_;
  std::map<const CLI::Option*, std::vector<std::string>> offers_;
};

/// Takes several values, one each time it is given?
bool is_repeatable(const CLI::Option& option);
/// Takes none?
bool is_flag(const CLI::Option& option);

namespace numbers {

template <class Number> void set(Number& value, auto read) {
  value = static_cast<Number>(read);
}
template <class Number> void set(std::optional<Number>& value, auto read) {
  value = static_cast<Number>(read);
}

std::string default_text(const auto& value) {
  return setting_text(value);
}
template <class Number> std::string default_text(const std::optional<Number>&) {
  return "";
}

}  // namespace numbers

/// A whole number in decimal digits, read by read_whole.
template <class Number>
CLI::Option* add_whole(CLI::App& verb, const std::string& name, Number& value, const std::string& help,
                       const WholeRange& range = {}) {
  const auto read = [name, &value, range](const CLI::results_t& words) {
    numbers::set(value, read_whole(name, words.back(), range));
    return true;
  };
  return verb.add_option(name, read, help, false, [&value] { return numbers::default_text(value); })
      ->type_name("UINT");
}

/// A real number, read by read_real.
template <class Number>
CLI::Option* add_real(CLI::App& verb, const std::string& name, Number& value, const std::string& help,
                      const RealRange& range = {}) {
  const auto read = [name, &value, range](const CLI::results_t& words) {
    numbers::set(value, read_real(name, words.back(), range));
    return true;
  };
  return verb.add_option(name, read, help, false, [&value] { return numbers::default_text(value); })
      ->type_name("FLOAT");
}

inline constexpr RealRange at_least_zero{.least = 0};
inline constexpr RealRange share_below_one{.least = 0, .most = 1, .without_most = true};

}  // namespace neurone::cli
