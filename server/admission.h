// Which requests of browsers are let in: by the host that a request is for and by the page that sends it. Against
// pages that make a name of theirs point to this machine (DNS rebinding), and pages that send what they may not read.
// Who may ask at all is left to token.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/message.h"

namespace neurone::server {

struct AdmissionOptions {
  std::vector<std::string> hosts{};    ///< names that requests may be for, beside this machine's own; * is any
  std::vector<std::string> origins{};  ///< pages that may ask, "https://example.org"; * is any
};

/// Throws UsageError for what is no host or no origin.
AdmissionOptions checked(AdmissionOptions options);

class Admission {
 public:
  /// `address` is where the server listens, as its user said it; `this_machine_alone` whether others cannot reach it.
  Admission(AdmissionOptions options, std::string_view address, bool this_machine_alone);

  /// 421 for a host that is not ours, 403 for a page that may not ask.
  std::optional<Response> refusal_of(const Request& head) const;

  /// The lines of an answer's head that let the page read it: CORS, as the Fetch standard has it; "" for most.
  std::string fields_for(const Request& request) const;

 private:
  bool answers_as(std::string_view host) const;
  bool allows(std::string_view origin) const;

  AdmissionOptions options_;
  std::string address_;
  bool any_host_;
};

}  // namespace neurone::server
