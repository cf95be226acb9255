* party ~ age + I(age^2) + log(income) + sqrt(income):sex + I(income / (1 + age)) + abs(`2nd round`)
* A multinomial logit. The base outcome, with which the others are compared, is Die Grünen.
* Written by Standfirm 0.1.0, whose numbers it gives again: log-likelihood -470.984038955, 390 rows.
* For Stata 15 or later.

version 15

* ---- The data ----
* Every cell as text: what a column is, is said below.
import delimited using "survey.csv", delimiters(",") varnames(nonames) rowrange(2) ///
    stringcols(_all) bindquotes(strict) encoding("UTF-8") clear
* Names that Stata does not take are changed; labels have them as they are.
rename v1 party
label variable party "party"
rename v2 age
label variable age "age"
rename v3 income
label variable income "income"
rename v4 v_2nd_round
label variable v_2nd_round "2nd round"
rename v6 sex
label variable sex "sex"
replace party = "" if inlist(strtrim(party), "NA", "na", "NaN", "nan")
label define party_ 1 "Die Grünen" 2 `"don't know"' 3 "labour" 4 "tory, old"
encode party, generate(party_) label(party_)
replace party_ = . if party_ > 4
replace age = "" if inlist(strtrim(age), "NA", "na", "NaN", "nan")
destring age, replace force
replace income = "" if inlist(strtrim(income), "NA", "na", "NaN", "nan")
destring income, replace force
replace v_2nd_round = "" if inlist(strtrim(v_2nd_round), "NA", "na", "NaN", "nan")
destring v_2nd_round, replace force
replace sex = "" if inlist(strtrim(sex), "NA", "na", "NaN", "nan")
label define sex_ 1 "f" 2 "m"
encode sex, generate(sex_) label(sex_)
replace sex_ = . if sex_ > 2
* Rows in which something is missing are left out: party (10), age (12) and income (8).
drop if missing(party_, age, income, v_2nd_round, sex_)
count
assert r(N) == 390

* ---- The fit ----
generate double f_1 = ln(income)
label variable f_1 "ln(income)"
generate double f_2 = income / (1 + age)
label variable f_2 "income / (1 + age)"
generate double f_3 = abs(v_2nd_round)
label variable f_3 "abs(v_2nd_round)"
generate double f_4 = sqrt(income)
label variable f_4 "sqrt(income)"
* The first level of the outcome is the base: Stata would take the commonest.
mlogit party_ c.age c.age#c.age c.f_1 c.f_2 c.f_3 c.f_4#ibn.sex_ ///
   , baseoutcome(1) nrtolerance(1e-12)
display "Log-likelihood " %18.9f e(ll)
matrix list e(b), format(%16.0g)

* ---- Predictions, slopes, comparisons ----
* margins follows variables through factors and products, not through functions that were made as
* variables of their own: where a variable has a part in one, slopes and comparisons of it are
* Standfirm's alone.
margins, at(age = 50)
margins, at(f_1 = (`=ln(20)') f_4 = (`=sqrt(20)'))
* The slope along age goes through a function: see above.
* The slope along income goes through a function: see above.
* The slope along 2nd round goes through a function: see above.
margins, dydx(sex_) at(age = 50)
* The comparison of income goes through a function: see above.
* The comparison of age goes through a function: see above.
* The slope along age goes through a function: see above.
* The slope along income goes through a function: see above.
* The slope along 2nd round goes through a function: see above.
margins, dydx(sex_) at(f_1 = (`=ln(20)') f_4 = (`=sqrt(20)'))
* The comparison of income goes through a function: see above.
* The comparison of age goes through a function: see above.
