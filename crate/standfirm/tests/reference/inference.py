"""Second differences, robust and clustered errors, simultaneous bands and randomization tests by other software.

Needs statsmodels, scikit-learn, pandas and numpy:

    python3 crate/standfirm/tests/reference/inference.py

Writes inference.json beside itself. Derivatives are central differences of averaged probabilities; covariances are made
from statsmodels' Hessian and from the scores, row by row; regimes are permuted by numpy, with other random numbers than the
project's, so that p-values agree only as two samples of draws do.
"""

import json
from pathlib import Path

import numpy as np

from robustness import Fit, columns, complete

HERE = Path(__file__).parent
DRAWS = 999


class Inference:
    """Average probabilities of concession of a fit, with joint covariances."""

    def __init__(self, data, explanation, dependence):
        self.data, self.explanation, self.dependence = data, explanation, dependence
        self.fit = Fit(data, columns(data, explanation, dependence))
        self.x = self.fit.standardised(columns(data, explanation, dependence)).to_numpy()
        self.params = np.asarray(self.fit.fit.params)
        self.bread = np.linalg.inv(-self.fit.fit.model.hessian(self.params))

    def covariance(self, kind):
        if kind == "observed":
            return self.bread
        probabilities = np.asarray(self.fit.fit.model.predict(self.params, self.x))
        happened = self.fit.fit.model.wendog
        residuals = (happened - probabilities)[:, 1:]
        scores = np.concatenate([residuals[:, [j]] * self.x for j in range(residuals.shape[1])], axis=1)
        n, factor = len(scores), 1.0
        if kind == "hc1":
            factor = n / (n - self.params.size)
        if kind == "target":
            groups = self.data["target"].to_numpy()
            scores = np.stack([scores[groups == group].sum(axis=0) for group in np.unique(groups)])
            factor = len(scores) / (len(scores) - 1)
        return factor * self.bread @ (scores.T @ scores) @ self.bread

    def average(self, settings):
        """A function of the parameters, flat by equations: the average probability of concession in each setting."""
        xs = [self.fit.standardised(columns(self.data, self.explanation, self.dependence, at)).to_numpy()
              for at in settings]

        def values(flat):
            params = flat.reshape(self.params.shape, order="F")
            found = []
            for x in xs:
                eta = np.exp(np.column_stack([np.zeros(len(x)), x @ params]))
                found.append((eta[:, 1] / eta.sum(axis=1)).mean())
            return np.array(found)
        return values

    def evaluated(self, settings):
        values, flat = self.average(settings), self.params.flatten(order="F")
        jacobian = np.empty((len(settings), flat.size))
        for k in range(flat.size):
            step = np.zeros_like(flat)
            step[k] = 1e-5
            jacobian[:, k] = (values(flat + step) - values(flat - step)) / 2e-5
        return values(flat), jacobian


def contrast_settings(explanation, dependence, high):
    """For each kind of others: settings (personalist, others) at high and at no dependence."""
    if explanation == "target_regime":
        pairs = [("democracy", "personalist", "democracy"), ("nonpersonalist", "personalist", "nonpersonalist")]
    else:
        pairs = [("index", 1.0, 0.0)]
    return {name: [{explanation: value, dependence: level} for level in (high, 0.0) for value in (personalist, other)]
            for name, personalist, other in pairs}


def randomization(data, explanation, dependence, high, observed):
    random = np.random.default_rng(1)
    count, done = {name: 0 for name in observed}, 0
    for _ in range(DRAWS):
        drawn = data.copy()
        drawn[explanation] = random.permutation(data[explanation].to_numpy())
        try:
            found = Inference(drawn, explanation, dependence)
        except np.linalg.LinAlgError:
            continue
        done += 1
        for name, settings in contrast_settings(explanation, dependence, high).items():
            values, jacobian = found.evaluated(settings[:2])
            gradient = jacobian[0] - jacobian[1]
            t = (values[0] - values[1]) / np.sqrt(gradient @ found.bread @ gradient)
            count[name] += abs(t) >= abs(observed[name])
    return {name: (1 + some) / (1 + done) for name, some in count.items()}


def model(explanation, dependence, randomized):
    data = complete(explanation, dependence)
    high = float(np.quantile(data[dependence], 0.9))
    found = Inference(data, explanation, dependence)
    result, observed = {"high": high, "contrasts": {}}, {}
    for name, settings in contrast_settings(explanation, dependence, high).items():
        values, jacobian = found.evaluated(settings)
        one = {}
        for what, weights in [("at_high", [1, -1, 0, 0]), ("change", [1, -1, -1, 1])]:
            weights = np.array(weights, dtype=float)
            gradient = weights @ jacobian
            one[what] = {"estimate": float(weights @ values)} | {
                kind: float(np.sqrt(gradient @ found.covariance(kind) @ gradient))
                for kind in ["observed", "hc0", "hc1", "target"]}
        observed[name] = one["at_high"]["estimate"] / one["at_high"]["observed"]
        if explanation == "target_regime":
            levels = np.linspace(data[dependence].min(), data[dependence].max(), 17)
            along = [{explanation: value, dependence: level} for level in levels for value in ("personalist", name)]
            _, jacobian = found.evaluated(along)
            gradients = jacobian[0::2] - jacobian[1::2]
            joint = gradients @ found.bread @ gradients.T
            scale = np.sqrt(np.diag(joint))
            draws = np.random.default_rng(2).multivariate_normal(
                np.zeros(len(levels)), joint / np.outer(scale, scale), size=400_000, method="eigh")
            one["sup_t"] = float(np.quantile(np.abs(draws).max(axis=1), 0.95))
        result["contrasts"][name] = one
    if randomized:
        for name, p in randomization(data, explanation, dependence, high, observed).items():
            result["contrasts"][name]["randomization_p"] = p
    return result


if __name__ == "__main__":
    found = {"index:trade_share": model("personalist_index", "ln_trade_share", True),
             "regime:trade_share": model("target_regime", "ln_trade_share", False)}
    (HERE / "inference.json").write_text(json.dumps(found, indent=1) + "\n")
