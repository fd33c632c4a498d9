#!/usr/bin/env python3
"""Networks of PyTorch, Keras and scikit-learn imported, against what they say themselves.

usage: tools/check_import.py COMMAND FOLDER

Imports every case of import_cases.py with COMMAND, predicts its rows, and compares labels, probabilities and numbers;
exports the model again, and verifies both files. Prints a line for each, and exits 1 when a label is another or a value
differs by more than 1e-6, of numbers relative to their deviation. Networks that are none of neurone's have to be refused.
"""

import csv
import json
import pathlib
import subprocess
import sys

import numpy

import import_cases

LIMIT = 1e-6


class Check:
    def __init__(self, command, folder):
        self.command = str(pathlib.Path(command).resolve())
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.passed = self.failed = 0
        self.largest = 0.0

    def run(self, *arguments):
        return subprocess.run([self.command, *map(str, arguments)], capture_output=True, text=True)

    def expect(self, *arguments):
        done = self.run(*arguments)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip())
        return done.stdout

    def report(self, name, text, passed):
        print(f"{name:<48} {text}{'' if passed else '  FAILED'}", flush=True)
        self.passed += passed
        self.failed += not passed

    def compare(self, case):
        stem = self.folder / "".join(c if c.isalnum() else "-" for c in case.name)
        onnx, model, rows, again = (f"{stem}{ending}" for ending in (".onnx", ".safetensors", ".csv", "-again.onnx"))
        pathlib.Path(onnx).write_bytes(case.file)
        with open(rows, "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([case.header, *case.rows])
        try:
            self.expect("import", onnx, model, *case.options)
            predicted = [json.loads(line) for line in self.expect("predict", model, rows, "--json").splitlines()]
            self.expect("export", model, again)
            self.expect("verify", model)
            self.expect("verify", again, "--python", sys.executable)
        except RuntimeError as error:
            return self.report(case.name, str(error), False)
        if case.classes is None:
            found = numpy.array([[row["prediction"]] for row in predicted])
            difference, others = numpy.abs(found - case.values).max() / max(1, case.values.std()), 0
        else:
            values = "probabilities" if "probabilities" in predicted[0] else "scores"
            found = numpy.array([[row[values][name] for name in case.classes] for row in predicted])
            difference = numpy.abs(found - case.values).max()
            others = sum(row["prediction"] != label for row, label in zip(predicted, case.labels, strict=True))
        self.largest = max(self.largest, difference)
        text = f"{len(predicted):>4} rows, {others} other labels, largest difference {difference:.2g}"
        return self.report(case.name, text, others == 0 and difference <= LIMIT)

    def refuse(self, name, file, text):
        onnx = self.folder / "refused.onnx"
        onnx.write_bytes(file)
        done = self.run("import", onnx, self.folder / "refused.safetensors")
        self.report(f"refused: {name}", done.stderr.strip().split("\n")[-1], done.returncode in (1, 2) and text in done.stderr)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    check = Check(sys.argv[1], sys.argv[2])
    for cases in (import_cases.sklearn_cases, import_cases.torch_cases, import_cases.keras_cases):
        for case in cases():
            check.compare(case)
    for refused in import_cases.refused_cases():
        check.refuse(*refused)
    print(f"{check.passed} passed, {check.failed} failed, largest difference {check.largest:.2g}")
    return 1 if check.failed else 0


if __name__ == "__main__":
    sys.exit(main())
