#!/usr/bin/env python3
"""Makes the workbooks and Stata files beside this file: pip install pandas openpyxl xlwt odfpy."""
import datetime
import pathlib
import struct

import numpy
import openpyxl
import pandas
import xlwt

HERE = pathlib.Path(__file__).parent

ROWS = [
    ["party", "age", "zip", "born", "member", "income"],
    ["left", 34, "01234", datetime.date(1990, 2, 28), True, 1.5],
    ["right", 71, "12345", datetime.date(1953, 12, 1), False, "n/a"],
    [None, 18, "00501", datetime.date(2006, 7, 15), True, 2],
    ["left", "40", "10001", datetime.date(1984, 1, 31), False, None],
]

book = openpyxl.Workbook()
sheet = book.active
sheet.title = "Survey"
for row in ROWS:
    sheet.append(row)
sheet["F5"] = "=1/0"
sheet["F5"].data_type = "e"
sheet["F5"].value = "#DIV/0!"
notes = book.create_sheet("Notes")
notes.append(["A survey of four"])
notes.append([])
notes.append(["code", "meaning", "since"])
notes.append([1, "yes", 1990])
notes.append([2, "no", 1991])
book.save(HERE / "survey.xlsx")

far = openpyxl.Workbook()
far.active.append(["x", "y"])
far.active.append([1, "a"])
far.active["XFD1048576"] = None
far.active["XFD1048576"].number_format = "0.00"
far.active["B1000000"] = "b"
far.save(HERE / "far.xlsx")

book = xlwt.Workbook()
sheet = book.add_sheet("Survey")
day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
for place, row in enumerate(ROWS):
    for column, value in enumerate(row):
        if isinstance(value, datetime.date):
            sheet.write(place, column, value, day)
        elif value is not None:
            sheet.write(place, column, value)
book.save(str(HERE / "survey.xls"))

frame = pandas.DataFrame(ROWS[1:], columns=ROWS[0])
frame.to_excel(HERE / "survey.ods", engine="odf", index=False, sheet_name="Survey")

stata = pandas.DataFrame(
    {
        "vote": numpy.array([2, 1, 3, 1, 2], dtype="int8"),
        "age": numpy.array([34, 99, 18, 40, 52], dtype="int16"),
        "income": [1.5, numpy.nan, 2.0, 3.25, 0.5],
        "name": ["Åse", "Bo", "", "007", "Cy"],
        "born": pandas.to_datetime(["1990-02-28", "1953-12-01", None, "1984-01-31", "1959-12-31"]),
        "seen": pandas.to_datetime(["2020-01-02 03:04:05"] * 5),
        "month": pandas.to_datetime(["2020-05-01", "1959-12-01", "1960-01-01", "2020-05-01", "2020-12-01"]),
    }
)
labels = {"vote": {1: "right", 2: "left", 3: "centre"}, "age": {99: "refused"}}
dates = {"born": "td", "seen": "tc", "month": "tm"}
for version in [114, 117, 118, 119]:
    stata.to_stata(
        HERE / f"survey.{version}.dta",
        write_index=False,
        version=version,
        value_labels=labels,
        convert_dates=dates,
        variable_labels={"vote": "Vote in the last election"},
    )
long = pandas.DataFrame({"text": ["x" * 3000, "y", "x" * 3000], "n": [1, 2, 3]})
long.to_stata(HERE / "long.dta", write_index=False, version=118, convert_strl=["text"])

# Tagged missings, which pandas does not write: `.a` and `.b` in place of two bytes.
tagged = pandas.DataFrame({"x": numpy.array([7, 111, 112, 9], dtype="int8"), "y": [1.0, 2.0, 3.0, 4.0]})
tagged = tagged.assign(x=numpy.array([7, 99, 98, 9], dtype="int8"))
tagged.to_stata(HERE / "tagged.dta", write_index=False, version=118)
bytes_ = bytearray((HERE / "tagged.dta").read_bytes())
start = bytes_.index(b"<data>") + len(b"<data>")
width = 1 + 8
assert bytes_[start + width] == 99 and bytes_[start + 2 * width] == 98
bytes_[start + width] = 102
bytes_[start + 2 * width] = 101
(HERE / "tagged.dta").write_bytes(bytes_)
