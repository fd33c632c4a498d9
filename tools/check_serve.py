#!/usr/bin/env python3
"""What a server has to bear: neurone serve under a fuzzer of its API, idle, slow and half-closed clients, models replaced
under load, bursts past its queue, and being asked to stop while it works.

Usage: check_serve.py NEURONE FOLDER [--schemathesis PROGRAM] [--idle 10000]. Trains two small models in FOLDER and asks a
server of them. Prints a line for each check and exits 1 where an answer was wrong or missing.
"""

import argparse
import contextlib
import http.client
import json
import pathlib
import re
import resource
import shutil
import signal
import socket
import subprocess
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLE = ROOT / "data/penguins/penguins.csv"
ROW = json.dumps({"island": "Biscoe", "bill_length_mm": 46.1, "bill_depth_mm": 13.2, "flipper_length_mm": 211,
                  "body_mass_g": 4500, "sex": "female", "year": 2007}).encode()
failures = []


def say(name, good, told):
    print(f"check: serve: {name}: {told}{'' if good else '  WRONG'}", flush=True)
    if not good:
        failures.append(name)


class Server:
    """A server of a model or a folder on a free port."""

    def __init__(self, options, model, *more):
        log = [] if "--log" in more else ["--log", "none"]
        self.process = subprocess.Popen([options.neurone, "serve", str(model), "--port", "0", *log, *more],
                                        stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        self.port = int(re.search(r":(\d+)/", self.url)[1])

    def ask(self, body=ROW, path="/predict", connection=None):
        connection = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("POST", path, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, response.read()

    def memory(self):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)


@contextlib.contextmanager
def serving(options, model, *more):
    server = Server(options, model, *more)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            code = server.stop()
            if code != 0:
                say("exit", False, f"exit code {code}")


def train(options, name, *more):
    path = options.folder / f"{name}.safetensors"
    subprocess.run([options.neurone, "train", str(TABLE), "--target", "species", "--epochs", "5", "--report", "none",
                    "--output", str(path), *more], check=True, capture_output=True)
    return path


def connect(server):
    return socket.create_connection(("127.0.0.1", server.port), timeout=60)


def request_bytes(body=ROW):
    return (b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
            + str(len(body)).encode() + b"\r\n\r\n" + body)


def everything(client):
    """All that the server says until it closes."""
    parts = []
    with contextlib.suppress(ConnectionResetError):
        while part := client.recv(65536):
            parts.append(part)
    return b"".join(parts)


def times_of(server, count=200):
    connection, times = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60), []
    for _ in range(count):
        begin = time.perf_counter()
        status, _ = server.ask(connection=connection)
        times.append(time.perf_counter() - begin if status == 200 else float("inf"))
    return sorted(times)


def told_times(times):
    return f"p50 {times[len(times) // 2] * 1e3:.2f} ms, worst {times[-1] * 1e3:.2f} ms of {len(times)} requests"


# JSON Schema cannot say what a CSV text or a tensor of the right size is: that all valid data is accepted is left out.
def check_api(options, model):
    if not options.schemathesis:
        return
    # beside what it takes for a refusal itself: a shape of more rows than one request may have is too large
    (options.folder / "schemathesis.toml").write_text(
        "[checks.negative_data_rejection]\nexpected-statuses = [400, 404, 405, 406, 413, 415, 422]\n")
    with serving(options, model) as server:
        result = subprocess.run([options.schemathesis, "run", f"{server.url}openapi.json", "--max-examples",
                                 str(options.examples), "--seed", "1", "--no-color", "--exclude-checks", "positive_data_acceptance"], capture_output=True, text=True,
                                cwd=options.folder)
        (options.folder / "schemathesis.log").write_text(result.stdout + result.stderr)
        told = re.search(r"(\d+) generated.*", result.stdout)
        say("schemathesis", result.returncode == 0 and server.process.poll() is None,
            f"test cases: {told[0]}" if told else "did not run")


def check_idle(options, model):
    with serving(options, model) as server:
        alone = times_of(server)
        before = server.memory()
        clients = [connect(server) for _ in range(options.idle)]
        times = times_of(server)
        more = server.memory() - before
        say("idle connections", times[-1] < 1, f"{len(clients)} open, {more:.1f} MiB more; {told_times(times)}; "
            f"alone {told_times(alone)}")
        for client in clients:
            client.close()


def check_slow(options, model):
    with serving(options, model) as server:
        clients, text = [connect(server) for _ in range(300)], request_bytes()
        begin = time.monotonic()
        times = []
        for k in range(9):
            for client in clients:
                client.send(text[k:k + 1])
            times += times_of(server, 50)
            time.sleep(max(0, begin + k + 1 - time.monotonic()))
        answers = [everything(client) for client in clients]
        refused = sum(answer.startswith(b"HTTP/1.1 408 ") for answer in answers)
        say("a byte a second", refused == len(clients) and max(times) < 1,
            f"{refused} of {len(clients)} refused with 408 after {time.monotonic() - begin:.0f} s; "
            f"meanwhile {told_times(sorted(times))}")


def check_half_closed(options, model):
    with serving(options, model) as server:
        status, expected = server.ask()
        whole, half, silent = ([connect(server) for _ in range(200)] for _ in range(3))
        for client in whole:
            client.sendall(request_bytes())
        for client in half:
            client.sendall(request_bytes()[:-5])
        for client in (*whole, *half, *silent):
            client.shutdown(socket.SHUT_WR)
        right = sum(everything(client).endswith(expected) for client in whole)
        told = sum(everything(client).startswith(b"HTTP/1.1 400 ") for client in half)
        closed = sum(everything(client) == b"" for client in silent)
        say("half-closed clients", status == 200 and right == told == closed == 200 and server.ask()[0] == 200,
            f"{right} of 200 whole requests answered, {told} of 200 halves refused, {closed} of 200 silent ones closed")


class Load:
    """Clients that ask one request after the other, each answer compared with those that are right."""

    def __init__(self, server, right, clients=8):
        self.server, self.right = server, right
        self.counts, self.wrong, self.lost, self.refused = dict.fromkeys(right, 0), 0, 0, 0
        self.going, self.lock = True, threading.Lock()
        self.threads = [threading.Thread(target=self.run) for _ in range(clients)]
        for thread in self.threads:
            thread.start()

    def count(self, what, key=None):
        with self.lock:
            if key is not None:
                self.counts[key] += 1
            else:
                setattr(self, what, getattr(self, what) + 1)

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        while self.going:
            try:
                if connection.sock is None:
                    connection.connect()
            except ConnectionRefusedError:
                self.count("refused")  # the client knows that nobody took its request
                return
            try:
                status, body = self.server.ask(connection=connection)
                self.count("wrong") if status != 200 or body not in self.right else self.count("", body)
            except (OSError, http.client.HTTPException):
                self.count("lost")
                connection.close()

    def end(self):
        self.going = False
        for thread in self.threads:
            thread.join()
        return sum(self.counts.values())


def check_reload(options, model, other):
    file = options.folder / "changing.safetensors"
    answers = []
    for each in (model, other):
        with serving(options, each) as server:
            answers.append(server.ask()[1].replace(b'"model":"' + each.stem.encode(), b'"model":"changing'))
    shutil.copy(model, file)
    with serving(options, file) as server:
        load = Load(server, answers)
        for k in range(9):
            if k % 3 == 2:
                file.write_bytes(b"broken")
            else:
                beside = file.with_suffix(".new")
                shutil.copy((other, model)[k % 3], beside)
                beside.rename(file)
            time.sleep(1.5)
        total = load.end()
        say("models replaced under load", load.wrong == load.lost == 0 and min(load.counts.values()) > 0,
            f"{total} answers, {' and '.join(map(str, load.counts.values()))} of the two models, {load.wrong} wrong, "
            f"{load.lost} lost; three broken files among nine")


def check_burst(options, model):
    rows = b"[" + b",".join([ROW] * 3000) + b"]"
    with serving(options, model, "--queue", "8") as server:
        expected = server.ask(rows)[1]
        results, lock = [], threading.Lock()

        def once():
            status, body = server.ask(rows)
            with lock:
                results.append(200 if status == 200 and body == expected else status if status == 429 else 0)

        threads = [threading.Thread(target=once) for _ in range(200)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        answered, refused = results.count(200), results.count(429)
        say("a burst past the queue", answered + refused == 200 and answered >= 8 and refused > 0,
            f"200 requests of 3000 rows at once: {answered} answered, {refused} told to come again")


def check_stop(options, model):
    with serving(options, model) as server:
        expected = server.ask()[1]
        load = Load(server, [expected], clients=16)
        time.sleep(2)
        code = server.stop()
        total = load.end()
        say("SIGTERM under load", code == 0 and load.wrong == load.lost == 0,
            f"{total} answers, {load.wrong} wrong, {load.lost} lost, exit code {code}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("neurone")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--schemathesis")
    parser.add_argument("--examples", type=int, default=200)
    parser.add_argument("--idle", type=int, default=10_000)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    options.folder = options.folder.resolve()
    options.neurone = pathlib.Path(options.neurone).resolve()
    options.schemathesis = options.schemathesis and pathlib.Path(options.schemathesis).absolute()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    model, other = train(options, "model"), train(options, "other", "--seed", "2")
    check_api(options, model)
    check_half_closed(options, model)
    check_burst(options, model)
    check_stop(options, model)
    check_reload(options, model, other)
    check_slow(options, model)
    check_idle(options, model)
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
