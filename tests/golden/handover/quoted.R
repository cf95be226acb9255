# party ~ `2nd round` * sex + region + age
# A multinomial logit. The base outcome, with which the others are compared, is Die Grünen.
# Written by Standfirm 0.1.0, whose numbers it gives again: log-likelihood -457.838992041, 383 rows.
# Needs nnet, which comes with R.

library(nnet)

# ---- The data ----
# Every cell as text: what a column is, is said below.
raw <- read.csv(
  "survey.csv", colClasses = "character", na.strings = c("", "NA", "na", "NaN", "nan"),
  check.names = FALSE, fileEncoding = "UTF-8-BOM")
# Of levels the first is the base: R would sort them, and by the locale.
data <- data.frame(check.names = FALSE,
  party = factor(raw$party, levels = c("Die Grünen", "don't know", "labour", "tory, old")),
  `2nd round` = as.numeric(raw$`2nd round`),
  sex = factor(raw$sex, levels = c("f", "m")),
  region = factor(raw$region, levels = c("north", "south east", "Île")),
  age = as.numeric(raw$age)
)
# Rows in which something is missing are left out: party (10), region (15) and age (12).
data <- na.omit(data)
stopifnot(nrow(data) == 383)

# ---- The fit ----
model <- party ~ `2nd round` + sex + region + age + `2nd round`:sex
fit <- multinom(model, data, trace = FALSE, maxit = 1000, MaxNWts = 100000)
# With the package marginaleffects, avg_predictions(fit), avg_slopes(fit) and avg_comparisons(fit)
# say much of what follows in one line each, to the digits of `fit`.

# The columns of the model, on these rows or on others.
columns <- function(d) {
  X <- model.matrix(delete.response(fit$terms), model.frame(delete.response(fit$terms), d))
  colnames(X) <- c(
    "(Intercept)", "2nd round", "sex[m]", "region[south east]", "region[Île]", "age",
    "2nd round:sex[m]")
  X
}
X <- columns(data)
y <- as.integer(data$party)
outcomes <- levels(data$party)
w <- rep(1, nrow(data))
n <- nrow(X); K <- ncol(X); J <- length(outcomes)
start <- t(matrix(coef(fit), nrow = J - 1))

probabilities <- function(X, B) {
  eta <- cbind(0, X %*% B)
  p <- exp(eta - apply(eta, 1, max))
  p / rowSums(p)
}
loglik <- function(X, B) sum(w * log(probabilities(X, B)[cbind(seq_len(n), y)]))
scores <- function(X, P) do.call(cbind, lapply(2:J, function(j) X * ((y == j) - P[, j])))
information <- function(X, P) {
  blocks <- lapply(2:J, function(j) {
    do.call(cbind, lapply(2:J, function(l) crossprod(X, w * P[, j] * ((j == l) - P[, l]) * X)))
  })
  do.call(rbind, blocks)
}

# multinom stops when six or eight digits stand; Newton's method goes on from there to the last. It works
# on orthonormal columns (Q), so that units do not matter, and halves a step that would lead down.
QR <- qr(X, tol = 0)
Q <- qr.Q(QR) * sqrt(n)
R <- qr.R(QR) / sqrt(n)
G <- R %*% start
for (iteration in 1:100) {
  P <- probabilities(Q, G)
  step <- matrix(solve(information(Q, P), colSums(w * scores(Q, P))), ncol = J - 1)
  now <- loglik(Q, G)
  while (!isTRUE(loglik(Q, G + step) >= now - 1e-9 * abs(now)) && max(abs(step)) > 1e-10) step <- step / 2
  G <- G + step
  if (max(abs(step)) < 1e-9) break
}
stopifnot(iteration < 100)

P <- probabilities(Q, G)
S <- scores(Q, P)
inverse <- solve(information(Q, P))
# Standard errors from the information.
V <- inverse
# From the orthonormal columns back to the columns as they are.
turn <- backsolve(R, diag(K))
B <- turn %*% G
back <- kronecker(diag(J - 1), turn)

z <- qnorm(0.975)
finished <- function(table) {
  table$statistic <- table$estimate / table$std.error
  table$p.value <- 2 * pnorm(-abs(table$statistic))
  table$conf.low <- table$estimate - z * table$std.error
  table$conf.high <- table$estimate + z * table$std.error
  table
}
coefficients <- finished(data.frame(
  outcome = rep(outcomes[-1], each = K), term = rep(colnames(X), J - 1),
  estimate = c(B), std.error = sqrt(diag(back %*% V %*% t(back)))
))
log_likelihood <- loglik(Q, G)
cat("Log-likelihood", format(log_likelihood, digits = 14), "\n")
print(coefficients, digits = 10)

# ---- Predictions, slopes, comparisons ----
# An average over rows with parts a of it: of probabilities, or of their derivatives where columns move as D
# says. Each comes with its gradient by the coefficients of the orthonormal columns, for the delta method.
averaged <- function(X, a) {
  X <- X %*% turn
  P <- probabilities(X, G)
  by <- function(m, j) crossprod(X, a * P[, m] * ((m == j) - P[, j]))
  list(estimate = colSums(a * P), gradient = gradient(by))
}
slope <- function(X, D, a) {
  X <- X %*% turn
  D <- D %*% turn
  P <- probabilities(X, G)
  S <- cbind(0, D %*% G)
  S <- S - rowSums(P * S)
  by <- function(m, j) {
    crossprod(X, a * P[, m] * (((m == j) - P[, j]) * S[, m] - P[, j] * S[, j])) +
      crossprod(D, a * P[, m] * ((m == j) - P[, j]))
  }
  list(estimate = colSums(a * P * S), gradient = gradient(by))
}
gradient <- function(by) {
  matrix(unlist(lapply(1:J, function(m) lapply(2:J, function(j) by(m, j)))), ncol = J)
}
minus <- function(high, low) {
  list(estimate = high$estimate - low$estimate, gradient = high$gradient - low$gradient)
}
row_of <- function(variable, contrast, at, e) {
  std.error <- sqrt(colSums(e$gradient * (V %*% e$gradient)))
  data.frame(variable, contrast, at, outcome = outcomes, estimate = e$estimate, std.error)
}

# Each row's part of an average, and rows in which some variables are held.
a <- w / sum(w)
hold <- function(.rows, ...) {
  values <- list(...)
  for (name in names(values)) {
    if (is.factor(.rows[[name]])) values[[name]] <- factor(values[[name]], levels(.rows[[name]]))
    .rows[[name]] <- values[[name]]
  }
  .rows
}
# How the columns move along each variable: their derivatives by it.
moving <- list(
  `2nd round` = function(d) {
    D <- 0 * columns(d)
    D[, "2nd round"] <- 1
    D[, "2nd round:sex[m]"] <- (d$sex == "m")
    D
  },
  age = function(d) {
    D <- 0 * columns(d)
    D[, "age"] <- 1
    D
  }
)

predictions <- finished(rbind(
  row_of("", "", "2nd round = 0.5", averaged(columns(hold(data, `2nd round` = 0.5)), a)),
  row_of("", "", "2nd round = 1, region = Île", averaged(columns(hold(data, `2nd round` = 1, region = "Île")), a))
))
print(predictions[c("at", "outcome", "estimate", "std.error", "conf.low", "conf.high")], digits = 10)

slopes <- finished(rbind(
  row_of("2nd round", "dY/dX", "2nd round = 0.5", slope(
    columns(hold(data, `2nd round` = 0.5)),
    moving$`2nd round`(hold(data, `2nd round` = 0.5)), a)),
  row_of("sex", "m - f", "2nd round = 0.5", minus(
    averaged(columns(hold(data, `2nd round` = 0.5, sex = "m")), a),
    averaged(columns(hold(data, `2nd round` = 0.5, sex = "f")), a))),
  row_of("region", "south east - north", "2nd round = 0.5", minus(
    averaged(columns(hold(data, `2nd round` = 0.5, region = "south east")), a),
    averaged(columns(hold(data, `2nd round` = 0.5, region = "north")), a))),
  row_of("region", "Île - north", "2nd round = 0.5", minus(
    averaged(columns(hold(data, `2nd round` = 0.5, region = "Île")), a),
    averaged(columns(hold(data, `2nd round` = 0.5, region = "north")), a))),
  row_of("age", "dY/dX", "2nd round = 0.5", slope(
    columns(hold(data, `2nd round` = 0.5)),
    moving$age(hold(data, `2nd round` = 0.5)), a)),
  row_of("2nd round", "dY/dX", "2nd round = 1, region = Île", slope(
    columns(hold(data, `2nd round` = 1, region = "Île")),
    moving$`2nd round`(hold(data, `2nd round` = 1, region = "Île")), a)),
  row_of("sex", "m - f", "2nd round = 1, region = Île", minus(
    averaged(columns(hold(data, `2nd round` = 1, region = "Île", sex = "m")), a),
    averaged(columns(hold(data, `2nd round` = 1, region = "Île", sex = "f")), a))),
  row_of("region", "south east - north", "2nd round = 1, region = Île", minus(
    averaged(columns(hold(data, `2nd round` = 1, region = "south east")), a),
    averaged(columns(hold(data, `2nd round` = 1, region = "north")), a))),
  row_of("region", "Île - north", "2nd round = 1, region = Île", minus(
    averaged(columns(hold(data, `2nd round` = 1, region = "Île")), a),
    averaged(columns(hold(data, `2nd round` = 1, region = "north")), a))),
  row_of("age", "dY/dX", "2nd round = 1, region = Île", slope(
    columns(hold(data, `2nd round` = 1, region = "Île")),
    moving$age(hold(data, `2nd round` = 1, region = "Île")), a))
))
print(slopes, digits = 10)

comparisons <- finished(rbind(
  row_of("2nd round", "+2", "2nd round = 0.5", minus(
    averaged(columns(hold(data, `2nd round` = 2.5)), a),
    averaged(columns(hold(data, `2nd round` = 0.5)), a))),
  row_of("region", "south east - north", "2nd round = 0.5", minus(
    averaged(columns(hold(data, `2nd round` = 0.5, region = "south east")), a),
    averaged(columns(hold(data, `2nd round` = 0.5, region = "north")), a))),
  row_of("region", "Île - north", "2nd round = 0.5", minus(
    averaged(columns(hold(data, `2nd round` = 0.5, region = "Île")), a),
    averaged(columns(hold(data, `2nd round` = 0.5, region = "north")), a))),
  row_of("sex", "m - f", "2nd round = 0.5", minus(
    averaged(columns(hold(data, `2nd round` = 0.5, sex = "m")), a),
    averaged(columns(hold(data, `2nd round` = 0.5, sex = "f")), a))),
  row_of("age", "60 - 30", "2nd round = 0.5", minus(
    averaged(columns(hold(data, `2nd round` = 0.5, age = 60)), a),
    averaged(columns(hold(data, `2nd round` = 0.5, age = 30)), a))),
  row_of("2nd round", "+2", "2nd round = 1, region = Île", minus(
    averaged(columns(hold(data, region = "Île", `2nd round` = 3)), a),
    averaged(columns(hold(data, `2nd round` = 1, region = "Île")), a))),
  row_of("region", "south east - north", "2nd round = 1, region = Île", minus(
    averaged(columns(hold(data, `2nd round` = 1, region = "south east")), a),
    averaged(columns(hold(data, `2nd round` = 1, region = "north")), a))),
  row_of("region", "Île - north", "2nd round = 1, region = Île", minus(
    averaged(columns(hold(data, `2nd round` = 1, region = "Île")), a),
    averaged(columns(hold(data, `2nd round` = 1, region = "north")), a))),
  row_of("sex", "m - f", "2nd round = 1, region = Île", minus(
    averaged(columns(hold(data, `2nd round` = 1, region = "Île", sex = "m")), a),
    averaged(columns(hold(data, `2nd round` = 1, region = "Île", sex = "f")), a))),
  row_of("age", "60 - 30", "2nd round = 1, region = Île", minus(
    averaged(columns(hold(data, `2nd round` = 1, region = "Île", age = 60)), a),
    averaged(columns(hold(data, `2nd round` = 1, region = "Île", age = 30)), a)))
))
print(comparisons, digits = 10)
