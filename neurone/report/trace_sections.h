// The parts of the page about a row. A new one is a function here and a line in trace_page.cpp.
#pragma once

#include <string>

#include "neurone/report/followed.h"
#include "neurone/report/frame.h"
#include "neurone/report/trace_page.h"

namespace neurone::report {

/// The subject with what is followed of it.
struct Trail {
  const TraceSubject& subject;
  Followed followed;

  const Trace& trace() const { return subject.trace; }
  Place at(std::size_t depth, std::size_t unit) const {
    return {.depth = depth, .row = row_of_member(trace(), depth, subject.member), .unit = unit};
  }
  bool follows(const Place& place) const;
};

/// "−0.123457": six digits.
std::string digits(double number);

/// Markup that leads to where the number, or the unit, comes from; without a link where the page does not follow it.
std::string link_to(const Trail& trail, const Place& place, const std::string& content);

/// What a unit is called beside its layer: "unit 17", "bill_length_mm".
std::string unit_name(const Trail& trail, const Place& place);

/// The tables and formulas that a number of the place leads to.
std::string unit_block(const Trail& trail, const Place& at);  // trace_units.cpp

/// How x at `unit` came from the cell or the pixel; markup.
std::string input_origin(const TraceSubject& subject, std::size_t unit);  // trace_inputs.cpp

Section says_section(const Trail& trail);                      // trace_outputs.cpp
Section loss_section(const Trail& trail);                      // trace_outputs.cpp
Section inputs_section(const Trail& trail);                    // trace_inputs.cpp
Section layer_section(const Trail& trail, std::size_t depth);  // trace_units.cpp

}  // namespace neurone::report
