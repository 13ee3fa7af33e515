#pragma once
// Root may read everything, so root becomes somebody else for a moment.

#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace rm::test {

class AsNobody {
 public:
  AsNobody() : root_{::geteuid() == 0} {
    if (root_ && ::seteuid(65534) != 0) throw std::runtime_error{"seteuid"};
  }
  ~AsNobody() {
    if (root_ && ::seteuid(0) != 0) std::abort();
  }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;

 private:
  bool root_;
};

}  // namespace rm::test
