"""Figures of predictions, as scikit-learn computes them, with and without weights. Values are drawn from a coarse grid,
so that many are equal."""

import numpy
import sklearn
from sklearn import metrics

from recording import write


def class_case(rng, rows, classes, absent=()):
    truth = rng.choice([c for c in range(classes) if c not in absent], size=rows)
    scores = rng.integers(1, 9, size=(rows, classes)) + 4 * numpy.eye(classes)[truth] * rng.integers(0, 2, size=(rows, 1))
    values = scores / scores.sum(axis=1, keepdims=True)
    predicted = (values[:, 1] > 0.5).astype(int) if classes == 2 else values.argmax(axis=1)
    return truth, predicted, values


def class_figures(truth, predicted, values, weights):
    classes = values.shape[1]
    ranked = [c for c in range(1 if classes == 2 else 0, classes) if c in truth]
    of_two = lambda score: numpy.mean([score(truth == c, values[:, c], sample_weight=weights) for c in ranked])
    return {
        "accuracy": metrics.accuracy_score(truth, predicted, sample_weight=weights),
        "balanced_accuracy": metrics.balanced_accuracy_score(truth, predicted, sample_weight=weights),
        "f1": metrics.f1_score(truth, predicted, average="binary" if classes == 2 else "macro", sample_weight=weights),
        "matthews": metrics.matthews_corrcoef(truth, predicted, sample_weight=weights),
        "roc_auc": of_two(metrics.roc_auc_score),
        "average_precision": of_two(metrics.average_precision_score),
        "log_loss": metrics.log_loss(truth, values, labels=range(classes), sample_weight=weights),
        "brier": metrics.brier_score_loss(truth, values[:, 1] if classes == 2 else values, labels=range(classes),
                                          sample_weight=weights, scale_by_half=classes == 2),
    }  # fmt: skip


def number_figures(truth, predicted, weights):
    return {
        "rmse": metrics.root_mean_squared_error(truth, predicted, sample_weight=weights),
        "mae": metrics.mean_absolute_error(truth, predicted, sample_weight=weights),
        "median_error": metrics.median_absolute_error(truth, predicted, sample_weight=weights),
        "r2": metrics.r2_score(truth, predicted, sample_weight=weights),
    }


def plain(arrays):
    return {name: numpy.asarray(each).tolist() for name, each in arrays.items()}


def record():
    rng = numpy.random.default_rng(20261124)
    classes, numbers = [], []
    for rows, count, absent in ((40, 2, ()), (41, 2, ()), (60, 4, ()), (60, 5, (3,))):
        truth, predicted, values = class_case(rng, rows, count, absent)
        for weights in (numpy.ones(rows), rng.integers(1, 5, size=rows).astype(float)):
            case = {"truth": truth, "predicted": predicted, "values": values, "weights": weights}
            classes.append(plain(case) | {"figures": plain(class_figures(truth, predicted, values, weights))})
    for rows in (30, 31):
        truth = rng.normal(size=rows)
        predicted = truth + rng.integers(-8, 9, size=rows) / 8
        for weights in (numpy.ones(rows), rng.integers(1, 5, size=rows).astype(float)):
            case = {"truth": truth, "predicted": predicted, "weights": weights}
            numbers.append(plain(case) | {"figures": plain(number_figures(truth, predicted, weights))})
    write("figures", {"scikit-learn": sklearn.__version__, "classes": classes, "numbers": numbers})
