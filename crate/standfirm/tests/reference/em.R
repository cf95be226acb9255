# The maximum likelihood mean and covariance of the variables of index:comtrade_mi and regime:comtrade_mi on the 789
# episodes whose outcome is known, missing values and all: Amelia's EM run to a tolerance of 1e-12, not resampled.
# Capabilities are compared by the logarithm of their ratio: of the ratio itself a single episode has most of the variance,
# and Amelia's EM does not come to that tolerance in minutes.
#
#   Rscript em.R > em.json
#
# R 4.2, Amelia 1.8.1.
suppressPackageStartupMessages({
  library(Amelia)
  library(jsonlite)
})
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
episodes <- read.csv(file.path(here, "../../../../data/episodes.csv"), na.strings = "")
episodes <- episodes[!is.na(episodes$outcome), ]
controls <- c(
  "t_gdp", "s_gdp", "ln_cinc_ratio", "ln_distance", "sender_usa", "post_coldwar", "is_security", "is_econ",
  "is_hrts", "financial", "targeted", "institution", "past_success", "multiple"
)
dummies <- function(name) {
  levels <- sort(unique(na.omit(episodes[[name]])))[-1]
  x <- sapply(levels, function(level) episodes[[name]] == level)
  colnames(x) <- sprintf("%s[%s]", name, levels)
  x
}
run <- function(explanation) {
  x <- cbind(
    dummies("outcome"), if (is.character(episodes[[explanation]])) dummies(explanation) else episodes[explanation],
    ln_dependence = episodes$ln_comtrade_import_share, episodes[controls], dummies("sender_regime")
  )
  scaled <- scale(as.matrix(x))
  stacked <- Amelia:::amstack(scaled, colorder = FALSE, NULL)$x
  theta <- Amelia:::emarch(stacked, p2s = 0, startvals = 1, tolerance = 1e-12, autopri = 0)$thetanew
  s <- attr(scaled, "scaled:scale")
  list(
    columns = colnames(x), mean = unname(theta[-1, 1] * s + attr(scaled, "scaled:center")),
    covariance = unname(theta[-1, -1] * outer(s, s))
  )
}
cat(toJSON(list(personalist_index = run("personalist_index"), target_regime = run("target_regime")), digits = NA), "\n", sep = "")
