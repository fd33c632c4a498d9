"""Where each update rule leads in twenty steps on one sequence of gradients. torch.optim has no Lion: its published
program is written here.
"""

import torch

from recording import numbers, plain, write


class Lion(torch.optim.Optimizer):
    """Chen et al. 2023, program 1; torch.optim has none."""

    def __init__(self, groups, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(groups, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                mixed = b1 * m + (1 - b1) * p.grad
                assert all(mixed[p.grad != 0].abs() > 1e-4)  # else the sign is rounding's
                p.mul_(1 - group["lr"] * group["weight_decay"]).sub_(group["lr"] * torch.sign(mixed))
                m.mul_(b2).add_((1 - b2) * p.grad)


optim = torch.optim
update_rules = [  # ours, torch's
    ("adam", optim.Adam, {}),
    ("adam:learning_rate=0.02,beta1=0.8,beta2=0.95,epsilon=0.001", optim.Adam,
     {"lr": 0.02, "betas": (0.8, 0.95), "eps": 1e-3}),
    ("adamw", optim.AdamW, {}),
    ("adamw:learning_rate=0.02,beta1=0.8,beta2=0.95,epsilon=0.001,weight_decay=0.25", optim.AdamW,
     {"lr": 0.02, "betas": (0.8, 0.95), "eps": 1e-3, "weight_decay": 0.25}),
    ("amsgrad", optim.Adam, {"amsgrad": True}),
    ("amsgrad:learning_rate=0.02,beta1=0.8,beta2=0.9,epsilon=0.001", optim.Adam,
     {"lr": 0.02, "betas": (0.8, 0.9), "eps": 1e-3, "amsgrad": True}),
    ("nadam", optim.NAdam, {}),
    ("nadam:learning_rate=0.02,beta1=0.8,beta2=0.95,epsilon=0.001,momentum_decay=0.04", optim.NAdam,
     {"lr": 0.02, "betas": (0.8, 0.95), "eps": 1e-3, "momentum_decay": 0.04}),
    ("sgd", optim.SGD, {"lr": 0.01}),
    ("sgd:learning_rate=0.1", optim.SGD, {"lr": 0.1}),
    ("momentum", optim.SGD, {"lr": 0.01, "momentum": 0.9}),
    ("momentum:learning_rate=0.05,momentum=0.5", optim.SGD, {"lr": 0.05, "momentum": 0.5}),
    ("nesterov", optim.SGD, {"lr": 0.01, "momentum": 0.9, "nesterov": True}),
    ("nesterov:learning_rate=0.05,momentum=0.5", optim.SGD, {"lr": 0.05, "momentum": 0.5, "nesterov": True}),
    ("adagrad", optim.Adagrad, {}),
    ("adagrad:learning_rate=0.1,epsilon=0.001", optim.Adagrad, {"lr": 0.1, "eps": 1e-3}),
    ("adadelta", optim.Adadelta, {}),
    ("adadelta:learning_rate=0.5,rho=0.8,epsilon=0.001", optim.Adadelta, {"lr": 0.5, "rho": 0.8, "eps": 1e-3}),
    ("rmsprop", optim.RMSprop, {}),
    ("rmsprop:learning_rate=0.02,rho=0.9,epsilon=0.001", optim.RMSprop, {"lr": 0.02, "alpha": 0.9, "eps": 1e-3}),
    ("lion", Lion, {}),
    ("lion:learning_rate=0.02,beta1=0.8,beta2=0.95", Lion, {"lr": 0.02, "betas": (0.8, 0.95)}),
]  # fmt: skip

# ours: Regularisation{.l2} is torch's weight_decay, {.weight_decay} its decoupled one
penalised = [
    ("sgd", {"l2": 0.1}, optim.SGD, {"lr": 0.01, "weight_decay": 0.1}),
    ("nesterov", {"l2": 0.1}, optim.SGD, {"lr": 0.01, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    ("adam", {"l2": 0.1}, optim.Adam, {"weight_decay": 0.1}),
    ("rmsprop", {"l2": 0.1}, optim.RMSprop, {"weight_decay": 0.1}),
    ("adam", {"weight_decay": 0.25}, optim.AdamW, {"weight_decay": 0.25}),
    ("adamw", {"weight_decay": 0.0}, optim.Adam, {}),
    ("amsgrad", {"weight_decay": 0.25}, optim.AdamW, {"weight_decay": 0.25, "amsgrad": True}),
    ("nadam", {"weight_decay": 0.25}, optim.NAdam, {"weight_decay": 0.25, "decoupled_weight_decay": True}),
    ("lion", {"weight_decay": 0.25}, Lion, {"weight_decay": 0.25}),
]
steps, kept = 20, [1, 2, 5, 20]


def record():
    W, b = numbers(3), numbers(2)  # W decays, b does not
    gradients = numbers(steps, 5)
    gradients[:5, 1] = 0  # an input that has not been seen yet
    gradients[7, 2] = 8  # a sudden jump

    def moved(rule, settings):
        parameters = [torch.nn.Parameter(W.clone()), torch.nn.Parameter(b.clone())]
        bare = {"params": [parameters[1]], "weight_decay": 0.0}
        optimizer = rule([{"params": [parameters[0]]}, bare], **settings)
        path = []
        for g in gradients:
            parameters[0].grad, parameters[1].grad = g[:3].clone(), g[3:].clone()
            optimizer.step()
            path.append(plain(torch.cat(parameters)))
        return [path[step - 1] for step in kept]

    cases = [{"rule": text, "parameters": moved(rule, settings)} for text, rule, settings in update_rules]
    cases += [{"rule": t, **ours, "parameters": moved(rule, settings)} for t, ours, rule, settings in penalised]
    write("update_rules", {"start": torch.cat([W, b]), "decaying": 3, "gradients": gradients, "steps": kept,
                           "cases": cases})  # fmt: skip
