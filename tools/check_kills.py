#!/usr/bin/env python3
"""Kills training runs again and again and resumes each: check_kills.py NEURONE [--kills 1000] [--seed 1]

A run with --checkpoint is killed (SIGKILL) at a random time, often while it writes a checkpoint, the model or the page,
and goes on by --resume until it is killed again or ends. A run has up to 8 kills behind it when it ends. Its model has to
be the one of a run that nobody disturbed, byte for byte; after each kill the checkpoint, the model and the page are there
whole or not at all; and at the end nothing is left over. Prints the counts; exit code 1 where a file was lost.
"""

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NAMES = {"table.csv", "c", "m.safetensors", "m.html"}
MOST_KILLS = 8  # of one run


def write_table(path):
    rng = random.Random(5)
    lines = ["x,z,colour,y"]
    for _ in range(120):
        x, z = rng.uniform(-2, 2), rng.uniform(0, 5)
        lines.append(f"{x:.4f},{z:.4f},{rng.choice(['red', 'green', 'blue'])},{x * x - z + rng.gauss(0, 0.1):.4f}")
    path.write_text("\n".join(lines) + "\n")


class Run:
    """The command in a folder."""

    def __init__(self, neurone, folder, epochs):
        self.folder = folder
        self.first = [neurone, "train", "table.csv", "--target", "y", "--hidden", "16", "--ensemble", "2",
                      "--epochs", str(epochs), "--checkpoint", "c", "--output", "m.safetensors", "--quiet",
                      "--threads", "1", "--no-rows"]
        self.again = [neurone, "train", "--resume", "c", "--quiet", "--threads", "1"]

    def start(self):
        words = self.again if (self.folder / "c").exists() else self.first
        return subprocess.Popen(words, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def clear(self):
        for path in self.folder.iterdir():
            if path.name != "table.csv":
                path.unlink()


def page_without_seconds(path):
    return path.read_bytes() if path.exists() else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("neurone")
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=20)
    options = parser.parse_args()
    neurone = str(Path(options.neurone).resolve())
    rng = random.Random(options.seed)

    with tempfile.TemporaryDirectory(prefix="neurone-kills-") as name:
        folder = Path(name)
        write_table(folder / "table.csv")
        run = Run(neurone, folder, options.epochs)
        began = time.monotonic()
        process = run.start()
        errors = process.communicate()[1]
        seconds = time.monotonic() - began
        if process.returncode != 0:
            sys.exit(f"check_kills: the undisturbed run failed: {errors.decode()}")
        expected = {each: (folder / each).read_bytes() for each in ("m.safetensors", "m.html")}

        kills = finished = lost = leftovers = left_by_kills = 0
        during = 0  # kills that left a temporary file: they came while one was written
        while kills < options.kills:
            run.clear()
            disturbances = rng.randint(1, MOST_KILLS)
            while True:
                process = run.start()
                if disturbances > 0 and kills < options.kills:
                    time.sleep(rng.uniform(0, 1.1 * seconds))
                    killed = process.poll() is None
                    if killed:
                        process.send_signal(signal.SIGKILL)
                    errors = process.communicate()[1]
                    if killed:
                        kills += 1
                        disturbances -= 1
                        temporaries = [each for each in folder.iterdir() if each.name.startswith(".neurone-")]
                        during += bool(temporaries)
                        left_by_kills += len(temporaries)
                        for each, whole in expected.items():
                            if (folder / each).exists() and (folder / each).read_bytes() != whole:
                                lost += 1
                                print(f"check_kills: {each} is not whole after kill {kills}")
                        continue
                else:
                    errors = process.communicate()[1]
                if process.returncode != 0:
                    lost += 1
                    print(f"check_kills: after kill {kills} the run cannot go on: {errors.decode().strip()}")
                break
            finished += 1
            for each, whole in expected.items():
                if not (folder / each).exists() or (folder / each).read_bytes() != whole:
                    lost += 1
                    print(f"check_kills: after kill {kills} {each} is another than of the undisturbed run")
            others = {each.name for each in folder.iterdir()} - NAMES
            leftovers += len(others)
            if others:
                print(f"check_kills: left over after run {finished}: {', '.join(sorted(others))}")
        print(f"kills: {kills}, of which {during} while a file was written; {finished} runs resumed to the end, "
              f"the same bytes; files lost: {lost}, left over: {leftovers}; {time.monotonic() - began:.0f} s")
        sys.exit(1 if lost or leftovers else 0)


if __name__ == "__main__":
    main()
