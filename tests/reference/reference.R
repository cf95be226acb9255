#!/usr/bin/env Rscript
# Reference numbers from R: Rscript tests/reference/reference.R
#
# Writes <set>.R.json beside itself. nnet::multinom (BFGS) gives the start, good to about 1e-6; Newton's method,
# written out below, takes it to the last digits. Both work on orthonormal columns made by R's QR decomposition
# of the centred model matrix; numbers are reported in the units of the data. Standard errors of predictions are
# by the delta method with a numerical Jacobian (numDeriv, Richardson extrapolation).
#
# Where a coefficient has no finite estimate (`separated` below), what is reported is the limit of the others as
# it runs to minus infinity: there its outcome has probability 0 wherever its term is 1, so that outcome is taken
# out of those rows' choice and the coefficient out of the model, and what is left has a finite maximum.

suppressPackageStartupMessages({
  library(nnet)
  library(numDeriv)
})

folder <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
software <- sprintf("R %s, nnet %s, numDeriv %s", getRversion(), packageVersion("nnet"), packageVersion("numDeriv"))

# ---- The models ----

controls <- paste("t_gdp + s_gdp + cinc_ratio + ln_distance + sender_usa + post_coldwar + is_security + is_econ +",
                  "is_hrts + financial + targeted + institution + past_success + multiple +",
                  "C(sender_regime, base = democracy)")

# Other readings of four of them, which leave fewer episodes, among them none by which a personalist sender imposed.
former <- sub("cinc_ratio", "cinc_share", controls)
former <- sub("financial", "financial_coded", former)
former <- sub("targeted", "targeted_coded", former)
former <- sub("multiple", "multiple_years", former)

# A model of the study. Average probabilities at high and at no dependence, and their differences.
study_model <- function(explanation, dependence, those = controls, separated = NULL) {
  index <- explanation == "index"
  term <- if (index) "personalist_index" else "C(target_regime, base = personalist)"
  variable <- if (index) "personalist_index" else "target_regime"
  values <- if (index) list(0, 0.5, 1) else list("personalist", "nonpersonalist", "democracy")
  comparisons <- if (index) list(c(3, 1)) else list(c(3, 1), c(2, 1))
  list(
    data = "../../data/episodes.csv",
    formula = paste("outcome ~", term, "* ln_dependence +", those),
    base = "standoff",
    dependence = paste0("ln_", dependence),
    # The high value is the 90th percentile of the estimation sample, known once there is one.
    at = function(data) {
      high <- unname(quantile(data$ln_dependence, 0.9, type = 7))
      setting <- function(dependence) lapply(values, function(value) {
        setNames(list(dependence, value), c("ln_dependence", variable))
      })
      c(setting(high), setting(0))
    },
    differences = c(comparisons, lapply(comparisons, function(pair) pair + length(values))),
    separated = separated
  )
}

keys <- expand.grid(dependence = c("trade_share", "import_share", "trade_gdp", "comtrade_import_share"),
                    explanation = c("index", "regime"), stringsAsFactors = FALSE)
study <- Map(study_model, keys$explanation, keys$dependence)
names(study) <- paste(keys$explanation, keys$dependence, sep = ":")

settings <- function(...) function(data) list(...)
sets <- list(
  study = study,
  separated = list("former:comtrade_import_share" = study_model(
    "index", "comtrade_import_share", former,
    list(outcome = "imposition", term = "sender_regime[personalist]")
  )),
  weighted = list(weighted = list(
    data = "weighted.csv", formula = "mode ~ C(region, base = south) * income + age + owner", base = "bus",
    weights = "count",
    at = settings(list(region = "east"), list(region = "south"), list(income = 10), list(income = 40),
                  list(region = "east", income = 40)),
    differences = list(c(1, 2), c(4, 3))
  )),
  units = list(units = list(
    data = "units.csv", formula = "y ~ small * large + shifted + both", base = "middle",
    at = settings(list(small = 1e-6), list(small = -1e-6), list(large = -1e12), list(shifted = 1000001)),
    differences = list(c(1, 2))
  )),
  binary = list(binary = list(
    data = "binary.csv", formula = "response ~ dose * C(arm)", base = "no",
    at = settings(list(arm = "treatment"), list(arm = "placebo"), list(dose = 0), list(dose = 10)),
    differences = list(c(1, 2), c(4, 3))
  )),
  ten = list(ten = list(
    data = "ten.csv", formula = "y ~ x1 + x2 + x3 + x4", base = "o00",
    at = settings(list(x1 = 1), list(x1 = -1), list(x2 = 2, x3 = -2)),
    differences = list(c(1, 2))
  ))
)

# ---- From data and formula to a model matrix ----

# "y ~ C(g, base = b) * x" as R has it: the formula, and the base level of each category.
read_formula <- function(text) {
  calls <- regmatches(text, gregexpr("C\\([^)]*\\)", text))[[1]]
  bases <- list()
  for (call in calls) {
    variable <- sub("^C\\((\\w+).*", "\\1", call)
    bases[[variable]] <- if (grepl("base", call)) sub(".*base = (\\w+)\\)", "\\1", call) else NA
    text <- sub(call, variable, text, fixed = TRUE)
  }
  list(formula = as.formula(text), bases = bases)
}

complete_cases <- function(model) {
  data <- read.csv(file.path(folder, model$data), na.strings = "", stringsAsFactors = FALSE)
  if (!is.null(model$dependence)) data$ln_dependence <- data[[model$dependence]]
  known <- read_formula(model$formula)
  data <- data[complete.cases(data[c(all.vars(known$formula), model$weights)]), ]
  if (!is.null(model$weights)) data <- data[data[[model$weights]] > 0, ]
  for (variable in names(known$bases)) {
    levels <- sort(unique(data[[variable]]))
    base <- known$bases[[variable]]
    data[[variable]] <- factor(data[[variable]], if (is.na(base)) levels else c(base, setdiff(levels, base)))
  }
  data
}

# The model matrix, columns named as the project names them: x[level] where R has xlevel.
model_columns <- function(terms, data) {
  columns <- model.matrix(terms, data)
  for (variable in names(Filter(is.factor, data))) for (level in levels(data[[variable]])) {
    colnames(columns) <- gsub(paste0("(^|:)", variable, level, "(:|$)"), paste0("\\1", variable, "[", level, "]\\2"),
                              colnames(columns))
  }
  columns
}

# ---- The estimator ----

# Rows x outcomes, the base outcome first; `available` says which outcomes a row can have.
probabilities <- function(eta, available) {
  eta <- cbind(0, eta)
  eta[!available] <- -Inf
  odds <- exp(eta - apply(eta, 1, max))
  odds / rowSums(odds)
}

# Maximises over the `free` ones of `start` (terms x equations).
newton <- function(start, X, Y, weights, available, free) {
  B <- start
  equations <- ncol(B)
  for (iteration in 1:100) {
    P <- probabilities(X %*% B, available)
    gradient <- crossprod(X, weights * (Y - P)[, -1, drop = FALSE])[free]
    information <- matrix(0, length(B), length(B))
    for (j in 1:equations) for (l in 1:equations) {
      curvature <- weights * P[, j + 1] * ((j == l) - P[, l + 1])
      block <- function(equation) (equation - 1) * ncol(X) + seq_len(ncol(X))
      information[block(j), block(l)] <- crossprod(X, curvature * X)
    }
    covariance <- solve(information[free, free])
    step <- covariance %*% gradient
    if (max(abs(step)) < 1e-12) break
    B[free] <- B[free] + step
  }
  stopifnot(iteration < 100)
  loglik <- sum(weights * log(rowSums(P * Y)))
  list(B = B, covariance = covariance, loglik = loglik, gradient = max(abs(gradient)))
}

fit <- function(model, key) {
  data <- complete_cases(model)
  formula <- read_formula(model$formula)$formula
  outcome <- data[[all.vars(formula)[1]]]
  outcomes <- c(model$base, setdiff(sort(unique(outcome)), model$base))
  Y <- outer(outcome, outcomes, "==") * 1
  weights <- if (is.null(model$weights)) rep(1, nrow(data)) else data[[model$weights]]
  n <- sum(weights)

  terms <- delete.response(terms(formula))
  raw <- model_columns(terms, data)
  # A separated term comes last: a triangular factor then keeps it apart from the others.
  order <- c(setdiff(colnames(raw), model$separated$term), model$separated$term)
  raw <- raw[, order]
  centre <- c(0, colMeans(raw[, -1]))
  qr <- qr(sweep(raw, 2, centre))
  stopifnot(qr$rank == ncol(raw), qr$pivot == seq_along(order))
  to_orthonormal <- backsolve(qr.R(qr), diag(ncol(raw))) * sqrt(nrow(raw))
  X <- sweep(raw, 2, centre) %*% to_orthonormal

  available <- matrix(TRUE, nrow(Y), ncol(Y))
  free <- matrix(TRUE, ncol(X), ncol(Y) - 1, dimnames = list(order, outcomes[-1]))
  if (!is.null(model$separated)) {
    free[model$separated$term, model$separated$outcome] <- FALSE
    available[raw[, model$separated$term] == 1, outcomes == model$separated$outcome] <- FALSE
    stopifnot(available[Y == 1])
  }

  rough <- multinom(factor(outcome, outcomes) ~ X - 1, weights = weights, trace = FALSE, maxit = 5000,
                    reltol = 1e-15, abstol = 1e-15)
  start <- matrix(t(coef(rough)), ncol(X))
  if (ncol(Y) == 2) start <- matrix(coef(rough), ncol(X))
  if (!is.null(model$separated)) {
    raw_start <- to_orthonormal %*% start
    raw_start[!free] <- 0
    start <- solve(to_orthonormal, raw_start)
  }
  best <- newton(start, X, Y, weights, available, free)
  if (is.null(model$separated)) stopifnot(max(abs(best$B - start)) < 1e-3)

  # Back to the units of the data: slopes, then the intercept without what centring put into it.
  back <- to_orthonormal
  back[1, ] <- back[1, ] - centre %*% back
  all_back <- kronecker(diag(ncol(Y) - 1), back)[free, free]
  estimate <- all_back %*% best$B[free]
  std_error <- sqrt(diag(all_back %*% best$covariance %*% t(all_back)))
  named <- which(free, arr.ind = TRUE)
  coefficients <- Map(function(outcome, term, estimate, std_error) {
    list(outcome = outcome, term = term, estimate = estimate, std_error = std_error)
  }, colnames(free)[named[, 2]], rownames(free)[named[, 1]], estimate, std_error)

  # Average probabilities of all outcomes at all settings, as a function of the free parameters.
  at <- model$at(data)
  replaced <- lapply(at, function(values) {
    there <- data
    for (name in names(values)) {
      there[[name]] <- if (is.factor(data[[name]])) factor(values[[name]], levels(data[[name]])) else values[[name]]
    }
    sweep(model_columns(terms, there)[, order], 2, centre) %*% to_orthonormal
  })
  averages <- function(parameters) {
    B <- best$B
    B[free] <- parameters
    c(sapply(replaced, function(X) colSums(weights * probabilities(X %*% B, available)) / n))
  }
  average <- averages(best$B[free])
  derivatives <- jacobian(averages, best$B[free])
  delta <- function(gradient) sqrt(c(gradient %*% best$covariance %*% gradient))
  one <- function(setting, outcome) (setting - 1) * ncol(Y) + outcome
  predictions <- lapply(seq_along(at), function(s) lapply(seq_along(outcomes), function(j) {
    list(at = at[[s]], outcome = outcomes[j], estimate = average[one(s, j)],
         std_error = delta(derivatives[one(s, j), ]))
  }))
  differences <- lapply(model$differences, function(pair) lapply(seq_along(outcomes), function(j) {
    a <- one(pair[1], j)
    b <- one(pair[2], j)
    estimate <- average[a] - average[b]
    std_error <- delta(derivatives[a, ] - derivatives[b, ])
    z <- estimate / std_error
    list(a = at[[pair[1]]], b = at[[pair[2]]], outcome = outcomes[j], estimate = estimate, std_error = std_error,
         statistic = z, p_value = 2 * pnorm(-abs(z)))
  }))

  counts <- colSums(weights * Y)
  parameters <- sum(free)
  limit <- !is.null(model$separated)
  cat(sprintf("%-28s n %4.0f  loglik %.10f  gradient %.1e  multinom off by %.1e\n", key, n, best$loglik,
              best$gradient, max(abs(best$B - start))))
  c(model[c("data", "formula", "base")], dependence = model$dependence, weights = model$weights, list(
    separated = if (limit) list(unname(unlist(model$separated))) else list(),
    n = n, loglik = best$loglik, loglik_null = sum(counts * log(counts / n)),
    aic = if (limit) NA else 2 * parameters - 2 * best$loglik,
    bic = if (limit) NA else parameters * log(n) - 2 * best$loglik,
    coefficients = unname(coefficients), predictions = do.call(c, predictions),
    differences = do.call(c, differences)
  ))
}

# The binary model once more by glm: other software for the same likelihood.
by_glm <- function(model) {
  data <- complete_cases(model)
  data$response <- data$response == "yes"
  fitted <- glm(read_formula(model$formula)$formula, binomial, data, epsilon = 1e-15, maxit = 100)
  table <- summary(fitted)$coefficients
  names <- colnames(model_columns(delete.response(terms(fitted)), data))
  c(model[c("data", "formula", "base")], list(
    separated = list(), n = nrow(data), loglik = c(logLik(fitted)), loglik_null = -fitted$null.deviance / 2,
    aic = AIC(fitted), bic = BIC(fitted),
    coefficients = unname(Map(function(term, estimate, std_error) {
      list(outcome = "yes", term = term, estimate = estimate, std_error = std_error)
    }, names, table[, 1], table[, 2])),
    predictions = list(), differences = list()
  ))
}

# ---- JSON with every digit: a record of plain values on one line ----

json <- function(x, indent = "") {
  if (is.list(x)) {
    short <- !any(sapply(x, is.list)) || "outcome" %in% names(x)
    inner <- if (short) "" else paste0(indent, "  ")
    items <- vapply(x, json, "", inner)
    if (!is.null(names(x))) items <- paste0("\"", names(x), "\": ", items)
    open <- if (is.null(names(x))) "[" else "{"
    close <- if (is.null(names(x))) "]" else "}"
    if (length(x) == 0) return("[]")
    if (short) return(paste0(open, paste(items, collapse = ", "), close))
    return(paste0(open, "\n", paste0(inner, items, collapse = ",\n"), "\n", indent, close))
  }
  if (length(x) > 1) return(paste0("[", paste(vapply(x, json, ""), collapse = ", "), "]"))
  if (is.na(x)) "null" else if (is.character(x)) paste0("\"", x, "\"") else sprintf("%.17g", x)
}

for (set in names(sets)) {
  models <- Map(fit, sets[[set]], names(sets[[set]]))
  if (set == "binary") models[["binary:glm"]] <- by_glm(sets$binary$binary)
  writeLines(json(list(software = software, models = models)), file.path(folder, paste0(set, ".R.json")))
}
