"""Values and gradients of the losses: the weighted mean Σ w ℓ / Σ w, where ℓ is the mean over the outputs of a sample.
What torch lacks is written in its operations, from the formula's source, and differentiated by autograd.
"""

import torch
import torch.nn.functional as F

from recording import exact, numbers, write


def log_cosh(y, t):
    return abs(y - t) + torch.log1p(torch.exp(-2 * abs(y - t))) - torch.log(torch.tensor(2.0))


def quantile(tau):
    return lambda y, t: torch.maximum(tau * (t - y), (1 - tau) * (y - t))


def hinge(y, t):
    return F.relu(1 - (2 * t - 1) * y)


def binary_focal(gamma):
    def loss(z, t):
        one = -(torch.sigmoid(-z) ** gamma) * F.logsigmoid(z)
        zero = -(torch.sigmoid(z) ** gamma) * F.logsigmoid(-z)
        return t * one + (1 - t) * zero

    return loss


def categorical_focal(gamma):
    def loss(z, t):
        total = torch.logsumexp(z, dim=1, keepdim=True)
        others = z.unsqueeze(1).masked_fill(torch.eye(z.shape[1]).bool(), -torch.inf)  # batch × class × other class
        log_rest = torch.logsumexp(others, dim=2) - total  # log(1 − S), exact where S rounds to 1
        return -(t * torch.exp(gamma * log_rest) * (z - total)).sum(dim=1, keepdim=True)

    return loss


def gaussian(Y, t):
    mean, log_variance = Y.chunk(2, dim=1)
    return F.gaussian_nll_loss(mean, t, torch.exp(log_variance), eps=1e-6, reduction="none")


def bounded_gaussian(Y, t):
    """The same where the variance falls below eps: torch clamps it unseen by autograd, ours has slope 0 there."""
    mean, log_variance = Y.chunk(2, dim=1)
    s = torch.clamp(log_variance, min=torch.log(torch.tensor(1e-6)).item())
    return (s + (mean - t) ** 2 * torch.exp(-s)) / 2


def reduced(loss, **settings):
    return lambda Y, t: loss(Y, t, reduction="none", **settings)


def loss_case(text, samples, Y, targets, weights=None, smoothing=0.0):
    """`samples` gives the losses of the samples, or of their outputs."""
    Y = Y.clone().requires_grad_()
    each = samples(Y, targets).reshape(len(Y), -1).mean(dim=1)
    w = torch.ones(len(Y)) if weights is None else weights
    value = (w * each).sum() / w.sum()
    value.backward()
    return {"loss": text, "Y": Y, "targets": targets, "weights": [] if weights is None else weights,
            "smoothing": smoothing, "value": value, "gradient": Y.grad}  # fmt: skip


def class_case(text, criterion, z, classes, weights=None, smoothing=0.0):
    """`criterion` is a torch module that takes class numbers and returns the mean; ours takes one-hot rows."""
    z = z.clone().requires_grad_()
    value = criterion(z, classes)
    value.backward()
    one_hot = F.one_hot(classes, z.shape[1]).double()
    return {"loss": text, "Y": z, "targets": one_hot, "weights": [] if weights is None else weights,
            "smoothing": smoothing, "value": value, "gradient": z.grad}  # fmt: skip


def record():
    cases = []
    weights = exact([0.5, 2, 0, 1.25])

    outputs, truth = numbers(4, 3, spread=2), numbers(4, 3, spread=2)
    far, near = exact([[50], [-50], [0.25], [1]]), exact([[-50], [50], [0.125], [-1]])
    for text, loss in {
        "squared_error": reduced(F.mse_loss),
        "absolute_error": reduced(F.l1_loss),
        "huber": reduced(F.huber_loss, delta=1.0),
        "huber:delta=0.25": reduced(F.huber_loss, delta=0.25),
        "log_cosh": log_cosh,
        "quantile": quantile(0.5),
        "quantile:tau=0.9": quantile(0.9),
    }.items():
        cases.append(loss_case(text, loss, outputs, truth))
        cases.append(loss_case(text, loss, far, near, weights))

    binary, labels = numbers(4, 2, spread=3), exact([[1, 0], [0, 1], [1, 1], [0, 0]])
    extreme, sides = exact([[50], [-50], [50], [-50]]), exact([[1], [1], [0], [0]])
    for text, loss in {
        "binary_cross_entropy": reduced(F.binary_cross_entropy_with_logits),
        "hinge": hinge,
        "binary_focal": binary_focal(2),
        "binary_focal:gamma=0.5": binary_focal(0.5),
        "binary_focal:gamma=0": binary_focal(0),
    }.items():
        cases.append(loss_case(text, loss, binary, labels, weights))
        cases.append(loss_case(text, loss, extreme, sides))
    bce, soft = reduced(F.binary_cross_entropy_with_logits), 0.9 * labels[:, :1] + 0.1 / 2  # one column, two classes
    case = loss_case("binary_cross_entropy", lambda z, _: bce(z, soft), binary[:, :1], labels[:, :1], smoothing=0.1)
    cases.append(case)

    counts = exact([[0, 3], [1, 7], [2, 0], [12, 1]])
    poisson = reduced(F.poisson_nll_loss, log_input=True, full=False)
    cases.append(loss_case("poisson", poisson, numbers(4, 2), counts))
    cases.append(loss_case("poisson", poisson, exact([[10], [-50], [0], [-10]]), counts[:, :1], weights))

    spread_out = torch.cat([outputs[:, :2], numbers(4, 2)], dim=1)
    cases.append(loss_case("gaussian_nll", gaussian, spread_out, truth[:, :2]))
    cases.append(loss_case("gaussian_nll", gaussian, exact([[50, 3], [-50, 9], [0, -13], [1, 50]]), near, weights))
    cases.append(loss_case("gaussian_nll", bounded_gaussian, exact([[1, -14], [2, -50], [0, -13], [1, 0]]), near))

    z, classes = numbers(4, 3, spread=3), torch.tensor([2, 0, 1, 2])
    tails, ends = exact([[50, -50, 0], [50, -50, 0], [0, 0, 50], [-50, -50, -50]]), torch.tensor([0, 1, 1, 2])
    class_weights = exact([0.25, 3, 1.5])
    mixture = F.softmax(numbers(4, 3), dim=1)
    name = "categorical_cross_entropy"
    cases.append(class_case(name, torch.nn.CrossEntropyLoss(), z, classes))
    cases.append(class_case(name, torch.nn.CrossEntropyLoss(), tails, ends))
    cases.append(class_case(name, torch.nn.CrossEntropyLoss(class_weights), z, classes, class_weights[classes]))
    cases.append(class_case(name, torch.nn.CrossEntropyLoss(label_smoothing=0.2), z, classes, smoothing=0.2))
    cases.append(loss_case(name, reduced(F.cross_entropy), z, mixture, weights))
    for gamma in (2, 0.5, 0):
        text, loss = f"categorical_focal:gamma={gamma}", categorical_focal(gamma)
        cases.append(loss_case(text, loss, z, F.one_hot(classes).double(), weights))
    # the true class less likely by e^50 and e^100, and certain
    surprise, likely = exact([[50, 0, 0], [-50, 50, 0], [50, 0, 0]]), exact([[0, 1, 0], [1, 0, 0], [1, 0, 0]])
    for gamma in (2, 0.5):
        cases.append(loss_case(f"categorical_focal:gamma={gamma}", categorical_focal(gamma), surprise, likely))
    write("losses", {"cases": cases})
