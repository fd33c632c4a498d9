// The pictures of the lecture, docs/lecture.md and docs/cours.md. All that they show is computed by the library, here
// and now; they speak in formulas, so that both languages share them.
#pragma once

#include <string>

namespace lecture {

// Each is an <svg>, for report::picture_file.
std::string regression();   // line.cpp: a line found by one neuron
std::string loss();         // line.cpp: the loss over its W and b, and the way down
std::string network();      // networks.cpp
std::string layer();        // networks.cpp
std::string neuron();       // neuron.cpp: φ(xW + b) over two inputs
std::string sigmoid();      // curves.cpp: value and slope, as in the two below
std::string tanh();         // curves.cpp
std::string relu();         // curves.cpp
std::string activations();  // curves.cpp: all of single numbers
std::string softmax();      // softmax.cpp: S, and its Jacobian as a map of heat

}  // namespace lecture
