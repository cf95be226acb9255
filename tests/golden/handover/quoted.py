# party ~ `2nd round` * sex + region + age
# A multinomial logit. The base outcome, with which the others are compared, is Die Grünen.
# Written by Standfirm 0.1.0, whose numbers it gives again: log-likelihood -457.838992041, 383 rows.
# Needs pandas and statsmodels (pip install statsmodels).

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy.stats import norm

# ---- The data ----
# Every cell as text: what a column is, is said below.
raw = pd.read_csv(
    "survey.csv", dtype=str, keep_default_na=False, na_values=["", "NA", "na", "NaN", "nan"],
    encoding="utf-8-sig")
raw.columns = raw.columns.str.strip()


def number(text):
    return pd.to_numeric(text, errors="coerce").astype(float)


# Of levels the first is the base. Whatever is not listed is missing.
data = pd.DataFrame({
    "party": pd.Categorical(raw["party"], ["Die Grünen", "don't know", "labour", "tory, old"]),
    "2nd round": number(raw["2nd round"]),
    "sex": pd.Categorical(raw["sex"], ["f", "m"]),
    "region": pd.Categorical(raw["region"], ["north", "south east", "Île"]),
    "age": number(raw["age"]),
})
# Rows in which something is missing are left out: party (10), region (15) and age (12).
data = data.dropna()
assert len(data) == 383

# ---- The columns of the model ----
def columns(d):
    return pd.DataFrame({
        "(Intercept)": 1,
        "2nd round": d["2nd round"],
        "sex[m]": (d["sex"] == "m"),
        "region[south east]": (d["region"] == "south east"),
        "region[Île]": (d["region"] == "Île"),
        "age": d["age"],
        "2nd round:sex[m]": d["2nd round"] * (d["sex"] == "m"),
    }, index=d.index).astype(float)


# ---- The fit ----
design = columns(data)
y = data["party"].cat.codes.to_numpy()  # 0 is the base outcome
outcomes = [str(level) for level in ["Die Grünen", "don't know", "labour", "tory, old"]]
X = design.to_numpy()
w = np.ones(len(data))
(n, K), J = X.shape, len(outcomes)

fit = sm.MNLogit(y, design).fit(method="newton", maxiter=100, disp=False)
start = np.asarray(fit.params).reshape(K, J - 1)


def probabilities(X, B):
    eta = np.column_stack([np.zeros(len(X)), X @ B])
    p = np.exp(eta - eta.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)


def loglik(X, B):
    return np.sum(w * np.log(probabilities(X, B)[np.arange(len(y)), y]))


def scores(X, P):
    return np.hstack([X * ((y == j) - P[:, j])[:, None] for j in range(1, J)])


def information(X, P):
    return np.block([
        [X.T @ ((w * P[:, j] * ((j == l) - P[:, l]))[:, None] * X) for l in range(1, J)]
        for j in range(1, J)
    ])


# Newton's method takes it to the last digit. It works on orthonormal columns (Q), so that units do not
# matter, and halves a step that would lead down.
Q, R = np.linalg.qr(X)
Q, R = Q * np.sqrt(n), R / np.sqrt(n)
G = R @ start
for iteration in range(100):
    P = probabilities(Q, G)
    step = np.linalg.solve(information(Q, P), scores(Q, P).T @ w).reshape(J - 1, K).T
    now = loglik(Q, G)
    while not loglik(Q, G + step) >= now - 1e-9 * abs(now) and abs(step).max() > 1e-10:
        step = step / 2
    G = G + step
    if abs(step).max() < 1e-9:
        break
else:
    raise RuntimeError("Newton's method does not settle: are the outcomes separated?")

P = probabilities(Q, G)
S = scores(Q, P)
inverse = np.linalg.inv(information(Q, P))
# Standard errors from the information.
V = inverse
# From the orthonormal columns back to the columns as they are.
turn = np.linalg.inv(R)
B = turn @ G
back = np.kron(np.eye(J - 1), turn)

def finished(table):
    z = norm.ppf(0.975)
    table["statistic"] = table["estimate"] / table["std_error"]
    table["p_value"] = 2 * norm.sf(abs(table["statistic"]))
    table["conf_low"] = table["estimate"] - z * table["std_error"]
    table["conf_high"] = table["estimate"] + z * table["std_error"]
    return table


coefficients = finished(pd.DataFrame({
    "outcome": np.repeat(outcomes[1:], K), "term": np.tile(design.columns, J - 1),
    "estimate": B.T.ravel(), "std_error": np.sqrt(np.diag(back @ V @ back.T)),
}))
log_likelihood = loglik(Q, G)
pd.set_option("display.precision", 10, "display.width", 200, "display.max_rows", None)
pd.set_option("display.max_columns", None)
print("Log-likelihood", log_likelihood)
print(coefficients)

# ---- Predictions, slopes, comparisons ----
# An average over rows with parts a of it: of probabilities, or of their derivatives where columns move as D
# says. Each comes with its gradient by the coefficients of the orthonormal columns, for the delta method.
def averaged(X, a):
    X = np.asarray(X) @ turn
    P = probabilities(X, G)
    return a @ P, gradient(lambda m, j: X.T @ (a * P[:, m] * ((m == j) - P[:, j])))


def slope(X, D, a):
    X, D = np.asarray(X) @ turn, np.asarray(D) @ turn
    P = probabilities(X, G)
    s = np.column_stack([np.zeros(len(D)), D @ G])
    s = s - (P * s).sum(axis=1, keepdims=True)
    return a @ (P * s), gradient(lambda m, j: (
        X.T @ (a * P[:, m] * (((m == j) - P[:, j]) * s[:, m] - P[:, j] * s[:, j]))
        + D.T @ (a * P[:, m] * ((m == j) - P[:, j]))
    ))


def gradient(by):
    return np.column_stack([np.concatenate([by(m, j) for j in range(1, J)]) for m in range(J)])


def minus(high, low):
    return high[0] - low[0], high[1] - low[1]


def row(variable, contrast, at, e):
    std_error = np.sqrt(np.sum(e[1] * (V @ e[1]), axis=0))
    return pd.DataFrame({
        "variable": variable, "contrast": contrast, "at": at, "outcome": outcomes,
        "estimate": e[0], "std_error": std_error,
    })


# Each row's part of an average, and rows in which some variables are held.
a = w / w.sum()


def hold(d, values):
    return d.assign(**{name: value for name, value in values.items()})


# How the columns move along a variable: their derivatives by it.
def moving(variable, d):
    D = 0 * columns(d)
    if variable == "2nd round":
        D["2nd round"] = 1
        D["2nd round:sex[m]"] = (d["sex"] == "m")
    if variable == "age":
        D["age"] = 1
    return D.astype(float)


predictions = finished(pd.concat([
    row("", "", "2nd round = 0.5", averaged(columns(hold(data, {"2nd round": 0.5})), a)),
    row("", "", "2nd round = 1, region = Île", averaged(columns(hold(data, {"2nd round": 1, "region": "Île"})), a)),
], ignore_index=True))
print(predictions.drop(columns=["variable", "contrast", "statistic", "p_value"]))

slopes = finished(pd.concat([
    row("2nd round", "dY/dX", "2nd round = 0.5", slope(
        columns(hold(data, {"2nd round": 0.5})),
        moving("2nd round", hold(data, {"2nd round": 0.5})), a)),
    row("sex", "m - f", "2nd round = 0.5", minus(
        averaged(columns(hold(data, {"2nd round": 0.5, "sex": "m"})), a),
        averaged(columns(hold(data, {"2nd round": 0.5, "sex": "f"})), a))),
    row("region", "south east - north", "2nd round = 0.5", minus(
        averaged(columns(hold(data, {"2nd round": 0.5, "region": "south east"})), a),
        averaged(columns(hold(data, {"2nd round": 0.5, "region": "north"})), a))),
    row("region", "Île - north", "2nd round = 0.5", minus(
        averaged(columns(hold(data, {"2nd round": 0.5, "region": "Île"})), a),
        averaged(columns(hold(data, {"2nd round": 0.5, "region": "north"})), a))),
    row("age", "dY/dX", "2nd round = 0.5", slope(
        columns(hold(data, {"2nd round": 0.5})),
        moving("age", hold(data, {"2nd round": 0.5})), a)),
    row("2nd round", "dY/dX", "2nd round = 1, region = Île", slope(
        columns(hold(data, {"2nd round": 1, "region": "Île"})),
        moving("2nd round", hold(data, {"2nd round": 1, "region": "Île"})), a)),
    row("sex", "m - f", "2nd round = 1, region = Île", minus(
        averaged(columns(hold(data, {"2nd round": 1, "region": "Île", "sex": "m"})), a),
        averaged(columns(hold(data, {"2nd round": 1, "region": "Île", "sex": "f"})), a))),
    row("region", "south east - north", "2nd round = 1, region = Île", minus(
        averaged(columns(hold(data, {"2nd round": 1, "region": "south east"})), a),
        averaged(columns(hold(data, {"2nd round": 1, "region": "north"})), a))),
    row("region", "Île - north", "2nd round = 1, region = Île", minus(
        averaged(columns(hold(data, {"2nd round": 1, "region": "Île"})), a),
        averaged(columns(hold(data, {"2nd round": 1, "region": "north"})), a))),
    row("age", "dY/dX", "2nd round = 1, region = Île", slope(
        columns(hold(data, {"2nd round": 1, "region": "Île"})),
        moving("age", hold(data, {"2nd round": 1, "region": "Île"})), a)),
], ignore_index=True))
print(slopes)

comparisons = finished(pd.concat([
    row("2nd round", "+2", "2nd round = 0.5", minus(
        averaged(columns(hold(data, {"2nd round": 2.5})), a),
        averaged(columns(hold(data, {"2nd round": 0.5})), a))),
    row("region", "south east - north", "2nd round = 0.5", minus(
        averaged(columns(hold(data, {"2nd round": 0.5, "region": "south east"})), a),
        averaged(columns(hold(data, {"2nd round": 0.5, "region": "north"})), a))),
    row("region", "Île - north", "2nd round = 0.5", minus(
        averaged(columns(hold(data, {"2nd round": 0.5, "region": "Île"})), a),
        averaged(columns(hold(data, {"2nd round": 0.5, "region": "north"})), a))),
    row("sex", "m - f", "2nd round = 0.5", minus(
        averaged(columns(hold(data, {"2nd round": 0.5, "sex": "m"})), a),
        averaged(columns(hold(data, {"2nd round": 0.5, "sex": "f"})), a))),
    row("age", "60 - 30", "2nd round = 0.5", minus(
        averaged(columns(hold(data, {"2nd round": 0.5, "age": 60})), a),
        averaged(columns(hold(data, {"2nd round": 0.5, "age": 30})), a))),
    row("2nd round", "+2", "2nd round = 1, region = Île", minus(
        averaged(columns(hold(data, {"region": "Île", "2nd round": 3})), a),
        averaged(columns(hold(data, {"2nd round": 1, "region": "Île"})), a))),
    row("region", "south east - north", "2nd round = 1, region = Île", minus(
        averaged(columns(hold(data, {"2nd round": 1, "region": "south east"})), a),
        averaged(columns(hold(data, {"2nd round": 1, "region": "north"})), a))),
    row("region", "Île - north", "2nd round = 1, region = Île", minus(
        averaged(columns(hold(data, {"2nd round": 1, "region": "Île"})), a),
        averaged(columns(hold(data, {"2nd round": 1, "region": "north"})), a))),
    row("sex", "m - f", "2nd round = 1, region = Île", minus(
        averaged(columns(hold(data, {"2nd round": 1, "region": "Île", "sex": "m"})), a),
        averaged(columns(hold(data, {"2nd round": 1, "region": "Île", "sex": "f"})), a))),
    row("age", "60 - 30", "2nd round = 1, region = Île", minus(
        averaged(columns(hold(data, {"2nd round": 1, "region": "Île", "age": 60})), a),
        averaged(columns(hold(data, {"2nd round": 1, "region": "Île", "age": 30})), a))),
], ignore_index=True))
print(comparisons)
