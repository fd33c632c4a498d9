"""Predicts the rows of a CSV file by an ONNX file that neurone exported: predict_onnx.py adult.onnx new.csv

Needs onnxruntime and pandas.
"""

import json
import sys

import numpy
import onnxruntime
import pandas

MISSING = ["", "NA", "N/A", "NaN", "nan", "?", "null", "NULL", "None"]


def inputs_of(session, table):
    """What the graph takes of a table whose cells are texts, as they stand in the file."""
    columns = json.loads(session.get_modelmeta().custom_metadata_map["neurone.model"])["input"]["columns"]
    values = {}
    for column in columns:
        cells = table[column["name"]].str.strip()
        known = cells.mask(cells.isin(MISSING))
        if column["kind"] == "category":
            values[column["name"]] = cells
        elif column["kind"] == "date":
            times = pandas.to_datetime(known, format="mixed", dayfirst=column["order"] == "dmy", utc=True)
            values[column["name"]] = (times - pandas.Timestamp(0, tz="UTC")) / pandas.Timedelta(days=1)
        else:
            values[column["name"]] = pandas.to_numeric(known)
    kinds = {"tensor(string)": object, "tensor(float)": numpy.float32, "tensor(double)": numpy.float64}
    return {i.name: values[i.name].to_numpy(kinds[i.type]).reshape(-1, 1) for i in session.get_inputs()}


def main():
    session = onnxruntime.InferenceSession(sys.argv[1])
    table = pandas.read_csv(sys.argv[2], dtype=str, keep_default_na=False)
    outputs = session.run(None, inputs_of(session, table))
    for row in zip(*outputs):
        print(*(value for output in row for value in numpy.ravel(output)), sep=",")


if __name__ == "__main__":
    main()
