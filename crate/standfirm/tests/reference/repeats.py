"""Cross-validated scores over all ways to make the folds by other software: statsmodels refits, scores by hand.

Needs statsmodels, pandas, numpy, scikit-learn (which robustness.py imports), and the project's command line for the folds,
which are random and belong to the project's seeds:

    cargo build --release -p standfirm-cli
    python3 crate/standfirm/tests/reference/repeats.py target/release/standfirm

Writes repeats.json beside itself: of each way the folds as a text, a digit for each episode of the model in the order of the
table, and what came of it; then the spread over all ways, and what other floors of the log score make of the first.
"""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import statsmodels.api as sm

from robustness import OUTCOMES, Fit, columns, complete

HERE = Path(__file__).parent
SEED, REPEATS, FLOOR = 19_452_005, 50, 1e-6
MODEL, EXPLANATION, DEPENDENCE = "index:trade_share", "personalist_index", "ln_trade_share"


def folds_of(command, seed, data):
    """The fold of each target in the project's run, and with it of each episode; whether it was forecast."""
    run = subprocess.run([command, "validate", "--model", MODEL, "--seed", str(seed), "--repeats", "1", "--json"],
                         check=True, capture_output=True, text=True)
    forecast = {one["caseid"]: one["fold"] for one in json.loads(run.stdout)["episodes"]}
    of_target = {}
    for target, caseid in zip(data["target"], data["caseid"]):
        if caseid in forecast:
            assert of_target.setdefault(target, forecast[caseid]) == forecast[caseid], "a target is in one fold"
    return data["target"].map(of_target).to_numpy(), data["caseid"].isin(forecast).to_numpy()


def forecasts(data, fold, regime):
    """Probabilities of each outcome, made from the other folds."""
    made = np.full((len(data), 3), np.nan)
    for held in np.unique(fold):
        train, test = data[fold != held], fold == held
        if regime is None:
            made[test] = [(train["outcome"] == outcome).mean() for outcome in OUTCOMES]
        else:
            fit = Fit(train, columns(train, EXPLANATION, DEPENDENCE, regime=regime))
            made[test] = fit.probabilities(columns(data[test], EXPLANATION, DEPENDENCE, regime=regime))
    return made


def mean(values, targets):
    """A mean with the standard error that statsmodels gives it, clustered by target."""
    codes = np.unique(targets, return_inverse=True)[1]
    fit = sm.OLS(values, np.ones(len(values))).fit(cov_type="cluster", cov_kwds={"groups": codes})
    return float(fit.params[0]), float(fit.bse[0])


def scored(made, data, use):
    """Differences of the scores, and how the forecasts of the model did."""
    happened = data["outcome"].map(OUTCOMES.index).to_numpy()[use]
    rows, targets = np.arange(use.sum()), data["target"].to_numpy()[use]
    hot = np.eye(3)[happened]
    chances = {name: p[use] for name, p in made.items()}
    log = {name: -np.log(np.maximum(p[rows, happened], FLOOR)) for name, p in chances.items()}
    brier = {name: ((p - hot) ** 2).sum(axis=1) for name, p in chances.items()}
    differences = []
    for score, of in [("log", log), ("brier", brier)]:
        for against in ["without_regime", "shares"]:
            estimate, std_error = mean(of["model"] - of[against], targets)
            differences.append({"score": score, "against": against, "estimate": estimate, "std_error": std_error})
    return {
        "n": int(use.sum()),
        "accuracy": float((chances["model"].argmax(axis=1) == happened).mean()),
        "floored": int((chances["model"][rows, happened] < FLOOR).sum()),
        "differences": differences,
    }, chances, happened


def floors(chances, happened):
    """The log score's differences were forecasts of nearly nothing counted otherwise, and without those episodes."""
    rows = np.arange(len(happened))
    p = {name: one[rows, happened] for name, one in chances.items()}
    found = []
    for floor in [1e-2, 1e-4, FLOOR, 1e-9, None]:
        keep = p["model"] >= FLOOR if floor is None else np.ones(len(happened), dtype=bool)
        score = {name: -np.log(np.maximum(one[keep], floor or FLOOR)).mean() for name, one in p.items()}
        found.append({"floor": floor, "against_without_regime": float(score["model"] - score["without_regime"]),
                      "against_shares": float(score["model"] - score["shares"])})
    return found


def spread(repeats, at):
    every = np.array([one["differences"][at]["estimate"] for one in repeats])
    error = np.array([one["differences"][at]["std_error"] for one in repeats])
    low, median, high = np.quantile(every, [0.025, 0.5, 0.975])
    return {**{key: repeats[0]["differences"][at][key] for key in ["score", "against"]},
            "median": float(median), "low": float(low), "high": float(high), "better": int((every < 0).sum()),
            "surely_better": int((every + 1.959963984540054 * error < 0).sum()),
            "surely_worse": int((every - 1.959963984540054 * error > 0).sum())}


if __name__ == "__main__":
    data = complete(EXPLANATION, DEPENDENCE)
    repeats, first = [], None
    for seed in range(SEED, SEED + REPEATS):
        fold, use = folds_of(sys.argv[1], seed, data)
        made = {"model": forecasts(data, fold, True), "without_regime": forecasts(data, fold, False),
                "shares": forecasts(data, fold, None)}
        one, chances, happened = scored(made, data, use)
        first = first or (chances, happened)
        text = "".join(str(int(one)) for one in fold)
        repeats.append({"seed": seed, "folds": text, **one})
    counts = [int((first[1] == OUTCOMES.index(outcome)).sum()) for outcome in OUTCOMES]
    found = {
        "model": MODEL,
        "repeats": repeats,
        "spreads": [spread(repeats, at) for at in range(4)],
        "floors": floors(*first),
        "commonest": {"outcome": OUTCOMES[int(np.argmax(counts))], "count": max(counts)},
    }
    (HERE / "repeats.json").write_text(json.dumps(found, indent=0) + "\n")
