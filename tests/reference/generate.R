#!/usr/bin/env Rscript
# Generates the data sets of this folder from one seed: Rscript tests/reference/generate.R
#
# They are nobody's data. Each holds what an estimator may stumble over: weights (with zeros), units far from 1
# and origins far from 0, an outcome of two levels, an outcome of ten.

RNGversion("4.2.0") # the generator's streams are those of this version, whichever version runs it
set.seed(19451216)

folder <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
write <- function(data, name) write.csv(data, file.path(folder, name), row.names = FALSE, quote = FALSE)

# Draws outcomes of a multinomial logit: `slopes` is terms x outcomes, the base outcome's column zero.
draw <- function(terms, slopes, levels) {
  utility <- terms %*% slopes
  gumbel <- -log(-log(matrix(runif(length(utility)), nrow(utility))))
  levels[max.col(utility + gumbel, ties.method = "first")]
}

# Four outcomes, 600 rows, an interaction with a category, frequency weights from 0 to 5.
n <- 600
income <- round(exp(rnorm(n, 3, 0.5)), 2)
age <- sample(18:80, n, replace = TRUE)
region <- sample(c("north", "east", "south"), n, replace = TRUE, prob = c(0.5, 0.2, 0.3))
owner <- rbinom(n, 1, 0.4)
terms <- cbind(1, log(income) - 3, (age - 50) / 20, region == "north", region == "east", owner,
               (region == "east") * (log(income) - 3))
slopes <- cbind(0, c(0.4, 0.8, -0.3, 0.5, -0.4, 0.2, 0.6), c(-0.2, -0.5, 0.4, 0.1, 0.7, -0.6, -0.9),
                c(-0.8, 0.3, 0.2, -0.7, 0.3, 0.5, 0.4))
write(data.frame(mode = draw(terms, slopes, c("bus", "car", "train", "walk")), income, age, region, owner,
                 count = sample(0:5, n, replace = TRUE, prob = c(1, 6, 4, 3, 2, 1))), "weighted.csv")

# Three outcomes, 500 rows: an origin of a million, a unit of a millionth, both, and a unit of a billion.
n <- 500
z <- matrix(rnorm(4 * n), n)
z[, 4] <- 0.6 * z[, 3] + 0.8 * z[, 4]
slopes <- cbind(0, c(0.3, 0.7, -0.5, 0.4, 0.2), c(-0.4, -0.6, 0.3, 0.8, -0.7))
write(data.frame(y = draw(cbind(1, z), slopes, c("low", "middle", "high")),
                 shifted = sprintf("%.6f", 1e6 + z[, 1]), small = sprintf("%.6e", 1e-6 * z[, 2]),
                 both = sprintf("%.9f", 1 + 1e-3 * z[, 3]), large = sprintf("%.0f", 1e9 * z[, 4] - 1e12)),
      "units.csv")

# Two outcomes, 300 rows.
n <- 300
dose <- round(runif(n, 0, 10), 3)
arm <- sample(c("placebo", "treatment"), n, replace = TRUE)
terms <- cbind(1, dose - 5, arm == "treatment", (dose - 5) * (arm == "treatment"))
write(data.frame(response = draw(terms, cbind(0, c(-0.3, 0.2, 0.6, 0.25)), c("no", "yes")), dose, arm),
      "binary.csv")

# Ten outcomes, 1500 rows, four covariates.
n <- 1500
x <- round(matrix(rnorm(4 * n), n), 4)
slopes <- cbind(0, rbind(round(seq(0.6, -1.2, length.out = 9), 2), round(matrix(rnorm(36, 0, 0.5), 4), 2)))
write(data.frame(y = draw(cbind(1, x), slopes, sprintf("o%02d", 0:9)), x1 = x[, 1], x2 = x[, 2], x3 = x[, 3],
                 x4 = x[, 4]), "ten.csv")
