// Every allocation of the program, counted, and one of them refused at will. The program replaces operator new.
#pragma once

#include <cstddef>

namespace neurone::failures {

/// What is refused: the n-th allocation from now on, counted from 1; `lasting`: and all behind it.
void refuse_allocation(std::size_t n, bool lasting);
/// From now on all are granted again. Returns how many were asked for since refuse_allocation.
std::size_t grant_all_allocations();

/// Allocations that have not been given back.
std::size_t living_allocations();

}  // namespace neurone::failures
