// The whole library in one header: tables and images in, models trained, used, explained, kept; networks, losses and
// optimizers for those who train by hand. Whoever wants less includes the headers below one by one.
#pragma once

#include "neurone/activation/activation.h"
#include "neurone/activation/slope_check.h"
#include "neurone/data/csv.h"
#include "neurone/data/dataset.h"
#include "neurone/data/idx.h"
#include "neurone/export/c.h"
#include "neurone/export/onnx.h"
#include "neurone/file/model_file.h"
#include "neurone/loss/loss.h"
#include "neurone/model/fitting.h"
#include "neurone/model/model.h"
#include "neurone/model/plan.h"
#include "neurone/model/splits.h"
#include "neurone/model/trace_origins.h"
#include "neurone/network/network.h"
#include "neurone/onnx/import.h"
#include "neurone/onnx/onnx_file.h"
#include "neurone/optimizer/optimizer.h"
#include "neurone/solver/parameter_worth.h"
#include "neurone/training/trainer.h"
