#!/usr/bin/env python3
"""The study under other choices, from statsmodels: python3 tests/reference/specifications.py

Writes specifications.statsmodels.json beside itself: for each specification, written as the page's address has it,
one model's coefficients with their standard errors, and the average probabilities of concession at high dependence.
What a specification means is written out here once more, in pandas. The model is MNLogit on standardised columns;
robust and clustered covariances are statsmodels' own, without its small-sample factors, times the factor that the
project's documentation states. Standard errors of probabilities are by the delta method, with complex steps.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels
from statsmodels.discrete.discrete_model import MNLogit

FOLDER = Path(__file__).resolve().parent
SOFTWARE = f"statsmodels {statsmodels.__version__}, numpy {np.__version__}, pandas {pd.__version__}"

CONTROLS = [
    "t_gdp", "s_gdp", "cinc_ratio", "ln_distance", "sender_usa", "post_coldwar", "is_security", "is_econ", "is_hrts",
    "financial", "targeted", "institution", "past_success", "multiple", "sender_regime",
]
ISSUE = {"security": "is_security", "economic": "is_econ", "rights": "is_hrts"}

# A specification and one of its models. The last three have nothing but the study's own choices and a covariance.
CASES = [
    ("outcome=strict", "index:trade_share"),
    ("outcome=strict&base=concession", "regime:import_share"),
    ("scale=share", "index:import_share"),
    ("scale=root", "regime:trade_gdp"),
    ("lag=1", "index:trade_gdp"),
    ("lag=1&index=carried", "index:trade_share"),
    ("index=carried", "index:comtrade_import_share"),
    ("senders=usa", "index:trade_share"),
    ("senders=others&without=financial,targeted,institution", "regime:trade_share"),
    ("issues=economic&without=is_hrts,targeted", "regime:trade_share"),
    ("years=1960-1999&without=sender_regime", "index:import_share"),
    ("without=all", "regime:comtrade_import_share"),
    ("without=t_gdp,s_gdp,past_success", "index:trade_share"),
    ("scale=root&lag=1&without=sender_regime&years=1950-2000&errors=hc1", "regime:trade_share"),
    ("errors=hc0", "index:trade_share"),
    ("errors=hc1", "regime:trade_share"),
    ("errors=robust", "index:trade_gdp"),
    ("errors=target", "index:trade_share"),
    ("errors=sender", "regime:trade_share"),
    ("errors=dyad", "index:import_share"),
]


def episodes(choices, key):
    """The sample, with the outcome, `explanation`, `dependence` and controls as the specification has them."""
    data = pd.read_csv(FOLDER / "../../data/episodes.csv", keep_default_na=False, na_values=[""])
    explanation, measure = key.split(":")
    first, last = map(int, choices.get("years", "1945-2005").split("-"))
    data = data[data["year"].between(first, last)]
    if choices.get("senders") == "usa":
        data = data[data["sender"] == 2]
    if choices.get("senders") == "others":
        data = data[data["sender"] != 2]
    if "issues" in choices:
        data = data[data[ISSUE[choices["issues"]]] == 1]
    lag = "_lag" if choices.get("lag") == "1" and not measure.startswith("comtrade") else ""
    share = data[measure + lag]
    scales = {"log": ("ln_dependence", np.log1p(1000 * share)), "root": ("sqrt_dependence", np.sqrt(share)),
              "share": ("dependence", share)}
    dependence, values = scales[choices.get("scale", "log")]
    data = data.assign(**{dependence: values})
    index = "personalist_index" + ("_carried" if choices.get("index") == "carried" else "")
    variable = index if explanation == "index" else "target_regime"
    outcome = "outcome_strict" if choices.get("outcome") == "strict" else "outcome"
    left_out = choices.get("without", "").split(",")
    controls = [] if left_out == ["all"] else [name for name in CONTROLS if name not in left_out]
    while True:
        complete = data.dropna(subset=[outcome, variable, dependence, *controls]).reset_index(drop=True)
        constant = [name for name in controls if complete[name].nunique() == 1]
        if not constant:
            return complete, outcome, variable, dependence, controls
        controls.remove(constant[0])


def levels(data, variable, base):
    found = sorted(data[variable].unique())
    return [level for level in found if level != base]


def matrix(data, known, variable, dependence, controls):
    """The model matrix under the project's names; levels are those of `known`."""
    columns = {"(Intercept)": np.ones(len(data))}
    if variable == "target_regime":
        explained = {f"{variable}[{level}]": (data[variable] == level) * 1.0
                     for level in levels(known, variable, "personalist")}
    else:
        explained = {variable: data[variable]}
    columns |= explained | {dependence: data[dependence]}
    for name in controls:
        if name == "sender_regime":
            columns |= {f"{name}[{level}]": (data[name] == level) * 1.0 for level in levels(known, name, "democracy")}
        else:
            columns[name] = data[name].astype(float)
    columns |= {f"{name}:{dependence}": values * data[dependence] for name, values in explained.items()}
    return pd.DataFrame(columns)


def covariance(model, choice, data, parameters):
    """That of the standardised parameters, equation by equation."""
    groups = {
        "target": data["target"], "sender": data["sender"],
        "dyad": data["sender"].astype(str) + "-" + data["target"].astype(str),
    }
    plain = {"use_correction": False, "df_correction": False}
    fit = lambda **how: model.fit(start_params=parameters.ravel("F"), method="newton", maxiter=50, tol=1e-12, disp=0, **how)
    n, k = len(data), parameters.size
    if choice == "observed":
        return np.linalg.inv(-model.hessian(parameters.ravel("F")))
    if choice in groups:
        codes = groups[choice].astype("category").cat.codes.to_numpy()
        clusters = codes.max() + 1
        found = fit(cov_type="cluster", cov_kwds={"groups": codes} | plain)
        return found.cov_params_default * clusters / (clusters - 1)
    factor = {"hc0": 1, "hc1": n / (n - k), "robust": n / (n - 1)}[choice]
    return fit(cov_type="HC0").cov_params_default * factor


def probabilities(X, parameters):
    odds = np.exp(np.column_stack([np.zeros(len(X)), X @ parameters]))
    return odds / odds.sum(axis=1, keepdims=True)


def run(text, key):
    choices = dict(part.split("=") for part in text.split("&"))
    data, outcome, variable, dependence, controls = episodes(choices, key)
    base = choices.get("base", "standoff")
    outcomes = [base] + sorted(set(data[outcome]) - {base})
    raw = matrix(data, data, variable, dependence, controls)
    mean, scale = raw.mean().to_numpy(copy=True), raw.std(ddof=0).to_numpy(copy=True)
    mean[0], scale[0] = 0, 1
    X = ((raw - mean) / scale).to_numpy()
    model = MNLogit(data[outcome].map(outcomes.index).to_numpy(), X)
    found = model.fit(method="newton", maxiter=100, tol=1e-12, ridge_factor=0, disp=0)
    parameters = np.asarray(found.params)
    V = np.asarray(covariance(model, choices.get("errors", "observed"), data, parameters))

    back = np.diag(1 / scale)
    back[0, 1:] = -mean[1:] / scale[1:]
    all_back = np.kron(np.eye(len(outcomes) - 1), back)
    estimates = all_back @ parameters.ravel("F")
    errors = np.sqrt(np.diag(all_back @ V @ all_back.T))
    assert np.isfinite(errors).all() and errors.max() < 1e3, "separated: take another case"
    names = [(equation, term) for equation in outcomes[1:] for term in raw.columns]
    coefficients = [{"outcome": name[0], "term": name[1], "estimate": one, "std_error": error}
                    for name, one, error in zip(names, estimates, errors)]

    high = float(np.quantile(data[dependence], 0.9))
    predictions = []
    for value in ["personalist", "nonpersonalist", "democracy"] if variable == "target_regime" else [0.0, 1.0]:
        there = matrix(data.assign(**{variable: value, dependence: high}), data, variable, dependence, controls)
        there = ((there - mean) / scale).to_numpy()
        at = outcomes.index("concession")
        average = lambda flat: probabilities(there, flat.reshape(len(outcomes) - 1, -1).T).mean(axis=0)[at]
        flat = parameters.ravel("F")
        gradient = np.array([average(flat + 1e-30j * (np.arange(flat.size) == p)).imag / 1e-30
                             for p in range(flat.size)])
        predictions.append({"at": value, "outcome": "concession", "estimate": average(flat),
                            "std_error": np.sqrt(gradient @ V @ gradient)})
    score = np.abs(model.score(parameters.ravel("F"))).max()
    print(f"{key:28} {text:70} n {len(data):4}  score {score:.1e}")
    return {"specification": text, "model": key, "n": len(data), "loglik": found.llf, "high": high,
            "coefficients": coefficients, "predictions": predictions}


def lines(values):
    return "[\n      " + ",\n      ".join(json.dumps(value) for value in values) + "]"


cases = []
for case in (run(*case) for case in CASES):
    head = json.dumps({name: case[name] for name in ("specification", "model", "n", "loglik", "high")})[1:-1]
    cases.append("    {" + head + ',\n    "coefficients": ' + lines(case["coefficients"]) + ',\n    "predictions": '
                 + lines(case["predictions"]) + "}")
text = '{\n  "software": ' + json.dumps(SOFTWARE) + ',\n  "cases": [\n' + ",\n".join(cases) + "\n  ]\n}\n"
(FOLDER / "specifications.statsmodels.json").write_text(text)
