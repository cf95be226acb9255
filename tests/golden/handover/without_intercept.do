* party ~ 0 + sex + region:age + C(grade)
* A multinomial logit. The base outcome, with which the others are compared, is Die Grünen.
* Written by Standfirm 0.1.0, whose numbers it gives again: log-likelihood -461.335394280, 383 rows.
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
replace sex = "" if inlist(strtrim(sex), "NA", "na", "NaN", "nan")
label define sex_ 1 "f" 2 "m"
encode sex, generate(sex_) label(sex_)
replace sex_ = . if sex_ > 2
replace grade = "" if inlist(strtrim(grade), "NA", "na", "NaN", "nan")
destring grade, replace force
generate byte grade_ = .
replace grade_ = 1 if grade == 2
replace grade_ = 2 if grade == 4
replace grade_ = 3 if grade == 10
label define grade_ 1 "2" 2 "4" 3 "10"
label values grade_ grade_
replace region = "" if inlist(strtrim(region), "NA", "na", "NaN", "nan")
label define region_ 1 "north" 2 "south east" 3 "Île"
encode region, generate(region_) label(region_)
replace region_ = . if region_ > 3
replace age = "" if inlist(strtrim(age), "NA", "na", "NaN", "nan")
destring age, replace force
* Rows in which something is missing are left out: party (10), region (15) and age (12).
drop if missing(party_, sex_, grade_, region_, age)
count
assert r(N) == 383

* ---- The fit ----
* The first level of the outcome is the base: Stata would take the commonest.
mlogit party_ ibn.sex_ ib1.grade_ ibn.region_#c.age ///
   , baseoutcome(1) noconstant nrtolerance(1e-12)
display "Log-likelihood " %18.9f e(ll)
matrix list e(b), format(%16.0g)

* ---- Predictions, slopes, comparisons ----
margins, dydx(sex_)
margins, dydx(grade_)
margins, dydx(region_)
margins, dydx(age)
