"""statsmodels and scikit-learn on the work of `cargo xtask bench estimator`.

    estimator.py FOLDER WORK ROWS RUNS SOFTWARE

FOLDER has what `timing write` wrote. Prints milliseconds a model, and the log-likelihood.
"""
import json
import sys
import time
import warnings

import numpy as np

COLUMNS = 25
warnings.filterwarnings("ignore")

folder, work, rows, runs, software = sys.argv[1:]
rows, runs = int(rows), int(runs)
data = np.fromfile(f"{folder}/{rows}.f64").reshape(rows, COLUMNS + 1)
x, y = data[:, :COLUMNS], data[:, COLUMNS].astype(int)

if software == "statsmodels":
    import statsmodels.api as sm

    def fit(x, y):
        return sm.MNLogit(y, sm.add_constant(x)).fit(method="newton", disp=0, maxiter=100, tol=1e-10).llf
else:
    from sklearn.linear_model import LogisticRegression

    def fit(x, y):
        model = LogisticRegression(C=np.inf, solver="newton-cg", tol=1e-8, max_iter=1000).fit(x, y)
        return np.log(model.predict_proba(x)[np.arange(len(y)), y]).sum()


def models():
    if work == "fit":
        for _ in range(runs):
            yield x, y
    elif work == "refits":
        counts = np.fromfile(f"{folder}/{rows}.resamples", dtype=np.uint8).reshape(-1, rows)
        for one in counts[:runs]:
            drawn = np.repeat(np.arange(rows), one)
            yield x[drawn], y[drawn]
    else:
        half = rows // 2
        for model in range(runs):
            start = model * 7 % half
            yield x[start:start + half, :15 + model % 11], y[start:start + half]


times, logliks = [], []
for one in models():
    start = time.perf_counter()
    logliks.append(fit(*one))
    times.append(1e3 * (time.perf_counter() - start))
middle = np.median(times) if work == "fit" else np.mean(times)
loglik = logliks[-1] if work == "fit" else sum(logliks)
print(json.dumps({"ms": middle, "loglik": loglik}))
