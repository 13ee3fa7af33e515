#pragma once
// std::cout that remembers why it could not be written: the stream itself only knows that it could not.

#include <array>
#include <streambuf>

namespace rm::apps {

// A standard file that was closed by the caller would be the next file that is opened: the database, say, which would
// then be printed into. From here on, writing into a closed one fails.
void open_standard_files();

// One, as long as the program runs.
class StandardOutput final : std::streambuf {
 public:
  StandardOutput();
  ~StandardOutput() override;
  StandardOutput(const StandardOutput&) = delete;
  StandardOutput& operator=(const StandardOutput&) = delete;

  // Writes what is left. 0: everything has arrived; else the errno of what did not.
  [[nodiscard]] int finish();

 private:
  int_type overflow(int_type next) override;
  int sync() override;

  std::array<char, 16 * 1024> buffer_{};
  std::streambuf* before_;
  int lost_ = 0;
};

}  // namespace rm::apps
