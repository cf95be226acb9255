* party ~ `2nd round` * sex + region + age
* A multinomial logit. The base outcome, with which the others are compared, is Die Grünen.
* Written by Standfirm 0.1.0, whose numbers it gives again: log-likelihood -457.838992041, 383 rows.
* For Stata 15 or later.

version 15

* ---- The data ----
* Every cell as text: what a column is, is said below.
import delimited using "survey.csv", delimiters(",") varnames(nonames) rowrange(2) ///
    stringcols(_all) bindquotes(strict) encoding("UTF-8") clear
* Names that Stata does not take are changed; labels have them as they are.
rename v1 party
label variable party "party"
rename v4 v_2nd_round
label variable v_2nd_round "2nd round"
rename v6 sex
label variable sex "sex"
rename v5 region
label variable region "region"
rename v2 age
label variable age "age"
replace party = "" if inlist(strtrim(party), "NA", "na", "NaN", "nan")
label define party_ 1 "Die Grünen" 2 `"don't know"' 3 "labour" 4 "tory, old"
encode party, generate(party_) label(party_)
replace party_ = . if party_ > 4
replace v_2nd_round = "" if inlist(strtrim(v_2nd_round), "NA", "na", "NaN", "nan")
destring v_2nd_round, replace force
replace sex = "" if inlist(strtrim(sex), "NA", "na", "NaN", "nan")
label define sex_ 1 "f" 2 "m"
encode sex, generate(sex_) label(sex_)
replace sex_ = . if sex_ > 2
replace region = "" if inlist(strtrim(region), "NA", "na", "NaN", "nan")
label define region_ 1 "north" 2 "south east" 3 "Île"
encode region, generate(region_) label(region_)
replace region_ = . if region_ > 3
replace age = "" if inlist(strtrim(age), "NA", "na", "NaN", "nan")
destring age, replace force
* Rows in which something is missing are left out: party (10), region (15) and age (12).
drop if missing(party_, v_2nd_round, sex_, region_, age)
count
assert r(N) == 383

* ---- The fit ----
* The first level of the outcome is the base: Stata would take the commonest.
mlogit party_ c.v_2nd_round ib1.sex_ ib1.region_ c.age c.v_2nd_round#ib1.sex_ ///
   , baseoutcome(1) nrtolerance(1e-12)
display "Log-likelihood " %18.9f e(ll)
matrix list e(b), format(%16.0g)

* ---- Predictions, slopes, comparisons ----
margins, at(v_2nd_round = 0.5)
margins, at(v_2nd_round = 1 region_ = 3)
margins, dydx(v_2nd_round) at(v_2nd_round = 0.5)
margins, dydx(sex_) at(v_2nd_round = 0.5)
margins, dydx(region_) at(v_2nd_round = 0.5)
margins, dydx(age) at(v_2nd_round = 0.5)
* 2nd round: +2
margins, at(v_2nd_round = 0.5) at(v_2nd_round = 2.5) contrast(atcontrast(r._at))
* region: south east - north
margins, at(v_2nd_round = 0.5 region_ = 1) at(v_2nd_round = 0.5 region_ = 2) contrast(atcontrast(r._at))
* region: Île - north
margins, at(v_2nd_round = 0.5 region_ = 1) at(v_2nd_round = 0.5 region_ = 3) contrast(atcontrast(r._at))
* sex: m - f
margins, at(v_2nd_round = 0.5 sex_ = 1) at(v_2nd_round = 0.5 sex_ = 2) contrast(atcontrast(r._at))
* age: 60 - 30
margins, at(v_2nd_round = 0.5 age = 30) at(v_2nd_round = 0.5 age = 60) contrast(atcontrast(r._at))
margins, dydx(v_2nd_round) at(v_2nd_round = 1 region_ = 3)
margins, dydx(sex_) at(v_2nd_round = 1 region_ = 3)
margins, dydx(region_) at(v_2nd_round = 1 region_ = 3)
margins, dydx(age) at(v_2nd_round = 1 region_ = 3)
* 2nd round: +2
margins, at(v_2nd_round = 1 region_ = 3) at(region_ = 3 v_2nd_round = 3) contrast(atcontrast(r._at))
* region: south east - north
margins, at(v_2nd_round = 1 region_ = 1) at(v_2nd_round = 1 region_ = 2) contrast(atcontrast(r._at))
* region: Île - north
margins, at(v_2nd_round = 1 region_ = 1) at(v_2nd_round = 1 region_ = 3) contrast(atcontrast(r._at))
* sex: m - f
margins, at(v_2nd_round = 1 region_ = 3 sex_ = 1) at(v_2nd_round = 1 region_ = 3 sex_ = 2) contrast(atcontrast(r._at))
* age: 60 - 30
margins, at(v_2nd_round = 1 region_ = 3 age = 30) at(v_2nd_round = 1 region_ = 3 age = 60) contrast(atcontrast(r._at))
