#pragma once
// The login that can be asked between two steps: of the last step that had one, or in its place one that was looked
// at. Its program stays until then, even where the next one has begun behind the step.

#include <memory>

#include "replay/replayed_program.h"

namespace rm {

class ShownLogin {
 public:
  void show(const std::shared_ptr<ReplayedProgram>& program, ReplayedLogin& login) {
    if (program_ != program) program_ = program;
    of_step_ = &login;
  }
  // Until look_away(). False: none has this account, and nothing changes.
  bool look_at(AccountId account) {
    ReplayedLogin* found = program_->with(account);
    if (found) looked_at_ = found;
    return found != nullptr;
  }
  void look_away() { looked_at_ = nullptr; }

  [[nodiscard]] const ReplayedLogin& login() const { return looked_at_ ? *looked_at_ : *of_step_; }
  [[nodiscard]] ReplayedProgram& program() const { return *program_; }

 private:
  std::shared_ptr<ReplayedProgram> program_;
  ReplayedLogin* of_step_ = nullptr;
  ReplayedLogin* looked_at_ = nullptr;
};

}  // namespace rm
