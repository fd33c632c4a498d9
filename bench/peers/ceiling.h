// How much arithmetic the processor can do at all: what the products of a network are measured by.
#pragma once

namespace peers {

struct Ceiling {
  const char* instructions;  ///< those that do the most
  double flops;              ///< floating-point operations a second of one thread, a multiply-add counted as two
};

/// Independent multiply-adds of float32 on registers alone; the best of many short runs. 0.3 s.
Ceiling measure_ceiling();

}  // namespace peers
