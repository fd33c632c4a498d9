#!/usr/bin/env python3
"""Exported models against neurone's own predictions, for every row: in ONNX Runtime, and compiled from C.

usage: tools/check_export.py COMMAND FOLDER [DATA]

Trains models of every kind in FOLDER with data of the repository, of the package dataset-fashion-mnist, and of DATA/adult
and DATA/housing where they are; prints a line for each, and exits 1 when a label or a number is another. Compiled for a processor with fused multiply-add, C
has to give the same bits. Compilers: gcc and g++; clang-19 and clang++-19 where they are.
"""

import csv
import ctypes
import datetime
import gzip
import json
import math
import pathlib
import shutil
import subprocess
import sys

import numpy
import onnx
import onnxruntime

ROOT = pathlib.Path(__file__).resolve().parent.parent
FASHION = pathlib.Path("/usr/share/datasets/fashion-mnist")
FUSED = ["-mfma"] if " fma " in pathlib.Path("/proc/cpuinfo").read_text() else []
MARKS = {"", "NA", "N/A", "NaN", "nan", "?", "null", "NULL", "None"}
FORMATS = {"ymd": "%Y-%m-%d", "dmy": "%d.%m.%Y", "mdy": "%m/%d/%Y"}
ACTIVATIONS = """identity sigmoid tanh relu leaky_relu elu celu selu gelu gelu_tanh silu mish softplus softsign relu6
hard_sigmoid hard_tanh hard_silu exp sin cos gaussian elliot square softmax log_softmax""".split()


class Check:
    def __init__(self, command, folder):
        self.command = str(pathlib.Path(command).resolve())
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.failures = 0

    def run(self, *arguments):
        done = subprocess.run([self.command, *map(str, arguments)], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"neurone {' '.join(map(str, arguments))}: {done.stderr}")
        return done.stdout

    def train(self, name, data, *options):
        model = self.folder / f"{name}.safetensors"
        self.run("train", data, "--report", "none", "--quiet", "--output", model, *options)
        return model

    def compare(self, name, model, rows, limit, *options):
        """Exports, predicts `rows` here and there, and compares. Numbers are compared in deviations of the target."""
        exported = self.folder / f"{name}.onnx"
        self.run("export", model, exported, *options)
        onnx.checker.check_model(str(exported), full_check=True)
        self.run("verify", exported, "--python", sys.executable)
        self.run("verify", model)
        back = self.folder / "back.safetensors"
        self.run("import", exported, back)
        if self.run("predict", back, rows, "--json") != self.run("predict", model, rows, "--json"):
            sys.exit(f"{name}: what comes back from ONNX predicts something else")
        predicted = [json.loads(line) for line in self.run("predict", model, rows, "--json").splitlines()]
        session = onnxruntime.InferenceSession(str(exported), providers=["CPUExecutionProvider"])
        description = json.loads(session.get_modelmeta().custom_metadata_map["neurone.model"])
        cells = cells_of(description, rows)
        values = "probabilities" if "probabilities" in predicted[0] else "scores"
        names = [output.name for output in session.get_outputs()]
        found = dict(zip(names, session.run(None, inputs_of(session, description, cells))))
        labels, difference = differences(description, predicted, found)
        line = f"{name:<20} {len(predicted):>6} rows   ONNX: {labels} other labels, {difference:.2g}"
        passed = labels == 0 and difference <= limit
        labels, difference = differences(description, predicted, self.run_c(name, model, description, cells, values))
        line += f"   C: {labels} other labels, {difference:.2g}"
        in_bytes = self.run_c(name + "-int8", model, description, cells, values, "--int8")
        others, far = differences(description, predicted, in_bytes)
        print(f"{line}   int8: {others} other labels, {far:.2g}", flush=True)
        # how far rounded weights are is told, not judged; nonsense would be seen
        passed = passed and others <= max(3, 0.05 * len(predicted)) and far < 2
        # in double a time of day, a part of a number of days, is known to 12 digits; in float nobody sees that
        exact = 1e-10 if description["precision"] == "double" else 0 if FUSED else 1e-6
        if not passed or labels > 0 or difference > exact:
            print("  TOO FAR AWAY", flush=True)
            self.failures += 1

    def run_c(self, name, model, description, cells, values, *options_of_export):
        """Compiles the model without a warning, proves it, and predicts the cells."""
        source, library, test = (self.folder / f"{name}{ending}" for ending in (".c", ".so", ".test"))
        self.run("export", model, source, *options_of_export)
        strict = ["-Wall", "-Wextra", "-pedantic", "-Werror", *FUSED]
        for compiler in (["g++", "-x", "c++", "-std=c++11"], ["clang-19", "-std=c99"], ["clang++-19", "-x", "c++"]):
            if shutil.which(compiler[0]):
                subprocess.run([*compiler, *strict, "-DNEURONE_SELF_TEST", "-fsyntax-only", source], check=True)
        for options in (["-shared", "-fPIC", "-o", library], ["-DNEURONE_SELF_TEST", "-o", test]):
            subprocess.run(["gcc", "-std=c99", "-O2", *strict, *options, source, "-lm"], check=True)
        subprocess.run([test], check=True, stdout=subprocess.DEVNULL)
        self.run("verify", source)
        return predict_in_c(ctypes.CDLL(str(library)), source.stem.replace("-", "_"), description, cells, values)


def differences(description, predicted, found):
    """How many labels are others, and the largest difference of a value. Numbers are counted in deviations of the target."""
    if description["target"]["kind"] == "classes":
        labels = sum(row["prediction"] != label for row, label in zip(predicted, found["prediction"], strict=True))
        values = "probabilities" if "probabilities" in predicted[0] else "scores"
        expected = numpy.array([list(row[values].values()) for row in predicted])
        return labels, numpy.abs(found[values] - expected).max()
    difference = 0.0
    for value in found:
        expected = numpy.array([[math.nan if row[value] is None else row[value]] for row in predicted])
        finite = numpy.isfinite(expected)
        assert len(numpy.unique(expected)) > 9, "the model says nearly always the same"
        assert found[value].shape == expected.shape and (numpy.isfinite(found[value]) == finite).all()
        difference = max(difference, numpy.abs(found[value] - expected)[finite].max())
    return 0, difference / description["target"]["deviation"]


def number(cell, notation):
    if cell.strip() in MARKS:
        return math.nan
    if notation == "comma":
        cell = cell.replace(".", "").replace("'", "").replace(" ", "").replace(",", ".")
    return float(cell.replace(",", ""))


def days(cell, order):
    if cell.strip() in MARKS:
        return math.nan
    day, _, time = cell.strip().partition(" ")
    passed = datetime.datetime.strptime(day, FORMATS[order]) - datetime.datetime(1970, 1, 1)
    seconds = 0 if not time else sum(int(part) * unit for part, unit in zip(time.split(":"), (3600, 60, 1)))
    return passed.days + seconds / 86400


def cells_of(description, rows):
    """Of every column its cells: numbers, days or texts; of images the pixels."""
    if description["input"]["kind"] == "images":
        with gzip.open(pathlib.Path(rows) / "t10k-images-idx3-ubyte.gz") as file:
            pixels = numpy.frombuffer(file.read(), numpy.uint8, offset=16)
        return {"images": pixels.reshape(-1, description["input"]["height"], description["input"]["width"])}
    with open(rows, newline="", encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    columns = {}
    for column in description["input"]["columns"]:
        texts = [row[column["name"]] for row in table]
        if column["kind"] == "category":  # marks of missing values may stay: an exported model knows them
            columns[column["name"]] = texts
        elif column["kind"] == "date":
            columns[column["name"]] = [days(text, column["order"]) for text in texts]
        else:
            columns[column["name"]] = [number(text, column["notation"]) for text in texts]
    return columns


def inputs_of(session, description, cells):
    wanted = session.get_inputs()
    kinds = {"tensor(uint8)": numpy.uint8, "tensor(float)": numpy.float32, "tensor(double)": numpy.float64,
             "tensor(string)": object}
    if description["input"]["kind"] == "images":
        return {"images": cells["images"].reshape(-1, *wanted[0].shape[1:]).astype(kinds[wanted[0].type])}
    if [each.name for each in wanted] == ["X"]:
        cells = {"X": numpy.array(list(cells.values())).T}
    return {each.name: numpy.array(cells[each.name], dtype=kinds[each.type]).reshape(-1, *each.shape[1:]) for each in wanted}


def predict_in_c(library, name, description, cells, values):
    """Calls NAME_predict for every row, with structs laid out as the header has them; `values` of classes are so called."""
    is_image = description["input"]["kind"] == "images"
    kinds = {"numeric": ctypes.c_double, "date": ctypes.c_double, "category": ctypes.c_char_p}
    classes = description["target"].get("classes", [])

    class Input(ctypes.Structure):
        if is_image:
            _fields_ = [("pixels", ctypes.c_ubyte * cells["images"][0].size)]
        else:
            _fields_ = [(column["name"], kinds[column["kind"]]) for column in description["input"]["columns"]]

    class Output(ctypes.Structure):
        if classes:
            _fields_ = [("prediction", ctypes.c_int), (values, ctypes.c_double * len(classes)), ("unknown", ctypes.c_int), ("outside", ctypes.c_int)]
        else:
            deviation = [("deviation", ctypes.c_double)] if description["loss"].startswith("gaussian_nll") else []
            _fields_ = [("prediction", ctypes.c_double), *deviation, ("unknown", ctypes.c_int), ("outside", ctypes.c_int)]

    rows = [Input((ctypes.c_ubyte * image.size)(*image.flatten().tolist())) for image in cells["images"]] if is_image else [
        Input(*(cell.encode() if isinstance(cell, str) else cell for cell in row)) for row in zip(*cells.values())]
    outputs = []
    for row in rows:
        output = Output()
        assert getattr(library, name + "_predict")(ctypes.byref(row), ctypes.byref(output)) == 0
        outputs.append(output)
    if not classes:
        return {field: numpy.array([[getattr(output, field)] for output in outputs]) for field, _ in Output._fields_[:-2]}
    return {"prediction": [classes[output.prediction] for output in outputs],
            values: numpy.array([list(getattr(output, values)) for output in outputs])}


def write_mixed(path, seed, count=300):
    """Every kind of column, with missing values and numbers far away; the test file holds categories that are new."""
    random = numpy.random.default_rng(seed)
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["amount", "price", "day", "moment", "colour", "answer", "class", "value"])
        for i in range(count):
            amount, colour = random.normal() * 10 ** random.integers(0, 4), random.choice(["red", "green", "blåu \"x\""])
            day = datetime.date(1890, 1, 1) + datetime.timedelta(int(random.integers(0, 90000)))
            moment = datetime.datetime(2020, 1, 1) + datetime.timedelta(seconds=int(random.integers(0, 10**8)))
            kind = "abc"[int(amount > 0) + int(colour == "red")]
            row = [round(amount, 3), f"{random.integers(1000, 999999):_}".replace("_", ".") + f",{random.integers(10, 99)}",
                   day.strftime("%d.%m.%Y"), moment.strftime("%Y-%m-%d %H:%M:%S"), colour, random.choice(["yes", "no"])]
            row = [random.choice(["", "NA", "?", "null"]) if random.random() < 0.1 else cell for cell in row]
            if seed > 1 and i % 50 == 0:
                row[4], row[0] = "new", 1e30
            out.writerow([*row, kind, round(float(numpy.tanh(amount)) + (colour == "red"), 4)])


def check_kinds(check):
    rows, train = check.folder / "mixed-test.csv", check.folder / "mixed.csv"
    write_mixed(train, 1)
    write_mixed(rows, 2)
    quick = ["--epochs", "3"]
    for name, options in {
        "classes": [],
        "classes-robust": ["--scaling", "robust", "--hidden", "16", "--ensemble", "1"],
        "classes-double": ["--precision", "double", "--ensemble", "1"],
        "classes-best": ["--best"],
        "two-classes": ["--target", "answer"],
        "two-scores": ["--target", "answer", "--loss", "hinge"],
        "number": ["--target", "value"],
        "number-deviation": ["--target", "value", "--loss", "gaussian_nll", "--ensemble", "3", "--hidden", "8"],
        "number-best": ["--target", "value", "--best"],
        "normalised": ["--layer", "dense 12", "--layer", "batch_norm relu", "--layer", "dense 9 identity", "--layer",
                       "layer_norm tanh", "--layer", "scale", "--layer", "dropout 0.2"],
        "embedding": ["--layer", "embedding 2-4;6-7 3", "--layer", "scale", "--layer", "dense 9 tanh"],
        "members": ["--layer", "members 5", "--layer", "embedding 1-3", "--layer", "dense 12 tanh", "--layer", "batch_norm", "--layer",
                    "layer_norm silu", "--layer", "heads 7 elu", "--layer", "dense 6 relu false"],
        "log-softmax": ["--output-activation", "log_softmax", "--hidden", "8"],
        "scores": ["--loss", "squared_error", "--output-activation", "sigmoid", "--hidden", "8"],
    }.items():
        target = [] if "--target" in options else ["--target", "class"]
        leave_out = [part for other in ("class", "value") if other not in (options + target) for part in ("--ignore", other)]
        model = check.train(name, train, *target, *leave_out, *quick, *options)
        check.compare(name, model, rows, 1e-6, "--numbers", "double")
    for precision in ("float", "double"):
        for activation in ACTIVATIONS:
            name = f"{activation}-{precision}"
            model = check.train(name, train, "--target", "value", "--ignore", "class", "--layer", f"dense 8 {activation}",
                                "--ensemble", "1", "--precision", precision, "--learning-rate", "0.01", *quick)
            check.compare(name, model, rows, 1e-6, "--numbers", "double")


def write_mirrored(path, largest, count):
    """Two classes, each row of one the mirror of a row of the other."""
    random = numpy.random.default_rng(5)
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["x", "side"])
        for x in 0.2 + largest * random.random(count) ** 2:
            out.writerow([round(float(x), 3), "right"])
            out.writerow([-round(float(x), 3), "left"])


def check_temperatures(check):
    """Networks that are far too sure, or not sure enough, of rows far from their boundary."""
    train, rows = check.folder / "mirrored.csv", check.folder / "mirrored-test.csv"
    write_mirrored(train, 2, 40)
    write_mirrored(rows, 60, 150)
    for name, options in {
        "sure": [],
        "sure-one": ["--ensemble", "1"],
        "sure-linear": ["--hidden", "none", "--epochs", "400", "--learning-rate", "0.3", "--scaling", "standard"],
        "sure-softmax": ["--output-activation", "softmax"],
        "sure-log-softmax": ["--output-activation", "log_softmax", "--ensemble", "2"],
        "sure-best": ["--best"],
        "unsure": ["--epochs", "1", "--ensemble", "2"],
        "unsure-softmax": ["--epochs", "1", "--output-activation", "softmax", "--scaling", "standard"],
    }.items():
        model = check.train(name, train, "--target", "side", *options)
        check.compare(name, model, rows, 1e-6)


def check_example(check):
    """examples/predict_onnx.py, which docs/export.md quotes, on dates, missing cells, booleans and codes."""
    random = numpy.random.default_rng(5)
    data = check.folder / "example.csv"
    with open(data, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["day", "moment", "flag", "code", "size", "class"])
        for _ in range(300):
            moment = datetime.datetime(2020, 1, 1) + datetime.timedelta(minutes=int(random.integers(0, 10**6)))
            size, flag = round(float(random.normal(5, 2)), 3), random.choice(["true", "false"])
            row = [moment.strftime("%Y-%m-%d"), moment.strftime("%d.%m.%Y %H:%M"), flag, random.choice(["1", "2", "7a "]), size]
            row = [random.choice(["", "NA"]) if random.random() < 0.1 else cell for cell in row]
            out.writerow([*row, "big" if size + (flag == "true") > 6 else "small"])
    model = check.train("example", data, "--target", "class", "--category", "code", "--epochs", "3", "--ensemble", "1")
    for numbers in ("float", "double"):
        exported = check.folder / "example.onnx"
        check.run("export", model, exported, "--numbers", numbers)
        script = [sys.executable, str(ROOT / "examples/predict_onnx.py"), str(exported), str(data)]
        there = [line.split(",") for line in subprocess.run(script, capture_output=True, text=True, check=True).stdout.splitlines()]
        here = list(csv.reader(check.run("predict", model, data).splitlines()))[1:]
        labels = sum(a[0] != b[0] for a, b in zip(here, there, strict=True))
        difference = max(abs(float(x) - float(y)) for a, b in zip(here, there) for x, y in zip(a[1:], b[1:]))
        print(f"example, {numbers}: {len(here)} rows, {labels} other labels, largest difference {difference:.2g}")
        check.failures += labels > 0 or difference > 1e-6


def check_data(check, data):
    penguins, digits = ROOT / "data/penguins/penguins.csv", ROOT / "data/digits/digits.csv"
    model = check.train("penguins", penguins, "--target", "species")
    check.compare("penguins", model, penguins, 1e-6)
    model = check.train("body-mass", penguins, "--target", "body_mass_g", "--epochs", "20")
    check.compare("body-mass", model, penguins, 1e-6)
    model = check.train("digits", digits, "--target", "digit", "--task", "classification", "--epochs", "5")
    check.compare("digits", model, digits, 1e-6)
    check.compare("digits-matrix", model, digits, 1e-6, "--input", "matrix")
    if FASHION.is_dir():
        model = check.train("fashion", FASHION, "--hidden", "64", "--epochs", "2")
        # sums of 784 products in float: neurone itself is up to 2e-6 away from what exact sums would give
        check.compare("fashion", model, FASHION, 4e-6)
        check.compare("fashion-rows", model, FASHION, 4e-6, "--input", "matrix", "--numbers", "float")
    if data and (data / "adult").is_dir():
        train, test = data / "adult/adult-train.csv", data / "adult/adult-test.csv"
        with open(train, encoding="utf-8") as file:
            target = next(csv.reader(file))[-1]
        for name, options in {"adult": [], "adult-quick": ["--epochs", "5", "--ensemble", "2"]}.items():
            model = check.train(name, train, "--test", test, "--target", target, *options)
            check.compare(name, model, test, 1e-6)
    if data and (data / "housing").is_dir():
        housing = data / "housing/housing.csv"
        model = check.train("housing", housing, "--target", "median_house_value", "--epochs", "5", "--ensemble", "2")
        check.compare("housing", model, housing, 1e-4)  # a float has not all the digits of the numbers
        check.compare("housing-double", model, housing, 4e-6, "--numbers", "double")  # up to four deviations of the target


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    check = Check(sys.argv[1], sys.argv[2])
    check_data(check, pathlib.Path(sys.argv[3]) if len(sys.argv) == 4 else None)
    check_kinds(check)
    check_temperatures(check)
    check_example(check)
    return 1 if check.failures else 0


if __name__ == "__main__":
    sys.exit(main())
