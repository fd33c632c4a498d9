// Denormal numbers, those below the smallest normal one (1.2e-38 in float), taken for zero.
// Many processors compute with them a hundred times more slowly, and a network makes plenty: exp of a pre-activation
// of −95 is one. What they would add to a sum cannot be seen in it.
#pragma once

namespace neurone {

/// While one lives, operations of this thread read denormal numbers as zero and give zero instead of them, where the
/// processor can do that (x86-64, AArch64). A Team's threads do as the thread does that calls it.
class DenormalsAreZero {
 public:
  /// `on` false: nothing changes.
  explicit DenormalsAreZero(bool on = true);
  ~DenormalsAreZero();
  DenormalsAreZero(const DenormalsAreZero&) = delete;
  DenormalsAreZero& operator=(const DenormalsAreZero&) = delete;

  /// Is that so in this thread?
  static bool in_effect();

 private:
  unsigned long before_;
};

}  // namespace neurone
