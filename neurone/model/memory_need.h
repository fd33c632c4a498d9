// The memory that a run takes at its largest, estimated before anything large is made.
// How much there is, is in core/memory.h.
#pragma once

#include <cstddef>
#include <string>

#include "neurone/model/plan.h"

namespace neurone {

/// Bytes, about. Doubles, since what a user asks for may be more than any machine could count.
struct MemoryNeed {
  double rows_as_read = 0;     ///< text and cells of training and validation rows
  double rows_as_numbers = 0;  ///< of all parts
  double networks = 0;         ///< parameters with what a trainer keeps beside them
  double batch = 0;            ///< Z, A and dZ of a batch
  double curvature = 0;        ///< of a method that holds matrices of parameters × parameters
  std::size_t parameters = 0;  ///< of one network

  double total() const { return rows_as_read + rows_as_numbers + networks + batch + curvature; }
};

/// How many rows and networks a run has.
struct RunSize {
  std::size_t source_bytes = 0;  ///< of the rows as they were read
  std::size_t learnt_rows = 0;   ///< to train or to validate on
  std::size_t test_rows = 0;
  std::size_t networks = 1;
  bool in_folds = false;  ///< of which each picks out its rows
};

/// For a run in numbers of type T. Throws as a network's constructor does.
template <class T> MemoryNeed memory_need(const Preparations& ready, const RunSize& size);

/// "21.9 MB", "3.42 GB"
std::string bytes_text(double bytes);

/// Throws Error where more is needed than there is, and says what most of it is for.
void check_memory(const std::string& source, const MemoryNeed& need, std::size_t available);

}  // namespace neurone
