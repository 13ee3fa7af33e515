#pragma once
// The paper gateway as a child process, and its control calls: what the market and the trader do, and what it
// recorded.

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "drill/child.h"
#include "drill/fields.h"

namespace rm::drill {

struct PaperOptions {
  std::filesystem::path program;
  std::filesystem::path dir;  // for its output
  std::string scenario;       // a file or a name; empty: none
  std::string start_time;     // of paper time, "2026-09-01T14:30:00Z"; empty: now
};

// Calls block, on the thread that started it.
class Paper {
 public:
  // Waits for its ready line. Errors (Io): one sentence, with the gateway's own words.
  [[nodiscard]] static Result<std::unique_ptr<Paper>> start(const PaperOptions& options);
  ~Paper();
  Paper(const Paper&) = delete;
  Paper& operator=(const Paper&) = delete;

  [[nodiscard]] const std::string& url() const;  // "http://127.0.0.1:1234"
  // The answer, a JSON object. Errors: Io (no answer), Refused (the gateway's words).
  [[nodiscard]] Result<Fields> get(std::string_view target);
  [[nodiscard]] Result<Fields> post(std::string_view target, std::string_view json);

  static constexpr std::string_view kUser = "paper", kApiKey = "paper-key";

 private:
  struct Impl;
  explicit Paper(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// A scenario without prices that move: the accounts that this configuration names, or the usual two.
struct PaperAccount {
  std::int64_t id = 0;
  std::string name;
};
[[nodiscard]] std::string scenario_text(const std::vector<PaperAccount>& accounts);

}  // namespace rm::drill
