#pragma once
// Cells of a matrix wait most of their time: several of them are run side by side.

#include <atomic>
#include <future>
#include <vector>

namespace rm::test {

// result(task) of every task, in the order of the tasks; at most `width` at a time. A process that is started in a
// task has to end within it: it dies with its thread.
template <class Task, class Work>
auto side_by_side(const std::vector<Task>& tasks, std::size_t width, Work work) {
  using Result = decltype(work(tasks.front()));
  std::vector<Result> results(tasks.size());
  std::atomic<std::size_t> next{0};
  std::vector<std::future<void>> workers;
  for (std::size_t i = 0; i < width; ++i) {
    workers.push_back(std::async(std::launch::async, [&] {
      for (std::size_t at = next++; at < tasks.size(); at = next++) results[at] = work(tasks[at]);
    }));
  }
  for (std::future<void>& worker : workers) worker.get();  // and throws what the work threw
  return results;
}

}  // namespace rm::test
