"""ONNX Runtime, prediction only: Gemm, Relu and Softmax in an ONNX model made from the parameters."""

import numpy
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

import contestant


def onnx_model(work):
    """The network as an ONNX file, in bytes. Rows are free: one session takes batches of any size."""
    nodes, weights, current = [], [], "X"
    for i, (W, b) in enumerate(work.parameters):
        weights += [numpy_helper.from_array(W, f"W{i}"), numpy_helper.from_array(b, f"b{i}")]
        nodes.append(helper.make_node("Gemm", [current, f"W{i}", f"b{i}"], [f"Z{i}"]))
        current = f"Z{i}"
        if i + 1 < len(work.parameters):
            nodes.append(helper.make_node("Relu", [current], [f"A{i}"]))
            current = f"A{i}"
    last = helper.make_node("Softmax", [current], ["Y"], axis=1) if work.classification else None
    nodes.append(last or helper.make_node("Identity", [current], ["Y"]))
    X = helper.make_tensor_value_info("X", TensorProto.FLOAT, ["rows", work.layers[0]])
    Y = helper.make_tensor_value_info("Y", TensorProto.FLOAT, ["rows", work.layers[-1]])
    graph = helper.make_graph(nodes, "network", [X], [Y], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return model.SerializeToString()


class Run:
    """session.run with an array that is ready."""

    def __init__(self, work):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = work.threads
        options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(onnx_model(work), options, providers=["CPUExecutionProvider"])

    def prepare(self, X):
        return {"X": X}

    def predict(self, feed):
        return self.session.run(["Y"], feed)[0]


class IOBinding(Run):
    """run_with_iobinding: inputs and outputs are bound before, nothing is allocated or copied."""

    def __init__(self, work):
        super().__init__(work)
        self.outputs = work.layers[-1]

    def prepare(self, X):
        Y = numpy.empty((len(X), self.outputs), numpy.float32)
        binding = self.session.io_binding()
        binding.bind_input("X", "cpu", 0, numpy.float32, X.shape, X.ctypes.data)
        binding.bind_output("Y", "cpu", 0, numpy.float32, Y.shape, Y.ctypes.data)
        return binding, Y, X

    def predict(self, prepared):
        self.session.run_with_iobinding(prepared[0])
        return prepared[1]


def make(work):
    return IOBinding(work) if "io_binding" in work.settings else Run(work)


if __name__ == "__main__":
    contestant.run("ONNX Runtime", onnxruntime.__version__, make)
