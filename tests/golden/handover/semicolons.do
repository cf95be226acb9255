* party ~ log(income) + `2nd round` * region + I(far - 1000000)
* A multinomial logit. The base outcome, with which the others are compared, is Die Grünen.
* Written by Standfirm 0.1.0, whose numbers it gives again: log-likelihood -484.074619346, 380 rows.
* For Stata 15 or later.

version 15

* ---- The data ----
* Every cell as text: what a column is, is said below.
import delimited using "survey.csv", delimiters(";") varnames(nonames) rowrange(4) ///
    stringcols(_all) bindquotes(strict) encoding("Windows-1252") clear
* Names that Stata does not take are changed; labels have them as they are.
rename v1 party
label variable party "party"
rename v3 income
label variable income "income"
rename v4 v_2nd_round
label variable v_2nd_round "2nd round"
rename v5 region
label variable region "region"
rename v14 far
label variable far "far"
replace party = "" if inlist(strtrim(party), "NA", "na", "NaN", "nan")
label define party_ 1 "Die Grünen" 2 `"don't know"' 3 "labour" 4 "tory, old"
encode party, generate(party_) label(party_)
replace party_ = . if party_ > 4
replace income = "" if inlist(strtrim(income), "NA", "na", "NaN", "nan")
destring income, replace force ignore(`"'"') dpcomma
replace v_2nd_round = "" if inlist(strtrim(v_2nd_round), "NA", "na", "NaN", "nan")
destring v_2nd_round, replace force ignore(`"'"') dpcomma
replace region = "" if inlist(strtrim(region), "NA", "na", "NaN", "nan")
label define region_ 1 "north" 2 "south east" 3 "Île"
encode region, generate(region_) label(region_)
replace region_ = . if region_ > 3
replace far = "" if inlist(strtrim(far), "NA", "na", "NaN", "nan")
destring far, replace force ignore(`"'"') dpcomma
* Rows in which something is missing are left out: party (12), income (16) and region (12).
drop if missing(party_, income, v_2nd_round, region_, far)
count
assert r(N) == 380

* ---- The fit ----
generate double f_1 = ln(income)
label variable f_1 "ln(income)"
generate double f_2 = far - 1000000
label variable f_2 "far - 1000000"
* The first level of the outcome is the base: Stata would take the commonest.
mlogit party_ c.f_1 c.v_2nd_round ib1.region_ c.f_2 c.v_2nd_round#ib1.region_ ///
   , baseoutcome(1) nrtolerance(1e-12)
display "Log-likelihood " %18.9f e(ll)
matrix list e(b), format(%16.0g)

* ---- Predictions, slopes, comparisons ----
* margins follows variables through factors and products, not through functions that were made as
* variables of their own: where a variable has a part in one, slopes and comparisons of it are
* Standfirm's alone.
* The slope along income goes through a function: see above.
margins, dydx(v_2nd_round)
margins, dydx(region_)
* The slope along far goes through a function: see above.
