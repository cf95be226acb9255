# party ~ `2nd round` * sex + region + age
# A multinomial logit. The base outcome, with which the others are compared, is Die Grünen.
# Written by Standfirm 0.1.0, whose numbers it gives again: log-likelihood -457.838992041, 383 rows.
# Needs pyspark, pandas, pyarrow and scipy, and runs as it is on any cluster: spark-submit SCRIPT.
# Every pass over the rows is a job of its own, and of each partition only sums come back: what they
# take does not grow with the rows.

import functools

import numpy as np
import pandas as pd
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.functions import array_to_vector
from pyspark.sql import SparkSession, functions as F
from scipy.stats import norm

spark = SparkSession.builder.getOrCreate()

# ---- The data ----
# Any other table does as well: spark.read.parquet(...), spark.table(...).
raw = spark.read.csv("survey.csv", header=True, sep=",", quote='"', escape='"', encoding="utf-8")
used = ["party", "2nd round", "sex", "region", "age"]
raw = raw.select([F.col("`" + name.replace("`", "``") + "`").cast("string").alias(name) for name in used])


def number(text):
    return pd.to_numeric(text, errors="coerce").astype(float)


def prepared(raw):
    """The rows of a batch that are used. Of levels the first is the base; what is not listed is missing."""
    raw = raw.mask(raw.isin(["", "NA", "na", "NaN", "nan"]))
    data = pd.DataFrame({
        "party": pd.Categorical(raw["party"], ["Die Grünen", "don't know", "labour", "tory, old"]),
        "2nd round": number(raw["2nd round"]),
        "sex": pd.Categorical(raw["sex"], ["f", "m"]),
        "region": pd.Categorical(raw["region"], ["north", "south east", "Île"]),
        "age": number(raw["age"]),
    })
    return data.dropna()


def over_rows(make, join=np.add):
    """What `make` gives for a batch of rows, joined over all rows: one pass over the data."""
    def of_partition(batches):
        total = None
        for batch in batches:
            data = prepared(batch)
            if len(data):
                made = make(data)
                total = made if total is None else join(total, made)
        if total is not None:
            yield pd.DataFrame({"total": [total]})

    parts = raw.mapInPandas(of_partition, "total array<double>").collect()
    return functools.reduce(join, (np.array(part.total) for part in parts))

# Rows in which something is missing are left out: party (10), region (15) and age (12).

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


def parts(data):
    """Columns, outcomes and weights of rows; outcome 0 is the base."""
    return columns(data).to_numpy(), data["party"].cat.codes.to_numpy(), np.ones(len(data))


# ---- The fit ----
outcomes = ["Die Grünen", "don't know", "labour", "tory, old"]
terms = [
    "(Intercept)", "2nd round", "sex[m]", "region[south east]", "region[Île]", "age",
    "2nd round:sex[m]"]
K, J = len(terms), len(outcomes)
p = K * (J - 1)


def probabilities(X, B):
    eta = np.column_stack([np.zeros(len(X)), X @ B])
    p = np.exp(eta - eta.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)


def scores(X, P, y):
    return np.hstack([X * ((y == j) - P[:, j])[:, None] for j in range(1, J)])


def information(X, P, w):
    return np.block([
        [X.T @ ((w * P[:, j] * ((j == l) - P[:, l]))[:, None] * X) for l in range(1, J)]
        for j in range(1, J)
    ])


def sizes(data):
    return np.array([len(data), parts(data)[2].sum()])


def triangle(data):
    return np.linalg.qr(columns(data).to_numpy(), mode="r").ravel()


def joined(a, b):
    """The triangle of a QR decomposition of two blocks of rows, from those of each."""
    return np.linalg.qr(np.vstack([a.reshape(-1, K), b.reshape(-1, K)]), mode="r").ravel()


n, total = over_rows(sizes)
R = over_rows(triangle, joined).reshape(-1, K) / np.sqrt(n)
to_orthonormal = np.linalg.inv(R)


def orthonormal(data):
    """The columns, orthonormal over all rows, so that units do not matter."""
    X, y, w = parts(data)
    return X @ to_orthonormal, y, w


def likelihood(G):
    """Log-likelihood, gradient and information at G: one pass."""
    def make(data):
        Q, y, w = orthonormal(data)
        P = probabilities(Q, G)
        loglik = np.sum(w * np.log(P[np.arange(len(y)), y]))
        return np.concatenate([[loglik], scores(Q, P, y).T @ w, information(Q, P, w).ravel()])

    sums = over_rows(make)
    return sums[0], sums[1:p + 1], sums[p + 1:].reshape(p, p)


def features(batches):
    for batch in batches:
        data = prepared(batch)
        if len(data):
            X, y, w = parts(data)
            yield pd.DataFrame({"label": y.astype(float), "weight": w, "features": list(X[:, 1:])})


rows = raw.mapInPandas(features, "label double, weight double, features array<double>")
rows = rows.withColumn("features", array_to_vector("features"))
logistic = LogisticRegression(family="multinomial", regParam=0, tol=1e-10, maxIter=200, weightCol="weight", fitIntercept=True)
of_spark = logistic.fit(rows)
of_spark = np.column_stack([of_spark.interceptVector.toArray(), of_spark.coefficientMatrix.toArray()])
start = (of_spark - of_spark[0])[1:].T

# Spark's optimiser stops when five or six digits stand; two or three of Newton's steps take it to the last.
G = R @ start
log_likelihood, gradient, inverse = -np.inf, None, None
step = np.zeros((K, J - 1))
for iteration in range(50):
    found = likelihood(G)
    if found[0] < log_likelihood - 1e-9 * abs(log_likelihood) and abs(step).max() > 1e-10:
        step = step / 2
        G = G - step
        continue
    log_likelihood, slope_of, info = found
    print(f"pass {iteration + 1}: log-likelihood {log_likelihood:.9f}, last step {abs(step).max():.1e}")
    if iteration > 0 and abs(step).max() < 1e-8:
        break
    step = np.linalg.solve(info, slope_of).reshape(J - 1, K).T
    G = G + step
else:
    raise RuntimeError("Newton's method does not settle: are the outcomes separated?")

inverse = np.linalg.inv(info)
# Standard errors from the information.
V = inverse

# From the orthonormal columns back to the columns as they are.
back = np.kron(np.eye(J - 1), to_orthonormal)
B = to_orthonormal @ G


def finished(table):
    z = norm.ppf(0.975)
    table["statistic"] = table["estimate"] / table["std_error"]
    table["p_value"] = 2 * norm.sf(abs(table["statistic"]))
    table["conf_low"] = table["estimate"] - z * table["std_error"]
    table["conf_high"] = table["estimate"] + z * table["std_error"]
    return table


coefficients = finished(pd.DataFrame({
    "outcome": np.repeat(outcomes[1:], K), "term": np.tile(terms, J - 1),
    "estimate": B.T.ravel(), "std_error": np.sqrt(np.diag(back @ V @ back.T)),
}))
pd.set_option("display.precision", 10, "display.width", 200, "display.max_rows", None)
pd.set_option("display.max_columns", None)
print("Rows", int(n), "log-likelihood", log_likelihood)
print(coefficients)

# ---- Predictions, slopes, comparisons ----
# A sum over rows with parts a: of probabilities, or of their derivatives where columns move as D says. Each comes
# with its gradient by the coefficients of the orthonormal columns, for the delta method.
def averaged(X, a):
    X = np.asarray(X) @ to_orthonormal
    P = probabilities(X, G)
    return a @ P, gradient_of(lambda m, j: X.T @ (a * P[:, m] * ((m == j) - P[:, j])))


def slope(X, D, a):
    X, D = np.asarray(X) @ to_orthonormal, np.asarray(D) @ to_orthonormal
    P = probabilities(X, G)
    s = np.column_stack([np.zeros(len(D)), D @ G])
    s = s - (P * s).sum(axis=1, keepdims=True)
    return a @ (P * s), gradient_of(lambda m, j: (
        X.T @ (a * P[:, m] * (((m == j) - P[:, j]) * s[:, m] - P[:, j] * s[:, j]))
        + D.T @ (a * P[:, m] * ((m == j) - P[:, j]))
    ))


def gradient_of(by):
    return np.column_stack([np.concatenate([by(m, j) for j in range(1, J)]) for m in range(J)])


def minus(high, low):
    return high[0] - low[0], high[1] - low[1]


def table(labels, quantities):
    rows = []
    for (variable, contrast, at), (estimate, gradient) in zip(labels, quantities):
        rows.append(pd.DataFrame({
            "variable": variable, "contrast": contrast, "at": at, "outcome": outcomes, "estimate": estimate,
            "std_error": np.sqrt(np.sum(gradient * (V @ gradient), axis=0)),
        }))
    return finished(pd.concat(rows, ignore_index=True))


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


labels = [
    ("", "", "2nd round = 0.5"),
    ("", "", "2nd round = 1, region = Île"),
    ("2nd round", "dY/dX", "2nd round = 0.5"),
    ("sex", "m - f", "2nd round = 0.5"),
    ("region", "south east - north", "2nd round = 0.5"),
    ("region", "Île - north", "2nd round = 0.5"),
    ("age", "dY/dX", "2nd round = 0.5"),
    ("2nd round", "dY/dX", "2nd round = 1, region = Île"),
    ("sex", "m - f", "2nd round = 1, region = Île"),
    ("region", "south east - north", "2nd round = 1, region = Île"),
    ("region", "Île - north", "2nd round = 1, region = Île"),
    ("age", "dY/dX", "2nd round = 1, region = Île"),
    ("2nd round", "+2", "2nd round = 0.5"),
    ("region", "south east - north", "2nd round = 0.5"),
    ("region", "Île - north", "2nd round = 0.5"),
    ("sex", "m - f", "2nd round = 0.5"),
    ("age", "60 - 30", "2nd round = 0.5"),
    ("2nd round", "+2", "2nd round = 1, region = Île"),
    ("region", "south east - north", "2nd round = 1, region = Île"),
    ("region", "Île - north", "2nd round = 1, region = Île"),
    ("sex", "m - f", "2nd round = 1, region = Île"),
    ("age", "60 - 30", "2nd round = 1, region = Île"),
]


def asked(data):
    a = parts(data)[2] / total
    made = [
        averaged(columns(hold(data, {"2nd round": 0.5})), a),
        averaged(columns(hold(data, {"2nd round": 1, "region": "Île"})), a),
        slope(columns(hold(data, {"2nd round": 0.5})), moving("2nd round", hold(data, {"2nd round": 0.5})), a),
        minus(averaged(columns(hold(data, {"2nd round": 0.5, "sex": "m"})), a), averaged(columns(hold(data, {"2nd round": 0.5, "sex": "f"})), a)),
        minus(averaged(columns(hold(data, {"2nd round": 0.5, "region": "south east"})), a), averaged(columns(hold(data, {"2nd round": 0.5, "region": "north"})), a)),
        minus(averaged(columns(hold(data, {"2nd round": 0.5, "region": "Île"})), a), averaged(columns(hold(data, {"2nd round": 0.5, "region": "north"})), a)),
        slope(columns(hold(data, {"2nd round": 0.5})), moving("age", hold(data, {"2nd round": 0.5})), a),
        slope(columns(hold(data, {"2nd round": 1, "region": "Île"})), moving("2nd round", hold(data, {"2nd round": 1, "region": "Île"})), a),
        minus(averaged(columns(hold(data, {"2nd round": 1, "region": "Île", "sex": "m"})), a), averaged(columns(hold(data, {"2nd round": 1, "region": "Île", "sex": "f"})), a)),
        minus(averaged(columns(hold(data, {"2nd round": 1, "region": "south east"})), a), averaged(columns(hold(data, {"2nd round": 1, "region": "north"})), a)),
        minus(averaged(columns(hold(data, {"2nd round": 1, "region": "Île"})), a), averaged(columns(hold(data, {"2nd round": 1, "region": "north"})), a)),
        slope(columns(hold(data, {"2nd round": 1, "region": "Île"})), moving("age", hold(data, {"2nd round": 1, "region": "Île"})), a),
        minus(averaged(columns(hold(data, {"2nd round": 2.5})), a), averaged(columns(hold(data, {"2nd round": 0.5})), a)),
        minus(averaged(columns(hold(data, {"2nd round": 0.5, "region": "south east"})), a), averaged(columns(hold(data, {"2nd round": 0.5, "region": "north"})), a)),
        minus(averaged(columns(hold(data, {"2nd round": 0.5, "region": "Île"})), a), averaged(columns(hold(data, {"2nd round": 0.5, "region": "north"})), a)),
        minus(averaged(columns(hold(data, {"2nd round": 0.5, "sex": "m"})), a), averaged(columns(hold(data, {"2nd round": 0.5, "sex": "f"})), a)),
        minus(averaged(columns(hold(data, {"2nd round": 0.5, "age": 60})), a), averaged(columns(hold(data, {"2nd round": 0.5, "age": 30})), a)),
        minus(averaged(columns(hold(data, {"region": "Île", "2nd round": 3})), a), averaged(columns(hold(data, {"2nd round": 1, "region": "Île"})), a)),
        minus(averaged(columns(hold(data, {"2nd round": 1, "region": "south east"})), a), averaged(columns(hold(data, {"2nd round": 1, "region": "north"})), a)),
        minus(averaged(columns(hold(data, {"2nd round": 1, "region": "Île"})), a), averaged(columns(hold(data, {"2nd round": 1, "region": "north"})), a)),
        minus(averaged(columns(hold(data, {"2nd round": 1, "region": "Île", "sex": "m"})), a), averaged(columns(hold(data, {"2nd round": 1, "region": "Île", "sex": "f"})), a)),
        minus(averaged(columns(hold(data, {"2nd round": 1, "region": "Île", "age": 60})), a), averaged(columns(hold(data, {"2nd round": 1, "region": "Île", "age": 30})), a)),
    ]
    return np.concatenate([np.concatenate([e, g.ravel()]) for e, g in made])


# All in one pass.
sums = over_rows(asked).reshape(len(labels), -1)
quantities = [(one[:J], one[J:].reshape(p, J)) for one in sums]
predictions = table(labels[0:2], quantities[0:2])
print(predictions)
slopes = table(labels[2:12], quantities[2:12])
print(slopes)
comparisons = table(labels[12:22], quantities[12:22])
print(comparisons)
