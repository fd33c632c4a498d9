/* Training and prediction as one writes them down at first: loops in C, compiled with -O3 -march=native. */
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One dense layer, ReLU but for the last. */
struct naive_layer {
  size_t inputs, units;
  float *W, *b;             /* inputs × units, units */
  float *dW, *db;           /* their gradients */
  float *mW, *mb, *vW, *vb; /* Adam's running means of the gradients and of their squares */
  float *A, *dA;            /* batch × units: outputs, and the gradient with respect to them */
};

struct naive_network {
  size_t count; /* of layers */
  struct naive_layer* layers;
  int softmax; /* the last layer's activation; else the identity */
  size_t steps;
};

/* A of the last layer is the outputs for X, rows × inputs. */
void naive_forward(struct naive_network* network, const float* X, size_t rows);

/* One step of Adam on a batch; y is the number of a class or the value to predict. */
void naive_step(struct naive_network* network, const float* X, const float* y, size_t rows);

#ifdef __cplusplus
}
#endif
