* party ~ age + sex
* A multinomial logit. The base outcome, with which the others are compared, is Die Grünen.
* Written by Standfirm 0.1.0, whose numbers it gives again: log-likelihood -490.822426870, 398 rows.
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
rename v6 sex
label variable sex "sex"
rename v8 school
label variable school "school"
rename v9 my_district
label variable my_district "my district"
replace party = "" if inlist(strtrim(party), "NA", "na", "NaN", "nan")
label define party_ 1 "Die Grünen" 2 `"don't know"' 3 "labour" 4 "tory, old"
encode party, generate(party_) label(party_)
replace party_ = . if party_ > 4
replace age = "" if inlist(strtrim(age), "NA", "na", "NaN", "nan")
destring age, replace force
replace sex = "" if inlist(strtrim(sex), "NA", "na", "NaN", "nan")
label define sex_ 1 "f" 2 "m"
encode sex, generate(sex_) label(sex_)
replace sex_ = . if sex_ > 2
replace school = "" if inlist(strtrim(school), "NA", "na", "NaN", "nan")
destring school, replace force
egen my_district_ = group(my_district)
* Rows in which something is missing are left out: party (10) and age (12).
drop if missing(party_, age, sex_, school, my_district_)
count
assert r(N) == 398

* ---- The fit ----
* Stata's mlogit clusters one way. Two ways, the variance is that clustered by school, plus that by
* my_district_, minus that by both together (egen both_ = group(school my_district_)): fit three
* times and add e(V), or take the user's command vcemway. What follows is clustered by school alone.
* The first level of the outcome is the base: Stata would take the commonest.
mlogit party_ c.age ib1.sex_, baseoutcome(1) vce(cluster school) nrtolerance(1e-12)
display "Log-likelihood " %18.9f e(ll)
matrix list e(b), format(%16.0g)

* ---- Predictions, slopes, comparisons ----
* age: +10
margins, at((asobserved) _all) at(age = generate(age + 10)) contrast(atcontrast(r._at))
