// The Open Inference Protocol, version 2: what models take and give as tensors, a tensor for each column.
// Tensors themselves are left to tensor.h, who asks for what to routes.h.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>

#include "server/allowance.h"
#include "server/message.h"
#include "server/models.h"

namespace neurone::server {

/// The only version that a model has.
inline constexpr std::string_view model_version = "1";

/// {"name": "neurone", "version": …, "extensions": ["binary_tensor_data"]}
nlohmann::ordered_json server_metadata();
/// {"name", "versions", "platform", "inputs": [{"name", "datatype", "shape"}], "outputs": […]}
nlohmann::ordered_json metadata_of(const ServedModel& served);

struct Inference {
  Source rows;
  std::function<Response(const Predictions&)> answer;
};

/// The rows of a request and how what is said of them is answered, as JSON or with bytes behind it. Throws Refusal
/// 400, and what the allowance throws.
Inference inference_of(const ModelPointer& model, const Request& request, Allowance& allowance);

}  // namespace neurone::server
