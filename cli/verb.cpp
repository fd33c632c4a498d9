// The words behind a verb are looked at before CLI11 sees them: it takes an option for a value, a value for a flag,
// and says little of what is wrong.
#include "cli/verb.h"

#include <fmt/format.h>
#include <algorithm>
#include <filesystem>
#include <ranges>

#include "neurone/core/error.h"
#include "neurone/core/suggestion.h"

namespace neurone::cli {
namespace {

const char* type_of(FileUse use) {
  return use == FileUse::read ? "FILE" : "OUTFILE";
}

// Puts the words of a command line in the order and the form that CLI11 takes, or says what is wrong with them.
class Words {
 public:
  Words(const Verb& verb, const std::vector<std::string>& words) : verb_(verb) {
    for (const CLI::Option* option : verb.get_options({}))
      if (option->get_positional()) places_.push_back(option);
    for (at_ = words.begin(); at_ != words.end(); ++at_) {
      if (*at_ == "--") {
        for (++at_; at_ != words.end(); ++at_) take_place(*at_);
        break;
      }
      if (at_->starts_with('-') && *at_ != "-")
        take_option(words.end());
      else
        take_place(*at_);
    }
    for (const CLI::Option* option : places_ | std::views::drop(taken_.size()))
      if (option->get_required())
        throw UsageError(fmt::format("{} is missing: {}", option->get_name(), verb.synopsis()));
  }

  /// Options first, then --, then what is named by its place.
  std::vector<std::string> in_order() const {
    std::vector<std::string> all = options_;
    all.emplace_back("--");
    all.insert(all.end(), taken_.begin(), taken_.end());
    return all;
  }

 private:
  using Iterator = std::vector<std::string>::const_iterator;

  void take_place(const std::string& word) {
    if (taken_.size() == places_.size()) throw UsageError("unexpected argument '" + word + "'");
    if (word.empty()) throw UsageError(places_[taken_.size()]->get_name() + ": the name is empty");
    taken_.push_back(word);
  }

  void take_option(Iterator end) {
    const std::string word = *at_, name = word.substr(0, word.find('='));
    const CLI::Option* option = name.starts_with("--") ? verb_.get_option_no_throw(name) : nullptr;
    if (option == nullptr) throw unknown_option(word, name);
    const bool has_value = name.size() < word.size();
    if (is_flag(*option)) {
      if (has_value) throw UsageError(name, "takes no value, found '" + word.substr(name.size() + 1) + "'");
      options_.push_back(name);
      given_.emplace(name, "");
      return;
    }
    if (!has_value && (at_ + 1 == end || (at_ + 1)->starts_with("--"))) {
      std::string message = "a value is missing";
      if (at_ + 1 != end && (at_ + 1)->size() > 2)
        message += fmt::format(" before {0} (if it is the value: {1}={0})", *(at_ + 1), name);
      throw UsageError(name, message);
    }
    const std::string value = has_value ? word.substr(name.size() + 1) : *++at_;
    if (!is_repeatable(*option)) {
      if (value.empty()) throw UsageError(name, "the value is empty");
      if (const auto [before, is_new] = given_.emplace(name, value); !is_new)
        throw UsageError(
            fmt::format("{} is given twice, '{}' and '{}': one of them counts", name, before->second, value));
    }
    options_.push_back(name);
    options_.push_back(value);
  }

  UsageError unknown_option(const std::string& word, const std::string& name) const {
    std::error_code error;
    if (std::filesystem::exists(word, error))
      return UsageError(
          fmt::format("unknown option '{0}': for the file of this name write ./{0}, or -- before it", word));
    std::vector<std::string> open;  // what could be given yet
    for (const CLI::Option* option : verb_.get_options({}))
      for (const std::string& each : option->get_lnames())
        if (!given_.contains("--" + each)) open.push_back("--" + each);
    return unknown_name("option", name, open);
  }

  const Verb& verb_;
  std::vector<const CLI::Option*> places_;  // what is named by its place
  std::vector<std::string> taken_, options_;
  std::map<std::string, std::string> given_;  // options that count once, with their value
  Iterator at_;
};

}  // namespace

Verb::Verb(const std::string& word, const std::string& help) : CLI::App(help, "neurone " + word), word_(word) {
  set_help_flag("-h,--help", "Print this help and exit");
}

CLI::Option* Verb::add_file(const std::string& name, std::string& path, const std::string& help, FileUse use,
                            const NamedFile& file) {
  CLI::Option* option = add_option(name, path, help)->type_name(type_of(use));
  files_.push_back({.option = option, .use = use, .file = file, .path = &path});
  return option;
}

CLI::Option* Verb::add_input(const std::string& name, std::string& path, const std::string& help, Content content) {
  return add_file(name, path, help, FileUse::read, {.option = name, .path = {}, .content = content});
}

CLI::Option* Verb::add_output(const std::string& name, std::string& path, const std::string& help,
                              const std::string& may_replace) {
  return add_file(name, path, help, FileUse::written, {.option = name, .path = {}, .may_replace = may_replace});
}

void Verb::offer(const std::string& name, std::vector<std::string> words) {
  offers_[get_option(name)] = std::move(words);
}

bool Verb::read(const std::vector<std::string>& words) {
  const auto behind = std::ranges::find(words, "--");
  for (const char* asks : {"-h", "--help"})
    if (std::find(words.begin(), behind, asks) != behind) return false;
  std::vector<std::string> reversed = Words(*this, words).in_order();
  std::ranges::reverse(reversed);  // as CLI11 wants them
  allow_extras();                  // the --
  try {
    parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    throw UsageError(error.what());
  }
  return true;
}

std::string Verb::synopsis() const {
  std::string text = get_name();
  for (const CLI::Option* option : get_options({}))
    if (option->get_positional())
      text += option->get_required() ? " " + option->get_name() : " [" + option->get_name() + "]";
  return text;
}

Files Verb::files() const {
  Files all;
  for (const FileOption& each : files_) {
    if (each.path->empty()) continue;
    NamedFile file = each.file;
    file.path = *each.path;
    (each.use == FileUse::read ? all.read : all.written).push_back(file);
  }
  derive(all);
  return all;
}

std::optional<FileUse> Verb::use_of(const CLI::Option* option) const {
  const auto found = std::ranges::find(files_, option, &FileOption::option);
  return found == files_.end() ? std::nullopt : std::optional(found->use);
}

std::vector<std::string> Verb::offers_of(const CLI::Option* option) const {
  const auto found = offers_.find(option);
  return found == offers_.end() ? std::vector<std::string>{} : found->second;
}

bool is_repeatable(const CLI::Option& option) {
  return option.get_items_expected_max() > 1;
}

bool is_flag(const CLI::Option& option) {
  return option.get_items_expected_max() == 0;
}

}  // namespace neurone::cli
