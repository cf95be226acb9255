#!/usr/bin/env Rscript
# Reference numbers for formulas.rs: Rscript crate/mlogit/tests/reference/formulas.R
#
# Writes formulas.csv (nobody's data, from one seed) and formulas.json beside itself. Columns are R's own model.matrix;
# coefficients come from nnet::multinom with Newton's method for the last digits; slopes are derivatives of averaged
# probabilities, which R's predict remakes for moved values with what was learnt from the rows of the fit, by numDeriv.
# Made with R 4.2.2, nnet 7.3-18, numDeriv 2016.8-1.1.

suppressPackageStartupMessages({
  library(nnet)
  library(numDeriv)
  library(splines)
  library(jsonlite)
})
RNGversion("4.2.0") # the generator's streams are those of this version, whichever version runs it
set.seed(20040229)
folder <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))

n <- 300
x <- round(exp(rnorm(n, 0.3, 0.6)), 4)
z <- round(runif(n, -2, 2), 4)
g <- sample(c("p", "q", "r"), n, replace = TRUE, prob = c(0.5, 0.3, 0.2))
h <- sample(c("u", "v"), n, replace = TRUE)
utility <- cbind(a = 0, b = -0.3 + 1.2 * log(x) - 0.4 * z + 0.7 * (g == "q"),
                 c = 0.4 - 0.5 * x + 0.3 * z^2 + 0.5 * (h == "v"))
y <- colnames(utility)[max.col(utility - log(-log(matrix(runif(3 * n), n))), ties.method = "first")]
data <- data.frame(y, x, z, g, h)
write.csv(data, file.path(folder, "formulas.csv"), row.names = FALSE, quote = FALSE)

probabilities <- function(b, X) {
  e <- exp(cbind(0, X %*% matrix(b, ncol(X))))
  e / rowSums(e)
}
estimate <- function(X, y, b) {
  Y <- outer(y, c("a", "b", "c"), "==") * 1
  k <- ncol(X)
  for (step in 1:25) {
    p <- probabilities(b, X)[, -1]
    score <- as.vector(crossprod(X, Y[, -1] - p))
    I <- matrix(0, 2 * k, 2 * k)
    for (j in 1:2) for (l in 1:2) {
      I[(j - 1) * k + 1:k, (l - 1) * k + 1:k] <- crossprod(X, X * p[, j] * ((j == l) - p[, l]))
    }
    b <- b + solve(I, score)
  }
  list(b = b, loglik = sum(log(rowSums(Y * probabilities(b, X)))), se = sqrt(diag(solve(I))),
       score = max(abs(score)))
}

new <- data.frame(x = c(0.2, 1.1, 5), z = c(-2.5, 0.3, 1), g = c("p", "q", "r"), h = c("u", "v", "v"))
model <- function(formula) {
  fit <- do.call(multinom, list(formula, quote(data), trace = FALSE, maxit = 2000, reltol = 1e-14))
  X <- model.matrix(fit)
  found <- estimate(X, data$y, as.vector(t(coef(fit))))
  # nnet stops early where columns are of very different size; it never ends above the maximum.
  stopifnot(found$loglik > -fit$value - 1e-6, found$score < 1e-8)
  terms <- delete.response(fit$terms)
  matrix_of <- function(rows) model.matrix(terms, model.frame(terms, rows, xlev = fit$xlevels))
  moved <- function(rows, variable, by) { rows[[variable]] <- rows[[variable]] + by; rows }
  average <- function(rows) colMeans(probabilities(found$b, matrix_of(rows)))
  slopes <- function(variable) {
    as.vector(jacobian(function(by) average(moved(data, variable, by)), 0))
  }
  step <- average(moved(data, "x", 0.5)) - average(data)
  list(formula = unbox(deparse1(formula)), columns = colnames(X), estimate = found$b, se = found$se,
       loglik = unbox(found$loglik), x = slopes("x"), z = slopes("z"), step = step,
       new = as.vector(t(probabilities(found$b, matrix_of(new)))))
}

models <- lapply(list(
  y ~ x + I(x^2) + z,
  y ~ log(x) * z + g,
  y ~ log2(x) + log10(x + 1):z + exp(z) + abs(z),
  y ~ log1p(x) + I(abs(z - 5)^1.5),
  y ~ sqrt(x) + x:z + I(x * z^2 / 3),
  y ~ poly(x, 3) * h + z,
  y ~ poly(z, 2, raw = TRUE) + scale(x) + scale(log(x)):scale(z),
  y ~ ns(x, 3) + ns(z, 4),
  y ~ ns(log(x), 1) + z:ns(z, 2),
  y ~ x + z - 1,
  y ~ 0 + g + x + h + z,
  y ~ g:x + z - 1,
  y ~ (x + z + g)^2,
  y ~ h / x + z,
  y ~ g + g %in% x + z,
  y ~ .
), model)
write_json(list(models = models), file.path(folder, "formulas.json"), digits = I(15), pretty = TRUE)
