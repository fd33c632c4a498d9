// The way of a row for scripts: every number of it, exactly.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "cli/trace_text.h"

namespace neurone::cli {

/// One object; docs/explain.md names its members.
nlohmann::ordered_json trace_json(const Traced& traced);

/// One neuron with its terms, in the order of the layer before.
nlohmann::ordered_json neuron_json(const Trace& trace, const Place& at);

}  // namespace neurone::cli
