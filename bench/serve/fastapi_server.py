"""The same model in Python: FastAPI and uvicorn in front of ONNX Runtime, rows as JSON in, predictions as JSON out.

MODEL names the ONNX file that neurone export wrote. Set up as its users would for speed: the body is read by orjson and
checked by nobody, the model runs in one thread, answers go through orjson.
"""

import os

import numpy
import onnxruntime
import orjson
from fastapi import FastAPI, Request, Response

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(os.environ["MODEL"], options, providers=["CPUExecutionProvider"])
inputs = [(each.name, each.type == "tensor(string)") for each in session.get_inputs()]
app = FastAPI()


def column(rows, name, is_text):
    cells = [row[name] for row in rows]
    if is_text:
        return numpy.array([["" if cell is None else cell] for cell in cells], dtype=object)
    return numpy.array([[numpy.nan if cell is None else cell] for cell in cells], dtype=numpy.float32)


@app.post("/predict")
async def predict(request: Request):
    rows = orjson.loads(await request.body())
    if isinstance(rows, dict):
        rows = [rows]
    prediction, probabilities = session.run(None, {name: column(rows, name, text) for name, text in inputs})
    answer = [{"prediction": label, "probabilities": values}
              for label, values in zip(prediction.tolist(), probabilities.tolist())]
    return Response(orjson.dumps({"predictions": answer}), media_type="application/json")
