# The distribution of the pooled estimates of models index:comtrade_mi and regime:comtrade_mi over seeds, by
# Amelia II (bootstrap-EM) on the study's own episodes.
#
#   Rscript imputation.R [seeds] > imputation.json
#
# One line of JSON for each model: for each coefficient the mean and standard deviation over seeds of the pooled
# estimate, and the mean of its total variance, each from m = 20 imputations. Dependence alone is imputed, from the
# outcome, the model's variables and the COW import shares of the year and the year before: the same variables and bounds
# as crate/standfirm/src/fitting/imputation.rs. R 4.2, Amelia 1.8.1.
suppressPackageStartupMessages({
  library(Amelia)
  library(jsonlite)
})
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
seeds <- as.integer(c(commandArgs(TRUE), 100)[1])
m <- 20

episodes <- read.csv(file.path(here, "../../../../data/episodes.csv"), na.strings = "")
controls <- c(
  "t_gdp", "s_gdp", "cinc_ratio", "ln_distance", "sender_usa", "post_coldwar", "is_security", "is_econ",
  "is_hrts", "financial", "targeted", "institution", "past_success", "multiple", "sender_regime"
)
auxiliaries <- c("ln_import_share", "ln_import_share_lag")

# Multinomial logit by Newton's method; outcomes in columns of y without the base.
newton <- function(x, y) {
  k <- ncol(x); j <- ncol(y); beta <- matrix(0, k, j)
  for (iteration in 1:50) {
    p <- exp(x %*% beta); p <- p / (1 + rowSums(p))
    gradient <- as.vector(crossprod(x, y - p))
    information <- matrix(0, k * j, k * j)
    for (a in 1:j) for (b in 1:j) {
      rows <- (a - 1) * k + 1:k; columns <- (b - 1) * k + 1:k
      information[rows, columns] <- crossprod(x, x * (p[, a] * ((a == b) - p[, b])))
    }
    step <- solve(information, gradient)
    beta <- beta + step
    if (sum(step * gradient) < 1e-12) break
  }
  list(estimate = as.vector(beta), variance = diag(solve(information)))
}

run <- function(explanation) {
  frame <- cbind(
    outcome = episodes$outcome, episodes[explanation], ln_dependence = episodes$ln_comtrade_import_share,
    episodes[c(controls, auxiliaries)]
  )
  frame <- frame[complete.cases(frame[c("outcome", explanation, controls)]), ]
  # Amelia leaves out the dummy of the level that appears first: let that be the first in alphabetical order.
  nominal <- intersect(c("outcome", "target_regime", "sender_regime"), names(frame))
  for (name in nominal) frame[[name]] <- factor(frame[[name]])
  first <- which(frame$sender_regime == "democracy" & (explanation != "target_regime" | frame[[explanation]] == "democracy"))[1]
  frame <- frame[c(first, setdiff(seq_len(nrow(frame)), first)), ]
  limits <- matrix(c(match("ln_dependence", names(frame)), 0, log(1001)), 1)
  levels <- if (explanation == "target_regime") c("personalist", "democracy", "nonpersonalist")
  pooled <- lapply(seq_len(seeds), function(seed) {
    set.seed(seed)
    imputed <- amelia(frame, m = m, p2s = 0, noms = nominal, bounds = limits, max.resample = 100)
    stopifnot(imputed$code == 1)
    fits <- lapply(imputed$imputations, function(data) {
      if (!is.null(levels)) data$target_regime <- factor(data$target_regime, levels)
      formula <- reformulate(c(paste(explanation, "* ln_dependence"), controls))
      y <- outer(as.character(data$outcome), c("concession", "imposition"), "==") * 1
      x <- model.matrix(formula, data)
      c(newton(x, y), list(names = colnames(x)))
    })
    q <- sapply(fits, `[[`, "estimate"); u <- sapply(fits, `[[`, "variance")
    cat(explanation, seed, format(Sys.time(), "%T"), "\n", file = stderr())
    b <- apply(q, 1, var); total <- rowMeans(u) + (1 + 1 / m) * b
    list(
      estimate = rowMeans(q), total = total, lambda = (1 + 1 / m) * b / total, names = fits[[1]]$names,
      iterations = mean(sapply(imputed$iterHist, nrow))
    )
  })
  names <- pooled[[1]]$names
  for (level in c("democracy", "nonpersonalist", "personalist")) {
    names <- sub(paste0("_regime", level), paste0("_regime[", level, "]"), names)
  }
  estimate <- sapply(pooled, `[[`, "estimate")
  list(
    model = paste0(if (explanation == "target_regime") "regime" else "index", ":comtrade_mi"),
    n = nrow(frame), m = m, seeds = seeds, amelia = as.character(packageVersion("Amelia")),
    mean_iterations = mean(sapply(pooled, `[[`, "iterations")),
    coefficients = data.frame(
      outcome = rep(c("concession", "imposition"), each = length(names)), term = rep(names, 2),
      mean = rowMeans(estimate), sd = apply(estimate, 1, sd),
      total_variance = rowMeans(sapply(pooled, `[[`, "total")), lambda = rowMeans(sapply(pooled, `[[`, "lambda"))
    )
  )
}

for (explanation in c("personalist_index", "target_regime")) {
  cat(toJSON(run(explanation), digits = 8, auto_unbox = TRUE), "\n", sep = "")
}
