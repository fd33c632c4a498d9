// What of a plan cannot be, whatever it would make of the data; and targets that a loss or an activation cannot have.
#pragma once

#include <span>
#include <string>

#include "neurone/model/plan.h"

namespace neurone {

/// Throws UsageError for a column that the plan has for two things.
void check_roles(const Plan& plan);

/// Throws Error where a loss has no meaning for one of the values, which are the target of the table's rows.
void check_values_fit(const Table& table, const NumberTarget& target, std::span<const double> values,
                      const Loss& loss);

/// A sentence for a target with values that the activation of the outputs does not reach; empty where there are none.
std::string notice_of_reach(const Activation& output, const NumberTarget& target);

}  // namespace neurone
