// The way of a row for people, as text: the whole way in short, or one neuron in full.
#pragma once

#include <string>

#include "neurone/model/trace_origins.h"

namespace neurone::cli {

/// What the text is about, beside the trace.
struct Traced {
  const Model& model;
  const Trace& trace;
  std::string model_name, data_name;  ///< as on the command line
  std::size_t member = 0;             ///< which row of those behind a members layer is shown, from 0
};

/// "row 7 of penguins.csv (line 8) through network 1 of 4 …": a line, and a second one where the sample is several
/// rows.
std::string row_text(const Traced& traced);

/// Layer by layer; of long vectors the first numbers and the norm, with the way back where the trace has it.
std::string trace_text(const Traced& traced);

/// One unit: the sum that Z is, every term, the largest first, and what became of it.
std::string neuron_text(const Traced& traced, const Place& at);  // neuron_text.cpp

}  // namespace neurone::cli
