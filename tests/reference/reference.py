#!/usr/bin/env python3
"""Reference numbers from statsmodels: python3 tests/reference/reference.py

Writes <set>.statsmodels.json beside itself. The model is MNLogit, fitted by its Newton's method on columns
standardised to mean 0 and variance 1; numbers are reported in the units of the data. Covariances come from the
inverse of its Hessian at the estimate. Standard errors of predictions are by the delta method with complex-step
derivatives, which are exact to the last digits. MNLogit knows no weights: rows are repeated.

Where a coefficient has no finite estimate (`separated` below), it is held at -40, where what it multiplies has
a probability of 1e-17, and the others are maximised with MNLogit's score and Hessian: their limit, as far as
doubles can tell.
"""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels
from scipy.stats import norm
from statsmodels.discrete.discrete_model import MNLogit

FOLDER = Path(__file__).resolve().parent
SOFTWARE = f"statsmodels {statsmodels.__version__}, numpy {np.__version__}, pandas {pd.__version__}"

# ---- The models ----

CONTROLS = (
    "t_gdp + s_gdp + cinc_ratio + ln_distance + sender_usa + post_coldwar + is_security + is_econ + is_hrts + "
    "financial + targeted + institution + past_success + multiple + C(sender_regime, base = democracy)"
)


# Other readings of four of them, which leave fewer episodes, among them none by which a personalist sender imposed.
FORMER = (
    CONTROLS.replace("cinc_ratio", "cinc_share").replace("financial", "financial_coded")
    .replace("targeted", "targeted_coded").replace("multiple", "multiple_years")
)


def study_model(explanation, dependence, controls=CONTROLS, separated=()):
    """A model of the study. Average probabilities at high and at no dependence, and their differences."""
    if explanation == "index":
        term, variable, values, pairs = "personalist_index", "personalist_index", [0, 0.5, 1], [(2, 0)]
    else:
        term, variable = "C(target_regime, base = personalist)", "target_regime"
        values, pairs = ["personalist", "nonpersonalist", "democracy"], [(2, 0), (1, 0)]

    def at(data):
        # High is the 90th percentile of the estimation sample; numpy's default is linear interpolation, type 7.
        high = float(np.quantile(data["ln_dependence"], 0.9))
        return [{"ln_dependence": dependence, variable: value} for dependence in (high, 0) for value in values]

    return {
        "data": "../../data/episodes.csv",
        "formula": f"outcome ~ {term} * ln_dependence + {controls}",
        "base": "standoff",
        "dependence": f"ln_{dependence}",
        "at": at,
        "pairs": pairs + [(a + len(values), b + len(values)) for a, b in pairs],
        "separated": list(separated),
    }


def model(data, formula, base, at, pairs, weights=None):
    return {"data": data, "formula": formula, "base": base, "weights": weights, "at": lambda _: at, "pairs": pairs}


SETS = {
    "study": {
        f"{explanation}:{dependence}": study_model(explanation, dependence)
        for explanation in ("index", "regime")
        for dependence in ("trade_share", "import_share", "trade_gdp", "comtrade_import_share")
    },
    "separated": {
        "former:comtrade_import_share": study_model(
            "index", "comtrade_import_share", FORMER, [["imposition", "sender_regime[personalist]"]]
        )
    },
    "weighted": {
        "weighted": model(
            "weighted.csv", "mode ~ C(region, base = south) * income + age + owner", "bus",
            [{"region": "east"}, {"region": "south"}, {"income": 10}, {"income": 40},
             {"region": "east", "income": 40}],
            [(0, 1), (3, 2)],
            weights="count",
        )
    },
    "units": {
        "units": model(
            "units.csv", "y ~ small * large + shifted + both", "middle",
            [{"small": 1e-6}, {"small": -1e-6}, {"large": -1e12}, {"shifted": 1000001}],
            [(0, 1)],
        )
    },
    "binary": {
        "binary": model(
            "binary.csv", "response ~ dose * C(arm)", "no",
            [{"arm": "treatment"}, {"arm": "placebo"}, {"dose": 0}, {"dose": 10}],
            [(0, 1), (3, 2)],
        )
    },
    "ten": {
        "ten": model(
            "ten.csv", "y ~ x1 + x2 + x3 + x4", "o00", [{"x1": 1}, {"x1": -1}, {"x2": 2, "x3": -2}], [(0, 1)]
        )
    },
}

# ---- From data and formula to a model matrix ----


def read_formula(text):
    """The outcome, the terms as tuples of variables, and the base level of each category."""
    outcome, right = text.split(" ~ ")
    categories = {}

    def category(match):
        categories[match[1]] = match[2]
        return match[1]

    right = re.sub(r"C\((\w+)(?:, base = (\w+))?\)", category, right)
    terms = []
    for part in right.split(" + "):
        factors = part.split(" * ")
        terms += [(factor,) for factor in factors] + ([tuple(factors)] if len(factors) == 2 else [])
    return outcome, terms, categories


def columns(data, terms, levels):
    """The model matrix, columns named as the project names them."""
    named = {"(Intercept)": np.ones(len(data))}
    for term in terms:
        products = {"": np.ones(len(data))}
        for variable in term:
            if variable in levels:
                pieces = {f"{variable}[{level}]": (data[variable] == level) * 1.0 for level in levels[variable][1:]}
            else:
                pieces = {variable: data[variable].astype(float)}
            products = {
                f"{name}:{piece}" if name else piece: product * np.asarray(values)
                for name, product in products.items()
                for piece, values in pieces.items()
            }
        named |= products
    return pd.DataFrame(named)


def complete_cases(model):
    data = pd.read_csv(FOLDER / model["data"], keep_default_na=False, na_values=[""])
    if "dependence" in model:
        data["ln_dependence"] = data[model["dependence"]]
    outcome, terms, categories = read_formula(model["formula"])
    used = {outcome} | {variable for term in terms for variable in term}
    data = data.dropna(subset=sorted(used))
    if model.get("weights"):
        data = data.loc[data.index.repeat(data[model["weights"]])]
    data = data.reset_index(drop=True)
    levels = {}
    for variable, base in categories.items():
        found = sorted(data[variable].unique())
        base = base or found[0]
        levels[variable] = [base] + [level for level in found if level != base]
    return data, outcome, terms, levels


# ---- The estimator ----


def maximise(mnlogit, start, free):
    """Newton's method over the free parameters, with the model's own score and Hessian."""
    parameters = start.copy()
    for _ in range(50):
        information = -mnlogit.hessian(parameters)[np.ix_(free, free)]
        score = mnlogit.score(parameters)[free]
        step = np.linalg.solve(information, score)
        parameters[free] += step
        if step @ score < 1e-20:
            return parameters
    raise RuntimeError("no convergence")


def probabilities(X, parameters, outcomes):
    eta = np.column_stack([np.zeros(len(X)), X @ parameters.reshape(outcomes - 1, -1).T])
    odds = np.exp(eta - eta.real.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)


def fit(model, key):
    data, outcome, terms, levels = complete_cases(model)
    outcomes = [model["base"]] + sorted(set(data[outcome]) - {model["base"]})
    codes = data[outcome].map(outcomes.index).to_numpy()
    raw = columns(data, terms, levels)
    # The mean of the differences from the first value loses no digits where values lie far from zero.
    mean = raw.iloc[0].to_numpy() + (raw - raw.iloc[0]).mean().to_numpy()
    scale = np.sqrt(((raw - mean) ** 2).mean().to_numpy(copy=True))
    mean[0], scale[0] = 0, 1
    standardise = lambda columns: ((columns - mean) / scale).to_numpy()
    X = standardise(raw)
    names = [(equation, term) for equation in outcomes[1:] for term in raw.columns]
    separated = [tuple(one) for one in model.get("separated", [])]
    free = np.array([name not in separated for name in names])

    mnlogit = MNLogit(codes, X)
    if separated:
        start = np.array([0.0 if name not in separated else -40.0 * scale[list(raw.columns).index(name[1])]
                          for name in names])
        estimate = maximise(mnlogit, start, free)
    else:
        found = mnlogit.fit(method="newton", maxiter=100, tol=1e-10, ridge_factor=0, disp=0)
        estimate = maximise(mnlogit, found.params.ravel("F"), free)
    covariance = np.linalg.inv(-mnlogit.hessian(estimate)[np.ix_(free, free)])
    loglik = mnlogit.loglike(estimate)
    score = np.abs(mnlogit.score(estimate)[free]).max()

    # Back to the units of the data: slopes, then the intercept without what standardising put into it.
    back = np.diag(1 / scale)
    back[0, 1:] = -mean[1:] / scale[1:]
    back = np.kron(np.eye(len(outcomes) - 1), back)
    in_units = back @ estimate
    errors = np.sqrt(np.diag(back[np.ix_(free, free)] @ covariance @ back[np.ix_(free, free)].T))
    if separated:
        # What the held coefficient puts into the intercept by centring is no part of the limit.
        in_units = np.where(free, back[:, free] @ estimate[free], np.nan)
        for equation, term in separated:
            at = list(raw.columns).index(term)
            in_units[names.index((equation, "(Intercept)"))] -= mean[at] * -40.0
    coefficients = [
        {"outcome": name[0], "term": name[1], "estimate": one, "std_error": error}
        for name, one, error in zip(np.array(names)[free].tolist(), in_units[free], errors)
    ]

    settings = model["at"](data)
    average, derivatives = [], []
    for setting in settings:
        there = standardise(columns(data.assign(**setting), terms, levels))
        average.append(probabilities(there, estimate, len(outcomes)).mean(axis=0))
        jacobian = np.empty((len(outcomes), free.sum()))
        for column, parameter in enumerate(np.flatnonzero(free)):
            nudged = estimate.astype(complex)
            nudged[parameter] += 1e-30j
            jacobian[:, column] = probabilities(there, nudged, len(outcomes)).mean(axis=0).imag / 1e-30
        derivatives.append(jacobian)
    delta = lambda gradient: np.sqrt(gradient @ covariance @ gradient)
    predictions = [
        {"at": setting, "outcome": level, "estimate": average[s][j], "std_error": delta(derivatives[s][j])}
        for s, setting in enumerate(settings)
        for j, level in enumerate(outcomes)
    ]
    differences = []
    for a, b in model["pairs"]:
        for j, level in enumerate(outcomes):
            difference = average[a][j] - average[b][j]
            error = delta(derivatives[a][j] - derivatives[b][j])
            differences.append({
                "a": settings[a], "b": settings[b], "outcome": level, "estimate": difference, "std_error": error,
                "statistic": difference / error, "p_value": 2 * norm.sf(abs(difference / error)),
            })

    n = len(data)
    print(f"{key:28} n {n:4}  loglik {loglik:.10f}  score {score:.1e}")
    counts = np.bincount(codes)
    given = {name: model[name] for name in ("data", "formula", "base", "dependence", "weights") if model.get(name)}
    return given | {
        "separated": [list(one) for one in separated],
        "n": n,
        "loglik": loglik,
        "loglik_null": (counts * np.log(counts / n)).sum(),
        "aic": None if separated else 2 * free.sum() - 2 * loglik,
        "bic": None if separated else free.sum() * np.log(n) - 2 * loglik,
        "coefficients": coefficients,
        "predictions": predictions,
        "differences": differences,
    }


def write(value, indent=""):
    """JSON with every digit: a record of plain values on one line."""
    inner = indent + "  "
    if isinstance(value, dict) and "outcome" not in value:
        items = [f"{inner}{json.dumps(key)}: {write(item, inner)}" for key, item in value.items()]
        return "{\n" + ",\n".join(items) + f"\n{indent}}}"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(inner + write(item, inner) for item in value) + f"\n{indent}]"
    return json.dumps(value, default=float)


for name, models in SETS.items():
    text = write({"software": SOFTWARE, "models": {key: fit(model, key) for key, model in models.items()}})
    (FOLDER / f"{name}.statsmodels.json").write_text(text + "\n")
