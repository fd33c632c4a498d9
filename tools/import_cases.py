"""Networks of PyTorch, Keras and scikit-learn as ONNX files, with what they say themselves.

For check_import.py, which tries them all, and tests/onnx/record_models.py, which keeps a few.
"""

import dataclasses
import io
import logging
import os
import pathlib
import warnings

os.environ["KERAS_BACKEND"] = "torch"
warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

import numpy
import torch
from torch import nn

ACTIVATIONS = {
    "relu": nn.ReLU(), "sigmoid": nn.Sigmoid(), "tanh": nn.Tanh(), "leaky_relu": nn.LeakyReLU(), "elu": nn.ELU(),
    "celu": nn.CELU(), "selu": nn.SELU(), "gelu": nn.GELU(), "gelu_tanh": nn.GELU(approximate="tanh"), "silu": nn.SiLU(),
    "mish": nn.Mish(), "softplus": nn.Softplus(), "softsign": nn.Softsign(), "relu6": nn.ReLU6(),
    "hard_sigmoid": nn.Hardsigmoid(), "hard_tanh": nn.Hardtanh(), "hard_silu": nn.Hardswish(),
}


@dataclasses.dataclass
class Case:
    name: str
    file: bytes
    header: list
    rows: list  # of cells, texts as a CSV file has them
    values: numpy.ndarray  # rows × classes, or × 1 for a number
    labels: list = None  # of each row, where they are classes
    classes: list = None  # in the order of the values
    options: list = dataclasses.field(default_factory=list)


class Scaled(nn.Module):
    """What people write by hand: flattening with view, and scaling inside."""

    def __init__(self):
        super().__init__()
        self.hidden, self.last = nn.Linear(6, 4), nn.Linear(4, 1)

    def forward(self, x):
        x = (x.view(x.size(0), -1) - 0.5) / 0.25
        return torch.sigmoid(self.last(torch.relu(self.hidden(x)))).squeeze(1)


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.hidden, self.last = nn.Linear(5, 5), nn.Linear(5, 5), nn.Linear(5, 1)

    def forward(self, x):
        x = torch.tanh(self.first(x))
        return self.last(x + torch.relu(self.hidden(x)))


def cells(X):
    """Floats as texts that read back as the same."""
    return [[repr(float(x)) for x in row] for row in X.reshape(len(X), -1)]


def export_torch(net, X, dynamo, fixed=False):
    net.eval()
    example = torch.from_numpy(X[:1 if fixed else 2])
    file = io.BytesIO()
    if dynamo:
        shapes = None if fixed else ({0: torch.export.Dim("rows")},)
        program = torch.onnx.export(net, (example,), dynamo=True, dynamic_shapes=shapes, verbose=False)
        file.write(program.model_proto.SerializeToString())
    else:
        axes = None if fixed else {"x": {0: "rows"}, "y": {0: "rows"}}
        torch.onnx.export(net, (example,), file, dynamo=False, input_names=["x"], output_names=["y"], dynamic_axes=axes)
    return file.getvalue()


def warmed_up(net, X):
    """Batch normalisation with means and variances of its own, and gains that are not 1."""
    with torch.no_grad():
        net.train()
        net(torch.from_numpy(X))
        for parameter in net.parameters():
            if parameter.dim() == 1:
                parameter += 0.3 * torch.randn_like(parameter)
    return net.eval()


def torch_case(name, net, dynamo=False, shape=(5,), rows=60, fixed=False, options=(), says=None, double=False):
    torch.manual_seed(len(name))
    X = numpy.random.default_rng(3).normal(size=(rows, *shape)).astype(numpy.float64 if double else numpy.float32)
    net = warmed_up(net.double() if double else net, X)
    with torch.no_grad():
        Y = net(torch.from_numpy(X)).numpy().astype(float)
    Y = (says or (lambda Y: Y))(Y.reshape(len(X), -1))
    header = [f"x{k + 1}" for k in range(X[0].size)]
    kind = {True: "dynamo", False: "torchscript"}[dynamo]
    case = Case(f"{kind} {name}", export_torch(net, X, dynamo, fixed), header, cells(X), Y, options=list(options))
    is_number = Y.shape[1] == 1 and says is None and not isinstance(list(net.children() or [net])[-1], nn.Sigmoid)
    if isinstance(net, Scaled) or not is_number:
        case.values = Y if Y.shape[1] > 1 else numpy.hstack([1 - Y, Y])
        case.classes = [str(k) for k in range(case.values.shape[1])]
        case.labels = [case.classes[k] for k in case.values.argmax(1)]
    return case


def softmax(Z):
    powers = numpy.exp(Z - Z.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def small_nets():
    """name, network, and what else torch_case has to know."""
    torch.manual_seed(0)
    yield "classes", nn.Sequential(nn.Linear(5, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.2), nn.Linear(8, 3),
                                   nn.Softmax(dim=1)), {}
    yield "logits", nn.Sequential(nn.Linear(5, 8, bias=False), nn.Tanh(), nn.Linear(8, 3)), {
        "options": ["--task", "classification"], "says": softmax}
    yield "log softmax", nn.Sequential(nn.Linear(5, 4), nn.LogSoftmax(dim=-1)), {"says": numpy.exp}
    yield "two classes", nn.Sequential(nn.Linear(5, 4), nn.ELU(), nn.Linear(4, 1), nn.Sigmoid()), {}
    yield "two logits", nn.Sequential(nn.Linear(5, 1)), {
        "options": ["--task", "classification"], "says": lambda Z: 1 / (1 + numpy.exp(-Z))}
    yield "number", nn.Sequential(nn.LayerNorm(5), nn.Linear(5, 6), nn.GELU(), nn.LayerNorm(6), nn.Linear(6, 1)), {}
    yield "norm behind", nn.Sequential(nn.Linear(5, 6), nn.ReLU(), nn.BatchNorm1d(6), nn.Linear(6, 6, bias=False),
                                       nn.BatchNorm1d(6, affine=False), nn.SiLU(), nn.Linear(6, 1)), {}
    yield "norm first", nn.Sequential(nn.BatchNorm1d(5), nn.Linear(5, 3), nn.LayerNorm(3, elementwise_affine=False),
                                      nn.Softmax(dim=1)), {}
    yield "pictures", nn.Sequential(nn.Flatten(), nn.Linear(6, 5), nn.Sigmoid(), nn.Linear(5, 2), nn.Softmax(-1)), {
        "shape": (2, 3)}
    yield "by hand", Scaled(), {"shape": (2, 3)}
    yield "one row at once", nn.Sequential(nn.Flatten(), nn.Linear(6, 3), nn.Softmax(dim=1)), {
        "shape": (1, 2, 3), "fixed": True}
    yield "double", nn.Sequential(nn.Linear(5, 6), nn.Mish(), nn.Linear(6, 1)), {"double": True}


def torch_cases():
    for dynamo in (False, True):
        for name, net, more in small_nets():
            yield torch_case(name, net, dynamo, **more)
    for name, activation in ACTIVATIONS.items():
        yield torch_case(name, nn.Sequential(nn.Linear(5, 7), activation, nn.Linear(7, 1)))
    layers = [layer for activation in ACTIVATIONS.values() for layer in (nn.LayerNorm(5), nn.Linear(5, 5), activation)]
    yield torch_case("all activations", nn.Sequential(*layers, nn.Linear(5, 1)), dynamo=True, double=True)


def refused_nets():
    """Networks that are none of ours, and a part of what has to be said of them."""
    yield "residual", Residual(), (5,), "goes back behind a layer"
    yield "convolution", nn.Sequential(nn.Conv1d(2, 3, 2), nn.Flatten(), nn.Linear(6, 1)), (2, 3), "(Conv)"
    yield "steep leaky_relu", nn.Sequential(nn.Linear(5, 4), nn.LeakyReLU(0.3), nn.Linear(4, 1)), (5,), "(LeakyRelu)"
    yield "several numbers", nn.Sequential(nn.Linear(5, 4)), (5,), "there are 4 outputs"
    yield "two activations", nn.Sequential(nn.Linear(5, 4), nn.Tanh(), nn.Sigmoid(), nn.Linear(4, 1)), (5,), "(Sigmoid)"
    yield "softmax over rows", nn.Sequential(nn.Linear(5, 4), nn.Softmax(dim=0)), (5,), "neither what the last layer says"


def refused_cases():
    for name, net, shape, text in refused_nets():
        X = numpy.zeros((2, *shape), numpy.float32)
        yield name, export_torch(net, X, False), text
    from skl2onnx import to_onnx
    from sklearn.linear_model import RidgeClassifier, SGDClassifier

    X, three, yes, _ = sklearn_data()
    for name, model, target, text in (("scores", RidgeClassifier(), three, "no probabilities"),
                                      ("scores of two classes", SGDClassifier(), yes, "no probabilities")):
        yield name, to_onnx(model.fit(X, target), X[:1]).SerializeToString(), text


def keras_cases():
    import keras

    def case(name, layers, is_classes):
        keras.utils.set_random_seed(1)
        net = keras.Sequential([keras.Input((5,)), *layers])
        X = numpy.random.default_rng(4).normal(size=(60, 5)).astype(numpy.float32)
        for layer in net.layers:
            if isinstance(layer, keras.layers.BatchNormalization):
                random = numpy.random.default_rng(5)
                layer.set_weights([weight + random.uniform(0, 1, weight.shape) for weight in layer.get_weights()])
        Y = numpy.asarray(net.predict(X, verbose=0), float)
        path = pathlib.Path(os.environ.get("TMPDIR", "/tmp")) / f"neurone-keras-{os.getpid()}.onnx"
        net.export(str(path), format="onnx", verbose=False)
        file = path.read_bytes()
        path.unlink()
        made = Case(f"keras {name}", file, [f"x{k + 1}" for k in range(5)], cells(X), Y)
        if is_classes:
            made.values = Y if Y.shape[1] > 1 else numpy.hstack([1 - Y, Y])
            made.classes = [str(k) for k in range(made.values.shape[1])]
            made.labels = [made.classes[k] for k in made.values.argmax(1)]
        return made

    Dense, Batch = keras.layers.Dense, keras.layers.BatchNormalization
    normal = keras.layers.Normalization(mean=[1.0, 2, 3, 4, 5], variance=[1.0, 2, 3, 4, 5])
    yield case("classes", [normal, Dense(8, activation="relu"), Batch(), keras.layers.Dropout(0.2),
                           Dense(6, activation="gelu"), Dense(3, activation="softmax")], True)
    yield case("two classes", [Dense(8, use_bias=False), Batch(), keras.layers.Activation("swish"),
                               Dense(1, activation="sigmoid")], True)
    yield case("number", [Dense(6, activation="hard_sigmoid"), Dense(6, activation="selu"), Dense(6, activation="softplus"),
                          Dense(1)], False)


def sklearn_data(rows=200):
    random = numpy.random.default_rng(0)
    X = random.normal(size=(rows, 4)).astype(numpy.float32) * [1, 10, 0.1, 3] + [0, 5, 0, -2]
    X = X.astype(numpy.float32)
    three = (X[:, 0] > 0).astype(int) + (X[:, 1] > 5)
    return X, three, numpy.where(X[:, 0] > 0, "yes", "no"), X[:, 0] * 2 + X[:, 3] + random.normal(size=rows)


def sklearn_case(name, model, X, options=None, types=None, header=None, rows=60):
    from skl2onnx import to_onnx, convert_sklearn

    onnx = convert_sklearn(model, initial_types=types, options=options) if types else to_onnx(model, X[:1], options=options)
    tried = X[:rows]
    is_classes = hasattr(model, "predict_proba")
    values = model.predict_proba(tried) if is_classes else numpy.asarray(model.predict(tried)).reshape(-1, 1)
    names = header or [f"x{k + 1}" for k in range(tried.shape[1])]
    texts = tried.astype(str).values.tolist() if header else cells(tried)
    texts = [["" if cell == "nan" else cell for cell in row] for row in texts]
    made = Case(f"sklearn {name}", onnx.SerializeToString(), names, texts, values)
    if is_classes:
        made.classes = [str(label) for label in model.classes_]
        made.labels = [str(label) for label in model.predict(tried)]
    return made


def sklearn_cases():
    import pandas
    from sklearn.compose import ColumnTransformer
    from sklearn.decomposition import PCA
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import (GammaRegressor, LinearRegression, LogisticRegression, PoissonRegressor, Ridge,
                                      TweedieRegressor)
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, OneHotEncoder, RobustScaler, StandardScaler
    from skl2onnx.common.data_types import FloatTensorType, Int64TensorType, StringTensorType

    X, three, yes, number = sklearn_data()
    quick = {"max_iter": 30, "random_state": 1, "hidden_layer_sizes": (6, 5)}
    for activation in ("identity", "logistic", "tanh", "relu"):
        for target, what in ((three, "three classes"), (yes, "two classes")):
            net = make_pipeline(StandardScaler(), MLPClassifier(activation=activation, **quick)).fit(X, target)
            yield sklearn_case(f"{activation} {what}", net, X)
        net = make_pipeline(StandardScaler(), MLPRegressor(activation=activation, **quick)).fit(X, number)
        yield sklearn_case(f"{activation} number", net, X)
    for target, what in ((three, "three classes"), (yes, "two classes"), (yes == "yes", "booleans"), (three * 5 + 8, "8, 13, 18")):
        case = sklearn_case(f"logistic regression, {what}",
                            make_pipeline(StandardScaler(), LogisticRegression()).fit(X, target), X)
        if what == "booleans":  # skl2onnx writes them as 0 and 1
            case.options = ["--classes", "False,True"]
        yield case
    yield sklearn_case("without maps", make_pipeline(MinMaxScaler(), MLPClassifier(**quick)).fit(X, yes), X, {"zipmap": False})
    for scaler in (MinMaxScaler(), RobustScaler(), MaxAbsScaler(), StandardScaler(with_mean=False), StandardScaler(with_std=False)):
        yield sklearn_case(f"{scaler}", make_pipeline(scaler, MLPRegressor(**quick)).fit(X, number), X)
    yield sklearn_case("linear regression", make_pipeline(StandardScaler(), LinearRegression()).fit(X, number), X)
    yield sklearn_case("ridge without scaler", Ridge().fit(X, number), X)
    yield sklearn_case("in double", make_pipeline(StandardScaler(), MLPRegressor(**quick)).fit(X.astype(float), number), X.astype(float))
    yield sklearn_case("principal components", make_pipeline(StandardScaler(), PCA(3), MLPClassifier(**quick)).fit(X, three), X)
    holes = X.copy()
    holes[::7, 1] = numpy.nan
    holes[::11, 3] = numpy.nan
    imputed = make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), MLPRegressor(**quick)).fit(holes, number)
    yield sklearn_case("missing numbers", imputed, holes)

    table = pandas.DataFrame({"age": X[:, 0], "size": X[:, 1], "rooms": three, "colour": numpy.array(["red", "green", "blue"])[three]})
    columns = ColumnTransformer([("numbers", StandardScaler(), ["age", "size"]),
                                 ("kinds", OneHotEncoder(handle_unknown="ignore"), ["colour", "rooms"])])
    types = [("age", FloatTensorType([None, 1])), ("size", FloatTensorType([None, 1])), ("rooms", Int64TensorType([None, 1])),
             ("colour", StringTensorType([None, 1]))]
    net = make_pipeline(columns, MLPClassifier(**quick)).fit(table, yes)
    yield sklearn_case("columns by name", net, table, types=types, header=list(table.columns))
    for encoder, what in ((OneHotEncoder(), "default categories"), (OneHotEncoder(drop="first"), "first left out")):
        columns = ColumnTransformer([("numbers", StandardScaler(), ["age", "size"]), ("kinds", encoder, ["colour", "rooms"])])
        net = make_pipeline(columns, MLPClassifier(**quick)).fit(table, yes)
        yield sklearn_case(what, net, table, types=types, header=list(table.columns))
    columns = ColumnTransformer([("numbers", StandardScaler(), ["age", "rooms"]), ("as it is", "passthrough", ["size"])])
    net = make_pipeline(columns, MLPRegressor(**quick)).fit(table[["age", "size", "rooms"]], number)
    yield sklearn_case("whole numbers", net, table[["age", "size", "rooms"]], types=types[:3], header=["age", "size", "rooms"])
    for model in (PoissonRegressor(), GammaRegressor(), TweedieRegressor(power=1.5)):
        yield sklearn_case(f"{type(model).__name__}", make_pipeline(StandardScaler(), model).fit(X, numpy.abs(number) + 0.1), X)
    yield sklearn_case("prices", make_pipeline(StandardScaler(), LinearRegression()).fit(X, 1e5 * number + 5e5), X)
    yield sklearn_case("tiny numbers", make_pipeline(StandardScaler(), LinearRegression()).fit(X, 1e-9 * number), X)
