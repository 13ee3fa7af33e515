#pragma once
// The paper gateway as a child process, for `start --paper`: found beside this program, on a free port, ended with
// us.

#include <sys/types.h>

#include <memory>
#include <string>

#include "domain/result.h"

namespace rm {

class PaperProcess {
 public:
  // Starts it and waits (at most 10 s) for its ready line. `scenario` empty: its default; `quiet`: it tells no story.
  // Errors (one sentence):
  // NotFound, Io.
  [[nodiscard]] static Result<std::unique_ptr<PaperProcess>> start(const std::string& scenario, bool quiet = false);
  ~PaperProcess();  // SIGTERM, and waits for its end
  PaperProcess(const PaperProcess&) = delete;
  PaperProcess& operator=(const PaperProcess&) = delete;

  [[nodiscard]] const std::string& api_url() const { return api_url_; }
  [[nodiscard]] const std::string& user_hub_url() const { return user_hub_url_; }
  [[nodiscard]] const std::string& market_hub_url() const { return market_hub_url_; }

  static constexpr const char* kUser = "paper";
  static constexpr const char* kApiKey = "paper-key";

 private:
  PaperProcess(pid_t pid, int output) : pid_{pid}, output_{output} {}
  pid_t pid_;
  int output_;
  std::string api_url_, user_hub_url_, market_hub_url_;
};

}  // namespace rm
