#include "runtime/journal_check.h"

#include <sys/resource.h>

#include <exception>
#include <utility>

#include "store/chain_recovery.h"
#include "store/chain_verify.h"

namespace rm {
namespace {

constexpr int kLessThanTheGuarding = 10;  // niceness

std::string finding(const std::filesystem::path& dir, const std::stop_token& stop) try {
  const auto report = verify_journal(dir, {}, stop);
  if (!report) return "the journal cannot be verified: " + report.error().message;
  if (report->intact()) return {};
  return "the journal is NOT what was written: " + changed_sentence(report->problem);
} catch (const std::exception& thrown) {  // nothing of this may end the program
  return std::string{"the journal cannot be verified: "} + thrown.what();
}

}  // namespace

JournalCheck::JournalCheck(net::Loop& loop, std::filesystem::path dir, std::function<void(const std::string&)> found)
    : thread_{[&loop, dir = std::move(dir), found = std::move(found)](const std::stop_token& stop) {
        (void)::setpriority(PRIO_PROCESS, 0, kLessThanTheGuarding);  // on Linux of this thread alone
        std::string sentence = finding(dir, stop);
        if (sentence.empty() || stop.stop_requested()) return;
        loop.post([found, sentence = std::move(sentence)] { found(sentence); });
      }} {}

}  // namespace rm
