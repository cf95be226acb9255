"""Influence and cross-validated scores by other software: statsmodels refits, scikit-learn scores.

Needs statsmodels, scikit-learn, pandas, numpy, and the project's command line for the folds (which are random, and
belong to the project's seed):

    cargo build --release -p standfirm-cli
    python3 crate/standfirm/tests/reference/robustness.py target/release/standfirm

Writes influence.json and validation.json beside itself. A coefficient beyond 15 on a standardised column means that
Newton's method runs away, as outcomes are separated: such refits are left out of influence.json, and counted.
"""

import json
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.api as sm
from sklearn.metrics import brier_score_loss, confusion_matrix, log_loss

warnings.simplefilter("ignore")
HERE = Path(__file__).parent
DATA = pd.read_csv(HERE.parents[3] / "data" / "episodes.csv")
OUTCOMES = ["standoff", "concession", "imposition"]  # the base outcome first
CONTROLS = ("t_gdp s_gdp cinc_ratio ln_distance sender_usa post_coldwar is_security is_econ is_hrts financial "
            "targeted institution past_success multiple").split()


def complete(explanation, dependence):
    names = ["outcome", explanation, dependence, "sender_regime", *CONTROLS]
    return DATA.dropna(subset=names).reset_index(drop=True)


def columns(data, explanation, dependence, at=None, regime=True):
    """The model matrix, `at` replacing values."""
    data = data.assign(**(at or {}))
    x = {"const": np.ones(len(data)), "dependence": data[dependence]}
    if regime and explanation == "target_regime":
        for level in ["democracy", "nonpersonalist"]:
            x[level] = (data[explanation] == level).astype(float)
            x[f"{level}:dependence"] = x[level] * data[dependence]
    elif regime:
        x["index"] = data[explanation]
        x["index:dependence"] = data[explanation] * data[dependence]
    for name in CONTROLS:
        x[name] = data[name]
    for level in ["nonpersonalist", "personalist"]:
        x[f"sender:{level}"] = (data["sender_regime"] == level).astype(float)
    return pd.DataFrame({name: np.asarray(value, dtype=float) for name, value in x.items()})


class Fit:
    """MNLogit on standardised columns, constants left out."""

    def __init__(self, data, x):
        self.names = [name for name in x if name == "const" or x[name].nunique() > 1]
        x = x[self.names]
        self.mean, self.scale = x.mean(), x.std(ddof=0)
        self.mean["const"], self.scale["const"] = 0.0, 1.0
        y = data["outcome"].map(OUTCOMES.index)
        model = sm.MNLogit(y.to_numpy(), self.standardised(x).to_numpy())
        self.fit = model.fit(method="newton", maxiter=40, tol=1e-13, disp=False)
        self.params = pd.DataFrame(np.asarray(self.fit.params), index=self.names, columns=OUTCOMES[1:])
        self.separated = bool((self.params.abs() > 15).to_numpy().any())

    def standardised(self, x):
        return (x[self.names] - self.mean) / self.scale

    def probabilities(self, x):
        return np.asarray(self.fit.model.predict(np.asarray(self.fit.params), self.standardised(x).to_numpy()))

    def coefficient(self, name):
        return float(self.params.loc[name, "concession"] / self.scale[name])


def influence(explanation, dependence):
    data = complete(explanation, dependence)
    high = float(np.quantile(data[dependence], 0.9))
    if explanation == "target_regime":
        ends, interaction = ["democracy", "personalist"], "democracy:dependence"
    else:
        ends, interaction = [0.0, 1.0], "index:dependence"

    def found(data):
        fit = Fit(data, columns(data, explanation, dependence))
        if fit.separated:
            return None
        at = [columns(data, explanation, dependence, {explanation: end, dependence: high}) for end in ends]
        other, personalist = (fit.probabilities(x)[:, 1].mean() for x in at)
        return {"interaction": fit.coefficient(interaction), "effect": float(personalist - other)}

    result = {"n": len(data), "high": high, "whole": found(data), "left_out": {}, "separated": 0}
    for by, column in [("target", "target"), ("sender", "sender"), ("year", "year"), ("episode", "caseid")]:
        refits = {}
        for key, rows in data.groupby(column):
            one = found(data.drop(rows.index).reset_index(drop=True))
            if one is None:
                result["separated"] += 1
            else:
                refits[str(int(key))] = one
        result["left_out"][by] = refits
    return result


def validation(command, key, clusters, explanation, dependence):
    run = subprocess.run([command, "validate", "--model", key, "--by", clusters, "--json"],
                         check=True, capture_output=True, text=True)
    ours = json.loads(run.stdout)
    folds = {one["caseid"]: one["fold"] for one in ours["episodes"]}
    data = complete(explanation, dependence)
    data = data[data["caseid"].isin(folds)].reset_index(drop=True)
    fold = data["caseid"].map(folds).to_numpy()
    y = data["outcome"].map(OUTCOMES.index).to_numpy()
    hot = np.eye(3)[y]

    def scored(regime, cross):
        p = np.zeros((len(data), 3))
        for held in (np.unique(fold) if cross else [None]):
            train = data[fold != held] if cross else data
            test = fold == held if cross else np.ones(len(data), dtype=bool)
            if regime is None:
                p[test] = [(train["outcome"] == outcome).mean() for outcome in OUTCOMES]
            else:
                x = columns(train, explanation, dependence, regime=regime)
                p[test] = Fit(train, x).probabilities(columns(data[test], explanation, dependence, regime=regime))
        floored = np.maximum(p[np.arange(len(y)), y], 1e-6)
        # scikit-learn's log loss takes rows that sum to one: of what happened, and of everything else.
        log = log_loss(np.ones(len(y)), np.column_stack([1 - floored, floored]), labels=[0, 1])
        return p, {
            "log": float(log),
            "brier": float(sum(brier_score_loss(hot[:, j], p[:, j]) for j in range(3))),
            "accuracy": float((p.argmax(axis=1) == y).mean()),
            # In the project's order of outcomes: concession, imposition, standoff.
            "confusion": confusion_matrix(y, p.argmax(axis=1), labels=[1, 2, 0]).tolist(),
        }, -np.log(floored), ((p - hot) ** 2).sum(axis=1)

    group = data[["target"] if clusters == "target" else ["sender", "target"]].apply(tuple, axis=1)
    result = {"clusters": clusters, "n": len(data), "folds": {str(k): v for k, v in folds.items()}}
    for name, cross in [("in_sample", False), ("cross_validated", True)]:
        made = {label: scored(regime, cross)
                for label, regime in [("model", True), ("without_regime", False), ("shares", None)]}
        differences = []
        for score, at in [("log", 2), ("brier", 3)]:
            for against in ["without_regime", "shares"]:
                d = made["model"][at] - made[against][at]
                # The mean as a regression on a constant, clustered: statsmodels' own sandwich. Its factor
                # G/(G-1) (n-1)/(n-1) is the project's.
                ols = sm.OLS(d, np.ones(len(d))).fit(cov_type="cluster",
                                                     cov_kwds={"groups": pd.factorize(group)[0]})
                differences.append({"score": score, "against": against, "estimate": float(ols.params[0]),
                                    "std_error": float(ols.bse[0])})
        result[name] = {"scores": {label: one[1] for label, one in made.items()}, "differences": differences}
    return result


if __name__ == "__main__":
    command = sys.argv[1]
    found = {"index:trade_share": influence("personalist_index", "ln_trade_share"),
             "regime:trade_share": influence("target_regime", "ln_trade_share")}
    (HERE / "influence.json").write_text(json.dumps(found, indent=0) + "\n")
    found = {"index:trade_share": validation(command, "index:trade_share", "target",
                                             "personalist_index", "ln_trade_share"),
             "regime:trade_share": validation(command, "regime:trade_share", "dyad",
                                              "target_regime", "ln_trade_share")}
    (HERE / "validation.json").write_text(json.dumps(found, indent=0) + "\n")
