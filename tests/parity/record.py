"""Records what PyTorch computes, for the tests in this folder: {activations,layers,losses,schedules,training_curve,
update_rules}.json; and scikit-learn: figures.json.

    pip install torch scikit-learn
    python record.py        # recorded with torch 2.13.0 and scikit-learn 1.9.1
"""

import record_activations
import record_figures
import record_layers
import record_losses
import record_schedules
import record_training_curve
import record_update_rules
import torch

for subject in (
    record_activations,
    record_figures,
    record_layers,
    record_losses,
    record_schedules,
    record_training_curve,
    record_update_rules,
):
    torch.manual_seed(20260725)  # each its own: a new case of one subject leaves the others as they are
    subject.record()
