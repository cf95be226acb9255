# Pooling by R's mice (Rubin's rules, D1 by mitml) of regressions on data imputed by mice, all seeded.
#
#   Rscript pooling.R > pooling.json
#
# R 4.2, mice 3.15.0, mitml 0.4.4.
suppressPackageStartupMessages({
  library(mice)
  library(jsonlite)
})
set.seed(71)
n <- 90
data <- data.frame(x1 = rnorm(n), x2 = rnorm(n))
data$x3 <- 0.6 * data$x1 + rnorm(n)
data$y <- 1 + 0.5 * data$x1 - 0.2 * data$x2 + 0.1 * data$x3 + rnorm(n)
data$x1[runif(n) < 0.3] <- NA
data$x3[runif(n) < plogis(data$y - 1)] <- NA
imputed <- mice(data, m = 6, method = "norm", maxit = 10, seed = 72, printFlag = FALSE)
fits <- with(imputed, lm(y ~ x1 + x2 + x3))

coefficients <- function(dfcom) {
  pooled <- pool(fits, dfcom = dfcom)
  table <- pooled$pooled
  test <- summary(pooled, conf.int = TRUE)
  list(
    estimate = table$estimate, within = table$ubar, between = table$b, total = table$t, riv = table$riv,
    lambda = table$lambda, fmi = table$fmi, df = table$df, statistic = test$statistic, p_value = test$p.value,
    conf_low = test[["2.5 %"]], conf_high = test[["97.5 %"]]
  )
}
# The joint test of terms, by mitml.
wald <- function(terms, dfcom) {
  q <- sapply(fits$analyses, function(fit) coef(fit)[terms])
  u <- simplify2array(lapply(fits$analyses, function(fit) vcov(fit)[terms, terms, drop = FALSE]))
  if (length(terms) == 1) q <- matrix(q, 1)
  d <- mitml:::.D1(q, u, dfcom)
  list(
    terms = terms - 1, statistic = as.vector(d$F), df2 = d$v, relative_increase = d$r,
    p_value = pf(as.vector(d$F), d$k, d$v, lower.tail = FALSE)
  )
}
cat(toJSON(list(
  terms = names(coef(fits$analyses[[1]])), n = n,
  estimates = lapply(fits$analyses, function(fit) unname(coef(fit))),
  covariances = lapply(fits$analyses, function(fit) as.vector(vcov(fit))),
  complete_df = n - 4, pooled = coefficients(n - 4), pooled_infinite = coefficients(Inf),
  wald = wald(2:4, n - 4), wald_infinite = wald(2:4, NULL), wald_two = wald(c(2, 4), n - 4)
), digits = NA, auto_unbox = TRUE), "\n", sep = "")
