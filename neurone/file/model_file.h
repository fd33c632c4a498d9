// A model in one safetensors file: θ as tensors "0.W", "0.b", …, everything else as JSON in the metadata.
// The container itself is in safetensors.h, the JSON in model_description.h.
//
// Metadata: "format" is "neurone model", "format_version" is "1", "model" is the JSON object
//   {"input":   {"kind": "table", "columns": [{"name", "kind": "numeric", "notation", "median", "center", "spread",
//                                              "clip", "range": [lowest, highest], "indicator",
//                                              "knots": […] where there are bins},
//                                             {"name", "kind": "date", "order", "median", "center", "spread", "clip",
//                                              "range", "time", "indicator"},
//                                             {"name", "kind": "category", "values": […]}, …]}
//            or {"kind": "images", "height", "width", "mean", "deviation"},
//    "target":  {"kind": "classes", "name", "classes": […], "one_hot"}
//            or {"kind": "number", "name", "mean", "deviation", "range": [lowest, highest]},
//    "loss":    "huber:delta=1", "precision": "float" or "double", "layers": ["dense:units=128,…", …],
//    "networks": how many; with more than one their tensors are "0/0.W", "1/0.W", …
//    "temperature": of the calibration; its errors are the tensor "calibration.errors"
//    "training": {"rows": {"train", "validation", "test"}, "epochs", "best_epochs", "settings", "validation", "test",
//                 "comparison": {"figure", "constant", "linear", "gain", "gain_interval"}}}
// and, where the model has rows to prove itself by, "proof" is {"made_up", "columns": […], "rows": [["cell", …], …]};
// the pixels of images are the tensor "proof.pixels". What the model said of them is the tensor "proof.values".
#pragma once

#include <span>
#include <string>

#include "neurone/file/safetensors.h"
#include "neurone/model/model.h"

namespace neurone {

/// Written aside and renamed. The same model gives the same bytes. Throws Error when it cannot be written, and for a
/// parameter that is not finite, which could not be read again.
void save_model(const Model& model, const std::string& path);

/// The file as bytes.
std::string format_model(const Model& model);

/// The file as bytes, of what describes a model (model_description.h) and its tensors: what parse_model reads.
std::string format_model(const Tensors& tensors, std::string description);

/// Throws Error for a file that is no model, damaged, holds a parameter that is not finite, or is of a newer version.
/// `own` are activations beside those of the sheet. Memory stays in proportion to the file, whatever it claims.
Model load_model(const std::string& path, std::span<const Activation> own = {});

/// The same from bytes; `source` names them in messages.
Model parse_model(std::string bytes, const std::string& source, std::span<const Activation> own = {});

}  // namespace neurone
