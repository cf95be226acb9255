# Data with values missing, and the maximum likelihood mean and covariance of their columns, by the EM of R's Amelia
# run to a tolerance of 1e-13, without and with its ridge prior.
#
#   Rscript imputation.R
#
# writes imputation.csv and imputation.json. R 4.2, Amelia 1.8.1.
suppressPackageStartupMessages({
  library(Amelia)
  library(jsonlite)
})
set.seed(73)
n <- 240
a <- rnorm(n, 50, 8)
b <- 0.03 * a + rnorm(n)
kind <- c("blue", "green", "red")[1 + (b + rnorm(n) > 1) + (b + rnorm(n) > 2.2)]
share <- plogis(0.05 * (a - 50) + rnorm(n) - (kind == "red"))
flag <- rbinom(n, 1, plogis(a / 10 - 5))
data <- data.frame(a, b, kind, share, flag)
data$b[runif(n) < plogis((a - 60) / 8)] <- NA
data$kind[runif(n) < 0.15] <- NA
data$share[runif(n) < plogis(-1.5 + 1.2 * flag)] <- NA
data$flag[runif(n) < 0.1] <- NA
write.csv(data, "imputation.csv", row.names = FALSE, quote = FALSE)
# As written: the digits of the file are the data.
data <- read.csv("imputation.csv", na.strings = "NA")

x <- cbind(
  a = data$a, b = data$b, `kind[green]` = data$kind == "green", `kind[red]` = data$kind == "red",
  share = data$share, flag = data$flag
)
scaled <- scale(x)
stacked <- Amelia:::amstack(scaled, colorder = FALSE, NULL)$x
em <- function(ridge) {
  theta <- Amelia:::emarch(
    stacked, p2s = 0, startvals = 1, tolerance = 1e-13, empri = ridge, autopri = 0
  )$thetanew
  s <- attr(scaled, "scaled:scale")
  list(mean = theta[-1, 1] * s + attr(scaled, "scaled:center"), covariance = theta[-1, -1] * outer(s, s))
}
write(toJSON(list(columns = colnames(x), em = em(0), ridge = 12, em_ridge = em(12)), digits = NA), "imputation.json")
