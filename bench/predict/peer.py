#!/usr/bin/env python3
"""Predicts a table with pandas and ONNX Runtime, and writes CSV as neurone predict does. Prints seconds and MB as JSON.

usage: peer.py MODEL.onnx TABLE.csv OUTPUT.csv pandas|pyarrow THREADS BATCH
"""

import json
import resource
import sys
import time

import numpy as np
import onnxruntime
import pandas as pd
import pyarrow
import pyarrow.csv


def main():
    model, table, output, engine, threads, batch = sys.argv[1:]
    began = time.perf_counter()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = int(threads)
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    frame = pd.read_csv(table, keep_default_na=False, engine="c" if engine == "pandas" else "pyarrow")
    columns = {}
    for each in session.get_inputs():
        text = each.type == "tensor(string)"
        numbers = np.float32 if each.type == "tensor(float)" else np.float64
        columns[each.name] = frame[each.name].to_numpy(dtype=object if text else numbers).reshape(-1, 1)
    read = time.perf_counter()

    labels, probabilities = [], []
    for first in range(0, len(frame), int(batch)):
        answer = session.run(None, {name: values[first : first + int(batch)] for name, values in columns.items()})
        labels.append(answer[0].reshape(-1))
        probabilities.append(answer[1])
    run = time.perf_counter()

    probabilities = np.concatenate(probabilities)
    result = {"prediction": np.concatenate(labels)}
    result |= {f"probability_{k}": probabilities[:, k] for k in range(probabilities.shape[1])}
    if engine == "pandas":
        pd.DataFrame(result).to_csv(output, index=False)
    else:
        pyarrow.csv.write_csv(pyarrow.table(result), output)
    end = time.perf_counter()
    print(
        json.dumps(
            {
                "seconds": end - began,
                "read": read - began,
                "run": run - read,
                "write": end - run,
                "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )


main()
