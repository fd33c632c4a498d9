#!/usr/bin/env python3
"""The coefficients of neurone/math/number_format.h: polynomials that are nearest to a function in the largest
weighted error (Remez's exchange), computed with mpmath (PyPI) and printed as C++ literals.

    python3 tools/minimax.py
"""

from mpmath import mp, mpf, log, sqrt, cos, pi, matrix, lu_solve, expm1, atanh

mp.dps = 60


def minimax(function, weight, low, high, terms):
    """c with the smallest max |weight(x) (Σ c_k x^k − function(x))| on [low, high]; returns c and that error."""
    low, high = mpf(low), mpf(high)
    points = [(low + high) / 2 - (high - low) / 2 * cos(pi * i / terms) for i in range(terms + 1)]
    for _ in range(12):
        # solve for the polynomial whose weighted error is ± e at the points in turn
        A = matrix(terms + 1, terms + 1)
        b = matrix(terms + 1, 1)
        for i, x in enumerate(points):
            for k in range(terms):
                A[i, k] = x**k
            A[i, terms] = (-1) ** i / weight(x)
            b[i] = function(x)
        solution = lu_solve(A, b)
        c = [solution[k] for k in range(terms)]

        def error(x):
            return weight(x) * (sum(each * x**k for k, each in enumerate(c)) - function(x))

        # move the points to where the error is largest between its zeros
        grid = [low + (high - low) * i / 2000 for i in range(2001)]
        values = [error(x) for x in grid]
        peaks, best = [], 0
        for i in range(1, len(grid)):
            if values[i] * values[best] < 0:
                peaks.append(grid[best])
                best = i
            elif abs(values[i]) > abs(values[best]):
                best = i
        peaks.append(grid[best])
        if len(peaks) != terms + 1:
            break
        points = peaks
    return c, max(abs(v) for v in values)


def safe(f, x, at_zero):
    return at_zero if abs(x) < mpf(10) ** -25 else f(x)


def show(name, c, error, digits):
    print(f"{name}, largest weighted error {mp.nstr(error, 3)}")
    print("  {" + ", ".join(mp.nstr(each, digits, strip_zeros=False) for each in c) + "}")


half = log(2) / 2 * mpf("1.0001")


def curved(x):  # (e^x − 1 − x) / x²
    return safe(lambda x: (expm1(x) - x) / x**2, x, mpf(1) / 2)


def bent(z):  # (2 atanh √z − 2 √z) / (z √z), which is 2/3 + 2/5 z + …
    return safe(lambda z: (2 * atanh(sqrt(z)) - 2 * sqrt(z)) / (z * sqrt(z)), z, mpf(2) / 3)


furthest = ((sqrt(2) - 1) / (sqrt(2) + 1)) ** 2 * mpf("1.0001")
for precision, terms, digits in (("float", 5, 12), ("double", 10, 20)):
    show(f"exp, {precision}", *minimax(curved, lambda x: mpf(1), -half, half, terms), digits)
for precision, terms, digits in (("float", 4, 12), ("double", 7, 20)):
    show(f"log, {precision}", *minimax(bent, lambda z: mpf(1), 0, furthest, terms), digits)
print("ln 2:", mp.nstr(log(2), 25))
