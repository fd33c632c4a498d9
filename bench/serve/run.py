#!/usr/bin/env python3
"""Requests a second and their times: neurone serve beside FastAPI with ONNX Runtime, the same models, the same rows.

Usage: run.py NEURONE DATA [--seconds 10] [--rounds 3] [--connections 64] [--output FILE]. Trains on adult/adult-train.csv in
DATA: a model of the default recipe, four networks, and a single small network. Server and client (wrk) share the machine's
processors. The servers take turns; of the rounds the best is told, of each server alike. Before any figure, each server's
probabilities for the same rows are compared. Run by a Python that has fastapi, uvicorn[standard], onnxruntime and orjson.
"""

import argparse
import contextlib
import csv
import json
import os
import pathlib
import subprocess
import sys
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROWS = (1, 100)
MODELS = {  # the network takes the same time whether it has learnt for long or not
    "default recipe": ["--epochs", "8"],
    "one small network": ["--epochs", "8", "--hidden", "64,64", "--ensemble", "1"],
}


def value(text):
    if text in ("", "NA", "?"):
        return None
    for kind in (int, float):
        with contextlib.suppress(ValueError):
            return kind(text)
    return text


def write_bodies(table, target, folder):
    with open(table, newline="") as file:
        rows = [{name: value(text) for name, text in row.items() if name != target}
                for _, row in zip(range(max(ROWS)), csv.DictReader(file))]
    bodies = {}
    for count in ROWS:
        bodies[count] = folder / f"rows-{count}.json"
        bodies[count].write_text(json.dumps(rows[0] if count == 1 else rows[:count]))
    return bodies


def post(url, body):
    request = urllib.request.Request(url, body.read_bytes(), {"Content-Type": "application/json"})
    return json.loads(urllib.request.urlopen(request, timeout=10).read())["predictions"]


@contextlib.contextmanager
def server(command, environment, url, body):
    process = subprocess.Popen(command, env=os.environ | environment, cwd=HERE, stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                post(url, body)
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        else:
            sys.exit(f"{command[0]} does not answer")
        yield
    finally:
        process.terminate()
        process.wait()


def load(url, body, seconds, connections):
    output = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(HERE / "post.lua"), url],
        env=os.environ | {"BODY": str(body)}, capture_output=True, text=True, check=True).stdout
    told = json.loads(output.strip().splitlines()[-1])
    told["per_second"] = told["requests"] * 1e6 / told["microseconds"]
    return told


def largest_difference(predictions, others):
    """Of the probabilities; FastAPI gives them as a list, in the order of the classes."""
    def values(prediction):
        found = prediction["probabilities"]
        return list(found.values()) if isinstance(found, dict) else found

    return max(abs(a - b) for one, other in zip(predictions, others, strict=True)
               for a, b in zip(values(one), values(other), strict=True))


def measure(options, name, model, folder):
    onnx = folder / "model.onnx"
    subprocess.run([options.neurone, "export", model, onnx], check=True, capture_output=True)
    uvicorn = [sys.executable, "-m", "uvicorn", "fastapi_server:app", "--loop", "uvloop", "--http", "httptools",
               "--no-access-log", "--log-level", "warning", "--port", "8091"]
    theirs = ({"MODEL": str(onnx)}, "http://127.0.0.1:8091/predict")
    servers = {
        "neurone serve": ([options.neurone, "serve", model, "--port", "8090", "--log", "none"], {},
                          "http://127.0.0.1:8090/predict"),
        "FastAPI, 1 worker": (uvicorn, *theirs),
        "FastAPI, 2 workers": ([*uvicorn, "--workers", "2"], *theirs),
    }
    best, said = {}, {}
    for _ in range(options.rounds):
        for server_name, (command, environment, url) in servers.items():
            with server(command, environment, url, options.bodies[1]):
                said[server_name] = post(url, options.bodies[100])
                for count, body in options.bodies.items():
                    load(url, body, 1, options.connections)
                    told = load(url, body, options.seconds, options.connections)
                    if told["per_second"] > best.get((server_name, count), {"per_second": 0})["per_second"]:
                        best[server_name, count] = told
    difference = max(largest_difference(said["neurone serve"], others) for others in said.values())
    print(f"\n{name}: {model.stat().st_size / 1e6:.1f} MB, largest difference of a probability {difference:.1g}")
    print(f"{'':20} {'rows':>5} {'requests/s':>11} {'p50 ms':>8} {'p99 ms':>8} {'failed':>7} {'times':>6}")
    for count in ROWS:
        for server_name in servers:
            told = best[server_name, count]
            times = best["neurone serve", count]["per_second"] / told["per_second"]
            print(f"{server_name:20} {count:5} {told['per_second']:11.0f} {told['p50'] / 1000:8.2f} "
                  f"{told['p99'] / 1000:8.2f} {told['wrong'] + told['lost']:7} {times:6.1f}")
    return [{"model": name, "server": server_name, "rows": count, **told}
            for (server_name, count), told in best.items()]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("neurone", type=pathlib.Path)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("build/serve/bench"))
    parser.add_argument("--output", type=pathlib.Path)
    options = parser.parse_args()
    options.neurone, folder = options.neurone.resolve(), options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    options.bodies = write_bodies(options.data / "adult/adult-test.csv", "income", folder)

    figures = []
    for number, (name, words) in enumerate(MODELS.items()):
        model = folder / f"model-{number}.safetensors"
        if not model.exists():
            subprocess.run([options.neurone, "train", options.data / "adult/adult-train.csv", "--target", "income", "--quiet",
                            "--report", "none", "--output", model, *words], check=True)
        figures += measure(options, name, model, folder)
    if options.output:
        options.output.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
