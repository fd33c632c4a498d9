// Two bits of the register that controls floating point: results and operands.
#include "neurone/core/denormals.h"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace neurone {
namespace {

#if defined(__x86_64__)
constexpr unsigned long zero_bits = 0x8040;  // flush to zero, denormals are zero
unsigned long control() {
  return _mm_getcsr();
}
void set_control(unsigned long value) {
  _mm_setcsr(static_cast<unsigned>(value));
}
#elif defined(__aarch64__)
constexpr unsigned long zero_bits = 1UL << 24;  // FZ
unsigned long control() {
  unsigned long value = 0;
  asm volatile("mrs %0, fpcr" : "=r"(value));
  return value;
}
void set_control(unsigned long value) {
  asm volatile("msr fpcr, %0" : : "r"(value));
}
#else
constexpr unsigned long zero_bits = 0;
unsigned long control() {
  return 0;
}
void set_control(unsigned long) {}
#endif

}  // namespace

DenormalsAreZero::DenormalsAreZero(bool on) : before_(control()) {
  if (on && (before_ & zero_bits) != zero_bits) set_control(before_ | zero_bits);
}

DenormalsAreZero::~DenormalsAreZero() {
  if ((before_ & zero_bits) == zero_bits) return;
  set_control((control() & ~zero_bits) | (before_ & zero_bits));  // flags that were raised meanwhile stay
}

bool DenormalsAreZero::in_effect() {
  return zero_bits != 0 && (control() & zero_bits) == zero_bits;
}

}  // namespace neurone
