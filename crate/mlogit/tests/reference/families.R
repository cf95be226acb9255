#!/usr/bin/env Rscript
# Reference numbers for families.rs: Rscript crate/mlogit/tests/reference/families.R
#
# Reads inference.csv and writes families.json beside itself: the rows that a condition chooses (subset), the average slopes
# of a model of them with their joint covariance (numerical derivatives), p-values and intervals that allow for several slopes
# (p.adjust, package mvtnorm: qmvnorm and pmvnorm, whose errors are below 1e-4), and tests of nested models: likelihood ratio,
# and Wald with the robust covariance (package sandwich). Made with R 4.2.2, nnet 7.3-18, mvtnorm 1.1-3, sandwich 3.0-2.

suppressPackageStartupMessages({
  library(nnet)
  library(mvtnorm)
  library(sandwich)
  library(jsonlite)
})
folder <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
data <- read.csv(file.path(folder, "inference.csv"))
data$row <- seq_len(nrow(data))
chosen <- subset(data, (x >= -1 & !(school %in% c(3, 7))) | g == "q" & z < x)

maximum <- function(formula, data) {
  fit <- do.call(multinom, list(formula, data, trace = FALSE, maxit = 1000, reltol = 1e-14))
  X <- model.matrix(formula, data)
  Y <- outer(data$y, c("b", "c"), "==") * 1
  k <- ncol(X)
  b <- as.vector(t(coef(fit)))
  for (step in 1:10) {
    e <- exp(cbind(0, X %*% matrix(b, k)))
    p <- (e / rowSums(e))[, -1]
    scores <- cbind((Y[, 1] - p[, 1]) * X, (Y[, 2] - p[, 2]) * X)
    I <- matrix(0, 2 * k, 2 * k)
    for (j in 1:2) for (l in 1:2) {
      I[(j - 1) * k + 1:k, (l - 1) * k + 1:k] <- crossprod(X, X * p[, j] * ((j == l) - p[, l]))
    }
    b <- b + solve(I, colSums(scores))
  }
  loglik <- sum(log((e / rowSums(e))[cbind(seq_along(data$y), match(data$y, c("a", "b", "c")))]))
  structure(list(b = b, X = X, scores = scores, bread = solve(I), loglik = loglik), class = "maximum")
}
estfun.maximum <- function(x, ...) x$scores
bread.maximum <- function(x, ...) x$bread * nrow(x$scores)
nobs.maximum <- function(object, ...) nrow(object$scores)
coef.maximum <- function(object, ...) object$b

large <- maximum(y ~ x + z + d, chosen)
small <- maximum(y ~ x, chosen)
k <- ncol(large$X)

# Average slopes of every outcome along x, z and d, variable by variable.
slopes <- function(b) {
  B <- cbind(0, matrix(b, k))
  e <- exp(large$X %*% B)
  p <- e / rowSums(e)
  one <- function(v) colMeans(p * (rep(1, nrow(p)) %o% B[v, ] - rowSums(p * (rep(1, nrow(p)) %o% B[v, ]))))
  c(one(2), one(3), one(4))
}
jacobian <- sapply(seq_along(large$b), function(i) {
  # Richardson's extrapolation of central differences.
  d <- function(h) { s <- replace(numeric(length(large$b)), i, h); (slopes(large$b + s) - slopes(large$b - s)) / (2 * h) }
  (4 * d(5e-4) - d(1e-3)) / 3
})
V <- jacobian %*% large$bread %*% t(jacobian)
estimate <- slopes(large$b)
se <- sqrt(diag(V))
z <- estimate / se
p <- 2 * pnorm(-abs(z))
# Slopes of a variable sum to zero over the outcomes; mvtnorm integrates such singular distributions as well.
R <- cov2cor(V)
set.seed(1)
control <- GenzBretz(maxpts = 2e6, abseps = 1e-6, releps = 0)
critical <- qmvnorm(0.95, corr = R, tail = "both.tails", maxpts = 2e6, abseps = 1e-6, ptol = 1e-5)$quantile
single <- sapply(abs(z), function(t) 1 - pmvnorm(rep(-t, 9), rep(t, 9), corr = R, algorithm = control))

robust <- sandwich(large) * nrow(chosen) / (nrow(chosen) - 1)
extra <- c(3, 4, k + 3, k + 4)
write_json(list(
  rows = chosen$row,
  estimate = estimate, std_error = se, p_value = p,
  bonferroni = pmin(1, 9 * p), holm = p.adjust(p, "holm"), single_step = single,
  bonferroni_critical = qnorm(1 - 0.05 / 18), critical = critical,
  loglik = large$loglik,
  likelihood_ratio = 2 * (large$loglik - small$loglik),
  wald = drop(large$b[extra] %*% solve(robust[extra, extra], large$b[extra]))
), file.path(folder, "families.json"), digits = I(15), auto_unbox = TRUE, pretty = TRUE)
