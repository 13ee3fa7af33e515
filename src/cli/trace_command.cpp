#include "cli/trace_command.h"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <charconv>
#include <ostream>

#include "control/paths.h"
#include "evidence/trace_words.h"

namespace rm {
namespace {

constexpr int kTold = 0, kFailed = 1;

int refuse(std::ostream& err, const std::string& sentence) {
  fmt::print(err, "risk-manager: {}\n", sentence);
  return kFailed;
}

}  // namespace

int trace_command(const std::filesystem::path& dir, const std::string& what, bool json, std::ostream& out,
                  std::ostream& err) {
  const auto target = parse_target(what);
  if (!target) return refuse(err, "trace: " + target.error().message);
  const auto told = trace(dir.empty() ? default_data_dir() : dir, *target);
  if (!told) return refuse(err, told.error().message);
  if (!told->doubt.empty()) (void)refuse(err, told->doubt);  // told all the same
  out << (json ? json_of(*told) : text_of(*told)) << std::flush;
  return kTold;
}

int why_command(const std::filesystem::path& dir, const std::optional<std::string>& account,
                const std::optional<std::string>& at, bool json, std::ostream& out, std::ostream& err) {
  std::optional<AccountId> of;
  if (account) {
    std::int64_t number = 0;
    const char* last = account->data() + account->size();
    const auto [end, error] = std::from_chars(account->data(), last, number);
    if (error != std::errc{} || end != last)
      return refuse(err, fmt::format("--account: found '{}', allowed is the number of an account", *account));
    of = AccountId{number};
  }
  std::optional<BrokerTime> until;
  if (at) {
    const auto time = parse_timestamp(*at);
    if (!time)
      return refuse(err, fmt::format("--at: found '{}', allowed is a time such as 2026-11-23T14:30:00Z", *at));
    until = *time;
  }
  const auto told = why(dir.empty() ? default_data_dir() : dir, of, until);
  if (!told) return refuse(err, told.error().message);
  if (!told->doubt.empty()) (void)refuse(err, told->doubt);  // told all the same
  out << (json ? json_of(*told) : text_of(*told)) << std::flush;
  return kTold;
}

}  // namespace rm
