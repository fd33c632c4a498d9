"""Learning rate schedules, asked once an epoch, as factors on the base rate."""

import torch
from torch.optim import lr_scheduler

from recording import write


def record():
    base, epochs = 0.5, 10
    cases = []
    for text, schedule in {
        "step:every=3,by=0.1": lambda o: lr_scheduler.StepLR(o, step_size=3, gamma=0.1),
        "exponential:by=0.9": lambda o: lr_scheduler.ExponentialLR(o, gamma=0.9),
        "polynomial": lambda o: lr_scheduler.PolynomialLR(o, total_iters=epochs),
        "polynomial:power=2.5": lambda o: lr_scheduler.PolynomialLR(o, total_iters=epochs, power=2.5),
        "cosine": lambda o: lr_scheduler.CosineAnnealingLR(o, T_max=epochs),
        "cosine:last=0.1": lambda o: lr_scheduler.CosineAnnealingLR(o, T_max=epochs, eta_min=0.1 * base),
        "cosine_restarts:first=3,times=1":
            lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, T_0=3),
        "cosine_restarts:first=2,times=2,last=0.1":
            lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, T_0=2, T_mult=2, eta_min=0.1 * base),
        # torch puts its peak on step pct_start · total_steps − 1 and its end on step total_steps − 1
        "one_cycle": lambda o: lr_scheduler.OneCycleLR(
            o, max_lr=base, total_steps=epochs + 1, pct_start=4 / (epochs + 1), cycle_momentum=False),
        "one_cycle:warm=0.5,start=10,end=100": lambda o: lr_scheduler.OneCycleLR(
            o, max_lr=base, total_steps=epochs + 1, pct_start=6 / (epochs + 1), div_factor=10, final_div_factor=100,
            cycle_momentum=False),
    }.items():  # fmt: skip
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=base)
        scheduler = schedule(optimizer)
        factors = [scheduler.get_last_lr()[0] / base]
        for _ in range(epochs):
            optimizer.step()
            scheduler.step()
            factors.append(scheduler.get_last_lr()[0] / base)
        cases.append({"schedule": text, "factors": factors})

    losses = [1, 0.5, 0.5, 0.49999, 0.6, 0.7, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.3, 0.4]
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=base)
    reduce = lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.25, patience=2, threshold=1e-4, min_lr=0.01 * base)
    factors = []
    for loss in losses:
        reduce.step(loss)
        factors.append(optimizer.param_groups[0]["lr"] / base)
    plateau = [{"schedule": "plateau:by=0.25,patience=2,threshold=0.0001,last=0.01", "losses": losses,
                "factors": factors}]  # fmt: skip
    write("schedules", {"epochs": epochs, "cases": cases, "plateau": plateau})
