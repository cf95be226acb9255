* party ~ age * region + poly(income, 2) + sex + log(income)
* A multinomial logit. The base outcome, with which the others are compared, is Die Grünen.
* Written by Standfirm 0.1.0, whose numbers it gives again: log-likelihood -626.180382010, 272 rows,
* for 548 observations.
* For Stata 15 or later.

version 15

* ---- The data ----
* Every cell as text: what a column is, is said below.
import delimited using "survey.csv", delimiters(",") varnames(1) case(preserve) ///
    stringcols(_all) bindquotes(strict) encoding("UTF-8") clear
replace party = "" if inlist(strtrim(party), "NA", "na", "NaN", "nan")
label define party_ 1 "Die Grünen" 2 `"don't know"' 3 "labour" 4 "tory, old"
encode party, generate(party_) label(party_)
replace party_ = . if party_ > 4
replace age = "" if inlist(strtrim(age), "NA", "na", "NaN", "nan")
destring age, replace force
replace region = "" if inlist(strtrim(region), "NA", "na", "NaN", "nan")
label define region_ 1 "north" 2 "south east" 3 "Île"
encode region, generate(region_) label(region_)
replace region_ = . if region_ > 3
replace income = "" if inlist(strtrim(income), "NA", "na", "NaN", "nan")
destring income, replace force
replace sex = "" if inlist(strtrim(sex), "NA", "na", "NaN", "nan")
label define sex_ 1 "f" 2 "m"
encode sex, generate(sex_) label(sex_)
replace sex_ = . if sex_ > 2
replace w = "" if inlist(strtrim(w), "NA", "na", "NaN", "nan")
destring w, replace force
* Rows in which something is missing are left out: party (10), age (12), region (15) and income (8).
drop if missing(party_, age, region_, income, sex_, w)
drop if w == 0
count
assert r(N) == 272

* ---- The fit ----
* orthpoly makes R's poly(income, 2) times the root of the number of rows: coefficients are smaller
* by that factor, and all else is the same.
generate double of_1 = income
orthpoly of_1, generate(basis_1_*) degree(2)
generate double f_1 = ln(income)
label variable f_1 "ln(income)"
* The first level of the outcome is the base: Stata would take the commonest.
mlogit party_ c.age ib1.region_ c.basis_1_1 c.basis_1_2 ib1.sex_ c.f_1 c.age#ib1.region_ ///
    [fweight = w], baseoutcome(1) nrtolerance(1e-12)
display "Log-likelihood " %18.9f e(ll)
matrix list e(b), format(%16.0g)

* ---- Predictions, slopes, comparisons ----
* margins follows variables through factors and products, not through functions that were made as
* variables of their own: where a variable has a part in one, slopes and comparisons of it are
* Standfirm's alone.
* atmeans puts a function at its own mean, Standfirm at the function of the means.
margins, at(age = 40) atmeans
margins, at(region_ = 1 sex_ = 2) atmeans
margins, dydx(age) at(age = 40) atmeans
margins, dydx(region_) at(age = 40) atmeans
* The slope along income goes through a function: see above.
margins, dydx(sex_) at(age = 40) atmeans
* sex: m - f
margins, at(age = 40 sex_ = 1) at(age = 40 sex_ = 2) contrast(atcontrast(r._at)) atmeans
* The comparison of income goes through a function: see above.
* age: +5
margins, at(age = 40) at(age = 45) contrast(atcontrast(r._at)) atmeans
margins, dydx(age) at(region_ = 1 sex_ = 2) atmeans
margins, dydx(region_) at(region_ = 1 sex_ = 2) atmeans
* The slope along income goes through a function: see above.
margins, dydx(sex_) at(region_ = 1 sex_ = 2) atmeans
* sex: m - f
margins, at(region_ = 1 sex_ = 1) at(region_ = 1 sex_ = 2) contrast(atcontrast(r._at)) atmeans
* The comparison of income goes through a function: see above.
* age: +5
margins, at(region_ = 1 sex_ = 2) at(region_ = 1 sex_ = 2 age = generate(age + 5)) contrast(atcontrast(r._at)) atmeans
