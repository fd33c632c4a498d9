#!/usr/bin/env python3
"""The table of a JSON file that run.py wrote: of each contestant the settings with the best median time."""

import json
import pathlib
import statistics
import sys

import works

HEAD = ("", "best settings", "threads", "time", "ratio", "on test data", "ceiling")


def time_text(seconds):
    for unit, name in ((1, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if seconds >= unit:
            break
    return f"{seconds / unit:.3g} {name}"


def median(row):
    return statistics.median(row["seconds"])


def best_rows(rows):
    """Of one work: the best row of each contestant, the fastest first."""
    best = {}
    for row in sorted(rows, key=median):
        best.setdefault(row["who"], row)
    return list(best.values())


def share_of_ceiling(row, ceiling):
    """Arithmetic of the products a second, as a share of what that many threads can do at most."""
    work = next(each for each in works.WORKS if each.name == row["work"])
    return work.flops() / median(row) / (statistics.median(ceiling) * row["threads"])


def cells(row, neurone, ceiling):
    metric = f"{row['metric_name'].removeprefix('test ')} {statistics.median(row['metric']):.4f}"
    ratio = f"{median(row) / median(neurone):.2f}" if neurone else ""
    share = f"{share_of_ceiling(row, ceiling):.0%}" if row["who"] == "neurone" else ""
    settings = row["settings"] or "–"
    return (row["who"], settings, str(row["threads"]), time_text(median(row)), ratio, metric, share)


def table(results):
    """Markdown, columns aligned."""
    lines = [HEAD]
    for work in works.WORKS:
        best = best_rows([row for row in results["rows"] if row["work"] == work.name])
        neurone = next((row for row in best if row["who"] == "neurone"), None)
        if best:
            lines.append((f"**{work.name}**",) + ("",) * (len(HEAD) - 1))
        for row in best:
            lines.append(cells(row, neurone, results["ceilings"][work.name]))
    widths = [max(map(len, column)) for column in zip(*lines)]
    lines.insert(1, tuple("-" * width for width in widths))
    rows = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |" for line in lines]
    return "\n".join(rows + footnotes(results))


def footnotes(results):
    about = results["about"]
    ceiling = statistics.median(sum(results["ceilings"].values(), []))
    notes = [f"\nTime of an epoch or a prediction: the median of {about['rounds']} rounds. Ratio: to neurone's time. "
             f"Ceiling: share of\n{ceiling / 1e9:.0f} GFLOP/s a thread ({about['instructions']})."]  # fmt: skip
    for each in results["failures"]:
        notes.append(f"FAILED in round {each['round']}: {each['work']}, {each['who']}, {each['settings']}, "
                     f"threads={each['threads']}: {each['error']}")  # fmt: skip
    return notes


if __name__ == "__main__":
    print(table(json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))))
