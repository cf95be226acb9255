"""Combinations of the multiverse by other software: statsmodels' MNLogit, covariances and derivatives by numpy.

Needs statsmodels, pandas, numpy, and the project's command line for the list of combinations:

    cargo build --release -p standfirm-cli
    python3 crate/standfirm/tests/reference/multiverse.py target/release/standfirm

Writes multiverse.json beside itself: every 1994th combination, where the project could estimate it, its frame built here
from data/episodes.csv and the names of its choices alone. Standard errors of the effect are by the delta method with
complex-step derivatives. Where a column moves a linear predictor by more than 12 over its range, or over six of its
standard deviations where that is less (the capability ratio's range is that of a few episodes), Newton's method runs away
with it, as it separates the outcomes: `separated`, and standard errors are then good to some digits only. With --time it
says instead how many such models statsmodels fits in a second, beside the project on one thread.
"""

import json
import subprocess
import sys
import time
import warnings
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.api as sm

warnings.simplefilter("ignore")
HERE = Path(__file__).parent
DATA = pd.read_csv(HERE.parents[3] / "data" / "episodes.csv")
OUTCOMES = ["standoff", "concession", "imposition"]  # the base outcome first
GROUPS = {
    "economic": ["t_gdp", "s_gdp"],
    "power": ["cinc_ratio", "ln_distance"],
    "issue": ["is_security", "is_econ", "is_hrts"],
    "sanction": ["financial", "targeted", "institution"],
    "history": ["past_success", "multiple", "post_coldwar"],
    "sender": ["sender_usa", "sender_regime"],
}
SCALES = {"log": lambda share: np.log1p(1000 * share), "root": np.sqrt, "share": lambda share: share}
READINGS = {
    "gaps": {"missing": {"financial": "financial_coded", "targeted": "targeted_coded"}},
    "cinc": {"share": {"cinc_ratio": "cinc_share"}, "log": {"cinc_ratio": "ln_cinc_ratio"}},
    "multiple": {"any": {"multiple": "multiple_any"}, "years": {"multiple": "multiple_years"}},
    "sizes": {"levels": {"t_gdp": "t_gdp_level", "s_gdp": "s_gdp_level", "ln_distance": "distance"}},
    "regime": {"rest": {"sender_regime": "sender_regime_rest_democracy"}},
}
# In units that keep the numbers small; estimates of an effect do not depend on them.
DATA["t_gdp_level"], DATA["s_gdp_level"] = np.exp(DATA.t_gdp) / 1e9, np.exp(DATA.s_gdp) / 1e9
DATA["distance"] = np.exp(DATA.ln_distance) / 1e3
HIGH = {
    "p90": lambda d: np.quantile(d, 0.9), "p75": lambda d: np.quantile(d, 0.75), "p95": lambda d: np.quantile(d, 0.95),
    "max": np.max, "sd": lambda d: np.mean(d) + np.std(d, ddof=1),
}
YEARS = {"coldwar": (1945, 1989), "after": (1990, 2005)}


def frame(row):
    """The complete cases of a combination: outcome, explanation, dependence, controls."""
    data = DATA
    if row.sample == "usa":
        data = data[data.sender_usa == 1]
    elif row.sample == "others":
        data = data[data.sender_usa == 0]
    elif row.sample in YEARS:
        data = data[data.year.between(*YEARS[row.sample])]
    explanation = {"index": "personalist_index", "carried": "personalist_index_carried", "types": "target_regime",
                   "rest": "target_regime_rest_democracy"}
    read = {}
    for dimension, ways in READINGS.items():
        read |= ways.get(getattr(row, dimension), {})
    share = row.measure + ("_lag" if row.lag == "before" else "")
    left_out = sum(GROUPS.values(), []) if row.controls == "none" else GROUPS.get(row.controls, [])
    controls = [name for name in sum(GROUPS.values(), []) if name not in left_out]
    data = pd.DataFrame({
        "y": data["outcome_strict" if row.outcome == "strict" else "outcome"],
        "x": data[explanation[row.regime]],
        "d": SCALES[row.scale](data[share]),
        "target": data.target,
        "dyad": data.sender * 1000 + data.target,
        **{name: data[read.get(name, name)] for name in controls},
    }).dropna()
    return data.reset_index(drop=True), controls


def matrix(data, controls, regime, names=None, **at):
    data = data.assign(**at)
    columns = {"const": np.ones(len(data)), "d": data.d}
    if regime in ("types", "rest"):
        for level in ["democracy", "nonpersonalist"]:
            columns[level] = (data.x == level).astype(float)
            columns[level + ":d"] = columns[level] * data.d
    else:
        columns |= {"x": data.x, "x:d": data.x * data.d}
    for name in controls:
        if name == "sender_regime":
            for level in ["nonpersonalist", "personalist"]:
                columns["sender:" + level] = (data[name] == level).astype(float)
        else:
            columns[name] = data[name]
    x = pd.DataFrame({name: np.asarray(value, float) for name, value in columns.items()})
    return x if names is None else x[names]


def probabilities(x, b):
    """`b`: columns by equations, maybe complex."""
    e = np.exp(np.column_stack([np.zeros(len(x)), x @ b]))
    return e / e.sum(axis=1, keepdims=True)


def covariance(x, y, b, kind, data):
    p = probabilities(x, b)[:, 1:]
    n, k = x.shape
    scores = np.hstack([x * (np.equal(y, j + 1) - p[:, j])[:, None] for j in range(2)])
    information = np.block([[(x * (p[:, i] * ((i == j) - p[:, j]))[:, None]).T @ x for j in range(2)] for i in range(2)])
    bread = np.linalg.inv(information)
    if kind == "observed":
        return bread
    if kind == "hc1":
        return bread @ (scores.T @ scores) @ bread * n / (n - 2 * k)
    sums = pd.DataFrame(scores).groupby(data[kind].to_numpy()).sum().to_numpy()
    return bread @ (sums.T @ sums) @ bread * len(sums) / (len(sums) - 1)


def fitted(x, y):
    """Newton on columns of mean 0 and deviation 1; back in the units of `x`."""
    mean, scale = x[:, 1:].mean(axis=0), x[:, 1:].std(axis=0)
    z = np.column_stack([np.ones(len(x)), (x[:, 1:] - mean) / scale])
    fit = sm.MNLogit(y, z).fit(method="newton", maxiter=60, tol=1e-13, disp=False)
    b = np.array(fit.params)
    b[1:] /= scale[:, None]
    width = np.minimum(np.ptp(x[:, 1:], axis=0), 6 * scale)
    separated = bool((np.abs(b[1:]) * width[:, None] > 12).any())
    b[0] -= mean @ b[1:]
    return b, separated


def effect(row):
    data, controls = frame(row)
    x = matrix(data, controls, row.regime)
    names = [name for name in x if name == "const" or x[name].nunique() > 1]
    y = data.y.map(OUTCOMES.index).to_numpy()
    b, separated = fitted(x[names].to_numpy(), y)
    high = float(HIGH[row.high](data.d))
    ends = ["democracy", "personalist"] if row.regime in ("types", "rest") else [0.0, 1.0]
    at = [matrix(data, controls, row.regime, names, x=end, d=high).to_numpy() for end in ends]

    def difference(b):
        other, personalist = (probabilities(x, b)[:, 1].mean() for x in at)
        return personalist - other

    gradient = np.zeros(b.size)
    for position in range(b.size):
        step = b.astype(complex)
        step[position % len(b), position // len(b)] += 1e-30j
        gradient[position] = difference(step).imag / 1e-30
    def std_error(kind):
        variance = gradient @ covariance(x[names].to_numpy(), y, b, kind, data) @ gradient
        # What Newton's method ran away with may leave no information to invert.
        return float(np.sqrt(variance)) if variance > 0 else None

    return {"n": len(data), "separated": separated, "estimate": float(difference(b)),
            "std_errors": {kind: std_error(kind) for kind in ["observed", "hc1", "target", "dyad"]}}


def ours(command, *options):
    run = subprocess.run([command, "multiverse", "--csv", *options], check=True, capture_output=True, text=True)
    return pd.read_csv(StringIO(run.stdout))


if __name__ == "__main__":
    command = sys.argv[1]
    found = ours(command)
    if "--time" in sys.argv:
        started = time.perf_counter()
        ours(command, "--threads", "1")
        speed = len(found) / (time.perf_counter() - started)
        some = found[found.estimate.notna()].iloc[::61]
        started = time.perf_counter()
        for row in some.itertuples():
            effect(row)
        theirs = len(some) / (time.perf_counter() - started)
        print(f"{speed:.0f} models a second here on one thread, {theirs:.1f} in statsmodels: {speed / theirs:.0f} times")
    else:
        reference = []
        some = found.iloc[::1994]
        for row in some[some.estimate.notna()].itertuples():
            theirs = effect(row)
            if all(theirs["std_errors"].values()):
                reference.append({"position": int(row.Index), **theirs})
        (HERE / "multiverse.json").write_text(json.dumps(reference, indent=0) + "\n")
