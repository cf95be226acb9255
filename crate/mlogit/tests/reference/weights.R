#!/usr/bin/env Rscript
# Reference numbers for inference.rs: Rscript crate/mlogit/tests/reference/weights.R
#
# Reads inference.csv and writes weights.json beside itself: standard errors with probability weights (the sandwich of
# weighted scores, times n/(n-1), as Stata's pweights have it) and of clusters of two ways, from package sandwich, which
# is told what the scores of a multinomial logit are. Made with R 4.2.2, nnet 7.3-18, sandwich 3.0-2.

suppressPackageStartupMessages({
  library(nnet)
  library(sandwich)
  library(jsonlite)
})
folder <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
data <- read.csv(file.path(folder, "inference.csv"))

maximum <- function(w) {
  fit <- multinom(y ~ x + z + d, data, weights = w, trace = FALSE, maxit = 1000, reltol = 1e-14)
  X <- model.matrix(fit)
  Y <- outer(data$y, c("b", "c"), "==") * 1
  k <- ncol(X)
  b <- as.vector(t(coef(fit)))
  for (step in 1:10) {
    e <- exp(cbind(0, X %*% matrix(b, k)))
    p <- (e / rowSums(e))[, -1]
    scores <- w * cbind((Y[, 1] - p[, 1]) * X, (Y[, 2] - p[, 2]) * X)
    I <- matrix(0, 2 * k, 2 * k)
    for (j in 1:2) for (l in 1:2) {
      I[(j - 1) * k + 1:k, (l - 1) * k + 1:k] <- crossprod(X, w * X * p[, j] * ((j == l) - p[, l]))
    }
    b <- b + solve(I, colSums(scores))
  }
  structure(list(b = b, scores = scores, bread = solve(I)), class = "maximum")
}
estfun.maximum <- function(x, ...) x$scores
bread.maximum <- function(x, ...) x$bread * nrow(x$scores)
nobs.maximum <- function(object, ...) nrow(object$scores)
coef.maximum <- function(object, ...) object$b

weighted <- maximum(data$w)
plain <- maximum(rep(1, nrow(data)))
n <- nrow(data)
# Clusters of x rounded are many and cross the schools.
data$band <- round(data$x, 1)
two <- vcovCL(plain, cluster = list(data$school, data$band), type = "HC0", multi0 = FALSE)
write_json(list(
  estimate = weighted$b,
  probability = sqrt(diag(sandwich(weighted)) * n / (n - 1)),
  two_way = sqrt(diag(two))
), file.path(folder, "weights.json"), digits = I(15), pretty = TRUE)
