#pragma once

namespace rm::test {

// How often this thread has called operator new so far. Linking allocation_counter.cpp replaces operator new for the
// program.
[[nodiscard]] long allocations_of_this_thread();

}  // namespace rm::test
