// The second derivative of a loss with respect to the outputs of a sample, as a product BᵀB: what Gauss–Newton
// methods need beside the slope. The formulas stand with their losses in losses.h.
#pragma once

#include <span>

#include "neurone/core/matrix.h"
#include "neurone/loss/loss.h"

namespace neurone {

/// Does the loss say how it is curved?
bool has_curvature(const Loss& loss);

/// The names of the losses that do, separated by commas.
std::string curved_losses();

/// B, outputs × outputs, overwritten: BᵀB is the second derivative of the sample's loss with respect to y, its
/// outputs or logits (Loss::takes_logits). The loss has to have a curvature.
void curvature_factor(const Loss& loss, std::span<const double> y, std::span<const double> t, MatrixView<double> B);

}  // namespace neurone
