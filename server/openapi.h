// What can be asked of the server, in the words of OpenAPI 3.1: generated from the models, so that a client that is
// made from it knows their columns.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "server/models.h"

namespace neurone::server {

nlohmann::ordered_json openapi_of(const Models::Catalogue& models, bool wants_token);

}  // namespace neurone::server
