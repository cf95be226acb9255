# nnet::multinom on the work of `cargo xtask bench estimator`: Rscript estimator.R FOLDER WORK ROWS RUNS.
# Prints milliseconds a model, and the log-likelihood.
library(nnet)
arguments <- commandArgs(trailingOnly = TRUE)
folder <- arguments[1]; work <- arguments[2]
rows <- as.integer(arguments[3]); runs <- as.integer(arguments[4])
columns <- 25
data <- matrix(readBin(sprintf("%s/%d.f64", folder, rows), "double", rows * (columns + 1)), ncol = columns + 1, byrow = TRUE)
frame <- as.data.frame(data[, 1:columns])
frame$y <- factor(data[, columns + 1])
models <- if (work == "fit") {
  rep(list(frame), runs)
} else if (work == "refits") {
  counts <- matrix(as.integer(readBin(sprintf("%s/%d.resamples", folder, rows), "raw", 100 * rows)), nrow = rows)
  lapply(seq_len(runs), function(i) frame[rep(seq_len(rows), counts[, i]), ])
} else {
  half <- rows %/% 2
  lapply(seq_len(runs) - 1, function(model) {
    start <- (model * 7) %% half
    frame[start + seq_len(half), c(seq_len(15 + model %% 11), columns + 1)]
  })
}
times <- numeric(0); logliks <- numeric(0)
for (one in models) {
  start <- proc.time()[["elapsed"]]
  fit <- multinom(y ~ ., one, trace = FALSE, maxit = 1000, reltol = 1e-14, abstol = 1e-12)
  times <- c(times, 1e3 * (proc.time()[["elapsed"]] - start))
  logliks <- c(logliks, as.numeric(logLik(fit)))
}
cat(sprintf('{"ms": %.6f, "loglik": %.12f}\n', mean(times), if (work == "fit") tail(logliks, 1) else sum(logliks)))
