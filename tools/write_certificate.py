#!/usr/bin/env python3
"""Fits NIST's certified regressions with examples/certificate, prints a JSON line for each run, and writes the table of
docs/certified.md anew. Usage: write_certificate.py PROGRAM. Exits 1 when a start of NIST's misses the digits wanted."""

import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "certified.md"
BEGIN, END = "<!-- the table, by make certificate -->\n", "<!-- end of the table -->\n"


def table_of(runs):
    lines = [
        "| set | start | iterations | sum of squares | its digits | digits of the parameters | of their standard errors |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in dict.fromkeys(run["set"] for run in runs):
        mine = [run for run in runs if run["set"] == name]
        for run in mine:
            if run["start"].startswith("NIST"):
                digits, errors = (" ".join(map(str, run[key])) for key in ("digits", "digits_of_errors"))
                lines.append(
                    f"| {name} | {run['start']} | {run['iterations']} | {run['sum_of_squares']:.10e} "
                    f"| {run['digits_of_sum']} | {digits} | {errors} |"
                )
        random = [run for run in mine if run["start"].startswith("random")]
        arrived = [run for run in random if not run.get("diverged") and run["digits_of_sum"] >= 6]
        lines.append(f"| {name} | random | | {len(arrived)} of {len(random)} arrive | | | |")
    return "\n".join(lines) + "\n"


def main():
    done = subprocess.run([sys.argv[1], str(ROOT / "data" / "nist"), "--json"], capture_output=True, text=True)
    sys.stdout.write(done.stdout)
    sys.stderr.write(done.stderr)
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    runs = [json.loads(line) for line in done.stdout.splitlines()]
    PAGE.write_text(before + BEGIN + table_of(runs) + END + after, encoding="utf-8")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
