#!/usr/bin/env Rscript
# Reference numbers for inference.rs: Rscript crate/mlogit/tests/reference/inference.R
#
# Writes inference.csv (nobody's data, from one seed) and inference.json beside itself. Coefficients: nnet::multinom
# gives the start, Newton's method in R the last digits, VGAM::vglm is the check. Covariances: package sandwich, told
# here what the scores of a multinomial logit are. Margins: probabilities written out in R, derivatives from numDeriv.
# Bias-reduced fit: the penalised likelihood maximised as such, by nlm and Newton's method with numerical
# derivatives. Made with R 4.2.2, nnet 7.3-18, VGAM 1.1-7, sandwich 3.0-2, numDeriv 2016.8-1.1, car 3.1-1.

suppressPackageStartupMessages({
  library(nnet)
  library(VGAM)
  library(sandwich)
  library(numDeriv)
  library(jsonlite)
})
RNGversion("4.2.0") # the generator's streams are those of this version, whichever version runs it
set.seed(19730915)
folder <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))

# --- data --------------------------------------------------------------------------------------------------------
n <- 400
school <- sample(1:25, n, replace = TRUE)
effect <- rnorm(25, 0, 0.5)[school]
x <- round(rnorm(n, 1), 4)
z <- round(runif(n, -2, 2), 4)
g <- sample(c("p", "q", "r"), n, replace = TRUE, prob = c(0.5, 0.3, 0.2))
d <- rbinom(n, 1, 0.4)
utility <- cbind(a = 0, b = 0.3 + 0.6 * x - 0.4 * z + 0.5 * x * z + 0.7 * (g == "q") + effect,
                 c = -0.2 - 0.5 * x + 0.3 * z + 0.8 * d - 0.6 * x * (g == "r"))
y <- colnames(utility)[max.col(utility - log(-log(matrix(runif(3 * n), n))), ties.method = "first")]
data <- data.frame(y, x, z, g, d, school, w = sample(1:3, n, replace = TRUE))
write.csv(data, file.path(folder, "inference.csv"), row.names = FALSE, quote = FALSE)

# --- the estimator, written out ------------------------------------------------------------------------------------
# Coefficients run equation by equation. Each returns probabilities of all outcomes, the base first.
probabilities <- function(b, X, outcomes = 3) {
  eta <- cbind(0, X %*% matrix(b, ncol(X)))
  e <- exp(eta - apply(eta, 1, max))
  e / rowSums(e)
}
scores <- function(b, X, Y) {
  r <- Y[, -1, drop = FALSE] - probabilities(b, X)[, -1, drop = FALSE]
  do.call(cbind, lapply(seq_len(ncol(r)), function(j) r[, j] * X))
}
information <- function(b, X) {
  p <- probabilities(b, X)[, -1, drop = FALSE]
  q <- ncol(p); k <- ncol(X)
  I <- matrix(0, q * k, q * k)
  for (j in 1:q) for (l in 1:q) {
    w <- p[, j] * ((j == l) - p[, l])
    I[(j - 1) * k + 1:k, (l - 1) * k + 1:k] <- crossprod(X, w * X)
  }
  I
}
loglik <- function(b, X, Y) sum(log(rowSums(Y * probabilities(b, X))))
indicators <- function(y, levels) outer(y, levels, "==") * 1
estimate <- function(X, Y, start) {
  b <- start
  for (i in 1:30) b <- b + solve(information(b, X), colSums(scores(b, X, Y)))
  b
}
fit <- function(formula, data, levels = c("a", "b", "c")) {
  X <- model.matrix(formula, data)
  Y <- indicators(data$y, levels)
  model <- multinom(update(formula, y ~ .), transform(data, y = factor(y, levels)), trace = FALSE, maxit = 500)
  b <- estimate(X, Y, as.vector(t(coef(model))))
  structure(list(b = b, X = X, Y = Y, V = solve(information(b, X)), loglik = loglik(b, X, Y)), class = "logit")
}
# What package sandwich asks of a model.
estfun.logit <- function(x, ...) scores(x$b, x$X, x$Y)
bread.logit <- function(x, ...) x$V * nrow(x$X)
nobs.logit <- function(object, ...) nrow(object$X)
coef.logit <- function(object, ...) object$b
vcov.logit <- function(object, ...) object$V
for (generic in c("estfun", "bread")) {
  registerS3method(generic, "logit", get(paste0(generic, ".logit")), envir = asNamespace("sandwich"))
}
se <- function(V) sqrt(diag(V))

formula <- ~ x * z + g * x + d
model <- fit(formula, data)
# Names as mlogit has them, in the order of R's columns.
rename <- c("(Intercept)" = "(Intercept)", x = "x", z = "z", gq = "g[q]", gr = "g[r]", d = "d", "x:z" = "x:z",
            "x:gq" = "g[q]:x", "x:gr" = "g[r]:x")
terms <- unname(rename[colnames(model$X)])
check <- vglm(update(formula, y ~ .), multinomial(refLevel = "a"), data, epsilon = 1e-12)
stopifnot(max(abs(as.vector(t(matrix(coef(check), 2))) - model$b)) < 1e-7)

# --- covariances -----------------------------------------------------------------------------------------------------
covariances <- list(
  observed = se(model$V),
  hc0 = se(sandwich(model)),
  hc1 = se(sandwich(model, adjust = TRUE)),
  robust = se(sandwich(model)) * sqrt(n / (n - 1)),
  cluster = se(vcovCL(model, data$school, type = "HC0", cadjust = TRUE)),
  cluster_uncorrected = se(vcovCL(model, data$school, type = "HC0", cadjust = FALSE)),
  dyad = se(vcovCL(model, paste(data$school, data$g), type = "HC0", cadjust = TRUE)))
expanded <- data[rep(seq_len(n), data$w), ]
weighted <- fit(formula, expanded)
weighted_covariances <- list(
  estimate = weighted$b,
  hc0 = se(sandwich(weighted)),
  hc1 = se(sandwich(weighted, adjust = TRUE)),
  cluster = se(vcovCL(weighted, expanded$school, type = "HC0", cadjust = TRUE)))

# --- tests ---------------------------------------------------------------------------------------------------------
k <- length(terms)
clustered <- vcovCL(model, data$school, type = "HC0", cadjust = TRUE)
position <- function(outcome, term) (match(outcome, c("b", "c")) - 1) * k + match(term, terms)
row <- function(...) { # factor, outcome, term, ...
  parts <- list(...); R <- numeric(2 * k)
  for (part in parts) R[position(part[[2]], part[[3]])] <- R[position(part[[2]], part[[3]])] + part[[1]]
  R
}
wald <- function(R, r, V) {
  test <- car::linearHypothesis(model, R, r, vcov. = V, coef. = model$b, test = "Chisq")
  unname(c(test[["Chisq"]][2], test[["Df"]][2], test[["Pr(>Chisq)"]][2]))
}
df.residual.logit <- function(object, ...) nrow(object$X) - length(object$b)
hypotheses <- list(
  "b: x = z" = list(rbind(row(list(1, "b", "x"), list(-1, "b", "z"))), 0),
  "d" = list(rbind(row(list(1, "b", "d")), row(list(1, "c", "d"))), c(0, 0)),
  "c: g" = list(rbind(row(list(1, "c", "g[q]")), row(list(1, "c", "g[r]"))), c(0, 0)),
  "b: 2 * x:z - d = 0.5; c: x = b: x - 1" = list(
    rbind(row(list(2, "b", "x:z"), list(-1, "b", "d")), row(list(1, "c", "x"), list(-1, "b", "x"))), c(0.5, -1)))
tests <- lapply(hypotheses, function(h) {
  R <- h[[1]]
  list(observed = wald(R, h[[2]], model$V), cluster = wald(R, h[[2]], clustered))
})
ratio <- function(smaller) {
  statistic <- 2 * (model$loglik - smaller$loglik)
  df <- length(model$b) - length(smaller$b)
  c(statistic, df, pchisq(statistic, df, lower.tail = FALSE))
}
lr <- list(d = ratio(fit(~ x * z + g * x, data)), "x:z" = ratio(fit(~ x + z + g * x + d, data)),
           "g:x" = ratio(fit(~ x * z + g + d, data)))
hausman <- function(dropped) {
  rest <- setdiff(c("a", "b", "c"), dropped)
  part <- fit(formula, data[data$y != dropped, ], rest)
  # The full model's coefficients of the second of the remaining outcomes against the first.
  own <- function(outcome) if (outcome == "a") matrix(0, k, 2 * k) else diag(2 * k)[position(outcome, terms), ]
  M <- own(rest[2]) - own(rest[1])
  difference <- part$b - as.vector(M %*% model$b)
  D <- part$V - M %*% model$V %*% t(M)
  as.numeric(t(difference) %*% solve(D, difference))
}
hausman <- lapply(c(a = "a", b = "b", c = "c"), hausman)

# --- margins -------------------------------------------------------------------------------------------------------
# Design rows of data with some variables replaced, averaged or at the means (levels at proportions, products
# recomputed).
rows <- function(...) {
  changed <- data
  values <- list(...)
  for (name in names(values)) changed[[name]] <- values[[name]]
  changed$g <- factor(changed$g, c("p", "q", "r"))
  model.matrix(formula, changed)
}
at_means <- function(x = mean(data$x), z = mean(data$z), d = mean(data$d), gq = mean(data$g == "q"),
                     gr = mean(data$g == "r")) {
  one <- c("(Intercept)" = 1, x = x, z = z, gq = gq, gr = gr, d = d, "x:z" = x * z, "x:gq" = x * gq, "x:gr" = x * gr)
  t(one[colnames(model$X)])
}
average <- function(b, X) colMeans(probabilities(b, X))
# Slopes by the chain rule on columns, their derivatives in b by numDeriv.
slope <- function(b, X, dX) {
  p <- probabilities(b, X)
  s <- cbind(0, dX %*% matrix(b, ncol(X)))
  colMeans(p * (s - rowSums(p * s)))
}
derivative <- function(variable, build, ...) { # of the design's rows: every product is linear in each variable
  low <- build(...); values <- list(...)
  current <- if (is.null(values[[variable]])) {
    if (identical(build, rows)) data[[variable]] else mean(data[[variable]])
  } else values[[variable]]
  values[[variable]] <- current + 1
  do.call(build, values) - low
}
quantity <- function(f, V = model$V) {
  J <- jacobian(f, model$b)
  list(estimate = f(model$b), std_error = sqrt(diag(J %*% V %*% t(J))))
}
margins <- list(
  "predictions, observed" = quantity(function(b) average(b, rows())),
  "predictions, z = 0.5, g = q" = quantity(function(b) average(b, rows(z = 0.5, g = "q"))),
  "predictions, z = 0.5, g = q, clustered" = quantity(function(b) average(b, rows(z = 0.5, g = "q")), clustered),
  "predictions, means" = quantity(function(b) average(b, at_means())),
  "predictions, means, x = 2, g = r" = quantity(function(b) average(b, at_means(x = 2, gq = 0, gr = 1))),
  "slopes, x" = quantity(function(b) slope(b, rows(), derivative("x", rows))),
  "slopes, z" = quantity(function(b) slope(b, rows(), derivative("z", rows))),
  "slopes, d" = quantity(function(b) slope(b, rows(), derivative("d", rows))),
  "slopes, x, z = 0.5, g = q" = quantity(function(b) slope(b, rows(z = 0.5, g = "q"), derivative("x", rows, z = 0.5, g = "q"))),
  "slopes, x, means" = quantity(function(b) slope(b, at_means(), derivative("x", at_means))),
  "slopes, g, q" = quantity(function(b) average(b, rows(g = "q")) - average(b, rows(g = "p"))),
  "slopes, g, r" = quantity(function(b) average(b, rows(g = "r")) - average(b, rows(g = "p"))),
  "comparisons, x" = quantity(function(b) average(b, rows(x = data$x + 1)) - average(b, rows())),
  "comparisons, x = 0 : 2" = quantity(function(b) average(b, rows(x = 2)) - average(b, rows(x = 0))),
  "comparisons, x = 0 : 2, ratio" = quantity(function(b) average(b, rows(x = 2)) / average(b, rows(x = 0))),
  "comparisons, x = 0 : 2, ln ratio" = quantity(function(b) log(average(b, rows(x = 2)) / average(b, rows(x = 0)))),
  "comparisons, x, means" = quantity(function(b) average(b, at_means(x = mean(data$x) + 1)) - average(b, at_means())))
# VGAM's own marginal effects of the same model, for a number: those of its margeff, without interactions.
plain <- vglm(y ~ x + z, multinomial(refLevel = "a"), data, epsilon = 1e-12)
margeff_x <- rowMeans(margeff(plain)["x", , ])[c("a", "b", "c")]
logit <- quantity(function(b) qlogis(average(b, rows(z = 0.5, g = "q"))))
bounded <- list(conf_low = plogis(logit$estimate - qnorm(0.975) * logit$std_error),
                conf_high = plogis(logit$estimate + qnorm(0.975) * logit$std_error))

# --- bias-reduced fit --------------------------------------------------------------------------------------------------
# Fewer rows, a separated category, and a model small enough for numerical derivatives.
small <- data[1:120, ]
small <- small[!(small$g == "r" & small$y == "c"), ]
X <- model.matrix(~ x + g, small); Y <- indicators(small$y, c("a", "b", "c"))
penalised <- function(b) loglik(b, X, Y) + as.numeric(determinant(information(b, X))$modulus) / 2
firth <- nlm(function(b) -penalised(b), numeric(2 * ncol(X)), gradtol = 1e-8, iterlim = 1000)$estimate
for (i in 1:5) firth <- firth - solve(hessian(penalised, firth), grad(penalised, firth))
stopifnot(max(abs(grad(penalised, firth))) < 1e-7)
firth_terms <- unname(c("(Intercept)" = "(Intercept)", x = "x", gq = "g[q]", gr = "g[r]")[colnames(X)])
# The same with the coefficients of x at zero.
free <- !(rep(firth_terms, 2) == "x")
restricted <- function(b) { full <- numeric(2 * ncol(X)); full[free] <- b; penalised(full) }
without <- nlm(function(b) -restricted(b), firth[free], gradtol = 1e-8, iterlim = 1000)$estimate
for (i in 1:5) without <- without - solve(hessian(restricted, without), grad(restricted, without))

write_json(list(
  terms = terms, outcomes = c("b", "c"), estimate = model$b, loglik = model$loglik, covariances = covariances,
  weighted = weighted_covariances, tests = tests, lr = lr, hausman = hausman, margins = margins, margeff_x = unname(margeff_x),
  bounded = bounded,
  firth = list(terms = firth_terms, rows = nrow(small), estimate = firth, std_error = se(solve(information(firth, X))),
               penalised_loglik = penalised(firth), lr_x = 2 * (penalised(firth) - restricted(without)))),
  file.path(folder, "inference.json"), digits = I(15), auto_unbox = TRUE, pretty = TRUE)
