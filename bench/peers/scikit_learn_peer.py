"""scikit-learn: MLPClassifier and MLPRegressor, in float32, for exactly the epochs asked for."""

import warnings

import sklearn
from sklearn.neural_network import MLPClassifier, MLPRegressor

import contestant


class Peer:
    def __init__(self, work):
        self.work = work
        kind = MLPClassifier if work.classification else MLPRegressor
        self.network = kind(
            hidden_layer_sizes=work.layers[1:-1],
            batch_size=work.batch or 200,
            max_iter=work.epochs or 1,
            alpha=0,  # no weight decay
            early_stopping=False,
            tol=0,
            n_iter_no_change=1_000_000,
            random_state=work.seed,
        )
        self.y = work.y.astype(int) if work.classification else work.y
        self.warm_up()
        if work.predict_rows:
            self.load()
        self.predict = self.network.predict_proba if work.classification else self.network.predict

    def warm_up(self):
        """Trains on a few rows; the next fit starts afresh, with the same seed."""
        self.network.fit(self.work.X[:1000], self.y[:1000])

    def load(self):
        self.network.coefs_ = [W for W, _ in self.work.parameters]
        self.network.intercepts_ = [b for _, b in self.work.parameters]

    def train(self):
        self.network.fit(self.work.X, self.y)

    def prepare(self, X):
        return X


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # that the epochs are few
    contestant.run("scikit-learn", sklearn.__version__, Peer)
