#include "bench/peers/naive.h"

#include <math.h>
#include <string.h>

/* A = XW + b, with ReLU if it is asked for */
static void affine(const struct naive_layer* layer, const float* restrict X, size_t rows, int relu) {
  const size_t inputs = layer->inputs, units = layer->units;
  for (size_t i = 0; i < rows; ++i) {
    float* restrict a = layer->A + i * units;
    memcpy(a, layer->b, units * sizeof *a);
    for (size_t k = 0; k < inputs; ++k) {
      const float x = X[i * inputs + k];
      const float* restrict w = layer->W + k * units;
      for (size_t j = 0; j < units; ++j) a[j] += x * w[j];
    }
    if (relu)
      for (size_t j = 0; j < units; ++j) a[j] = a[j] > 0 ? a[j] : 0;
  }
}

static void softmax(float* a, size_t units) {
  float largest = a[0], sum = 0;
  for (size_t j = 1; j < units; ++j) largest = a[j] > largest ? a[j] : largest;
  for (size_t j = 0; j < units; ++j) sum += a[j] = expf(a[j] - largest);
  for (size_t j = 0; j < units; ++j) a[j] /= sum;
}

void naive_forward(struct naive_network* network, const float* X, size_t rows) {
  for (size_t l = 0; l < network->count; ++l) {
    affine(&network->layers[l], X, rows, l + 1 < network->count);
    X = network->layers[l].A;
  }
  const struct naive_layer* last = &network->layers[network->count - 1];
  if (network->softmax)
    for (size_t i = 0; i < rows; ++i) softmax(last->A + i * last->units, last->units);
}

/* the mean loss's gradient with respect to Z of the last layer: softmax with cross-entropy, or squared error */
static void loss_gradient(const struct naive_network* network, const float* y, size_t rows) {
  const struct naive_layer* last = &network->layers[network->count - 1];
  for (size_t i = 0; i < rows; ++i) {
    for (size_t j = 0; j < last->units; ++j) {
      const float a = last->A[i * last->units + j];
      const float gradient = network->softmax ? a - (j == (size_t)y[i]) : 2 * (a - y[i]);
      last->dA[i * last->units + j] = gradient / (float)rows;
    }
  }
}

/* dW = Xᵀ dZ, db = Σ rows of dZ */
static void weight_gradient(const struct naive_layer* layer, const float* restrict X, size_t rows) {
  const size_t inputs = layer->inputs, units = layer->units;
  memset(layer->dW, 0, inputs * units * sizeof *layer->dW);
  memset(layer->db, 0, units * sizeof *layer->db);
  for (size_t i = 0; i < rows; ++i) {
    const float* restrict dz = layer->dA + i * units;
    for (size_t k = 0; k < inputs; ++k) {
      const float x = X[i * inputs + k];
      float* restrict dw = layer->dW + k * units;
      for (size_t j = 0; j < units; ++j) dw[j] += x * dz[j];
    }
    for (size_t j = 0; j < units; ++j) layer->db[j] += dz[j];
  }
}

/* dX = dZ Wᵀ, times the slope of the ReLU that X went through */
static void input_gradient(const struct naive_layer* layer, const float* X, size_t rows, float* restrict dX) {
  const size_t inputs = layer->inputs, units = layer->units;
  for (size_t i = 0; i < rows; ++i) {
    const float* restrict dz = layer->dA + i * units;
    for (size_t k = 0; k < inputs; ++k) {
      const float* restrict w = layer->W + k * units;
      float sum = 0;
      for (size_t j = 0; j < units; ++j) sum += dz[j] * w[j];
      dX[i * inputs + k] = X[i * inputs + k] > 0 ? sum : 0;
    }
  }
}

/* Kingma and Ba 2015: rate includes both corrections of the start */
static void adam(float* restrict w, const float* restrict g, float* restrict m, float* restrict v, size_t n,
                 size_t t) {
  const float m_scale = 1 / (1 - powf(0.9f, (float)t)), v_scale = 1 / (1 - powf(0.999f, (float)t));
  for (size_t i = 0; i < n; ++i) {
    m[i] = 0.9f * m[i] + 0.1f * g[i];
    v[i] = 0.999f * v[i] + 0.001f * g[i] * g[i];
    w[i] -= 1e-3f * m_scale * m[i] / (sqrtf(v_scale * v[i]) + 1e-8f);
  }
}

void naive_step(struct naive_network* network, const float* X, const float* y, size_t rows) {
  naive_forward(network, X, rows);
  loss_gradient(network, y, rows);
  for (size_t l = network->count; l-- > 0;) {
    const struct naive_layer* layer = &network->layers[l];
    weight_gradient(layer, l > 0 ? network->layers[l - 1].A : X, rows);
    if (l > 0) input_gradient(layer, network->layers[l - 1].A, rows, network->layers[l - 1].dA);
  }
  ++network->steps;
  for (size_t l = 0; l < network->count; ++l) {
    struct naive_layer* layer = &network->layers[l];
    adam(layer->W, layer->dW, layer->mW, layer->vW, layer->inputs * layer->units, network->steps);
    adam(layer->b, layer->db, layer->mb, layer->vb, layer->units, network->steps);
  }
}
