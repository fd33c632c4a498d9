#!/usr/bin/env python3
"""Records models/*.onnx, small networks that PyTorch and scikit-learn wrote, and models/recorded.json, what they say.

Run in the environment that make check-import makes: build/import/venv/bin/python tests/onnx/record_models.py
"""

import json
import pathlib
import sys

import onnx

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import import_cases

KEPT = {
    "sklearn relu three classes": "sklearn-classes",
    "sklearn tanh two classes": "sklearn-two-classes",
    "sklearn logistic regression, three classes": "sklearn-logistic",
    "sklearn logistic regression, two classes": "sklearn-two-logistic",
    "sklearn linear regression": "sklearn-linear",
    "sklearn missing numbers": "sklearn-missing",
    "sklearn MinMaxScaler()": "sklearn-range",
    "sklearn columns by name": "sklearn-columns",
    "sklearn default categories": "sklearn-default-categories",
    "sklearn first left out": "sklearn-first-left-out",
    "sklearn whole numbers": "sklearn-whole-numbers",
    "sklearn PoissonRegressor": "sklearn-poisson",
    "sklearn prices": "sklearn-prices",
    "torchscript classes": "torchscript-classes",
    "torchscript logits": "torchscript-logits",
    "torchscript number": "torchscript-number",
    "torchscript by hand": "torchscript-by-hand",
    "torchscript double": "torchscript-double",
    "dynamo classes": "dynamo-classes",
    "dynamo norm behind": "dynamo-norm-behind",
    "keras classes": "keras-classes",
}
ROWS = 8


def without_remarks(file):
    """The file without the lines of Python that exporters write beside each node."""
    model = onnx.load_from_string(file)
    graph = model.graph
    for part in (graph, *graph.node, *graph.initializer, *graph.input, *graph.output, *graph.value_info):
        part.doc_string = ""
        del part.metadata_props[:]
    return model.SerializeToString()


def main():
    folder = ROOT / "tests/onnx/models"
    folder.mkdir(exist_ok=True)
    recorded = {}
    for cases in (import_cases.sklearn_cases, import_cases.torch_cases, import_cases.keras_cases):
        for case in cases():
            name = KEPT.get(case.name)
            if name is None:
                continue
            (folder / f"{name}.onnx").write_bytes(without_remarks(case.file))
            recorded[name] = {"header": case.header, "rows": case.rows[:ROWS], "values": case.values[:ROWS].tolist()}
            if case.classes:
                recorded[name] |= {"classes": case.classes, "labels": case.labels[:ROWS]}
            if "--task" in case.options:
                recorded[name]["task"] = "classification"
    text = json.dumps(recorded, indent=1, ensure_ascii=False)
    (folder / "recorded.json").write_text(text + "\n", encoding="utf-8")
    print(f"{len(recorded)} networks recorded")


if __name__ == "__main__":
    main()
